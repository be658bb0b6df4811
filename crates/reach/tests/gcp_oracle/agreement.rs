//! What the engine says for sure holds in every world of the oracle, and it
//! is sure where the oracle was never asked.

use cachewarden_model::{Connection, Outcome, Snapshot};
use cachewarden_reach::{Estate, Query, apply, connections, reachability, reachability_one_by_one};
use proptest::prelude::*;

use crate::choices::Choices;
use crate::cover::{bytes, estates};
use crate::random;
use crate::world::truth;
use crate::worlds::Truth;

/// Every connection that the engine tells of.
pub(crate) fn ask(snapshot: &Snapshot) -> Vec<Connection> {
    let query = Query {
        all: true,
        ..Query::default()
    };
    let report = connections(&Estate::new(snapshot), &[], &query);
    report.expect("no name is asked for").connections
}

/// What makes a connection the same in two reports.
pub(crate) fn key(it: &Connection) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        it.client.id.clone(),
        it.cache.id.clone(),
        it.endpoint.clone(),
    )
}

pub(crate) fn truth_of(snapshot: &Snapshot, connection: &Connection) -> Truth {
    let mut clients = snapshot.interfaces.iter();
    let client = clients.find(|it| it.id == connection.client.id);
    let mut caches = snapshot.caches.iter();
    let cache = caches.find(|it| it.id == connection.cache.id);
    let cache = cache.expect("a cache");
    let mut endpoints = cache.endpoints.iter();
    let named = &connection.endpoint;
    let endpoint = endpoints
        .find(|it| it.role == named.role && it.host == named.host && it.port == named.port);
    truth(
        snapshot,
        client.expect("a client"),
        cache,
        endpoint.expect("an endpoint"),
    )
}

fn check(snapshot: &Snapshot, connection: &Connection) {
    let truth = truth_of(snapshot, connection);
    let agrees = match connection.outcome {
        Outcome::Unknown => !truth.is_settled(),
        outcome => truth.is(outcome),
    };
    assert!(
        agrees,
        "{} -> {} {:?}: {:?}, and the oracle {truth:?}\n{:#?}",
        connection.client.name,
        connection.cache.name,
        connection.endpoint,
        connection.outcome,
        connection.trace
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_oracle_agree(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        for connection in ask(&snapshot) {
            check(&snapshot, &connection);
        }
    }

    #[test]
    fn crowds_are_judged_as_each_would_be(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        let estate = Estate::new(&snapshot);
        let quick = reachability(&estate, &[]);
        let slow = reachability_one_by_one(&estate, &[]);
        prop_assert_eq!(quick, slow);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_does_what_its_proof_says(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        let before = ask(&snapshot);
        for connection in &before {
            let Some(fix) = connection.fix.as_ref().filter(|it| !it.edits.is_empty()) else {
                continue;
            };
            let edited = apply(&snapshot, &fix.edits);
            let after = ask(&edited);
            let own = after.iter().find(|it| key(it) == key(connection)).expect("the pair");
            prop_assert_eq!(own.outcome, Outcome::Open, "{:#?}\n{:#?}", fix, own.trace);
            check(&edited, own);
            let Some(proof) = fix.proof.as_ref().filter(|it| !it.others_not_judged) else {
                continue;
            };
            // What opens or closes besides is named.
            for other in before.iter().filter(|it| key(it) != key(connection)) {
                let now = after.iter().find(|it| key(it) == key(other)).expect("the pair");
                let opens = other.outcome == Outcome::Blocked && now.outcome == Outcome::Open;
                let closes = other.outcome == Outcome::Open && now.outcome != Outcome::Open;
                let name = format!("{} -> {}", other.client.name, other.cache.name);
                // Other endpoints of the cache are meant as well.
                let same = (&other.client.id, &other.cache.id)
                    == (&connection.client.id, &connection.cache.id);
                prop_assert!(!opens || same || proof.also_opens.contains(&name) || proof.also_opens_total > proof.also_opens.len(), "{name}: {fix:#?}");
                prop_assert!(!closes || proof.closes.contains(&name) || proof.closes_total > proof.closes.len(), "{name}: {fix:#?}");
            }
        }
    }
}

#[test]
fn most_is_known_and_fixes_come_up() {
    let (mut all, mut unknown, mut fixes) = (0_u32, 0_u32, 0_u32);
    for snapshot in estates(100) {
        for connection in ask(&snapshot) {
            all += 1;
            unknown += u32::from(connection.outcome == Outcome::Unknown);
            let fix = connection.fix.as_ref();
            fixes += u32::from(fix.is_some_and(|it| !it.edits.is_empty()));
        }
    }
    assert!(unknown * 3 < all, "{unknown} of {all}");
    assert!(fixes * 100 > all, "{fixes} of {all}");
}
