//! Where a network of Google Cloud sends a machine's packet.

mod policy;

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Fact, Gap, GapReason, Leg, Provider, ResourceId, Route, RouteOrigin, RouteState,
    RouteTable, RouteTarget, RuleId, Stage,
};

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::hybrid;
use crate::gcp::party::{Sender, gap};
use crate::peer::Tri;
use crate::route::destination;
use crate::step::{Judged, Recorder};

/// Where the address is that a packet is to reach.
#[derive(Clone, Copy)]
pub(crate) enum Want<'w> {
    /// In a subnet of the sender's own network.
    Subnet,
    /// Behind one of these peerings of the sender's network.
    Peering(&'w [&'w ResourceId]),
    /// In, or behind, this other network.
    Foreign(&'w ResourceId),
}

/// The routes of a sender's network.
///
/// # Errors
///
/// The gap, where they were not read.
pub(crate) fn table<'a>(
    estate: &Estate<'a>,
    sender: &Sender<'a>,
) -> Result<(&'a RouteTable, &'a [Route]), Box<Gap>> {
    let own = sender.subnet.map(|it| &it.route_table);
    let named = match own {
        Some(Fact::Unknown(gap)) => return Err(gap.clone()),
        Some(Fact::Known(it) | Fact::Default(it)) => it.as_ref().map(|it| it.table.clone()),
        None => None,
    };
    // One table serves a whole network.
    let id = named.unwrap_or_else(|| format!("{}/routes", sender.network).into());
    let table = estate.table(&id).ok_or_else(|| {
        gap(
            &id,
            GapReason::NotCollected,
            "the routes of this network were not read",
        )
    })?;
    match &table.routes {
        Fact::Known(routes) | Fact::Default(routes) => Ok((table, routes)),
        Fact::Unknown(gap) => Err(gap.clone()),
    }
}

/// What is to be said of a route.
struct Say {
    verdict: Tri,
    detail: String,
}

fn no(cause: Cause, text: impl std::fmt::Display) -> Say {
    Say {
        verdict: Tri::No,
        detail: cause.after(text),
    }
}

fn yes(text: impl Into<String>) -> Say {
    Say {
        verdict: Tri::Yes,
        detail: text.into(),
    }
}

fn unknown(gap: Box<Gap>) -> Say {
    Say {
        verdict: Tri::Unknown(gap),
        detail: String::new(),
    }
}

/// Sends a packet towards an address: policy-based routes first, then the
/// longest prefix, then the lowest priority.
///
/// Source: Virtual Private Cloud, "Routes", route selection order, and
/// "Policy-based routes".
pub(crate) fn send<'a>(
    estate: &Estate<'a>,
    sender: &Sender<'a>,
    to: IpAddr,
    want: Want<'_>,
    record: &mut impl Recorder,
) -> Tri {
    match policy::choose(estate, sender, to, record) {
        policy::Choice::None | policy::Choice::Default => {}
        policy::Choice::Elsewhere(tri) => return tri,
    }
    let (table, routes) = match table(estate, sender) {
        Ok(found) => found,
        Err(gap) => {
            record.record(|| {
                Judged::new(Leg::Request, Stage::Route, "network")
                    .resource(sender.network)
                    .unknown(gap.clone())
            });
            return Tri::Unknown(gap);
        }
    };
    let (best, doubt) = best(sender, routes, to);
    let step = |route: Option<&Route>| {
        Judged::new(Leg::Request, Stage::Route, "route-table")
            .resource(&table.id)
            .rule(route.map(line))
    };
    let foreign = matches!(want, Want::Foreign(_));
    let learned = hybrid::learned(estate, sender.network)
        .or_else(|| imported(estate, sender.network).filter(|_| foreign));
    let mut said: Vec<(Option<&Route>, Say)> = best
        .iter()
        .map(|route| (Some(*route), say(estate, route, to, want, learned.as_ref())))
        .collect();
    if best.is_empty() {
        said.push((
            None,
            match learned {
                Some(gap) => unknown(gap),
                None => no(Cause::NoRoute, format!("no route holds {to}")),
            },
        ));
    }
    let verdict = together(&said, doubt, table);
    let example = said
        .into_iter()
        .find(|(_, say)| same_kind(&say.verdict, &verdict));
    record.record(|| match (&verdict, example) {
        (Tri::Unknown(gap), example) => {
            step(example.and_then(|(route, _)| route)).unknown(gap.clone())
        }
        (Tri::Yes, Some((route, say))) => step(route).allow(say.detail),
        (_, Some((route, say))) => step(route).deny(say.detail).remedy(advice(route, to)),
        (_, None) => step(None).deny(Cause::NoRoute.after("no route")),
    });
    verdict
}

fn advice(route: Option<&Route>, to: IpAddr) -> crate::remedy::Remedy {
    crate::remedy::Remedy::Advice(match route.and_then(|it| it.name.as_deref()) {
        Some(name) if route.is_some_and(|it| it.origin == RouteOrigin::Static) => {
            format!("give the route {name} a next hop that works, or a range without {to}")
        }
        _ => format!("nothing leads to {to}: see what joins the network to the cache"),
    })
}

fn same_kind(one: &Tri, other: &Tri) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Equal routes share packets by a hash: all must lead there.
fn together(said: &[(Option<&Route>, Say)], doubt: Option<Box<Gap>>, table: &RouteTable) -> Tri {
    if let Some(gap) = doubt {
        return Tri::Unknown(gap);
    }
    let all = |kind: &Tri| said.iter().all(|(_, it)| same_kind(&it.verdict, kind));
    if all(&Tri::Yes) {
        return Tri::Yes;
    }
    if all(&Tri::No) {
        return Tri::No;
    }
    let known = said.iter().find_map(|(_, it)| match &it.verdict {
        Tri::Unknown(gap) => Some(gap.clone()),
        Tri::Yes | Tri::No => None,
    });
    Tri::Unknown(known.unwrap_or_else(|| {
        gap(
            &table.id,
            GapReason::NotOffered,
            "several routes of one priority hold the address, and which takes a packet is not told",
        )
    }))
}

/// The routes that take a packet, and why others may. Several where they are
/// equal.
fn best<'a>(
    sender: &Sender<'_>,
    routes: &'a [Route],
    to: IpAddr,
) -> (Vec<&'a Route>, Option<Box<Gap>>) {
    let mut fits: Vec<(u8, u32, &Route, Tri)> = vec![];
    for route in routes {
        let Destination::Cidr(cidr) = &route.destination else {
            continue;
        };
        if !cidr.contains(to) || route.state == RouteState::Filtered {
            continue;
        }
        match tagged(sender, route) {
            Tri::No => {}
            tri => fits.push((cidr.prefix_len(), rank(route), route, tri)),
        }
    }
    fits.sort_by_key(|(length, rank, ..)| (std::cmp::Reverse(*length), *rank));
    let sure = fits.iter().find(|(.., tri)| *tri == Tri::Yes);
    let key = sure.map(|(length, rank, ..)| (std::cmp::Reverse(*length), *rank));
    let mut doubt = None;
    for (length, rank, _, tri) in &fits {
        if let Tri::Unknown(gap) = tri
            && key.is_none_or(|key| (std::cmp::Reverse(*length), *rank) <= key)
        {
            doubt = Some(gap.clone());
        }
    }
    let Some(key) = key else {
        return (vec![], doubt);
    };
    let equal = fits
        .iter()
        .filter(|(length, rank, _, tri)| {
            *tri == Tri::Yes && (std::cmp::Reverse(*length), *rank) == key
        })
        .map(|(_, _, route, _)| *route);
    let equal: Vec<&Route> = equal.collect();
    // A dead next hop may leave the field to a route of a higher number.
    let dead = equal.iter().all(|it| it.state == RouteState::Blackhole);
    let behind = fits.iter().any(|(length, rank, route, _)| {
        (std::cmp::Reverse(*length), *rank) > key
            && std::cmp::Reverse(*length) == key.0
            && route.state == RouteState::Active
    });
    if let (true, true, Some(first)) = (dead, behind, equal.first()) {
        doubt.get_or_insert_with(|| {
            gap(
                line(first),
                GapReason::NotOffered,
                "the next hop of this route is dead; whether the route behind it takes over is \
                 not told",
            )
        });
    }
    (equal, doubt)
}

/// The place of a route among those of one prefix: routes of subnets first.
///
/// Source: Compute Engine API, `routes`, `priority`.
fn rank(route: &Route) -> u32 {
    match route.origin {
        RouteOrigin::Local => 0,
        RouteOrigin::Static | RouteOrigin::Propagated => {
            route.priority.unwrap_or(1000).saturating_add(1)
        }
    }
}

/// Whether a route is for the sender: it may be for machines with a tag.
fn tagged(sender: &Sender<'_>, route: &Route) -> Tri {
    match route.tags.is_empty() {
        true => Tri::Yes,
        false => crate::gcp::party::any(&route.tags, |tag| sender.has_tag(tag)),
    }
}

/// A route's name where it has one, else its destination.
pub(crate) fn line(route: &Route) -> RuleId {
    match &route.name {
        Some(name) => RuleId::from(name.as_str()),
        None => RuleId::from(destination(&route.destination)),
    }
}

/// Whether a route leads where the packet is to go.
fn say(
    estate: &Estate<'_>,
    route: &Route,
    to: IpAddr,
    want: Want<'_>,
    learned: Option<&Box<Gap>>,
) -> Say {
    let range = destination(&route.destination);
    if route.state == RouteState::Blackhole {
        return no(
            Cause::RouteBlackhole,
            format!("the next hop of the route to {range} is dead"),
        );
    }
    let default = matches!(&route.destination, Destination::Cidr(cidr) if cidr.is_any());
    match &route.target {
        RouteTarget::Local => match want {
            Want::Subnet => yes(format!("subnet route to {range}")),
            _ => no(
                Cause::RouteWrongNetwork,
                format!("{to} is an address of a subnet of the client's own network"),
            ),
        },
        RouteTarget::Peering(id) => peered(estate, route, id, to, want),
        RouteTarget::Internet | RouteTarget::InternetGateway(_) => match learned {
            // A longer prefix may have been learned.
            Some(gap) if default => unknown(gap.clone()),
            _ => no(
                Cause::PrivateTrafficToInternet,
                format!("only the route to {range} holds {to}, and it leads to the internet"),
            ),
        },
        RouteTarget::Drop => no(
            Cause::RouteBlackhole,
            format!("the route to {range} drops packets"),
        ),
        other => {
            let through = crate::path::target(other);
            unknown(gap(
                &through,
                GapReason::Unmodelled,
                format!(
                    "the route to {range} leads through {through}, and what becomes of packets \
                     there is not read"
                ),
            ))
        }
    }
}

/// What a route by a peering means.
fn peered(estate: &Estate<'_>, route: &Route, id: &ResourceId, to: IpAddr, want: Want<'_>) -> Say {
    let name = estate
        .peering(id)
        .map_or(id.as_str(), |it| it.name.as_str());
    let far = estate.peering(id).map(|it| &it.accepter.network);
    let wrong = || {
        no(
            Cause::RouteWrongNetwork,
            format!("the route to {to} leads by the peering {name}, behind which the cache is not"),
        )
    };
    match want {
        Want::Peering(right) if right.contains(&id) => yes(format!("peering route by {name}")),
        Want::Foreign(network) if far == Some(network) => {
            yes(format!("peering route by {name} into {network}"))
        }
        Want::Foreign(_) if route.origin != RouteOrigin::Local => unknown(gap(
            id,
            GapReason::Unmodelled,
            "a route that the other side of this peering offers leads on from there, and its way \
             is not read",
        )),
        _ => wrong(),
    }
}

/// Why there may be routes to an address that no table of the snapshot holds,
/// for a network that another joins with its own routes.
fn imported(estate: &Estate<'_>, network: &ResourceId) -> Option<Box<Gap>> {
    let mut own = estate
        .peerings_of(network)
        .filter(|it| it.provider == Provider::Gcp && it.requester.network == *network);
    let taking = own.find(|it| {
        it.requester.imports_routes == Some(true) && !super::peering::is_of_the_cloud(&it.name)
    })?;
    Some(gap(
        &taking.id,
        GapReason::NotOffered,
        "routes that the other side of this peering offers are taken, and may not be listed",
    ))
}
