//! The binary against Azure: a stand-in on this machine, with failures on
//! request.

mod credentials;
mod faults;
mod secrets;

use cachewarden_peers::{AzureEstate, FakeAzure};

use crate::harness::Bench;

/// The subscription with the caches.
const SHOP: &str = "11111111-aaaa-4000-8000-000000000001";

/// A small shop: caches of each service, networks, a private endpoint. The
/// same that the tests of the adapter read.
fn estate() -> AzureEstate {
    let text = include_str!("../crates/provider-azure/tests/fixtures/shop.json");
    AzureEstate::new(serde_json::from_str(text).unwrap())
}

/// A bench whose environment leads to the fake.
fn bench_at(fake: &FakeAzure) -> Bench {
    with(Bench::new(), fake.env())
}

fn with(bench: Bench, variables: Vec<(String, String)>) -> Bench {
    variables
        .iter()
        .fold(bench, |bench, (name, value)| bench.with(name, value))
}

/// Asserts that nothing but reads was sent, and something was.
#[track_caller]
fn assert_reads(fake: &FakeAzure) {
    let requests = fake.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(request.only_reads(), "{} {}", request.method, request.path);
    }
}

#[test]
fn subscriptions_are_read_and_judged() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    let run = bench
        .run(&["audit", "azure", "--fail-on", "never", "--format", "json"])
        .ends_with(0)
        .says(&[
            "azure: credentials from CACHEWARDEN_AZURE_TOKEN",
            "reading account 11111111-",
        ]);
    let report = run.json();
    let names: Vec<_> = report["caches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["legacy", "orders", "sessions", "reports"], "{run}");
    // Nothing that was asked was refused; what Azure does not tell is known.
    let gaps = report["gaps"].as_array().unwrap();
    let refused = |it: &serde_json::Value| {
        ["access-denied", "failed", "throttled"].contains(&it["why"].as_str().unwrap())
    };
    assert!(!gaps.iter().any(refused), "{run}");
    let snapshot = bench
        .run(&["collect", "azure", "-o", "-", "-q", "--strict"])
        .ends_with(0)
        .json();
    let peak = &snapshot["caches"][1]["metrics"][0];
    assert_eq!(
        (&peak["name"], &peak["value"]["known"]),
        (&"connectedclients".into(), &41.0.into())
    );
    // What was not measured is not zero.
    assert!(snapshot["caches"][0]["metrics"][0]["value"]["unknown"].is_object());
    // The group at the endpoint's subnet admits the entry port alone; a client
    // of a cluster needs the ports of its nodes as well.
    let why = [
        "why", "--client", "web-1", "--cache", "orders", "azure", "-q", "--format", "json",
    ];
    let run = bench.run(&why).ends_with(1);
    let found = run.json()["connections"].as_array().unwrap().clone();
    let [connection] = found.as_slice() else {
        panic!("{run}");
    };
    assert_eq!(connection["outcome"], "partial", "{run}");
    let blamed: std::collections::BTreeSet<_> = connection["blame"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rule"].as_str().unwrap())
        .collect();
    assert_eq!(blamed, ["deny-rest"].into(), "{run}");
    assert!(run.stderr.is_empty(), "{run}");
    assert_reads(&fake);
}

#[test]
fn what_was_collected_says_the_same_later() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    bench
        .run(&["collect", "azure", "-o", "a.json.zst", "--strict"])
        .ends_with(0);
    let reach = |target: &str| {
        let run = bench.run(&["reach", target, "--all", "--format", "json", "-q"]);
        let mut report = run.ends_with(0).json();
        report["collected_at"] = serde_json::Value::Null;
        report
    };
    let live = reach("azure");
    assert_eq!(reach("a.json.zst"), live);
    assert!(!live["connections"].as_array().unwrap().is_empty());
}

#[test]
fn subscriptions_outside_the_scope_are_not_asked() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    let run = bench.run(&[
        "collect",
        "azure",
        "--azure-subscription",
        "Shop",
        "-o",
        "-",
    ]);
    let snapshot = run.ends_with(0).json();
    assert_eq!(snapshot["targets"][0]["account"], SHOP);
    assert_eq!(snapshot["caches"].as_array().unwrap().len(), 3);
    assert!(
        fake.requests()
            .iter()
            .all(|it| it.subscription.is_empty() || it.subscription == SHOP)
    );
    bench
        .run(&["audit", "azure", "--azure-subscription", "nowhere"])
        .ends_with(2)
        .says(&[
            "error: the credentials see no subscription `nowhere`",
            "help: ",
        ]);
    bench
        .run(&["audit", "azure", "--azure-cloud", "moon"])
        .ends_with(2);
}

/// Several targets make one audit.
#[test]
fn a_saved_snapshot_and_azure_are_one_audit() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake);
    let run = bench.run(&[
        "audit",
        "demo",
        "azure",
        "--fail-on",
        "never",
        "--format",
        "json",
        "-q",
    ]);
    let report = run.ends_with(0).json();
    let providers: std::collections::BTreeSet<_> = report["caches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["provider"].as_str().unwrap())
        .collect();
    assert!(
        providers.contains("aws") && providers.contains("azure"),
        "{providers:?}"
    );
}

#[test]
fn permissions_are_reads_alone() {
    let bench = Bench::new();
    let arguments = ["permissions", "azure", "--azure-subscription", SHOP];
    let role = bench.run(&arguments).ends_with(0).json();
    let actions = role["Actions"].as_array().unwrap();
    assert!(
        actions.contains(&"Microsoft.Cache/redis/read".into()),
        "{role}"
    );
    for action in actions {
        assert!(action.as_str().unwrap().ends_with("/read"), "{action}");
    }
    assert_eq!(role["DataActions"], serde_json::json!([]));
    assert_eq!(
        role["AssignableScopes"][0],
        format!("/subscriptions/{SHOP}")
    );
}

#[test]
fn nobody_listens_in() {
    let fake = FakeAzure::start(estate());
    let bench = bench_at(&fake).with("CACHEWARDEN_AZURE_RESOURCE_MANAGER", "http://arm.example");
    let run = bench.run(&["reach", "azure"]).ends_with(2);
    run.says(&["error: the endpoint `arm.example`", "plain http", "help: "]);
    assert!(fake.requests().is_empty());
}
