//! Measured values of caches, from CloudWatch.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, StatusCode,
};
use aws_smithy_types::DateTime;
use cachewarden_model::{Fact, Gap, GapReason, Statistic};
use cachewarden_provider::{Listing, Session};
use futures_util::future::join_all;

use super::caches::{Caches, is_memcached};
use super::scope::{Scope, page};
use crate::client::failure;
use crate::operation::Operation;
use crate::place::Place;

/// Over how many days values are put together.
pub(crate) const DAYS: u32 = 14;

/// Seconds that one data point stands for.
const PERIOD: i32 = 3600;

/// Queries that one call may hold.
///
/// Source: Amazon CloudWatch API Reference, "GetMetricData".
const QUERIES: usize = 500;

/// What a series belongs to: a namespace and one dimension.
///
/// Each cache cluster of Redis or Valkey has one node, so that `CacheClusterId`
/// alone names it. Which second dimension MemoryDB has for nodes is not
/// settled in its manual; with `ClusterName` alone, CloudWatch puts all
/// nodes together, and the maximum over a cluster is that of its busiest node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measured {
    /// A cache cluster: a node of ElastiCache.
    Node(String),
    /// A serverless cache, by name.
    Serverless(String),
    /// A cluster of MemoryDB, by name.
    MemoryDb(String),
}

impl Measured {
    fn namespace(&self) -> &'static str {
        match self {
            Self::Node(_) | Self::Serverless(_) => "AWS/ElastiCache",
            Self::MemoryDb(_) => "AWS/MemoryDB",
        }
    }

    /// Name and value of the dimension; the one of serverless caches really
    /// begins in lower case.
    fn dimension(&self) -> (&'static str, &str) {
        match self {
            Self::Node(id) => ("CacheClusterId", id),
            Self::Serverless(name) => ("clusterId", name),
            Self::MemoryDb(name) => ("ClusterName", name),
        }
    }

    /// What is read of it.
    pub(crate) fn series(&self) -> &'static [(&'static str, Statistic)] {
        match self {
            Self::Node(_) | Self::MemoryDb(_) => OF_NODES,
            Self::Serverless(_) => OF_SERVERLESS,
        }
    }
}

/// Metrics of nodes, sorted. The largest value of `NewConnections` is that of
/// the busiest minute.
const OF_NODES: &[(&str, Statistic)] = &[
    ("AuthenticationFailures", Statistic::Sum),
    ("CPUUtilization", Statistic::Maximum),
    ("CommandAuthorizationFailures", Statistic::Sum),
    ("CurrConnections", Statistic::Maximum),
    ("DatabaseMemoryUsagePercentage", Statistic::Maximum),
    ("EngineCPUUtilization", Statistic::Maximum),
    ("Evictions", Statistic::Sum),
    ("KeyAuthorizationFailures", Statistic::Sum),
    ("NetworkBandwidthInAllowanceExceeded", Statistic::Sum),
    ("NetworkBandwidthOutAllowanceExceeded", Statistic::Sum),
    ("NetworkConntrackAllowanceExceeded", Statistic::Sum),
    ("NetworkPacketsPerSecondAllowanceExceeded", Statistic::Sum),
    ("NewConnections", Statistic::Maximum),
    ("TrafficManagementActive", Statistic::Maximum),
];

/// Metrics of serverless caches, sorted.
const OF_SERVERLESS: &[(&str, Statistic)] = &[
    ("AuthenticationFailures", Statistic::Sum),
    ("CommandAuthorizationFailures", Statistic::Sum),
    ("CurrConnections", Statistic::Maximum),
    ("Evictions", Statistic::Sum),
    ("KeyAuthorizationFailures", Statistic::Sum),
    ("NewConnections", Statistic::Maximum),
    ("ThrottledCmds", Statistic::Sum),
];

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// By what a value belongs to and the metric's name.
    pub(crate) facts: BTreeMap<(Measured, &'static str), Fact<f64>>,
    /// Why some were not read.
    pub(crate) gaps: Vec<Gap>,
}

/// Reads the metrics of all caches, 500 series in a call.
pub(super) async fn read(scope: &Scope, session: &Session, caches: &Caches) -> Values {
    let wanted: Vec<(Measured, &'static str, Statistic)> = subjects(caches)
        .into_iter()
        .flat_map(|subject| {
            let series = subject.series().iter();
            series.map(move |(name, statistic)| (subject.clone(), *name, *statistic))
        })
        .collect();
    let batches = wanted
        .chunks(QUERIES)
        .map(|batch| read_batch(scope, session, batch));
    let mut values = Values::default();
    for batch in join_all(batches).await {
        values.facts.extend(batch.facts);
        values.gaps.extend(batch.gaps);
    }
    values
}

/// Everything that is measured.
fn subjects(caches: &Caches) -> Vec<Measured> {
    let nodes = caches
        .clusters
        .items
        .iter()
        .filter(|cluster| !is_memcached(cluster.engine()));
    let nodes = nodes.filter_map(|cluster| cluster.cache_cluster_id());
    let members = caches
        .groups
        .items
        .iter()
        .flat_map(|group| group.member_clusters());
    let nodes: BTreeSet<&str> = nodes.chain(members.map(String::as_str)).collect();
    let serverless = caches
        .serverless()
        .filter_map(|cache| cache.serverless_cache_name());
    let memorydb = caches
        .memorydb
        .items
        .iter()
        .filter_map(|cluster| cluster.name());
    nodes
        .into_iter()
        .map(|id| Measured::Node(id.to_owned()))
        .chain(serverless.map(|name| Measured::Serverless(name.to_owned())))
        .chain(memorydb.map(|name| Measured::MemoryDb(name.to_owned())))
        .collect()
}

async fn read_batch(
    scope: &Scope,
    session: &Session,
    batch: &[(Measured, &'static str, Statistic)],
) -> Values {
    let end = session.now.unix();
    let start = end - i64::from(DAYS) * 86_400;
    let queries: Vec<_> = batch
        .iter()
        .enumerate()
        .map(|(index, series)| query(index, series))
        .collect();
    let client = &scope.clients.cloudwatch;
    let ask = |token| {
        let request = client
            .get_metric_data()
            .start_time(DateTime::from_secs(start))
            .end_time(DateTime::from_secs(end))
            .set_metric_data_queries(Some(queries.clone()))
            .set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            page(answer.metric_data_results, answer.next_token)
        }
    };
    let listing = scope.list(session, Operation::GetMetricData, ask).await;
    let facts = batch
        .iter()
        .enumerate()
        .map(|(index, (subject, name, statistic))| {
            let fact = together(&scope.place, &listing, &id(index), *statistic);
            ((subject.clone(), *name), fact)
        });
    let facts = facts.collect();
    Values {
        facts,
        gaps: listing.gap.into_iter().collect(),
    }
}

/// The id of a query; it has to begin with a small letter.
fn id(index: usize) -> String {
    format!("q{index}")
}

fn query(
    index: usize,
    (subject, name, statistic): &(Measured, &str, Statistic),
) -> MetricDataQuery {
    let (dimension, value) = subject.dimension();
    let metric = Metric::builder()
        .namespace(subject.namespace())
        .metric_name(*name)
        .dimensions(Dimension::builder().name(dimension).value(value).build())
        .build();
    let statistic = match statistic {
        Statistic::Maximum => "Maximum",
        Statistic::Sum => "Sum",
        Statistic::Average => "Average",
    };
    let stat = MetricStat::builder()
        .metric(metric)
        .period(PERIOD)
        .stat(statistic)
        .build();
    MetricDataQuery::builder()
        .id(id(index))
        .metric_stat(stat)
        .return_data(true)
        .build()
}

/// The points of one series, put together over all pages. What was not read
/// to its end, and what has no points, is not known; neither is zero.
fn together(
    place: &Place,
    listing: &Listing<MetricDataResult>,
    id: &str,
    statistic: Statistic,
) -> Fact<f64> {
    let gap = |why, message: &str| place.gap(Operation::GetMetricData.action(), why, message);
    let parts: Vec<_> = listing
        .items
        .iter()
        .filter(|part| part.id() == Some(id))
        .collect();
    match parts.last().and_then(|part| part.status_code()) {
        Some(StatusCode::Complete) => {}
        Some(StatusCode::Forbidden) => {
            return Fact::unknown(gap(
                GapReason::AccessDenied,
                "the credentials may not read this metric",
            ));
        }
        Some(StatusCode::InternalError) => {
            return Fact::unknown(gap(
                GapReason::Failed,
                "CloudWatch could not read this metric",
            ));
        }
        _ => {
            let cut_off = || {
                gap(
                    GapReason::Damaged,
                    "the values of this metric are not complete",
                )
            };
            return Fact::unknown(listing.gap.clone().unwrap_or_else(cut_off));
        }
    }
    let points = parts
        .iter()
        .flat_map(|part| part.values())
        .copied()
        .filter(|it| it.is_finite());
    let value = match statistic {
        Statistic::Maximum => points.reduce(f64::max),
        Statistic::Sum => points.reduce(|sum, each| sum + each),
        Statistic::Average => {
            let (sum, count) =
                points.fold((0.0, 0.0), |(sum, count), each| (sum + each, count + 1.0));
            (count > 0.0).then(|| sum / count)
        }
    };
    value.map_or_else(
        || {
            let message = format!("there was no value of this metric in {DAYS} days");
            Fact::unknown(gap(GapReason::NotOffered, &message))
        },
        Fact::Known,
    )
}
