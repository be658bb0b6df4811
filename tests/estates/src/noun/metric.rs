//! Measured values.

use cachewarden_model::{Fact, Metric, Statistic};

use Statistic::{Maximum, Sum};

/// What CloudWatch says of nodes that nothing is wrong with, sorted by name.
///
/// Source: Amazon ElastiCache User Guide, "Metrics for Valkey and Redis OSS".
const NODES: [(&str, Statistic, f64); 14] = [
    ("AuthenticationFailures", Sum, 0.0),
    ("CPUUtilization", Maximum, 12.0),
    ("CommandAuthorizationFailures", Sum, 0.0),
    ("CurrConnections", Maximum, 120.0),
    ("DatabaseMemoryUsagePercentage", Maximum, 41.0),
    ("EngineCPUUtilization", Maximum, 17.0),
    ("Evictions", Sum, 0.0),
    ("KeyAuthorizationFailures", Sum, 0.0),
    ("NetworkBandwidthInAllowanceExceeded", Sum, 0.0),
    ("NetworkBandwidthOutAllowanceExceeded", Sum, 0.0),
    ("NetworkConntrackAllowanceExceeded", Sum, 0.0),
    ("NetworkPacketsPerSecondAllowanceExceeded", Sum, 0.0),
    ("NewConnections", Sum, 5_400.0),
    ("TrafficManagementActive", Maximum, 0.0),
];

/// The same of a serverless cache.
///
/// Source: Amazon ElastiCache User Guide, "Serverless metrics and events".
const SERVERLESS: [(&str, Statistic, f64); 7] = [
    ("AuthenticationFailures", Sum, 0.0),
    ("CommandAuthorizationFailures", Sum, 0.0),
    ("CurrConnections", Maximum, 80.0),
    ("Evictions", Sum, 0.0),
    ("KeyAuthorizationFailures", Sum, 0.0),
    ("NewConnections", Sum, 2_100.0),
    ("ThrottledCmds", Sum, 0.0),
];

/// A value over 14 days.
pub fn metric(name: &str, statistic: Statistic, value: f64) -> Metric {
    Metric {
        name: name.to_owned(),
        statistic,
        days: 14,
        value: Fact::Known(value),
        node: None,
    }
}

/// What is measured of nodes that nothing is wrong with.
pub(crate) fn quiet() -> Vec<Metric> {
    listed(&NODES)
}

/// What is measured of a serverless cache that nothing is wrong with.
pub(crate) fn quiet_serverless() -> Vec<Metric> {
    listed(&SERVERLESS)
}

fn listed(of: &[(&str, Statistic, f64)]) -> Vec<Metric> {
    let one = |(name, statistic, value): &(&str, Statistic, f64)| metric(name, *statistic, *value);
    of.iter().map(one).collect()
}
