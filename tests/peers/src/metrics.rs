//! CloudWatch: the series that an estate holds, and `GetMetricData` over them.

use serde_json::{Map, Value, json};

use crate::protocol::Asked;
use crate::refusal::Reason;

/// Members of a series; the first three are what a query names.
const MEMBERS: &[&str] = &[
    "Dimensions",
    "MetricName",
    "Namespace",
    "Stat",
    "StatusCode",
    "Timestamps",
    "Values",
];

/// Queries that one call may hold.
const MOST_QUERIES: usize = 500;

/// Whether an item is a series:
/// `{"Namespace", "MetricName", "Dimensions": [{"Name", "Value"}], "Values": […]}`, with `Stat` if it answers
/// only that statistic, `StatusCode` if it is not `Complete`, and `Timestamps` (RFC 3339) unless the values
/// are simply the latest periods.
pub(crate) fn check(item: &Value) -> Result<(), String> {
    let Value::Object(members) = item else {
        return Err(format!("a series must be an object, not {item}"));
    };
    let unknown = members
        .keys()
        .find(|name| !name.starts_with('_') && !MEMBERS.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(format!(
            "a series has no member `{name}`; it has {}",
            MEMBERS.join(", ")
        ));
    }
    let numbers = item["Values"]
        .as_array()
        .is_some_and(|values| values.iter().all(Value::is_number));
    if !(item["Namespace"].is_string() && item["MetricName"].is_string() && numbers) {
        return Err("a series needs Namespace, MetricName and Values".to_owned());
    }
    let times = item["Timestamps"]
        .as_array()
        .map(|times| times.iter().all(|time| at(time).is_some()));
    if times == Some(false) {
        return Err("Timestamps must be RFC 3339".to_owned());
    }
    Ok(())
}

/// One result for each query of the request, in their order.
pub(crate) fn results(asked: &Asked, series: &[Value]) -> Result<Vec<Value>, Reason> {
    let bound = |name| asked.document[name].as_f64().ok_or(Reason::Missing(name));
    let (start, end) = (bound("StartTime")?, bound("EndTime")?);
    let queries = asked.document["MetricDataQueries"]
        .as_array()
        .ok_or(Reason::Missing("MetricDataQueries"))?;
    if queries.len() > MOST_QUERIES {
        return Err(Reason::BadValue(format!(
            "{} queries are more than {MOST_QUERIES}",
            queries.len()
        )));
    }
    queries
        .iter()
        .map(|query| result(query, series, start, end))
        .collect()
}

fn result(query: &Value, series: &[Value], start: f64, end: f64) -> Result<Value, Reason> {
    let (stat, metric) = (&query["MetricStat"], &query["MetricStat"]["Metric"]);
    if !metric.is_object() {
        return Err(Reason::BadValue(
            "the fake AWS answers no expressions".to_owned(),
        ));
    }
    let period = stat["Period"]
        .as_f64()
        .filter(|period| *period > 0.0)
        .ok_or(Reason::Missing("Period"))?;
    let found = series.iter().find(|series| is_asked(series, stat, metric));
    let points = found
        .map(|series| points(series, end, period))
        .unwrap_or_default();
    let (times, values): (Vec<_>, Vec<_>) = points
        .into_iter()
        .filter(|(time, _)| (start..end).contains(time))
        .map(|(time, value)| (written(time), value))
        .unzip();
    let mut result = Map::new();
    result.insert("Id".to_owned(), query["Id"].clone());
    result.insert("Label".to_owned(), metric["MetricName"].clone());
    let status = found
        .map(|series| &series["StatusCode"])
        .filter(|status| status.is_string());
    result.insert(
        "StatusCode".to_owned(),
        status.cloned().unwrap_or_else(|| json!("Complete")),
    );
    result.insert("Timestamps".to_owned(), times.into());
    result.insert("Values".to_owned(), values.into());
    Ok(result.into())
}

fn is_asked(series: &Value, stat: &Value, metric: &Value) -> bool {
    let same = |name: &str| series[name] == metric[name];
    let stat = series["Stat"].is_null() || series["Stat"] == stat["Stat"];
    stat && same("Namespace") && same("MetricName") && dimensions(series) == dimensions(metric)
}

fn dimensions(of: &Value) -> Vec<(&str, &str)> {
    let dimensions = of["Dimensions"].as_array().into_iter().flatten();
    let mut found: Vec<_> = dimensions
        .filter_map(|each| Some((each["Name"].as_str()?, each["Value"].as_str()?)))
        .collect();
    found.sort_unstable();
    found
}

/// Times and values, the latest first as CloudWatch sends them.
fn points(series: &Value, end: f64, period: f64) -> Vec<(f64, Value)> {
    let values = series["Values"].as_array().cloned().unwrap_or_default();
    let last = (end / period).floor() * period;
    let mut points: Vec<_> = match series["Timestamps"].as_array() {
        Some(times) => times.iter().filter_map(at).zip(values).collect(),
        None => (1..)
            .map(|back| last - f64::from(back) * period)
            .zip(values.into_iter().rev())
            .collect(),
    };
    points.sort_by(|one, other| other.0.total_cmp(&one.0));
    points
}

fn at(time: &Value) -> Option<f64> {
    let time: jiff::Timestamp = time.as_str()?.parse().ok()?;
    Some(time.as_duration().as_secs_f64())
}

fn written(time: f64) -> Value {
    let since = jiff::SignedDuration::from_secs_f64(time);
    jiff::Timestamp::from_duration(since)
        .map(|time| time.to_string())
        .unwrap_or_default()
        .into()
}
