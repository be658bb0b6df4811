//! Measured values of a cache, under the names that its cloud gives them.

use super::cache::fact;
use super::limits::metric;
use super::{FactDef, FactType};

/// One fact for each metric: `cache.metrics.NAME`.
macro_rules! metrics {
    ($($name:literal: $doc:literal,)*) => {
        pub(super) static FACTS: &[FactDef] = &[$(
            fact(concat!("cache.metrics.", $name), FactType::Float, $doc, |_, it| metric(it, $name)),
        )*];
    };
}

metrics! {
    "AuthenticationFailures": "logins that failed",
    "CommandAuthorizationFailures": "commands that the user may not send",
    "CPUUtilization": "processor use of the busiest node, in percent",
    "CurrConnections": "the most clients that one node had",
    "DatabaseMemoryUsagePercentage": "memory in use on the fullest node, in percent",
    "EngineCPUUtilization": "use of the engine's one thread on the busiest node, in percent",
    "Evictions": "keys dropped for want of memory",
    "KeyAuthorizationFailures": "uses of a key that the user may not use",
    "NetworkBandwidthInAllowanceExceeded": "packets shaped or dropped on the way in",
    "NetworkBandwidthOutAllowanceExceeded": "packets shaped or dropped on the way out",
    "NetworkConntrackAllowanceExceeded":
        "packets dropped because the host tracks too many connections",
    "NetworkPacketsPerSecondAllowanceExceeded": "packets dropped for their number",
    "ThrottledCmds": "commands that a serverless cache delayed or refused for their rate",
    "TrafficManagementActive": "1 while the service sheds load",
}
