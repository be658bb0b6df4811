//! A small estate on Azure that fails no policy, to change one thing at a
//! time: a Premium cache behind a private endpoint, with its zone.

mod caches;
mod firewalls;
mod networks;
mod nouns;

use cachewarden_model::*;
use cachewarden_netset::AddressSet;
use cachewarden_policy::Selection;

use crate::estate::{Estate, at, set};
use nouns::*;

pub(crate) const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000001";
pub(crate) const ZONE_NAME: &str = "privatelink.redis.cache.windows.net";

/// An id in the one resource group.
pub(crate) fn id(kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/shop/providers/{kind}/{name}")
}

pub(crate) fn cache_id() -> String {
    id("Microsoft.Cache/redis", "sessions")
}

pub(crate) fn network_id() -> String {
    id("Microsoft.Network/virtualNetworks", "hub")
}

pub(crate) fn subnet_id(name: &str) -> String {
    format!("{}/subnets/{name}", network_id())
}

pub(crate) fn group_id(name: &str) -> String {
    id("Microsoft.Network/networkSecurityGroups", name)
}

pub(crate) fn zone_id(name: &str) -> String {
    id("Microsoft.Network/privateDnsZones", name)
}

pub(crate) fn gap(what: &str) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(SUBSCRIPTION.into()),
        region: None,
        what: what.into(),
        why: GapReason::AccessDenied,
        message: "the credentials may not ask".into(),
        hides: vec![],
    }
}

/// The estate, judged by every policy that there is.
pub(crate) fn sound() -> Estate {
    let mut snapshot = Snapshot::new(at("2026-11-01T08:00:00Z"), "0.1.0");
    snapshot.targets = vec![Target {
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        regions: vec!["westeurope".into()],
    }];
    snapshot.caches = vec![cache()];
    snapshot.networks = vec![network()];
    snapshot.subnets = vec![
        subnet("clients", "10.0.1.0/24"),
        subnet("data", "10.0.2.0/24"),
    ];
    snapshot.filters = vec![group("data"), firewall(&[])];
    snapshot.private_endpoints = vec![private_endpoint("sessions-pe")];
    snapshot.dns_zones = vec![zone(ZONE_NAME)];
    snapshot.users = vec![user("app", "+@read +@write ~app:*")];
    let sources: SourceSet = vec![(Zone::Network(network_id().into()), set(&["10.0.1.0/24"]))];
    let reachability = Reachability {
        clients: 2,
        exposures: vec![Exposure {
            cache: cache_id().into(),
            endpoint: 0,
            certain: sources.clone(),
            possible: sources,
            admitted: AddressSet::empty(),
            gaps: vec![],
        }],
        ..Reachability::default()
    };
    Estate {
        snapshot,
        reachability,
        expectations: vec![],
        waivers: vec![],
        selection: selection(),
    }
}

/// Every policy but one, which fails for each cache of this service.
pub(crate) fn selection() -> Selection {
    Selection {
        packs: vec!["strict".into(), "hygiene".into()],
        disable: vec!["service-has-no-end".into()],
        ..Selection::default()
    }
}

impl Estate {
    /// What only the cache on Azure has.
    pub(crate) fn azure(&mut self) -> &mut AzureCache {
        self.cache().azure.as_mut().unwrap()
    }
}

pub(crate) fn changed(change: impl FnOnce(&mut Estate)) -> Vec<(String, Verdict)> {
    let mut estate = sound();
    change(&mut estate);
    estate.verdicts()
}

#[track_caller]
pub(crate) fn comes_out(verdict: Verdict, policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), verdict))
        .collect();
    assert_eq!(changed(change), expected);
}

#[track_caller]
pub(crate) fn fails(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    comes_out(Verdict::Fail, policies, change);
}

#[track_caller]
pub(crate) fn cannot_tell(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    comes_out(Verdict::Unknown, policies, change);
}
