//! What goes wrong on the way: the same result, or gaps and `unknown`; never
//! `open` where it was not.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use cachewarden_peers::{FakeGcp, Fault, FaultKind};

use super::{assert_reads, bench_at, estate, outcomes, reach};
use crate::harness::{Bench, Run};

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

#[track_caller]
fn assert_told(run: &Run, what: &str, why: &str) {
    let gaps = run.json()["gaps"].clone();
    let told = gaps
        .as_array()
        .unwrap()
        .iter()
        .any(|it| it["what"] == what && it["why"] == why);
    assert!(told, "{what} {why}: {gaps:#}");
}

#[test]
fn each_permission_that_is_refused_makes_less_known_and_nothing_open() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    assert!(calm.values().any(|it| it == "open"), "{calm:#?}");
    assert!(calm.values().any(|it| it == "blocked"), "{calm:#?}");
    for permission in [
        "compute.firewalls.list",
        "compute.forwardingRules.list",
        "compute.globalAddresses.list",
        "compute.instances.list",
        "compute.interconnectAttachments.list",
        "compute.networks.getRegionEffectiveFirewalls",
        "compute.networks.list",
        "compute.networks.listPeeringRoutes",
        "compute.projects.get",
        "compute.routers.list",
        "compute.routes.list",
        "compute.subnetworks.list",
        "compute.vpnTunnels.list",
        "dns.managedZones.list",
        "dns.policies.list",
        "dns.resourceRecordSets.list",
        "dns.responsePolicies.list",
        "dns.responsePolicyRules.list",
        "memorystore.instances.list",
        "networkconnectivity.hubs.list",
        "networkconnectivity.policyBasedRoutes.list",
        "networkconnectivity.serviceConnectionPolicies.list",
        "networkconnectivity.spokes.list",
        "networksecurity.addressGroups.get",
        "redis.clusters.get",
        "redis.clusters.list",
        "redis.instances.list",
        "run.services.list",
        "vpcaccess.connectors.list",
    ] {
        fake.clear().deny(permission);
        let run = reach(&bench).ends_with(3);
        assert_told(&run, permission, "access-denied");
        assert_no_better(&run, &calm, permission);
    }
    assert_reads(&fake);
}

#[test]
fn throttled_and_failing_calls_are_asked_again() {
    let collect = |bench: &Bench| {
        let run = bench.run(&["collect", "gcp", "-o", "-", "-q"]).ends_with(0);
        let mut snapshot = run.json();
        snapshot["collected_at"] = serde_json::Value::Null;
        snapshot
    };
    let fake = FakeGcp::start(estate());
    let calm = collect(&bench_at(&fake));
    for kind in [
        FaultKind::Throttle,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::ResetBeforeAnswer,
        FaultKind::ResetInBody,
        FaultKind::Slow(Duration::from_millis(50)),
    ] {
        fake.clear().fault(Fault::new(kind).every(3));
        assert_eq!(collect(&bench_at(&fake)), calm, "{kind:?}");
        assert!(fake.faulted(kind) > 0);
    }
}

#[test]
fn damaged_answers_are_no_answers() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    for kind in [
        FaultKind::TruncatedBody200,
        FaultKind::EmptyBody200,
        FaultKind::Html200,
    ] {
        for permission in [
            "compute.networks.getRegionEffectiveFirewalls",
            "memorystore.instances.list",
        ] {
            fake.clear().fault(Fault::new(kind).on(permission));
            let run = reach(&bench).ends_with(3);
            assert_told(&run, permission, "damaged");
            assert_no_better(&run, &calm, permission);
        }
    }
}

#[test]
fn a_call_that_hangs_ends_with_the_time_limit() {
    let fake = FakeGcp::start(estate());
    fake.fault(Fault::new(FaultKind::Hang).on("compute.routes.list"));
    let start = Instant::now();
    let arguments = [
        "reach",
        "gcp",
        "--all",
        "--format",
        "json",
        "--strict",
        "--timeout",
        "6",
        "-q",
    ];
    let run = bench_at(&fake).run(&arguments).ends_with(3);
    let spent = start.elapsed();
    assert!(spent < Duration::from_secs(25), "{spent:?}");
    assert_told(&run, "compute.routes.list", "timeout");
}

#[test]
fn a_region_that_is_not_reached_is_not_empty() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    for permission in [
        "redis.instances.list",
        "compute.subnetworks.list",
        "compute.forwardingRules.list",
        "compute.instances.list",
    ] {
        fake.clear().unreachable(permission, "europe-west1");
        let run = reach(&bench).ends_with(3);
        assert_told(&run, permission, "failed");
        assert_no_better(&run, &calm, permission);
    }
}

/// An API that is off has no caches there, which is said; nothing is unknown
/// for it.
#[test]
fn an_api_that_is_off_is_said_once() {
    let fake = FakeGcp::start(estate());
    fake.off("shop", "redis", None);
    let run = bench_at(&fake).run(&["audit", "gcp", "--fail-on", "never", "--format", "json"]);
    let run = run.ends_with(0);
    let line = "account shop has nothing of redis.googleapis.com: switched off";
    assert_eq!(run.stderr.matches(line).count(), 1, "{run}");
    assert_eq!(run.json()["caches"].as_array().unwrap().len(), 5);
}

#[test]
fn a_project_that_answers_nothing_is_no_clean_one() {
    let fake = FakeGcp::start(estate());
    fake.deny_project("shop");
    let bench = bench_at(&fake);
    bench
        .run(&["audit", "gcp", "--fail-on", "never", "--strict"])
        .ends_with(3);
    let run = bench
        .run(&["audit", "gcp", "--gcp-project", "shop"])
        .ends_with(2);
    run.says(&[
        "error: no project could be asked",
        "access-denied",
        "help: ",
    ]);
}

#[test]
fn credentials_that_expire_on_the_way_leave_gaps() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let calm = outcomes(&reach(&bench));
    for permission in [
        "compute.networks.getRegionEffectiveFirewalls",
        "dns.resourceRecordSets.list",
        "redis.clusters.get",
    ] {
        fake.clear()
            .fault(Fault::new(FaultKind::ExpiredToken).on(permission));
        let run = reach(&bench).ends_with(3);
        assert_told(&run, permission, "access-denied");
        assert_no_better(&run, &calm, permission);
    }
}
