//! `policy`, and policies of the user's own.

use crate::harness::Bench;

/// A policy that every cache of the demo fails.
const OWN: &str = "\
id: caches-are-called-properly
title: a cache is called properly
severity: critical
concern: upkeep
subject: cache
require: cache.name == 'properly'
message: 'the cache is called `{cache.name}`'
why: names matter
cases:
  - { name: good, facts: { cache.name: properly }, expect: pass }
  - { name: bad, facts: { cache.name: other }, expect: fail }
";

#[test]
fn the_list_is_the_same_in_every_format() {
    let bench = Bench::new();
    let json = bench
        .run(&["policy", "list", "--format", "json"])
        .ends_with(0)
        .json();
    assert_eq!(json["schema"], "cachewarden.policies/1");
    let ids: Vec<&str> = json["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert!(!ids.is_empty() && ids.is_sorted());
    let markdown = bench
        .run(&["policy", "list", "--format", "markdown"])
        .ends_with(0)
        .stdout;
    for id in &ids {
        assert!(markdown.contains(id), "{id}");
    }
    let table = bench.run(&["policy", "list"]).ends_with(0);
    assert!(
        table.stdout.contains(&format!("{} policies", ids.len())),
        "{table}"
    );
    let shown = bench.run(&["policy", "show", ids[0]]).ends_with(0);
    assert!(shown.stdout.contains(ids[0]), "{shown}");
    let near = format!("{}x", ids[0]);
    let told = format!("error: there is no policy `{near}`");
    bench
        .run(&["policy", "show", &near])
        .ends_with(2)
        .says(&[&told, "did you mean", ids[0]]);
}

#[test]
fn the_built_in_cases_hold() {
    let run = Bench::new().run(&["policy", "test"]).ends_with(0);
    assert!(run.stdout.contains("as expected"), "{run}");
}

#[test]
fn own_policies_judge_and_are_tested() {
    let bench = Bench::new();
    bench.file("own/upkeep/name.yaml", OWN);
    let report = bench
        .run(&["audit", "demo", "--policies", "own", "--format", "json"])
        .ends_with(1)
        .json();
    let told = report["findings"].as_array().unwrap().iter();
    let told = told
        .filter(|it| it["policy"] == "caches-are-called-properly")
        .count();
    assert_eq!(told, report["caches"].as_array().unwrap().len());
    bench.run(&["policy", "test", "own"]).ends_with(0);
    bench.file(
        "own/upkeep/name.yaml",
        OWN.replace("expect: fail", "expect: pass"),
    );
    let run = bench.run(&["policy", "test", "own"]).ends_with(1);
    for word in ["caches-are-called-properly", "bad", "pass", "fail"] {
        assert!(run.stdout.contains(word), "{run}");
    }
}

#[test]
fn mistakes_in_policies_are_underlined() {
    let bench = Bench::new();
    bench.file(
        "own/name.yaml",
        OWN.replace("cache.name == ", "cache.nmae == "),
    );
    let run = bench
        .run(&["audit", "demo", "--policies", "own"])
        .ends_with(2);
    run.says(&["own/name.yaml", "cache.nmae", "cache.name"]);
    bench
        .run(&["audit", "demo", "--policies", "gone"])
        .ends_with(2)
        .says(&["error: there is no folder `gone`", "help: "]);
    std::fs::create_dir(bench.path("empty")).unwrap();
    bench
        .run(&["audit", "demo", "--policies", "empty"])
        .ends_with(2)
        .says(&["the folder `empty` holds no policy"]);
}

#[test]
fn the_configuration_selects() {
    let bench = Bench::new();
    let list = |bench: &Bench| {
        bench
            .run(&["policy", "list", "--format", "json"])
            .ends_with(0)
            .json()
    };
    let before = list(&bench);
    let on = before["policies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["enabled"] == true)
        .unwrap();
    let id = on["id"].as_str().unwrap();
    bench.file(
        "cachewarden.yaml",
        format!("version: 1\npolicies:\n  disable: [{id}]\n"),
    );
    let after = list(&bench);
    let same = after["policies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == id)
        .unwrap();
    assert_eq!(same["enabled"], false);
    bench.file(
        "cachewarden.yaml",
        format!("version: 1\npolicies:\n  severity: {{ {id}: info }}\n"),
    );
    let after = list(&bench);
    let same = after["policies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == id)
        .unwrap();
    assert_eq!(
        (&same["enabled"], &same["severity"]),
        (&true.into(), &"info".into())
    );
}
