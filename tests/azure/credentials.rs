//! The same estate through every credential that works on this machine.

use std::os::unix::fs::PermissionsExt;

use cachewarden_peers::FakeAzure;
use serde_json::Value;

use super::{bench_at, estate, with};
use crate::harness::Bench;

const TENANT: (&str, &str) = ("AZURE_TENANT_ID", "99999999-0000-4000-8000-000000000000");
const CLIENT: (&str, &str) = ("AZURE_CLIENT_ID", "88888888-0000-4000-8000-000000000000");

/// What is collected, and who gave the token.
fn collected(bench: &Bench, source: &str) -> Value {
    let run = bench
        .run(&["collect", "azure", "-o", "-", "--strict"])
        .ends_with(0);
    let run = run.says(&[&format!("azure: credentials from {source}")]);
    let mut snapshot = run.json();
    snapshot["collected_at"] = Value::Null;
    snapshot
}

fn expected(fake: &FakeAzure) -> Value {
    collected(&bench_at(fake), "CACHEWARDEN_AZURE_TOKEN")
}

fn without_token(fake: &FakeAzure, variables: &[(&str, &str)]) -> Bench {
    let bench = with(Bench::new(), fake.env_without_token());
    variables
        .iter()
        .fold(bench, |bench, (name, value)| bench.with(name, value))
}

#[test]
fn a_client_secret() {
    let fake = FakeAzure::start(estate());
    let secret = ("AZURE_CLIENT_SECRET", "canary-client-secret");
    let bench = without_token(&fake, &[TENANT, CLIENT, secret]);
    assert_eq!(
        collected(&bench, "a client secret (AZURE_CLIENT_SECRET)"),
        expected(&fake)
    );
}

#[test]
fn a_workload_identity() {
    let fake = FakeAzure::start(estate());
    let bench = without_token(&fake, &[TENANT, CLIENT]);
    let file = bench.file("token", "canary-federated-token");
    let bench = bench.with("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap());
    let source = "a workload identity (AZURE_FEDERATED_TOKEN_FILE)";
    assert_eq!(collected(&bench, source), expected(&fake));
}

#[test]
fn a_managed_identity() {
    let fake = FakeAzure::start(estate());
    let endpoint = format!("{}/identity", fake.endpoint());
    let identity = [
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", "canary-identity-header"),
    ];
    let bench = without_token(&fake, &identity);
    assert_eq!(
        collected(&bench, "a managed identity (IDENTITY_ENDPOINT)"),
        expected(&fake)
    );
}

#[test]
fn the_command_line_of_azure() {
    let fake = FakeAzure::start(estate());
    let bench = without_token(&fake, &[]);
    let answer = format!(
        r#"{{"accessToken": "{}", "expires_on": 4102444800, "tokenType": "Bearer"}}"#,
        fake.token()
    );
    // It starts slowly: its tokens are kept, one for each audience.
    let script = format!("#!/bin/sh\necho started >> \"$HOME/started\"\necho '{answer}'\n");
    let tool = bench.file("bin/az", script);
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", tool.parent().unwrap().display());
    let bench = bench.with("PATH", &path);
    assert_eq!(collected(&bench, "the Azure CLI (az)"), expected(&fake));
    let started = std::fs::read_to_string(bench.path("started")).unwrap();
    assert_eq!(started.lines().count(), 2, "{started}");
}

#[test]
fn no_credentials_are_an_error() {
    let fake = FakeAzure::start(estate());
    let bench = without_token(&fake, &[]).with("PATH", "/nowhere");
    let run = bench.run(&["audit", "azure"]).ends_with(2);
    run.says(&[
        "error: no credentials for Azure were found; tried: ",
        "az login",
    ]);
    let half = without_token(&fake, &[("AZURE_CLIENT_SECRET", "canary-client-secret")]);
    let run = half.run(&["audit", "azure"]).ends_with(2);
    run.says(&[
        "error: the credentials in AZURE_CLIENT_SECRET cannot be used",
        "AZURE_TENANT_ID",
    ]);
    assert!(fake.requests().is_empty());
}

#[test]
fn a_secret_that_is_wrong_is_an_error() {
    let fake = FakeAzure::start(estate());
    let secret = ("AZURE_CLIENT_SECRET", "canary-wrong");
    let bench = without_token(&fake, &[TENANT, CLIENT, secret]);
    let run = bench.run(&["audit", "azure", "-vv"]).ends_with(2);
    assert!(!format!("{run}").contains("canary"), "{run}");
    run.says(&["error: no subscription could be asked", "AADSTS7000215"]);
}
