//! Entries for first-match filters at the edges of subnets.

use std::net::IpAddr;

use cachewarden_model::{Action, Direction, Edit, Filter, Peer, ResourceId, Rule, RuleId};
use cachewarden_netset::{Cidr, PortRange, PortSet, Protocol};

use crate::estate::Estate;
use crate::fix::Pair;

/// The highest number that an owner may give.
///
/// Source: Amazon EC2 API, `CreateNetworkAclEntry`: 1 to 32766.
const HIGHEST: u32 = 32_766;

/// What has to pass.
pub(super) struct Wanted<'w> {
    pub(super) filter: &'w ResourceId,
    pub(super) direction: Direction,
    pub(super) far: IpAddr,
    pub(super) far_subnet: Option<&'w ResourceId>,
    pub(super) ports: &'w PortSet,
}

/// Entries before the one that stops the packets, for the far end's subnet.
pub(super) fn propose(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    wanted: &Wanted<'_>,
    already: &[Edit],
) -> Result<Vec<Edit>, String> {
    let filter = estate
        .filter(wanted.filter)
        .ok_or_else(|| format!("read the entries of {} first", wanted.filter))?;
    let rules = filter.rules.value().map_or(&[][..], Vec::as_slice);
    let ranges: Vec<PortRange> = wanted.ports.ranges().collect();
    let mut edits = vec![];
    for cidr in far_ranges(estate, pair, wanted) {
        for range in &ranges {
            let taken: Vec<u32> = rules
                .iter()
                .filter(|rule| rule.direction == wanted.direction)
                .filter_map(|rule| rule.priority)
                .chain(added(
                    already.iter().chain(&edits),
                    filter,
                    wanted.direction,
                ))
                .collect();
            let before = first_denial(rules, wanted.direction, &cidr, range);
            let number = free_number(&taken, before).ok_or_else(|| {
                format!("renumber the entries of {}: there is no free number before the one that denies", filter.id)
            })?;
            edits.push(entry(filter, wanted.direction, number, cidr, *range));
        }
    }
    Ok(edits)
}

fn added<'e>(
    edits: impl Iterator<Item = &'e Edit>,
    filter: &Filter,
    direction: Direction,
) -> Vec<u32> {
    edits
        .filter_map(|edit| match edit {
            Edit::AddRule { filter: id, rule }
                if *id == filter.id && rule.direction == direction =>
            {
                rule.priority
            }
            _ => None,
        })
        .collect()
}

/// The far end's range: that of its subnet. On the cache's side those of all
/// nodes, as a client needs each of them.
fn far_ranges(estate: &Estate<'_>, pair: &Pair<'_, '_>, wanted: &Wanted<'_>) -> Vec<Cidr> {
    let of_family = |cidr: &&Cidr| cidr.address().is_ipv4() == wanted.far.is_ipv4();
    let is_client = pair.client.addresses.contains(&wanted.far)
        || pair
            .client
            .interface
            .is_some_and(|it| it.prefixes.iter().any(|cidr| cidr.contains(wanted.far)));
    if is_client {
        let subnet = wanted.far_subnet.and_then(|id| estate.subnet(id));
        let range = subnet
            .and_then(|it| it.cidrs.iter().find(|cidr| cidr.contains(wanted.far)))
            .copied()
            .unwrap_or_else(|| Cidr::from(wanted.far));
        return vec![range];
    }
    let nodes = pair
        .endpoint
        .nodes
        .iter()
        .filter_map(|id| pair.cache.nodes.iter().find(|node| node.id == *id));
    let mut ranges: Vec<Cidr> = nodes
        .filter_map(|node| node.subnets.value())
        .flatten()
        .filter_map(|id| estate.subnet(id))
        .flat_map(|subnet| subnet.cidrs.iter().filter(of_family))
        .copied()
        .collect();
    ranges.sort_unstable();
    ranges.dedup();
    if ranges.is_empty() {
        ranges.push(Cidr::from(wanted.far));
    }
    ranges
}

/// The number of the first entry that denies any of the packets.
fn first_denial(
    rules: &[Rule],
    direction: Direction,
    cidr: &Cidr,
    range: &PortRange,
) -> Option<u32> {
    rules
        .iter()
        .filter(|rule| {
            rule.direction == direction
                && rule.action == Action::Deny
                && rule.priority.is_some_and(|number| number <= HIGHEST)
                && rule.peers.iter().any(|peer| match peer {
                    Peer::Cidr(other) => other.overlaps(cidr),
                    _ => true,
                })
                && match rule.protocol {
                    Protocol::Any => true,
                    protocol if protocol == Protocol::TCP => rule
                        .ports
                        .iter()
                        .any(|it| it.first() <= range.last() && range.first() <= it.last()),
                    Protocol::Number(_) => false,
                }
        })
        .filter_map(|rule| rule.priority)
        .min()
}

/// A free number before a denial; without one, behind all others in a step
/// of ten, as AWS recommends.
fn free_number(taken: &[u32], before: Option<u32>) -> Option<u32> {
    match before {
        Some(denial) => (1..denial).rev().find(|number| !taken.contains(number)),
        None => {
            let last = taken
                .iter()
                .copied()
                .filter(|number| *number <= HIGHEST)
                .max();
            let next = last.map_or(100, |last| last.saturating_add(10));
            if next <= HIGHEST {
                return Some(next);
            }
            (1..=HIGHEST).rev().find(|number| !taken.contains(number))
        }
    }
}

fn entry(filter: &Filter, direction: Direction, number: u32, cidr: Cidr, range: PortRange) -> Edit {
    Edit::AddRule {
        filter: filter.id.clone(),
        rule: Box::new(Rule {
            gcp: None,
            id: RuleId::new(format!("{number} {}", direction.as_str())),
            direction,
            action: Action::Allow,
            priority: Some(number),
            protocol: Protocol::TCP,
            ports: vec![range],
            peers: vec![Peer::Cidr(cidr)],
            local: vec![],
            source_ports: vec![],
            description: String::new(),
        }),
    }
}
