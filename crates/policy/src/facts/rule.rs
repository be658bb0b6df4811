//! Facts of a rule on a filter that guards a cache.

mod named;

use std::borrow::Cow;

use cachewarden_model::{DeadRule, Filter, Peer, Rule, RuleUse};
use cachewarden_netset::Protocol;

use super::tag;
use super::words;
use super::{FactDef, FactType, FactValue, Reader, World};

use FactType::{Bool, Int, List, Text, Word};
use named::{all_ports, counted, named, own_subnets};

/// A rule, its filter and what it is good for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuleItem<'a> {
    pub(crate) used: &'a RuleUse,
    /// None if the filter is not in the snapshot.
    pub(crate) filter: Option<&'a Filter>,
    /// The rule as the cloud states it; none if the filter lacks it.
    pub(crate) rule: Option<&'a Rule>,
}

impl RuleItem<'_> {
    fn names_group(&self) -> bool {
        let mut peers = self.rule.into_iter().flat_map(|rule| &rule.peers);
        peers.any(|peer| matches!(peer, Peer::Group { .. }))
    }

    /// Whether it judges machines with a tag or service account alone (Google
    /// Cloud).
    fn has_targets(&self) -> bool {
        let mut targets = self.rule.into_iter().flat_map(|rule| &rule.local);
        targets.any(|peer| matches!(peer, Peer::Tag(_) | Peer::ServiceAccount(_)))
    }
}

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: for<'w, 'a> fn(&'w World<'a>, &RuleItem<'a>) -> FactValue<'a>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Rule(read))
}

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "rule.id",
        Text,
        "the cloud's id; `NUMBER ingress` for a network ACL",
        |_, it| FactValue::text(it.used.rule.as_str()),
    ),
    fact(
        "rule.direction",
        Word(words::DIRECTIONS),
        "which packets it judges",
        |_, it| FactValue::text(it.used.direction.as_str()),
    ),
    fact(
        "rule.action",
        Word(words::ACTIONS),
        "what it does with them",
        |_, it| FactValue::text(words::action(it.used.action)),
    ),
    fact(
        "rule.text",
        Text,
        "its protocol, ports and peers in words",
        |_, it| FactValue::text(it.used.text.as_str()),
    ),
    fact(
        "rule.guards",
        List,
        "caches that its filter guards",
        |_, it| FactValue::list(it.used.guards.iter().map(|id| id.as_str())),
    ),
    fact(
        "rule.covers_cache_port",
        Bool,
        "whether it covers the port of one of them",
        |_, it| FactValue::Bool(it.used.covers_cache_port),
    ),
    fact(
        "rule.covers_other_ports",
        Bool,
        "whether it covers ports or protocols that none of them uses",
        |_, it| FactValue::Bool(it.used.covers_other_ports),
    ),
    fact(
        "rule.all_ports",
        Bool,
        "whether it covers every port of TCP",
        |world, it| of(world, it, |rule| FactValue::Bool(all_ports(rule))),
    ),
    fact(
        "rule.all_protocols",
        Bool,
        "whether it covers every protocol",
        |world, it| {
            of(world, it, |rule| {
                FactValue::Bool(rule.protocol == Protocol::Any)
            })
        },
    ),
    fact(
        "rule.names_group",
        Bool,
        "whether it names a group",
        |world, it| of(world, it, |_| FactValue::Bool(it.names_group())),
    ),
    fact(
        "rule.description",
        Text,
        "what its author wrote beside it; empty if nothing",
        |world, it| of(world, it, |rule| FactValue::text(rule.description.as_str())),
    ),
    fact(
        "rule.addresses",
        Int,
        "addresses that it names by CIDR or prefix list; unknown only if it names none that is known",
        |world, it| counted(world, it, it.used.addresses),
    ),
    fact(
        "rule.public_addresses",
        Int,
        "public addresses that it names by CIDR or prefix list; unknown only if it names none that \
         is known",
        |world, it| counted(world, it, it.used.public_addresses),
    ),
    fact(
        "rule.private_addresses",
        Int,
        "other addresses that it names by CIDR or prefix list, as far as they are known",
        |world, it| {
            let private = it.used.addresses.saturating_sub(it.used.public_addresses);
            counted(world, it, private)
        },
    ),
    fact(
        "rule.world",
        Bool,
        "whether it covers every public address of a family",
        |world, it| {
            named(
                world,
                it,
                it.used.world || it.rule.is_some_and(tag::internet),
            )
        },
    ),
    fact(
        "rule.whole_network",
        Bool,
        "whether it covers a whole network or more",
        |world, it| {
            let whole = it.used.whole_network || it.rule.is_some_and(tag::virtual_network);
            named(world, it, whole)
        },
    ),
    fact(
        "rule.names_tag",
        Bool,
        "whether it names a service tag",
        |world, it| of(world, it, |rule| FactValue::Bool(tag::any(rule))),
    ),
    fact(
        "rule.platform_only",
        Bool,
        "whether it names nobody but the health probes of the platform and the subnets that its \
         caches are injected into, whose nodes talk to each other",
        |world, it| {
            of(world, it, |rule| {
                FactValue::Bool(tag::platform_only(rule, &own_subnets(world, it)))
            })
        },
    ),
    fact(
        "rule.clients",
        Int,
        "client interfaces among its sources",
        |_, it| match it.used.clients {
            Some(clients) => FactValue::count(clients),
            None => FactValue::gaps(&it.used.gaps),
        },
    ),
    fact(
        "rule.shadowed",
        Bool,
        "whether other rules decide all of its packets",
        |world, it| {
            named(
                world,
                it,
                matches!(it.used.dead, Some(DeadRule::Shadowed { .. })),
            )
        },
    ),
    fact(
        "rule.inert",
        Bool,
        "whether it can match no packet of the caches that its filter guards, and guards nothing \
         else",
        |_, it| match &it.used.dead {
            None if it.used.may_be_inert => FactValue::gaps(&it.used.gaps),
            dead => FactValue::Bool(matches!(dead, Some(DeadRule::Inert { .. }))),
        },
    ),
    fact(
        "rule.dead",
        Word(words::DEAD),
        "why it does nothing: others decide all its packets, it names a group, tag or service \
         account that nobody carries, one that does not exist, or it can match nothing; null if it \
         does something",
        |_, it| match &it.used.dead {
            Some(dead) => FactValue::text(dead.as_str()),
            // Whether anybody carries a group shows only where all interfaces do.
            None if !it.used.gaps.is_empty() && (it.names_group() || it.has_targets()) => {
                FactValue::gaps(&it.used.gaps)
            }
            None if it.used.may_be_inert => FactValue::gaps(&it.used.gaps),
            None => FactValue::Null,
        },
    )
    .or_null(),
    fact("rule.dead_detail", Text, "the same in words", |_, it| {
        FactValue::or_null(it.used.dead.as_ref(), |dead| match dead {
            DeadRule::Shadowed { by } => {
                let names: Vec<&str> = by.iter().map(|rule| rule.as_str()).collect();
                FactValue::text(names.join(", "))
            }
            DeadRule::NamesNobody if it.has_targets() => {
                FactValue::text("no machine has its tag or service account")
            }
            DeadRule::NamesNobody => FactValue::text("nobody carries the group"),
            DeadRule::Stale { detail } | DeadRule::Inert { detail } => {
                FactValue::text(detail.as_str())
            }
        })
    })
    .or_null(),
    fact(
        "rule.tightest",
        List,
        "the tightest ranges that keep every client that it admits today; null if it is as tight \
         as it can be",
        |_, it| match &it.used.tightest {
            Some(set) => FactValue::list(set.cidrs().map(|range| range.to_string())),
            None if it.used.clients.is_none() && !it.used.gaps.is_empty() => {
                FactValue::gaps(&it.used.gaps)
            }
            None => FactValue::Null,
        },
    )
    .or_null(),
];

fn of<'a>(
    world: &World<'a>,
    item: &RuleItem<'a>,
    read: impl FnOnce(&'a Rule) -> FactValue<'a>,
) -> FactValue<'a> {
    match (item.rule, item.filter.and_then(|filter| filter.rules.gap())) {
        (Some(rule), _) => read(rule),
        (None, Some(gap)) => FactValue::Unknown(vec![Cow::Borrowed(gap)]),
        (None, None) => world.no_such_filter(),
    }
}
