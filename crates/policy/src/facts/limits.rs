//! Facts of a cache about how many clients it takes and has.

use std::borrow::Cow;

use cachewarden_model::{
    Cache, Gap, GapReason, Metric, Provider, Service, Statistic, TransitEncryption,
};

use super::cache::fact;
use super::upkeep::pending;
use super::world::{Gaps, gap_about};
use super::{FactDef, FactType, FactValue, World};
use crate::data::{Size, Undecided};

use FactType::{Float, Int};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.connection_limit",
        Int,
        "how many clients one node takes, by service and node type",
        |world, it| limit(world, it, it.node_type.value().map(String::as_str)),
    ),
    fact(
        "cache.published_connection_limit",
        Int,
        "how many clients one node takes unless a parameter says otherwise",
        |world, it| published(world, it, it.node_type.value().map(String::as_str)),
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
            Err(undecided) => FactValue::Unknown(gaps(it, undecided)),
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
fn parts(world: &World<'_>, cache: &Cache) -> Result<u32, Undecided> {
    let node_type = cache.node_type.value().map(String::as_str);
    world.tables.connection_parts(&size(cache, node_type))
}

/// The published limit, or that of its parameters where that is lower. On
/// Azure the parameter is the service's own word for this very cache, and on
/// Google Cloud its owner's, which may be above what holds otherwise.
///
/// Source: Amazon ElastiCache User Guide, "Engine parameters": `maxclients`
/// holds per node and depends on the node type; Azure REST API, `Redis`:
/// `maxclients` is read-only; Memorystore for Redis Cluster and for Valkey,
/// "Quotas and limits": a default and a maximum for each node type.
fn limit<'a>(world: &World<'a>, cache: &'a Cache, node_type: Option<&str>) -> FactValue<'a> {
    let found = world.tables.connection_limit(&size(cache, node_type));
    let parameters = match (cache.provider, cache.parameters.get()) {
        // What its owner set may be below the published limit, or above it;
        // only instances of Memorystore for Redis have no such parameter.
        (Provider::Gcp, Err(gap)) if cache.service != Service::MemorystoreRedis => {
            return FactValue::unknown(gap.clone());
        }
        (_, parameters) => parameters.ok(),
    };
    let parameter = parameters.and_then(|all| all.get("maxclients"));
    let parameter = match (cache.provider, parameter) {
        (Provider::Gcp, Some(_)) => match super::parameters::whole(cache, "maxclients") {
            FactValue::Int(own) => u64::try_from(own).ok(),
            other => return other,
        },
        (_, text) => text.and_then(|text| text.parse::<u64>().ok()),
    };
    match (found, parameter) {
        (Ok(Some(_)), Some(own)) if cache.provider == Provider::Azure => FactValue::count(own),
        (_, Some(own)) if cache.provider == Provider::Gcp => FactValue::count(own),
        (Ok(Some(published)), Some(parameter)) => FactValue::count(published.min(parameter)),
        (Ok(Some(limit)), None) | (Ok(None), Some(limit)) => FactValue::count(limit),
        (Ok(None), None) => FactValue::unknown(unmodelled(cache, "its connection limit")),
        (Err(undecided), _) => FactValue::Unknown(gaps(cache, undecided)),
    }
}

/// The published limit alone.
fn published<'a>(world: &World<'a>, cache: &'a Cache, node_type: Option<&str>) -> FactValue<'a> {
    match world.tables.connection_limit(&size(cache, node_type)) {
        Ok(Some(limit)) => FactValue::count(limit),
        Ok(None) => FactValue::unknown(unmodelled(cache, "its connection limit")),
        Err(undecided) => FactValue::Unknown(gaps(cache, undecided)),
    }
}

/// What a limit may depend on.
fn size<'c>(cache: &'c Cache, node_type: Option<&'c str>) -> Size<'c> {
    let encrypted = cache.transit_encryption.value();
    Size {
        service: cache.service,
        node_type,
        encrypted: encrypted.map(|mode| *mode != TransitEncryption::Disabled),
        version: cache.engine_version.value(),
    }
}

/// Why something that decides about a limit is not known.
fn gaps(cache: &Cache, undecided: Undecided) -> Gaps<'_> {
    let asked = [
        (undecided.node_type, cache.node_type.gap()),
        (undecided.encrypted, cache.transit_encryption.gap()),
        (undecided.version, cache.engine_version.gap()),
    ];
    let gaps = asked.into_iter().filter(|(decides, _)| *decides);
    gaps.filter_map(|(_, gap)| gap.map(Cow::Borrowed)).collect()
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
