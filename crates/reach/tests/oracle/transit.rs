//! Transit gateways: attachments, zones, tables, and the network ACLs at the
//! gateway's own interfaces.
//!
//! Source: AWS Transit Gateway, "VPC attachments", "Availability Zones",
//! "Route evaluation order", "Network ACLs".

use cachewarden_model::{
    Destination, Direction, LinkState, Noun, ResourceId, RouteState, Snapshot, Subnet,
    TransitAttachment, TransitResource, TransitRoute, TransitRouteKind, TransitRouter, ZoneName,
};

use crate::lists;
use crate::packet::End;
use crate::routing::{Way, fits, nowhere, unread};
use crate::ruling::Judged;

/// Into the gateway by the attachment of one network, out by that of another.
pub(crate) fn cross<'a>(
    snapshot: &'a Snapshot,
    id: &ResourceId,
    from: End<'a>,
    to: End<'a>,
    port: u16,
) -> (Judged, Way<'a>) {
    let Some(router) = snapshot.transit_routers.iter().find(|it| it.id == *id) else {
        return unread(format!("{id} was not read"));
    };
    let Some(attachments) = router.attachments.value() else {
        return unread(format!("the attachments of {id}"));
    };
    let of = |network: &ResourceId| {
        let wanted = TransitResource::Network(network.clone());
        attachments.iter().find(move |it| it.resource == wanted)
    };
    let (entry, exit) = (of(&from.subnet.network), of(&to.subnet.network));
    let (Some(entry), Some(exit)) = (entry, exit) else {
        return nowhere(format!("{id} is not attached to both networks"));
    };
    let judged = carries(entry, from)
        .and(carries(exit, to))
        .and(has_interface_near(snapshot, entry, from, port))
        .and(is_routed(snapshot, router, entry, exit, to))
        .and(delivers(snapshot, exit, from, to, port));
    let switches = [
        &router.group_references,
        &entry.group_references,
        &exit.group_references,
    ];
    (judged, Way::Transit(switches))
}

/// Whether a gateway may have an interface in this subnet, so that the list at
/// its edge does not judge what comes from there.
pub(crate) fn may_be_beside(snapshot: &Snapshot, subnet: &Subnet) -> bool {
    let hidden = snapshot.gaps.iter().flat_map(|gap| &gap.hides);
    let mut hidden = hidden.filter(|noun| **noun == Noun::TransitRouters);
    let uses = |router: &TransitRouter| {
        router.attachments.value().is_none_or(|all| {
            let subnets = |it: &TransitAttachment| {
                it.subnets
                    .value()
                    .is_none_or(|ids| ids.contains(&subnet.id))
            };
            all.iter().any(subnets)
        })
    };
    hidden.next().is_some() || snapshot.transit_routers.iter().any(uses)
}

fn carries(attachment: &TransitAttachment, end: End<'_>) -> Judged {
    if attachment.state != LinkState::Active {
        return Judged::Drops(format!("{} is not available", attachment.id));
    }
    if end.address.is_ipv4() {
        return Judged::Passes;
    }
    match attachment.ipv6.value() {
        Some(true) => Judged::Passes,
        Some(false) => Judged::Drops(format!("{} carries no ipv6", attachment.id)),
        None => Judged::Doubtful(format!("whether {} carries ipv6", attachment.id)),
    }
}

/// A subnet reaches the gateway by the interface in its own zone only; the
/// list at that interface's subnet judges what comes in from the subnet.
fn has_interface_near(
    snapshot: &Snapshot,
    entry: &TransitAttachment,
    from: End<'_>,
    port: u16,
) -> Judged {
    let Some(ids) = entry.subnets.value() else {
        return Judged::Doubtful(format!("the subnets of {}", entry.id));
    };
    let mut absent = Judged::Drops(format!("{} has nothing in the zone", entry.id));
    for id in ids {
        let Some(subnet) = find(snapshot, id) else {
            absent = Judged::Doubtful(format!("the zone of {id}"));
            continue;
        };
        match same_zone(subnet, from.subnet) {
            Some(true) => {
                return lists::judge(snapshot, subnet, Direction::Ingress, from.address, port);
            }
            Some(false) => {}
            None => absent = Judged::Doubtful(format!("the zone of {id}")),
        }
    }
    absent
}

/// The table of the attachment by which the packet came in.
fn is_routed(
    snapshot: &Snapshot,
    router: &TransitRouter,
    entry: &TransitAttachment,
    exit: &TransitAttachment,
    to: End<'_>,
) -> Judged {
    let Some(association) = entry.table.value() else {
        return Judged::Doubtful(format!("the table of {}", entry.id));
    };
    let Some(table) = association else {
        return Judged::Drops(format!("{} has no table", entry.id));
    };
    let tables = router.tables.value();
    let found = tables.and_then(|all| all.iter().find(|it| it.id == *table));
    let Some(routes) = found.and_then(|it| it.routes.value()) else {
        return Judged::Doubtful(format!("the routes of {table}"));
    };
    let mut best: Option<(&TransitRoute, (u8, u8))> = None;
    let mut perhaps = vec![];
    for route in routes.iter().filter(|it| it.state != RouteState::Filtered) {
        let Some(length) = fits(snapshot, &route.destination, to) else {
            perhaps.push(leads(route, exit));
            continue;
        };
        let Some(length) = length else { continue };
        // Greater is better.
        let rank = match (&route.destination, route.kind) {
            (_, TransitRouteKind::Propagated) => 0,
            (Destination::PrefixList(_), TransitRouteKind::Static) => 1,
            (Destination::Cidr(_), TransitRouteKind::Static) => 2,
        };
        if best.is_none_or(|(_, worth)| (length, rank) > worth) {
            best = Some((route, (length, rank)));
        }
    }
    let none = || Judged::Drops(format!("{table} has no route to {}", to.address));
    let chosen = best.map_or_else(none, |(route, _)| leads(route, exit));
    perhaps.into_iter().fold(chosen, Judged::either)
}

fn leads(route: &TransitRoute, exit: &TransitAttachment) -> Judged {
    if route.state == RouteState::Blackhole {
        return Judged::Drops(format!("{:?} is a black hole", route.destination));
    }
    match route.attachments.as_slice() {
        [only] if *only == exit.id => Judged::Passes,
        _ => Judged::Doubtful(format!("what {:?} does", route.attachments)),
    }
}

/// Out by an interface of the exit, in the zone where the packet came from if
/// there is one. Within the interface's own subnet nothing judges; else its
/// list judges what goes out, and that of the receiver what comes in.
fn delivers(
    snapshot: &Snapshot,
    exit: &TransitAttachment,
    from: End<'_>,
    to: End<'_>,
    port: u16,
) -> Judged {
    let Some(ids) = exit.subnets.value() else {
        return Judged::Doubtful(format!("the subnets of {}", exit.id));
    };
    let all: Option<Vec<&Subnet>> = ids.iter().map(|id| find(snapshot, id)).collect();
    let Some(all) = all else {
        return Judged::Doubtful(format!("a subnet of {}", exit.id));
    };
    let keeps_zone = exit.appliance_mode.value() == Some(&false);
    let near: Vec<&Subnet> = all
        .iter()
        .copied()
        .filter(|it| keeps_zone && same_zone(it, from.subnet) == Some(true))
        .collect();
    let used = if near.is_empty() { all } else { near };
    let each = used.into_iter().map(|subnet| {
        if subnet.id == to.subnet.id {
            return Judged::Passes;
        }
        let out = lists::judge(snapshot, subnet, Direction::Egress, to.address, port);
        let into = lists::judge(snapshot, to.subnet, Direction::Ingress, from.address, port);
        out.and(into)
    });
    let none = || Judged::Drops(format!("{} has no interface", exit.id));
    each.reduce(Judged::either).unwrap_or_else(none)
}

fn find<'a>(snapshot: &'a Snapshot, id: &ResourceId) -> Option<&'a Subnet> {
    snapshot.subnets.iter().find(|it| it.id == *id)
}

/// Zones are told apart by their ids, which are the same for all accounts.
fn same_zone(one: &Subnet, other: &Subnet) -> Option<bool> {
    let (one, other): (&ZoneName, &ZoneName) = (one.zone.as_ref()?, other.zone.as_ref()?);
    match (&one.id, &other.id) {
        (Some(one), Some(other)) => Some(one == other),
        _ => Some(one.name == other.name),
    }
}
