//! A value, as far as it is known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gap::Gap;

/// A value, as far as it is known.
///
/// In JSON: `{"known": …}`, `{"default": …}` or `{"unknown": {gap}}`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gap::GapReason;
    use crate::id::Provider;

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
