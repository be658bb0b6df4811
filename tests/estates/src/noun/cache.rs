//! Caches as somebody careful makes them.

mod elasticache;
mod memorydb;
mod serverless;

use std::collections::BTreeMap;

use cachewarden_model::{
    AtRestEncryption, Authentication, Cache, ClusterMode, Endpoint, EndpointRole, Engine, Fact,
    Failover, Gap, GapReason, IpFamilies, Node, ParameterGroup, PendingChanges, Phase, Provider,
    PublicAccess, ResourceId, Service, Status, Subnet, TlsVersion, TransitEncryption, Version,
};

use super::interface::address;
use super::metric;
use crate::Place;

pub use elasticache::{replicated, replication_group, stand_alone};
pub use memorydb::memorydb;
pub use serverless::serverless;

/// A node that may be in any of these subnets; its addresses are unknown
/// where none is given.
pub fn node(id: &str, subnets: &[&Subnet], addresses: &[&str]) -> Node {
    let mut ids: Vec<ResourceId> = subnets.iter().map(|subnet| subnet.id.clone()).collect();
    ids.sort();
    let zone = match subnets {
        [only] => only.zone.as_ref().map(|zone| zone.name.clone()),
        _ => None,
    };
    Node {
        id: id.to_owned(),
        shard: None,
        zone,
        subnets: Fact::Known(ids),
        addresses: if addresses.is_empty() {
            Fact::unknown(not_offered(Place::HOME, "address of a cache node"))
        } else {
            Fact::Known(addresses.iter().map(|text| address(text)).collect())
        },
        host: Some(format!("{id}.a1b2c3.cache.amazonaws.com")),
        status: Some("available".to_owned()),
    }
}

/// An endpoint that any of these nodes may answer.
pub fn endpoint(role: EndpointRole, host: &str, port: u16, nodes: &[Node]) -> Endpoint {
    Endpoint {
        network: None,
        role,
        host: Some(host.to_owned()),
        port,
        encryption: None,
        nodes: nodes.iter().map(|node| node.id.clone()).collect(),
        node_ports: vec![],
    }
}

fn cache(
    place: Place,
    id: &str,
    name: &str,
    places: &[(&Subnet, &[&str])],
    nodes: Vec<Node>,
    endpoints: Vec<Endpoint>,
) -> Cache {
    let mut subnets: Vec<ResourceId> = places.iter().map(|(subnet, _)| subnet.id.clone()).collect();
    subnets.sort();
    subnets.dedup();
    let network = places.first().map(|(subnet, _)| subnet.network.clone());
    let group = ResourceId::from(format!("{name}-users"));
    Cache {
        id: format!(
            "arn:aws:elasticache:{}:{}:{id}",
            place.region, place.account
        )
        .into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        service: Service::ElastiCache,
        account: place.account(),
        region: place.region(),
        tags: Fact::Known(BTreeMap::new()),
        engine: Fact::Known(Engine::Valkey),
        engine_version: Fact::Known(Version("8.1.0".to_owned())),
        node_type: Fact::Known("cache.r7g.large".to_owned()),
        status: Fact::Known(Status {
            text: "available".to_owned(),
            phase: Phase::Serving,
        }),
        network: Fact::Known(network.expect("at least one subnet")),
        subnets: Fact::Known(subnets),
        filters: Fact::Known(vec![]),
        families: Fact::Known(IpFamilies::Ipv4),
        nodes,
        endpoints,
        cluster_mode: Fact::Known(ClusterMode::Enabled),
        transit_encryption: Fact::Known(TransitEncryption::Required),
        tls_min: Fact::Default(TlsVersion::V1_2),
        at_rest_encryption: Fact::Known(AtRestEncryption::CustomerKey(
            format!("arn:aws:kms:{}:{}:key/caches", place.region, place.account).into(),
        )),
        authentication: Fact::Known(Authentication {
            token: false,
            groups: vec![group],
            identity: false,
        }),
        anonymous_access: Fact::Known(false),
        public_access: Fact::Default(PublicAccess::NotOffered),
        automatic_failover: Fact::Known(Failover::Enabled),
        multi_zone: Fact::Known(true),
        shards: Fact::Known(1),
        replicas: Fact::Known(0),
        backup_days: Fact::Known(7),
        minor_upgrades: Fact::Known(true),
        maintenance_window: Fact::Known("sun:03:00-sun:04:00".to_owned()),
        parameter_group: Fact::Known(Some(ParameterGroup {
            name: format!("{name}-parameters"),
            status: "in-sync".to_owned(),
        })),
        parameters: Fact::Known(parameters()),
        pending: PendingChanges::default(),
        updates: Fact::Known(vec![]),
        metrics: metric::quiet(),
        authority_expires: None,
        aws: None,
        azure: None,
        gcp: None,
    }
}

/// Source: Amazon ElastiCache User Guide, "Engine specific parameters".
fn parameters() -> BTreeMap<String, String> {
    [
        ("close-on-replica-write", "yes"),
        ("maxclients", "65000"),
        ("maxmemory-policy", "volatile-lru"),
        ("tcp-keepalive", "300"),
        ("timeout", "0"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

fn not_offered(place: Place, what: &str) -> Gap {
    Gap {
        provider: Provider::Aws,
        account: Some(place.account()),
        region: Some(place.region()),
        what: what.to_owned(),
        why: GapReason::NotOffered,
        message: "the cloud has no way to tell".to_owned(),
        hides: vec![],
    }
}

/// `euw1`, as host names have it.
fn short(place: Place) -> String {
    let zone = crate::place::zone(&place.region(), 1);
    let id = zone.id.unwrap_or_default();
    id.split('-').next().unwrap_or_default().to_owned()
}
