//! What the estate on Azure is made of.

use std::collections::BTreeMap;

use cachewarden_model::*;
use cachewarden_netset::{AddressSet, Cidr, PortRange, Protocol};

use super::{SUBSCRIPTION, ZONE_NAME, cache_id, gap, group_id, id, network_id, subnet_id, zone_id};
use crate::estate::cache as cache_on_aws;

pub(crate) fn cache() -> Cache {
    Cache {
        id: cache_id().into(),
        provider: Provider::Azure,
        service: Service::AzureCache,
        account: SUBSCRIPTION.into(),
        region: "westeurope".into(),
        engine: Fact::Known(Engine::Redis),
        engine_version: Fact::Known(Version("6.0".into())),
        node_type: Fact::Known("P1".into()),
        status: Fact::Known(Status {
            text: "Succeeded".into(),
            phase: Phase::Serving,
        }),
        network: Fact::unknown(gap("no network of its own")),
        subnets: Fact::Known(vec![]),
        filters: Fact::Known(vec![firewall_id().into()]),
        endpoints: vec![endpoint("sessions.redis.cache.windows.net", 6380)],
        tls_min: Fact::Known(TlsVersion::V1_2),
        at_rest_encryption: Fact::Default(AtRestEncryption::ServiceKey),
        authentication: Fact::Known(Authentication {
            token: false,
            groups: vec![],
            identity: true,
        }),
        public_access: Fact::Known(PublicAccess::Disabled),
        backup_days: Fact::unknown(gap("for how long backups are kept")),
        maintenance_window: Fact::Known("sun:02:00-sun:07:00".into()),
        parameter_group: Fact::Default(None),
        parameters: Fact::Known(BTreeMap::from([
            ("maxclients".to_owned(), "7500".to_owned()),
            ("maxmemory-reserved".to_owned(), "642".to_owned()),
        ])),
        metrics: vec![Metric {
            name: "connectedclients".into(),
            statistic: Statistic::Maximum,
            days: 14,
            value: Fact::Known(40.0),
            node: None,
        }],
        aws: None,
        azure: Some(AzureCache {
            tier: Some("Premium".into()),
            capacity: None,
            injected_subnet: None,
            injected_address: None,
            public_network_access: Some(false),
            connections: Fact::Known(vec![connection(
                "sessions-pe",
                PrivateEndpointState::Approved,
            )]),
            linked: Fact::Known(vec![]),
            clustering_policy: None,
            zones: vec!["1".into(), "2".into()],
            zone_allocation: None,
            update_channel: Some("Stable".into()),
            resource_state: None,
            identity: Some("SystemAssigned".into()),
            migrated_endpoint: None,
            logs: Fact::Known(vec!["ConnectedClientList".into()]),
        }),
        ..cache_on_aws("sessions")
    }
}

pub(crate) fn endpoint(host: &str, port: u16) -> Endpoint {
    Endpoint {
        network: None,
        role: EndpointRole::Primary,
        host: Some(host.into()),
        port,
        encryption: Some(TransitEncryption::Required),
        nodes: vec![],
        node_ports: vec![],
    }
}

pub(crate) fn endpoint_id(name: &str) -> String {
    id("Microsoft.Network/privateEndpoints", name)
}

pub(crate) fn connection(name: &str, state: PrivateEndpointState) -> PrivateConnection {
    PrivateConnection {
        id: format!("{}/privateEndpointConnections/{name}", cache_id()).into(),
        endpoint: Some(endpoint_id(name).into()),
        state,
        provisioning: Some("Succeeded".into()),
        parts: vec!["redisCache".into()],
    }
}

pub(crate) fn private_endpoint(name: &str) -> PrivateEndpoint {
    PrivateEndpoint {
        id: endpoint_id(name).into(),
        name: name.into(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: "westeurope".into(),
        network: network_id().into(),
        subnets: vec![subnet_id("data").into()],
        interfaces: vec![],
        addresses: Fact::Known(vec!["10.0.2.4".parse().unwrap()]),
        target: cache_id(),
        state: PrivateEndpointState::Approved,
        global_access: None,
        filters: Fact::Known(vec![]),
        groups: vec![],
        parts: vec!["redisCache".into()],
        names: vec![PrivateName {
            name: "sessions.redis.cache.windows.net".into(),
            addresses: vec!["10.0.2.4".parse().unwrap()],
        }],
        zones: Fact::Known(vec![zone_id(ZONE_NAME).into()]),
    }
}

pub(crate) fn zone(name: &str) -> DnsZone {
    DnsZone {
        id: zone_id(name).into(),
        name: name.into(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        links: Fact::Known(vec![]),
        records: Fact::Known(vec![record(&format!("sessions.{name}"), "A", "10.0.2.4")]),
    }
}

pub(crate) fn record(name: &str, kind: &str, value: &str) -> DnsRecord {
    DnsRecord {
        name: name.into(),
        kind: kind.into(),
        ttl: 10,
        values: vec![value.into()],
    }
}

pub(crate) fn network() -> Network {
    Network {
        id: network_id().into(),
        name: "hub".into(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: "westeurope".into(),
        internet_gateways: Fact::Default(vec![]),
        ..crate::estate::network("hub")
    }
}

pub(crate) fn subnet(name: &str, range: &str) -> Subnet {
    Subnet {
        id: subnet_id(name).into(),
        name: name.into(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: "westeurope".into(),
        network: network_id().into(),
        cidrs: vec![range.parse().unwrap()],
        filter: Fact::Known((name == "data").then(|| group_id("data").into())),
        route_table: Fact::Known(None),
        azure: Some(AzureSubnet {
            private_endpoint_policies: Fact::Known(PrivateEndpointPolicies::Enabled),
            nat_gateway: None,
            delegations: vec![],
            default_outbound: None,
        }),
        ..crate::estate::subnet(name, "none")
    }
}

/// A security group with the default rules and one of its owner's.
pub(crate) fn group(name: &str) -> Filter {
    Filter {
        id: group_id(name).into(),
        name: name.into(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: "westeurope".into(),
        kind: FilterKind::NetworkSecurityGroup,
        network: None,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(vec![
            allow("Clients", 100, Peer::Cidr("10.0.1.0/24".parse().unwrap())),
            Rule {
                action: Action::Deny,
                ..all("DenyRest", 4096, Peer::Cidr(Cidr::ANY_V4))
            },
            all(
                "AllowVnetInBound",
                65_000,
                Peer::ServiceTag("VirtualNetwork".into()),
            ),
            Rule {
                action: Action::Deny,
                ..all("DenyAllInBound", 65_500, Peer::Cidr(Cidr::ANY_V4))
            },
        ]),
    }
}

pub(crate) fn allow(id: &str, priority: u32, peer: Peer) -> Rule {
    Rule {
        gcp: None,
        id: id.into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority: Some(priority),
        protocol: Protocol::TCP,
        ports: vec![PortRange::single(6380)],
        peers: vec![peer],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    }
}

pub(crate) fn all(id: &str, priority: u32, peer: Peer) -> Rule {
    Rule {
        protocol: Protocol::Any,
        ports: vec![PortRange::ALL],
        ..allow(id, priority, peer)
    }
}

pub(crate) fn firewall_id() -> String {
    format!("{}/firewallRules", cache_id())
}

/// The firewall of the cache's service.
pub(crate) fn firewall(ranges: &[(&str, &str, &str)]) -> Filter {
    let rule = |(name, first, last): &(&str, &str, &str)| Rule {
        id: (*name).into(),
        priority: None,
        protocol: Protocol::Any,
        ports: vec![],
        ..allow(
            name,
            0,
            Peer::Range(first.parse().unwrap(), last.parse().unwrap()),
        )
    };
    Filter {
        id: firewall_id().into(),
        name: "firewall of sessions".into(),
        kind: FilterKind::ServiceFirewall,
        discipline: Discipline::AllowList,
        rules: Fact::Known(ranges.iter().map(rule).collect()),
        ..group("none")
    }
}

/// An assignment of an access policy of the cache.
pub(crate) fn user(name: &str, access: &str) -> CacheUser {
    CacheUser {
        id: format!("{}/accessPolicyAssignments/{name}", cache_id()).into(),
        name: name.into(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: "westeurope".into(),
        service: Service::AzureCache,
        status: "Succeeded".into(),
        access: Fact::Known(access.into()),
        authentication: Fact::Known(UserAuthentication::Identity),
    }
}

/// Use of a rule, as the engine tells it.
pub(crate) fn used(filter: &Filter, rule: &str, addresses: &AddressSet) -> RuleUse {
    let public = addresses.intersection(AddressSet::internet());
    RuleUse {
        filter: filter.id.clone(),
        filter_name: filter.name.clone(),
        filter_kind: filter.kind,
        rule: rule.into(),
        text: format!("allow tcp 6380 by {rule}"),
        guards: vec![cache_id().into()],
        addresses: u64::try_from(addresses.count()).unwrap_or(u64::MAX),
        public_addresses: u64::try_from(public.count()).unwrap_or(u64::MAX),
        ..crate::estate::rule_use()
    }
}
