//! Each folder of `scenarios/` that holds a snapshot is an estate and what
//! the binary says of it.
//!
//! | File | Holds |
//! |---|---|
//! | `README.md` | what is the case, and what differs from its twin |
//! | `snapshot.json`, `snapshot.json.zst` | the estate |
//! | `cachewarden.yaml` | its configuration, if it has one |
//! | `expected.txt`, `expected.json` | `audit` as a table, as JSON |
//! | `reach.txt`, `reach.json` | `reach` as a table, as JSON |
//!
//! Every expected file that is there is compared, and at least one must be.
//! An audit judges as of the time of its snapshot. `UPDATE_GOLDEN=1` writes
//! the files anew.

use std::path::{Path, PathBuf};

use crate::harness::{Bench, golden, workspace};

/// Expected files and the commands that make them.
const EXPECTED: [(&str, &str, &str); 4] = [
    ("expected.txt", "audit", "table"),
    ("expected.json", "audit", "json"),
    ("reach.txt", "reach", "table"),
    ("reach.json", "reach", "json"),
];

fn scenarios() -> Vec<(PathBuf, PathBuf)> {
    let folder = workspace().join("tests/scenarios");
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        let snapshot = ["snapshot.json", "snapshot.json.zst"]
            .map(|it| folder.join(it))
            .into_iter()
            .find(|it| it.is_file());
        if let Some(snapshot) = snapshot {
            found.push((folder, snapshot));
        }
    }
    found.sort();
    found
}

#[test]
fn every_scenario_comes_out_as_expected() {
    let scenarios = scenarios();
    assert!(!scenarios.is_empty());
    for (folder, snapshot) in scenarios {
        assert!(
            folder.join("README.md").is_file(),
            "{} says what it is",
            folder.display()
        );
        let mut compared = 0;
        for (file, command, format) in EXPECTED {
            let file = folder.join(file);
            if file.is_file() {
                golden(&file, &said(&folder, &snapshot, command, format));
                compared += 1;
            }
        }
        assert!(compared > 0, "{} expects nothing", folder.display());
    }
}

fn said(folder: &Path, snapshot: &Path, command: &str, format: &str) -> String {
    let bench = Bench::new();
    let config = folder.join("cachewarden.yaml");
    let mut arguments = vec![command.into(), snapshot.to_owned()];
    arguments.extend(["--format", format, "--quiet"].map(PathBuf::from));
    if config.is_file() {
        arguments.extend(["--config".into(), config]);
    }
    if command == "audit" {
        arguments.extend(["--at".into(), collected_at(&bench, snapshot).into()]);
    }
    let run = bench.run(&arguments);
    assert!(
        run.code == 0 || run.code == 1,
        "{}\n{run}",
        folder.display()
    );
    assert_eq!(run.stderr, "", "{}", folder.display());
    run.stdout
}

fn collected_at(bench: &Bench, snapshot: &Path) -> String {
    let run = bench.run(&[
        "collect".into(),
        snapshot.to_owned(),
        "-o".into(),
        "-".into(),
        "-q".into(),
    ]);
    run.ends_with(0).json()["collected_at"]
        .as_str()
        .unwrap()
        .to_owned()
}
