//! What a network security group does with one line of the table.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use cachewarden_model::{Action, Peer, Rule, RuleId};
use cachewarden_netset::{AddressSet, Cidr, PortRange, Protocol};

use super::lines::Line;
use super::{End, probe};

/// What becomes of the traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It passes.
    Passes,
    /// This rule stops it.
    Stopped(RuleId),
    /// Which of the two cannot be told.
    Open,
}

/// Whether a rule judges the traffic: all of it, none, or it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    All,
    None,
    Some,
}

impl Match {
    fn of(known: bool) -> Self {
        if known { Self::All } else { Self::None }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::All, Self::All) => Self::All,
            _ => Self::Some,
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::None, Self::None) => Self::None,
            _ => Self::Some,
        }
    }
}

/// The ports of a line, cut where a rule begins or ends: each piece is judged
/// as one.
pub(crate) fn segments(rules: &[Rule], line: &Line) -> Vec<PortRange> {
    let (first, last) = (u32::from(line.ports.first()), u32::from(line.ports.last()));
    let mut cuts: BTreeSet<u32> = BTreeSet::from([first, last + 1]);
    for range in rules.iter().flat_map(|rule| &rule.ports) {
        cuts.insert(u32::from(range.first()));
        cuts.insert(u32::from(range.last()) + 1);
    }
    let cuts: Vec<u32> = cuts
        .into_iter()
        .filter(|it| (first..=last + 1).contains(it))
        .collect();
    let pieces = cuts.iter().zip(cuts.iter().skip(1));
    pieces
        .filter_map(|(from, to)| {
            PortRange::new(u16::try_from(*from).ok()?, u16::try_from(to - 1).ok()?)
        })
        .collect()
}

/// Rules in the order of their priority, the first that matches decides; what
/// none matches is dropped.
///
/// Source: Azure Virtual Network, "How network security groups filter network
/// traffic".
pub(crate) fn decide(
    rules: &[Rule],
    line: &Line,
    end: &End,
    ports: PortRange,
    near: &[Cidr],
) -> Decision {
    let mut ordered: Vec<&Rule> = rules
        .iter()
        .filter(|rule| rule.direction == line.direction)
        .collect();
    ordered.sort_by_key(|rule| rule.priority);
    // Actions of rules that may come first.
    let mut maybe: BTreeSet<bool> = BTreeSet::new();
    for rule in ordered {
        let allows = match rule.action {
            Action::Allow | Action::AlwaysAllow => true,
            Action::Deny => false,
            Action::Next => continue,
        };
        match matches(rule, line, end, ports, near) {
            Match::None => {}
            Match::Some => {
                maybe.insert(allows);
            }
            Match::All => {
                return match (maybe.contains(&!allows), allows) {
                    (true, _) => Decision::Open,
                    (false, true) => Decision::Passes,
                    (false, false) => Decision::Stopped(rule.id.clone()),
                };
            }
        }
    }
    // The default rules were among them; a list without them was cut off.
    Decision::Open
}

fn matches(rule: &Rule, line: &Line, end: &End, ports: PortRange, near: &[Cidr]) -> Match {
    let protocol = rule.protocol == Protocol::Any || rule.protocol == line.protocol;
    let covers = rule.protocol == Protocol::Any && rule.ports.is_empty()
        || rule
            .ports
            .iter()
            .any(|range| range.contains(ports.first()) && range.contains(ports.last()));
    let sources = match rule.source_ports.as_slice() {
        [] => Match::All,
        [all] if all.first() <= 1 && all.last() == u16::MAX => Match::All,
        _ => Match::Some,
    };
    let own: AddressSet = near.iter().copied().collect();
    let local = if rule.local.is_empty() {
        Match::All
    } else {
        any(&rule.local, &End::Addresses(own))
    };
    Match::of(protocol && covers)
        .and(sources)
        .and(local)
        .and(any(&rule.peers, end))
}

fn any(peers: &[Peer], end: &End) -> Match {
    peers
        .iter()
        .map(|peer| names(peer, end))
        .fold(Match::None, Match::or)
}

/// Whether a peer is a far side.
///
/// Source: Azure Virtual Network, "Service tags".
fn names(peer: &Peer, end: &End) -> Match {
    match peer {
        Peer::Cidr(range) => ranges(&std::iter::once(*range).collect(), end),
        Peer::Range(first, last) => match AddressSet::range(*first, *last) {
            Some(set) => ranges(&set, end),
            None => Match::Some,
        },
        Peer::ServiceTag(tag) => tagged(tag, end),
        // A cache's own nodes carry no application security group.
        Peer::Group { .. } => match end {
            End::Addresses(_) => Match::Some,
            End::Probes | End::Tag(_) | End::Public => Match::None,
        },
        Peer::PrefixList(_) | Peer::Tag(_) | Peer::ServiceAccount(_) | Peer::Other(_) => {
            Match::Some
        }
    }
}

fn ranges(set: &AddressSet, end: &End) -> Match {
    let all_v4: AddressSet = std::iter::once(Cidr::ANY_V4).collect();
    match end {
        End::Addresses(own) if own.is_subset(set) => Match::All,
        End::Addresses(own) if own.is_disjoint(set) => Match::None,
        End::Addresses(_) => Match::Some,
        End::Probes => Match::of(set.contains(probe())),
        End::Tag(_) | End::Public if all_v4.is_subset(set) => Match::All,
        End::Tag(_) | End::Public if set.is_disjoint(AddressSet::internet()) => Match::None,
        End::Tag(_) | End::Public => Match::Some,
    }
}

fn tagged(tag: &str, end: &End) -> Match {
    let is = |name: &str| tag.eq_ignore_ascii_case(name);
    match end {
        // Whatever lies in the network, or is joined to it.
        End::Addresses(_) if is("VirtualNetwork") => Match::All,
        End::Addresses(own) if is("Internet") => match own.is_disjoint(AddressSet::internet()) {
            true => Match::None,
            false => Match::Some,
        },
        End::Addresses(own) => match own.is_disjoint(AddressSet::internet()) {
            // Other tags stand for public addresses of the cloud's services.
            true => Match::None,
            false => Match::Some,
        },
        End::Probes if is("AzureLoadBalancer") => Match::All,
        // The network's tag holds the host's address, the internet's may.
        End::Probes if is("VirtualNetwork") || is("Internet") => Match::Some,
        End::Probes => Match::None,
        End::Tag(_) | End::Public if is("Internet") => Match::All,
        End::Tag(_) | End::Public if is("VirtualNetwork") || is("AzureLoadBalancer") => Match::None,
        End::Tag(name) if is(name) => Match::All,
        End::Tag(_) if is("AzureCloud") => Match::All,
        End::Tag(_) | End::Public => Match::Some,
    }
}
