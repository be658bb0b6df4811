//! Endpoints that are names: what private zones make of them.
//!
//! Source: Cloud DNS, "Name resolution order" and "Private zones".

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{on_cache, refused};
use cachewarden_estates::gcp::{base, id, zone as private};
use cachewarden_model::{Noun, Symptom};

use crate::expect::{ask, record, zone};

const ZONE: &str = "projects/net-host/managedZones/shop-internal";

/// `sessions` by a name of the zone `shop.internal`, which holds an address.
fn named(networks: &'static [&'static str], address: &'static str) -> Estate {
    base()
        .with(on_cache("sessions", |it| {
            for endpoint in &mut it.endpoints {
                endpoint.host = Some("sessions.shop.internal".to_owned());
            }
        }))
        .with(move |estate| {
            let name = "sessions.shop.internal";
            let records = [(name, address)];
            estate.snapshot.dns_zones =
                vec![private("net-host", "shop.internal", networks, &records)];
        })
}

#[test]
fn g58_a_record_from_before_the_instance_was_made_anew() {
    ask("web", "sessions", named(&[id::VPC_A], "10.61.0.3"))
        .is_blocked(Symptom::Timeout, [record(ZONE, "sessions.shop.internal")])
        .is_called("UNKNOWN_INTERNAL_ADDRESS");
    ask("web", "sessions", named(&[id::VPC_A], "10.60.0.3")).is_open();
}

#[test]
fn g59_a_zone_that_is_not_bound_to_the_network() {
    ask("web", "sessions", named(&[id::VPC_B], "10.60.0.3"))
        .is_blocked(Symptom::Dns, [zone(ZONE)])
        .is_advised("bind the zone");
    ask("web", "sessions", named(&[id::VPC_A], "10.60.0.3")).is_open();
    let hidden =
        named(&[id::VPC_B], "10.60.0.3").with(refused("dns.managedZones.list", &[Noun::DnsZones]));
    ask("web", "sessions", hidden).is_unknown("dns.managedZones.list");
}
