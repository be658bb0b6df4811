//! A short run of what the fuzzer does for hours, the same each time.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: what goes wrong in them ends the test"
)]

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use cachewarden_fuzz::{Chance, TARGETS, Target, seeds};

/// Changed inputs for each target; those of snapshots take longest.
const CHANGED: [(&str, usize); 4] = [
    ("snapshot", 120),
    ("policy", 2_000),
    ("config", 2_000),
    ("query", 400),
];

fn target(name: &str) -> Target {
    TARGETS.into_iter().find(|it| it.name == name).unwrap()
}

/// Feeds one input; if it does harm, keeps it where it can be looked at.
fn feed(target: Target, what: &str, input: &[u8]) {
    if panic::catch_unwind(AssertUnwindSafe(|| (target.feed)(input))).is_err() {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{what}", target.name));
        std::fs::write(&file, input).unwrap();
        panic!("{} does harm to `{}`", file.display(), target.name);
    }
}

/// The stack of a process's main thread, which tests do not have.
const STACK: usize = 8 << 20;

fn run(name: &'static str) {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let done = thread.spawn(|| feed_all(name)).unwrap().join();
    if let Err(panic) = done {
        panic::resume_unwind(panic);
    }
}

fn feed_all(name: &str) {
    let target = target(name);
    let (_, changed) = CHANGED.into_iter().find(|it| it.0 == name).unwrap();
    let seeds = seeds(name);
    assert!(!seeds.is_empty());
    for (what, seed) in &seeds {
        feed(target, what, seed);
    }
    for number in 0..changed {
        let mut chance = Chance::new(number as u64);
        let (_, seed) = chance.one(&seeds).unwrap();
        let input = (target.change)(seed, &mut chance);
        feed(target, &format!("changed-{number}"), &input);
    }
}

#[test]
fn changed_snapshots_do_no_harm() {
    run("snapshot");
}

#[test]
fn changed_policies_do_no_harm() {
    run("policy");
}

#[test]
fn changed_configurations_do_no_harm() {
    run("config");
}

#[test]
fn changed_queries_do_no_harm() {
    run("query");
}

/// Changes that break every input would test nothing but the first parser.
#[test]
fn many_changed_snapshots_are_still_snapshots() {
    let seeds = seeds("snapshot");
    let parses = |number: &u64| {
        let mut chance = Chance::new(*number);
        let (_, seed) = chance.one(&seeds).unwrap();
        let input = cachewarden_fuzz::changed_json(seed, &mut chance);
        cachewarden_model::Snapshot::from_json(&input).is_ok()
    };
    let whole = (0..200).filter(parses).count();
    assert!(whole > 40, "{whole} of 200");
}

#[test]
fn seeds_are_valid_but_those_that_did_harm() {
    for (name, seed) in seeds("snapshot") {
        let valid = cachewarden_model::Snapshot::from_json(&seed).is_ok();
        assert!(valid || name.contains("harm"), "{name}");
    }
    for (name, seed) in seeds("config") {
        let text = String::from_utf8(seed).unwrap();
        let said = cachewarden_cli::configuration_mistakes("x", &text);
        assert!(said.is_none() || name.contains("harm"), "{name}: {said:?}");
    }
}
