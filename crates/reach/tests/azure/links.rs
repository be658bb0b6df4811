//! Peerings, both sides.
//!
//! Source: Azure Virtual Network, "Virtual network peering".

use cachewarden_estates::Estate;
use cachewarden_estates::azure::base;
use cachewarden_estates::azure::change::{link, on_peering, peer};
use cachewarden_estates::azure::id::{self, REDIS_ZONE};
use cachewarden_model::{LinkState, Peering, Symptom};
use cachewarden_netset::Cidr;

use crate::expect::{ask, no_side, peering};

fn peered() -> Estate {
    base()
        .with(link(REDIS_ZONE, "data"))
        .with(peer("data", "shop"))
}

fn azure(peering: &mut Peering) -> &mut cachewarden_model::link::AzurePeering {
    peering.azure.as_mut().expect("a peering of Azure")
}

#[test]
fn s43_one_side_is_disconnected() {
    ask("batch", "sessions", peered()).is_open();
    for (own, other) in [("data", "shop"), ("shop", "data")] {
        let down = peered().with(on_peering(own, other, |it| {
            it.state = LinkState::Down("Disconnected".to_owned());
        }));
        ask("batch", "sessions", down)
            .is_blocked(Symptom::Timeout, [peering(own, other)])
            .is_advised("both sides");
    }
    let initiated = peered().with(on_peering("shop", "data", |it| {
        it.state = LinkState::Pending("Initiated".to_owned());
    }));
    ask("batch", "sessions", initiated).is_blocked(Symptom::Timeout, [peering("shop", "data")]);
}

#[test]
fn s43_one_side_is_missing() {
    let half = peered().with(|estate| {
        let gone = id::peering("shop", "data");
        estate.snapshot.peerings.retain(|it| it.id != *gone);
    });
    ask("batch", "sessions", half)
        .is_blocked(Symptom::Timeout, [no_side("shop")])
        .is_advised("create the peering");
}

#[test]
fn s44_one_side_allows_no_access() {
    for (own, other) in [("data", "shop"), ("shop", "data")] {
        let closed = peered().with(on_peering(own, other, |it| {
            it.requester.access = Some(false);
        }));
        ask("batch", "sessions", closed)
            .is_blocked(Symptom::Timeout, [peering(own, other)])
            .is_mended();
    }
    let untold = peered().with(on_peering("shop", "data", |it| it.requester.access = None));
    ask("batch", "sessions", untold).is_unknown("allows access");
}

#[test]
fn s43_ranges_added_later_are_not_known_to_the_peering() {
    let old: Cidr = "10.1.0.0/23".parse().expect("a range");
    let late = peered().with(on_peering("data", "shop", move |it| {
        it.accepter.cidrs = vec![old];
        azure(it).sync_level = Some("RemoteNotInSync".to_owned());
    }));
    ask("batch", "sessions", late)
        .is_blocked(Symptom::Timeout, [peering("data", "shop")])
        .is_mended();
    let untold = peered().with(on_peering("data", "shop", |it| {
        it.accepter.cidrs = vec![];
        azure(it).sync_level = Some("LocalNotInSync".to_owned());
    }));
    ask("batch", "sessions", untold).is_unknown("LocalNotInSync");
}

#[test]
fn s43_only_named_subnets_are_joined() {
    let named = |local: &'static str, remote: &'static str| {
        peered().with(on_peering("data", "shop", move |it| {
            let azure = azure(it);
            azure.complete = Some(false);
            azure.local_subnets = vec![local.to_owned()];
            azure.remote_subnets = vec![remote.to_owned()];
        }))
    };
    ask("batch", "sessions", named("jobs", "Endpoints")).is_open();
    for (local, remote) in [("jobs", "apps"), ("other", "endpoints")] {
        ask("batch", "sessions", named(local, remote))
            .is_blocked(Symptom::Timeout, [peering("data", "shop")]);
    }
}

#[test]
fn s43_only_ipv6_is_joined() {
    let six = peered().with(on_peering("shop", "data", |it| {
        azure(it).only_ipv6 = Some(true)
    }));
    ask("batch", "sessions", six).is_blocked(Symptom::Timeout, [peering("shop", "data")]);
}

#[test]
fn every_fault_of_a_peering_is_told() {
    let both = peered()
        .with(on_peering("data", "shop", |it| {
            it.requester.access = Some(false)
        }))
        .with(on_peering("shop", "data", |it| {
            it.state = LinkState::Down("Disconnected".to_owned());
        }));
    ask("batch", "sessions", both).is_blocked(
        Symptom::Timeout,
        [peering("data", "shop"), peering("shop", "data")],
    );
}
