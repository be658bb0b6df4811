//! Whom a rule names, as far as it is known.

use cachewarden_model::Rule;
use cachewarden_netset::AddressSet;

use super::RuleItem;
use crate::facts::endpoint::unread;
use crate::facts::world::Gaps;
use crate::facts::{FactValue, World};

/// Ranges of the subnets that the caches of a rule are injected into.
pub(super) fn own_subnets(world: &World<'_>, item: &RuleItem<'_>) -> AddressSet {
    let caches = item.used.guards.iter().filter_map(|id| world.cache(id));
    let subnets = caches
        .filter_map(|cache| cache.azure.as_ref()?.injected_subnet.as_ref())
        .filter_map(|id| world.subnet(id));
    subnets
        .flat_map(|subnet| subnet.cidrs.iter().copied())
        .collect()
}

/// With TCP and UDP the ports count, with any other protocol all match.
///
/// Source: Amazon VPC User Guide, "Security group rules".
pub(super) fn all_ports(rule: &Rule) -> bool {
    !rule.protocol.has_ports()
        || rule
            .ports
            .iter()
            .any(|range| range.first() <= 1 && range.last() == u16::MAX)
}

/// Why not all addresses that it names are known; empty where they are.
fn unread_peers<'a>(world: &World<'a>, item: &RuleItem<'a>) -> Gaps<'a> {
    let peers = item.rule.into_iter().flat_map(|rule| &rule.peers);
    peers
        .filter_map(|peer| unread(world, peer))
        .flatten()
        .collect()
}

pub(super) fn counted<'a>(world: &World<'a>, item: &RuleItem<'a>, count: u64) -> FactValue<'a> {
    if count == 0 && !item.used.gaps.is_empty() {
        let unread = unread_peers(world, item);
        if !unread.is_empty() {
            return FactValue::Unknown(unread);
        }
    }
    FactValue::count(count)
}

pub(super) fn named<'a>(world: &World<'a>, item: &RuleItem<'a>, known: bool) -> FactValue<'a> {
    if !known && !item.used.gaps.is_empty() {
        let unread = unread_peers(world, item);
        if !unread.is_empty() {
            return FactValue::Unknown(unread);
        }
    }
    FactValue::Bool(known)
}
