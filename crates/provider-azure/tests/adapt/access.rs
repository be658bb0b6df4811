//! Credentials of each kind, and what they lead to.

use azure_core::credentials::Secret;
use cachewarden_peers::FakeAzure;
use cachewarden_provider_azure::{AzureError, Environment, Options};

use super::harness::{collect, collect_as, environment, estate, hasty};

/// A client of Microsoft Entra, with a secret or an assertion.
fn client(fake: &FakeAzure) -> Environment {
    Environment {
        token: None,
        tenant: Some("99999999-0000-4000-8000-000000000000".to_owned()),
        client: Some("88888888-0000-4000-8000-000000000000".to_owned()),
        ..environment(fake)
    }
}

fn read(environment: Environment) -> Result<cachewarden_model::Snapshot, AzureError> {
    collect_as(environment, Options::default(), hasty())
}

#[test]
fn a_client_secret_reads_the_same() {
    let fake = FakeAzure::start(estate());
    let ready = collect(&fake);
    let secret = Environment {
        client_secret: Some(Secret::from("canary-client-secret")),
        ..client(&fake)
    };
    assert_eq!(read(secret).unwrap(), ready);
    // One token for each audience, kept for all calls; metrics of many at once.
    assert_eq!(tokens(&fake), 2);
    let batches = fake
        .requests()
        .iter()
        .filter(|it| it.path.ends_with("metrics:getBatch"))
        .count();
    assert_eq!(batches, 3);
}

fn tokens(fake: &FakeAzure) -> usize {
    let requests = fake.requests();
    requests
        .iter()
        .filter(|it| it.path.ends_with("/oauth2/v2.0/token"))
        .count()
}

#[test]
fn a_workload_identity_reads_the_same() {
    let fake = FakeAzure::start(estate());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "canary-federated-token").unwrap();
    let workload = Environment {
        federated_token_file: Some(file.to_str().unwrap().to_owned()),
        ..client(&fake)
    };
    assert_eq!(read(workload).unwrap(), collect(&fake));
}

#[test]
fn a_secret_that_is_wrong_is_an_error_and_stays_secret() {
    let fake = FakeAzure::start(estate());
    let wrong = Environment {
        client_secret: Some(Secret::from("canary-wrong-secret")),
        ..client(&fake)
    };
    let error = read(wrong).unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(told.contains("AADSTS7000215"), "{told}");
    assert!(!told.contains("canary"), "{told}");
    assert!(matches!(error, AzureError::NobodyCouldBeAsked { .. }));
}

#[test]
fn half_of_a_client_is_a_mistake() {
    let fake = FakeAzure::start(estate());
    let half = Environment {
        tenant: None,
        client_secret: Some(Secret::from("canary-client-secret")),
        ..client(&fake)
    };
    let error = read(half).unwrap_err();
    assert!(
        matches!(&error, AzureError::Credentials { place, .. } if *place == "AZURE_CLIENT_SECRET"),
        "{error}"
    );
    assert!(fake.requests().is_empty());
}

#[test]
fn nobody_listens_in() {
    let fake = FakeAzure::start(estate());
    for (manager, authority) in [
        ("http://arm.example", fake.endpoint()),
        (fake.endpoint().as_str(), "http://login.example".to_owned()),
    ] {
        let named = Environment {
            resource_manager: Some(manager.to_owned()),
            authority: Some(authority),
            ..environment(&fake)
        };
        let error = read(named).unwrap_err();
        assert!(matches!(error, AzureError::PlainHttp { .. }), "{error}");
    }
    assert!(fake.requests().is_empty());
}
