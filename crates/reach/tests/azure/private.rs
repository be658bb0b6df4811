//! Private endpoints: both ends of their connection.
//!
//! Source: Azure Private Link, "What is a private endpoint".

use cachewarden_estates::azure::base;
use cachewarden_estates::azure::change::{connection_state, detach, endpoint_mut, on_cache};
use cachewarden_model::{Fact, PrivateEndpointState, PublicAccess, Symptom};

use crate::expect::{ask, connection, endpoint, public_access as closed};

#[test]
fn s9_the_connection_waits() {
    let pending = base().with(connection_state("sessions", PrivateEndpointState::Pending));
    ask("web", "sessions", pending)
        .is_blocked(
            None,
            [connection("sessions", "sessions"), closed("sessions")],
        )
        .is_mended()
        .alone();
}

#[test]
fn s10_the_connection_was_refused() {
    for word in ["Rejected", "Disconnected"] {
        let down = PrivateEndpointState::Down(word.to_owned());
        let refused = base().with(connection_state("sessions", down));
        ask("web", "sessions", refused)
            .is_blocked(
                Symptom::Timeout,
                [connection("sessions", "sessions"), closed("sessions")],
            )
            .is_advised("create it again");
    }
}

#[test]
fn s10_the_private_endpoint_alone_is_disconnected() {
    let half = base().with(|estate| {
        endpoint_mut(estate, "sessions").state =
            PrivateEndpointState::Down("Disconnected".to_owned());
    });
    ask("web", "sessions", half).is_blocked(Symptom::Timeout, [endpoint("sessions")]);
}

#[test]
fn s10_the_cache_does_not_know_the_private_endpoint() {
    // Another connection keeps the public name bent.
    let stale = base().with(on_cache("sessions", |cache| {
        let azure = cache.azure.as_mut().expect("a cache of Azure");
        if let Fact::Known(connections) = &mut azure.connections {
            for own in connections {
                own.endpoint = Some("gone".into());
            }
        }
    }));
    ask("web", "sessions", stale).is_blocked(Symptom::Timeout, [endpoint("sessions")]);
}

#[test]
fn s11_the_last_private_endpoint_is_gone() {
    let gone =
        base()
            .with(detach("sessions"))
            .with(cachewarden_estates::azure::change::empty_zone(
                cachewarden_estates::azure::id::REDIS_ZONE,
            ));
    ask("web", "sessions", gone)
        .is_blocked(None, [closed("sessions")])
        .is_advised("private endpoint");
}

#[test]
fn s12_a_managed_cache_without_private_endpoint_is_public_again() {
    let silent = |estate: &mut cachewarden_estates::Estate| {
        let cache = estate.cache_mut("cart");
        cache.public_access = Fact::Default(PublicAccess::Enabled);
        cache
            .azure
            .as_mut()
            .expect("a cache of Azure")
            .public_network_access = None;
    };
    let public = base()
        .with(detach("cart"))
        .with(cachewarden_estates::azure::change::empty_zone(
            cachewarden_estates::azure::id::MANAGED_ZONE,
        ))
        .with(silent);
    ask("web", "cart", public.clone()).is_open();
    ask("198.51.99.7", "cart", public).is_open();
}
