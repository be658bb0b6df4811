//! What goes to which stream, in which colours, and what can never get there.

use std::io::Read;
use std::process::Stdio;

use crate::harness::Bench;

#[test]
fn data_and_talk_are_apart() {
    let bench = Bench::new();
    let run = bench
        .run(&["audit", "demo", "--format", "json"])
        .ends_with(1);
    assert_eq!(run.json()["schema"], "cachewarden.report/1");
    assert_eq!(run.stderr, "");
    let run = bench.run(&["collect", "demo", "-o", "a.json"]).ends_with(0);
    assert!(
        run.stdout.is_empty() && run.stderr.contains("caches"),
        "{run}"
    );
    let run = bench
        .run(&["collect", "demo", "-o", "a.json", "--quiet"])
        .ends_with(0);
    assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{run}");
}

#[test]
fn colour_comes_when_asked_for() {
    let coloured = |bench: &Bench, arguments: &[&str]| {
        let arguments: Vec<&str> = ["audit", "demo"].iter().chain(arguments).copied().collect();
        bench.run(&arguments).stdout.contains('\u{1b}')
    };
    let plain = Bench::new();
    assert!(!coloured(&plain, &[]));
    assert!(coloured(&plain, &["--color", "always"]));
    let forced = Bench::new().with("CLICOLOR_FORCE", "1");
    assert!(coloured(&forced, &[]));
    assert!(!coloured(&forced, &["--color", "never"]));
    let both = Bench::new()
        .with("CLICOLOR_FORCE", "1")
        .with("NO_COLOR", "1");
    assert!(coloured(&both, &[]));
    let against = Bench::new().with("NO_COLOR", "1");
    assert!(coloured(&against, &["--color", "always"]));
    assert!(!coloured(&against, &[]));
    // A file has no colours, whatever the terminal has.
    plain.run(&["audit", "demo", "--color", "always", "-o", "a.txt"]);
    assert!(
        !std::fs::read_to_string(plain.path("a.txt"))
            .unwrap()
            .contains('\u{1b}')
    );
}

#[test]
fn a_terminal_of_ascii_gets_ascii() {
    for bench in [
        Bench::new().with("LANG", "C"),
        Bench::new().with("TERM", "dumb"),
    ] {
        let run = bench.run(&["audit", "demo"]);
        assert!(run.stdout.is_ascii(), "{run}");
    }
    assert!(!Bench::new().run(&["audit", "demo"]).stdout.is_ascii());
}

#[test]
fn lines_fit_into_eighty_columns() {
    let bench = Bench::new();
    for arguments in [
        &["audit", "demo"][..],
        &["reach", "demo", "--all"],
        &["policy", "list"],
    ] {
        let run = bench.run(arguments);
        let mut command = false;
        for line in run.stdout.lines() {
            command =
                line.trim_start().starts_with("$ ") || (command && line.starts_with("      "));
            assert!(command || line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let bench = Bench::new();
    let mut command = bench.command(&["reach", "demo", "--all", "--format", "json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), told.as_str()), (Some(0), ""));
}
