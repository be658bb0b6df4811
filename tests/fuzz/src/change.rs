//! Changes to inputs: of bytes and words, and of JSON that stays JSON.

use serde_json::{Map, Number, Value};

use crate::Chance;

/// Words that mean something to a parser, and texts that act where they are
/// shown.
const WORDS: [&str; 44] = [
    "",
    " ",
    "\n",
    "\t",
    "  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "|",
    ">-",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "#",
    "%",
    "---\n",
    "? ",
    "null",
    "true",
    "~",
    "0",
    "-1",
    "18446744073709551616",
    "1e999",
    ".nan",
    "2026-12-31",
    "::/0",
    "a:10.0.0.1",
    "*",
    " && ",
    " || ",
    "!",
    " in ['a']",
    "\u{202e}\u{1b}[2J",
    "\u{0}",
    "::error::##[",
];

/// Numbers at the edges of types.
const EDGES: [i64; 12] = [
    0,
    1,
    -1,
    22,
    128,
    255,
    65_535,
    65_536,
    4_294_967_295,
    4_294_967_296,
    i64::MAX,
    i64::MIN,
];

/// Texts at the edges of types: addresses, ranges, times, names that act.
const TEXTS: [&str; 14] = [
    "",
    "*",
    "0.0.0.0/0",
    "::/0",
    "::",
    "255.255.255.255/32",
    "10.0.0.1/8",
    "169.254.169.253",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "\u{202e}\u{1b}[2J\r\n",
    "|`<script>",
    "::error::x",
    "##[error]",
];

/// A text with one to four changes of bytes, lines and words.
pub fn changed(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(4) {
        change_bytes(&mut bytes, chance);
    }
    bytes
}

fn change_bytes(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let end = (at + chance.below(16)).min(bytes.len());
    match chance.below(7) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => drop(bytes.drain(at..end)),
        2 => {
            let piece: Vec<u8> = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = chance.below(bytes.len() + 1);
            drop(bytes.splice(to..to, piece));
        }
        3 => bytes.truncate(at),
        4 => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|it| *it == b'\n').collect();
            let (from, to) = (chance.below(lines.len()), chance.below(lines.len() + 1));
            if let Some(line) = lines.get(from).copied() {
                lines.insert(to.min(lines.len()), line);
            }
            *bytes = lines.concat();
        }
        5 => {
            // Deep nesting is what parsers that call themselves die of.
            let word = chance.one(&["[", "(", "{a: ", "!", "- ", "a.", "-", "f("]);
            let many = word.unwrap_or(&"").repeat(1 << chance.below(12));
            drop(bytes.splice(at..at, many.into_bytes()));
        }
        _ => {
            let word = chance.one(&WORDS).unwrap_or(&"");
            drop(bytes.splice(at..end, word.bytes()));
        }
    }
}

/// JSON with one to four values changed, doubled, moved or left out; bytes
/// that are no JSON are changed as a text.
pub fn changed_json(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let parsed = serde_json::from_slice::<Value>(input);
    let (Ok(mut value), true) = (parsed, chance.below(16) != 0) else {
        return changed(input, chance);
    };
    for _ in 0..=chance.below(4) {
        let mut ways = vec![];
        list_ways(&value, &mut String::new(), &mut ways);
        if let Some(way) = chance.one(&ways) {
            change_at(&mut value, way, &ways, chance);
        }
    }
    serde_json::to_vec(&value).unwrap_or_default()
}

/// The ways to all values, as JSON pointers.
fn list_ways(value: &Value, way: &mut String, ways: &mut Vec<String>) {
    ways.push(way.clone());
    let length = way.len();
    let mut visit = |key: &str, inner: &Value, ways: &mut Vec<String>| {
        way.push('/');
        way.push_str(&key.replace('~', "~0").replace('/', "~1"));
        list_ways(inner, way, ways);
        way.truncate(length);
    };
    match value {
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                visit(&number.to_string(), item, ways);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                visit(key, field, ways);
            }
        }
        _ => {}
    }
}

fn change_at(value: &mut Value, way: &str, ways: &[String], chance: &mut Chance) {
    // What stands under the same key elsewhere fits here too, as a rule.
    let key = way.rsplit('/').next().unwrap_or_default();
    let alike: Vec<&String> = ways
        .iter()
        .filter(|it| it.rsplit('/').next() == Some(key))
        .collect();
    let other = chance
        .one(&alike)
        .and_then(|it| value.pointer(it))
        .cloned()
        .unwrap_or(Value::Null);
    let Some(place) = value.pointer_mut(way) else {
        return;
    };
    match (chance.below(4), &mut *place) {
        (0, place) => *place = other,
        (1, Value::Array(items)) if !items.is_empty() => {
            let item = items.remove(chance.below(items.len()));
            if chance.below(2) == 0 {
                items.extend([item.clone(), item]);
            }
        }
        (1, Value::Object(fields)) if !fields.is_empty() => {
            let keys: Vec<String> = fields.keys().cloned().collect();
            if let Some(key) = chance.one(&keys) {
                fields.remove(key);
            }
        }
        (2, place @ (Value::Array(_) | Value::Object(_))) => {
            *place = match place {
                Value::Array(_) => Value::Array(vec![]),
                _ => Value::Object(Map::new()),
            };
        }
        (_, place) => change_scalar(place, chance),
    }
}

fn change_scalar(place: &mut Value, chance: &mut Chance) {
    match place {
        Value::Bool(it) => *it = !*it,
        Value::Number(_) => {
            let edge = chance.one(&EDGES).copied().unwrap_or_default();
            *place = Value::Number(Number::from(edge));
        }
        Value::String(text) => {
            let mut bytes = text.clone().into_bytes();
            if chance.below(2) == 0 {
                bytes = chance.one(&TEXTS).unwrap_or(&"").as_bytes().to_vec();
            } else {
                change_bytes(&mut bytes, chance);
            }
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        Value::Null => *place = Value::String(String::new()),
        Value::Array(_) | Value::Object(_) => *place = Value::Null,
    }
}
