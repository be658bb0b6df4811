//! Security groups: every rule of every group that an interface carries is
//! read, one that admits is enough, and what none admits is dropped.

use std::net::IpAddr;

use cachewarden_model::{
    Direction, Fact, LinkState, Peer, PeerLink, ResourceId, Rule, Service, Snapshot,
};
use cachewarden_netset::Protocol;

use crate::packet::Packet;
use crate::routing::Way;
use crate::ruling::Judged;

/// The far side of a packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Far<'a> {
    /// Its address.
    pub address: IpAddr,
    /// The groups that it carries.
    pub groups: &'a Fact<Vec<ResourceId>>,
}

/// Yes, no, or not to be told.
type Maybe = Option<bool>;

/// Whether the client's groups let the packet out.
pub(crate) fn leaving(snapshot: &Snapshot, packet: &Packet<'_>, way: &Way<'_>) -> Judged {
    let near = &packet.client.filters;
    judge(
        snapshot,
        near,
        Direction::Egress,
        packet,
        packet.receiver(),
        way,
    )
}

/// Whether the cache's groups let the packet in.
pub(crate) fn entering(snapshot: &Snapshot, packet: &Packet<'_>, way: &Way<'_>) -> Judged {
    let near = &packet.cache.filters;
    judge(
        snapshot,
        near,
        Direction::Ingress,
        packet,
        packet.sender(),
        way,
    )
}

fn judge(
    snapshot: &Snapshot,
    near: &Fact<Vec<ResourceId>>,
    direction: Direction,
    packet: &Packet<'_>,
    far: Far<'_>,
    way: &Way<'_>,
) -> Judged {
    let Some(groups) = near.value() else {
        return Judged::Doubtful("which groups are carried".to_owned());
    };
    let mut doubt = false;
    for id in groups {
        let group = snapshot.filters.iter().find(|it| it.id == *id);
        let Some(rules) = group.and_then(|it| it.rules.value()) else {
            doubt = true;
            continue;
        };
        for rule in rules.iter().filter(|it| it.direction == direction) {
            match admits(snapshot, rule, packet, far, way) {
                Some(true) => return Judged::Passes,
                Some(false) => {}
                None => doubt = true,
            }
        }
    }
    if doubt {
        Judged::Doubtful(format!("a rule of {groups:?}"))
    } else {
        Judged::Drops(format!("{groups:?} {}", direction.as_str()))
    }
}

fn admits(
    snapshot: &Snapshot,
    rule: &Rule,
    packet: &Packet<'_>,
    far: Far<'_>,
    way: &Way<'_>,
) -> Maybe {
    let carries = match rule.protocol {
        Protocol::Any => true,
        Protocol::Number(6) => rule.ports.iter().any(|it| it.contains(packet.port)),
        Protocol::Number(_) => false,
    };
    if !carries {
        return Some(false);
    }
    // Somebody on the way may have put an address of their own.
    let from_elsewhere = rule.direction == Direction::Ingress && *way == Way::Unclear;
    let mut doubt = from_elsewhere;
    for peer in rule.peers.iter().filter(|_| !from_elsewhere) {
        match is_named(snapshot, peer, rule.direction, packet, far, way) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => doubt = true,
        }
    }
    (!doubt).then_some(false)
}

fn is_named(
    snapshot: &Snapshot,
    peer: &Peer,
    direction: Direction,
    packet: &Packet<'_>,
    far: Far<'_>,
    way: &Way<'_>,
) -> Maybe {
    match peer {
        Peer::Cidr(range) => Some(range.contains(far.address)),
        Peer::Range(first, last) => Some(*first <= far.address && far.address <= *last),
        Peer::PrefixList(id) => {
            let list = snapshot.prefix_lists.iter().find(|it| it.id == *id)?;
            let ranges = list.entries.value()?;
            Some(ranges.iter().any(|range| range.contains(far.address)))
        }
        Peer::Group { group, link, .. } => {
            let carried = far.groups.value().map(|groups| groups.contains(group));
            let holds = reference_holds(snapshot, direction, link.as_ref(), packet, way);
            match (carried, holds) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Peer::ServiceTag(_) | Peer::Tag(_) | Peer::ServiceAccount(_) | Peer::Other(_) => None,
    }
}

/// Whether a reference to a group holds on this way: inside a network; over
/// an active peering within one region; inbound over a transit gateway on
/// which it is switched on, but not to a serverless cache.
fn reference_holds(
    snapshot: &Snapshot,
    direction: Direction,
    link: Option<&PeerLink>,
    packet: &Packet<'_>,
    way: &Way<'_>,
) -> Maybe {
    // A stale reference matches nothing, whatever way there is.
    let status = link.and_then(|link| link.status.as_deref());
    if status.is_some_and(|status| status != "active") {
        return Some(false);
    }
    match way {
        Way::Inside => Some(true),
        Way::Peering(peering) => {
            let active = peering.state == LinkState::Active;
            let stated = link.is_none_or(|link| link.id == peering.id);
            let region = |network: &ResourceId| {
                let found = snapshot.networks.iter().find(|it| it.id == *network);
                found.map(|it| it.region.clone())
            };
            let ends = [&peering.requester, &peering.accepter];
            let [one, other] = ends.map(|end| end.region.clone().or_else(|| region(&end.network)));
            let same = one.zip(other).map(|(one, other)| one == other);
            match same {
                _ if !active || !stated => Some(false),
                same => same,
            }
        }
        Way::Transit(_) if direction == Direction::Egress => Some(false),
        Way::Transit(_) if packet.cache.service == Service::ElastiCacheServerless => Some(false),
        Way::Transit(switches) => {
            let values = switches.map(|fact| fact.value().copied());
            if values.contains(&Some(false)) {
                Some(false)
            } else if values.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        Way::Inspected | Way::Nowhere => Some(false),
        // A reference that is called stale names nobody, whatever the way.
        Way::Unread | Way::Unclear => {
            let stale = link
                .and_then(|link| link.status.as_deref())
                .is_some_and(|it| it != "active");
            stale.then_some(false)
        }
    }
}
