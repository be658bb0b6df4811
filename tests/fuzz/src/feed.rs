//! Takes any bytes as one kind of input and everything that follows from it.

use std::sync::LazyLock;

use cachewarden_cli::configuration_mistakes;
use cachewarden_model::{Audit, Expectation, Snapshot};
use cachewarden_policy::{Judgement, Library, Source, judge};
use cachewarden_reach::{Estate, Narrower, Query, apply, connections, reachability};
use cachewarden_report::{Document, Format, Look, write, write_json};

/// Pairs of a client and a cache above which a snapshot is not looked at: it
/// would only take long.
const MOST_PAIRS: usize = 2_000;

static BUILTIN: LazyLock<Library> =
    LazyLock::new(|| Library::builtin().expect("the built-in policies are valid"));

/// Small, and with something behind every policy's facts.
static ESTATE: LazyLock<Snapshot> = LazyLock::new(|| cachewarden_estates::base().build());

/// A snapshot, and its whole audit. It must survive its own JSON, and no
/// report of it may hold a character that acts.
pub fn snapshot(bytes: &[u8]) {
    let Ok(mut snapshot) = Snapshot::from_json(bytes) else {
        return;
    };
    snapshot.sort();
    let mut again = vec![];
    write_json(&snapshot, &mut again).expect("a vector takes all bytes");
    let again = Snapshot::from_json(&again).expect("what was written can be read");
    assert!(
        again == snapshot,
        "a snapshot is another after its own JSON"
    );
    if snapshot.interfaces.len() * snapshot.caches.len().max(1) > MOST_PAIRS {
        return;
    }
    let estate = Estate::new(&snapshot);
    let audit = audited(&BUILTIN, &snapshot, &[]);
    show(Document::Audit(&audit));
    let all = Query {
        all: true,
        ..Query::default()
    };
    let report = connections(&estate, &[], &all).expect("the query names nothing");
    show(Document::Reach(&report));
    show(Document::Why(&report));
    for connection in report.connections.iter().take(20) {
        if let Some(fix) = &connection.fix {
            let mended = apply(&snapshot, &fix.edits);
            drop(Estate::new(&mended));
        }
    }
}

/// A policy: its mistakes and their places, or its cases and what it says of
/// a small estate.
pub fn policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let source = Source {
        name: "policy.yaml".to_owned(),
        text: text.clone().into_owned(),
    };
    match Library::of(&[source]) {
        Ok(library) => {
            drop(library.test());
            let _ = library.coverage_markdown();
            show(Document::Audit(&audited(&library, &ESTATE, &[])));
        }
        Err(errors) => {
            for mistake in errors.iter() {
                let _ = (mistake.to_string(), mistake.help_text());
                let at = mistake.span().unwrap_or_default();
                // What is missing has its place one behind the text.
                assert!(at.start <= text.len() && at.end <= text.len() + 1, "{at:?}");
                assert!(at.start <= at.end, "{at:?}");
            }
        }
    }
}

/// A configuration, and what is said of its mistakes.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(said) = configuration_mistakes("cachewarden.yaml", &text) {
        assert!(said.starts_with("error: "), "{said:?}");
        assert_inert(&said);
    }
}

/// A query and an expectation of a small estate: a client in the first line,
/// a cache in the second, an expectation as JSON after that.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().filter(|it| !it.is_empty());
    let (client, cache) = (line(), line());
    let expectation = line().and_then(|it| serde_json::from_str::<Expectation>(it).ok());
    let expectations: Vec<Expectation> = expectation.into_iter().collect();
    let estate = Estate::new(&ESTATE);
    for all in [false, true] {
        let query = Query { client, cache, all };
        match connections(&estate, &expectations, &query) {
            Ok(report) => show(Document::Why(&report)),
            Err(error) => drop(error.to_string()),
        }
    }
    if !expectations.is_empty() {
        let audit = audited(&BUILTIN, &ESTATE, &expectations);
        show(Document::Audit(&audit));
    }
}

fn audited(library: &Library, snapshot: &Snapshot, expectations: &[Expectation]) -> Audit {
    let estate = Estate::new(snapshot);
    let reachability = reachability(&estate, expectations);
    let narrower = Narrower::new(&estate, expectations);
    judge(
        library,
        &Judgement {
            snapshot,
            reachability: &reachability,
            narrow: Some(&narrower),
            expectations,
            waivers: &[],
            judged_at: snapshot.collected_at,
        },
    )
}

/// Writes a document in all its formats.
fn show(document: Document<'_>) {
    for format in [Format::Table, Format::Json] {
        let mut out = vec![];
        write(document, format, Look::PLAIN, "0.0.0", &mut out).expect("a vector takes all bytes");
        let text = String::from_utf8(out).expect("reports are texts");
        assert_inert(&text);
    }
}

fn assert_inert(text: &str) {
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(c) = text.chars().find(|c| acts(*c)) {
        panic!("{c:?} acts in {text:?}");
    }
}
