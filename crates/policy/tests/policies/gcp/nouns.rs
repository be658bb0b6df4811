//! What the estate is made of.

use std::collections::BTreeMap;

use cachewarden_model::*;
use cachewarden_netset::PortRange;

use super::{CLUSTER, NETWORK, PROJECT, REDIS, REGION, gap};
use crate::estate::{at, cache as cache_on_aws};

fn base(name: &str, service: Service) -> Cache {
    Cache {
        provider: Provider::Gcp,
        service,
        account: PROJECT.into(),
        region: REGION.into(),
        engine: Fact::Known(Engine::Redis),
        status: Fact::Known(Status {
            text: "READY".into(),
            phase: Phase::Serving,
        }),
        network: Fact::Known(NETWORK.into()),
        subnets: Fact::Default(vec![]),
        filters: Fact::Default(vec![]),
        tls_min: Fact::Default(TlsVersion::V1_2),
        parameter_group: Fact::Default(None),
        parameters: Fact::Known(BTreeMap::new()),
        maintenance_window: Fact::Known("sun:03:00-sun:04:00".into()),
        authority_expires: Some(at("2036-01-01")),
        aws: None,
        ..cache_on_aws(name)
    }
}

fn measured(name: &str) -> Vec<Metric> {
    vec![Metric {
        name: name.into(),
        statistic: Statistic::Maximum,
        days: 14,
        value: Fact::Known(40.0),
        node: None,
    }]
}

pub(crate) fn redis() -> Cache {
    Cache {
        id: REDIS.into(),
        engine_version: Fact::Known(Version("7.2".into())),
        node_type: Fact::Known("M2".into()),
        authentication: Fact::Known(Authentication {
            token: true,
            ..Authentication::default()
        }),
        backup_days: Fact::unknown(gap("backups are not offered")),
        endpoints: vec![endpoint(EndpointRole::Primary, "10.8.0.4", 6378)],
        metrics: measured("redis.googleapis.com/clients/connected"),
        gcp: Some(GcpCache {
            connect_mode: Some("PRIVATE_SERVICE_ACCESS".into()),
            reserved_range: Some("services".into()),
            tier: Some("STANDARD_HA".into()),
            memory_gb: Some(8),
            authorities: Fact::Known(vec![authority("2036-01-01")]),
            ..GcpCache::default()
        }),
        ..base("sessions", Service::MemorystoreRedis)
    }
}

pub(crate) fn cluster() -> Cache {
    Cache {
        id: CLUSTER.into(),
        status: Fact::Known(Status {
            text: "ACTIVE".into(),
            phase: Phase::Serving,
        }),
        engine_version: Fact::unknown(gap("the version is not offered")),
        node_type: Fact::Known("REDIS_STANDARD_SMALL".into()),
        cluster_mode: Fact::Known(ClusterMode::Enabled),
        shards: Fact::Known(3),
        authentication: Fact::Known(Authentication {
            identity: true,
            ..Authentication::default()
        }),
        endpoints: vec![Endpoint {
            node_ports: vec![PortRange::new(11_000, 13_047).unwrap()],
            network: Some(NETWORK.into()),
            ..endpoint(EndpointRole::Discovery, "10.0.2.5", 6379)
        }],
        metrics: measured("redis.googleapis.com/cluster/clients/maximum_connected_clients"),
        gcp: Some(GcpCache {
            deletion_protection: Some(true),
            connections: Fact::Known(vec![
                connection("10.0.2.5", "fr-1", Some("DISCOVERY"), "attachment-1"),
                connection("10.0.2.6", "fr-2", None, "attachment-2"),
            ]),
            attachments: vec!["attachment-1".into(), "attachment-2".into()],
            authorities: Fact::Known(vec![authority("2036-01-01")]),
            ..GcpCache::default()
        }),
        ..base("carts", Service::MemorystoreCluster)
    }
}

pub(crate) fn authority(expires: &str) -> Authority {
    Authority {
        expires: at(expires),
        begins: None,
        serial: None,
    }
}

fn endpoint(role: EndpointRole, host: &str, port: u16) -> Endpoint {
    Endpoint {
        role,
        host: Some(host.into()),
        port,
        encryption: None,
        nodes: vec![],
        network: None,
        node_ports: vec![],
    }
}

/// A connection that the policy made.
pub(crate) fn connection(
    address: &str,
    rule: &str,
    part: Option<&str>,
    attachment: &str,
) -> PscConnection {
    PscConnection {
        network: NETWORK.into(),
        address: Some(address.parse().unwrap()),
        port: None,
        part: part.map(str::to_owned),
        project: Some(PROJECT.into()),
        rule: Some(rule_id(rule)),
        attachment: Some(attachment.into()),
        number: None,
        status: Some("ACTIVE".into()),
        automatic: true,
    }
}

pub(crate) fn rule_id(name: &str) -> ResourceId {
    format!("projects/{PROJECT}/regions/{REGION}/forwardingRules/{name}").into()
}

pub(crate) fn rule(name: &str, address: &str) -> PrivateEndpoint {
    PrivateEndpoint {
        id: rule_id(name),
        name: name.into(),
        provider: Provider::Gcp,
        account: PROJECT.into(),
        region: REGION.into(),
        network: NETWORK.into(),
        subnets: vec![],
        interfaces: vec![],
        addresses: Fact::Known(vec![address.parse().unwrap()]),
        target: "attachment".into(),
        state: PrivateEndpointState::Approved,
        global_access: Some(true),
        filters: Fact::Default(vec![]),
        groups: vec![],
        parts: vec![],
        names: vec![],
        zones: Fact::Default(vec![]),
    }
}

pub(crate) fn network() -> Network {
    Network {
        id: NETWORK.into(),
        name: "net-1".into(),
        provider: Provider::Gcp,
        account: PROJECT.into(),
        region: "global".into(),
        cidrs: vec![],
        internet_gateways: Fact::Default(vec![]),
        gcp: Some(Box::new(GcpNetwork {
            order: FirewallOrder::PoliciesLast,
            filters: BTreeMap::new(),
            policy_routes: Fact::Known(vec![]),
            global_routing: false,
            hub: Fact::Known(None),
            allocated: Fact::Known(vec![AllocatedRange {
                id: format!("projects/{PROJECT}/global/addresses/services").into(),
                name: "services".into(),
                range: "10.8.0.0/16".parse().unwrap(),
            }]),
            hybrid: Fact::Known(vec![]),
            routers: Fact::Known(vec![]),
            shared_with: Fact::Known(vec![]),
            legacy: false,
        })),
        ..crate::estate::network("net-1")
    }
}

pub(crate) fn peering(name: &str) -> Peering {
    let end = |network: &str, ranges: &[&str]| PeeringEnd {
        network: network.into(),
        account: None,
        region: None,
        cidrs: ranges.iter().map(|range| range.parse().unwrap()).collect(),
        access: None,
        forwarded: None,
        exports_routes: Some(false),
        imports_routes: Some(false),
        resolves_names: None,
    };
    Peering {
        id: format!("{NETWORK}/peerings/{name}").into(),
        name: name.into(),
        provider: Provider::Gcp,
        state: LinkState::Active,
        requester: end(NETWORK, &[]),
        accepter: end("projects/tenant/global/networks/services", &["10.8.0.0/24"]),
        azure: None,
    }
}

pub(crate) fn policy() -> ConnectionPolicy {
    let made = |rule: &str| PolicyConnection {
        rule: Some(rule_id(rule)),
        state: "ACTIVE".into(),
        error: None,
    };
    ConnectionPolicy {
        id: format!("projects/{PROJECT}/locations/{REGION}/serviceConnectionPolicies/caches")
            .into(),
        provider: Provider::Gcp,
        account: PROJECT.into(),
        region: REGION.into(),
        network: NETWORK.into(),
        service_class: "gcp-memorystore-redis".into(),
        subnets: vec![],
        limit: Some(8),
        connections: vec![made("fr-1"), made("fr-2")],
    }
}

pub(crate) fn firewall() -> Filter {
    let egress = Rule {
        direction: Direction::Egress,
        priority: Some(900),
        local: vec![Peer::Tag("checkout".into())],
        ..crate::estate::rule("allow-redis", Peer::Cidr("10.8.0.4/32".parse().unwrap()))
    };
    Filter {
        id: format!("{NETWORK}/firewalls").into(),
        name: "net-1".into(),
        provider: Provider::Gcp,
        account: PROJECT.into(),
        region: "global".into(),
        kind: FilterKind::VpcFirewall,
        network: Some(NETWORK.into()),
        discipline: Discipline::FirstMatch,
        rules: Fact::Known(vec![egress]),
        ..crate::estate::group("none")
    }
}

/// Use of a rule, as the engine tells it.
pub(crate) fn used(rule: &str) -> RuleUse {
    RuleUse {
        filter: format!("{NETWORK}/firewalls").into(),
        filter_name: "net-1".into(),
        filter_kind: FilterKind::VpcFirewall,
        rule: rule.into(),
        direction: Direction::Egress,
        text: "allow tcp 6379 to 10.8.0.4/32 from machines with tag checkout".into(),
        guards: vec![REDIS.into()],
        clients: None,
        addresses: 1,
        ..crate::estate::rule_use()
    }
}
