use super::*;
use cachewarden_model::SubjectKind;

fn thresholds() -> BTreeMap<String, Threshold> {
    BTreeMap::from([("days".to_owned(), Threshold::Whole(7))])
}

fn template(text: &str) -> Result<Template, Vec<Problem>> {
    let thresholds = thresholds();
    let scope = Scope {
        subject: SubjectKind::Cache,
        thresholds: &thresholds,
    };
    Template::new(text, scope)
        .map_err(|faults| faults.into_iter().map(|fault| fault.problem).collect())
}

fn value(id: FactId) -> FactValue<'static> {
    match id.path() {
        "cache.name" => FactValue::text("it's; rm -rf"),
        "cache.filters" => FactValue::list((1..=7).map(|it| format!("sg-{it}"))),
        "cache.peak_connections" => FactValue::Unknown(vec![]),
        "cache.metrics.Evictions" => FactValue::Float(12.5),
        _ => FactValue::Null,
    }
}

#[test]
fn sentences_name_values() {
    let text = "{{x}} {cache.name}: {cache.filters}, {cache.peak_connections} of \
                {cache.aws.subnet_group}, {cache.metrics.Evictions} in {threshold.days} d";
    let sentence = template(text).unwrap().sentence(value, &thresholds());
    assert_eq!(
        sentence,
        "{x} it's; rm -rf: sg-1, sg-2, sg-3, sg-4, sg-5 and 2 more, unknown of none, 12.5 in \
         7 d"
    );
}

#[test]
fn commands_quote_values() {
    let command = |text: &str| template(text).unwrap().command(value, &thresholds());
    assert_eq!(
        command("x --id {cache.name}").unwrap(),
        r"x --id 'it'\''s; rm -rf'"
    );
    assert_eq!(
        command("x {cache.filters}").unwrap(),
        "x sg-1 sg-2 sg-3 sg-4 sg-5 sg-6 sg-7"
    );
    assert_eq!(command("x {cache.peak_connections}"), None);
    assert_eq!(command("x {cache.aws.subnet_group}"), None);
    assert_eq!(quoted("--delete").unwrap(), "'--delete'");
    assert_eq!(quoted("").unwrap(), "''");
    assert_eq!(quoted("a\nreboot"), None);
    assert_eq!(quoted(&"a".repeat(2_000)), None);
}

#[test]
fn mistakes_are_found_at_once() {
    let problems = template("{cache.nme} {threshold.dys} {rule.id} {").unwrap_err();
    assert_eq!(
        problems,
        [
            Problem::UnknownFact {
                path: "cache.nme".into()
            },
            Problem::UndeclaredThreshold { name: "dys".into() },
            Problem::OtherSubject {
                path: "rule.id".into(),
                subject: "cache"
            },
            Problem::BadPlaceholder { text: "{".into() },
        ]
    );
    assert!(template("}").is_err() && template("{a{b}").is_err());
}
