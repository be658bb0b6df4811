//! Facts of a cache about versions, updates and coming changes.

use std::borrow::Cow;

use cachewarden_model::cache::{Cache, ServiceUpdate};

use super::cache::fact;
use super::gcp::authority_end;
use super::words;
use super::{FactDef, FactType, FactValue, World};
use crate::data::{Retirement, Support};

use FactType::{Int, List, Text, Word};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.support.standard_ends",
        Text,
        "the last day of standard support of its version; null if no date was published",
        |world, it| support(world, it, |it| FactValue::text(date(it.standard_ends))),
    )
    .or_null(),
    fact(
        "cache.support.standard_days_left",
        Int,
        "days until standard support ends, negative once it has",
        |world, it| {
            support(world, it, |it| {
                FactValue::Int(world.judged_at.days_until(it.standard_ends))
            })
        },
    )
    .or_null(),
    fact(
        "cache.support.extended_ends",
        Text,
        "the last day of any support of its version; null if no date was published",
        |world, it| support(world, it, |it| FactValue::text(date(it.extended_ends))),
    )
    .or_null(),
    fact(
        "cache.support.extended_days_left",
        Int,
        "days until all support ends, negative once it has",
        |world, it| {
            support(world, it, |it| {
                FactValue::Int(world.judged_at.days_until(it.extended_ends))
            })
        },
    )
    .or_null(),
    fact(
        "cache.retirement.day",
        Text,
        "the last day of its service as a whole; null if no date was published",
        |world, it| retirement(world, it, |it| FactValue::text(date(it.day))),
    )
    .or_null(),
    fact(
        "cache.retirement.days_left",
        Int,
        "days until then, negative once it has passed",
        |world, it| {
            retirement(world, it, |it| {
                FactValue::Int(world.judged_at.days_until(it.day))
            })
        },
    )
    .or_null(),
    fact(
        "cache.retirement.successor",
        Text,
        "the service that takes its place",
        |world, it| retirement(world, it, |it| FactValue::text(it.successor.to_owned())),
    )
    .or_null(),
    fact(
        "cache.retirement.note",
        Text,
        "what else is published, conflicting sources too",
        |world, it| retirement(world, it, |it| FactValue::text(it.note.to_owned())),
    )
    .or_null(),
    fact(
        "cache.authority_days_left",
        Int,
        "days until its certificate authority expires; null where the provider renews it \
         without the client's doing",
        |world, it| authority_end(it, |at| FactValue::Int(world.judged_at.days_until(at))),
    )
    .or_null(),
    fact(
        "cache.updates.overdue",
        List,
        "updates that are not applied and whose day has passed",
        |world, it| updates(world, it, |world, update| overdue(world, update)),
    ),
    fact(
        "cache.updates.due",
        List,
        "updates that are not applied and whose day comes within the time that the service gives \
         for their severity",
        |world, it| updates(world, it, |world, update| due(world, update)),
    ),
    fact(
        "cache.pending.transit_encryption",
        Word(words::TRANSIT),
        "what encryption of connections will be",
        |_, it| {
            pending(it, it.pending.transit_encryption, |it| {
                FactValue::text(words::transit(it))
            })
        },
    )
    .or_null(),
    fact(
        "cache.pending.auth_token",
        Text,
        "what happens to the AUTH token: `SETTING`, `ROTATING`",
        |_, it| pending(it, it.pending.auth_token.as_deref(), FactValue::text),
    )
    .or_null(),
    fact(
        "cache.pending.node_type",
        Text,
        "the size that it will have",
        |_, it| pending(it, it.pending.node_type.as_deref(), FactValue::text),
    )
    .or_null(),
    fact(
        "cache.pending.engine_version",
        Text,
        "the version that it will have",
        |_, it| pending(it, it.pending.engine_version.as_deref(), FactValue::text),
    )
    .or_null(),
    fact(
        "cache.pending.groups_added",
        List,
        "user groups that are added",
        |_, it| FactValue::list(it.pending.groups_added.iter().map(|id| id.as_str())),
    ),
    fact(
        "cache.pending.groups_removed",
        List,
        "user groups that are removed",
        |_, it| FactValue::list(it.pending.groups_removed.iter().map(|id| id.as_str())),
    ),
    fact(
        "cache.pending.nodes_removed",
        List,
        "nodes that are removed; unknown only if none is known to be",
        |_, it| {
            let removed = Some(&it.pending.nodes_removed).filter(|list| !list.is_empty());
            match it.pending.known(removed) {
                Ok(removed) => FactValue::list(removed.into_iter().flatten().map(String::as_str)),
                Err(gap) => FactValue::Unknown(vec![Cow::Borrowed(gap)]),
            }
        },
    ),
];

/// What `read` makes of a change that is on its way; null where none is, and
/// unknown where one may have gone unseen.
pub(super) fn pending<'a, T>(
    cache: &'a Cache,
    change: Option<T>,
    read: impl FnOnce(T) -> FactValue<'a>,
) -> FactValue<'a> {
    match cache.pending.known(change) {
        Ok(change) => FactValue::or_null(change, read),
        Err(gap) => FactValue::Unknown(vec![Cow::Borrowed(gap)]),
    }
}

/// The end of support of the version that a cache has: null if no date was
/// published for it.
fn support<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl FnOnce(Support) -> FactValue<'a>,
) -> FactValue<'a> {
    // Where nothing is published, the version need not be known.
    if !world.tables.supports(cache.service) {
        return FactValue::Null;
    }
    FactValue::of(&cache.engine, |engine| {
        FactValue::of(&cache.engine_version, |version| {
            FactValue::or_null(world.tables.support(cache.service, *engine, version), read)
        })
    })
}

fn retirement<'a>(
    world: &World<'a>,
    cache: &Cache,
    read: impl FnOnce(Retirement<'_>) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::or_null(world.tables.retirement(cache.service), read)
}

/// The day of a point in time, in UTC.
fn date(at: cachewarden_model::Timestamp) -> String {
    let text = at.to_string();
    text.split('T').next().unwrap_or(&text).to_owned()
}

fn updates<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    wanted: impl Fn(&World<'a>, &ServiceUpdate) -> bool,
) -> FactValue<'a> {
    FactValue::of(&cache.updates, |all| {
        let open = all
            .iter()
            .filter(|update| !world.tables.update_done(&update.status));
        let named = open
            .filter(|update| wanted(world, update))
            .map(|update| update.name.as_str());
        FactValue::list(named)
    })
}

fn overdue(world: &World<'_>, update: &ServiceUpdate) -> bool {
    update.in_time == Some(false) || update.apply_by.is_some_and(|by| by < world.judged_at)
}

/// Source: Amazon ElastiCache User Guide, "Service updates": each severity has
/// its number of days.
fn due(world: &World<'_>, update: &ServiceUpdate) -> bool {
    let Some(by) = update.apply_by else {
        return false;
    };
    let days = world.tables.update_days(&update.severity);
    !overdue(world, update) && days.is_none_or(|days| world.judged_at.days_until(by) <= days)
}
