//! What a reader sees, line by line.

use super::*;
use crate::sample;
use crate::{PolicyDetail, PolicyEntry};

const ASCII: Look = Look {
    width: 80,
    color: false,
    charset: Charset::Ascii,
};

fn audit(look: Look) -> String {
    render(Document::Audit(&sample::audit()), look)
}

fn why(connections: Vec<cachewarden_model::Connection>, look: Look) -> String {
    render(Document::Why(&sample::reach(connections)), look)
}

#[test]
fn an_audit() {
    insta::assert_snapshot!(audit(Look::PLAIN));
}

#[test]
fn an_audit_without_findings_says_what_it_did_not_see() {
    let mut audit = sample::audit();
    audit.findings.clear();
    audit.skipped.clear();
    audit.caches.clear();
    audit.summary = cachewarden_model::AuditSummary {
        gaps: 3,
        ..Default::default()
    };
    insta::assert_snapshot!(render(Document::Audit(&audit), Look::PLAIN));
}

#[test]
fn connections() {
    let all = vec![
        sample::blocked(),
        sample::partial(),
        sample::unknown(),
        sample::open(),
    ];
    insta::assert_snapshot!(render(Document::Reach(&sample::reach(all)), Look::PLAIN));
}

#[test]
fn a_blocked_connection_stage_by_stage() {
    insta::assert_snapshot!(why(vec![sample::blocked()], Look::PLAIN));
}

#[test]
fn a_partial_connection_in_ascii() {
    let text = why(vec![sample::partial()], ASCII);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn open_and_unknown_connections() {
    insta::assert_snapshot!(why(vec![sample::unknown(), sample::open()], Look::PLAIN));
}

fn entry(id: &str, enabled: bool) -> PolicyEntry {
    PolicyEntry {
        id: id.into(),
        title: "no cache admits the whole internet, not even by several rules together".to_owned(),
        concern: cachewarden_model::Concern::Exposure,
        severity: cachewarden_model::Severity::Critical,
        subject: cachewarden_model::SubjectKind::Endpoint,
        providers: vec![cachewarden_model::Provider::Aws],
        controls: vec!["EC2.19".to_owned()],
        enabled,
    }
}

#[test]
fn policies() {
    let entries = [
        entry("no-internet-exposure", true),
        entry("no-default-port", false),
    ];
    let list = Document::Policies {
        entries: &entries,
        markdown: "",
    };
    insta::assert_snapshot!(render(list, Look::PLAIN));
    let policy = PolicyDetail {
        entry: entry("no-internet-exposure", true),
        sections: vec![("why".to_owned(), "first line\nsecond line".to_owned())],
    };
    insta::assert_snapshot!(render(Document::Policy(&policy), Look::PLAIN));
}

/// Lines of commands may be longer: their words are never parted.
fn assert_fits(text: &str, width: usize) {
    let mut command = false;
    for line in text.lines() {
        command = line.trim_start().starts_with('$') || (command && line.starts_with("        "));
        let columns = textwrap::core::display_width(line);
        assert!(command || columns <= width, "{columns} columns: {line}");
    }
}

#[test]
fn lines_fit_whatever_the_width() {
    let connections = vec![
        sample::blocked(),
        sample::partial(),
        sample::unknown(),
        sample::open(),
    ];
    for width in [40, 57, 80, 120] {
        for color in [false, true] {
            let look = Look {
                width,
                color,
                ..Look::PLAIN
            };
            assert_fits(&audit(look), width);
            assert_fits(&why(connections.clone(), look), width);
            let report = sample::reach(connections.clone());
            assert_fits(&render(Document::Reach(&report), look), width);
        }
    }
}

#[test]
fn colour_is_written_only_when_asked_for() {
    assert!(!audit(Look::PLAIN).contains('\u{1b}'));
    let coloured = audit(Look {
        color: true,
        ..Look::PLAIN
    });
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[31mHIGH\u{1b}[0m"),
        "{coloured}"
    );
}

/// An id as long as Azure's wraps into three lines. One is enough to name the
/// two ends; elsewhere its own part says it.
#[test]
fn long_ids_stand_whole_only_where_they_name_the_ends() {
    let whole = |kind: &str, name: &str| {
        format!("/subscriptions/1-2-3/resourceGroups/net/providers/Microsoft.X/{kind}/{name}")
    };
    let wide = Look {
        width: 400,
        ..Look::PLAIN
    };
    let mut connection = sample::blocked();
    connection.client.id = whole("networkInterfaces", "web").into();
    connection.blame[0].resource = whole("networkSecurityGroups", "shop").into();
    let why = why(vec![connection.clone()], wide);
    assert!(why.contains(&whole("networkInterfaces", "web")), "{why}");
    assert!(why.contains(" networkSecurityGroups/shop"), "{why}");
    assert!(
        !why.contains(&whole("networkSecurityGroups", "shop")),
        "{why}"
    );
    let report = sample::reach(vec![connection]);
    let reach = render(Document::Reach(&report), wide);
    assert!(reach.contains(" networkInterfaces/web"), "{reach}");
    assert!(!reach.contains("/subscriptions/"), "{reach}");
    let mut findings = sample::audit();
    findings.findings[0].subject.id = whole("redis", "sessions");
    let audit = render(Document::Audit(&findings), wide);
    assert!(audit.contains(&whole("redis", "sessions")), "{audit}");
}

const HOSTILE: &str = "evil\u{1b}[2J\u{1b}]0;owned\u{7}\r\nOPEN\u{202e}drowssap\u{200b}";

#[test]
fn names_of_strangers_are_inert() {
    let mut connection = sample::blocked();
    connection.client.name = HOSTILE.to_owned();
    connection.cache.name = HOSTILE.to_owned();
    connection.trace[0].detail = HOSTILE.to_owned();
    connection.blame[0].detail = HOSTILE.to_owned();
    connection.blame[0].kind = HOSTILE.to_owned();
    connection.blame[0].resource = HOSTILE.into();
    connection.client.state = Some(HOSTILE.to_owned());
    connection.endpoint.host = Some(HOSTILE.to_owned());
    connection.gaps = vec![sample::gap(
        HOSTILE,
        cachewarden_model::GapReason::Failed,
        HOSTILE,
    )];
    let mut audit = sample::audit();
    for finding in &mut audit.findings {
        finding.subject.name = HOSTILE.to_owned();
        finding.subject.id = HOSTILE.to_owned();
        finding.message = HOSTILE.to_owned();
        finding.title = HOSTILE.to_owned();
        finding.blame = connection.blame.clone();
        finding.fix = Some(cachewarden_model::FindingFix::Text {
            summary: HOSTILE.to_owned(),
            command: Some(HOSTILE.to_owned()),
        });
    }
    audit.caches[0].name = HOSTILE.to_owned();
    audit.caches[0].status = Some(HOSTILE.to_owned());
    audit.skipped[0].why = HOSTILE.to_owned();
    audit.targets[0].account = HOSTILE.into();
    let report = sample::reach(vec![connection]);
    for document in [
        Document::Audit(&audit),
        Document::Reach(&report),
        Document::Why(&report),
    ] {
        let text = render(document, Look::PLAIN);
        let acting = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{200b}';
        assert!(!text.contains(acting), "{text:?}");
        assert!(text.contains("evil"), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("OPEN")), "{text}");
    }
}

#[test]
fn what_has_no_end_is_shortened_with_a_mark() {
    let mut audit = sample::audit();
    audit.findings[0].message = "x".repeat(5_000);
    let text = render(Document::Audit(&audit), Look::PLAIN);
    assert!(text.contains("(+4000 characters)"), "{text}");
    audit.gaps = (0..30)
        .map(|it| {
            let what = format!("ec2:Describe{it:02}");
            sample::gap(&what, cachewarden_model::GapReason::Failed, "eu-west-1")
        })
        .collect();
    let text = render(Document::Audit(&audit), Look::PLAIN);
    assert!(
        text.contains("and 10 more, which `--format json` lists"),
        "{text}"
    );
}

#[test]
fn many_findings_of_one_policy_are_counted() {
    let mut audit = sample::audit();
    audit.findings = (0..100)
        .map(|number| {
            let mut finding =
                sample::finding("p", cachewarden_model::Severity::Low, &format!("c{number}"));
            finding.message = format!("cache c{number} is plain");
            finding
        })
        .collect();
    let text = render(Document::Audit(&audit), Look::PLAIN);
    assert!(text.contains("| 100 caches"), "{text}");
    assert!(
        text.contains("cache c19 is plain") && !text.contains("cache c20 is plain"),
        "{text}"
    );
    assert!(
        text.contains("and 80 more, which `--format json` lists"),
        "{text}"
    );
}

#[test]
fn findings_with_one_cause_and_one_remedy_are_told_together() {
    let mut audit = sample::audit();
    let first = audit.findings[0].clone();
    let mut second = first.clone();
    second.subject.name = "billing -> sessions".to_owned();
    second.message = "billing cannot reach sessions on port 6379".to_owned();
    second.blame[0].detail = "no rule admits tcp 6379 from 10.0.1.9".to_owned();
    let mut other = first.clone();
    other.blame[0].resource = "sg-0other".into();
    audit.findings = vec![first, second, other];
    let text = render(Document::Audit(&audit), Look::PLAIN);
    assert_eq!(text.matches("fix   ").count(), 2, "{text}");
    assert_eq!(text.matches("cannot reach sessions").count(), 3, "{text}");
    assert_eq!(text.matches("(alike for the others)").count(), 1, "{text}");
}
