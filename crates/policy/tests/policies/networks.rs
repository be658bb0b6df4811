//! What surrounds caches on AWS: one thing changed, and what policies make of
//! it.

mod edges;
mod sources;

use cachewarden_model::Verdict;

use crate::estate::{Estate, sound};

fn verdicts(change: impl FnOnce(&mut Estate)) -> Vec<(String, Verdict)> {
    let mut estate = sound();
    change(&mut estate);
    estate.verdicts()
}

#[track_caller]
fn comes_to(verdict: Verdict, policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), verdict))
        .collect();
    assert_eq!(verdicts(change), expected);
}
