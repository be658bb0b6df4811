//! Answers of AWS in, nouns of the model out. Pure: nothing here asks
//! anything, and the same answers give the same snapshot.
//!
//! One rule in, one rule out. What an answer omits is a default only where
//! AWS's manual fixes the value; else it is unknown, as is every word that
//! this version does not know. An element that lacks its own id is left out
//! and leaves a gap.

mod access;
mod admission;
mod cache;
mod elasticache;
mod endpoint;
mod gaps;
mod interface;
mod memorydb;
mod metric;
mod network;
mod network_acl;
mod peering;
mod placement;
mod prefix_list;
mod route;
mod security_group;
mod serverless;
mod tags;
#[cfg(test)]
pub(crate) mod tests;
mod transit;
mod upkeep;
mod views;
mod words;

use aws_sdk_elasticache::types::CacheCluster;
use cachewarden_model::{Gap, Provider, Skipped, Snapshot, Timestamp};

use self::placement::CacheInterfaces;
use self::tags::Labels;
use self::views::Views;
use crate::collect::{Caches, Details, Network, RegionData, Values};
use crate::place::Place;

/// What was read around the caches of one region.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// When the first question was asked.
    pub(crate) now: Timestamp,
    pub(crate) place: &'a Place,
    pub(crate) caches: &'a Caches,
    pub(crate) details: &'a Details,
    pub(crate) values: &'a Values,
    pub(crate) network: Option<&'a Network>,
}

impl RegionData {
    fn around(&self, now: Timestamp) -> Around<'_> {
        Around {
            now,
            place: &self.scope.place,
            caches: &self.caches,
            details: &self.details,
            values: &self.values,
            network: self.network.as_ref(),
        }
    }
}

/// Adds all that was read to a snapshot.
pub(crate) fn fill(snapshot: &mut Snapshot, regions: &[RegionData]) {
    let arounds: Vec<Around<'_>> = regions
        .iter()
        .map(|region| region.around(snapshot.collected_at))
        .collect();
    let mut views = Views::default();
    for around in &arounds {
        let interfaces = CacheInterfaces::find(around);
        fill_caches(snapshot, around, &interfaces);
        fill_access(snapshot, around);
        snapshot.gaps.extend(gaps::of(around));
        if let Some(network) = around.network {
            views.fill(snapshot, around.place, network, &interfaces);
        }
    }
    views.into_snapshot(snapshot);
    let peerings = peering::merged(&arounds);
    snapshot.peerings.extend(keep(&mut snapshot.gaps, peerings));
    let routers = transit::routers(&arounds);
    snapshot
        .transit_routers
        .extend(keep(&mut snapshot.gaps, routers));
}

/// Keeps what could be adapted, and the gaps of what could not.
fn keep<T>(gaps: &mut Vec<Gap>, adapted: impl IntoIterator<Item = Result<T, Box<Gap>>>) -> Vec<T> {
    let mut kept = Vec::new();
    for each in adapted {
        match each {
            Ok(item) => kept.push(item),
            Err(gap) => gaps.push(*gap),
        }
    }
    kept
}

fn fill_caches(snapshot: &mut Snapshot, around: &Around<'_>, interfaces: &CacheInterfaces<'_>) {
    let caches = around.caches;
    let groups = caches
        .groups
        .items
        .iter()
        .map(|it| elasticache::group(around, interfaces, it));
    let nodes = caches
        .stand_alone()
        .map(|it| elasticache::stand_alone(around, interfaces, it));
    let serverless = caches
        .serverless()
        .map(|it| serverless::cache(around, interfaces, it));
    let clusters = caches
        .memorydb
        .items
        .iter()
        .map(|it| memorydb::cluster(around, interfaces, it));
    let labels = Labels::new(around.place, &around.details.tags);
    let adapted = groups.chain(nodes).chain(serverless).chain(clusters);
    let adapted = adapted.map(|each| each.map(|cache| labels.label(cache)));
    snapshot.caches.extend(keep(&mut snapshot.gaps, adapted));
    snapshot.skipped.extend(memcached(around));
}

/// Memcached is recognised and left out.
fn memcached(around: &Around<'_>) -> impl Iterator<Item = Skipped> {
    let place = around.place;
    let nodes = around.caches.clusters.items.iter();
    let nodes = nodes.filter(|it: &&CacheCluster| it.engine() == Some("memcached"));
    let nodes = nodes.filter_map(|it| it.arn().or(it.cache_cluster_id()));
    let serverless = around.caches.serverless.items.iter();
    let serverless = serverless.filter(|it| it.engine() == Some("memcached"));
    let serverless = serverless.filter_map(|it| it.arn().or(it.serverless_cache_name()));
    nodes.chain(serverless).map(|id| Skipped {
        provider: Provider::Aws,
        account: place.account.clone(),
        region: place.region.clone(),
        id: id.into(),
        why: "Memcached".to_owned(),
    })
}

fn fill_access(snapshot: &mut Snapshot, around: &Around<'_>) {
    let (place, details) = (around.place, around.details);
    let users = details.users.items.iter().map(|it| access::user(place, it));
    let memorydb = details
        .memorydb
        .users
        .items
        .iter()
        .map(|it| access::memorydb_user(place, it));
    snapshot
        .users
        .extend(keep(&mut snapshot.gaps, users.chain(memorydb)));
    let groups = details
        .user_groups
        .items
        .iter()
        .map(|it| access::group(place, it));
    let acls = details
        .memorydb
        .acls
        .items
        .iter()
        .map(|it| access::acl(place, it));
    snapshot
        .user_groups
        .extend(keep(&mut snapshot.gaps, groups.chain(acls)));
}
