//! No row of the table of scenarios is forgotten: each has a test, or stands
//! among those that the engine does not tell.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many rows there are.
const ROWS: u8 = 68;

/// The table of those that are not told.
const UNTOLD: &str = "../../tests/scenarios/GCP.md";

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Rows that tests name: `fn g13_the_machine…` is 13.
fn tested() -> BTreeSet<u8> {
    let mut rows = BTreeSet::new();
    for entry in fs::read_dir(here("tests/gcp")).expect("the tests") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a text");
        let mut lines = text.lines().map(str::trim);
        while lines.any(|line| line == "#[test]") {
            let name = lines.find_map(|line| line.strip_prefix("fn "));
            let words = name.unwrap_or_default().split('_');
            rows.extend(words.map_while(|word| word.strip_prefix('g')?.parse::<u8>().ok()));
        }
    }
    rows
}

/// Rows of the table, and whether their answer is `unknown`.
fn explained() -> Vec<(u8, bool)> {
    let table = fs::read_to_string(here(UNTOLD)).expect("the table");
    let rows = table.lines().filter_map(|line| {
        let number = line.strip_prefix("| G")?.split(' ').next()?;
        Some((number.parse().ok()?, line.contains("`unknown`")))
    });
    rows.collect()
}

#[test]
fn every_row_is_tested_or_explained() {
    let known: BTreeSet<u8> = (1..=ROWS).collect();
    let mut both = tested();
    both.extend(explained().iter().map(|(row, _)| *row));
    assert_eq!(both, known);
}

#[test]
fn a_row_that_is_tested_is_explained_only_where_nothing_is_known() {
    let tested = tested();
    for (row, unknown) in explained() {
        assert_eq!(
            unknown,
            tested.contains(&row),
            "G{row}: a test and an excuse, or neither"
        );
    }
}
