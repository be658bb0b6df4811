//! Interfaces: who they belong to, and what is behind them.

mod attachment;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;

use aws_sdk_ec2::types::{Instance, NetworkInterface};
use cachewarden_model::{AccountId, Fact, Gap, Interface, InterfaceKind, Provider};

use super::placement::CacheInterfaces;
use super::words::{address, ids, name, tags};
use crate::collect::Clients;
use crate::operation::Operation;
use crate::place::Place;

use attachment::{attached_to, description_of};

const OPERATION: Operation = Operation::DescribeNetworkInterfaces;

/// What is looked up for interfaces.
struct Behind<'a> {
    instances: BTreeMap<&'a str, &'a Instance>,
    instance_gap: Option<&'a Gap>,
    /// NAT gateways by their interfaces.
    nat_gateways: BTreeMap<&'a str, &'a aws_sdk_ec2::types::NatGateway>,
    /// Endpoints by their interfaces.
    endpoints: BTreeMap<&'a str, &'a aws_sdk_ec2::types::VpcEndpoint>,
    nodes: &'a CacheInterfaces<'a>,
}

/// All interfaces of a region.
pub(super) fn interfaces(
    place: &Place,
    clients: &Clients,
    nodes: &CacheInterfaces<'_>,
) -> Vec<Result<Interface, Box<Gap>>> {
    let nat_gateways = clients.nat_gateways.items.iter().flat_map(|gateway| {
        let addresses = gateway.nat_gateway_addresses().iter();
        addresses.filter_map(move |it| Some((it.network_interface_id()?, gateway)))
    });
    let endpoints = clients.endpoints.items.iter().flat_map(|endpoint| {
        endpoint
            .network_interface_ids()
            .iter()
            .map(move |id| (id.as_str(), endpoint))
    });
    let instances = clients.instances.items.iter();
    let behind = Behind {
        instances: instances
            .filter_map(|it| Some((it.instance_id()?, it)))
            .collect(),
        instance_gap: clients.instances.gap.as_ref(),
        nat_gateways: nat_gateways.collect(),
        endpoints: endpoints.collect(),
        nodes,
    };
    clients
        .interfaces
        .items
        .iter()
        .map(|it| interface(place, &behind, it))
        .collect()
}

/// # Errors
///
/// If it has no id, network or subnet.
fn interface(
    place: &Place,
    behind: &Behind<'_>,
    interface: &NetworkInterface,
) -> Result<Interface, Box<Gap>> {
    let id = interface.network_interface_id();
    let id = id.ok_or_else(|| place.broken(OPERATION, "an interface", "NetworkInterfaceId"))?;
    let broken = |field| place.broken(OPERATION, &format!("`{id}`"), field);
    let tags = tags(interface.tag_set());
    let kind = kind(behind, id, interface);
    let v4 = interface
        .ipv4_prefixes()
        .iter()
        .filter_map(|it| it.ipv4_prefix());
    let v6 = interface
        .ipv6_prefixes()
        .iter()
        .filter_map(|it| it.ipv6_prefix());
    let prefixes = super::words::cidrs(v4.chain(v6)).ok_or_else(|| broken("Ipv4Prefixes"))?;
    let filters = match &interface.groups {
        Some(groups) => Fact::Known(ids(groups.iter().filter_map(|it| it.group_id()))),
        None => place.unstated(OPERATION, "Groups"),
    };
    let tracking = interface.connection_tracking_configuration();
    let tracking = tracking.and_then(|it| it.tcp_established_timeout());
    Ok(Interface {
        gcp: None,
        id: id.into(),
        name: name(&tags, id),
        provider: Provider::Aws,
        account: interface
            .owner_id()
            .map_or_else(|| place.account.clone(), AccountId::from),
        region: place.region.clone(),
        network: interface.vpc_id().ok_or_else(|| broken("VpcId"))?.into(),
        subnet: interface
            .subnet_id()
            .ok_or_else(|| broken("SubnetId"))?
            .into(),
        attached_to: attached_to(place, behind, id, interface, &kind, &tags),
        kind,
        addresses: addresses(interface),
        prefixes,
        public_addresses: public_addresses(interface),
        filters,
        groups: vec![],
        network_tags: vec![],
        service_account: None,
        address_check: super::cache::stated(
            place,
            OPERATION,
            "SourceDestCheck",
            interface.source_dest_check(),
        ),
        tracking_idle_seconds: tracking.and_then(|seconds| u32::try_from(seconds).ok()),
        description: interface.description().unwrap_or_default().to_owned(),
        tags,
    })
}

/// What an interface belongs to.
///
/// Source: Amazon EC2 API Reference, `NetworkInterface`, `InterfaceType`.
/// Nodes of caches, classic and application load balancers, and containers
/// share the type `interface` with machines.
fn kind(behind: &Behind<'_>, id: &str, interface: &NetworkInterface) -> InterfaceKind {
    let attached = interface
        .attachment()
        .is_some_and(|it| it.instance_id().is_some());
    match interface
        .interface_type()
        .map_or("interface", |it| it.as_str())
    {
        "interface" if behind.nodes.node_of(id).is_some() => InterfaceKind::CacheNode,
        "efa" | "efa-only" | "trunk" => InterfaceKind::Machine,
        "interface" if attached => InterfaceKind::Machine,
        "interface" => plain_kind(interface),
        "branch" => InterfaceKind::Pod,
        "lambda" => InterfaceKind::Function,
        "load_balancer" | "network_load_balancer" => InterfaceKind::LoadBalancer,
        "natGateway" | "nat_gateway" => InterfaceKind::NatGateway,
        "transit_gateway" => InterfaceKind::TransitRouter,
        "vpc_endpoint" | "gateway_load_balancer_endpoint" => InterfaceKind::PrivateEndpoint,
        word => InterfaceKind::Service(word.to_owned()),
    }
}

/// Of a plain interface that no machine of the owner's has.
fn plain_kind(interface: &NetworkInterface) -> InterfaceKind {
    let description = interface.description().unwrap_or_default();
    let requester = interface.requester_id().unwrap_or_default();
    let managed = interface.requester_managed() == Some(true);
    if description.starts_with("ELB ") {
        return InterfaceKind::LoadBalancer;
    }
    let of_cache = ["ElastiCache", "MemoryDB"]
        .iter()
        .any(|word| description.starts_with(word));
    if managed && of_cache || requester == "amazon-elasticache" {
        return InterfaceKind::CacheNode;
    }
    // Containers of ECS, Fargate among them: the interface is the client's own.
    if !managed || description.starts_with("arn:") && description.contains(":ecs:") {
        return InterfaceKind::Machine;
    }
    let operator = interface.operator().and_then(|it| it.principal());
    let named = ["amazon-", "aws-"]
        .iter()
        .any(|prefix| requester.starts_with(prefix));
    let word = operator
        .or(Some(requester).filter(|_| named))
        .unwrap_or("requester-managed");
    InterfaceKind::Service(word.to_owned())
}

/// Private addresses: the primary one, further ones, then IPv6.
pub(super) fn addresses(interface: &NetworkInterface) -> Vec<IpAddr> {
    let secondary = interface
        .private_ip_addresses()
        .iter()
        .filter_map(|it| it.private_ip_address());
    let v6 = interface
        .ipv6_addresses()
        .iter()
        .filter_map(|it| it.ipv6_address());
    let all = interface
        .private_ip_address()
        .into_iter()
        .chain(secondary)
        .chain(v6);
    let mut addresses: Vec<IpAddr> = Vec::new();
    for each in all.filter_map(address) {
        if !addresses.contains(&each) {
            addresses.push(each);
        }
    }
    addresses
}

/// Public addresses that stand for it, sorted.
fn public_addresses(interface: &NetworkInterface) -> Vec<IpAddr> {
    let primary = interface.association().and_then(|it| it.public_ip());
    let others = interface.private_ip_addresses().iter();
    let others = others.filter_map(|it| it.association()?.public_ip());
    let mut all: Vec<_> = primary
        .into_iter()
        .chain(others)
        .filter_map(address)
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The first word of a description that begins so.
fn word_with<'a>(description: &'a str, prefix: &str) -> Option<&'a str> {
    description_of(description).find(|word| word.starts_with(prefix))
}
