use super::*;

#[test]
fn paths_are_unique_and_none_is_part_of_another() {
    let paths: Vec<&str> = all().iter().map(|id| id.path()).collect();
    assert!(paths.is_sorted());
    for pair in paths.windows(2) {
        let [first, second] = pair else {
            unreachable!()
        };
        assert_ne!(first, second);
        assert!(
            !second.starts_with(&format!("{first}.")),
            "{first} is a part of {second}"
        );
    }
}

#[test]
fn every_fact_says_what_it_is() {
    for id in all() {
        let fact = id.fact();
        assert!(
            fact.doc.len() > 3 && !fact.doc.ends_with('.'),
            "{}",
            fact.path
        );
        assert!(!fact.subjects().is_empty());
        assert!(
            fact.kind.words().is_none_or(|words| !words.is_empty()),
            "{}",
            fact.path
        );
    }
}

#[test]
fn look_up_knows_whose_facts_they_are() {
    let fact = |path: &str, subject| matches!(look_up(path, subject), Lookup::Fact(_));
    assert!(fact("cache.name", SubjectKind::Cache));
    assert!(fact("cache.name", SubjectKind::Endpoint));
    assert!(fact("filter.kind", SubjectKind::Rule));
    assert_eq!(
        look_up("cache.name", SubjectKind::Rule),
        Lookup::OtherSubject
    );
    assert_eq!(look_up("cache", SubjectKind::Cache), Lookup::None);
}

#[test]
fn hints_name_what_is_below() {
    let hint = near("cache.status", SubjectKind::Cache).unwrap();
    assert_eq!(
        hint,
        "it holds the facts `cache.status.phase`, `cache.status.text`"
    );
    let hint = near("cache.transit_encrypton", SubjectKind::Cache).unwrap();
    assert_eq!(hint, "did you mean `cache.transit_encryption`?");
    assert_eq!(near("rule.world", SubjectKind::User), None);
}

#[test]
fn unknown_values_equal_each_other() {
    assert_eq!(FactValue::Unknown(vec![]), FactValue::Unknown(vec![]));
    assert_ne!(FactValue::Unknown(vec![]), FactValue::Null);
    assert_ne!(FactValue::Int(1), FactValue::Float(1.0));
    assert_eq!(FactValue::text("a"), FactValue::text(String::from("a")));
}
