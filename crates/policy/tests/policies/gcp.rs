//! A small estate on Google Cloud that fails no policy, to change one thing
//! at a time: an instance of Memorystore for Redis behind private services
//! access, and a Redis cluster with its two connections.

mod caches;
mod connections;
mod limits;
mod networks;
mod nouns;

use cachewarden_model::*;
use cachewarden_netset::AddressSet;
use cachewarden_policy::Selection;

use crate::estate::{Estate, at, set};
use nouns::{cluster, firewall, network, peering, policy, redis, rule, used};

pub(crate) const PROJECT: &str = "shop";
pub(crate) const REGION: &str = "europe-west1";
pub(crate) const NETWORK: &str = "projects/shop/global/networks/net-1";
pub(crate) const REDIS: &str =
    "//redis.googleapis.com/projects/shop/locations/europe-west1/instances/sessions";
pub(crate) const CLUSTER: &str =
    "//redis.googleapis.com/projects/shop/locations/europe-west1/clusters/carts";

pub(crate) fn gap(what: &str) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: Some(PROJECT.into()),
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
        provider: Provider::Gcp,
        account: PROJECT.into(),
        regions: vec![REGION.into()],
    }];
    snapshot.caches = vec![redis(), cluster()];
    snapshot.networks = vec![network()];
    snapshot.peerings = vec![peering("servicenetworking-googleapis-com")];
    snapshot.private_endpoints = vec![rule("fr-1", "10.0.2.5"), rule("fr-2", "10.0.2.6")];
    snapshot.connection_policies = vec![policy()];
    snapshot.filters = vec![firewall()];
    let sources: SourceSet = vec![(Zone::Network(NETWORK.into()), set(&["10.0.1.0/24"]))];
    let exposure = |cache: &str| Exposure {
        cache: cache.into(),
        endpoint: 0,
        certain: sources.clone(),
        possible: sources.clone(),
        admitted: AddressSet::empty(),
        gaps: vec![],
    };
    let reachability = Reachability {
        clients: 2,
        exposures: vec![exposure(REDIS), exposure(CLUSTER)],
        rules: vec![used("allow-redis")],
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

/// Every policy.
pub(crate) fn selection() -> Selection {
    Selection {
        packs: vec!["strict".into(), "hygiene".into()],
        ..Selection::default()
    }
}

impl Estate {
    pub(crate) fn redis(&mut self) -> &mut Cache {
        &mut self.snapshot.caches[0]
    }

    pub(crate) fn cluster(&mut self) -> &mut Cache {
        &mut self.snapshot.caches[1]
    }

    /// What only the instance on Google Cloud has.
    pub(crate) fn redis_gcp(&mut self) -> &mut GcpCache {
        self.redis().gcp.as_mut().unwrap()
    }

    /// What only the cluster has.
    pub(crate) fn cluster_gcp(&mut self) -> &mut GcpCache {
        self.cluster().gcp.as_mut().unwrap()
    }

    pub(crate) fn connections(&mut self) -> &mut Vec<PscConnection> {
        let Fact::Known(all) = &mut self.cluster_gcp().connections else {
            unreachable!("the estate tells its connections")
        };
        all
    }

    /// What only the network on Google Cloud has.
    pub(crate) fn net(&mut self) -> &mut GcpNetwork {
        self.snapshot.networks[0].gcp.as_mut().unwrap()
    }
}

/// A gap that hides things of a kind.
pub(crate) fn hiding(noun: Noun) -> Gap {
    Gap {
        hides: vec![noun],
        ..gap("compute")
    }
}

/// Sets a parameter of the engine.
pub(crate) fn parameter(cache: &mut Cache, name: &str, value: &str) {
    let mut parameters = cache.parameters.value().unwrap().clone();
    parameters.insert(name.into(), value.into());
    cache.parameters = Fact::Known(parameters);
}

#[track_caller]
pub(crate) fn comes_out(verdict: Verdict, policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let mut estate = sound();
    change(&mut estate);
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), verdict))
        .collect();
    assert_eq!(estate.verdicts(), expected);
}

#[track_caller]
pub(crate) fn fails(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    comes_out(Verdict::Fail, policies, change);
}

#[track_caller]
pub(crate) fn cannot_tell(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    comes_out(Verdict::Unknown, policies, change);
}
