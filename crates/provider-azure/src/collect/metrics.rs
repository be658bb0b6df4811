//! How many clients were connected: the most at any time of two weeks.

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Gap, GapReason, Provider, Region, Timestamp};
use cachewarden_provider::call;
use futures_util::future::join_all;
use serde_json::Value;

use super::Estate;
use super::ask::{Ask, question};
use crate::adapt;
use crate::operation::Operation;

/// Over how many days.
pub(crate) const DAYS: u32 = 14;

/// Most resources that one call takes.
///
/// Source: Azure Monitor, "Metrics batch": clients of all languages cut at 50.
const MOST: usize = 50;

/// The metric, under the same name in all services.
const METRIC: &str = "connectedclients";

/// What was measured, by the cache's id in lower case.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    values: BTreeMap<String, Result<Option<f64>, Box<Gap>>>,
}

impl Measured {
    /// The most clients of a cache; `Ok(None)` where Azure had no value.
    ///
    /// # Errors
    ///
    /// The gap, where it was not read.
    pub(crate) fn of(&self, id: &str) -> Result<Option<f64>, Box<Gap>> {
        self.values
            .get(&id.to_lowercase())
            .cloned()
            .unwrap_or(Ok(None))
    }
}

impl Measured {
    /// Why some was not read; the same gap once for each cache.
    pub(super) fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.values
            .values()
            .filter_map(|it| it.as_ref().err().map(|it| &**it))
    }
}

/// Caches of one subscription, region and type.
type Group<'a> = ((&'a AccountId, Region, &'static str), Vec<&'a str>);

/// Asks for all caches.
pub(super) async fn read(ask: &Ask<'_>, estate: &Estate) -> Measured {
    let groups = groups(estate);
    let chunks = groups
        .iter()
        .flat_map(|(place, ids)| ids.chunks(MOST).map(move |ids| (place, ids)));
    let asked = chunks.map(|((account, region, kind), ids)| async move {
        if ask.client.batches() {
            batch(ask, account, region, kind, ids).await
        } else {
            let one = ids.iter().map(|id| single(ask, account, id));
            join_all(one).await
        }
    });
    let answers = join_all(asked).await;
    Measured {
        values: answers.into_iter().flatten().collect(),
    }
}

fn groups(estate: &Estate) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&AccountId, Region, &'static str), Vec<&str>> = BTreeMap::new();
    let redis = estate
        .redis
        .iter()
        .map(|it| (&it.account, &it.value, "Microsoft.Cache/redis"));
    let clusters = estate.clusters.iter();
    let clusters = clusters.map(|it| (&it.account, &it.value, "Microsoft.Cache/redisEnterprise"));
    for (account, value, kind) in redis.chain(clusters) {
        if let Some(id) = value.get("id").and_then(Value::as_str) {
            let place = (account, adapt::region(value), kind);
            groups.entry(place).or_default().push(id);
        }
    }
    groups.into_iter().collect()
}

fn window(now: Timestamp) -> (Timestamp, Timestamp) {
    let start = Timestamp::from_unix(now.unix() - i64::from(DAYS) * 86_400);
    // To the full hour: the values are those of whole hours.
    let end = Timestamp::from_unix(now.unix() - now.unix().rem_euclid(3600));
    (start.unwrap_or(now), end.unwrap_or(now))
}

type Answers = Vec<(String, Result<Option<f64>, Box<Gap>>)>;

/// Source: Azure Monitor REST API, "Metrics Batch", version 2023-10-01.
async fn batch(
    ask: &Ask<'_>,
    account: &AccountId,
    region: &Region,
    kind: &str,
    ids: &[&str],
) -> Answers {
    let (start, end) = window(ask.session.now);
    let version = Operation::Metrics.version();
    let path = format!(
        "/subscriptions/{account}/metrics:getBatch?api-version={version}\
         &metricnamespace={kind}&metricnames={METRIC}\
         &starttime={start}&endtime={end}&interval=PT1H&aggregation=maximum"
    );
    let asked = question(Operation::Metrics, Some(account));
    let send = || ask.client.metrics(region.as_str(), &path, ids);
    let answer = call::one(ask.session, &asked, send).await;
    let values = answer.and_then(|answer| {
        let list = answer.get("values").and_then(Value::as_array).cloned();
        list.ok_or_else(|| Box::new(damaged(account)))
    });
    let of = |id: &str| -> Result<Option<f64>, Box<Gap>> {
        let values = values.as_ref().map_err(|gap| gap.clone())?;
        let own = values.iter().find(|it| {
            let its = it.get("resourceid").and_then(Value::as_str);
            its.is_some_and(|it| it.eq_ignore_ascii_case(id))
        });
        own.map_or_else(|| Err(Box::new(damaged(account))), |it| Ok(greatest(it)))
    };
    ids.iter().map(|id| (id.to_lowercase(), of(id))).collect()
}

/// Source: Azure Monitor REST API, "Metrics - List", version 2023-10-01.
async fn single(
    ask: &Ask<'_>,
    account: &AccountId,
    id: &str,
) -> (String, Result<Option<f64>, Box<Gap>>) {
    let (start, end) = window(ask.session.now);
    let path = format!(
        "{id}/providers/microsoft.insights/metrics?metricnames={METRIC}\
         &timespan={start}/{end}&interval=PT1H&aggregation=Maximum"
    );
    let answer = ask.one(Operation::Metrics, account, &path).await;
    let value = match answer {
        Ok(answer) if answer.get("value").is_some_and(Value::is_array) => Ok(greatest(&answer)),
        Ok(_) => Err(Box::new(damaged(account))),
        Err(gap) => Err(gap),
    };
    (id.to_lowercase(), value)
}

/// The greatest value of all series; none where there is none.
fn greatest(answer: &Value) -> Option<f64> {
    let metrics = answer.get("value").and_then(Value::as_array);
    let series = metrics.into_iter().flatten();
    let series = series
        .filter_map(|it| it.get("timeseries")?.as_array())
        .flatten();
    series
        .filter_map(|it| it.get("data")?.as_array())
        .flatten()
        .filter_map(|it| it.get("maximum")?.as_f64())
        .reduce(f64::max)
}

fn damaged(account: &AccountId) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(account.clone()),
        region: None,
        what: Operation::Metrics.action().to_owned(),
        why: GapReason::Damaged,
        message: "the answer lacks the values of a cache that was asked for".to_owned(),
        hides: Operation::Metrics.hides().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_value_is_not_zero() {
        let series = |data: Value| json!({"value": [{"timeseries": [{"data": data}]}]});
        assert_eq!(
            greatest(&series(json!([{"maximum": 3.0}, {"maximum": 41.0}, {}]))),
            Some(41.0)
        );
        assert_eq!(
            greatest(&series(json!([{"timeStamp": "2026-01-01T00:00:00Z"}]))),
            None
        );
        assert_eq!(greatest(&json!({"value": []})), None);
    }
}
