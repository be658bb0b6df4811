//! Which networks and regions matter: where firewalls are asked for.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{AccountId, Gap, GapReason, PscConnection, Region};
use serde::Deserialize as _;

use super::{connection, endpoint, gap, interfaces, project};
use crate::collect::Estate;
use crate::operation::{OF_NETWORKS, Operation};
use crate::wire::compute::Subnet;

/// Networks, by relative name, and regions.
pub(crate) fn places(estate: &Estate) -> BTreeSet<(String, Region)> {
    let regions = regions_of_networks(estate);
    let mut places = BTreeSet::new();
    for network in networks_of_caches(estate) {
        for region in regions.get(&network).into_iter().flatten() {
            places.insert((network.clone(), region.clone()));
        }
    }
    for interface in interfaces(estate).into_iter().flatten() {
        places.insert((interface.network.to_string(), interface.region));
    }
    let read: BTreeSet<AccountId> = estate.projects.iter().map(|it| it.id.clone()).collect();
    places.retain(|(network, _)| read.contains(&AccountId::from(project(network))));
    places
}

/// Regions in which each network has subnets.
pub(crate) fn regions_of_networks(estate: &Estate) -> BTreeMap<String, BTreeSet<Region>> {
    let mut regions: BTreeMap<String, BTreeSet<Region>> = BTreeMap::new();
    for (account, value) in estate.rows(Operation::Subnets) {
        let Ok(subnet) = Subnet::deserialize(value) else {
            continue;
        };
        let network = estate.ids.relative(&subnet.network, account);
        let region = Region::from(super::last(&subnet.region));
        regions.entry(network).or_default().insert(region);
    }
    regions
}

/// Gaps of projects that hold networks or endpoints of caches, or networks of
/// clients, and that the credentials do not see: nobody read what is in them.
/// Those that were left out on purpose have their gap already.
pub(super) fn unseen(estate: &Estate) -> Vec<Gap> {
    let mut named: BTreeSet<AccountId> = networks_of_caches(estate)
        .iter()
        .map(|it| AccountId::from(project(it)))
        .collect();
    let interfaces = interfaces(estate).into_iter().flatten();
    named.extend(interfaces.map(|it| AccountId::from(project(it.network.as_str()))));
    named.extend(connections(estate).filter_map(|it| it.project));
    for it in &estate.projects {
        named.remove(&it.id);
    }
    for gap in estate.gaps.iter().filter(|it| !it.hides.is_empty()) {
        if let Some(account) = &gap.account {
            named.remove(account);
        }
    }
    let gap = |account: AccountId| {
        let message = "caches or their clients use networks of this project, which was not read";
        Gap {
            hides: OF_NETWORKS.to_vec(),
            ..gap(
                &account,
                Operation::Projects,
                GapReason::NotCollected,
                message,
            )
        }
    };
    named.into_iter().map(gap).collect()
}

/// Connections of all caches, as far as they are in a known form.
fn connections(estate: &Estate) -> impl Iterator<Item = PscConnection> {
    let clusters = estate.clusters.iter();
    let clusters = clusters.map(|(account, it)| connection::of_cluster(&estate.ids, account, it));
    let valkey = estate.valkey.iter();
    let valkey = valkey.map(|(account, it)| connection::of_valkey(&estate.ids, account, it));
    clusters.chain(valkey).flatten().flatten()
}

/// Networks by which a cache is reached.
fn networks_of_caches(estate: &Estate) -> BTreeSet<String> {
    let redis = estate
        .redis
        .iter()
        .filter(|(_, it)| !it.authorized_network.is_empty());
    let mut networks: BTreeSet<String> = redis
        .map(|(account, it)| estate.ids.relative(&it.authorized_network, account))
        .collect();
    networks.extend(connections(estate).map(|it| it.network.to_string()));
    let endpoints = endpoint::endpoints(estate).into_iter().flatten();
    networks.extend(endpoints.map(|it| it.network.to_string()));
    networks
}
