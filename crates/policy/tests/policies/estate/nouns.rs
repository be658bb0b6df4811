//! What surrounds the cache of the estate.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::*;
use cachewarden_netset::{PortRange, Protocol};

use super::{ACCOUNT, CACHE, REGION};

pub(crate) fn network(id: &str) -> Network {
    Network {
        gcp: None,
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        cidrs: vec!["10.0.0.0/16".parse().unwrap()],
        dns_resolution: Fact::Known(true),
        dns_host_names: Fact::Known(true),
        dns_servers: Fact::Known(DnsServers::Provider),
        public_access_block: Fact::Known(PublicAccessBlock::Off),
        encryption_control: Fact::Known(EncryptionControl::Off),
        filters: Fact::Default(vec![]),
        internet_gateways: Fact::Known(vec![InternetGateway {
            id: "igw-1".into(),
            state: LinkState::Active,
        }]),
        tags: BTreeMap::new(),
    }
}

pub(crate) fn subnet(id: &str, filter: &str) -> Subnet {
    Subnet {
        gcp: None,
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        network: "vpc-a".into(),
        zone: None,
        cidrs: vec!["10.0.1.0/24".parse().unwrap()],
        filter: Fact::Known(Some(filter.into())),
        route_table: Fact::Known(Some(TableAssociation {
            table: "rtb-1".into(),
            explicit: true,
        })),
        azure: None,
        tags: BTreeMap::new(),
    }
}

pub(crate) fn route(destination: &str, target: RouteTarget) -> Route {
    Route {
        destination: Destination::Cidr(destination.parse().unwrap()),
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: None,
        priority: None,
        tags: vec![],
    }
}

pub(crate) fn route_table(id: &str) -> RouteTable {
    RouteTable {
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        network: "vpc-a".into(),
        main: false,
        propagation: None,
        routes: Fact::Known(vec![route("10.0.0.0/16", RouteTarget::Local)]),
    }
}

pub(crate) fn rule(id: &str, peer: Peer) -> Rule {
    Rule {
        gcp: None,
        id: id.into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority: None,
        protocol: Protocol::TCP,
        ports: vec![PortRange::single(6379)],
        peers: vec![peer],
        local: vec![],
        source_ports: vec![],
        description: "checkout".into(),
    }
}

pub(crate) fn named_group(id: &str) -> Peer {
    Peer::Group {
        group: id.into(),
        account: None,
        network: None,
        link: None,
    }
}

pub(crate) fn group(id: &str) -> Filter {
    Filter {
        id: id.into(),
        name: id.trim_start_matches("sg-").into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        kind: FilterKind::SecurityGroup,
        network: Some("vpc-a".into()),
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(vec![rule("sgr-1", named_group("sg-app"))]),
    }
}

pub(crate) fn network_acl(id: &str) -> Filter {
    Filter {
        kind: FilterKind::NetworkAcl,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateless,
        rules: Fact::Known(vec![]),
        ..group(id)
    }
}

/// A rule for a group of two clients.
pub(crate) fn rule_use() -> RuleUse {
    RuleUse {
        filter: "sg-cache".into(),
        filter_name: "cache".into(),
        filter_kind: FilterKind::SecurityGroup,
        rule: "sgr-1".into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        text: "tcp 6379 from sg-app".into(),
        guards: vec![CACHE.into()],
        covers_cache_port: true,
        covers_other_ports: false,
        addresses: 0,
        public_addresses: 0,
        world: false,
        whole_network: false,
        clients: Some(2),
        dead: None,
        may_be_inert: false,
        tightest: None,
        gaps: vec![],
    }
}

pub(crate) fn interface(id: &str, public: &[&str]) -> Interface {
    let address = |text: &&str| text.parse::<IpAddr>().unwrap();
    Interface {
        gcp: None,
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        network: "vpc-a".into(),
        subnet: "subnet-1".into(),
        kind: InterfaceKind::Machine,
        attached_to: None,
        addresses: vec!["10.0.1.9".parse().unwrap()],
        prefixes: vec![],
        public_addresses: public.iter().map(address).collect(),
        filters: Fact::Known(vec!["sg-app".into()]),
        groups: vec![],
        network_tags: vec![],
        service_account: None,
        address_check: Fact::Known(true),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: BTreeMap::new(),
    }
}
