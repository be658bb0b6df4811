//! Routes and peerings: the longest prefix decides; of one length, what the
//! owner wrote comes before prefix lists and both before what was learned.

use cachewarden_model::{
    Destination, Direction, Fact, Leg, LinkState, Peering, ResourceId, Route, RouteOrigin,
    RouteState, RouteTarget, Snapshot,
};

use crate::lists;
use crate::packet::End;
use crate::ruling::Judged;
use crate::transit;

/// How a packet gets from one network to another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Way<'a> {
    /// It stays in its network.
    Inside,
    /// Over a peering.
    Peering(&'a Peering),
    /// Over a transit gateway; the switches for group references of the
    /// gateway and of both attachments.
    Transit([&'a Fact<bool>; 3]),
    /// Through an inspection that keeps addresses; what it lets on is not
    /// known.
    Inspected,
    /// It is dropped.
    Nowhere,
    /// By routes or a link that were not read; addresses stay what they are.
    Unread,
    /// Through a machine that may put an address of its own.
    Unclear,
}

/// From the edge of one subnet into another one.
pub(crate) fn carry<'a>(
    snapshot: &'a Snapshot,
    leg: Leg,
    from: End<'a>,
    to: End<'a>,
    port: u16,
) -> (Judged, Way<'a>) {
    let unread = |what: String| {
        let inside = from.subnet.network == to.subnet.network;
        let (doubt, way) = unread(what);
        // Where a gateway may sit beside the receiver, the list at the edge of
        // their subnet may have no say.
        if inside || !transit::may_be_beside(snapshot, to.subnet) {
            return (doubt.and(enters(snapshot, from, to, port)), way);
        }
        (doubt, way)
    };
    let Some(association) = from.subnet.route_table.value() else {
        return unread(format!("the route table of {}", from.subnet.id));
    };
    let Some(association) = association else {
        return unread(format!("{} has no route table", from.subnet.id));
    };
    let table = snapshot
        .route_tables
        .iter()
        .find(|it| it.id == association.table);
    let Some(routes) = table.and_then(|it| it.routes.value()) else {
        return unread(format!("the routes of {}", association.table));
    };
    let mut ways = candidates(snapshot, routes, to)
        .into_iter()
        .map(|choice| match choice {
            Some(route) => follow(snapshot, route, leg, from, to, port),
            None => nowhere(format!(
                "{} has no route to {}",
                association.table, to.address
            )),
        });
    let first = ways
        .next()
        .unwrap_or_else(|| unclear("no candidate".to_owned()));
    ways.fold(first, |(judged, way), (other, other_way)| {
        let way = if way == other_way { way } else { Way::Unclear };
        (judged.either(other), way)
    })
}

/// The routes that may decide: one if all is known, none (`None`) where no
/// route fits, several where it cannot be told.
fn candidates<'a>(
    snapshot: &'a Snapshot,
    routes: &'a [Route],
    to: End<'a>,
) -> Vec<Option<&'a Route>> {
    let mut best: Vec<(&Route, (u8, u8))> = vec![];
    let mut perhaps = vec![];
    for route in routes.iter().filter(|it| it.state != RouteState::Filtered) {
        let Some(length) = fits(snapshot, &route.destination, to) else {
            perhaps.push(Some(route));
            continue;
        };
        let Some(length) = length else { continue };
        // Greater is better.
        let rank = match (&route.destination, route.origin) {
            (_, RouteOrigin::Propagated) => 0,
            (Destination::PrefixList(_), _) => 1,
            (Destination::Cidr(_), _) => 2,
        };
        let worth = (length, rank);
        match best.first().map(|(_, other)| *other) {
            Some(other) if worth < other => {}
            Some(other) if worth == other => best.push((route, worth)),
            _ => best = vec![(route, worth)],
        }
    }
    let mut chosen: Vec<Option<&Route>> = best.into_iter().map(|(route, _)| Some(route)).collect();
    if chosen.is_empty() {
        chosen.push(None);
    }
    chosen.extend(perhaps);
    chosen
}

/// The length of the longest prefix of a destination that covers an address:
/// `None` if that cannot be told, `Some(None)` if none does.
pub(crate) fn fits(
    snapshot: &Snapshot,
    destination: &Destination,
    to: End<'_>,
) -> Option<Option<u8>> {
    let ranges = match destination {
        Destination::Cidr(range) => std::slice::from_ref(range),
        Destination::PrefixList(id) => {
            let list = snapshot.prefix_lists.iter().find(|it| it.id == *id)?;
            list.entries.value()?
        }
    };
    let covering = ranges.iter().filter(|range| range.contains(to.address));
    Some(covering.map(cachewarden_netset::Cidr::prefix_len).max())
}

fn follow<'a>(
    snapshot: &'a Snapshot,
    route: &Route,
    leg: Leg,
    from: End<'a>,
    to: End<'a>,
    port: u16,
) -> (Judged, Way<'a>) {
    let inside = from.subnet.network == to.subnet.network;
    if route.state == RouteState::Blackhole {
        return nowhere(format!("{route:?} is a black hole"));
    }
    match &route.target {
        RouteTarget::Local if inside => (enters(snapshot, from, to, port), Way::Inside),
        RouteTarget::Local => nowhere("taken for the network's own".to_owned()),
        RouteTarget::Peering(_) | RouteTarget::TransitRouter(_) if inside => {
            unclear("out of the network and back".to_owned())
        }
        RouteTarget::Peering(id) => over_peering(snapshot, id, from, to, port),
        RouteTarget::TransitRouter(id) => transit::cross(snapshot, id, from, to, port),
        RouteTarget::InternetGateway(_)
        | RouteTarget::EgressOnlyGateway(_)
        | RouteTarget::Internet
        | RouteTarget::Drop => nowhere("private addresses end there".to_owned()),
        // A gateway lets back only what it sent out itself; what it sends out
        // has another source.
        RouteTarget::NatGateway(_) if leg == Leg::Reply => {
            nowhere("the answer would come from a gateway".to_owned())
        }
        // An endpoint of a Gateway Load Balancer hands on the packet as it is
        // and lies in a subnet of its own.
        RouteTarget::Endpoint(id) => {
            let doubt = Judged::Doubtful(format!("what lies behind {id}"));
            (doubt.and(enters(snapshot, from, to, port)), Way::Inspected)
        }
        RouteTarget::NatGateway(id) | RouteTarget::VpnGateway(id) | RouteTarget::Interface(id) => {
            unclear(format!("what {id} does"))
        }
        RouteTarget::Appliance(_) | RouteTarget::Other(_) => {
            unclear("what another machine does".to_owned())
        }
    }
}

fn over_peering<'a>(
    snapshot: &'a Snapshot,
    id: &ResourceId,
    from: End<'a>,
    to: End<'a>,
    port: u16,
) -> (Judged, Way<'a>) {
    let Some(peering) = snapshot.peerings.iter().find(|it| it.id == *id) else {
        let (doubt, way) = unread(format!("{id} was not read"));
        return (doubt.and(enters(snapshot, from, to, port)), way);
    };
    let (one, other) = (&peering.requester.network, &peering.accepter.network);
    let (here, there) = (&from.subnet.network, &to.subnet.network);
    let joins = (one == here && other == there) || (one == there && other == here);
    if peering.state != LinkState::Active || !joins {
        return nowhere(format!("{id} does not lead there"));
    }
    (enters(snapshot, from, to, port), Way::Peering(peering))
}

/// The list at the edge of the subnet that is entered.
fn enters(snapshot: &Snapshot, from: End<'_>, to: End<'_>, port: u16) -> Judged {
    lists::judge(snapshot, to.subnet, Direction::Ingress, from.address, port)
}

/// It cannot be told.
pub(crate) fn unclear<'a>(why: String) -> (Judged, Way<'a>) {
    (Judged::Doubtful(why), Way::Unclear)
}

/// It was not read.
pub(crate) fn unread<'a>(what: String) -> (Judged, Way<'a>) {
    (Judged::Doubtful(what), Way::Unread)
}

/// It is dropped.
pub(crate) fn nowhere<'a>(why: String) -> (Judged, Way<'a>) {
    (Judged::Drops(why), Way::Nowhere)
}
