//! What an instance or cluster itself says: its state, ports, encryption,
//! login.
//!
//! Source: Memorystore for Redis, "Connect to a Redis instance" and "About
//! in-transit encryption"; googleapis, `google/cloud/redis/v1/cloud_redis.proto`.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::on_cache;
use cachewarden_estates::gcp::{base, id};
use cachewarden_model::{
    Authentication, Effect, Expectation, ExpectedOutcome, Fact, Phase, Selector, Stage, Status,
    Symptom, TlsAbility,
};

use crate::expect::{ask, ask_expecting, cache};

fn is(name: &'static str, text: &str, phase: Phase) -> Estate {
    let text = text.to_owned();
    base().with(on_cache(name, move |it| {
        it.status = Fact::Known(Status { text, phase });
    }))
}

#[test]
fn g24_an_encrypted_instance_has_another_port() {
    let answer = ask("web", "cart", base());
    answer
        .is_open()
        .says(Stage::Port, Effect::Allow, "tcp 6378")
        .says(Stage::Tls, Effect::Requires, "TLS 1.2");
    ask("web", "sessions", base()).says(Stage::Port, Effect::Allow, "tcp 6379");
}

fn speaks(tls: bool) -> Expectation {
    Expectation {
        name: "web uses it".to_owned(),
        client: Selector {
            name: Some("web".to_owned()),
            ..Selector::default()
        },
        cache: Selector::default(),
        outcome: ExpectedOutcome::Reach,
        demand: None,
        tls: Some(TlsAbility {
            enabled: Some(tls),
            ..TlsAbility::default()
        }),
    }
}

#[test]
fn g26_a_client_without_tls() {
    ask_expecting("web", "cart", base(), &[speaks(false)])
        .is_blocked(Symptom::Tls, [cache(id::CART, Stage::Tls)]);
    ask_expecting("web", "cart", base(), &[speaks(true)]).is_open();
    ask_expecting("web", "search", base(), &[speaks(false)])
        .is_blocked(Symptom::Tls, [cache(id::SEARCH, Stage::Tls)]);
}

#[test]
fn g30_nothing_is_asked_of_clients() {
    ask("web", "sessions", base())
        .is_open()
        .says(Stage::Auth, Effect::Allow, "bring nothing")
        .says(Stage::Tls, Effect::Requires, "plaintext");
}

fn asks(name: &'static str, brings: Authentication) -> Estate {
    base().with(on_cache(name, move |it| {
        it.authentication = Fact::Known(brings);
        it.anonymous_access = Fact::Known(false);
    }))
}

#[test]
fn g31_an_auth_string_is_wanted() {
    let token = Authentication {
        token: true,
        ..Authentication::default()
    };
    ask("web", "sessions", asks("sessions", token))
        .is_open()
        .says(Stage::Auth, Effect::Requires, "AUTH token");
}

#[test]
fn g32_an_identity_is_wanted() {
    let identity = Authentication {
        identity: true,
        ..Authentication::default()
    };
    ask("web", "catalog", asks("catalog", identity))
        .is_open()
        .says(Stage::Auth, Effect::Requires, "identity");
}

#[test]
fn g62_a_state_in_which_nothing_is_served() {
    for (text, phase) in [
        ("CREATING", Phase::Creating),
        ("DELETING", Phase::Gone),
        ("SUSPENDED", Phase::Gone),
    ] {
        // What a client sees stands on no page.
        ask("web", "sessions", is("sessions", text, phase))
            .is_blocked(None, [cache(id::SESSIONS, Stage::Status)])
            .is_called("REDIS_INSTANCE_NOT_RUNNING");
    }
    ask("web", "catalog", is("catalog", "DELETING", Phase::Gone))
        .is_called("REDIS_CLUSTER_NOT_RUNNING");
    for text in ["REPAIRING", "FAILING_OVER", "UPDATING"] {
        ask("web", "sessions", is("sessions", text, Phase::Changing))
            .is_open()
            .says(Stage::Status, Effect::Allow, "short interruptions");
    }
    ask(
        "web",
        "sessions",
        is("sessions", "NEW_WORD", Phase::Unclear),
    )
    .is_unknown("NEW_WORD");
}

#[test]
fn g5_node_ports_of_an_instance_without_cluster_mode() {
    ask("web", "orders", base())
        .is_open()
        .says(Stage::Port, Effect::NotApplicable, "11000-13047");
}
