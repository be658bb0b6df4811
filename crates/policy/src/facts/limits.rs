//! Facts of a cache about how many clients it takes and how long it keeps
//! them.

use cachewarden_model::{Cache, Gap, GapReason, Metric, Provider, Statistic, Tracker, TrackerKind};

use super::cache::fact;
use super::upkeep::pending;
use super::words;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Float, Int, Text, Word};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.connection_limit",
        Int,
        "how many clients one node takes, by service and node type",
        |world, it| match it.node_type.get() {
            Ok(name) => limit(world, it, Some(name)),
            // Where size does not matter it need not be known.
            Err(gap) if world.tables.limit_varies(it.service) => FactValue::unknown(gap.clone()),
            Err(_) => limit(world, it, None),
        },
    ),
    fact(
        "cache.pending.connection_limit",
        Int,
        "how many clients one node will take after a change of size that is on its way",
        |world, it| {
            pending(it, it.pending.node_type.as_deref(), |name| {
                limit(world, it, Some(name))
            })
        },
    )
    .or_null(),
    fact(
        "cache.peak_connections",
        Int,
        "the most clients that one node had, over the days of its metrics",
        peak,
    ),
    fact(
        "cache.peak_connections_bound",
        Int,
        "no more clients than so many it had at once as a whole, where its limit is that of the \
         whole and the metric counts its parts; else the same as the peak",
        |world, it| match parts(world, it) {
            Ok(parts) => match peak(world, it) {
                FactValue::Int(peak) => FactValue::Int(peak.saturating_mul(parts.into())),
                other => other,
            },
            Err(gap) => FactValue::unknown(gap.clone()),
        },
    ),
    fact(
        "cache.new_connections_per_minute",
        Float,
        "new connections in a minute: the busiest one where the metric tells, else the mean",
        |_, it| per_minute(it, "NewConnections"),
    ),
    fact(
        "cache.declared_demand",
        Int,
        "connections that expectations say its clients may open; null if none says so",
        |world, it| FactValue::or_null(world.demand(it), FactValue::count),
    )
    .or_null(),
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
        "cache.tls_min",
        Word(words::TLS),
        "the lowest TLS version that it takes: as the cloud states it, else as its manual does; on \
         Azure, whose service no longer obeys old settings, whichever is higher",
        tls_min,
    ),
    fact(
        "cache.stated_tls_min",
        Word(words::TLS),
        "the lowest TLS version as its setting states it, also where the service no longer obeys it",
        |_, it| FactValue::of(&it.tls_min, |version| FactValue::text(version.as_str())),
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

fn peak<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    match world.tables.connection_metric(cache.service) {
        Some(name) => rounded(metric(cache, name)),
        None => FactValue::unknown(unmodelled(cache, "the metric of its connections")),
    }
}

/// Over at most how many parts its clients are spread.
///
/// Source: Azure Monitor, supported metrics of `Microsoft.Cache/redisEnterprise`:
/// connected clients have the dimension `InstanceId`.
fn parts<'a>(world: &World<'a>, cache: &'a Cache) -> Result<u32, &'a Gap> {
    match cache.node_type.get() {
        Ok(name) => Ok(world.tables.connection_parts(cache.service, name)),
        Err(gap) if world.tables.limit_varies(cache.service) => Err(gap),
        Err(_) => Ok(world.tables.connection_parts(cache.service, "")),
    }
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
    match world.tables.server_idle(cache.service) {
        Some(seconds) => FactValue::count(seconds),
        None => super::parameters::whole(cache, "timeout"),
    }
}

/// The published limit, or that of its parameters where that is lower. On
/// Azure the parameter is the service's own word for this very cache.
///
/// Source: Amazon ElastiCache User Guide, "Engine parameters": `maxclients`
/// holds per node and depends on the node type; Azure REST API, `Redis`:
/// `maxclients` is read-only.
fn limit<'a>(world: &World<'a>, cache: &'a Cache, node_type: Option<&str>) -> FactValue<'a> {
    let published = world
        .tables
        .connection_limit(cache.service, node_type.unwrap_or_default());
    let parameter = cache
        .parameters
        .value()
        .and_then(|all| all.get("maxclients"));
    let parameter = parameter.and_then(|text| text.parse::<u64>().ok());
    match (published, parameter) {
        (Some(_), Some(own)) if cache.provider == Provider::Azure => FactValue::count(own),
        (Some(published), Some(parameter)) => FactValue::count(published.min(parameter)),
        (Some(limit), None) | (None, Some(limit)) => FactValue::count(limit),
        (None, None) => FactValue::unknown(unmodelled(cache, "its connection limit")),
    }
}

/// The stated version, else that of the manual. On Azure whichever is higher:
/// a cache may keep an old setting that the service no longer obeys.
///
/// Source: Azure Cache for Redis, "Remove TLS 1.0 and 1.1": every instance was
/// moved to 1.2, whatever its setting.
fn tls_min<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let published = world.tables.tls_minimum(
        cache.service,
        cache.engine.value().copied(),
        cache.engine_version.value(),
        world.judged_at,
    );
    let azure = cache.provider == Provider::Azure;
    match (cache.tls_min.get(), published) {
        (Ok(stated), Some(published)) if azure => FactValue::text(published.max(*stated).as_str()),
        (Ok(stated), _) => FactValue::text(stated.as_str()),
        (Err(_), Some(version)) => FactValue::text(version.as_str()),
        (Err(gap), None) => FactValue::unknown(gap.clone()),
    }
}

fn unmodelled(cache: &Cache, what: &str) -> Gap {
    let message = format!(
        "nothing is published for the service {}",
        cache.service.as_str()
    );
    gap_about(cache, what, GapReason::Unmodelled, message)
}

/// The value of a metric; unknown where it was not read, for want of a value
/// too.
pub(super) fn metric<'a>(cache: &'a Cache, name: &str) -> FactValue<'a> {
    match find(cache, name) {
        Some(metric) => FactValue::of(&metric.value, |value| FactValue::Float(*value)),
        None => FactValue::unknown(not_read(cache, name)),
    }
}

fn find<'a>(cache: &'a Cache, name: &str) -> Option<&'a Metric> {
    cache.metrics.iter().find(|metric| metric.name == name)
}

fn not_read(cache: &Cache, name: &str) -> Gap {
    let message = format!("the metric {name} was not read");
    gap_about(cache, name, GapReason::NotCollected, message)
}

/// A measured count as a whole number.
fn rounded(value: FactValue<'_>) -> FactValue<'_> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "saturates, which is meant")]
        FactValue::Float(value) => FactValue::Int(value.ceil() as i64),
        other => other,
    }
}

fn per_minute<'a>(cache: &'a Cache, name: &str) -> FactValue<'a> {
    let Some(metric) = find(cache, name) else {
        return FactValue::unknown(not_read(cache, name));
    };
    let minutes = f64::from(metric.days.max(1)) * 24.0 * 60.0;
    FactValue::of(&metric.value, |value| {
        FactValue::Float(match metric.statistic {
            Statistic::Maximum | Statistic::Average => *value,
            Statistic::Sum => *value / minutes,
        })
    })
}
