//! The same estate through every credential that works on this machine.

use cachewarden_peers::FakeGcp;
use serde_json::{Value, json};

use super::{bench_at, estate, with};
use crate::harness::Bench;

/// What is collected, and who gave the token.
fn collected(bench: &Bench, source: &str) -> Value {
    let run = bench.run(&["collect", "gcp", "-o", "-"]).ends_with(0);
    let run = run.says(&[&format!("gcp: credentials from {source}")]);
    let mut snapshot = run.json();
    snapshot["collected_at"] = Value::Null;
    snapshot
}

fn expected(fake: &FakeGcp) -> Value {
    collected(&bench_at(fake), "CLOUDSDK_AUTH_ACCESS_TOKEN")
}

fn without_token(fake: &FakeGcp) -> Bench {
    with(Bench::new(), fake.env_without_token())
}

/// A bench whose credentials are this document.
fn with_file(fake: &FakeGcp, document: &Value) -> Bench {
    let bench = without_token(fake);
    let file = bench.file("credentials.json", document.to_string());
    bench.with("GOOGLE_APPLICATION_CREDENTIALS", file.to_str().unwrap())
}

fn user(fake: &FakeGcp, refresh_token: &str) -> Value {
    json!({
        "type": "authorized_user", "client_id": "a", "client_secret": "canary-client-secret",
        "refresh_token": refresh_token, "token_uri": format!("{}/token", fake.endpoint()),
    })
}

fn service_account(fake: &FakeGcp) -> Value {
    json!({
        "type": "service_account", "project_id": "shop", "private_key_id": "canary-key-id",
        "private_key": include_str!("../../crates/provider-gcp/tests/fixtures/key.pem"),
        "client_email": "auditor@shop.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": format!("{}/token", fake.endpoint()),
    })
}

#[test]
fn a_user() {
    let fake = FakeGcp::start(estate());
    let bench = with_file(&fake, &user(&fake, "canary-refresh-token"));
    assert_eq!(
        collected(&bench, "GOOGLE_APPLICATION_CREDENTIALS"),
        expected(&fake)
    );
    // One token serves all calls.
    let asked = fake
        .requests()
        .iter()
        .filter(|it| it.path == "token")
        .count();
    assert_eq!(asked, 1);
}

/// A service account signs its tokens itself.
#[test]
fn a_service_account() {
    let fake = FakeGcp::start(estate());
    let bench = with_file(&fake, &service_account(&fake));
    assert_eq!(
        collected(&bench, "GOOGLE_APPLICATION_CREDENTIALS"),
        expected(&fake)
    );
}

/// What `gcloud auth application-default login` leaves is found by itself.
#[test]
fn the_place_where_gcloud_leaves_them() {
    let fake = FakeGcp::start(estate());
    let bench = without_token(&fake);
    let document = user(&fake, "canary-refresh-token").to_string();
    let place = ".config/gcloud/application_default_credentials.json";
    bench.file(place, document);
    assert_eq!(
        collected(&bench, "application default credentials"),
        expected(&fake)
    );
}

#[test]
fn the_metadata_server() {
    let fake = FakeGcp::start(estate());
    let bench = without_token(&fake).with("GCE_METADATA_HOST", &fake.host());
    assert_eq!(
        collected(&bench, "application default credentials"),
        expected(&fake)
    );
}

#[test]
fn credentials_that_make_no_sense_are_an_error() {
    let fake = FakeGcp::start(estate());
    for (document, told) in [
        (json!({"type": "moon"}), "of a type that is not known"),
        (json!({"type": "authorized_user"}), "cannot be used"),
        (json!([]), "cannot be used"),
    ] {
        let run = with_file(&fake, &document)
            .run(&["audit", "gcp"])
            .ends_with(2);
        run.says(&[
            "error: the credentials in GOOGLE_APPLICATION_CREDENTIALS",
            told,
            "help: ",
        ]);
    }
    let missing = without_token(&fake).with("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json");
    let run = missing.run(&["audit", "gcp"]).ends_with(2);
    run.says(&["the file cannot be read"]);
    assert!(fake.requests().is_empty());
}

#[test]
fn a_secret_that_is_wrong_is_an_error() {
    let fake = FakeGcp::start(estate());
    let bench = with_file(&fake, &user(&fake, "canary-wrong"));
    let run = bench.run(&["audit", "gcp", "-vv"]).ends_with(2);
    assert!(!format!("{run}").contains("canary"), "{run}");
    run.says(&[
        "error: no token for Google Cloud could be had from GOOGLE_APPLICATION_CREDENTIALS",
        "gcloud auth application-default login",
    ]);
}

/// A token that is not taken is an error that says so.
#[test]
fn a_token_that_is_not_taken_is_an_error() {
    let fake = FakeGcp::start(estate());
    let bench = without_token(&fake).with("CLOUDSDK_AUTH_ACCESS_TOKEN", "canary-old");
    let run = bench.run(&["audit", "gcp", "-vv"]).ends_with(2);
    assert!(!format!("{run}").contains("canary"), "{run}");
    run.says(&["error: no project could be asked", "expired"]);
}
