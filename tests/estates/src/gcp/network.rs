//! Networks, subnets, routes.

use std::collections::BTreeMap;

use cachewarden_model::network::{FirewallOrder, GcpNetwork, GcpSubnet};
use cachewarden_model::{
    Destination, DnsServers, EncryptionControl, Fact, Network, Provider, PublicAccessBlock, Region,
    ResourceId, Route, RouteOrigin, RouteState, RouteTable, RouteTarget, Subnet, TableAssociation,
};
use cachewarden_netset::Cidr;

use super::id;
use crate::Estate;

pub(super) fn range(text: &str) -> Cidr {
    text.parse().expect("a range")
}

/// A network in the default order that no filter guards in any region.
pub fn network(id: &str) -> Network {
    Network {
        id: id.into(),
        name: id::name_of(id).to_owned(),
        provider: Provider::Gcp,
        account: id::project_of(id).into(),
        region: "global".into(),
        cidrs: vec![],
        dns_resolution: Fact::Known(true),
        dns_host_names: Fact::Known(true),
        dns_servers: Fact::Known(DnsServers::Provider),
        public_access_block: Fact::Default(PublicAccessBlock::Off),
        encryption_control: Fact::Default(EncryptionControl::Off),
        filters: Fact::Default(vec![]),
        internet_gateways: Fact::Default(vec![]),
        gcp: Some(Box::new(GcpNetwork {
            order: FirewallOrder::PoliciesLast,
            filters: BTreeMap::new(),
            policy_routes: Fact::Known(vec![]),
            global_routing: false,
            hub: Fact::Known(None),
            allocated: Fact::Known(vec![]),
            hybrid: Fact::Known(vec![]),
            routers: Fact::Known(vec![]),
            shared_with: Fact::Known(vec![]),
            legacy: false,
        })),
        tags: BTreeMap::new(),
    }
}

/// Filters that guard the machines of a network in a region, in the order in
/// which they are asked.
pub fn guarded(network: &mut Network, region: &str, filters: &[&str]) {
    let gcp = network.gcp.as_mut().expect("a network of Google Cloud");
    let filters: Vec<ResourceId> = filters.iter().copied().map(ResourceId::from).collect();
    gcp.filters
        .insert(Region::from(region), Fact::Known(filters));
}

/// A subnet of machines with a primary range and secondary ones by name.
pub fn subnet(network: &str, id: &str, primary: &str, secondary: &[(&str, &str)]) -> Subnet {
    let secondary: BTreeMap<String, Cidr> = secondary
        .iter()
        .map(|(name, text)| ((*name).to_owned(), range(text)))
        .collect();
    let mut cidrs: Vec<Cidr> = secondary.values().copied().collect();
    cidrs.push(range(primary));
    cidrs.sort();
    Subnet {
        id: id.into(),
        name: id::name_of(id).to_owned(),
        provider: Provider::Gcp,
        account: id::project_of(id).into(),
        region: id::region_of(id).into(),
        network: network.into(),
        zone: None,
        cidrs,
        filter: Fact::Default(None),
        route_table: Fact::Known(Some(TableAssociation {
            table: id::routes(network).into(),
            explicit: false,
        })),
        azure: None,
        gcp: Some(Box::new(GcpSubnet {
            purpose: Some("PRIVATE".to_owned()),
            secondary,
            routes_may_overlap: false,
        })),
        tags: BTreeMap::new(),
    }
}

/// The route table of a network: the way to the internet, and nothing else.
pub fn table(network: &str) -> RouteTable {
    RouteTable {
        id: id::routes(network).into(),
        name: format!("routes of {}", id::name_of(network)),
        provider: Provider::Gcp,
        account: id::project_of(network).into(),
        region: "global".into(),
        network: network.into(),
        main: true,
        propagation: None,
        routes: Fact::Known(vec![route(
            "default-internet",
            "0.0.0.0/0",
            1000,
            RouteTarget::Internet,
        )]),
    }
}

/// A route of the owner's, for all machines.
pub fn route(name: &str, destination: &str, priority: u32, target: RouteTarget) -> Route {
    Route {
        destination: Destination::Cidr(range(destination)),
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: Some(name.to_owned()),
        priority: Some(priority),
        tags: vec![],
    }
}

/// The route to a range of a subnet.
pub fn subnet_route(cidr: Cidr) -> Route {
    Route {
        destination: Destination::Cidr(cidr),
        origin: RouteOrigin::Local,
        ..route(
            &written("default-route", cidr),
            "0.0.0.0/0",
            0,
            RouteTarget::Local,
        )
    }
}

/// The route to a range of a subnet on the other side of a peering.
pub fn peering_route(peering: &str, cidr: Cidr) -> Route {
    Route {
        destination: Destination::Cidr(cidr),
        origin: RouteOrigin::Local,
        ..route(
            &written("peering-route", cidr),
            "0.0.0.0/0",
            0,
            RouteTarget::Peering(peering.into()),
        )
    }
}

/// A name that follows from the range, in the shape of the cloud's own.
fn written(prefix: &str, cidr: Cidr) -> String {
    let text = cidr.to_string().replace(['.', ':', '/'], "-");
    format!("{prefix}-{text}")
}

/// Adds a network with its filter of own rules and its route table.
pub fn add_network(estate: &mut Estate, id: &str) {
    estate.snapshot.networks.push(network(id));
    estate.snapshot.filters.push(super::firewalls(id, []));
    estate.snapshot.route_tables.push(table(id));
}

/// Adds a subnet with its routes.
pub fn add_subnet(estate: &mut Estate, subnet: Subnet) {
    let routes = subnet.cidrs.iter().copied().map(subnet_route);
    let table = id::routes(subnet.network.as_str());
    estate.routes_mut(&table).extend(routes);
    estate.snapshot.subnets.push(subnet);
}
