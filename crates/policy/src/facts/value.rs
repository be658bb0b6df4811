//! What a fact can be.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use cachewarden_model::{Fact, Gap};

/// The value of a fact for one subject.
///
/// Two values are equal if no expression can tell them apart: unknown facts
/// equal each other, whatever their gaps.
#[derive(Debug, Clone)]
pub(crate) enum FactValue<'a> {
    /// Known to be absent.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A measured number; finite.
    Float(f64),
    /// A text, or one of a set of words.
    Text(Cow<'a, str>),
    /// Texts.
    List(Vec<Cow<'a, str>>),
    /// Not known, and why.
    Unknown(Vec<Cow<'a, Gap>>),
}

impl<'a> FactValue<'a> {
    /// A text.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A count; saturates.
    pub(crate) fn count(count: impl TryInto<i64>) -> Self {
        Self::Int(count.try_into().unwrap_or(i64::MAX))
    }

    /// Texts, sorted as they are given.
    pub(crate) fn list<T: Into<Cow<'a, str>>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// Not known, for one reason.
    pub(crate) fn unknown(gap: Gap) -> Self {
        Self::Unknown(vec![Cow::Owned(gap)])
    }

    /// Not known, for these reasons.
    pub(crate) fn gaps(gaps: &'a [Gap]) -> Self {
        Self::Unknown(gaps.iter().map(Cow::Borrowed).collect())
    }

    /// What `read` makes of a known fact, else its gap.
    pub(crate) fn of<T>(fact: &'a Fact<T>, read: impl FnOnce(&'a T) -> Self) -> Self {
        match fact.get() {
            Ok(value) => read(value),
            Err(gap) => Self::Unknown(vec![Cow::Borrowed(gap)]),
        }
    }

    /// What `read` makes of a value, null where there is none.
    pub(crate) fn or_null<T>(value: Option<T>, read: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, read)
    }

    /// Whether nothing is known.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// As evidence: null where it is absent or not known.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null | Self::Unknown(_) => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(value) => value.as_ref().into(),
            Self::List(items) => items.iter().map(|item| item.as_ref()).collect(),
        }
    }

    /// As an expression reads it; none where it is not known.
    pub(crate) fn to_cel(&self) -> Option<cel::Value> {
        Some(match self {
            Self::Null => cel::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(value) => value.as_ref().into(),
            Self::List(items) => items
                .iter()
                .map(|item| item.as_ref())
                .collect::<Vec<&str>>()
                .into(),
            Self::Unknown(_) => return None,
        })
    }
}

impl PartialEq for FactValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) | (Self::Unknown(_), Self::Unknown(_)) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for FactValue<'_> {}

impl Hash for FactValue<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null | Self::Unknown(_) => {}
            Self::Bool(value) => value.hash(state),
            Self::Int(value) => value.hash(state),
            Self::Float(value) => value.to_bits().hash(state),
            Self::Text(value) => value.hash(state),
            Self::List(items) => items.hash(state),
        }
    }
}

/// What values a fact takes. Any of them may be unknown besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactType {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A measured number.
    Float,
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Texts.
    List,
    /// Some of these words.
    Words(&'static [&'static str]),
}

impl FactType {
    /// The words that it is limited to; none where it is not.
    pub(crate) fn words(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Word(words) | Self::Words(words) => Some(words),
            Self::Bool | Self::Int | Self::Float | Self::Text | Self::List => None,
        }
    }

    /// The name that errors and the schema use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text | Self::Word(_) => "text",
            Self::List | Self::Words(_) => "list of text",
        }
    }
}
