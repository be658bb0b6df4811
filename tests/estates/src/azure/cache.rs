//! Caches of Azure.

use std::collections::BTreeMap;

use cachewarden_model::cache::azure::AzureCache;
use cachewarden_model::{Action, Direction, Peer};
use cachewarden_model::{
    AtRestEncryption, Authentication, Cache, ClusterMode, Discipline, Endpoint, EndpointRole,
    Engine, Fact, Failover, Filter, FilterKind, Gap, GapReason, IpFamilies, Node, PendingChanges,
    Phase, Provider, PublicAccess, Rule, Service, Status, TlsVersion, Tracking, TransitEncryption,
    Version,
};
use cachewarden_netset::{PortRange, Protocol};

use super::{REGION, SUBSCRIPTION, id};

fn not_offered(what: &str) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(SUBSCRIPTION.into()),
        region: Some(REGION.into()),
        what: what.to_owned(),
        why: GapReason::NotOffered,
        message: "the cloud has no way to tell".to_owned(),
        hides: vec![],
    }
}

/// An Azure Cache for Redis, Standard C1, with two nodes.
pub fn standard(name: &str, public: bool) -> Cache {
    redis(name, "Standard", "C1", public)
}

/// An Azure Cache for Redis of a tier and size.
pub fn redis(name: &str, tier: &str, size: &str, public: bool) -> Cache {
    let nodes = vec![node("15000"), node("15001")];
    let host = format!("{name}.redis.cache.windows.net");
    Cache {
        filters: Fact::Known(vec![id::firewall(name).into()]),
        azure: Some(AzureCache {
            tier: Some(tier.to_owned()),
            public_network_access: Some(public),
            ..nothing()
        }),
        ..cache(
            &id::cache(name),
            name,
            Service::AzureCache,
            size,
            public,
            endpoint(EndpointRole::Primary, &host, 6380, &nodes),
            nodes,
        )
    }
}

/// A Premium cache in a subnet of the owner's, at an address there.
pub fn injected(name: &str, network: &str, subnet: &str, address: &str) -> Cache {
    let mut cache = redis(name, "Premium", "P1", true);
    let subnet = id::subnet(network, subnet);
    cache.network = Fact::Known(id::vnet(network).into());
    cache.subnets = Fact::Known(vec![subnet.as_str().into()]);
    cache.public_access = Fact::Default(PublicAccess::NotOffered);
    for node in &mut cache.nodes {
        node.subnets = Fact::Known(vec![subnet.as_str().into()]);
    }
    if let Some(azure) = &mut cache.azure {
        azure.injected_subnet = Some(subnet.as_str().into());
        azure.injected_address = Some(address.parse().expect("an address"));
    }
    cache
}

/// An Azure Managed Redis; what its public access comes to without any
/// private endpoint, where nothing is said of it.
pub fn managed(name: &str, public: Option<bool>) -> Cache {
    let host = format!("{name}.{REGION}.redis.azure.net");
    clustered(name, Service::AzureManaged, "Balanced_B5", &host, public)
}

/// An Azure Cache for Redis Enterprise.
pub fn enterprise(name: &str, public: Option<bool>) -> Cache {
    let host = format!("{name}.{REGION}.redisenterprise.cache.azure.net");
    clustered(
        name,
        Service::AzureEnterprise,
        "Enterprise_E10",
        &host,
        public,
    )
}

fn clustered(name: &str, service: Service, size: &str, host: &str, public: Option<bool>) -> Cache {
    let nodes = vec![node("default")];
    let access = match public {
        Some(false) => Fact::Known(PublicAccess::Disabled),
        Some(true) => Fact::Known(PublicAccess::Enabled),
        None => Fact::Default(PublicAccess::Enabled),
    };
    Cache {
        public_access: access,
        azure: Some(AzureCache {
            public_network_access: public,
            clustering_policy: Some("EnterpriseCluster".to_owned()),
            capacity: (service == Service::AzureEnterprise).then_some(2),
            ..nothing()
        }),
        ..cache(
            &id::cluster(name),
            name,
            service,
            size,
            true,
            endpoint(EndpointRole::Database, host, 10_000, &nodes),
            nodes,
        )
    }
}

/// The firewall of an Azure Cache for Redis: rules by name, first and last
/// address.
pub fn firewall(cache: &Cache, rules: &[(&str, &str, &str)]) -> Filter {
    let address = |text: &str| text.parse().expect("an address");
    let rules = rules.iter().map(|(name, first, last)| Rule {
        gcp: None,
        id: (*name).into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority: None,
        protocol: Protocol::TCP,
        ports: vec![PortRange::ALL],
        peers: vec![Peer::Range(address(first), address(last))],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    });
    Filter {
        id: id::firewall(&cache.name).into(),
        name: format!("firewall of {}", cache.name),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        kind: FilterKind::ServiceFirewall,
        network: None,
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(rules.collect()),
    }
}

fn nothing() -> AzureCache {
    AzureCache {
        tier: None,
        capacity: None,
        injected_subnet: None,
        injected_address: None,
        public_network_access: None,
        connections: Fact::Known(vec![]),
        linked: Fact::Known(vec![]),
        clustering_policy: None,
        zones: vec![],
        zone_allocation: None,
        update_channel: None,
        resource_state: None,
        identity: None,
        migrated_endpoint: None,
        logs: Fact::Known(vec!["allLogs".to_owned()]),
    }
}

fn node(id: &str) -> Node {
    Node {
        id: id.to_owned(),
        shard: None,
        zone: None,
        subnets: Fact::Known(vec![]),
        addresses: Fact::unknown(not_offered("address of a cache node")),
        host: None,
        status: None,
    }
}

fn endpoint(role: EndpointRole, host: &str, port: u16, nodes: &[Node]) -> Endpoint {
    Endpoint {
        network: None,
        role,
        host: Some(host.to_owned()),
        port,
        encryption: Some(TransitEncryption::Required),
        nodes: nodes.iter().map(|it| it.id.clone()).collect(),
        node_ports: vec![],
    }
}

fn cache(
    id: &str,
    name: &str,
    service: Service,
    size: &str,
    public: bool,
    endpoint: Endpoint,
    nodes: Vec<Node>,
) -> Cache {
    Cache {
        id: id.into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        service,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        tags: Fact::Known(BTreeMap::new()),
        engine: Fact::Known(Engine::Redis),
        engine_version: Fact::Known(Version("6.0".to_owned())),
        node_type: Fact::Known(size.to_owned()),
        status: Fact::Known(Status {
            text: "Succeeded".to_owned(),
            phase: Phase::Serving,
        }),
        network: Fact::unknown(not_offered("network of a cache")),
        subnets: Fact::Known(vec![]),
        filters: Fact::Known(vec![]),
        families: Fact::Default(IpFamilies::Ipv4),
        nodes,
        endpoints: vec![endpoint],
        cluster_mode: Fact::Known(ClusterMode::Disabled),
        transit_encryption: Fact::Known(TransitEncryption::Required),
        tls_min: Fact::Known(TlsVersion::V1_2),
        at_rest_encryption: Fact::Default(AtRestEncryption::ServiceKey),
        authentication: Fact::Known(Authentication {
            token: false,
            groups: vec![],
            identity: true,
        }),
        anonymous_access: Fact::Default(false),
        public_access: Fact::Known(match public {
            true => PublicAccess::Enabled,
            false => PublicAccess::Disabled,
        }),
        automatic_failover: Fact::Default(Failover::Enabled),
        multi_zone: Fact::Known(true),
        shards: Fact::Known(1),
        replicas: Fact::Known(1),
        backup_days: Fact::Default(0),
        minor_upgrades: Fact::Default(true),
        maintenance_window: Fact::Known("sun:03:00-sun:08:00".to_owned()),
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
