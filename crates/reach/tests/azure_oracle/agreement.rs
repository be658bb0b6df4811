//! What the engine says for sure holds in every world of the oracle.

use cachewarden_model::{Connection, Outcome, Snapshot};
use cachewarden_reach::{Estate, Query, apply, connections};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::choices::Choices;
use crate::hide::hide;
use crate::random;
use crate::world::truth;
use crate::worlds::Truth;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..700)
}

fn ask(snapshot: &Snapshot) -> Vec<Connection> {
    let query = Query {
        all: true,
        ..Query::default()
    };
    let report = connections(&Estate::new(snapshot), &[], &query);
    report.expect("no name is asked for").connections
}

fn truth_of(snapshot: &Snapshot, connection: &Connection) -> Truth {
    let mut clients = snapshot.interfaces.iter();
    let client = clients.find(|it| it.id == connection.client.id);
    let mut caches = snapshot.caches.iter();
    let cache = caches.find(|it| it.id == connection.cache.id);
    truth(snapshot, client.expect("a client"), cache.expect("a cache"))
}

fn check(snapshot: &Snapshot, connection: &Connection) {
    let truth = truth_of(snapshot, connection);
    let agrees = match connection.outcome {
        Outcome::Unknown => true,
        outcome => truth.is(outcome),
    };
    assert!(
        agrees,
        "{} -> {}: {:?}, and the oracle {truth:?}\n{:#?}",
        connection.client.name, connection.cache.name, connection.outcome, connection.trace
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sure_holds_in_every_world(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        for connection in ask(&snapshot) {
            check(&snapshot, &connection);
        }
    }

    #[test]
    fn hiding_a_fact_never_opens_and_never_closes(
        bytes in bytes(),
        what in any::<u8>(),
        place in any::<u8>(),
    ) {
        let full = random::estate(&mut Choices::new(&bytes)).build();
        let mut hidden = full.clone();
        hide(&mut hidden, what, place);
        let before = ask(&full);
        for after in ask(&hidden) {
            let key = |it: &Connection| (it.client.id.clone(), it.cache.id.clone());
            let was = before.iter().find(|it| key(it) == key(&after)).expect("the same pairs");
            let sound = match after.outcome {
                Outcome::Open | Outcome::Blocked => {
                    was.outcome == after.outcome || was.outcome == Outcome::Unknown
                }
                Outcome::Partial | Outcome::Unknown => true,
            };
            prop_assert!(
                sound,
                "{what} {place}: {:?} became {:?}\n{:#?}",
                was.outcome,
                after.outcome,
                after.trace
            );
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_does_what_its_proof_says(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        for connection in ask(&snapshot) {
            let Some(fix) = connection.fix.as_ref().filter(|it| !it.edits.is_empty()) else {
                continue;
            };
            let edited = apply(&snapshot, &fix.edits);
            let after = ask(&edited);
            let key = |it: &Connection| (it.client.id.clone(), it.cache.id.clone());
            let own = after.iter().find(|it| key(it) == key(&connection)).expect("the pair");
            prop_assert_eq!(own.outcome, Outcome::Open, "{:#?}\n{:#?}", fix, own.trace);
            check(&edited, own);
            let Some(proof) = fix.proof.as_ref().filter(|it| !it.others_not_judged) else {
                continue;
            };
            // What opens besides is named.
            for other in ask(&snapshot) {
                let now = after.iter().find(|it| key(it) == key(&other)).expect("the pair");
                let opens = other.outcome == Outcome::Blocked && now.outcome == Outcome::Open;
                let closes = other.outcome == Outcome::Open && now.outcome != Outcome::Open;
                let name = format!("{} -> {}", other.client.name, other.cache.name);
                if key(&other) == key(&connection) {
                    continue;
                }
                prop_assert!(!opens || proof.also_opens.contains(&name) || proof.also_opens_total > proof.also_opens.len(), "{name}: {fix:#?}");
                prop_assert!(!closes || proof.closes.contains(&name) || proof.closes_total > proof.closes.len(), "{name}: {fix:#?}");
            }
        }
    }
}

#[test]
fn every_outcome_comes_up_and_most_are_known() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut counts = [0_u32; 4];
    for _ in 0..300 {
        let tree = bytes().new_tree(&mut runner).expect("bytes");
        let snapshot = random::estate(&mut Choices::new(&tree.current())).build();
        for connection in ask(&snapshot) {
            let place = match connection.outcome {
                Outcome::Open => 0,
                Outcome::Partial => 1,
                Outcome::Blocked => 2,
                Outcome::Unknown => 3,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
    }
    let total: u32 = counts.iter().sum();
    assert!(counts.iter().all(|it| *it > 0), "{counts:?}");
    let [.., unknown] = counts;
    assert!(unknown * 3 < total, "{counts:?}");
}
