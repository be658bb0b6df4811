//! The binary against Google Cloud: a stand-in on this machine, with failures
//! on request.

mod credentials;
mod faults;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_peers::{FakeGcp, GcpEstate};
use serde_json::Value;

use crate::harness::{Bench, Run};

/// A small shop: caches of each service in a network that is shared. The same
/// that the tests of the adapter read.
fn estate() -> GcpEstate {
    let text = include_str!("../crates/provider-gcp/tests/fixtures/shop.json");
    GcpEstate::new(serde_json::from_str(text).unwrap())
}

/// A bench whose environment leads to the fake.
fn bench_at(fake: &FakeGcp) -> Bench {
    with(Bench::new(), fake.env())
}

fn with(bench: Bench, variables: Vec<(String, String)>) -> Bench {
    variables
        .iter()
        .fold(bench, |bench, (name, value)| bench.with(name, value))
}

/// Every pair of a client and an endpoint, with its outcome.
fn outcomes(run: &Run) -> BTreeMap<String, String> {
    let report = run.json();
    let connections = report["connections"].as_array().unwrap().iter();
    let pairs = connections.map(|it| {
        let key = format!(
            "{} -> {} {} {}",
            it["client"]["id"], it["cache"]["id"], it["endpoint"]["host"], it["endpoint"]["port"]
        );
        (key, it["outcome"].as_str().unwrap().to_owned())
    });
    pairs.collect()
}

fn reach(bench: &Bench) -> Run {
    bench.run(&[
        "reach", "gcp", "--all", "--format", "json", "--strict", "-q",
    ])
}

/// Asserts that nothing but reads was sent, and something was.
#[track_caller]
fn assert_reads(fake: &FakeGcp) {
    let requests = fake.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(request.only_reads(), "{} {}", request.method, request.path);
    }
}

#[test]
fn projects_are_read_and_judged() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let run = bench
        .run(&["audit", "gcp", "--fail-on", "never", "--format", "json"])
        .ends_with(0)
        .says(&[
            "gcp: credentials from CLOUDSDK_AUTH_ACCESS_TOKEN",
            "reading account shop-net",
            "shop-net europe-west1: 5 caches",
            "the project is being deleted",
        ]);
    let report = run.json();
    let names: BTreeSet<_> = report["caches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    let all = [
        "bare", "cart", "catalog", "orders", "plain", "search", "sessions",
    ];
    assert_eq!(names, all.into(), "{run}");
    let gaps = report["gaps"].as_array().unwrap();
    let refused = |it: &Value| {
        ["access-denied", "failed", "throttled", "damaged"].contains(&it["why"].as_str().unwrap())
    };
    assert!(!gaps.iter().any(refused), "{run}");
    assert_reads(&fake);
}

/// What the road from the APIs to the engine makes of a client and a cache.
#[test]
fn one_connection_stage_by_stage() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let why = |client: &str, cache: &str| {
        let arguments = [
            "why", "--client", client, "--cache", cache, "gcp", "-q", "--format", "json",
        ];
        let run = bench.run(&arguments);
        let found = run.json()["connections"].as_array().unwrap().clone();
        let [connection] = found.as_slice() else {
            panic!("{client} {cache}: {run}");
        };
        connection.clone()
    };
    // The network's own rule lets its tag out to this very address.
    let open = why("web", "sessions");
    assert_eq!(open["outcome"], "open", "{open:#}");
    // No rule lets anybody without the tag out.
    let blocked = why("batch", "sessions");
    assert_eq!(blocked["outcome"], "blocked", "{blocked:#}");
    let blamed: BTreeSet<_> = blocked["blame"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rule"].as_str().unwrap_or_default())
        .collect();
    assert!(blamed.contains("deny-all"), "{blocked:#}");
    // The cache is in a network that nobody of the shop is in.
    assert_eq!(why("web", "bare")["outcome"], "blocked");
}

#[test]
fn what_was_collected_says_the_same_later() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    bench
        .run(&["collect", "gcp", "-o", "a.json.zst"])
        .ends_with(0);
    let reach = |target: &str| {
        let run = bench.run(&["reach", target, "--all", "--format", "json", "-q"]);
        let mut report = run.ends_with(0).json();
        report["collected_at"] = Value::Null;
        report
    };
    let live = reach("gcp");
    assert_eq!(reach("a.json.zst"), live);
    assert!(!live["connections"].as_array().unwrap().is_empty());
}

#[test]
fn projects_outside_the_scope_are_not_asked() {
    let fake = FakeGcp::start(estate());
    let bench = bench_at(&fake);
    let run = bench.run(&["collect", "gcp", "--gcp-project", "222", "-o", "-"]);
    let snapshot = run.ends_with(0).json();
    assert_eq!(snapshot["targets"][0]["account"], "shop-net");
    assert_eq!(snapshot["caches"].as_array().unwrap().len(), 5);
    let asked = |it: &str| ["", "shop-net", "222"].contains(&it);
    assert!(fake.requests().iter().all(|it| asked(&it.project)));
    bench
        .run(&["audit", "gcp", "--gcp-project", "nowhere"])
        .ends_with(2)
        .says(&["error: the credentials see no project `nowhere`", "help: "]);
    let run = bench.run(&["collect", "gcp", "--gcp-organization", "9", "-o", "-"]);
    let snapshot = run.ends_with(0).json();
    assert_eq!(snapshot["targets"].as_array().unwrap().len(), 2);
    bench
        .run(&["audit", "gcp", "--gcp-organization", "example.com"])
        .ends_with(2)
        .says(&["error: `example.com` is no number of an organization"]);
}

/// Several targets make one audit.
#[test]
fn a_saved_snapshot_and_google_cloud_are_one_audit() {
    let fake = FakeGcp::start(estate());
    let run = bench_at(&fake).run(&[
        "audit",
        "demo",
        "gcp",
        "--fail-on",
        "never",
        "--format",
        "json",
        "-q",
    ]);
    let report = run.ends_with(0).json();
    let providers: BTreeSet<_> = report["caches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["provider"].as_str().unwrap())
        .collect();
    assert_eq!(providers, ["aws", "azure", "gcp"].into());
}

#[test]
fn permissions_are_reads_alone() {
    let bench = Bench::new();
    let role = bench.run(&["permissions", "gcp"]).ends_with(0).stdout;
    let (head, permissions) = role.split_once("includedPermissions:\n").unwrap();
    assert!(
        head.contains("title: ") && head.contains("stage: "),
        "{role}"
    );
    let permissions: Vec<_> = permissions.lines().collect();
    assert!(permissions.contains(&"- redis.instances.list"), "{role}");
    for line in &permissions {
        let verb = line.rsplit('.').next().unwrap();
        assert!(
            verb.starts_with("list") || verb.starts_with("get"),
            "{line}"
        );
        assert!(!line.contains("AuthString"), "{line}");
    }
    let more = bench.run(&["permissions", "gcp", "--gcp-organization"]);
    assert!(
        more.stdout.contains("resourcemanager.folders.list"),
        "{more}"
    );
    assert!(!role.contains("resourcemanager.folders.list"), "{role}");
}

#[test]
fn nobody_listens_in() {
    let fake = FakeGcp::start(estate());
    let variable = "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE";
    let bench = bench_at(&fake).with(variable, "http://compute.example/compute/v1/");
    let run = bench.run(&["reach", "gcp"]).ends_with(2);
    run.says(&[
        "error: the endpoint `compute.example`",
        variable,
        "plain http",
        "help: ",
    ]);
    assert!(fake.requests().is_empty());
}

/// Each cloud is read with its own credentials, and all make one report.
#[cfg(feature = "azure")]
#[test]
fn azure_and_google_cloud_are_one_audit() {
    let text = include_str!("../crates/provider-azure/tests/fixtures/shop.json");
    let azure = cachewarden_peers::AzureEstate::new(serde_json::from_str(text).unwrap());
    let azure = cachewarden_peers::FakeAzure::start(azure);
    let gcp = FakeGcp::start(estate());
    let bench = with(bench_at(&gcp), azure.env());
    let arguments = [
        "audit",
        "azure",
        "gcp",
        "--fail-on",
        "never",
        "--format",
        "json",
    ];
    let run = bench.run(&arguments).ends_with(0);
    let run = run.says(&["azure: credentials from", "gcp: credentials from"]);
    let count = |provider: &str| {
        let caches = run.json()["caches"].as_array().unwrap().clone();
        caches
            .iter()
            .filter(|it| it["provider"] == provider)
            .count()
    };
    assert_eq!((count("azure"), count("gcp")), (4, 7));
    assert_reads(&gcp);
}
