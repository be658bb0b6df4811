//! Routes, peerings, transit routers and resolvers.

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Edit, LinkState, ResourceId, Route, RouteOrigin, RouteState, RouteTarget,
    TransitRoute, TransitRouteKind, TransitRouter,
};
use cachewarden_netset::Cidr;

use crate::estate::Estate;
use crate::intent::joined;
use crate::remedy::Remedy;

/// Edits of what lies between the subnets.
pub(super) fn propose(estate: &Estate<'_>, remedy: &Remedy) -> Result<Vec<Edit>, String> {
    match remedy {
        Remedy::AddRoute {
            table,
            from,
            to,
            address,
        } => add_route(estate, table, from, to, *address).map(|edit| vec![edit]),
        Remedy::DropRoute {
            table,
            destination,
            from,
            to,
            address,
        } => {
            let (Some(from), Some(to)) = (from, to) else {
                return Err(format!("give {table} a route to {address}"));
            };
            drop_route(estate, table, destination, from, to, *address)
        }
        Remedy::AcceptPeering(peering) => Ok(vec![Edit::SetPeeringState {
            peering: peering.clone(),
            state: LinkState::Active,
        }]),
        Remedy::AssociateTable {
            router,
            attachment,
            to,
        } => associate(estate, router, attachment, to),
        Remedy::AddZone {
            router,
            attachment,
            subnet,
        } => Ok(vec![Edit::AddTransitSubnet {
            router: router.clone(),
            attachment: attachment.clone(),
            subnet: subnet.clone(),
        }]),
        Remedy::EnableIpv6 { router, attachment } => Ok(vec![Edit::EnableTransitIpv6 {
            router: router.clone(),
            attachment: attachment.clone(),
        }]),
        Remedy::TransitRoute { .. } => transit_route(estate, remedy),
        Remedy::EnableResolver(network) => Ok(vec![Edit::EnableResolver {
            network: network.clone(),
        }]),
        _ => Ok(vec![]),
    }
}

/// The range of a network that holds an address.
fn range_of(estate: &Estate<'_>, network: &ResourceId, address: IpAddr) -> Cidr {
    estate
        .network(network)
        .and_then(|it| it.cidrs.iter().find(|cidr| cidr.contains(address)))
        .copied()
        .unwrap_or_else(|| Cidr::from(address))
}

/// What joins two networks: an active peering, a transit router, a peering
/// that still waits.
fn link(estate: &Estate<'_>, from: &ResourceId, to: &ResourceId) -> Option<RouteTarget> {
    let joins = |it: &&cachewarden_model::Peering| {
        (it.requester.network == *from && it.accepter.network == *to)
            || (it.requester.network == *to && it.accepter.network == *from)
    };
    let peering = |state: fn(&LinkState) -> bool| {
        estate
            .peerings_of(from)
            .filter(joins)
            .find(|it| state(&it.state))
            .map(|it| RouteTarget::Peering(it.id.clone()))
    };
    let attached =
        |router: &TransitRouter, network: &ResourceId| crate::path::is_attached(router, network);
    peering(|state| *state == LinkState::Active)
        .or_else(|| {
            estate
                .routers_of(from)
                .find(|router| attached(router, from) && attached(router, to))
                .map(|router| RouteTarget::TransitRouter(router.id.clone()))
        })
        .or_else(|| peering(|state| matches!(state, LinkState::Pending(_))))
}

fn route_to(
    estate: &Estate<'_>,
    from: &ResourceId,
    to: &ResourceId,
    destination: Destination,
) -> Result<Route, String> {
    if from == to {
        return Ok(Route {
            destination,
            target: RouteTarget::Local,
            state: RouteState::Active,
            origin: RouteOrigin::Static,
            name: None,
            priority: None,
            tags: vec![],
        });
    }
    let target = link(estate, from, to).ok_or_else(|| {
        // The same advice for both legs.
        let (from, to) = if from < to { (from, to) } else { (to, from) };
        if joined(estate, from, to) {
            format!("repair what joins {from} and {to}, then route to it on both sides")
        } else {
            format!("join {from} and {to} by a peering or a transit gateway, then route to it on both sides")
        }
    })?;
    Ok(Route {
        destination,
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: None,
        priority: None,
        tags: vec![],
    })
}

fn add_route(
    estate: &Estate<'_>,
    table: &ResourceId,
    from: &ResourceId,
    to: &ResourceId,
    address: IpAddr,
) -> Result<Edit, String> {
    let destination = Destination::Cidr(range_of(estate, to, address));
    let route = route_to(estate, from, to, destination)?;
    Ok(Edit::AddRoute {
        table: table.clone(),
        route,
    })
}

/// A route that leads astray: replaced where it is the network's own range,
/// removed where it is narrower, overruled where it is wider (a default
/// route serves others too).
fn drop_route(
    estate: &Estate<'_>,
    table: &ResourceId,
    destination: &Destination,
    from: &ResourceId,
    to: &ResourceId,
    address: IpAddr,
) -> Result<Vec<Edit>, String> {
    let range = range_of(estate, to, address);
    match destination {
        Destination::Cidr(cidr) if *cidr == range => {
            let route = route_to(estate, from, to, destination.clone())?;
            Ok(vec![Edit::ReplaceRoute {
                table: table.clone(),
                route,
            }])
        }
        Destination::Cidr(cidr) if cidr.covers(&range) => {
            add_route(estate, table, from, to, address).map(|edit| vec![edit])
        }
        _ => Ok(vec![Edit::RemoveRoute {
            table: table.clone(),
            destination: destination.clone(),
        }]),
    }
}

/// The only table there is, or one that leads to the other network.
fn associate(
    estate: &Estate<'_>,
    router: &ResourceId,
    attachment: &ResourceId,
    to: &ResourceId,
) -> Result<Vec<Edit>, String> {
    let advice = || format!("associate {attachment} with a route table of {router}");
    let found = estate.router(router).ok_or_else(advice)?;
    let tables = found.tables.value().ok_or_else(advice)?;
    let target = crate::path::attachment_of(found, to);
    let leads = |table: &&cachewarden_model::TransitTable| {
        table
            .routes
            .value()
            .into_iter()
            .flatten()
            .any(|route| target.is_some_and(|it| route.attachments.contains(&it.id)))
    };
    let table = match tables.as_slice() {
        [only] => only,
        several => several.iter().find(leads).ok_or_else(advice)?,
    };
    Ok(vec![Edit::AssociateTransitTable {
        router: router.clone(),
        attachment: attachment.clone(),
        table: table.id.clone(),
    }])
}

fn transit_route(estate: &Estate<'_>, remedy: &Remedy) -> Result<Vec<Edit>, String> {
    let Remedy::TransitRoute {
        router,
        table,
        attachment,
        to,
        address,
        blackhole,
    } = remedy
    else {
        return Ok(vec![]);
    };
    let range = range_of(estate, to, *address);
    let narrower = match blackhole {
        Some(Destination::Cidr(cidr)) => !cidr.covers(&range),
        Some(Destination::PrefixList(_)) => true,
        None => false,
    };
    if let Some(destination) = blackhole
        && narrower
    {
        return Ok(vec![Edit::RemoveTransitRoute {
            router: router.clone(),
            table: table.clone(),
            destination: destination.clone(),
        }]);
    }
    Ok(vec![Edit::AddTransitRoute {
        router: router.clone(),
        table: table.clone(),
        route: TransitRoute {
            destination: Destination::Cidr(range),
            attachments: vec![attachment.clone()],
            state: RouteState::Active,
            kind: TransitRouteKind::Static,
        },
    }])
}
