//! What goes wrong on the way: the same result, or gaps and `unknown`; never
//! `open` where it was not.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use cachewarden_peers::{FakeAzure, Fault, FaultKind};

use super::{SHOP, assert_reads, bench_at, estate};
use crate::harness::{Bench, Run};

/// Every pair of a client and an endpoint, with its outcome.
fn outcomes(run: &Run) -> BTreeMap<String, String> {
    let report = run.json();
    let connections = report["connections"].as_array().unwrap().iter();
    let pairs = connections.map(|it| {
        let key = format!(
            "{} -> {} {}",
            it["client"]["id"], it["cache"]["id"], it["endpoint"]["port"]
        );
        (key, it["outcome"].as_str().unwrap().to_owned())
    });
    pairs.collect()
}

fn reach(bench: &Bench) -> Run {
    bench.run(&[
        "reach", "azure", "--all", "--format", "json", "--strict", "-q",
    ])
}

/// Asserts that nothing is said to be open or settled which was not.
#[track_caller]
fn assert_no_better(found: &Run, calm: &BTreeMap<String, String>, when: &str) {
    for (pair, outcome) in outcomes(found) {
        match calm.get(&pair) {
            Some(before) => assert!(
                outcome == *before || outcome == "unknown",
                "{when}: {pair} was {before} and is {outcome}"
            ),
            None => assert_eq!(outcome, "unknown", "{when}: {pair} is new"),
        }
    }
}

#[test]
fn each_action_that_is_refused_makes_less_known_and_nothing_open() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    assert!(!calm.is_empty());
    for action in [
        "Microsoft.Cache/redis/firewallRules/read",
        "Microsoft.Network/virtualNetworks/read",
        "Microsoft.Network/networkSecurityGroups/read",
        "Microsoft.Network/routeTables/read",
        "Microsoft.Network/privateEndpoints/read",
        "Microsoft.Network/privateDnsZones/read",
        "Microsoft.Network/privateDnsZones/ALL/read",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks/read",
        "Microsoft.Network/natGateways/read",
        "Microsoft.Network/publicIPAddresses/read",
        "Microsoft.Network/networkManagers/read",
        "Microsoft.Network/networkInterfaces/read",
        "Microsoft.Cache/redisEnterprise/databases/read",
    ] {
        fake.clear().deny(action);
        let run = reach(&bench).ends_with(3);
        let gaps = run.json()["gaps"].clone();
        let told = gaps
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["what"] == action && it["why"] == "access-denied");
        assert!(told, "{action}: {gaps}");
        assert_no_better(&run, &calm, action);
    }
    assert_reads(&fake);
}

/// Resource Graph says nothing of what it leaves out; the user is told all
/// the same.
#[test]
fn what_is_left_out_in_silence_is_said() {
    let fake = FakeAzure::start(estate());
    let action = "Microsoft.Network/networkSecurityGroups/read";
    fake.deny(action);
    let run = bench_at(&fake).run(&["collect", "azure", "-o", "a.json", "--strict"]);
    let told = format!("warning: not seen: {action} (access-denied)");
    run.ends_with(3).says(&[&told]);
}

#[test]
fn throttled_and_failing_calls_are_asked_again() {
    let collect = |bench: &Bench| {
        let run = bench
            .run(&["collect", "azure", "-o", "-", "-q", "--strict"])
            .ends_with(0);
        let mut snapshot = run.json();
        snapshot["collected_at"] = serde_json::Value::Null;
        snapshot
    };
    let fake = FakeAzure::start(estate());
    let calm = collect(&bench_at(&fake));
    for kind in [
        FaultKind::Throttle,
        FaultKind::Status(503),
        FaultKind::ResetBeforeAnswer,
    ] {
        fake.clear().fault(Fault::new(kind).every(3));
        assert_eq!(collect(&bench_at(&fake)), calm, "{kind:?}");
        assert!(fake.faulted(kind) > 0);
    }
}

#[test]
fn damaged_answers_are_no_answers() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    for kind in [
        FaultKind::TruncatedBody200,
        FaultKind::EmptyBody200,
        FaultKind::Html200,
    ] {
        for action in [
            "Microsoft.Network/networkSecurityGroups/read",
            "Microsoft.Cache/redis/read",
        ] {
            fake.clear().fault(Fault::new(kind).on(action));
            let run = reach(&bench).ends_with(3);
            let gaps = run.json()["gaps"].clone();
            let told = gaps
                .as_array()
                .unwrap()
                .iter()
                .any(|it| it["what"] == action && it["why"] == "damaged");
            assert!(told, "{action}: {gaps}");
            assert_no_better(&run, &calm, action);
        }
    }
}

#[test]
fn a_call_that_hangs_ends_with_the_time_limit() {
    let fake = FakeAzure::start(estate());
    fake.fault(Fault::new(FaultKind::Hang).on("Microsoft.Network/networkSecurityGroups/read"));
    let start = Instant::now();
    let arguments = [
        "reach",
        "azure",
        "--format",
        "json",
        "--strict",
        "--timeout",
        "6",
    ];
    let run = bench_at(&fake).run(&arguments).ends_with(3);
    assert!(
        start.elapsed() < Duration::from_secs(25),
        "{:?}",
        start.elapsed()
    );
    let gaps = run.json()["gaps"].clone();
    let told = gaps
        .as_array()
        .unwrap()
        .iter()
        .any(|it| it["why"] == "timeout");
    assert!(told, "{gaps}");
}

#[test]
fn a_subscription_that_answers_nothing_is_no_clean_one() {
    let fake = FakeAzure::start(estate());
    fake.deny_subscription(SHOP);
    let bench = bench_at(&fake);
    bench
        .run(&["audit", "azure", "--fail-on", "never", "--strict"])
        .ends_with(3);
    let run = bench
        .run(&["audit", "azure", "--azure-subscription", SHOP])
        .ends_with(2);
    run.says(&[
        "error: no subscription could be asked",
        "access-denied",
        "help: ",
    ]);
}

#[test]
fn credentials_that_expire_on_the_way_leave_gaps() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    fake.fault(
        Fault::new(FaultKind::ExpiredToken).on("Microsoft.Network/privateDnsZones/ALL/read"),
    );
    let run = reach(&bench).ends_with(3);
    assert_no_better(&run, &calm, "expired");
}
