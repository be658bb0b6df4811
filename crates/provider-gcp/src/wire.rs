//! What Google's answers look like, as far as they are read. Each item of a
//! list is read on its own: what is odd about one costs no other.
//!
//! Types of the three APIs of caches come from Google's crates; the others
//! are our own. False, zero and empty fields are left out by the APIs.

pub(crate) mod compute;
pub(crate) mod connectivity;
pub(crate) mod dns;
pub(crate) mod firewall;
pub(crate) mod serverless;

use serde::{Deserialize, Deserializer};

/// A word of an enum, which some APIs write as its number.
pub(crate) fn word<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(i64),
    }
    Ok(Option::<Either>::deserialize(from)?.map(|it| match it {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    }))
}

/// A number of 64 bits, which JSON carries as text.
pub(crate) fn long<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    match word(from)? {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_as_text_too() {
        #[derive(Debug, Deserialize)]
        struct Thing {
            #[serde(default, deserialize_with = "long")]
            limit: Option<u64>,
            #[serde(default, deserialize_with = "word")]
            state: Option<String>,
        }
        let read = |text: &str| serde_json::from_str::<Thing>(text);
        assert_eq!(read(r#"{"limit": "10"}"#).unwrap().limit, Some(10));
        assert_eq!(read(r#"{"limit": 10}"#).unwrap().limit, Some(10));
        assert_eq!(read("{}").unwrap().limit, None);
        assert!(read(r#"{"limit": "many"}"#).is_err());
        assert_eq!(read(r#"{"state": 3}"#).unwrap().state.as_deref(), Some("3"));
    }
}
