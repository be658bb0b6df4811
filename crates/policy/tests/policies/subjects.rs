//! One thing changed, one policy that fails; the same thing not known, the
//! same policy that cannot tell.

mod encryption;
mod expectations;
mod idle;
mod limits;
mod logins;
mod rules;
mod upkeep;

use cachewarden_model::Verdict;
use cachewarden_policy::Selection;

use crate::estate::{Estate, sound};

/// A change, and the policies with their verdicts that it makes.
fn changed(change: impl FnOnce(&mut Estate)) -> Vec<(String, Verdict)> {
    let mut estate = sound();
    change(&mut estate);
    estate.verdicts()
}

#[track_caller]
fn fails(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), Verdict::Fail))
        .collect();
    assert_eq!(changed(change), expected);
}

#[track_caller]
fn cannot_tell(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), Verdict::Unknown))
        .collect();
    assert_eq!(changed(change), expected);
}

#[test]
fn hygiene_is_off_unless_asked_for() {
    let mut estate = sound();
    estate.selection = Selection {
        packs: vec!["hygiene".into()],
        ..Selection::default()
    };
    let names: Vec<String> = estate
        .verdicts()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["default-port-is-not-used", "events-are-announced"]);
}
