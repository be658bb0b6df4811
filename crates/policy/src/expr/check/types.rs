//! The types that expressions have.

use crate::facts::FactType;

/// The type of a part of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Int,
    Float,
    Text,
    Word(&'static [&'static str]),
    Version,
    List,
    Words(&'static [&'static str]),
    Null,
}

impl Type {
    pub(super) fn of(fact: FactType) -> Self {
        match fact {
            FactType::Bool => Self::Bool,
            FactType::Int => Self::Int,
            FactType::Float => Self::Float,
            FactType::Text => Self::Text,
            FactType::Word(words) => Self::Word(words),
            FactType::List => Self::List,
            FactType::Words(words) => Self::Words(words),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text | Self::Word(_) => "text",
            Self::Version => "version",
            Self::List | Self::Words(_) => "list of text",
            Self::Null => "null",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Word(_))
    }

    /// Whether a value of the one may equal one of the other.
    pub(super) fn may_equal(self, other: Self) -> bool {
        self.name() == other.name() || (self.is_number() && other.is_number())
    }
}

/// What is known of a part of an expression before it is evaluated.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) kind: Type,
    /// The fact that it is, if it is one.
    pub(super) path: Option<String>,
    /// Whether it may be null.
    pub(super) nullable: bool,
    /// The text that it is, if it is a literal.
    pub(super) literal: Option<String>,
}

impl Found {
    pub(super) fn plain(kind: Type) -> Self {
        Self {
            kind,
            path: None,
            nullable: kind == Type::Null,
            literal: None,
        }
    }
}
