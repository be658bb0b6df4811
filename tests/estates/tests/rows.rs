//! No row of the table of scenarios is forgotten: each has a test, or stands
//! among those that cannot be told.
#![expect(
    clippy::unwrap_used,
    reason = "test support: what is not there is to stop the test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rows: a letter, and how many there are of it.
const ROWS: [(char, u8); 6] = [
    ('A', 33),
    ('B', 19),
    ('C', 26),
    ('D', 20),
    ('E', 20),
    ('F', 8),
];

/// Where the tests are, seen from here.
const TESTS: [&str; 2] = ["../../crates/reach/tests/scenarios", "tests/verdicts"];

/// The table of those that cannot be told.
const UNTOLD: &str = "../scenarios/README.md";

#[test]
fn every_row_is_tested_or_explained() {
    let known: BTreeSet<String> = ROWS
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")))
        .collect();
    let tested: BTreeSet<String> = TESTS
        .iter()
        .flat_map(|folder| tests_of(&here(folder)))
        .collect();
    let untold = explained(&fs::read_to_string(here(UNTOLD)).unwrap());
    let both: BTreeSet<String> = tested.union(&untold).cloned().collect();
    let forgotten: Vec<_> = known.difference(&both).collect();
    assert!(
        forgotten.is_empty(),
        "neither tested nor explained: {forgotten:?}"
    );
    let unheard_of: Vec<_> = both.difference(&known).collect();
    assert!(unheard_of.is_empty(), "no such rows: {unheard_of:?}");
}

#[test]
fn a_row_that_is_tested_is_explained_only_where_nothing_is_known() {
    let tested: BTreeSet<String> = TESTS
        .iter()
        .flat_map(|folder| tests_of(&here(folder)))
        .collect();
    let table = fs::read_to_string(here(UNTOLD)).unwrap();
    for line in table.lines() {
        let Some(row) = row_of(line) else { continue };
        let unknown = line.contains("`unknown`");
        assert!(
            unknown || !tested.contains(&row),
            "{row} has a test and needs no excuse"
        );
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Rows that tests name: `fn b5_replies…` is B5.
fn tests_of(folder: &Path) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if line != "#[test]" {
                continue;
            }
            let name = lines
                .find_map(|line| line.strip_prefix("fn "))
                .unwrap_or_default();
            rows.extend(row(name.split('_').next().unwrap_or_default()));
        }
    }
    rows
}

/// Rows that the table explains: `| A4 | …` is A4.
fn explained(table: &str) -> BTreeSet<String> {
    table.lines().filter_map(row_of).collect()
}

fn row_of(line: &str) -> Option<String> {
    row(line.strip_prefix("| ")?.split(' ').next()?)
}

/// `a4` and `A4` are A4, other words are nothing.
fn row(word: &str) -> Option<String> {
    let letter = word.chars().next()?.to_ascii_uppercase();
    let number: u8 = word.get(1..)?.parse().ok()?;
    letter
        .is_ascii_uppercase()
        .then(|| format!("{letter}{number}"))
}
