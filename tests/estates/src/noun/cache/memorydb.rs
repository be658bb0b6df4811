//! Amazon MemoryDB.

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{Cache, EndpointRole, Fact, Node, Service, Subnet, Version};

use super::{cache, endpoint, node};
use crate::Place;

/// A MemoryDB cluster with one shard in each of the subnets and one node per
/// shard, whose addresses are given.
pub fn memorydb(place: Place, name: &str, shards: &[(&Subnet, &[&str])]) -> Cache {
    let nodes: Vec<Node> = shards
        .iter()
        .zip(1..)
        .map(|((subnet, addresses), number)| Node {
            shard: Some(format!("{number:04}")),
            ..node(&format!("{name}-{number:04}-001"), &[subnet], addresses)
        })
        .collect();
    let host = format!(
        "clustercfg.{name}.a1b2c3.memorydb.{}.amazonaws.com",
        place.region
    );
    let endpoints = vec![endpoint(EndpointRole::Configuration, &host, 6379, &nodes)];
    let id = format!(
        "arn:aws:memorydb:{}:{}:cluster/{name}",
        place.region, place.account
    );
    Cache {
        id: id.as_str().into(),
        service: Service::MemoryDb,
        engine_version: Fact::Known(Version("7.3".to_owned())),
        node_type: Fact::Known("db.r7g.large".to_owned()),
        aws: Some(AwsCache {
            subnet_group: Some(format!("{name}-subnets")),
            ..AwsCache::default()
        }),
        ..cache(place, "", name, shards, nodes, endpoints)
    }
}
