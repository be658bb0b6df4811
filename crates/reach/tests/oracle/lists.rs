//! Network ACLs: in the order of their numbers, the first entry that matches
//! decides; each family has its own; what none matches is dropped.

use std::net::IpAddr;

use cachewarden_model::{Action, Direction, Peer, Rule, Snapshot, Subnet};
use cachewarden_netset::Protocol;

use crate::ruling::Judged;

/// What the list at the edge of a subnet says of a TCP packet from or to an
/// address outside it, with this destination port.
pub(crate) fn judge(
    snapshot: &Snapshot,
    subnet: &Subnet,
    direction: Direction,
    remote: IpAddr,
    port: u16,
) -> Judged {
    let Some(attached) = subnet.filter.value() else {
        return Judged::Doubtful(format!("the list of {}", subnet.id));
    };
    let Some(id) = attached else {
        return Judged::Passes;
    };
    let list = snapshot.filters.iter().find(|it| it.id == *id);
    let Some(rules) = list.and_then(|it| it.rules.value()) else {
        return Judged::Doubtful(format!("the entries of {id}"));
    };
    let mut entries: Vec<&Rule> = rules
        .iter()
        .filter(|it| it.direction == direction)
        .collect();
    entries.sort_by_key(|it| it.priority);
    let first = entries.into_iter().find(|it| matches(it, remote, port));
    match first {
        Some(entry) if entry.action == Action::Allow => Judged::Passes,
        Some(entry) => Judged::Drops(format!("{id} {}", entry.id)),
        None => Judged::Drops(format!("{id} without entry")),
    }
}

fn matches(entry: &Rule, remote: IpAddr, port: u16) -> bool {
    let carries = match entry.protocol {
        Protocol::Any => true,
        Protocol::Number(6) => entry.ports.iter().any(|it| it.contains(port)),
        Protocol::Number(_) => false,
    };
    let names = |peer: &Peer| matches!(peer, Peer::Cidr(range) if range.contains(remote));
    carries && entry.peers.iter().any(names)
}
