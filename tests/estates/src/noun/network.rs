//! Networks, subnets, route tables.

use std::collections::BTreeMap;

use cachewarden_model::{
    Destination, DnsServers, EncryptionControl, Fact, Network, Provider, PublicAccessBlock,
    ResourceId, Route, RouteOrigin, RouteState, RouteTable, RouteTarget, Subnet, TableAssociation,
};
use cachewarden_netset::Cidr;

use super::prefixes;
use crate::Place;
use crate::place::zone;

/// A VPC with DNS support and host names on.
pub fn network(place: Place, id: &str, name: &str, cidrs: &[&str]) -> Network {
    Network {
        gcp: None,
        id: id.into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        account: place.account(),
        region: place.region(),
        cidrs: prefixes(cidrs),
        dns_resolution: Fact::Known(true),
        dns_host_names: Fact::Known(true),
        dns_servers: Fact::Known(DnsServers::Provider),
        public_access_block: Fact::Known(PublicAccessBlock::Off),
        encryption_control: Fact::Default(EncryptionControl::Off),
        filters: Fact::Default(vec![]),
        internet_gateways: Fact::Known(vec![]),
        tags: BTreeMap::from([("Name".to_owned(), name.to_owned())]),
    }
}

/// A subnet in the zone with this number, counted from 1, under the network's
/// default ACL and main route table.
pub fn subnet(
    of: &Network,
    id: &str,
    number: u8,
    cidrs: &[&str],
    acl: &ResourceId,
    main: &ResourceId,
) -> Subnet {
    Subnet {
        gcp: None,
        id: id.into(),
        name: id.to_owned(),
        provider: Provider::Aws,
        account: of.account.clone(),
        region: of.region.clone(),
        network: of.id.clone(),
        zone: Some(zone(&of.region, number)),
        cidrs: prefixes(cidrs),
        filter: Fact::Known(Some(acl.clone())),
        route_table: Fact::Known(Some(TableAssociation {
            table: main.clone(),
            explicit: false,
        })),
        azure: None,
        tags: BTreeMap::new(),
    }
}

/// A route table with the routes that a network always has: its own ranges.
pub fn route_table(of: &Network, id: &str, main: bool) -> RouteTable {
    RouteTable {
        id: id.into(),
        name: id.to_owned(),
        provider: Provider::Aws,
        account: of.account.clone(),
        region: of.region.clone(),
        network: of.id.clone(),
        main,
        propagation: None,
        routes: Fact::Known(of.cidrs.iter().copied().map(local).collect()),
    }
}

/// The route to one of a network's own ranges.
pub fn local(range: Cidr) -> Route {
    Route {
        destination: Destination::Cidr(range),
        target: RouteTarget::Local,
        state: RouteState::Active,
        origin: RouteOrigin::Local,
        name: None,
        priority: None,
        tags: vec![],
    }
}

/// A route that the owner wrote; `pl-…` names a prefix list.
pub fn route(destination: &str, target: RouteTarget) -> Route {
    let destination = if destination.starts_with("pl-") {
        Destination::PrefixList(destination.into())
    } else {
        Destination::Cidr(super::range(destination))
    };
    Route {
        destination,
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: None,
        priority: None,
        tags: vec![],
    }
}

/// A route that a gateway learned.
pub fn propagated(destination: &str, target: RouteTarget) -> Route {
    Route {
        origin: RouteOrigin::Propagated,
        ..route(destination, target)
    }
}
