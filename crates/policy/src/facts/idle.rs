//! Facts of a cache about how long connections may be idle, at it and on the
//! way to it.

use cachewarden_model::{Cache, Gap, GapReason, Tracker, TrackerKind};

use super::cache::fact;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Int, Text};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.clients",
        Int,
        "intended client interfaces",
        |world, it| {
            let paths = world.reachability.paths.get(&it.id);
            FactValue::count(paths.map_or(0, |paths| paths.clients))
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
    /// Of something nothing is known.
    Unknown,
}

fn floor(world: &World<'_>, cache: &Cache) -> Floor {
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
