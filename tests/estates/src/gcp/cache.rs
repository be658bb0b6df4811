//! Caches of Google Cloud.

use std::collections::BTreeMap;

use cachewarden_model::{
    AtRestEncryption, Authentication, Authority, Cache, ClusterMode, Endpoint, EndpointRole,
    Engine, Fact, Failover, Gap, GapReason, GcpCache, IpFamilies, Node, PendingChanges, Phase,
    Provider, PscConnection, PublicAccess, Service, Status, TlsVersion, TransitEncryption, Version,
};
use cachewarden_netset::PortRange;

use super::id;

/// Ports of cluster nodes, on every address of a cluster.
///
/// Source: Memorystore for Redis Cluster, "Networking".
pub const NODE_PORTS: (u16, u16) = (11_000, 13_047);

fn not_offered(what: &str) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: None,
        region: None,
        what: what.to_owned(),
        why: GapReason::NotOffered,
        message: "the cloud has no way to tell".to_owned(),
        hides: vec![],
    }
}

/// A Redis instance of the standard tier, 5 GB, Redis 7.2, without replicas
/// to read from, plain and without AUTH, in a range behind a peering of its
/// own.
pub fn redis(id: &str, network: &str, host: &str, range: &str) -> Cache {
    let nodes: Vec<Node> = ["b", "c"]
        .iter()
        .enumerate()
        .map(|(number, zone)| node(&format!("node-{number}"), &zone_of(id, zone)))
        .collect();
    let endpoint = Endpoint {
        nodes: nodes.iter().map(|it| it.id.clone()).collect(),
        ..endpoint(EndpointRole::Primary, host, 6379)
    };
    Cache {
        service: Service::MemorystoreRedis,
        node_type: Fact::Known("M2".to_owned()),
        endpoints: vec![endpoint],
        nodes,
        status: serving("READY"),
        automatic_failover: Fact::Known(Failover::Enabled),
        engine_version: Fact::Known(Version("7.2".to_owned())),
        gcp: Some(GcpCache {
            connect_mode: Some("DIRECT_PEERING".to_owned()),
            reserved_range: Some(range.to_owned()),
            tier: Some("STANDARD_HA".to_owned()),
            memory_gb: Some(5),
            ..GcpCache::default()
        }),
        ..cache(id, network)
    }
}

/// The same behind private services access, in an allocated range by its name.
pub fn behind_services(id: &str, network: &str, host: &str, range: &str) -> Cache {
    let mut cache = redis(id, network, host, range);
    if let Some(gcp) = &mut cache.gcp {
        gcp.connect_mode = Some("PRIVATE_SERVICE_ACCESS".to_owned());
    }
    cache
}

/// The same with replicas to read from, at an address of their own.
pub fn with_reader(mut cache: Cache, host: &str) -> Cache {
    let port = cache.endpoints.first().map_or(6379, |it| it.port);
    let nodes = cache.nodes.iter().map(|it| it.id.clone()).collect();
    cache.endpoints.push(Endpoint {
        nodes,
        ..endpoint(EndpointRole::Reader, host, port)
    });
    cache
}

/// The same with encrypted connections: a Redis instance listens on 6378
/// then, the others on the port that they had.
pub fn encrypted(mut cache: Cache) -> Cache {
    cache.transit_encryption = Fact::Known(TransitEncryption::Required);
    cache.tls_min = Fact::Known(TlsVersion::V1_2);
    let redis = cache.service == Service::MemorystoreRedis;
    for endpoint in cache.endpoints.iter_mut().filter(|_| redis) {
        endpoint.port = 6378;
    }
    let expires = "2035-03-01T00:00:00Z".parse().expect("a time");
    cache.authority_expires = Some(expires);
    if let Some(gcp) = &mut cache.gcp {
        gcp.authorities = Fact::Known(vec![Authority {
            expires,
            begins: Some("2025-03-03T00:00:00Z".parse().expect("a time")),
            serial: Some("1".to_owned()),
        }]);
        if !redis {
            gcp.authority_mode = Some("GOOGLE_MANAGED_PER_INSTANCE_CA".to_owned());
        }
    }
    cache
}

/// A Redis Cluster of three shards with a replica each, that no network has a
/// connection to.
pub fn cluster(id: &str) -> Cache {
    Cache {
        service: Service::MemorystoreCluster,
        engine_version: Fact::unknown(not_offered("version of a Redis Cluster")),
        node_type: Fact::Known("REDIS_HIGHMEM_MEDIUM".to_owned()),
        cluster_mode: Fact::Known(ClusterMode::Enabled),
        shards: Fact::Known(3),
        gcp: Some(GcpCache {
            connections: Fact::Known(vec![]),
            ..GcpCache::default()
        }),
        ..cache(id, "")
    }
}

/// A Valkey instance of one shard with a replica, or of three in cluster
/// mode, that no network has a connection to.
pub fn valkey(id: &str, mode: ClusterMode) -> Cache {
    let shards = if mode == ClusterMode::Enabled { 3 } else { 1 };
    Cache {
        service: Service::MemorystoreValkey,
        engine: Fact::Known(Engine::Valkey),
        engine_version: Fact::Known(Version("8.0".to_owned())),
        node_type: Fact::Known("HIGHMEM_MEDIUM".to_owned()),
        cluster_mode: Fact::Known(mode),
        shards: Fact::Known(shards),
        ..cluster(id)
    }
}

/// Two connections of a cluster, or of a Valkey instance, in a network, with
/// the endpoints that clients are told: discovery and the nodes behind it in
/// cluster mode, primary and reader without.
///
/// The connections are those of the forwarding rules that [`super::endpoints`]
/// makes.
pub fn connect(cache: &mut Cache, network: &str, addresses: [&str; 2], automatic: bool) {
    let clustered = cache.cluster_mode.value() == Some(&ClusterMode::Enabled);
    let parts: [Option<&str>; 2] = match clustered {
        true => [Some("DISCOVERY"), None],
        false => [Some("PRIMARY"), Some("READER")],
    };
    for ((part, address), number) in parts.into_iter().zip(addresses).zip(1..) {
        if let Some(part) = part {
            let role = match part {
                "DISCOVERY" => EndpointRole::Discovery,
                "PRIMARY" => EndpointRole::Primary,
                _ => EndpointRole::Reader,
            };
            let (first, last) = NODE_PORTS;
            let nodes = PortRange::new(first, last).filter(|_| clustered);
            cache.endpoints.push(Endpoint {
                network: Some(network.into()),
                node_ports: nodes.into_iter().collect(),
                ..endpoint(role, address, 6379)
            });
        }
        let made = PscConnection {
            network: network.into(),
            address: Some(address.parse().expect("an address")),
            port: part.map(|_| 6379),
            part: part.map(str::to_owned),
            project: Some(id::project_of(network).into()),
            rule: Some(super::rule_of(cache, network, number).into()),
            attachment: Some(super::attachment_of(cache, number)),
            number: Some(format!("{}{number}", cache.name.len())),
            status: Some("ACTIVE".to_owned()),
            automatic,
        };
        let gcp = cache.gcp.as_mut().expect("a cache of Google Cloud");
        if let Some(attachment) = &made.attachment
            && !gcp.attachments.contains(attachment)
        {
            gcp.attachments.push(attachment.clone());
            gcp.attachments.sort();
        }
        if let Fact::Known(all) = &mut gcp.connections {
            all.push(made);
            all.sort();
        }
    }
    if cache.network.value().is_some_and(|it| it.is_empty()) {
        cache.network = Fact::Known(network.into());
    }
}

fn zone_of(id: &str, zone: &str) -> String {
    format!("{}-{zone}", location_of(id))
}

fn location_of(id: &str) -> &str {
    let rest = id.split_once("/locations/").map_or("", |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn node(id: &str, zone: &str) -> Node {
    Node {
        id: id.to_owned(),
        shard: None,
        zone: Some(zone.to_owned()),
        subnets: Fact::Default(vec![]),
        addresses: Fact::unknown(not_offered("address of a cache node")),
        host: None,
        status: None,
    }
}

fn endpoint(role: EndpointRole, host: &str, port: u16) -> Endpoint {
    Endpoint {
        role,
        host: Some(host.to_owned()),
        port,
        encryption: None,
        nodes: vec![],
        network: None,
        node_ports: vec![],
    }
}

fn serving(text: &str) -> Fact<Status> {
    Fact::Known(Status {
        text: text.to_owned(),
        phase: Phase::Serving,
    })
}

fn cache(id: &str, network: &str) -> Cache {
    Cache {
        id: id.into(),
        name: id::name_of(id).to_owned(),
        provider: Provider::Gcp,
        service: Service::MemorystoreRedis,
        account: id::project_of(id).into(),
        region: location_of(id).into(),
        tags: Fact::Known(BTreeMap::new()),
        engine: Fact::Known(Engine::Redis),
        engine_version: Fact::Known(Version("7.2".to_owned())),
        node_type: Fact::Known(String::new()),
        status: serving("ACTIVE"),
        network: Fact::Known(network.into()),
        subnets: Fact::Default(vec![]),
        filters: Fact::Default(vec![]),
        families: Fact::Default(IpFamilies::Ipv4),
        nodes: vec![],
        endpoints: vec![],
        cluster_mode: Fact::Known(ClusterMode::Disabled),
        transit_encryption: Fact::Known(TransitEncryption::Disabled),
        tls_min: Fact::unknown(not_offered("TLS version of a cache without TLS")),
        at_rest_encryption: Fact::Default(AtRestEncryption::ServiceKey),
        authentication: Fact::Known(Authentication::default()),
        anonymous_access: Fact::Known(true),
        public_access: Fact::Default(PublicAccess::NotOffered),
        automatic_failover: Fact::Default(Failover::Enabled),
        multi_zone: Fact::Known(true),
        shards: Fact::Known(1),
        replicas: Fact::Known(1),
        backup_days: Fact::Default(0),
        minor_upgrades: Fact::Default(true),
        maintenance_window: Fact::Known("sun:03:00-sun:04:00".to_owned()),
        parameter_group: Fact::Default(None),
        parameters: Fact::Known(BTreeMap::new()),
        pending: PendingChanges::default(),
        updates: Fact::Default(vec![]),
        metrics: vec![],
        authority_expires: None,
        aws: None,
        azure: None,
        gcp: None,
    }
}
