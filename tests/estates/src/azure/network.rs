//! Networks, subnets, groups, clients.

use std::collections::BTreeMap;

use cachewarden_model::network::AzureSubnet;
use cachewarden_model::{
    Attachment, Discipline, DnsServers, EncryptionControl, Fact, Filter, FilterKind, Interface,
    InterfaceKind, NatGateway, Network, Platform, PrivateEndpointPolicies, Provider,
    PublicAccessBlock, Route, RouteTable, Rule, RunState, Subnet, Tracking,
};
use cachewarden_netset::Cidr;

use super::{REGION, SUBSCRIPTION, defaults, id};
use crate::Estate;

pub(super) fn cidrs(ranges: &[&str]) -> Vec<Cidr> {
    let mut all: Vec<Cidr> = ranges
        .iter()
        .map(|it| it.parse().expect("a range"))
        .collect();
    all.sort();
    all
}

/// A virtual network that asks the platform's resolver.
pub fn network(name: &str, ranges: &[&str]) -> Network {
    Network {
        gcp: None,
        id: id::vnet(name).into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        cidrs: cidrs(ranges),
        dns_resolution: Fact::Default(true),
        dns_host_names: Fact::Default(true),
        dns_servers: Fact::Default(DnsServers::Provider),
        public_access_block: Fact::Default(PublicAccessBlock::Off),
        encryption_control: Fact::Default(EncryptionControl::Off),
        filters: Fact::Default(vec![]),
        internet_gateways: Fact::Default(vec![]),
        tags: BTreeMap::new(),
    }
}

/// A subnet without routes of its own, whose private endpoints no group
/// judges.
pub fn subnet(network: &str, name: &str, ranges: &[&str], group: Option<&str>) -> Subnet {
    Subnet {
        gcp: None,
        id: id::subnet(network, name).into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        network: id::vnet(network).into(),
        zone: None,
        cidrs: cidrs(ranges),
        filter: Fact::Known(group.map(|it| id::group(it).into())),
        route_table: Fact::Known(None),
        azure: Some(AzureSubnet {
            private_endpoint_policies: Fact::Known(PrivateEndpointPolicies::Disabled),
            nat_gateway: None,
            delegations: vec![],
            default_outbound: None,
        }),
        tags: BTreeMap::new(),
    }
}

/// A network security group: these rules and those that each ends with.
pub fn security_group(name: &str, rules: impl IntoIterator<Item = Rule>) -> Filter {
    let mut all: Vec<Rule> = rules.into_iter().collect();
    all.extend(defaults());
    Filter {
        id: id::group(name).into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        kind: FilterKind::NetworkSecurityGroup,
        network: None,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(all),
    }
}

/// The interface of a running Linux machine, without a group of its own.
pub fn machine(
    estate: &Estate,
    network: &str,
    subnet: &str,
    name: &str,
    addresses: &[&str],
) -> Interface {
    let subnet = estate.subnet(&id::subnet(network, subnet));
    Interface {
        gcp: None,
        id: id::interface(name).into(),
        name: format!("{name}-nic"),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: subnet.region.clone(),
        network: subnet.network.clone(),
        subnet: subnet.id.clone(),
        kind: InterfaceKind::Machine,
        attached_to: Some(Attachment {
            id: id::resource("Microsoft.Compute/virtualMachines", name).into(),
            name: name.to_owned(),
            state: Fact::Known(RunState::Running),
            platform: Fact::Known(Platform::Linux),
            machine_type: None,
        }),
        addresses: addresses
            .iter()
            .map(|it| it.parse().expect("an address"))
            .collect(),
        prefixes: vec![],
        public_addresses: vec![],
        filters: Fact::Known(vec![]),
        groups: vec![],
        network_tags: vec![],
        service_account: None,
        address_check: Fact::Known(true),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: BTreeMap::new(),
    }
}

/// A scale set: machines at any address of a subnet.
pub fn scale_set(estate: &Estate, network: &str, subnet: &str, name: &str) -> Interface {
    let home = estate.subnet(&id::subnet(network, subnet)).clone();
    let own = id::resource("Microsoft.Compute/virtualMachineScaleSets", name);
    let mut interface = machine(estate, network, subnet, name, &[]);
    interface.id = format!("{own}#{subnet}").into();
    name.clone_into(&mut interface.name);
    interface.prefixes = home.cidrs;
    if let Some(attachment) = &mut interface.attached_to {
        attachment.id = own.into();
    }
    interface
}

/// A NAT gateway with these public addresses.
pub fn nat_gateway(name: &str, addresses: &[&str]) -> NatGateway {
    NatGateway {
        id: id::nat(name).into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        addresses: Fact::Known(
            addresses
                .iter()
                .map(|it| it.parse().expect("an address"))
                .collect(),
        ),
        ranges: Fact::Known(vec![]),
    }
}

/// A route table; it serves the subnets that name it.
pub fn table(name: &str, routes: impl IntoIterator<Item = Route>) -> RouteTable {
    RouteTable {
        id: id::table(name).into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        network: "".into(),
        main: false,
        propagation: Some(true),
        routes: Fact::Known(routes.into_iter().collect()),
    }
}
