//! A configuration held against its schema: every key and word at once, where
//! the parser stops at the first.

use std::ops::Range;

use serde_json::Value as Json;

use super::mistake::{Mistake, near};
use super::tree::{Node, Value};

/// Holds a value against its schema: keys that it does not know or that are
/// missing, and words that are none of a list.
pub(super) fn fits(node: &Node, schema: &Json, root: &Json, mistakes: &mut Vec<Mistake>) {
    let schema = resolve(schema, root);
    if let Some(expected) = other_kind(&node.value, schema) {
        mistakes.push(Mistake::new(
            format!("expected {expected}"),
            node.at.clone(),
        ));
        return;
    }
    match &node.value {
        Value::Map(entries) => {
            let fields = schema.get("properties").and_then(Json::as_object);
            let others = schema.get("additionalProperties");
            for (at, key, value) in entries {
                match (fields.and_then(|it| it.get(key)), others) {
                    (Some(field), _) => fits(value, field, root, mistakes),
                    (None, Some(Json::Bool(false))) => {
                        let names = fields.into_iter().flat_map(|it| it.keys());
                        mistakes.push(unknown_key(key, at, names.map(String::as_str)));
                    }
                    (None, Some(other)) => fits(value, other, root, mistakes),
                    (None, None) => {}
                }
            }
            for name in schema
                .get("required")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
            {
                let Some(name) = name.as_str() else { continue };
                if !entries.iter().any(|(_, key, _)| key == name) {
                    let first = entries
                        .first()
                        .map_or(node.at.clone(), |(at, _, _)| at.clone());
                    mistakes.push(Mistake::new(format!("the key `{name}` is missing"), first));
                }
            }
        }
        Value::List(items) => {
            let Some(of) = schema.get("items") else {
                return;
            };
            for item in items {
                fits(item, of, root, mistakes);
            }
        }
        Value::Text(text) => {
            let words = words(schema);
            if !words.is_empty() && !words.contains(&text.as_str()) {
                let known: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
                let what = format!("`{text}` is none of {}", known.join(", "));
                let help = near(text, words.iter().copied());
                mistakes.push(Mistake::new(what, node.at.clone()).with_help(help));
            }
        }
        Value::Other => {}
    }
}

/// What the schema wants where something of another kind stands. Numbers,
/// truth values and nothing at all are the parser's to judge: it reads `1` as
/// a text where a text is wanted.
fn other_kind(value: &Value, schema: &Json) -> Option<&'static str> {
    let found = match value {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::Text(_) => "string",
        Value::Other => return None,
    };
    let kinds: Vec<&str> = match schema.get("type")? {
        Json::String(kind) => vec![kind],
        kinds => kinds.as_array()?.iter().filter_map(Json::as_str).collect(),
    };
    if kinds.contains(&found) {
        return None;
    }
    Some(match *kinds.first()? {
        "object" => "keys and values",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "`true` or `false`",
        _ => "a number",
    })
}

fn unknown_key<'n>(key: &str, at: &Range<usize>, known: impl Iterator<Item = &'n str>) -> Mistake {
    let known: Vec<&str> = known.collect();
    let help = near(key, known.iter().copied())
        .unwrap_or_else(|| format!("known keys are {}", known.join(", ")));
    Mistake::new(format!("unknown key `{key}`"), at.clone()).with_help(Some(help))
}

/// The schema behind references and behind `or null`.
fn resolve<'j>(schema: &'j Json, root: &'j Json) -> &'j Json {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let target = root.pointer(reference.trim_start_matches('#'));
        return target.map_or(schema, |it| resolve(it, root));
    }
    let ways = schema.get("anyOf").and_then(Json::as_array);
    let real = |it: &&Json| it.get("type").and_then(Json::as_str) != Some("null");
    ways.and_then(|it| it.iter().find(real))
        .map_or(schema, |it| resolve(it, root))
}

/// The words of an enumeration; empty if every text fits.
fn words(schema: &Json) -> Vec<&str> {
    let direct = schema
        .get("enum")
        .and_then(Json::as_array)
        .into_iter()
        .flatten();
    let one_of = schema
        .get("oneOf")
        .and_then(Json::as_array)
        .into_iter()
        .flatten();
    direct
        .chain(schema.get("const"))
        .chain(one_of.filter_map(|it| it.get("const")))
        .filter_map(Json::as_str)
        .collect()
}
