//! Amazon ElastiCache with nodes of one's own.

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    Authentication, Cache, ClusterMode, EndpointRole, Fact, Failover, Node, Subnet,
};

use super::{cache, endpoint, node, short};
use crate::Place;

/// A replication group in cluster mode with one shard in each of the subnets
/// and one node per shard, whose addresses are given.
pub fn replication_group(place: Place, name: &str, shards: &[(&Subnet, &[&str])]) -> Cache {
    let nodes: Vec<Node> = shards
        .iter()
        .zip(1..)
        .map(|((subnet, addresses), number)| {
            let member = format!("{name}-{number:04}-001");
            Node {
                shard: Some(format!("{number:04}")),
                ..node(&member, &[subnet], addresses)
            }
        })
        .collect();
    let host = format!(
        "clustercfg.{name}.a1b2c3.{}.cache.amazonaws.com",
        short(place)
    );
    let endpoints = vec![endpoint(EndpointRole::Configuration, &host, 6379, &nodes)];
    Cache {
        shards: Fact::Known(u32::try_from(nodes.len()).unwrap_or(u32::MAX)),
        aws: Some(AwsCache {
            members: nodes.iter().map(|node| node.id.clone()).collect(),
            replication_group: true,
            subnet_group: Some(format!("{name}-subnets")),
            logs: vec!["engine-log".to_owned(), "slow-log".to_owned()],
            notification_topic: Some(format!(
                "arn:aws:sns:{}:{}:caches",
                place.region, place.account
            )),
            ..AwsCache::default()
        }),
        ..cache(
            place,
            &format!("replicationgroup:{name}"),
            name,
            shards,
            nodes,
            endpoints,
        )
    }
}

/// A replication group without cluster mode: one shard with a node in each of
/// the subnets, a primary endpoint and a reader endpoint.
///
/// After a failover either may be answered by any node.
pub fn replicated(place: Place, name: &str, members: &[(&Subnet, &[&str])]) -> Cache {
    let nodes: Vec<Node> = members
        .iter()
        .zip(1..)
        .map(|((subnet, addresses), number)| Node {
            shard: Some("0001".to_owned()),
            ..node(&format!("{name}-{number:03}"), &[subnet], addresses)
        })
        .collect();
    let host = |role: &str| {
        let region = short(place);
        format!("{name}{role}.a1b2c3.ng.0001.{region}.cache.amazonaws.com")
    };
    let endpoints = vec![
        endpoint(EndpointRole::Primary, &host(""), 6379, &nodes),
        endpoint(EndpointRole::Reader, &host("-ro"), 6379, &nodes),
    ];
    Cache {
        cluster_mode: Fact::Known(ClusterMode::Disabled),
        replicas: Fact::Known(u32::try_from(nodes.len()).map_or(0, |count| count - 1)),
        aws: Some(AwsCache {
            members: nodes.iter().map(|node| node.id.clone()).collect(),
            replication_group: true,
            subnet_group: Some(format!("{name}-subnets")),
            logs: vec!["engine-log".to_owned(), "slow-log".to_owned()],
            ..AwsCache::default()
        }),
        ..cache(
            place,
            &format!("replicationgroup:{name}"),
            name,
            members,
            nodes,
            endpoints,
        )
    }
}

/// A node without replication group.
pub fn stand_alone(place: Place, name: &str, subnet: &Subnet, addresses: &[&str]) -> Cache {
    let nodes = vec![node(name, &[subnet], addresses)];
    let host = format!("{name}.a1b2c3.0001.{}.cache.amazonaws.com", short(place));
    let endpoints = vec![endpoint(EndpointRole::Primary, &host, 6379, &nodes)];
    Cache {
        cluster_mode: Fact::Known(ClusterMode::Disabled),
        authentication: Fact::Known(Authentication::default()),
        anonymous_access: Fact::Known(true),
        automatic_failover: Fact::Known(Failover::Disabled),
        multi_zone: Fact::Known(false),
        aws: Some(AwsCache {
            members: vec![name.to_owned()],
            replication_group: false,
            subnet_group: Some(format!("{name}-subnets")),
            ..AwsCache::default()
        }),
        ..cache(
            place,
            &format!("cluster:{name}"),
            name,
            &[(subnet, addresses)],
            nodes,
            endpoints,
        )
    }
}
