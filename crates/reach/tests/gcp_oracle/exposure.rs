//! Who is told to reach a cache is joined to it, and who is joined is told.

use cachewarden_model::{InterfaceKind, Outcome, SourceSet, Zone};
use cachewarden_reach::{Estate, reachability};
use proptest::prelude::*;

use crate::choices::Choices;
use crate::cover::bytes;
use crate::random;
use crate::world::{joined, sources};

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn exposures_hold_who_is_joined(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        for exposure in reachability(&Estate::new(&snapshot), &[]).exposures {
            let mut caches = snapshot.caches.iter();
            let cache = caches.find(|it| it.id == exposure.cache).expect("a cache");
            let endpoint = cache.endpoints.get(exposure.endpoint).expect("an endpoint");
            for client in &snapshot.interfaces {
                let zone = Zone::Network(client.network.clone());
                let holds = |set: &SourceSet, source| {
                    let own = set.iter().filter(|(it, _)| *it == zone);
                    own.into_iter().any(|(_, addresses)| addresses.contains(source))
                };
                let machine = client.kind == InterfaceKind::Machine;
                for source in sources(client) {
                    let truth = joined(&snapshot, client, source, cache, endpoint);
                    let name = format!("{source} of {} -> {} {truth:?}", client.name, cache.name);
                    // What may be in some world is possible; what is certain
                    // is in all of them, as far as it is a machine: what runs
                    // at an address is not asked.
                    if !truth.is(Outcome::Blocked) {
                        prop_assert!(holds(&exposure.possible, source), "{name}: {exposure:#?}");
                    }
                    if machine && !truth.is(Outcome::Open) {
                        prop_assert!(!holds(&exposure.certain, source), "{name}: {exposure:#?}");
                    }
                }
            }
        }
    }
}
