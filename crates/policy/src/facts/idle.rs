//! Facts of a cache about how long connections may be idle, at it and on the
//! way to it.

use std::borrow::Cow;

use cachewarden_model::{Cache, Gap, GapReason, Noun, Tracker, TrackerKind};

use super::cache::fact;
use super::world::{Gaps, gap_about};
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Int, Text};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.clients",
        Int,
        "intended client interfaces; unknown if it is none and some may be hidden",
        |world, it| {
            let paths = world.reachability.paths.get(&it.id);
            match paths.map_or(0, |paths| paths.clients) {
                0 => {
                    let unknown = unclear_clients(world, it);
                    match unknown.is_empty() {
                        true => FactValue::Int(0),
                        false => FactValue::Unknown(unknown),
                    }
                }
                count => FactValue::count(count),
            }
        },
    ),
    fact(
        "cache.path.idle_seconds",
        Int,
        "the time after which something between its clients and it has surely forgotten an idle \
         connection; null if nothing is known to",
        |world, it| {
            FactValue::or_null(soonest(world, it), |(seconds, _)| FactValue::count(seconds))
        },
    )
    .or_null(),
    fact(
        "cache.path.idle_by",
        Text,
        "what forgets it",
        |world, it| FactValue::or_null(soonest(world, it), |(_, by)| FactValue::text(words(by))),
    )
    .or_null(),
    fact(
        "cache.path.idle_floor_seconds",
        Int,
        "the shortest time after which something between them may forget one; null if nothing \
         there does, unknown where that is not known",
        |world, it| match floor(world, it) {
            Floor::None => FactValue::Null,
            Floor::Seconds(seconds) => FactValue::count(seconds),
            Floor::Unknown => FactValue::unknown(no_idle_time(it)),
        },
    )
    .or_null(),
    fact(
        "cache.path.idle_complete",
        Bool,
        "true if the shortest of these times is known to the second, or there is none; else unknown",
        |world, it| match floor(world, it) {
            Floor::None => FactValue::Bool(true),
            Floor::Seconds(floor) if soonest(world, it).is_some_and(|(it, _)| it == floor) => {
                FactValue::Bool(true)
            }
            Floor::Seconds(_) | Floor::Unknown => FactValue::unknown(no_idle_time(it)),
        },
    ),
    fact(
        "cache.server_idle_seconds",
        Int,
        "idle seconds after which the server closes a connection: the service's own, else the \
         parameter `timeout`; 0 means never, null that its parameters name none",
        server_idle,
    )
    .or_null(),
];

/// Why there may be clients that are meant and not counted: interfaces that
/// were not read, or rules on the cache's side that may name some.
fn unclear_clients<'a>(world: &World<'a>, cache: &'a Cache) -> Gaps<'a> {
    let mut unknown = world.hidden_in(Noun::Interfaces, cache);
    match cache.filters.get() {
        Err(gap) => unknown.push(Cow::Borrowed(gap)),
        Ok(ids) => {
            for id in ids {
                match world.filter(id).map(|it| it.rules.gap()) {
                    None => unknown.extend(world.missing(Noun::Filters, cache, id)),
                    Some(gap) => unknown.extend(gap.map(Cow::Borrowed)),
                }
            }
        }
    }
    unknown
}

/// What remembers the connections of a cache's intended clients.
fn trackers<'a>(world: &World<'a>, cache: &Cache) -> &'a [Tracker] {
    let paths = world.reachability.paths.get(&cache.id);
    paths.map_or(&[], |paths| paths.trackers.as_slice())
}

/// What has surely forgotten an idle connection first, and after how many
/// seconds.
fn soonest<'a>(world: &World<'a>, cache: &Cache) -> Option<(u32, &'a Tracker)> {
    let certain = trackers(world, cache).iter().filter(|it| it.certain);
    let known = certain.filter_map(|tracker| {
        let (_, at_most) = world.tables.idle_seconds(tracker)?;
        Some((at_most, tracker))
    });
    known.min_by_key(|(seconds, _)| *seconds)
}

/// The shortest time after which an idle connection may be forgotten.
enum Floor {
    /// Nothing forgets one.
    None,
    /// So many.
    Seconds(u32),
    /// Of something nothing is known, or there may be more.
    Unknown,
}

fn floor<'a>(world: &World<'a>, cache: &'a Cache) -> Floor {
    if !unclear_clients(world, cache).is_empty() {
        return Floor::Unknown;
    }
    let mut floor = Floor::None;
    for tracker in trackers(world, cache) {
        let Some((at_least, _)) = world.tables.idle_seconds(tracker) else {
            return Floor::Unknown;
        };
        floor = match floor {
            Floor::Seconds(known) => Floor::Seconds(known.min(at_least)),
            _ => Floor::Seconds(at_least),
        };
    }
    floor
}

/// A tracker in words: `connection tracking of eni-0a (m8i.large)`.
fn words(tracker: &Tracker) -> String {
    let machine = tracker.machine_type.as_deref();
    let machine = machine.map(|it| format!(" ({it})")).unwrap_or_default();
    let name = match tracker.kind {
        TrackerKind::Interface => tracker.id.as_str(),
        _ => tracker.name.as_str(),
    };
    format!("{} {name}{machine}", tracker.kind.words())
}

fn no_idle_time(cache: &Cache) -> Gap {
    let message = "an idle time between a client and the cache is not known";
    gap_about(
        cache,
        "idle times of connections",
        GapReason::NotOffered,
        message.to_owned(),
    )
}

fn server_idle<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let own = || super::parameters::whole(cache, "timeout");
    match world.tables.server_idle(cache.service) {
        Some((seconds, false)) => FactValue::count(seconds),
        Some((seconds, true)) => match own() {
            FactValue::Null => FactValue::count(seconds),
            own => own,
        },
        None => own(),
    }
}
