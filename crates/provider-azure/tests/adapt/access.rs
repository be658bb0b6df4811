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

/// The certificate of the tests, whose key opens nothing.
const PEM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/client.pem");

fn decoded(text: &str) -> Vec<u8> {
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    azure_core::base64::decode_url_safe(format!("{text}{padding}")).unwrap()
}

#[test]
fn a_certificate_signs_who_asks_whom() {
    use ring::signature::{KeyPair, RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
    let fake = FakeAzure::start(estate());
    let certificate = Environment {
        client_certificate: Some(PEM.to_owned()),
        ..client(&fake)
    };
    assert_eq!(read(certificate).unwrap(), collect(&fake));
    let requests = fake.requests();
    let asked = requests
        .iter()
        .find(|it| it.path.ends_with("/token"))
        .unwrap();
    let field = asked
        .body
        .split('&')
        .find_map(|it| it.strip_prefix("client_assertion="))
        .unwrap();
    let (signed, signature) = field.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let pem = std::fs::read(PEM).unwrap();
    let key = PrivatePkcs8KeyDer::from_pem_slice(&pem).unwrap();
    let key = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public_key().as_ref());
    public
        .verify(signed.as_bytes(), &decoded(signature))
        .unwrap();
    let header: serde_json::Value = serde_json::from_slice(&decoded(header)).unwrap();
    let der = CertificateDer::from_pem_slice(&pem).unwrap();
    let thumbprint = ring::digest::digest(&ring::digest::SHA256, &der);
    assert_eq!(
        decoded(header["x5t#S256"].as_str().unwrap()),
        thumbprint.as_ref()
    );
    assert_eq!(header["alg"], "PS256");
    let claims: serde_json::Value = serde_json::from_slice(&decoded(claims)).unwrap();
    let id = client(&fake).client.unwrap();
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&id.as_str().into(), &id.as_str().into())
    );
    let audience = claims["aud"].as_str().unwrap();
    assert!(
        audience.ends_with("/99999999-0000-4000-8000-000000000000/oauth2/v2.0/token"),
        "{audience}"
    );
    assert!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap() <= 600);
}

#[test]
fn a_certificate_that_is_none_is_an_error() {
    let fake = FakeAzure::start(estate());
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read_to_string(PEM).unwrap();
    let (key, certificate) = whole.split_at(whole.find("-----BEGIN CERT").unwrap());
    for (name, text, told) in [
        ("key.pem", key, "no certificate"),
        ("certificate.pem", certificate, "no private key"),
        ("empty.pem", "", "no certificate"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let environment = Environment {
            client_certificate: Some(path.to_str().unwrap().to_owned()),
            ..client(&fake)
        };
        let error = read(environment).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
        assert!(!error.contains("BEGIN"), "{error}");
    }
    assert!(fake.requests().is_empty());
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
