//! Pages that are generated from the policies and checked in beside them.

use std::path::Path;
use std::{env, fs};

use cachewarden_policy::{Library, policy_schema};

/// Compares a file of `policies/` with what it must hold; with
/// `UPDATE_GOLDEN=1` in the environment it is written instead.
fn golden(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../policies")
        .join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "policies/{name} is out of date: run with UPDATE_GOLDEN=1"
    );
}

#[test]
fn the_page_of_policies_is_up_to_date() {
    golden(
        "README.md",
        &Library::builtin().unwrap().coverage_markdown(),
    );
}

#[test]
fn the_schema_is_up_to_date() {
    let schema = serde_json::to_string_pretty(&policy_schema()).unwrap();
    golden("policy.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_schema_lists_facts_and_functions() {
    let schema = policy_schema();
    let facts = schema["x-facts"].as_array().unwrap();
    let tls = facts
        .iter()
        .find(|it| it["path"] == "cache.transit_encryption")
        .unwrap();
    assert_eq!(
        tls["words"],
        serde_json::json!(["disabled", "preferred", "required"])
    );
    assert_eq!(
        tls["subjects"],
        serde_json::json!(["cache", "endpoint", "connection"])
    );
    assert!(
        schema["x-functions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["name"] == "version")
    );
    let required: Vec<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    assert_eq!(
        required,
        [
            "id", "title", "severity", "concern", "subject", "require", "message", "why"
        ]
    );
}
