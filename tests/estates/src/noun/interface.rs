//! Interfaces of clients and of nodes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{
    Attachment, Fact, Interface, InterfaceKind, Platform, ResourceId, RunState, Subnet,
};

/// An interface that belongs to nothing yet.
pub fn interface(of: &Subnet, id: &str, addresses: &[&str], groups: &[&str]) -> Interface {
    let mut filters: Vec<ResourceId> = groups.iter().copied().map(ResourceId::from).collect();
    filters.sort();
    Interface {
        gcp: None,
        id: id.into(),
        name: id.to_owned(),
        provider: of.provider,
        account: of.account.clone(),
        region: of.region.clone(),
        network: of.network.clone(),
        subnet: of.id.clone(),
        kind: InterfaceKind::Machine,
        attached_to: None,
        addresses: addresses.iter().map(|text| address(text)).collect(),
        prefixes: vec![],
        public_addresses: vec![],
        filters: Fact::Known(filters),
        groups: vec![],
        network_tags: vec![],
        service_account: None,
        address_check: Fact::Known(true),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: BTreeMap::new(),
    }
}

/// The first interface of a running Linux machine; the machine has the digits
/// of the interface's id.
pub fn machine(
    of: &Subnet,
    id: &str,
    name: &str,
    addresses: &[&str],
    groups: &[&str],
) -> Interface {
    let digits = id.strip_prefix("eni-").unwrap_or(id);
    Interface {
        name: name.to_owned(),
        attached_to: Some(Attachment {
            id: format!("i-{digits}").into(),
            name: name.to_owned(),
            state: Fact::Known(RunState::Running),
            platform: Fact::Known(Platform::Linux),
            machine_type: Some("m7g.large".to_owned()),
        }),
        tags: BTreeMap::from([("Name".to_owned(), name.to_owned())]),
        ..interface(of, id, addresses, groups)
    }
}

/// The interface that functions share.
pub fn function(of: &Subnet, id: &str, name: &str, address: &str, groups: &[&str]) -> Interface {
    Interface {
        name: name.to_owned(),
        kind: InterfaceKind::Function,
        attached_to: Some(Attachment {
            id: name.into(),
            name: name.to_owned(),
            state: Fact::Known(RunState::Running),
            platform: Fact::Known(Platform::Managed),
            machine_type: None,
        }),
        description: format!("AWS Lambda VPC ENI-{name}"),
        ..interface(of, id, &[address], groups)
    }
}

/// The interface of a node, as the service describes it.
pub fn cache_node(
    of: &Subnet,
    id: &str,
    member: &str,
    addresses: &[&str],
    groups: &[&str],
) -> Interface {
    Interface {
        kind: InterfaceKind::CacheNode,
        attached_to: Some(Attachment {
            id: member.into(),
            name: member.to_owned(),
            state: Fact::Known(RunState::Running),
            platform: Fact::Known(Platform::Managed),
            machine_type: None,
        }),
        description: format!("ElastiCache {member}"),
        ..interface(of, id, addresses, groups)
    }
}

/// An address.
pub(crate) fn address(text: &str) -> IpAddr {
    text.parse().expect("an ip address")
}
