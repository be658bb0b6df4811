//! What the cache's name leads to: zones, links, records.
//!
//! Source: Azure Private Link, "Azure Private Endpoint private DNS zone
//! values"; Azure DNS, "What is a private DNS zone".

use cachewarden_estates::azure::change::{
    attach, connect, detach, empty_zone, link, links, name_servers, on_cache, peer, public_access,
    records, unlink,
};
use cachewarden_estates::azure::id::{self, ENTERPRISE_ZONE, MANAGED_ZONE, REDIS_ZONE};
use cachewarden_estates::azure::{base, private_endpoint, record, zone};
use cachewarden_model::{Effect, Fact, ResolutionPolicy, Stage, Symptom};

use crate::expect::{
    Blamed, ask, cluster_access, endpoint_name, public_access as closed, record as astray,
    zone as zone_of, zone_link,
};

const NAME: &str = "sessions.privatelink.redis.cache.windows.net";
const HOST: &str = "sessions.redis.cache.windows.net";

#[test]
fn s1_the_zone_is_not_linked() {
    ask("web", "sessions", base()).is_open();
    ask("web", "sessions", base().with(unlink(REDIS_ZONE, "shop")))
        .is_blocked(None, [zone_of(REDIS_ZONE), closed("sessions")])
        .is_mended()
        .alone();
}

#[test]
fn s1_a_link_that_is_not_in_force_is_none() {
    let waiting = base().with(|estate| {
        for link in links(estate, REDIS_ZONE) {
            link.effective = link.network != *id::vnet("shop");
        }
    });
    ask("web", "sessions", waiting)
        .is_blocked(None, [zone_link(REDIS_ZONE, "shop"), closed("sessions")])
        .is_advised("wait");
}

#[test]
fn s2_without_the_link_the_public_way_is_taken() {
    let open = base()
        .with(unlink(REDIS_ZONE, "shop"))
        .with(public_access("sessions", true))
        .with(cachewarden_estates::azure::change::firewall_rules(
            "sessions",
            &[],
        ));
    ask("web", "sessions", open)
        .is_open()
        .says(Stage::Dns, Effect::Allow, "public address");
}

#[test]
fn s3_the_record_is_stale() {
    let stale = base().with(|estate| {
        for record in records(estate, REDIS_ZONE) {
            record.values = vec!["10.1.2.99".to_owned()];
        }
    });
    ask("web", "sessions", stale)
        .is_blocked(Symptom::Timeout, [astray(REDIS_ZONE, NAME)])
        .is_mended()
        .alone();
}

#[test]
fn s3_a_machine_at_the_recorded_address_may_pass_on() {
    let proxied = base().with(|estate| {
        for record in records(estate, REDIS_ZONE) {
            record.values = vec!["10.2.1.4".to_owned()];
        }
    });
    ask("web", "sessions", proxied).is_unknown("may pass connections on");
}

#[test]
fn s4_the_zone_lacks_the_record() {
    ask("web", "sessions", base().with(empty_zone(REDIS_ZONE)))
        .is_blocked(Symptom::Dns, [zone_of(REDIS_ZONE)])
        .is_mended()
        .alone();
}

#[test]
fn s5_the_link_lets_public_dns_answer() {
    let fallback = base().with(empty_zone(REDIS_ZONE)).with(|estate| {
        for link in links(estate, REDIS_ZONE) {
            link.resolution = ResolutionPolicy::PublicFallback;
        }
    });
    ask("web", "sessions", fallback.clone())
        .is_blocked(None, [zone_of(REDIS_ZONE), closed("sessions")])
        .is_mended();
    let open = fallback.with(public_access("sessions", true)).with(
        cachewarden_estates::azure::change::firewall_rules("sessions", &[]),
    );
    ask("web", "sessions", open).is_open();
}

#[test]
fn s6_the_record_holds_an_endpoint_out_of_reach() {
    let far = private_endpoint("data", "jobs", "sessions", HOST, "10.2.1.200");
    let both = base().with(|estate| {
        let mut far = far;
        far.id = id::endpoint("sessions-data").into();
        far.name = "sessions-data".to_owned();
        attach(far)(estate);
        for record in records(estate, REDIS_ZONE) {
            record.values = vec!["10.2.1.200".to_owned()];
        }
    });
    ask("web", "sessions", both.clone())
        .is_blocked(Symptom::Timeout, [crate::expect::no_route("shop")])
        .is_advised("peer");
    ask("web", "sessions", both.with(peer("shop", "data"))).is_open();
}

#[test]
fn s6_two_addresses_of_which_one_is_out_of_reach() {
    let both = base().with(|estate| {
        let mut far = private_endpoint("data", "jobs", "sessions", HOST, "10.2.1.200");
        far.id = id::endpoint("sessions-data").into();
        far.name = "sessions-data".to_owned();
        attach(far)(estate);
        for record in records(estate, REDIS_ZONE) {
            record.values.push("10.2.1.200".to_owned());
        }
    });
    ask("web", "sessions", both).is_partial([crate::expect::no_route("shop")]);
}

#[test]
fn s7_the_network_is_linked_to_the_empty_zone() {
    let twins = base().with(unlink(REDIS_ZONE, "shop")).with(|estate| {
        let mut empty = zone(REDIS_ZONE, &["shop"]);
        empty.id = id::zone("twin").into();
        estate.snapshot.dns_zones.push(empty);
    });
    let blame: Blamed = zone_link(REDIS_ZONE, "shop");
    ask("web", "sessions", twins)
        .is_blocked(Symptom::Dns, [blame])
        .is_advised("in place of");
}

#[test]
fn s8_the_record_sits_in_the_zone_of_another_service() {
    let cart = || {
        private_endpoint(
            "shop",
            "endpoints",
            "cart",
            "cart.westeurope.redis.azure.net",
            "10.1.2.5",
        )
    };
    let wrong = base().with(detach("cart")).with(|estate| {
        estate
            .snapshot
            .dns_zones
            .retain(|it| it.name != MANAGED_ZONE);
        let mut endpoint = cart();
        endpoint.zones = Fact::Known(vec![id::zone(ENTERPRISE_ZONE).into()]);
        let mut zone = zone(ENTERPRISE_ZONE, &["shop"]);
        zone.records = Fact::Known(vec![record(
            "cart.westeurope.privatelink.redisenterprise.cache.azure.net",
            "10.1.2.5",
        )]);
        estate.snapshot.dns_zones.push(zone);
        attach(endpoint)(estate);
    });
    ask("web", "cart", wrong)
        .is_blocked(None, [endpoint_name("cart"), cluster_access("cart")])
        .is_advised(MANAGED_ZONE);
    ask("web", "cart", base()).is_open();
}

#[test]
fn s8_a_record_under_another_label_settles_nothing() {
    let other = base().with(|estate| {
        for record in records(estate, MANAGED_ZONE) {
            record.name = format!("cart.{MANAGED_ZONE}");
        }
    });
    ask("web", "cart", other).is_unknown("under another name");
}

#[test]
fn s8_the_endpoint_itself_tells_its_label() {
    let told = base().with(|estate| {
        for record in records(estate, MANAGED_ZONE) {
            record.name = format!("cart.{MANAGED_ZONE}");
        }
        let endpoint = cachewarden_estates::azure::change::endpoint_mut(estate, "cart");
        for name in &mut endpoint.names {
            name.name = format!("cart.{MANAGED_ZONE}");
        }
    });
    ask("web", "cart", told).is_open();
}

#[test]
fn s49_custom_name_servers_may_forward_or_not() {
    let custom = base().with(name_servers("shop", &["10.0.1.4"]));
    ask("web", "sessions", custom.clone()).is_unknown("name servers of");
    let platform = base().with(name_servers("shop", &["168.63.129.16"]));
    ask("web", "sessions", platform).is_open();
    // Whatever they answer, nothing of the cache takes the client in.
    let none = custom.with(detach("sessions"));
    ask("web", "sessions", none)
        .is_blocked(None, [closed("sessions")])
        .is_advised("private endpoint");
}

#[test]
fn an_alias_in_the_zone_is_followed() {
    let alias = base().with(|estate| {
        let zone = records(estate, REDIS_ZONE);
        for record in zone.iter_mut() {
            record.name = format!("real.{REDIS_ZONE}");
        }
        let mut alias = record(NAME, "10.1.2.4");
        alias.kind = "CNAME".to_owned();
        alias.values = vec![format!("real.{REDIS_ZONE}.")];
        zone.push(alias);
    });
    ask("web", "sessions", alias).is_open();
}

#[test]
fn a_zone_of_the_public_name_itself_goes_first() {
    let own = base().with(|estate| {
        let mut zone = zone("redis.cache.windows.net", &["shop"]);
        zone.records = Fact::Known(vec![record(HOST, "10.1.2.99")]);
        estate.snapshot.dns_zones.push(zone);
    });
    ask("web", "sessions", own)
        .is_blocked(Symptom::Timeout, [astray("redis.cache.windows.net", HOST)]);
}

#[test]
fn names_are_compared_without_regard_to_case() {
    let shouted = base().with(|estate| {
        for record in records(estate, REDIS_ZONE) {
            record.name = record.name.to_ascii_uppercase();
        }
    });
    ask("web", "sessions", shouted).is_open();
}

#[test]
fn a_sovereign_name_is_read_from_the_private_endpoint() {
    let host = "cart.usgovvirginia.redis.usgovcloudapi.net";
    let zone_name = "privatelink.redis.usgovcloudapi.net";
    let sovereign = |named: bool| {
        base().with(detach("cart")).with(move |estate| {
            for endpoint in &mut estate.cache_mut("cart").endpoints {
                endpoint.host = Some(host.to_owned());
            }
            if named {
                estate.snapshot.dns_zones.push(zone(zone_name, &["shop"]));
                let endpoint = private_endpoint("shop", "endpoints", "cart", host, "10.1.2.5");
                connect(endpoint, zone_name)(estate);
            } else {
                let endpoint = private_endpoint("shop", "endpoints", "cart", host, "10.1.2.5");
                attach(endpoint)(estate);
            }
        })
    };
    ask("web", "cart", sovereign(true)).is_open();
    ask("web", "cart", sovereign(false)).is_unknown("is not known");
}

#[test]
fn a_linked_zone_changes_nothing_for_a_cache_without_private_endpoint() {
    ask("web", "catalog", base()).is_open();
    // A record that was left behind may still be what the name leads to.
    let left = base().with(|estate| {
        let name = "catalog.privatelink.redis.cache.windows.net";
        records(estate, REDIS_ZONE).push(record(name, "10.1.2.77"));
    });
    ask("web", "catalog", left).is_unknown("no private endpoint of the cache is approved");
}

#[test]
fn every_other_network_needs_its_own_link() {
    let peered = base().with(peer("shop", "data"));
    ask("batch", "sessions", peered.clone())
        .is_blocked(None, [zone_of(REDIS_ZONE), closed("sessions")])
        .is_mended();
    ask("batch", "sessions", peered.with(link(REDIS_ZONE, "data"))).is_open();
}

#[test]
fn a_cache_without_a_host_name_is_not_followed() {
    let nameless = base().with(on_cache("sessions", |cache| {
        for endpoint in &mut cache.endpoints {
            endpoint.host = None;
        }
    }));
    ask("web", "sessions", nameless).is_unknown("host name of sessions");
}
