//! The random estates come to every outcome and to every question.

use cachewarden_model::{Outcome, Snapshot};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::choices::Choices;
use crate::random;
use crate::world::truth;

/// What estates are made from.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..700)
}

/// So many estates, the same at each run.
pub(crate) fn estates(count: usize) -> impl Iterator<Item = Snapshot> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    std::iter::repeat_with(move || {
        let tree = bytes().new_tree(&mut runner).expect("bytes");
        random::estate(&mut Choices::new(&tree.current())).build()
    })
    .take(count)
}

#[test]
fn every_outcome_and_every_question_comes_up() {
    let mut counts = [0_u32; 4];
    let mut asked = 0;
    for snapshot in estates(250) {
        for cache in &snapshot.caches {
            for endpoint in &cache.endpoints {
                for client in &snapshot.interfaces {
                    let truth = truth(&snapshot, client, cache, endpoint);
                    asked |= truth.asked;
                    let place = match truth.outcomes.first() {
                        Some(first) if !truth.is(*first) => 3,
                        Some(Outcome::Open) => 0,
                        Some(Outcome::Partial) => 1,
                        _ => 2,
                    };
                    if let Some(count) = counts.get_mut(place) {
                        *count += 1;
                    }
                }
            }
        }
    }
    let total: u32 = counts.iter().sum();
    assert!(counts.iter().all(|it| *it * 100 > total), "{counts:?}");
    let [.., left_open] = counts;
    assert!(left_open * 3 < total, "{counts:?}");
    assert_eq!(asked.count_ones(), 22, "{asked:022b}");
}
