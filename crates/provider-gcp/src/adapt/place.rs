//! Which networks and regions matter: where firewalls are asked for.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{AccountId, Region};
use serde::Deserialize as _;

use super::{connection, endpoint, interfaces, project};
use crate::collect::Estate;
use crate::operation::Operation;
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

/// Networks by which a cache is reached.
fn networks_of_caches(estate: &Estate) -> BTreeSet<String> {
    let redis = estate
        .redis
        .iter()
        .filter(|(_, it)| !it.authorized_network.is_empty());
    let mut networks: BTreeSet<String> = redis
        .map(|(account, it)| estate.ids.relative(&it.authorized_network, account))
        .collect();
    for (account, it) in &estate.clusters {
        let connections = connection::of_cluster(&estate.ids, account, it);
        networks.extend(
            connections
                .into_iter()
                .flatten()
                .map(|it| it.network.to_string()),
        );
    }
    for (account, it) in &estate.valkey {
        let connections = connection::of_valkey(&estate.ids, account, it);
        networks.extend(
            connections
                .into_iter()
                .flatten()
                .map(|it| it.network.to_string()),
        );
    }
    let endpoints = endpoint::endpoints(estate).into_iter().flatten();
    networks.extend(endpoints.map(|it| it.network.to_string()));
    networks
}
