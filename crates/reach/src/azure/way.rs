//! Where a subnet of Azure sends a packet: routes of its owner, and those
//! that every network has without their being listed.

mod apart;
mod public;
mod system;

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Fact, Gap, GapReason, Leg, ResourceId, Route, RouteTarget, RuleId, Stage,
};
use cachewarden_netset::{AddressSet, Family};

use crate::azure::party::{Party, gap};
use crate::azure::peering::across;
use crate::estate::Estate;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::route::destination;
use crate::step::{Judged, Recorder};

use apart::{apart, longer};
pub(crate) use public::public;
use system::{beats_endpoint, system_length};

/// What a private address belongs to, as far as routes tell it apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A private endpoint, to which its network and its peers have a route of
    /// one address.
    Endpoint,
    /// Anything else.
    Other,
}

/// The owner's routes of a subnet: the table, and its lines.
struct Table<'a> {
    id: &'a ResourceId,
    routes: &'a [Route],
    propagation: bool,
}

/// The owner's table of a subnet; none where it has none.
fn table<'a>(estate: &Estate<'a>, party: &Party<'a>) -> Result<Option<Table<'a>>, Box<Gap>> {
    let Some(subnet) = party.subnet else {
        return Err(gap(
            format!("subnet of {}", party.words()),
            GapReason::NotCollected,
            "no known subnet holds this address",
        ));
    };
    let Some(association) = subnet
        .route_table
        .get()
        .map_err(|gap| Box::new(gap.clone()))?
    else {
        return Ok(None);
    };
    let unread = || {
        gap(
            &association.table,
            GapReason::NotCollected,
            "this route table was not read",
        )
    };
    let table = estate.table(&association.table).ok_or_else(unread)?;
    match &table.routes {
        Fact::Known(routes) | Fact::Default(routes) => Ok(Some(Table {
            id: &table.id,
            routes,
            propagation: table.propagation != Some(false),
        })),
        Fact::Unknown(gap) => Err(gap.clone()),
    }
}

/// Sends a packet to a private address.
///
/// Source: Azure Virtual Network, "Virtual network traffic routing": the
/// longest prefix wins; for one prefix a user route beats a learned one, that
/// beats a system route; system routes of the network and its peers beat
/// learned ones of any length. Azure Private Link, "Manage network policies
/// for private endpoints": the endpoint's own route of one address is
/// overridden by a shorter user route only where the endpoint's subnet has
/// policies for routes, and the prefix is at least as specific as the
/// network's address space.
pub(crate) fn private<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &Party<'a>,
    to: &Party<'a>,
    kind: Kind,
    record: &mut impl Recorder,
) -> Tri {
    let table = match table(estate, from) {
        Ok(table) => table,
        Err(gap) => {
            record.record(|| Judged::new(leg, Stage::Route, "subnet").unknown(gap.clone()));
            return Tri::Unknown(gap);
        }
    };
    let here = from.network();
    let joined = match (here, to.network()) {
        (Some(one), Some(other)) if one == other => Joined::Same,
        (Some(one), Some(other)) if is_peered(estate, one, other) => Joined::Peer,
        _ => Joined::No,
    };
    let chosen = match table
        .as_ref()
        .map(|it| choose(estate, it, to, kind, joined))
    {
        None | Some(Ok(None)) => None,
        Some(Ok(Some(route))) => Some(route),
        Some(Err(gap)) => {
            record.record(|| {
                let step = Judged::new(leg, Stage::Route, "route-table").unknown(gap.clone());
                match &table {
                    Some(table) => step.resource(table.id),
                    None => step,
                }
            });
            return Tri::Unknown(gap);
        }
    };
    if let (Some(route), Some(table)) = (chosen, &table) {
        if joined == Joined::No
            && let Some(gap) = longer(estate, from, to, table, route)
        {
            record.record(|| {
                Judged::new(leg, Stage::Route, "route-table")
                    .resource(table.id)
                    .unknown(gap.clone())
            });
            return Tri::Unknown(gap);
        }
        return follow(leg, to, table, route, joined, record);
    }
    let step = || {
        let step = Judged::new(leg, Stage::Route, "system-route");
        match here {
            Some(network) => step.resource(network),
            None => step,
        }
    };
    match joined {
        Joined::Same => {
            record.record(|| step().allow("system route of the network"));
            Tri::Yes
        }
        Joined::Peer => {
            record.record(|| step().allow("system route to the peer"));
            across(estate, leg, from, to, record)
        }
        Joined::No => apart(estate, from, to, table.as_ref(), &step, record),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined {
    Same,
    Peer,
    No,
}

fn is_peered(estate: &Estate<'_>, one: &ResourceId, other: &ResourceId) -> bool {
    estate.peerings_of(one).any(|it| {
        let ends = (&it.requester.network, &it.accepter.network);
        ends == (one, other) || ends == (other, one)
    })
}

/// The route of the owner's that takes packets to a private address; none
/// where the system's own do.
fn choose<'a>(
    estate: &Estate<'a>,
    table: &Table<'a>,
    to: &Party<'a>,
    kind: Kind,
    joined: Joined,
) -> Result<Option<&'a Route>, Box<Gap>> {
    let system = system_length(estate, to, joined);
    let unread = || {
        gap(
            format!("address space around {}", to.words()),
            GapReason::NotCollected,
            "no known range of a network that was read holds this address",
        )
    };
    let mut best: Option<(u8, &Route)> = None;
    for route in table.routes {
        let Destination::Cidr(cidr) = &route.destination else {
            // A service tag stands for public prefixes.
            continue;
        };
        let range = AddressSet::from(*cidr);
        if range.is_disjoint(&to.addresses) {
            continue;
        }
        let counts = match kind {
            Kind::Endpoint if joined != Joined::No => beats_endpoint(estate, cidr, to)?,
            // How long the system's own route is was not read.
            _ if joined != Joined::No && system.is_none() => return Err(unread()),
            _ => system.is_none_or(|length| cidr.prefix_len() >= length),
        };
        if !counts {
            continue;
        }
        if !to.addresses.is_subset(&range) {
            return Err(gap(
                table.id,
                GapReason::NotOffered,
                format!("the route to {cidr} holds some of the addresses in question"),
            ));
        }
        if best.is_none_or(|(length, _)| cidr.prefix_len() > length) {
            best = Some((cidr.prefix_len(), route));
        }
    }
    Ok(best.map(|(_, route)| route))
}

/// A route's name where it has one, else its destination.
fn line(route: &Route) -> RuleId {
    match &route.name {
        Some(name) => RuleId::from(name.as_str()),
        None => RuleId::from(destination(&route.destination)),
    }
}

fn follow(
    leg: Leg,
    to: &Party<'_>,
    table: &Table<'_>,
    route: &Route,
    joined: Joined,
    record: &mut impl Recorder,
) -> Tri {
    let step = || {
        Judged::new(leg, Stage::Route, "route-table")
            .resource(table.id)
            .rule(line(route))
    };
    let range = destination(&route.destination);
    let unsure = |through: &str, record: &mut dyn FnMut(Box<Gap>)| {
        let gap = gap(
            through,
            GapReason::Unmodelled,
            format!("the route to {range} leads through {through}, whose own rules are not read"),
        );
        record(gap.clone());
        Tri::Unknown(gap)
    };
    let mut tell = |gap: Box<Gap>| record.record(|| step().unknown(gap));
    match &route.target {
        RouteTarget::Local if joined == Joined::Same => {
            record.record(|| step().allow("stays in the network"));
            Tri::Yes
        }
        RouteTarget::Internet | RouteTarget::Drop => {
            let why = match route.target {
                RouteTarget::Drop => format!("the route to {range} drops packets (None)"),
                _ => format!(
                    "the route to {range} leads to the internet, where {} is not",
                    to.words()
                ),
            };
            record.record(|| {
                step().deny(why).remedy(Remedy::RemoveRoute {
                    table: table.id.clone(),
                    destination: route.destination.clone(),
                })
            });
            Tri::No
        }
        other => unsure(&crate::path::target(other), &mut tell),
    }
}

/// Whether an address is of a family.
pub(crate) fn is_family(address: IpAddr, family: Family) -> bool {
    address.is_ipv4() == (family == Family::V4)
}
