//! Changes of caches.

use cachewarden_model::{Cache, Fact, Phase, Status};

use crate::Estate;
use crate::ids::CACHE_NAME;

/// The base's cache is changed by hand.
pub fn cache(edit: impl FnOnce(&mut Cache)) -> impl FnOnce(&mut Estate) {
    move |estate| edit(estate.cache_mut(CACHE_NAME))
}

/// The base's cache listens on this port.
pub fn cache_port(port: u16) -> impl FnOnce(&mut Estate) {
    cache(move |cache| {
        for endpoint in &mut cache.endpoints {
            endpoint.port = port;
        }
    })
}

/// The base's cache is in this state.
pub fn status(text: &str, phase: Phase) -> impl FnOnce(&mut Estate) {
    cache(move |cache| {
        cache.status = Fact::Known(Status {
            text: text.to_owned(),
            phase,
        });
    })
}

/// The base's cache, and the interfaces of its nodes, carry these groups and
/// no other.
pub fn on_cache<const N: usize>(groups: [&str; N]) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let mut groups = groups.map(Into::into).to_vec();
        groups.sort();
        for interface in &mut estate.snapshot.interfaces {
            if !interface.kind.is_client() {
                interface.filters = Fact::Known(groups.clone());
            }
        }
        estate.cache_mut(CACHE_NAME).filters = Fact::Known(groups);
    }
}
