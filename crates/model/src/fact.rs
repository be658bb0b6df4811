//! A value, as far as it is known.

use serde::{Deserialize, Deserializer, Serialize};

use crate::gap::Gap;

/// A value, as far as it is known.
///
/// In JSON: `{"known": …}`, `{"default": …}` or `{"unknown": {gap}}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Fact<T> {
    /// Stated by the provider.
    Known(T),
    /// Omitted by the provider, whose manual fixes the value.
    Default(T),
    /// Not learned. Never to be read as `false`, zero or empty.
    Unknown(Box<Gap>),
}

impl<T> Fact<T> {
    /// A fact that is not known for this reason.
    pub fn unknown(gap: Gap) -> Self {
        Self::Unknown(Box::new(gap))
    }

    /// The value, stated or fixed by the manual.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) | Self::Default(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Why there is no value.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Known(_) | Self::Default(_) => None,
            Self::Unknown(gap) => Some(gap),
        }
    }

    /// The value, or why there is none.
    ///
    /// # Errors
    ///
    /// The gap of an unknown fact.
    pub fn get(&self) -> Result<&T, &Gap> {
        match self {
            Self::Known(value) | Self::Default(value) => Ok(value),
            Self::Unknown(gap) => Err(gap),
        }
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// The same knowledge of a derived value.
    pub fn map<U>(self, derive: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(derive(value)),
            Self::Default(value) => Fact::Default(derive(value)),
            Self::Unknown(gap) => Fact::Unknown(gap),
        }
    }
}

/// Reads a fact, or a plain value where snapshots written before had one: it
/// was stated then.
///
/// # Errors
///
/// If the text is neither.
pub(crate) fn or_plain<'de, T, D>(from: D) -> Result<Fact<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either<T> {
        Fact(Fact<T>),
        Plain(T),
    }
    Ok(match Either::deserialize(from)? {
        Either::Fact(fact) => fact,
        Either::Plain(value) => Fact::Known(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gap::GapReason;
    use crate::id::Provider;

    #[test]
    fn what_was_written_plain_is_known() {
        use std::collections::BTreeMap;
        #[derive(Debug, PartialEq, Deserialize)]
        struct Thing {
            #[serde(deserialize_with = "or_plain")]
            tags: Fact<BTreeMap<String, String>>,
        }
        let read = |text: &str| serde_json::from_str::<Thing>(text).unwrap().tags;
        let one = |key: &str| BTreeMap::from([(key.to_owned(), "x".to_owned())]);
        let known = Fact::Known(one("env"));
        assert_eq!(read(r#"{"tags": {"known": {"env": "x"}}}"#), known);
        assert_eq!(read(r#"{"tags": {"env": "x"}}"#), known);
        // A tag may be called as a state of knowledge is.
        for key in ["known", "default", "unknown"] {
            let text = format!(r#"{{"tags": {{"{key}": "x"}}}}"#);
            assert_eq!(read(&text), Fact::Known(one(key)));
        }
        let default = r#"{"tags": {"default": {}}}"#;
        assert_eq!(read(default), Fact::Default(BTreeMap::new()));
        assert!(serde_json::from_str::<Thing>(r#"{"tags": 5}"#).is_err());
    }

    #[test]
    fn each_state_has_its_own_json() {
        let gap = Gap {
            provider: Provider::Aws,
            account: None,
            region: None,
            what: "ec2:DescribeVpcs".into(),
            why: GapReason::AccessDenied,
            message: "no".into(),
            hides: vec![],
        };
        for fact in [Fact::Known(1), Fact::Default(1), Fact::unknown(gap)] {
            let json = serde_json::to_string(&fact).unwrap();
            assert_eq!(serde_json::from_str::<Fact<i32>>(&json).unwrap(), fact);
        }
        assert_eq!(
            serde_json::to_string(&Fact::Known(1)).unwrap(),
            r#"{"known":1}"#
        );
    }
}
