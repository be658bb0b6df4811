//! Who reaches a cache, as far as policies ask.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cachewarden_model::cache::Cache;
use cachewarden_model::{EndpointRole, Gap, GapReason, InterfaceKind, Noun, SourceSet, Zone};
use cachewarden_netset::AddressSet;

use crate::facts::world::{Gaps, gap_about};
use crate::facts::{FactValue, World};

/// True if a source certainly reaches an endpoint, false if none possibly
/// reaches any.
pub(super) fn reachable<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let exposures = world.exposures(cache);
    if exposures.is_empty() && !cache.endpoints.is_empty() {
        let message = "who reaches the cache was not worked out".to_owned();
        let gap = gap_about(cache, "exposure", GapReason::NotCollected, message);
        return FactValue::unknown(gap);
    }
    let some = |sources: &SourceSet| sources.iter().any(|(_, addresses)| !addresses.is_empty());
    if exposures.iter().any(|it| some(&it.certain)) {
        FactValue::Bool(true)
    } else if exposures.iter().any(|it| some(&it.possible)) {
        let gaps = exposures.iter().flat_map(|it| &it.gaps);
        FactValue::Unknown(gaps.map(Cow::Borrowed).collect())
    } else {
        FactValue::Bool(false)
    }
}

/// Source: Amazon ElastiCache User Guide, "Set up": many clients of a
/// serverless cache open both of its ports, also those that only write.
pub(super) fn reader_port_open<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let exposure = |role: EndpointRole| {
        let at = cache
            .endpoints
            .iter()
            .position(|endpoint| endpoint.role == role)?;
        world
            .exposures(cache)
            .iter()
            .find(|exposure| exposure.endpoint == at)
            .copied()
    };
    let (Some(primary), Some(reader)) = (
        exposure(EndpointRole::Primary),
        exposure(EndpointRole::Reader),
    ) else {
        return FactValue::Null;
    };
    if !within(&primary.certain, &reader.possible) {
        FactValue::Bool(false)
    } else if within(&primary.possible, &reader.certain) {
        FactValue::Bool(true)
    } else {
        let gaps = primary.gaps.iter().chain(&reader.gaps);
        FactValue::Unknown(gaps.map(Cow::Borrowed).collect())
    }
}

/// Whether all sources of the one are among those of the other.
fn within(sources: &SourceSet, others: &SourceSet) -> bool {
    let none = AddressSet::empty();
    sources.iter().all(|(zone, addresses)| {
        let other = others
            .iter()
            .find(|(other, _)| other == zone)
            .map(|(_, it)| it);
        addresses.is_subset(other.unwrap_or(&none))
    })
}

/// Source: Amazon ElastiCache User Guide, "Accessing ElastiCache resources
/// from outside AWS": a host that translates addresses is the one way from the
/// internet to a cache.
pub(super) fn forwarders<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let candidates = world.forwarders();
    let mut found = BTreeSet::new();
    let mut unknown: Gaps<'a> = hidden_interfaces(world, cache);
    for exposure in world.exposures(cache) {
        for interface in candidates {
            let reaches = |sources: &SourceSet| {
                let zone =
                    |zone: &Zone| matches!(zone, Zone::Network(id) if *id == interface.network);
                let of_network = sources.iter().filter(|(at, _)| zone(at));
                let mut sets = of_network.map(|(_, addresses)| addresses);
                sets.any(|set| interface.addresses.iter().any(|it| set.contains(*it)))
            };
            let balances = interface.kind == InterfaceKind::LoadBalancer;
            if reaches(&exposure.certain) {
                match interface.address_check.gap().filter(|_| !balances) {
                    Some(gap) => unknown.push(Cow::Borrowed(gap)),
                    None => {
                        found.insert(interface.id.as_str());
                    }
                }
            } else if reaches(&exposure.possible) {
                unknown.extend(exposure.gaps.iter().map(Cow::Borrowed));
            }
        }
    }
    if found.is_empty() && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    FactValue::list(found)
}

/// Gaps that may hide interfaces in a network from which a cache may be
/// reached. What lies outside of all known networks may be in any account.
fn hidden_interfaces<'a>(world: &World<'a>, cache: &Cache) -> Gaps<'a> {
    let hidden = world.hidden(Noun::Interfaces);
    if hidden.is_empty() {
        return hidden;
    }
    let possible = world.exposures(cache).iter().flat_map(|it| &it.possible);
    let zones: BTreeSet<&Zone> = possible.map(|(zone, _)| zone).collect();
    let concerns = |gap: &Gap, zone: &Zone| match zone {
        Zone::Internet => false,
        Zone::OnPremises => true,
        Zone::Network(id) => world.network(id).is_none_or(|network| {
            gap.account.as_ref().is_none_or(|it| *it == network.account)
                && gap.region.as_ref().is_none_or(|it| *it == network.region)
        }),
    };
    hidden
        .into_iter()
        .filter(|gap| zones.iter().any(|zone| concerns(gap, zone)))
        .collect()
}
