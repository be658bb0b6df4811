//! Mistakes in policies: all of them, each where it stands.

use cachewarden_policy::{Library, Mistake, PolicyErrors, Selection, Source};
use miette::Diagnostic;

const SOUND: &str = "\
id: backups-are-long
title: Backups of a cache are kept for a month
severity: low
concern: resilience
subject: cache
require: cache.backup_days >= threshold.long_days
message: '{cache.name} keeps backups for {cache.backup_days} days'
why: Auditors ask for it. Low, because it is a habit.
thresholds: { long_days: 30 }
cases:
  - { name: a week, facts: { cache.backup_days: 7 }, expect: fail }
";

fn load(texts: &[&str]) -> Result<Library, PolicyErrors> {
    let sources: Vec<Source> = (1..)
        .zip(texts)
        .map(|(number, text)| Source {
            name: format!("own/{number}.yaml"),
            text: (*text).to_owned(),
        })
        .collect();
    Library::load(&sources, &Selection::default())
}

/// Each mistake as `file: what is underlined: what is wrong`.
fn mistakes(texts: &[&str]) -> Vec<String> {
    let errors = load(texts).expect_err("mistakes");
    let text = |mistake: &Mistake| {
        let file = mistake.file().unwrap_or("-");
        let number = file
            .strip_prefix("own/")
            .and_then(|it| it.strip_suffix(".yaml"));
        let index = number
            .and_then(|it| it.parse::<usize>().ok())
            .map(|it| it - 1);
        let source = index
            .and_then(|it| texts.get(it))
            .copied()
            .unwrap_or_default();
        let part = mistake
            .span()
            .and_then(|span| source.get(span))
            .unwrap_or("-");
        format!("{file}: {part}: {mistake}")
    };
    errors.iter().map(text).collect()
}

fn with(changes: &[(&str, &str)]) -> String {
    let mut text = SOUND.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

#[test]
fn a_policy_of_ones_own_is_in_use() {
    let library = load(&[SOUND]).unwrap();
    let policy = library.find("backups-are-long").unwrap();
    assert!(policy.enabled && !policy.builtin);
    assert_eq!(policy.file, "own/1.yaml");
    assert_eq!(policy.fact_paths(), ["cache.backup_days"]);
    let case = library
        .test()
        .into_iter()
        .find(|it| it.policy == policy.id)
        .unwrap();
    assert!(case.passed());
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let first = with(&[
        ("cache.backup_days >=", "cache.backup_dys >="),
        ("{cache.name}", "{cache.nam}"),
        ("severity: low", "severity: low\nseverty: high\nowner: me"),
    ]);
    let second = with(&[
        ("id: backups-are-long", "id: Backups"),
        ("cache.backup_days: 7", "cache.backup_days: seven"),
    ]);
    assert_eq!(
        mistakes(&[&first, &second]),
        [
            "own/1.yaml: severty: a policy has no key `severty`",
            "own/1.yaml: owner: a policy has no key `owner`",
            "own/1.yaml: cache.backup_dys: there is no fact `cache.backup_dys`",
            "own/1.yaml: cache.nam: there is no fact `cache.nam`",
            "own/2.yaml: Backups: `Backups` is no policy id: lower-case words and digits, joined \
             by hyphens",
            "own/2.yaml: seven: expected int, found text",
        ]
    );
}

#[test]
fn mistakes_of_shape_are_underlined() {
    for (change, mistake) in [
        (
            ("title: Backups of a cache are kept for a month\n", ""),
            "own/1.yaml: id: the key `title` is missing",
        ),
        (
            ("severity: low", "severity: lowish"),
            "own/1.yaml: lowish: unknown variant `lowish`, expected one of info, low, medium, high, critical",
        ),
        (("subject: cache", "subject: [cache]"), "own/1.yaml: [: "),
        (
            ("expect: fail", "expects: fail"),
            "own/1.yaml: expects: unknown field `expects`, expected one of name, facts, expect",
        ),
        (
            ("subject: cache", "subject: cache\nsubject: rule"),
            "own/1.yaml: subject: duplicate mapping key: subject",
        ),
        (
            (
                "why: Auditors ask for it. Low, because it is a habit.",
                "why: ''",
            ),
            "own/1.yaml: '': `why` is empty",
        ),
    ] {
        let text = with(&[change]);
        let found = mistakes(&[&text]);
        assert!(found[0].starts_with(mistake), "{found:?}");
    }
    let found = mistakes(&["id: [a\n"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(mistakes(&["- a\n"]).len(), 1);
    assert!(mistakes(&[""]).iter().all(|it| it.ends_with("is missing")));
}

#[test]
fn expressions_are_underlined_inside_a_block() {
    let text = with(&[(
        "require: cache.backup_days >= threshold.long_days",
        "require: >-\n  cache.backup_days >= threshold.long_days\n  && cache.engine == 'redes'\n  && (",
    )]);
    assert_eq!(
        mistakes(&[&text]),
        ["own/1.yaml: : mismatched input the end"]
    );
    let text = text.replace("\n  && (", "");
    assert_eq!(
        mistakes(&[&text]),
        ["own/1.yaml: 'redes': `cache.engine` is never `redes`"]
    );
}

#[test]
fn hints_are_given() {
    let text = with(&[("cache.backup_days >=", "cache.backup_dys >=")]);
    let errors = load(&[&text]).err().unwrap();
    assert_eq!(
        errors.iter().next().unwrap().help_text(),
        Some("did you mean `cache.backup_days`?")
    );
}

#[test]
fn names_and_thresholds_must_agree() {
    let again = with(&[("long_days: 30", "long_days: 31")]);
    assert_eq!(
        mistakes(&[SOUND, &again]),
        [
            "own/2.yaml: backups-are-long: `backups-are-long` is the id or an alias of another \
             policy, in `own/1.yaml`",
            "own/2.yaml: 31: the threshold `long_days` has another default in `own/1.yaml`",
        ]
    );
    let stolen = with(&[(
        "id: backups-are-long",
        "id: backups-are-long\naliases: [single-node-without-replica]",
    )]);
    assert_eq!(
        mistakes(&[&stolen]),
        [
            "own/1.yaml: single-node-without-replica: `single-node-without-replica` is the id or an \
          alias of another policy, in `policies/resilience/cache-has-replica.yaml`"
        ]
    );
    let unused = with(&[("threshold.long_days", "30")]);
    assert_eq!(
        mistakes(&[&unused]),
        ["own/1.yaml: 30: the threshold `long_days` is not used"]
    );
}

#[test]
fn services_need_a_subject_that_has_one() {
    let text = "\
id: own-rule
title: A rule
severity: low
concern: exposure
subject: rule
services: [elasticache]
require: '!rule.world'
message: '{rule.id}'
why: Because. Low.
";
    assert_eq!(
        mistakes(&[text]),
        ["own/1.yaml: [: `services` does not apply to a policy about a rule"]
    );
}

#[test]
fn mistakes_are_diagnostics() {
    let text = with(&[("cache.backup_days >=", "cache.backup_dys >=")]);
    let errors = load(&[&text]).err().unwrap();
    assert_eq!(errors.to_string(), "there is no fact `cache.backup_dys`");
    let related: Vec<_> = errors.related().unwrap().collect();
    let label = related[0].labels().unwrap().next().unwrap();
    assert_eq!(
        text.get(label.offset()..label.offset() + label.len()),
        Some("cache.backup_dys")
    );
    let source = related[0].source_code().unwrap();
    let contents = source.read_span(label.inner(), 0, 0).unwrap();
    assert_eq!((contents.line(), contents.name()), (5, Some("own/1.yaml")));
}
