//! How many clients were connected: the most at any time of two weeks.

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Gap, GapReason, Provider, Service, Timestamp};
use cachewarden_provider::Page;
use futures_util::future::join_all;
use serde_json::Value;

use super::ask::{Ask, Piece};
use super::{Estate, Project};
use crate::adapt;
use crate::operation::Operation;

/// Over how many days.
pub(crate) const DAYS: u32 = 14;

/// The metric of a service: of clusters the most that one node had.
///
/// Source: Cloud Monitoring, "Google Cloud metrics": Memorystore.
pub(crate) fn metric(service: Service) -> &'static str {
    match service {
        Service::MemorystoreCluster => {
            "redis.googleapis.com/cluster/clients/maximum_connected_clients"
        }
        Service::MemorystoreValkey => {
            "memorystore.googleapis.com/instance/clients/maximum_connected_clients"
        }
        _ => "redis.googleapis.com/clients/connected",
    }
}

/// Project, service, region and name of a cache.
type Key = (AccountId, Service, String, String);

/// The greatest value of a cache, and the node that had it.
pub(crate) type Peak = (f64, Option<String>);

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    values: BTreeMap<Key, Peak>,
    /// Why some was not read.
    missing: BTreeMap<(AccountId, Service), Gap>,
}

impl Measured {
    /// Why some was not read.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.missing.values()
    }

    /// The most clients of a cache; `Ok(None)` where Google had no value.
    ///
    /// # Errors
    ///
    /// The gap, where it was not read.
    pub(crate) fn of(
        &self,
        account: &AccountId,
        service: Service,
        name: &str,
    ) -> Result<Option<Peak>, Box<Gap>> {
        if let Some(gap) = self.missing.get(&(account.clone(), service)) {
            return Err(Box::new(gap.clone()));
        }
        let region = adapt::region(name).to_string();
        let key = (
            account.clone(),
            service,
            region,
            adapt::last(name).to_owned(),
        );
        Ok(self.values.get(&key).cloned())
    }
}

/// Asks for all caches: one call for each project and service that has any,
/// and its further pages.
pub(super) async fn read(ask: &Ask<'_>, estate: &Estate) -> Measured {
    let has = |project: &Project, service| match service {
        Service::MemorystoreCluster => estate.clusters.iter().any(|(it, _)| *it == project.id),
        Service::MemorystoreValkey => estate.valkey.iter().any(|(it, _)| *it == project.id),
        _ => estate.redis.iter().any(|(it, _)| *it == project.id),
    };
    let services = [
        Service::MemorystoreRedis,
        Service::MemorystoreCluster,
        Service::MemorystoreValkey,
    ];
    let asked = estate.projects.iter().flat_map(|project| {
        let services = services.into_iter().filter(move |it| has(project, *it));
        services.map(move |service| async move {
            let found = series(ask, project, service).await;
            (project, service, found)
        })
    });
    let mut measured = Measured::default();
    for (project, service, found) in join_all(asked).await {
        let key = (project.id.clone(), service);
        if found.off {
            measured.missing.insert(key.clone(), off(&project.id));
        }
        if let Some(gap) = found.gaps.into_iter().next() {
            measured.missing.insert(key, gap);
        }
        for one in found.items {
            measured.add(&project.id, service, &one);
        }
    }
    measured
}

impl Measured {
    fn add(&mut self, account: &AccountId, service: Service, series: &Value) {
        let label = |name: &str| {
            series
                .pointer(&format!("/resource/labels/{name}"))?
                .as_str()
        };
        // The name may be the full one.
        let id = label("instance_id")
            .or_else(|| label("cluster_id"))
            .unwrap_or_default();
        let region = label("region")
            .or_else(|| label("location"))
            .unwrap_or_default();
        let Some(value) = greatest(series) else {
            return;
        };
        let name = adapt::last(id).to_owned();
        let key = (account.clone(), service, region.to_owned(), name);
        let node = label("node_id").map(str::to_owned);
        let known = self.values.entry(key).or_insert((value, node.clone()));
        if value > known.0 {
            *known = (value, node);
        }
    }
}

/// Source: Cloud Monitoring API v3, `projects.timeSeries.list`.
async fn series(ask: &Ask<'_>, project: &Project, service: Service) -> super::Found<Value> {
    let now = ask.session.now;
    let seconds = i64::from(DAYS) * 86_400;
    let start = Timestamp::from_unix(now.unix() - seconds)
        .unwrap_or(now)
        .to_string();
    let end = now.to_string();
    let filter = format!("metric.type=\"{}\"", metric(service));
    let period = format!("{seconds}s");
    let path = format!("v3/projects/{}/timeSeries", project.id);
    let (path, start, end) = (path.as_str(), start.as_str(), end.as_str());
    let (filter, period) = (filter.as_str(), period.as_str());
    ask.pieces(Operation::Metrics, project, |token| async move {
        let mut query = vec![
            ("filter", filter),
            ("interval.startTime", start),
            ("interval.endTime", end),
            ("aggregation.alignmentPeriod", period),
            ("aggregation.perSeriesAligner", "ALIGN_MAX"),
            ("view", "FULL"),
        ];
        query.extend(token.as_deref().map(|it| ("pageToken", it)));
        let operation = Operation::Metrics;
        let answer = ask.client.get(operation.api(), path, &query).await?;
        let list = answer.get("timeSeries").and_then(Value::as_array);
        let next = answer.get("nextPageToken").and_then(Value::as_str);
        let failed = answer
            .get("executionErrors")
            .is_some_and(|it| !it.is_null());
        let mut items: Vec<Piece<Value>> = list
            .into_iter()
            .flatten()
            .cloned()
            .map(Piece::Item)
            .collect();
        if failed {
            items.push(Piece::Unreachable("-".to_owned()));
        }
        Ok(Page {
            items,
            next: next.map(str::to_owned),
        })
    })
    .await
}

/// The greatest value of a series; none where there is none.
fn greatest(series: &Value) -> Option<f64> {
    let points = series.get("points")?.as_array()?.iter();
    points
        .filter_map(|it| {
            let value = it.get("value")?;
            // Whole numbers of 64 bits come as text.
            let whole = value.get("int64Value").and_then(|it| match it {
                Value::String(text) => text.parse().ok(),
                other => other.as_f64(),
            });
            whole.or_else(|| value.get("doubleValue")?.as_f64())
        })
        .reduce(f64::max)
}

fn off(account: &AccountId) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: Some(account.clone()),
        region: None,
        what: Operation::Metrics.permission().to_owned(),
        why: GapReason::NotOffered,
        message: "the API of Cloud Monitoring is off in the project".to_owned(),
        hides: vec![],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_value_is_not_zero() {
        let series = |points: Value| json!({"points": points});
        assert_eq!(
            greatest(&series(json!([
                {"value": {"int64Value": "41"}}, {"value": {"doubleValue": 3.5}}, {}
            ]))),
            Some(41.0)
        );
        assert_eq!(greatest(&series(json!([]))), None);
        assert_eq!(greatest(&json!({})), None);
    }

    #[test]
    fn the_greatest_of_the_nodes_is_the_peak() {
        let shop = AccountId::from("shop");
        let one = |node: &str, value: &str| {
            json!({"resource": {"labels": {"instance_id": "projects/shop/locations/us-east1/instances/a",
                "region": "us-east1", "node_id": node}}, "points": [{"value": {"int64Value": value}}]})
        };
        let mut measured = Measured::default();
        for (node, value) in [("node-0", "5"), ("node-1", "9"), ("node-2", "7")] {
            measured.add(&shop, Service::MemorystoreRedis, &one(node, value));
        }
        let name = "projects/shop/locations/us-east1/instances/a";
        let of = |service| measured.of(&shop, service, name).unwrap();
        assert_eq!(
            of(Service::MemorystoreRedis),
            Some((9.0, Some("node-1".to_owned())))
        );
        assert_eq!(of(Service::MemorystoreValkey), None);
    }
}
