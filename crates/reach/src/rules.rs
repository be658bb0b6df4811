//! Rules of filters that guard caches: in words, and what they are good for.

mod dead;
mod idle;
mod members;
mod usage;

use cachewarden_model::{Action, Direction, Peer, Rule};
use cachewarden_netset::Protocol;

pub(crate) use idle::Paths;
pub(crate) use members::hidden;
pub(crate) use usage::uses;

/// A rule in words: `allow tcp 6379 from sg-app`.
pub(crate) fn words(rule: &Rule) -> String {
    let action = match rule.action {
        Action::Allow | Action::AlwaysAllow => "allow",
        Action::Deny => "deny",
        Action::Next => "pass on",
    };
    let way = match rule.direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    let peers: Vec<String> = rule.peers.iter().map(peer).collect();
    format!("{action} {} {way} {}", traffic(rule), peers.join(", "))
}

/// Protocol and ports in words: `tcp 6379`, `all traffic`.
pub(crate) fn traffic(rule: &Rule) -> String {
    match rule.protocol {
        Protocol::Any => "all traffic".to_owned(),
        protocol if protocol.has_ports() => {
            let ports: Vec<String> = rule.ports.iter().map(ToString::to_string).collect();
            format!("{protocol} {}", ports.join(", "))
        }
        protocol => format!("protocol {protocol}"),
    }
}

/// A peer in words.
pub(crate) fn peer(peer: &Peer) -> String {
    match peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::Range(first, last) => format!("{first}-{last}"),
        Peer::Group { group, .. } => group.to_string(),
        Peer::PrefixList(id) => id.to_string(),
        Peer::ServiceTag(text)
        | Peer::Tag(text)
        | Peer::ServiceAccount(text)
        | Peer::Other(text) => text.clone(),
    }
}
