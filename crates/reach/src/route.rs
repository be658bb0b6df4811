//! Which route a packet takes: longest prefix, then preference.

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Fact, Gap, Route, RouteOrigin, RouteState, TransitRoute, TransitRouteKind,
};

use crate::estate::Estate;
use crate::peer::{Tri, in_list};

/// The outcome of a look-up.
pub(crate) enum Choice<'a, R> {
    /// This route takes the packet.
    Route(&'a R),
    /// None does.
    None,
    /// It cannot be told which one does.
    Unknown(Box<Gap>),
}

/// A line of a route table, of a network or of a transit router.
pub(crate) trait Line: PartialEq {
    fn destination(&self) -> &Destination;
    /// Among routes of one prefix the lowest wins.
    fn rank(&self) -> (u32, u32);
    /// Whether it counts at all.
    fn counts(&self) -> bool;
    /// Whether it does the same with a packet as another.
    fn leads_like(&self, other: &Self) -> bool;
}

impl Line for Route {
    fn destination(&self) -> &Destination {
        &self.destination
    }

    /// Source: Amazon VPC User Guide, "Route priority": for one prefix,
    /// static before prefix list before propagated.
    fn rank(&self) -> (u32, u32) {
        let origin = match (&self.destination, self.origin) {
            (_, RouteOrigin::Local) => 0,
            (Destination::Cidr(_), RouteOrigin::Static) => 1,
            (Destination::PrefixList(_), RouteOrigin::Static) => 2,
            (_, RouteOrigin::Propagated) => 3,
        };
        (origin, self.priority.unwrap_or(0))
    }

    fn counts(&self) -> bool {
        self.state != RouteState::Filtered
    }

    fn leads_like(&self, other: &Self) -> bool {
        self.target == other.target && self.state == other.state
    }
}

impl Line for TransitRoute {
    fn destination(&self) -> &Destination {
        &self.destination
    }

    /// Source: AWS Transit Gateway, "Route evaluation order": for one prefix,
    /// static before prefix list before propagated.
    fn rank(&self) -> (u32, u32) {
        let kind = match (&self.destination, self.kind) {
            (Destination::Cidr(_), TransitRouteKind::Static) => 1,
            (Destination::PrefixList(_), TransitRouteKind::Static) => 2,
            (_, TransitRouteKind::Propagated) => 3,
        };
        (kind, 0)
    }

    fn counts(&self) -> bool {
        self.state != RouteState::Filtered
    }

    fn leads_like(&self, other: &Self) -> bool {
        self.attachments == other.attachments && self.state == other.state
    }
}

/// The route that takes packets to an address.
///
/// A route over a prefix list that was not read may take any packet; the
/// answer is unknown then, unless it leads where the chosen route does, or
/// the chosen route is one for the very address, which no list overrules.
pub(crate) fn choose<'a, R: Line>(
    estate: &Estate<'_>,
    routes: &'a [R],
    address: IpAddr,
) -> Choice<'a, R> {
    let mut best: Option<(u8, &R)> = None;
    let mut doubtful: Vec<(&R, Box<Gap>)> = vec![];
    for route in routes.iter().filter(|route| route.counts()) {
        let length = match route.destination() {
            Destination::Cidr(cidr) => {
                if !cidr.contains(address) {
                    continue;
                }
                cidr.prefix_len()
            }
            Destination::PrefixList(id) => match in_list(estate, id, address) {
                Tri::No => continue,
                Tri::Yes => longest(estate, id, address),
                Tri::Unknown(gap) => {
                    doubtful.push((route, gap));
                    continue;
                }
            },
        };
        let better = best.is_none_or(|(most, other)| {
            length > most || (length == most && route.rank() < other.rank())
        });
        if better {
            best = Some((length, route));
        }
    }
    let host = if address.is_ipv4() { 32 } else { 128 };
    let Some((length, chosen)) = best else {
        return match doubtful.into_iter().next() {
            Some((_, gap)) => Choice::Unknown(gap),
            None => Choice::None,
        };
    };
    if length == host && chosen.rank().0 <= 1 {
        return Choice::Route(chosen);
    }
    let mut elsewhere = doubtful
        .into_iter()
        .filter(|(route, _)| !route.leads_like(chosen));
    match elsewhere.next() {
        Some((_, gap)) => Choice::Unknown(gap),
        None => Choice::Route(chosen),
    }
}

fn longest(estate: &Estate<'_>, id: &cachewarden_model::ResourceId, address: IpAddr) -> u8 {
    let entries = estate.list(id).map(|list| &list.entries);
    match entries {
        Some(Fact::Known(entries) | Fact::Default(entries)) => entries
            .iter()
            .filter(|cidr| cidr.contains(address))
            .map(cachewarden_netset::Cidr::prefix_len)
            .max()
            .unwrap_or(0),
        _ => 0,
    }
}

/// A route's destination in words: what blame names as its line.
pub(crate) fn destination(destination: &Destination) -> String {
    match destination {
        Destination::Cidr(cidr) => cidr.to_string(),
        Destination::PrefixList(id) => id.to_string(),
    }
}

#[cfg(test)]
mod tests;
