//! The binary against AWS: a stand-in on this machine, with failures on
//! request.

mod account;
mod faults;
mod moto;
mod secrets;

use cachewarden_peers::{FakeAws, Fault, FaultKind};

use crate::harness::Bench;

/// A bench whose environment leads to the fake.
fn bench_at(fake: &FakeAws) -> Bench {
    fake.env()
        .iter()
        .fold(Bench::new(), |bench, (name, value)| bench.with(name, value))
}

/// Asserts that nothing but reads was sent, and something was.
#[track_caller]
fn assert_reads(fake: &FakeAws) {
    let requests = fake.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(request.only_reads(), "{}", request.action());
    }
}

#[test]
fn an_account_is_read_and_judged() {
    let fake = FakeAws::start(account::estate());
    let bench = bench_at(&fake);
    let run = bench
        .run(&["reach", "aws", "--format", "json"])
        .ends_with(0);
    let report = run.json();
    assert_eq!(report["summary"]["connections"]["open"], 1, "{run}");
    let connection = &report["connections"][0];
    assert_eq!(connection["client"]["id"], account::CLIENT);
    assert_eq!(connection["client"]["attached_to"], account::INSTANCE);
    assert_eq!(connection["cache"]["name"], "sessions");
    assert_eq!(
        (&connection["outcome"], &connection["intended"]),
        (&"open".into(), &"rule".into())
    );
    assert_eq!(report["gaps"], serde_json::json!([]), "{run}");
    assert!(run.stderr.contains("reading account 123456789012"), "{run}");
    assert_reads(&fake);
    let run = bench.run(&[
        "why",
        "--client",
        account::INSTANCE,
        "--cache",
        "sessions",
        "aws",
        "-q",
    ]);
    let run = run.ends_with(0);
    assert!(
        run.stdout.starts_with("OPEN") && run.stderr.is_empty(),
        "{run}"
    );
    let audit = bench
        .run(&["audit", "aws", "--fail-on", "never", "--format", "json"])
        .ends_with(0);
    assert_eq!(audit.json()["caches"][0]["id"], account::CACHE, "{audit}");
}

#[test]
fn every_service_is_read_and_measured() {
    let fake = FakeAws::start(account::with_ledger(account::estate()));
    let bench = bench_at(&fake);
    let run = bench
        .run(&["audit", "aws", "--fail-on", "never", "--format", "json"])
        .ends_with(0);
    let report = run.json();
    let peaks: Vec<_> = report["caches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), it["peak_connections"].as_u64()))
        .collect();
    assert_eq!(
        peaks,
        [(account::CACHE, Some(250)), (account::LEDGER, Some(70))],
        "{run}"
    );
    let connections = &report["summary"]["connections"];
    assert_eq!(
        (&connections["open"], &connections["unknown"]),
        (&2.into(), &0.into()),
        "{run}"
    );
    // What was not measured is not zero.
    let fake = FakeAws::start(account::estate());
    let run = bench_at(&fake).run(&["audit", "aws", "--fail-on", "never", "--format", "json"]);
    assert!(run.ends_with(0).json()["caches"][0]["peak_connections"].is_null());
    assert_reads(&fake);
}

#[test]
fn what_was_collected_says_the_same_later() {
    let fake = FakeAws::start(account::estate());
    let bench = bench_at(&fake);
    bench
        .run(&["collect", "aws", "-o", "a.json.zst", "--strict"])
        .ends_with(0);
    drop(fake);
    let run = bench.run(&[
        "why",
        "--client",
        account::CLIENT,
        "--cache",
        "sessions",
        "a.json.zst",
    ]);
    run.ends_with(0);
    // Alone without the fake, a further target cannot be read at all.
    let run = bench
        .run(&["audit", "a.json.zst", "aws", "--timeout", "5"])
        .ends_with(2);
    run.says(&["error: no account could be asked", "help: "]);
}

#[test]
fn regions_outside_the_scope_are_not_asked() {
    let fake = FakeAws::start(account::estate());
    let bench = bench_at(&fake);
    bench
        .run(&["reach", "aws", "--aws-region", "eu-west-1"])
        .ends_with(0);
    let asked = |region: &str| {
        fake.requests()
            .iter()
            .any(|it| it.region == region && it.service != "sts")
    };
    assert!(asked("eu-west-1") && !asked("us-east-1"));
    bench.run(&["reach", "aws"]).ends_with(0);
    assert!(asked("us-east-1"));
    let run = bench
        .run(&["reach", "aws", "--aws-region", "Europe!"])
        .ends_with(2);
    run.says(&["error: `Europe!` is not the name of a region", "help: "]);
}

#[test]
fn nobody_listens_in() {
    let fake = FakeAws::start(account::estate());
    let mut bench = bench_at(&fake);
    bench = bench.with("AWS_ENDPOINT_URL", "http://cache.example");
    let run = bench.run(&["reach", "aws"]).ends_with(2);
    run.says(&[
        "error: the endpoint `cache.example`",
        "plain http",
        "help: ",
    ]);
    assert!(fake.requests().is_empty());
}

/// The client reaches the cache, which nobody may reach who has this label.
const BOUNDARY: &str = concat!(
    "version: 1\n",
    "expect:\n",
    "  - name: the boundary\n",
    "    client: { provider: aws }\n",
    "    cache: { tag: { team: checkout } }\n",
    "    outcome: no-reach\n",
);

#[test]
fn caches_are_told_by_their_labels() {
    let verdict = |fake: &FakeAws| {
        let bench = bench_at(fake);
        bench.file("cachewarden.yaml", BOUNDARY);
        let run = bench.run(&["audit", "aws", "--format", "json", "--fail-on", "never"]);
        let run = run.ends_with(0);
        let report = run.json();
        let mut findings = report["findings"].as_array().unwrap().iter();
        let found = findings.find(|it| it["policy"] == "unwanted-connections-are-closed");
        let verdict = found.map(|it| it["verdict"].as_str().unwrap().to_owned());
        let mut gaps = report["gaps"].as_array().unwrap().iter();
        (verdict, gaps.any(|it| it["what"] == "tag:GetResources"))
    };
    // It has the label, and is reached.
    let fake = FakeAws::start(account::of_team(account::estate(), "checkout"));
    assert_eq!(verdict(&fake), (Some("fail".to_owned()), false));
    assert_reads(&fake);
    // It has another, or none: the expectation means nothing, which is found.
    for estate in [
        account::of_team(account::estate(), "billing"),
        account::estate(),
    ] {
        let fake = FakeAws::start(estate);
        assert_eq!(verdict(&fake), (None, false));
    }
    // It is not known which it has.
    for kind in [FaultKind::AccessDenied, FaultKind::EmptyBody200] {
        let fake = FakeAws::start(account::of_team(account::estate(), "checkout"));
        fake.fault(Fault::new(kind).on("tag:GetResources"));
        assert_eq!(
            verdict(&fake),
            (Some("unknown".to_owned()), true),
            "{kind:?}"
        );
    }
}
