//! Help texts, and documents that need no target.

#[cfg(feature = "aws")]
use serde_json::Value;

use crate::harness::{Bench, golden, workspace};

/// Every command and its golden file.
const COMMANDS: [(&str, &str); 13] = [
    ("", "cachewarden"),
    ("audit", "audit"),
    ("reach", "reach"),
    ("why", "why"),
    ("collect", "collect"),
    ("policy", "policy"),
    ("policy list", "policy-list"),
    ("policy show", "policy-show"),
    ("policy test", "policy-test"),
    ("schema", "schema"),
    ("permissions", "permissions"),
    ("completions", "completions"),
    ("--version", "version"),
];

#[test]
fn help_texts() {
    let bench = Bench::new();
    for (command, name) in COMMANDS {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        if name != "version" {
            arguments.push("--help");
        }
        let run = bench.run(&arguments).ends_with(0);
        assert!(
            run.stdout.lines().all(|line| line.chars().count() <= 100),
            "{run}"
        );
        golden(
            &workspace().join(format!("tests/golden/help/{name}.txt")),
            &run.stdout,
        );
    }
}

#[test]
fn what_is_not_built_is_not_promised() {
    let help = Bench::new().run(&["--help"]).stdout;
    for word in ["review", "diff", "sarif", "probe"] {
        assert!(!help.contains(word), "{help}");
    }
}

#[test]
fn schemas_are_json_schemas() {
    let bench = Bench::new();
    for name in [
        "snapshot", "report", "reach", "policies", "policy", "config",
    ] {
        let run = bench.run(&["schema", name]).ends_with(0);
        let schema = run.json();
        assert!(
            schema["$schema"]
                .as_str()
                .unwrap()
                .contains("json-schema.org"),
            "{name}"
        );
        assert!(run.stdout.ends_with("}\n"), "{name}");
    }
    bench.run(&["schema", "plan"]).ends_with(2);
}

#[test]
fn completions_name_every_command() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = bench.run(&["completions", shell]).ends_with(0);
        for command in ["audit", "reach", "why", "collect"] {
            assert!(run.stdout.contains(command), "{shell} lacks {command}");
        }
    }
}

#[cfg(feature = "aws")]
#[test]
fn permissions_are_reads_alone() {
    let bench = Bench::new();
    let document = bench.run(&["permissions", "aws"]).ends_with(0).json();
    let statements = document["Statement"].as_array().unwrap();
    let actions: Vec<&str> = statements
        .iter()
        .flat_map(|it| it["Action"].as_array().unwrap())
        .filter_map(Value::as_str)
        .collect();
    assert!(
        actions.contains(&"elasticache:DescribeReplicationGroups"),
        "{actions:?}"
    );
    for action in actions {
        let (_, operation) = action.split_once(':').unwrap();
        let reads = ["Describe", "Get", "List", "Search"]
            .iter()
            .any(|it| operation.starts_with(it));
        assert!(reads, "{action}");
    }
    let role = "arn:aws:iam::123456789012:role/auditor";
    let document = bench
        .run(&["permissions", "aws", "--aws-role-arn", role])
        .ends_with(0);
    assert!(document.stdout.contains(role));
}

#[cfg(not(feature = "azure"))]
#[test]
fn a_binary_without_azure_says_so() {
    let bench = Bench::new();
    for arguments in [&["audit", "azure"][..], &["permissions", "azure"]] {
        bench
            .run(arguments)
            .ends_with(2)
            .says(&["error: this binary was built without `azure`"]);
    }
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_binary_without_aws_says_so() {
    let bench = Bench::new();
    for arguments in [&["audit", "aws"][..], &["permissions", "aws"]] {
        bench
            .run(arguments)
            .ends_with(2)
            .says(&["error: this binary was built without `aws`"]);
    }
}
