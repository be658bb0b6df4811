//! The cache itself: status, ports, encryption.

use cachewarden_estates::azure::base;
use cachewarden_estates::azure::change::on_cache;
use cachewarden_model::{
    Effect, Endpoint, Expectation, ExpectedOutcome, Fact, Phase, Selector, Stage, Status, Symptom,
    TlsAbility, TlsVersion, TransitEncryption,
};

use crate::expect::{ask, ask_all, ask_expecting, status};

fn is(text: &str, phase: Phase) -> cachewarden_estates::Estate {
    let status = Status {
        text: text.to_owned(),
        phase,
    };
    base().with(on_cache("sessions", move |cache| {
        cache.status = Fact::Known(status)
    }))
}

#[test]
fn s56_the_cache_is_disabled() {
    ask("web", "sessions", is("Disabled", Phase::Gone))
        .is_blocked(None, [status("sessions")])
        .is_advised("enable the cache");
    ask("web", "sessions", is("Scaling", Phase::Changing)).is_open();
    ask("web", "sessions", is("Creating", Phase::Creating))
        .is_blocked(Symptom::Dns, [status("sessions")]);
    ask("web", "sessions", is("Migrating", Phase::Unclear)).is_unknown("status");
}

fn expectation(tls: TlsAbility) -> Expectation {
    let named = |name: &str| Selector {
        name: Some(name.to_owned()),
        ..Selector::default()
    };
    Expectation {
        name: "web uses its sessions".to_owned(),
        client: named("web"),
        cache: named("sessions"),
        outcome: ExpectedOutcome::Reach,
        demand: None,
        tls: Some(tls),
    }
}

fn plain() -> TlsAbility {
    TlsAbility {
        enabled: Some(false),
        ..TlsAbility::default()
    }
}

#[test]
fn s27_the_plaintext_port_is_an_endpoint_of_its_own() {
    let both = base().with(on_cache("sessions", |cache| {
        let plain = Endpoint {
            port: 6379,
            encryption: Some(TransitEncryption::Disabled),
            ..cache.endpoints.first().expect("an endpoint").clone()
        };
        cache.endpoints.push(plain);
        cache.transit_encryption = Fact::Known(TransitEncryption::Preferred);
    }));
    let answers = ask_all("web", "sessions", both, &[expectation(plain())]);
    let port = |port| {
        let mut all = answers.iter();
        all.find(|it| it.0.endpoint.port == port).expect("the port")
    };
    port(6379)
        .is_open()
        .says(Stage::Tls, Effect::Requires, "plaintext");
    assert_eq!(port(6380).0.symptom, Some(Symptom::Tls));
}

#[test]
fn s29_a_plaintext_client_fails_at_the_encrypted_port() {
    let answer = ask_expecting("web", "sessions", base(), &[expectation(plain())]);
    assert_eq!(answer.0.symptom, Some(Symptom::Tls));
    let able = TlsAbility {
        enabled: Some(true),
        ..TlsAbility::default()
    };
    ask_expecting("web", "sessions", base(), &[expectation(able)]).is_open();
}

#[test]
fn s30_a_client_of_old_tls_fails() {
    let old = |version| TlsAbility {
        max: Some(version),
        ..TlsAbility::default()
    };
    let answer = ask_expecting(
        "web",
        "sessions",
        base(),
        &[expectation(old(TlsVersion::V1_1))],
    );
    assert_eq!(answer.0.symptom, Some(Symptom::Tls));
    ask_expecting(
        "web",
        "sessions",
        base(),
        &[expectation(old(TlsVersion::V1_2))],
    )
    .is_open();
}

#[test]
fn s28_a_managed_cache_in_plaintext() {
    let plaintext = base().with(on_cache("cart", |cache| {
        cache.transit_encryption = Fact::Known(TransitEncryption::Disabled);
        for endpoint in &mut cache.endpoints {
            endpoint.encryption = Some(TransitEncryption::Disabled);
        }
    }));
    ask("web", "cart", plaintext)
        .is_open()
        .says(Stage::Tls, Effect::Requires, "plaintext");
    ask("web", "cart", base())
        .is_open()
        .says(Stage::Tls, Effect::Requires, "TLS 1.2 or later")
        .says(Stage::Auth, Effect::Requires, "identity service");
}

#[test]
fn s37_a_client_must_bring_what_the_cache_takes() {
    ask("web", "sessions", base()).says(Stage::Auth, Effect::Requires, "identity service");
    let keys = base().with(on_cache("sessions", |cache| {
        if let Fact::Known(authentication) = &mut cache.authentication {
            authentication.token = true;
        }
    }));
    ask("web", "sessions", keys)
        .is_open()
        .says(Stage::Auth, Effect::Requires, "an access key or");
}

#[test]
fn s39_a_cache_without_login_asks_for_nothing() {
    let anonymous = base().with(on_cache("sessions", |cache| {
        cache.anonymous_access = Fact::Known(true);
    }));
    ask("web", "sessions", anonymous)
        .is_open()
        .says(Stage::Auth, Effect::Allow, "bring nothing");
}
