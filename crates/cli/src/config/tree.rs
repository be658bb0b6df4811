//! A YAML text as a tree with places, so that a mistake that is found later
//! can be underlined.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// One value and its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: Range<usize>,
    pub(crate) value: Value,
}

/// What stands there.
#[derive(Debug)]
pub(crate) enum Value {
    /// Each key with its place, in the order in which they stand there.
    Map(Vec<(Range<usize>, String, Node)>),
    List(Vec<Node>),
    Text(String),
    /// A number, a truth value or nothing.
    Other,
}

impl Node {
    /// The tree of a text.
    ///
    /// # Errors
    ///
    /// If the text is no YAML.
    pub(crate) fn parse(text: &str) -> Result<Self, Box<serde_saphyr::Error>> {
        let raw: Spanned<Raw> = serde_saphyr::from_str(text)?;
        Ok(place(text, raw))
    }

    /// A value by its way from the top: names of keys, numbers of items.
    pub(crate) fn find(&self, way: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = way.split_first() else {
            return Some(self);
        };
        let next = match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(_, key, _)| key == first)
                .map(|it| &it.2),
            Value::List(items) => items.get(first.parse::<usize>().ok()?),
            Value::Text(_) | Value::Other => None,
        };
        next?.find(rest)
    }

    /// The place of a key of the map at this way.
    pub(crate) fn key(&self, way: &[&str], name: &str) -> Option<Range<usize>> {
        match &self.find(way)?.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(_, key, _)| key == name)
                .map(|(at, _, _)| at.clone()),
            _ => None,
        }
    }
}

/// The bytes at a location; the parser's spans may hold blanks at their end.
pub(crate) fn bytes(text: &str, location: Location) -> Range<usize> {
    let span = location.span();
    let exact = span
        .byte_offset()
        .zip(span.byte_len())
        .and_then(|(offset, len)| {
            let start = usize::try_from(offset).ok()?;
            let end = start.checked_add(usize::try_from(len).ok()?)?;
            let written = text.get(start..end)?;
            Some(start..start + written.trim_end().len())
        });
    exact.unwrap_or_else(|| {
        let line = usize::try_from(location.line().saturating_sub(1)).unwrap_or(usize::MAX);
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let rest = text.get(start..).unwrap_or_default();
        start..start + rest.lines().next().unwrap_or_default().len()
    })
}

fn place(text: &str, raw: Spanned<Raw>) -> Node {
    let at = bytes(text, raw.referenced);
    let value = match raw.value {
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| (bytes(text, key.referenced), key.value, place(text, value)))
                .collect(),
        ),
        Raw::List(items) => Value::List(items.into_iter().map(|it| place(text, it)).collect()),
        Raw::Text(it) => Value::Text(it),
        Raw::Other => Value::Other,
    };
    Node { at, value }
}

enum Raw {
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
    List(Vec<Spanned<Raw>>),
    Text(String),
    Other,
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = vec![];
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = vec![];
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_none<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Other)
    }
}
