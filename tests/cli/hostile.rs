//! What strangers call their resources does nothing to who reads it: every
//! format × every place of a name × every kind of harm.

use std::collections::BTreeSet;

use cachewarden_estates::change::inbound;
use cachewarden_estates::ids::{SG_APP, SG_CACHE};
use cachewarden_estates::noun::{group, tcp};
use serde_json::{Value, json};

use crate::harness::{Bench, Run};

/// What a stranger may write to harm whoever, or whatever, reads it.
fn harms() -> Vec<(&'static str, String)> {
    let fixed = [
        (
            "terminal",
            "a\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{0}\u{7f}b",
        ),
        (
            "lines",
            "a\r\nOPEN\n\tb\u{b}\u{c}\u{85}\u{2028}\u{2029}OPEN",
        ),
        (
            "directions, and nothing to see",
            "a\u{202e}gnp\u{2066}b\u{200f}c\u{61c}\u{200b}\u{2060}\u{feff}\u{ad}\u{fe0f}\u{3164}\u{e0041}d",
        ),
        (
            "markup",
            "a | b || `c` ``` <script>alert(1)</script> [d](javascript:e) ![f](http://g) <!--",
        ),
        (
            "pipelines",
            "a ::error::b ::set-output name=c::d ##[add-mask]e ##vso[task.complete]f ::stop-commands::g",
        ),
        ("formulas", "=cmd|' /C calc'!A0"),
        ("mentions", "@SUM(1+1)*cmd +1 -1"),
        ("shells", "'; reboot; echo $(id) `id` \" \\"),
        (
            "wide",
            "東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京",
        ),
    ];
    let mut harms: Vec<(&str, String)> = fixed
        .into_iter()
        .map(|(what, text)| (what, text.to_owned()))
        .collect();
    harms.push(("length", "a".repeat(10_000)));
    harms.push(("length in words", "a b ".repeat(2_500)));
    harms
}

/// Keys of what strangers, and those who fall for them, may write freely.
const FREE: [&str; 4] = ["name", "description", "message", "status"];
/// Keys of accounts and regions.
const PLACES: [&str; 3] = ["account", "region", "regions"];

/// An estate in which a client is refused, with a harm in every name, tag, id,
/// account and region of it.
fn estate(harm: &str) -> Value {
    let other_port = inbound(SG_CACHE, [tcp(6380).from(group(SG_APP))]);
    let mut snapshot = cachewarden_estates::base().with(other_port).build();
    for interface in &mut snapshot.interfaces {
        interface.tags.insert("team".into(), "shop".into());
    }
    let mut estate = serde_json::to_value(snapshot).unwrap();
    let mut ids = BTreeSet::new();
    find_ids(&estate, &mut ids);
    assert!(ids.len() > 10, "{ids:?}");
    estate["gaps"] = json!([{
        "provider": "aws", "what": "ec2:DescribeX", "why": "failed", "message": "m", "hides": [],
    }]);
    poison(&mut estate, "", &ids, harm);
    estate
}

/// What stands under `id`, wherever.
fn find_ids(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| find_ids(it, ids)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(id) if key == "id" => {
                        ids.insert(id.clone());
                    }
                    _ => find_ids(field, ids),
                }
            }
        }
        _ => {}
    }
}

fn poison(value: &mut Value, key: &str, ids: &BTreeSet<String>, harm: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| poison(it, key, ids, harm)),
        // Tags that are a fact are a map of their own within it.
        Value::Object(fields) if key == "tags" => match fields.get_mut("known") {
            Some(tags @ Value::Object(_)) => poison(tags, key, ids, harm),
            _ => drop(fields.insert(harm.to_owned(), json!(harm))),
        },
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(key, it)| poison(it, key, ids, harm)),
        Value::String(text) => {
            // Ids stay different from each other, and the same everywhere.
            if FREE.contains(&key) {
                harm.clone_into(text);
            } else if PLACES.contains(&key) || ids.contains(text) {
                text.push_str(harm);
            }
        }
        _ => {}
    }
}

/// Whether a character does something to a terminal instead of showing
/// itself, or shows nothing.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe0f}' | '\u{feff}' | '\u{e0041}')
}

/// What holds of every format and of every stream.
fn assert_inert(text: &str, what: &str) {
    let found = text.chars().find(|it| acts(*it));
    assert!(found.is_none(), "{what}: {found:?} in {text:?}");
    for mark in ["##[", "##vso["] {
        assert!(!text.contains(mark), "{what}: {mark} in {text}");
    }
    for line in text.lines() {
        // Lines that a wrap begins are indented: none passes for an outcome.
        assert!(
            line != "OPEN" && !line.starts_with("OPEN\\"),
            "{what}: {line}"
        );
        let order = line.trim_start().strip_prefix("::");
        let order = order.and_then(|it| it.split(' ').next()?.split("::").next());
        let known = ["error", "set-output", "stop-commands"];
        assert!(
            order.is_none_or(|it| !known.contains(&it)),
            "{what}: {line}"
        );
    }
}

/// Whether the text fits into 80 columns, commands left out.
fn assert_narrow(text: &str, what: &str) {
    let mut command = false;
    for line in text.lines() {
        command = line.trim_start().starts_with("$ ") || (command && line.starts_with("      "));
        // A character of East Asia takes two columns.
        let columns: usize = line
            .chars()
            .map(|it| 1 + usize::from(('\u{2e80}'..'\u{ff00}').contains(&it)))
            .sum();
        let most = if command { 4_000 } else { 80 };
        assert!(columns <= most, "{what}: {columns} columns in {line}");
    }
}

/// Every text of a document, keys of maps too.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| texts(it, found)),
        Value::Object(fields) => fields.values().for_each(|it| texts(it, found)),
        _ => {}
    }
}

/// What must hold of one format.
fn check(format: &str, run: &Run, harm: &str, what: &str) {
    assert_inert(&run.stdout, what);
    assert_inert(&run.stderr, what);
    match format {
        "table" => assert_narrow(&run.stdout, what),
        "json" => {
            let mut found = vec![];
            texts(&run.json(), &mut found);
            let whole = found.iter().filter(|it| it.contains(harm)).count();
            assert!(whole > 2, "{what}: the names are not what they were");
            let commands = found.iter().filter(|it| it.starts_with("aws "));
            for line in commands.flat_map(|it| it.lines()) {
                assert!(line.starts_with("aws "), "{what}: {line}");
            }
        }
        other => panic!("say here what must hold of the format `{other}`"),
    }
}

/// The formats that a command offers.
fn formats(bench: &Bench, command: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
    let help = bench.run(&arguments).ends_with(0).stdout;
    let (_, rest) = help.split_once("--format <FORMAT>").unwrap();
    let (_, rest) = rest.split_once("possible values: ").unwrap();
    let (list, _) = rest.split_once(']').unwrap();
    list.split(',').map(|it| it.trim().to_owned()).collect()
}

#[test]
fn reports_of_hostile_estates_are_inert() {
    let bench = Bench::new();
    for (what, harm) in harms() {
        bench.file("a.json", estate(&harm).to_string());
        let commands: [&[&str]; 3] = [
            &["audit", "a.json"],
            &["reach", "a.json", "--all"],
            &[
                "why",
                "a.json",
                "--client",
                "10.0.1.10",
                "--cache",
                harm.trim_end_matches('\0'),
            ],
        ];
        for command in commands {
            // A process takes no name with a NUL in it.
            let holds_nul = command.iter().any(|it| it.contains('\0'));
            let Some(first) = command.first().filter(|_| !holds_nul) else {
                continue;
            };
            for format in formats(&bench, &[*first]) {
                let mut arguments = command.to_vec();
                arguments.extend(["--format", format.as_str()]);
                let run = bench.run(&arguments);
                assert_ne!(run.code, 2, "{run}");
                check(&format, &run, &harm, &format!("{what}, {first}, {format}"));
            }
        }
    }
}

#[test]
fn a_snapshot_keeps_hostile_names_and_shows_them_inert() {
    let bench = Bench::new();
    for (what, harm) in harms() {
        let before = estate(&harm);
        bench.file("a.json", before.to_string());
        let run = bench.run(&["collect", "a.json", "-o", "-"]).ends_with(0);
        assert_inert(&run.stdout, what);
        assert_eq!(run.json()["caches"], before["caches"], "{what}");
    }
}

#[test]
fn errors_that_offer_hostile_names_are_inert() {
    let bench = Bench::new();
    for (what, harm) in harms() {
        bench.file("a.json", estate(&harm).to_string());
        for option in ["--client", "--cache"] {
            let run = bench
                .run(&["reach", "a.json", option, "nobody"])
                .ends_with(2)
                .says(&["did you mean"]);
            assert_inert(&run.stderr, what);
            let longest = run.stderr.lines().map(|it| it.chars().count()).max();
            assert!(longest < Some(1_200), "{what}: {longest:?}");
        }
    }
}

/// A text of YAML in double quotes.
fn quoted(text: &str) -> String {
    let letter = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if acts(c) || c == '\n' => format!("\\U{:08x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

#[test]
fn mistakes_in_hostile_files_are_inert() {
    let bench = Bench::new();
    for (what, harm) in harms() {
        let harm = quoted(&harm);
        let texts = [
            format!("version: 1\n{harm}: 1\n"),
            format!("version: 1\npolicies: {{ packs: [{harm}] }}\n"),
            format!("version: 1\npolicies: {{ disable: [{harm}] }}\n"),
            format!(
                "version: 1\nwaivers: [{{ policy: {harm}, subject: \"\", reason: x, {harm}: 1 }}]\n"
            ),
        ];
        for text in texts {
            bench.file("cachewarden.yaml", text);
            let run = bench.run(&["audit", "demo"]).ends_with(2);
            assert_inert(&run.stderr, what);
            assert_eq!(run.stdout, "");
            let longest = run.stderr.lines().map(|it| it.chars().count()).max();
            assert!(longest < Some(1_200), "{what}: {longest:?}");
        }
    }
}

/// A policy whose every text is hostile.
fn policy(id: &str, harm: &str) -> String {
    let harm = quoted(harm);
    format!(
        "id: {id}\ntitle: {harm}\nseverity: high\nconcern: access\nsubject: cache\n\
         require: cache.name == 'x'\nmessage: \"{{cache.name}}\"\nwhy: {harm}\n\
         references: [\"https://example.org/\"]\ncontrols: [{harm}]\n\
         cases:\n  - {{ name: {harm}, facts: {{ cache.name: a }}, expect: pass }}\n"
    )
}

#[test]
fn policies_of_strangers_are_inert() {
    let bench = Bench::new();
    for (number, (_, harm)) in harms().into_iter().enumerate() {
        let id = format!("hostile-{number}");
        bench.file(&format!("more/{id}.yaml"), policy(&id, &harm));
    }
    let rows = |text: &str| text.lines().filter(|it| it.starts_with('|')).count();
    for format in formats(&bench, &["policy", "list"]) {
        let list = ["policy", "list", "--format", &format];
        let plain = bench.run(&list).ends_with(0);
        let with = [&list[..], &["--policies", "more"]].concat();
        let run = bench.run(&with).ends_with(0);
        assert_inert(&run.stdout, &format);
        match format.as_str() {
            "table" => assert_narrow(&run.stdout, &format),
            "json" => {
                let list = run.json()["policies"].clone();
                let list = list.as_array().unwrap();
                for (what, harm) in harms() {
                    let found = list.iter().any(|it| it["title"] == harm.as_str());
                    assert!(found, "{what}: the title is not what it was");
                }
            }
            // The page is of the built-in policies alone.
            "markdown" => assert_eq!(rows(&run.stdout), rows(&plain.stdout)),
            other => panic!("say here what must hold of the format `{other}`"),
        }
    }
    let show = |id: &str| bench.run(&["policy", "show", id, "--policies", "more"]);
    for number in 0..harms().len() {
        let run = show(&format!("hostile-{number}")).ends_with(0);
        assert_inert(&run.stdout, "policy show");
        assert_narrow(&run.stdout, "policy show");
    }
    // The cases do not come out as they say they do, and are named.
    for run in [
        show("hostil").ends_with(2),
        bench.run(&["policy", "test", "more"]).ends_with(1),
    ] {
        assert_inert(&run.stdout, "policies");
        assert_inert(&run.stderr, "policies");
    }
}
