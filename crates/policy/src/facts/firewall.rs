//! Facts of a cache about the firewall of its own service.
//!
//! Source: Azure Cache for Redis, "Configure", section "Firewall": the rules
//! are allowed ranges of public addresses; without any rule everybody is let
//! in. Only Basic, Standard and Premium have it.

use std::borrow::Cow;
use std::net::IpAddr;

use cachewarden_model::{Cache, Filter, FilterKind, GapReason, Noun, Peer, Rule};
use cachewarden_netset::{AddressSet, Family};

use super::cache::fact;
use super::world::{Gaps, gap_about};
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Int, List};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.firewall.rules",
        Int,
        "how many rules the firewall of its service has; null if the service has no such firewall",
        |world, it| of(world, it, |rules| FactValue::count(rules.len())),
    )
    .or_null(),
    fact(
        "cache.firewall.admits_all",
        Bool,
        "whether that firewall keeps nobody out: it has no rule, or its rules cover every public \
         IPv4 address",
        |world, it| {
            of(world, it, |rules| {
                let public = AddressSet::internet().family(Family::V4);
                FactValue::Bool(rules.is_empty() || public.is_subset(&admitted(rules)))
            })
        },
    )
    .or_null(),
    fact(
        "cache.firewall.public_addresses",
        Int,
        "how many public addresses its rules admit together",
        |world, it| {
            of(world, it, |rules| {
                let public = admitted(rules).intersection(AddressSet::internet());
                FactValue::count(u64::try_from(public.count()).unwrap_or(u64::MAX))
            })
        },
    )
    .or_null(),
    fact(
        "cache.firewall.zero_rules",
        List,
        "rules of it that name 0.0.0.0 and nothing else",
        |world, it| {
            listed(world, it, |rules| {
                let zero = rules.iter().filter(|rule| is_zero(rule));
                FactValue::list(zero.map(|rule| rule.id.as_str()))
            })
        },
    ),
    fact(
        "cache.firewall.private_rules",
        List,
        "rules of it that name no public address, and so can never match",
        |world, it| {
            listed(world, it, |rules| {
                let private = rules.iter().filter(|rule| {
                    !is_zero(rule)
                        && set(rule).is_some_and(|set| set.is_disjoint(AddressSet::internet()))
                });
                FactValue::list(private.map(|rule| rule.id.as_str()))
            })
        },
    ),
];

/// The firewall of a cache's service; none where it has none.
fn firewall<'a>(world: &World<'a>, cache: &'a Cache) -> Result<Option<&'a Filter>, Gaps<'a>> {
    let ids = cache
        .filters
        .get()
        .map_err(|gap| vec![Cow::Borrowed(gap)])?;
    let mut unread = None;
    for id in ids {
        match world.filter(id) {
            Some(filter) if filter.kind == FilterKind::ServiceFirewall => return Ok(Some(filter)),
            Some(_) => {}
            None => unread = Some(id),
        }
    }
    match unread {
        Some(id) => Err(world.missing(Noun::Filters, cache, id)),
        None => Ok(None),
    }
}

fn of<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl FnOnce(&'a [Rule]) -> FactValue<'a>,
) -> FactValue<'a> {
    match firewall(world, cache) {
        Ok(Some(filter)) => FactValue::of(&filter.rules, |rules| {
            // A rule that is no range may admit anything.
            if rules.iter().all(|rule| set(rule).is_some()) {
                return read(rules);
            }
            let message = "a rule of the firewall names something else than a range".to_owned();
            FactValue::unknown(gap_about(
                cache,
                filter.id.as_str(),
                GapReason::Unmodelled,
                message,
            ))
        }),
        Ok(None) => FactValue::Null,
        Err(gaps) => FactValue::Unknown(gaps),
    }
}

/// The same for a list, which is empty where there is no such firewall.
fn listed<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl FnOnce(&'a [Rule]) -> FactValue<'a>,
) -> FactValue<'a> {
    match of(world, cache, read) {
        FactValue::Null => FactValue::List(vec![]),
        value => value,
    }
}

/// What a rule admits; none where it names anything else than ranges.
fn set(rule: &Rule) -> Option<AddressSet> {
    let mut set = AddressSet::empty();
    for peer in &rule.peers {
        set = match peer {
            Peer::Cidr(cidr) => set.union(&std::iter::once(*cidr).collect()),
            Peer::Range(first, last) => set.union(&AddressSet::range(*first, *last)?),
            _ => return None,
        };
    }
    Some(set)
}

fn admitted(rules: &[Rule]) -> AddressSet {
    rules
        .iter()
        .filter_map(set)
        .fold(AddressSet::empty(), |all, more| all.union(&more))
}

/// `0.0.0.0`-`0.0.0.0` means all of Azure with other services; with this one no
/// such meaning is documented.
fn is_zero(rule: &Rule) -> bool {
    let zero = IpAddr::from([0, 0, 0, 0]);
    set(rule).is_some_and(|set| set.contains(zero) && set.count() == 1)
}
