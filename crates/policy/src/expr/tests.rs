use std::collections::BTreeMap;

use cachewarden_model::SubjectKind;
use proptest::prelude::*;

use super::*;
use crate::facts::{Lookup, look_up};

fn thresholds() -> BTreeMap<String, Threshold> {
    BTreeMap::from([
        ("days".to_owned(), Threshold::Whole(7)),
        ("share".to_owned(), Threshold::Fraction(0.5)),
    ])
}

fn parse(text: &str) -> Result<Expr, Vec<Fault>> {
    let thresholds = thresholds();
    Expr::new(
        text,
        Scope {
            subject: SubjectKind::Cache,
            thresholds: &thresholds,
        },
        None,
    )
}

fn evaluate(text: &str, facts: &[(&str, FactValue<'static>)]) -> Truth {
    let expr = parse(text).unwrap();
    let facts: BTreeMap<FactId, &FactValue<'static>> = facts
        .iter()
        .map(|(path, value)| match look_up(path, SubjectKind::Cache) {
            Lookup::Fact(id) => (id, value),
            other => panic!("{path}: {other:?}"),
        })
        .collect();
    expr.evaluate(|id| facts.get(&id).copied(), &thresholds())
}

/// What is wrong, and the part of the expression that is underlined.
fn faults(text: &str) -> Vec<(String, String)> {
    let faults = parse(text).err().unwrap_or_default();
    let part = |at: std::ops::Range<usize>| text.get(at).unwrap_or("(the end)").to_owned();
    faults
        .into_iter()
        .map(|fault| (fault.problem.to_string(), part(fault.at)))
        .collect()
}

const UNKNOWN: FactValue<'static> = FactValue::Unknown(vec![]);

#[test]
fn known_facts_decide() {
    let tls = |value: &'static str| [("cache.transit_encryption", FactValue::text(value))];
    assert_eq!(
        evaluate("cache.transit_encryption == 'required'", &tls("required")),
        Truth::True
    );
    assert_eq!(
        evaluate("cache.transit_encryption == 'required'", &tls("preferred")),
        Truth::False
    );
    let group = [("cache.aws.subnet_group", FactValue::Null)];
    assert_eq!(
        evaluate("cache.aws.subnet_group == null", &group),
        Truth::True
    );
    assert_eq!(
        evaluate("cache.aws.subnet_group == 'default'", &group),
        Truth::False
    );
    let users = [("cache.users", FactValue::list(["default", "app"]))];
    assert_eq!(
        evaluate("'app' in cache.users && size(cache.users) == 2", &users),
        Truth::True
    );
}

#[test]
fn an_unknown_fact_makes_the_verdict_unknown() {
    for text in [
        "cache.multi_zone",
        "!cache.multi_zone",
        "cache.multi_zone == true",
        "cache.multi_zone && cache.minor_upgrades",
        "cache.minor_upgrades && cache.multi_zone",
        "!cache.minor_upgrades || cache.multi_zone",
        "cache.multi_zone ? true : true",
    ] {
        let facts = [
            ("cache.multi_zone", UNKNOWN),
            ("cache.minor_upgrades", FactValue::Bool(true)),
        ];
        assert_eq!(evaluate(text, &facts), Truth::Unknown, "{text}");
    }
}

#[test]
fn the_other_side_may_decide() {
    for (text, truth) in [
        ("cache.multi_zone || cache.minor_upgrades", Truth::True),
        ("cache.minor_upgrades || cache.multi_zone", Truth::True),
        ("cache.multi_zone && !cache.minor_upgrades", Truth::False),
        ("!cache.minor_upgrades && cache.multi_zone", Truth::False),
    ] {
        let facts = [
            ("cache.multi_zone", UNKNOWN),
            ("cache.minor_upgrades", FactValue::Bool(true)),
        ];
        assert_eq!(evaluate(text, &facts), truth, "{text}");
    }
}

#[test]
fn what_cannot_be_worked_out_is_never_true_or_false() {
    let window = [("cache.maintenance_window", FactValue::text("whenever"))];
    let truth = evaluate("!overlaps(cache.maintenance_window, 1, 5, 8, 18)", &window);
    let Truth::Broken(why) = truth else {
        panic!("{truth:?}")
    };
    assert!(why.contains("`whenever` is no window"), "{why}");
    let counts = [
        ("cache.shards", FactValue::Int(0)),
        ("cache.replicas", FactValue::Int(i64::MAX)),
    ];
    assert!(matches!(
        evaluate("cache.replicas / cache.shards > 1", &counts),
        Truth::Broken(_)
    ));
    assert!(matches!(
        evaluate("cache.replicas * 2 > 1", &counts),
        Truth::Broken(_)
    ));
    assert!(matches!(
        evaluate("percent(cache.replicas, cache.shards) > 1", &counts),
        Truth::Broken(_)
    ));
}

#[test]
fn functions_work_in_expressions() {
    let facts = [
        ("cache.engine_version", FactValue::text("7.10.1")),
        ("cache.name", FactValue::text("legacy-db-1")),
        ("cache.shards", FactValue::Int(3)),
        ("cache.metrics.Evictions", FactValue::Float(1.0)),
    ];
    for text in [
        "version(cache.engine_version) > version('7.2')",
        "glob(cache.name, 'legacy-*') && cache.name.startsWith('legacy') && cache.name.endsWith('1')",
        "cache.name.contains('db') && !glob(cache.name, 'db*')",
        "percent(cache.shards, 4) == 75.0 && percent(cache.metrics.Evictions, cache.shards) > 33",
        "cache.metrics.Evictions < threshold.days && threshold.share < cache.shards",
        "cache.metrics.Evictions <= double(threshold.days) * threshold.share",
        "cache.shards in [] == false || cache.shards == 3",
    ] {
        if text.contains("in []") {
            assert!(parse(text).is_err(), "numbers are in no list of texts");
        } else {
            assert_eq!(evaluate(text, &facts), Truth::True, "{text}");
        }
    }
}

#[test]
fn mistakes_are_found_where_they_stand() {
    for (text, problem, part) in [
        (
            "cache.transit_encrypton == 'x'",
            "there is no fact `cache.transit_encrypton`",
            "cache.transit_encrypton",
        ),
        (
            "cache.status == 'available'",
            "there is no fact `cache.status`",
            "cache.status",
        ),
        (
            "cache.name.first == 'x'",
            "there is no fact `cache.name.first`",
            "cache.name.first",
        ),
        ("available", "there is no fact `available`", "available"),
        (
            "rule.world",
            "a policy about a cache has no fact `rule.world`",
            "rule.world",
        ),
        (
            "cache.transit_encryption == 'requird'",
            "`cache.transit_encryption` is never `requird`",
            "'requird'",
        ),
        (
            "cache.transit_encryption in ['on']",
            "`cache.transit_encryption` is never `on`",
            "'on'",
        ),
        (
            "cache.shards == '3'",
            "int cannot be compared with text",
            "==",
        ),
        (
            "cache.multi_zone > false",
            "bool cannot be compared with bool",
            ">",
        ),
        (
            "cache.engine_version >= '7.2'",
            "text cannot be compared with text",
            ">=",
        ),
        ("cache.shards", "expected bool, found int", "cache.shards"),
        (
            "cache.multi_zone && cache.shards",
            "expected bool, found int",
            "cache.shards",
        ),
        ("cache.shards * 1.5 > 3.0", "expected int, found float", "*"),
        (
            "has(cache.name)",
            "`has()` is not offered: an unknown fact makes the verdict unknown by itself",
            "(",
        ),
        (
            "cache.users.exists(u, u == 'a')",
            "there is no function `exists`",
            "(",
        ),
        (
            "cache.users[0] == 'a'",
            "a place in a list cannot be used in a policy",
            "[",
        ),
        (
            "{'a': 1} == {'a': 1}",
            "a map cannot be used in a policy",
            "{",
        ),
        (
            "lenght(cache.users) == 1",
            "there is no function `lenght`",
            "(",
        ),
        (
            "size(cache.name) == 1",
            "expected list of text, found text",
            "cache.name",
        ),
        ("glob(cache.name)", "expected 2 arguments, found 1", "("),
        (
            "cache.pending.connection_limit > 3",
            "`cache.pending.connection_limit` may be null here",
            "cache.pending.connection_limit",
        ),
        ("cache.name == null", "`cache.name` is never `null`", "=="),
        (
            "cache.shards > threshold.dys",
            "the policy declares no threshold `dys`",
            "threshold.dys",
        ),
        (
            "cache.shards > 3u",
            "an unsigned number cannot be used in a policy",
            "3u",
        ),
        ("cache.shards ==", "mismatched input the end", "(the end)"),
        ("cache.shards = 3", "token recognition error at: '= '", "="),
    ] {
        let found = faults(text);
        assert_eq!(
            found.first(),
            Some(&(problem.to_owned(), part.to_owned())),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn all_mistakes_are_found_at_once() {
    let found =
        faults("cache.nme == 'x' && rule.world || cache.shards == 'y' && cache.engine == 'redes'");
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn hints_lead_on() {
    let help = |text: &str| parse(text).err().unwrap().remove(0).help.unwrap();
    assert_eq!(help("cache.engine == 'redes'"), "did you mean `redis`?");
    assert_eq!(
        help("cache.engine == 'memcached'"),
        "it is one of `redis`, `valkey`"
    );
    assert_eq!(
        help("vrsion(cache.name) == version('1')"),
        "did you mean `version`?"
    );
    assert!(help("cache.engine_version >= '7'").contains("version(…)"));
    assert!(help("cache.pending.connection_limit > 3").contains("== null || …"));
}

#[test]
fn conditions_may_rule_null_out() {
    for text in [
        "cache.pending.connection_limit == null || cache.pending.connection_limit > 3",
        "cache.pending.connection_limit != null && cache.pending.connection_limit > 3",
        "null != cache.pending.connection_limit ? cache.pending.connection_limit > 3 : true",
        "!(cache.pending.connection_limit == null) && cache.pending.connection_limit > 3",
        "!(cache.pending.connection_limit == null || cache.shards == 1) && cache.pending.connection_limit > 3",
        "cache.pending.auth_token == 'SETTING' && glob(cache.pending.auth_token, 'S*')",
        "cache.multi_zone || cache.pending.connection_limit == null || cache.pending.connection_limit > 3",
    ] {
        assert_eq!(faults(text), [], "{text}");
    }
    for text in [
        "cache.pending.connection_limit == null && cache.pending.connection_limit > 3",
        "cache.pending.connection_limit != null || cache.pending.connection_limit > 3",
        "cache.pending.connection_limit > 3 || cache.pending.connection_limit == null",
        "(cache.pending.connection_limit != null || cache.multi_zone) && cache.pending.connection_limit > 3",
        "cache.pending.auth_token != 'SETTING' && glob(cache.pending.auth_token, 'S*')",
    ] {
        assert!(!faults(text).is_empty(), "{text}");
    }
}

#[test]
fn a_requirement_may_rely_on_what_it_is_given() {
    let given = parse("cache.pending.connection_limit != null && cache.multi_zone").unwrap();
    let thresholds = thresholds();
    let scope = Scope {
        subject: SubjectKind::Cache,
        thresholds: &thresholds,
    };
    assert!(Expr::new("cache.pending.connection_limit > 3", scope, Some(&given)).is_ok());
    assert!(Expr::new("cache.declared_demand > 3", scope, Some(&given)).is_err());
}

/// Formulas over three facts.
#[derive(Debug, Clone)]
enum Formula {
    Fact(usize),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
}

const PATHS: [&str; 3] = [
    "cache.multi_zone",
    "cache.minor_upgrades",
    "cache.anonymous_access",
];

impl Formula {
    fn text(&self) -> String {
        match self {
            Self::Fact(index) => PATHS[*index].to_owned(),
            Self::Not(inner) => format!("!({})", inner.text()),
            Self::And(left, right) => format!("({}) && ({})", left.text(), right.text()),
            Self::Or(left, right) => format!("({}) || ({})", left.text(), right.text()),
        }
    }

    /// In Kleene's logic: what holds whatever the unknown facts may be, where
    /// each is looked at by itself.
    fn truth(&self, facts: &[Option<bool>; 3]) -> Option<bool> {
        match self {
            Self::Fact(index) => facts[*index],
            Self::Not(inner) => inner.truth(facts).map(|it| !it),
            Self::And(left, right) => match (left.truth(facts), right.truth(facts)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.truth(facts), right.truth(facts)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }
}

fn formula() -> impl Strategy<Value = Formula> {
    (0..3_usize)
        .prop_map(Formula::Fact)
        .prop_recursive(4, 16, 2, |inner| {
            let pair = (inner.clone(), inner.clone());
            prop_oneof![
                inner.prop_map(|it| Formula::Not(Box::new(it))),
                pair.clone()
                    .prop_map(|(a, b)| Formula::And(Box::new(a), Box::new(b))),
                pair.prop_map(|(a, b)| Formula::Or(Box::new(a), Box::new(b))),
            ]
        })
}

proptest! {
    #[test]
    fn three_values_are_kleenes(formula in formula(), facts: [Option<bool>; 3]) {
        let values: Vec<(&str, FactValue<'static>)> = PATHS
            .into_iter()
            .zip(facts)
            .map(|(path, value)| (path, value.map_or(UNKNOWN, FactValue::Bool)))
            .collect();
        let expected = match formula.truth(&facts) {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        };
        prop_assert_eq!(evaluate(&formula.text(), &values), expected);
    }
}
