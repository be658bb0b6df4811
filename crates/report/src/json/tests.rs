//! The documents, byte by byte, and their schemas.

use serde_json::Value;

use super::*;
use crate::sample;
use crate::{PolicyDetail, PolicyEntry};

fn json(document: Document<'_>) -> String {
    let mut out = vec![];
    write(document, "0.0.0", &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn policies() -> Vec<PolicyEntry> {
    let entry = |id: &str| PolicyEntry {
        id: id.into(),
        title: "what must hold".to_owned(),
        concern: cachewarden_model::Concern::Exposure,
        severity: cachewarden_model::Severity::Critical,
        subject: cachewarden_model::SubjectKind::Endpoint,
        providers: vec![cachewarden_model::Provider::Aws],
        controls: vec!["EC2.19".to_owned()],
        enabled: true,
    };
    vec![entry("b"), entry("a")]
}

fn documents() -> [(Schema, String); 4] {
    let connections = vec![
        sample::blocked(),
        sample::partial(),
        sample::unknown(),
        sample::open(),
    ];
    let entries = policies();
    let detail = PolicyDetail {
        entry: entries[0].clone(),
        sections: vec![],
    };
    [
        (Schema::Report, json(Document::Audit(&sample::audit()))),
        (
            Schema::Reach,
            json(Document::Reach(&sample::reach(connections))),
        ),
        (
            Schema::Policies,
            json(Document::Policies {
                entries: &entries,
                markdown: "",
            }),
        ),
        (Schema::Policies, json(Document::Policy(&detail))),
    ]
}

#[test]
fn the_documents_are_frozen() {
    let [report, reach, policies, policy] = documents();
    insta::assert_snapshot!("report", report.1);
    insta::assert_snapshot!("reach", reach.1);
    insta::assert_snapshot!("policies", policies.1);
    assert!(policy.1.contains("\"id\": \"b\"") && !policy.1.contains("\"id\": \"a\""));
}

#[test]
fn why_is_the_document_of_reach() {
    let report = sample::reach(vec![sample::blocked()]);
    assert_eq!(json(Document::Why(&report)), json(Document::Reach(&report)));
}

#[test]
fn each_ends_in_one_line_break() {
    for (_, text) in documents() {
        assert!(text.ends_with("}\n") && !text.ends_with("\n\n"));
    }
}

#[test]
fn the_schemas_are_frozen() {
    for (name, of) in [
        ("report", Schema::Report),
        ("reach", Schema::Reach),
        ("policies", Schema::Policies),
    ] {
        let text = serde_json::to_string_pretty(&schema(of)).unwrap();
        insta::assert_snapshot!(format!("{name}.schema"), text);
    }
}

#[test]
fn documents_fit_their_schemas() {
    for (of, text) in documents() {
        let schema = schema(of);
        let value: Value = serde_json::from_str(&text).unwrap();
        fits(&value, &schema, &schema, "$");
    }
}

#[test]
fn a_document_that_does_not_fit_is_told() {
    let schema = schema(Schema::Report);
    let (_, text) = documents().into_iter().next().unwrap();
    for (from, to) in [
        ("\"severity\": \"high\"", "\"severity\": \"dire\""),
        ("\"symptom\": null", "\"sign\": null"),
    ] {
        let value: Value = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        let told = std::panic::catch_unwind(|| fits(&value, &schema, &schema, "$"));
        assert!(told.is_err(), "{to}");
    }
}

/// Holds a value against the part of JSON Schema that the documents use: every
/// field is described, every required one is there, types and words fit.
fn fits(value: &Value, schema: &Value, root: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return fits(value, target, root, at);
    }
    if let Some(ways) = schema["anyOf"].as_array() {
        let way = usize::from(value.is_null());
        return fits(value, &ways[way], root, at);
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is none of {words:?}");
    }
    if let Some(word) = schema.get("const") {
        assert_eq!(value, word, "{at}");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(
        kinds.is_empty() || kinds.contains(&kind),
        "{at}: {kind} is none of {kinds:?}"
    );
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(item, &schema["items"], root, &format!("{at}[{number}]"));
    }
    let Some(fields) = value
        .as_object()
        .filter(|_| schema.get("properties").is_some())
    else {
        return;
    };
    for (name, field) in fields {
        let described = schema["properties"].get(name);
        assert!(described.is_some(), "{at}.{name} is not described");
        fits(field, described.unwrap(), root, &format!("{at}.{name}"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(
            fields.contains_key(name.as_str().unwrap()),
            "{at} lacks {name}"
        );
    }
}
