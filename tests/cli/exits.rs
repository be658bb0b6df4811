//! Exit codes of each command.

use serde_json::json;

use crate::harness::Bench;

/// A snapshot of an account in which there is nothing.
fn nothing(bench: &Bench) -> String {
    let snapshot = json!({
        "schema": "cachewarden.snapshot/1",
        "tool": {"name": "cachewarden", "version": "0.1.0"},
        "collected_at": "2026-01-31T08:00:00Z",
        "targets": [{"provider": "aws", "account": "123456789012", "regions": ["eu-west-1"]}],
    });
    bench
        .file("nothing.json", snapshot.to_string())
        .to_str()
        .unwrap()
        .to_owned()
}

/// The same, of which not all was seen.
fn gap(bench: &Bench, call: &str, hides: &str) -> String {
    let path = nothing(bench);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut snapshot: serde_json::Value = serde_json::from_str(&text).unwrap();
    snapshot["gaps"] = json!([{
        "provider": "aws", "account": "123456789012", "region": "eu-west-1",
        "what": call, "why": "access-denied",
        "message": "the credentials may not make this call", "hides": [hides],
    }]);
    bench
        .file("gap.json", snapshot.to_string())
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn an_audit_fails_from_a_severity_on() {
    let bench = Bench::new();
    let report = bench
        .run(&["audit", "demo", "--format", "json"])
        .ends_with(1)
        .json();
    let failing = |severity: &str| report["summary"]["findings"][severity].as_u64().unwrap();
    let mut so_far = 0;
    for severity in ["critical", "high", "medium", "low"] {
        so_far += failing(severity);
        let run = bench.run(&["audit", "demo", "--fail-on", severity]);
        run.ends_with(i32::from(so_far > 0));
    }
    assert!(so_far > 0);
    bench
        .run(&["audit", "demo", "--fail-on", "never"])
        .ends_with(0);
    bench.run(&["audit", &nothing(&bench)]).ends_with(0);
}

#[test]
fn strict_tells_unknown_from_clean() {
    let bench = Bench::new();
    let call = "elasticache:DescribeUsers";
    let (nothing, gap) = (nothing(&bench), gap(&bench, call, "users"));
    for command in ["audit", "reach"] {
        bench.run(&[command, &nothing, "--strict"]).ends_with(0);
        bench.run(&[command, &gap]).ends_with(0);
        let run = bench.run(&[command, &gap, "--strict"]).ends_with(3);
        assert!(run.stdout.contains(call), "{run}");
    }
    let out = bench.path("copy.json").to_str().unwrap().to_owned();
    bench
        .run(&["collect", &nothing, "-o", &out, "--strict"])
        .ends_with(0);
    bench
        .run(&["collect", &gap, "-o", &out, "--strict"])
        .ends_with(3);
    bench.run(&["audit", "demo", "--strict"]).ends_with(1);
    bench
        .run(&["audit", "demo", "--strict", "--fail-on", "never"])
        .ends_with(3);
}

#[test]
fn an_account_whose_caches_could_not_be_listed_is_never_clean() {
    let bench = Bench::new();
    let blind = gap(&bench, "elasticache:DescribeReplicationGroups", "caches");
    for command in ["audit", "reach"] {
        let run = bench.run(&[command, &blind]).ends_with(2);
        assert!(
            run.stdout.contains("elasticache:DescribeReplicationGroups"),
            "{run}"
        );
    }
    bench
        .run(&["collect", &blind, "-o", "copy.json"])
        .ends_with(2);
    // Beside an estate that was read it is a gap like any other.
    bench
        .run(&["audit", &blind, "demo", "--fail-on", "never"])
        .ends_with(0);
}

#[test]
fn why_answers_by_its_code() {
    let bench = Bench::new();
    let all = bench
        .run(&["reach", "demo", "--all", "--format", "json"])
        .ends_with(0)
        .json();
    for (outcome, code) in [("open", 0), ("blocked", 1), ("partial", 1), ("unknown", 3)] {
        let connections = all["connections"].as_array().unwrap();
        let id = |it: &serde_json::Value| {
            (
                it["client"]["id"].as_str().unwrap().to_owned(),
                it["cache"]["id"].as_str().unwrap().to_owned(),
            )
        };
        // A pair all of whose endpoints have this outcome.
        let pair = connections.iter().map(id).find(|pair| {
            connections
                .iter()
                .filter(|it| id(it) == *pair)
                .all(|it| it["outcome"] == outcome)
        });
        let (client, cache) = pair.unwrap_or_else(|| panic!("nothing is {outcome} in the demo"));
        let run = bench.run(&["why", "--client", &client, "--cache", &cache, "demo"]);
        let run = run.ends_with(code);
        assert!(run.stdout.starts_with(&outcome.to_uppercase()), "{run}");
    }
}

#[test]
fn who_is_not_there_is_an_error_that_lists_near_names() {
    let bench = Bench::new();
    let all = bench
        .run(&["reach", "demo", "--all", "--format", "json"])
        .ends_with(0)
        .json();
    let cache = all["connections"][0]["cache"]["name"].as_str().unwrap();
    let client = all["connections"][0]["client"]["id"].as_str().unwrap();
    let near = format!("{cache}x");
    let run = bench
        .run(&["why", "--client", client, "--cache", &near, "demo"])
        .ends_with(2);
    let told = [
        format!("error: no cache matches `{near}`"),
        format!("`{cache}`"),
    ];
    run.says(&[&told[0], &told[1], "help: did you mean"]);
    let run = bench
        .run(&["reach", "demo", "--client", "zzzzzzzzzzzzzz"])
        .ends_with(2);
    run.says(&["error: no client matches `zzzzzzzzzzzzzz`", "help: "]);
}

#[test]
fn usage_is_an_error() {
    let bench = Bench::new();
    for arguments in [
        &[][..],
        &["audit"],
        &["audit", "demo", "--format", "sarif"],
        &["audit", "demo", "--output", "json"],
        &["audit", "demo", "--fail-on", "info"],
        &["audit", "demo", "--at", "yesterday"],
        &["audit", "demo", "--timeout", "0"],
        &["audit", "demo", "-q", "-v"],
        &["why", "--client", "a", "demo"],
        &["collect", "demo"],
        &["permissions"],
        &["review", "plan.json"],
    ] {
        bench.run(arguments).ends_with(2);
    }
}
