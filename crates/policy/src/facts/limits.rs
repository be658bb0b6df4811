//! Facts of a cache about how many clients it takes and how long it keeps
//! them.

use cachewarden_model::{Cache, Gap, GapReason, Metric, Statistic, TlsVersion};

use super::cache::fact;
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
            FactValue::or_null(it.pending.node_type.as_deref(), |name| {
                limit(world, it, Some(name))
            })
        },
    )
    .or_null(),
    fact(
        "cache.peak_connections",
        Int,
        "the most clients that one node had, over the days of its metrics",
        |world, it| match world.tables.connection_metric(it.service) {
            Some(name) => rounded(metric(it, name)),
            None => FactValue::unknown(unmodelled(it, "the metric of its connections")),
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
        "the shortest known time after which something between its clients and it forgets an \
         idle connection; null if nothing is known to",
        |world, it| {
            let paths = world.reachability.paths.get(&it.id);
            FactValue::or_null(paths.and_then(|paths| paths.idle_seconds), FactValue::count)
        },
    )
    .or_null(),
    fact(
        "cache.path.idle_by",
        Text,
        "what forgets it, and why",
        |world, it| {
            let by = world
                .reachability
                .paths
                .get(&it.id)
                .and_then(|paths| paths.idle_by.clone());
            FactValue::or_null(by, FactValue::text)
        },
    )
    .or_null(),
    fact(
        "cache.path.idle_complete",
        Bool,
        "true if the idle times of all its clients' paths are known; else unknown",
        |world, it| match world.reachability.paths.get(&it.id) {
            Some(paths) if paths.idle_unknown => {
                let message = "an idle time between a client and the cache is not known";
                FactValue::unknown(gap_about(
                    it,
                    "idle times of connections",
                    GapReason::NotOffered,
                    message.to_owned(),
                ))
            }
            _ => FactValue::Bool(true),
        },
    ),
    fact(
        "cache.tls_min",
        Word(words::TLS),
        "the lowest TLS version that it takes: as the cloud states it, else as its manual does",
        tls_min,
    ),
];

/// The published limit, or that of its parameters where that is lower.
///
/// Source: Amazon ElastiCache User Guide, "Engine parameters": `maxclients`
/// holds per node and depends on the node type.
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
        (Some(published), Some(parameter)) => FactValue::count(published.min(parameter)),
        (Some(limit), None) | (None, Some(limit)) => FactValue::count(limit),
        (None, None) => FactValue::unknown(unmodelled(cache, "its connection limit")),
    }
}

fn tls_min<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let gap = match cache.tls_min.get() {
        Ok(version) => return FactValue::text(version.as_str()),
        Err(gap) => gap,
    };
    let published: Option<TlsVersion> = cache
        .engine
        .value()
        .zip(cache.engine_version.value())
        .and_then(|(engine, version)| {
            world
                .tables
                .tls_minimum(cache.service, *engine, version, world.judged_at)
        });
    match published {
        Some(version) => FactValue::text(version.as_str()),
        None => FactValue::unknown(gap.clone()),
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
