//! Everything that there is to judge, kind by kind.

use std::collections::HashSet;

use cachewarden_model::{Filter, FilterKind, Rule, SubjectKind};

use crate::facts::{self, ConnectionItem, EndpointItem, ExpectationItem, Item, RuleItem, World};

/// The kinds that are judged before waivers, which are judged by what came of
/// these.
pub(super) const KINDS: [SubjectKind; 7] = [
    SubjectKind::Cache,
    SubjectKind::Endpoint,
    SubjectKind::Connection,
    SubjectKind::Filter,
    SubjectKind::Rule,
    SubjectKind::User,
    SubjectKind::Expectation,
];

/// All subjects of a kind, in the order of the snapshot.
pub(super) fn of<'w, 'a>(
    kind: SubjectKind,
    world: &'w World<'a>,
) -> Box<dyn Iterator<Item = Item<'a>> + 'w> {
    let (snapshot, reach) = (world.snapshot, world.reachability);
    match kind {
        SubjectKind::Cache => Box::new(snapshot.caches.iter().map(Item::Cache)),
        SubjectKind::Endpoint => Box::new(reach.exposures.iter().map(|exposure| {
            Item::Endpoint(EndpointItem {
                exposure,
                cache: world.cache(&exposure.cache),
            })
        })),
        SubjectKind::Connection => Box::new(reach.refused.iter().map(|connection| {
            let cache = world.cache(&connection.cache.id);
            Item::Connection(ConnectionItem { connection, cache })
        })),
        SubjectKind::Filter => Box::new(filters(world).map(Item::Filter)),
        SubjectKind::Rule => Box::new(rules(world)),
        SubjectKind::User => Box::new(snapshot.users.iter().map(Item::User)),
        SubjectKind::Expectation => Box::new(reach.expectations.iter().filter_map(|result| {
            let expectation = world.expectations.get(result.expectation)?;
            Some(Item::Expectation(ExpectationItem {
                result,
                expectation,
            }))
        })),
        // Judged by what came of all others.
        SubjectKind::Waiver => Box::new(std::iter::empty()),
    }
}

/// Rules of the filters that guard caches, but for those that the cloud adds
/// and nobody can change. They come filter by filter, so that the next one is
/// most often found right behind the last.
fn rules<'w, 'a>(world: &'w World<'a>) -> impl Iterator<Item = Item<'a>> + 'w {
    let mut filter: Option<&'a Filter> = None;
    let mut next = 0;
    world.reachability.rules.iter().filter_map(move |used| {
        if filter.is_none_or(|filter| filter.id != used.filter) {
            filter = world.filter(&used.filter);
            next = 0;
        }
        let all = filter.and_then(|filter| filter.rules.value());
        let all: &'a [Rule] = all.map_or(&[], Vec::as_slice);
        let is_it = |rule: &&Rule| rule.id == used.rule;
        let rule = all
            .get(next)
            .filter(is_it)
            .or_else(|| all.iter().find(is_it));
        next += 1;
        let fixed = used.filter_kind == FilterKind::NetworkSecurityGroup
            && rule.is_some_and(facts::is_default);
        (!fixed).then_some(Item::Rule(RuleItem { used, filter, rule }))
    })
}

/// Filters on caches or at the edges of their subnets, and the other groups
/// of the networks that hold caches.
fn filters<'a>(world: &World<'a>) -> impl Iterator<Item = &'a Filter> + use<'a> {
    let snapshot = world.snapshot;
    let (mut guards, mut networks, mut subnets) = (HashSet::new(), HashSet::new(), HashSet::new());
    for cache in &snapshot.caches {
        guards.extend(cache.filters.value().into_iter().flatten());
        networks.extend(cache.network.value());
        subnets.extend(cache.subnets.value().into_iter().flatten());
    }
    for subnet in snapshot
        .subnets
        .iter()
        .filter(|subnet| subnets.contains(&subnet.id))
    {
        guards.extend(subnet.filter.value().into_iter().flatten());
    }
    snapshot.filters.iter().filter(move |filter| {
        let near = filter.kind == FilterKind::SecurityGroup
            && filter
                .network
                .as_ref()
                .is_some_and(|network| networks.contains(network));
        near || guards.contains(&filter.id)
    })
}
