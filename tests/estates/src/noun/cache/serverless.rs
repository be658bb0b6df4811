//! Amazon ElastiCache Serverless.

use std::collections::BTreeMap;

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    Cache, ClusterMode, EndpointRole, Fact, Failover, Node, Phase, Service, Status, Subnet,
    TransitEncryption,
};

use super::super::metric;
use super::{cache, endpoint, node, not_offered, short};
use crate::Place;

/// A serverless cache with an interface in each of the subnets. Each endpoint
/// may be answered by any of them.
///
/// Source: Amazon ElastiCache User Guide, "Setting up" (ports 6379 and 6380).
pub fn serverless(place: Place, name: &str, places: &[(&Subnet, &[&str])]) -> Cache {
    let nodes: Vec<Node> = places
        .iter()
        .map(|(subnet, addresses)| Node {
            host: None,
            status: None,
            ..node(subnet.id.as_str(), &[subnet], addresses)
        })
        .collect();
    let host = format!(
        "{name}-a1b2c3.serverless.{}.cache.amazonaws.com",
        short(place)
    );
    let endpoints = vec![
        endpoint(EndpointRole::Primary, &host, 6379, &nodes),
        endpoint(EndpointRole::Reader, &host, 6380, &nodes),
    ];
    let gap = |what: &str| not_offered(place, what);
    Cache {
        service: Service::ElastiCacheServerless,
        node_type: Fact::unknown(gap("CacheNodeType of a serverless cache")),
        status: Fact::Known(Status {
            text: "AVAILABLE".to_owned(),
            phase: Phase::Serving,
        }),
        cluster_mode: Fact::Default(ClusterMode::Enabled),
        transit_encryption: Fact::Default(TransitEncryption::Required),
        automatic_failover: Fact::Default(Failover::Enabled),
        multi_zone: Fact::Default(true),
        shards: Fact::unknown(gap("shards of a serverless cache")),
        replicas: Fact::unknown(gap("replicas of a serverless cache")),
        minor_upgrades: Fact::Default(true),
        maintenance_window: Fact::unknown(gap("maintenance window of a serverless cache")),
        parameter_group: Fact::Default(None),
        parameters: Fact::Default(BTreeMap::from([
            ("maxclients".to_owned(), "65000".to_owned()),
            ("timeout".to_owned(), "0".to_owned()),
        ])),
        metrics: metric::quiet_serverless(),
        aws: Some(AwsCache::default()),
        ..cache(
            place,
            &format!("serverlesscache:{name}"),
            name,
            places,
            nodes,
            endpoints,
        )
    }
}
