//! Routes: one table for each network.
//!
//! Source: Compute Engine API v1, "Route" and `networks.listPeeringRoutes`.

use cachewarden_model::{
    AccountId, Destination, Fact, Gap, Provider, Region, ResourceId, Route, RouteOrigin,
    RouteState, RouteTable, RouteTarget,
};

use super::addresses::range;
use super::{odd, project, read, table_of};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::compute;

/// Priority of routes that name none.
///
/// Source: Virtual Private Cloud, "Routes".
const USUAL: u32 = 1000;

/// The table of a network. It is unknown as a whole if one line of it is.
pub(super) fn table(estate: &Estate, network: &ResourceId) -> RouteTable {
    let account = AccountId::from(project(network.as_str()));
    let routes = match estate.missing(Operation::Routes, &account) {
        Some(gap) => Fact::unknown(gap),
        None => match routes(estate, network) {
            Ok(routes) => Fact::Known(routes),
            Err(gap) => Fact::Unknown(gap),
        },
    };
    RouteTable {
        id: table_of(network),
        name: format!("routes of {}", super::last(network.as_str())),
        provider: Provider::Gcp,
        account,
        region: Region::from("global"),
        network: network.clone(),
        main: true,
        propagation: None,
        routes,
    }
}

fn routes(estate: &Estate, network: &ResourceId) -> Result<Vec<Route>, Box<Gap>> {
    let mut all = vec![];
    // Networks and their routes are of one project.
    let account = AccountId::from(project(network.as_str()));
    for value in estate.of(Operation::Routes, &account) {
        let it: compute::Route = read(&account, Operation::Routes, value)?;
        if estate.ids.resource(&it.network, &account) == *network {
            all.push(route(estate, &account, network, &it)?);
        }
    }
    // Custom routes that peerings brought; what of them was not read is a
    // gap of its own, since they never win over routes to subnets.
    let start = format!("{network}/peerings/");
    for (peering, found) in estate.peering_routes.range(start.clone()..) {
        if !peering.starts_with(&start) {
            break;
        }
        for value in &found.items {
            let it: compute::PeeringRoute = read(&account, Operation::PeeringRoutes, value)?;
            all.extend(brought(&account, peering, &it)?);
        }
    }
    all.sort_by_key(|it| (it.destination.clone(), it.priority, it.name.clone()));
    all.dedup();
    Ok(all)
}

fn destination(
    account: &AccountId,
    operation: Operation,
    text: &str,
) -> Result<Destination, Box<Gap>> {
    let wrong = || {
        Box::new(odd(
            account,
            operation,
            "the destination of a route is no range",
        ))
    };
    Ok(Destination::Cidr(range(text).ok_or_else(wrong)?))
}

fn route(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
    it: &compute::Route,
) -> Result<Route, Box<Gap>> {
    let (target, origin) = target(estate, account, network, it);
    let status = it.route_status.as_deref();
    let dead = it
        .warnings
        .iter()
        .any(|it| it.code.starts_with("NEXT_HOP_"));
    let state = match status {
        // Source: Compute Engine API v1, `routeStatus`.
        Some("DROPPED" | "INACTIVE" | "PENDING") => RouteState::Filtered,
        _ if dead => RouteState::Blackhole,
        _ => RouteState::Active,
    };
    let mut tags = it.tags.clone();
    tags.sort();
    Ok(Route {
        destination: destination(account, Operation::Routes, &it.dest_range)?,
        target,
        state,
        // A status is told of routes that a router learned, and of no others.
        origin: if status.is_some() {
            RouteOrigin::Propagated
        } else {
            origin
        },
        name: Some(it.name.clone()),
        priority: Some(it.priority.unwrap_or(USUAL)),
        tags,
    })
}

/// Where to, and who wrote it as far as the next hop tells.
fn target(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
    it: &compute::Route,
) -> (RouteTarget, RouteOrigin) {
    let id = |text: &str| estate.ids.resource(text, account);
    if let Some(name) = &it.next_hop_peering {
        let peering = ResourceId::from(format!("{network}/peerings/{name}"));
        return (RouteTarget::Peering(peering), RouteOrigin::Local);
    }
    if it.next_hop_network.is_some() {
        return (RouteTarget::Local, RouteOrigin::Local);
    }
    if let Some(hub) = &it.next_hop_hub {
        return (RouteTarget::TransitRouter(id(hub)), RouteOrigin::Local);
    }
    let target = if let Some(gateway) = &it.next_hop_gateway {
        if super::last(gateway) == "default-internet-gateway" {
            RouteTarget::Internet
        } else {
            RouteTarget::Other(estate.ids.relative(gateway, account))
        }
    } else if let Some(instance) = &it.next_hop_instance {
        RouteTarget::Interface(id(instance))
    } else if let Some(balancer) = &it.next_hop_ilb {
        match balancer.parse() {
            Ok(address) => RouteTarget::Appliance(address),
            Err(_) => RouteTarget::Endpoint(id(balancer)),
        }
    } else if let Some(address) = it.next_hop_ip.as_deref().and_then(|it| it.parse().ok()) {
        RouteTarget::Appliance(address)
    } else if let Some(tunnel) = &it.next_hop_vpn_tunnel {
        RouteTarget::VpnGateway(id(tunnel))
    } else if let Some(attachment) = &it.next_hop_interconnect_attachment {
        RouteTarget::VpnGateway(id(attachment))
    } else {
        RouteTarget::Other("a next hop that this version does not know".to_owned())
    };
    (target, RouteOrigin::Static)
}

/// A route that a peering brought; those to subnets stand among the network's
/// own, and those that were not taken are none.
fn brought(
    account: &AccountId,
    peering: &str,
    it: &compute::PeeringRoute,
) -> Result<Option<Route>, Box<Gap>> {
    let origin = match it.kind.as_deref() {
        Some("STATIC_PEERING_ROUTE") => RouteOrigin::Static,
        Some("DYNAMIC_PEERING_ROUTE") => RouteOrigin::Propagated,
        _ => return Ok(None),
    };
    if !it.imported {
        return Ok(None);
    }
    Ok(Some(Route {
        destination: destination(account, Operation::PeeringRoutes, &it.dest_range)?,
        target: RouteTarget::Peering(ResourceId::from(peering)),
        state: RouteState::Active,
        origin,
        name: None,
        priority: Some(it.priority.unwrap_or(USUAL)),
        tags: vec![],
    }))
}
