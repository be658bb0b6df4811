//! Taking a fact away never opens anything, and closes nothing.

use cachewarden_estates::gcp::change::gap;
use cachewarden_model::{Fact, Gap, Noun, Outcome, PrivateEndpointState, Snapshot};
use proptest::prelude::*;

use crate::agreement::{ask, key};
use crate::choices::Choices;
use crate::cover::bytes;
use crate::random;

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn hiding_a_fact_never_opens_and_never_closes(bytes in bytes(), which in any::<u8>()) {
        let full = random::estate(&mut Choices::new(&bytes)).build();
        let mut hidden = full.clone();
        hide(&mut hidden, which);
        let before = ask(&full);
        for after in ask(&hidden) {
            let was = before.iter().find(|it| key(it) == key(&after)).expect("the same pairs");
            let sound = match after.outcome {
                Outcome::Open | Outcome::Blocked | Outcome::Partial => {
                    was.outcome == after.outcome || was.outcome == Outcome::Unknown
                }
                Outcome::Unknown => true,
            };
            prop_assert!(
                sound,
                "{which}: {} -> {}: {:?} became {:?}\n{:#?}",
                was.client.name, was.cache.name, was.outcome, after.outcome, after.trace
            );
        }
    }
}

/// Takes one thing away.
fn hide(snapshot: &mut Snapshot, which: u8) {
    let place = usize::from(which / 19);
    let hides = |nouns: &[Noun]| Gap {
        account: None,
        ..gap("hidden", nouns)
    };
    let unknown = || hides(&[]);
    macro_rules! nth {
        ($list:expr) => {{
            let list = &mut $list;
            let length = list.len().max(1);
            list.get_mut(place % length)
        }};
    }
    macro_rules! of_network {
        ($field:ident) => {
            if let Some(gcp) = nth!(snapshot.networks).and_then(|it| it.gcp.as_mut()) {
                gcp.$field = Fact::unknown(unknown());
            }
        };
    }
    match which % 19 {
        0 | 1 => {
            if let Some(filter) = nth!(snapshot.filters) {
                filter.rules = Fact::unknown(unknown());
            }
        }
        2 => {
            if let Some(gcp) = nth!(snapshot.networks).and_then(|it| it.gcp.as_mut()) {
                for filters in gcp.filters.values_mut() {
                    *filters = Fact::unknown(unknown());
                }
            }
        }
        3 => of_network!(policy_routes),
        4 => of_network!(hub),
        5 => of_network!(hybrid),
        6 => of_network!(routers),
        7 => {
            if let Some(table) = nth!(snapshot.route_tables) {
                table.routes = Fact::unknown(unknown());
            }
        }
        8 => {
            if let Some(gcp) = nth!(snapshot.caches).and_then(|it| it.gcp.as_mut()) {
                gcp.connections = Fact::unknown(unknown());
            }
        }
        9 => {
            if let Some(cache) = nth!(snapshot.caches) {
                cache.network = Fact::unknown(unknown());
            }
        }
        10 => {
            if let Some(list) = nth!(snapshot.prefix_lists) {
                list.entries = Fact::unknown(unknown());
            }
        }
        11 => {
            snapshot.prefix_lists.clear();
            snapshot.gaps.push(hides(&[Noun::PrefixLists]));
        }
        12 => {
            snapshot.peerings.clear();
            snapshot.gaps.push(hides(&[Noun::Peerings]));
        }
        13 => {
            // What is left unread is as the cache tells it: in force, unless
            // it is gone.
            for cache in &mut snapshot.caches {
                let Some(gcp) = &mut cache.gcp else { continue };
                let Fact::Known(connections) = &mut gcp.connections else {
                    continue;
                };
                for connection in connections {
                    let mut all = snapshot.private_endpoints.iter();
                    if all.all(|it| Some(&it.id) != connection.rule.as_ref()) {
                        connection.status = Some("NOT_FOUND".to_owned());
                    }
                }
            }
            snapshot.private_endpoints.retain(|it| {
                it.state != PrivateEndpointState::Approved || it.global_access == Some(false)
            });
            snapshot.gaps.push(hides(&[Noun::PrivateEndpoints]));
        }
        14 => {
            let length = snapshot.filters.len().max(1);
            snapshot.filters.remove(place % length);
            snapshot.gaps.push(hides(&[Noun::Filters]));
        }
        15 => {
            let length = snapshot.networks.len().max(1);
            snapshot.networks.remove(place % length);
            snapshot.gaps.push(hides(&[Noun::Networks]));
        }
        16 => {
            snapshot.route_tables.clear();
            snapshot.gaps.push(hides(&[Noun::RouteTables]));
        }
        17 => {
            if let Some(cache) = nth!(snapshot.caches) {
                cache.status = Fact::unknown(unknown());
            }
        }
        _ => {
            if let Some(endpoint) = nth!(snapshot.private_endpoints) {
                endpoint.addresses = Fact::unknown(unknown());
            }
        }
    }
}
