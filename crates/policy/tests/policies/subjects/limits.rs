//! How many clients a cache takes, and has.

use cachewarden_model::*;

use super::{cannot_tell, fails};
use crate::estate::{gap, measure, sound};

#[test]
fn limits_and_metrics() {
    fails(&["peak-connections-leave-headroom"], |it| {
        it.cache().node_type = Fact::Known("cache.t3.micro".into());
        measure(it.cache(), "CurrConnections", Fact::Known(19_400.0));
    });
    fails(&["coming-size-fits-peak-connections"], |it| {
        it.cache().pending.node_type = Some("cache.t3.micro".into());
        measure(it.cache(), "CurrConnections", Fact::Known(30_000.0));
    });
    cannot_tell(&["peak-connections-leave-headroom"], |it| {
        it.cache().node_type = Fact::unknown(gap("x"));
    });
    for (name, policy) in [
        ("AuthenticationFailures", "logins-succeed"),
        ("CommandAuthorizationFailures", "users-stay-within-rights"),
        ("CurrConnections", "peak-connections-leave-headroom"),
        ("DatabaseMemoryUsagePercentage", "memory-has-headroom"),
        ("EngineCPUUtilization", "engine-thread-has-headroom"),
        ("Evictions", "keys-are-not-evicted"),
        (
            "NetworkBandwidthOutAllowanceExceeded",
            "network-allowance-suffices",
        ),
        (
            "NetworkConntrackAllowanceExceeded",
            "connection-tracking-has-room",
        ),
        ("NewConnections", "connections-are-reused"),
        ("TrafficManagementActive", "service-sheds-no-load"),
    ] {
        fails(&[policy], |it| measure(it.cache(), name, Fact::Known(1e9)));
        cannot_tell(&[policy], |it| {
            measure(it.cache(), name, Fact::unknown(gap("cloudwatch")))
        });
        cannot_tell(&[policy], |it| {
            it.cache().metrics.retain(|metric| metric.name != name)
        });
    }
}

#[test]
fn a_limit_of_the_parameters_counts_where_it_is_lower() {
    let mut estate = sound();
    let mut parameters = estate.cache().parameters.value().unwrap().clone();
    parameters.insert("maxclients".into(), "10000".into());
    estate.cache().parameters = Fact::Known(parameters);
    assert_eq!(estate.audit().caches[0].connection_limit, Some(10_000));
}

#[test]
fn demand_is_summed() {
    let expect = |replicas| Expectation {
        name: format!("{replicas} copies"),
        client: Selector {
            name: Some("checkout".into()),
            ..Selector::default()
        },
        cache: Selector {
            name: Some("sessions".into()),
            ..Selector::default()
        },
        outcome: ExpectedOutcome::Reach,
        demand: Some(Demand {
            replicas,
            processes: 4,
            pool: 250,
        }),
        tls: None,
    };
    let result = |expectation| ExpectationResult {
        expectation,
        clients: 1,
        caches: vec![crate::estate::CACHE.into()],
        counts: ConnectionCounts {
            open: 1,
            ..ConnectionCounts::default()
        },
        unmet: vec![],
        gaps: vec![],
    };
    fails(&["declared-demand-leaves-headroom"], |it| {
        it.expectations = vec![expect(40), expect(12)];
        it.reachability.expectations = vec![result(0), result(1)];
    });
    fails(&[], |it| {
        it.expectations = vec![expect(40)];
        it.reachability.expectations = vec![result(0)];
    });
}
