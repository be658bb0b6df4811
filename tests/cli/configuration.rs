//! `cachewarden.yaml`.

use std::fs;

use crate::harness::{Bench, golden, workspace};

fn said(bench: &Bench) -> String {
    bench.run(&["audit", "demo"]).ends_with(2).stderr
}

#[test]
fn mistakes_are_underlined() {
    let bench = Bench::new();
    bench.file(
        "cachewarden.yaml",
        concat!(
            "version: 1\n",
            "expect:\n",
            "  - name: checkout uses its sessions\n",
            "    client: { provider: aws, grup: checkout-app }\n",
            "    cache: { name: sessions }\n",
            "    outcome: reaches\n",
            "  - name: checkout uses its sessions\n",
            "    client: {}\n",
            "    cache: { name: sessions }\n",
            "waiver: []\n",
        ),
    );
    golden(
        &workspace().join("tests/golden/config/keys.txt"),
        &said(&bench),
    );
    bench.file("cachewarden.yaml", concat!(
        "version: 2\n",
        "expect:\n",
        "  - { name: a, client: {}, cache: { name: s }, outcome: reach }\n",
        "  - { name: a, client: { name: c }, cache: { name: s }, outcome: reach, demand: { replicas: 0 } }\n",
        "  - { name: b, client: { name: c }, cache: { name: s }, outcome: reach, tls: { min: \"1.3\", max: \"1.2\" } }\n",
        "waivers:\n",
        "  - { policy: p, subject: s, reason: \"\" }\n",
    ));
    golden(
        &workspace().join("tests/golden/config/meaning.txt"),
        &said(&bench),
    );
    bench.file("cachewarden.yaml", "version: 1\nexpect: [\n");
    golden(
        &workspace().join("tests/golden/config/syntax.txt"),
        &said(&bench),
    );
    bench.file(
        "cachewarden.yaml",
        concat!(
            "version: 1\n",
            "policies:\n",
            "  packs: [defualt]\n",
            "  disable: [no-such-policy]\n",
            "  severity: { neither-is-this: low }\n",
            "  thresholds: { nor_this: 3 }\n",
        ),
    );
    golden(
        &workspace().join("tests/golden/config/selection.txt"),
        &said(&bench),
    );
}

#[test]
fn mistakes_come_in_ascii_for_a_terminal_without_more() {
    let bench = Bench::new().with("LANG", "C");
    bench.file("cachewarden.yaml", "version: 1\nexpects: []\n");
    let text = said(&bench);
    assert!(text.is_ascii(), "{text}");
    assert!(
        text.contains("error: ") && text.contains("unknown key `expects`"),
        "{text}"
    );
    assert!(text.contains("did you mean `expect`?"), "{text}");
}

#[test]
fn a_configuration_is_found_upwards() {
    let bench = Bench::new();
    bench.file("cachewarden.yaml", "version: 3\n");
    fs::create_dir_all(bench.path("a/b")).unwrap();
    let mut command = bench.command(&["reach", "demo"]);
    let output = command.current_dir(bench.path("a/b")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("version 3 is not read"));
    bench.file("good.yaml", "version: 1\n");
    bench
        .run(&["reach", "demo", "--config", "good.yaml"])
        .ends_with(0);
    let run = bench
        .run(&["reach", "demo", "--config", "gone.yaml"])
        .ends_with(2);
    run.says(&["error: there is no configuration `gone.yaml`", "help: "]);
}

#[test]
fn expectations_are_heeded() {
    let bench = Bench::new();
    let all = bench
        .run(&["reach", "demo", "--all", "--format", "json"])
        .ends_with(0)
        .json();
    let blocked = all["connections"].as_array().unwrap().iter();
    let blocked = blocked
        .clone()
        .find(|it| it["outcome"] == "blocked" && it["intended"].is_null());
    let blocked = blocked.expect("somebody is kept out whom nobody expects");
    bench.file("cachewarden.yaml", format!(
        "version: 1\nexpect:\n  - name: now it is meant\n    client: {{ id: {} }}\n    cache: {{ id: \"{}\" }}\n    outcome: reach\n",
        blocked["client"]["id"].as_str().unwrap(),
        blocked["cache"]["id"].as_str().unwrap(),
    ));
    let intended = bench
        .run(&["reach", "demo", "--format", "json"])
        .ends_with(0)
        .json();
    let declared = |it: &&serde_json::Value| {
        it["intended"] == "declared" && it["client"]["id"] == blocked["client"]["id"]
    };
    assert!(
        intended["connections"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| declared(&it))
    );
    let audit = bench
        .run(&["audit", "demo", "--format", "json"])
        .ends_with(1)
        .json();
    let told = audit["findings"].as_array().unwrap().iter();
    assert!(told.clone().any(|it| {
        it["subject"]["id"]
            .as_str()
            .unwrap()
            .starts_with(blocked["client"]["id"].as_str().unwrap())
    }));
}

#[test]
fn waivers_accept_and_expire() {
    let bench = Bench::new();
    let at = ["--at", "2026-11-02", "--format", "json"];
    let run = |bench: &Bench| {
        let arguments: Vec<&str> = ["audit", "demo"].into_iter().chain(at).collect();
        bench.run(&arguments).json()
    };
    let before = run(&bench);
    let failing = before["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["verdict"] == "fail");
    let policy = failing.unwrap()["policy"].as_str().unwrap();
    let subject = failing.unwrap()["subject"]["id"].as_str().unwrap();
    let waiver = |until: &str| {
        format!(
            "version: 1\nwaivers:\n  - {{ policy: {policy}, subject: \"{subject}\", reason: known, owner: me, until: {until} }}\n"
        )
    };
    bench.file("cachewarden.yaml", waiver("2026-12-31"));
    let waived = run(&bench);
    assert_eq!(waived["summary"]["waived"], 1);
    let one = waived["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| !it["waived"].is_null());
    assert_eq!(one.unwrap()["waived"]["reason"], "known");
    bench.file("cachewarden.yaml", waiver("2026-01-01"));
    let expired = run(&bench);
    assert_eq!(expired["summary"]["waived"], 0);
    let told = expired["findings"].as_array().unwrap().iter();
    assert!(
        told.clone().any(|it| it["subject"]["kind"] == "waiver"),
        "{expired}"
    );
}
