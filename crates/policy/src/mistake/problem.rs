//! What can be wrong.

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The text is not YAML, or a value has the wrong shape.
    #[error("{message}")]
    Yaml {
        /// What the parser says.
        message: String,
    },
    /// A policy has no such key.
    #[error("a policy has no key `{key}`")]
    UnknownKey {
        /// The key as written.
        key: String,
    },
    /// A key that every policy needs.
    #[error("the key `{key}` is missing")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// An id is not in kebab-case.
    #[error("`{id}` is no policy id: lower-case words and digits, joined by hyphens")]
    BadId {
        /// The id as written.
        id: String,
    },
    /// Two policies have one id or alias.
    #[error("`{id}` is the id or an alias of another policy, in `{other}`")]
    DuplicateId {
        /// The id.
        id: String,
        /// The file of the first policy.
        other: String,
    },
    /// A built-in policy stands in the wrong folder or has another file name.
    #[error("the policy belongs into `{expected}`")]
    Misplaced {
        /// The file that it belongs into.
        expected: String,
    },
    /// A text that must say something is empty.
    #[error("`{key}` is empty")]
    Empty {
        /// The key.
        key: &'static str,
    },
    /// An expression does not parse.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// There is no such fact.
    #[error("there is no fact `{path}`")]
    UnknownFact {
        /// The path as written.
        path: String,
    },
    /// The fact is not known of this kind of subject.
    #[error("a policy about a {subject} has no fact `{path}`")]
    OtherSubject {
        /// The path as written.
        path: String,
        /// The kind of subject.
        subject: &'static str,
    },
    /// `has()` would tell an unknown fact from a known one.
    #[error("`has()` is not offered: an unknown fact makes the verdict unknown by itself")]
    HasRefused,
    /// There is no such function.
    #[error("there is no function `{name}`")]
    UnknownFunction {
        /// Its name as written.
        name: String,
    },
    /// Part of the expression language that policies do not have.
    #[error("{what} cannot be used in a policy")]
    Unsupported {
        /// The part.
        what: &'static str,
    },
    /// A value of the wrong type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What is needed.
        expected: String,
        /// What is there.
        found: String,
    },
    /// Two values that can never be equal or in order.
    #[error("{left} cannot be compared with {right}")]
    NotComparable {
        /// Type of the left side.
        left: String,
        /// Type of the right side.
        right: String,
    },
    /// A fact never has this value.
    #[error("`{path}` is never `{value}`")]
    NeverValue {
        /// The fact.
        path: String,
        /// The value as written.
        value: String,
    },
    /// A fact may be absent where a value is needed.
    #[error("`{path}` may be null here")]
    MayBeNull {
        /// The fact.
        path: String,
    },
    /// A threshold is used and not declared.
    #[error("the policy declares no threshold `{name}`")]
    UndeclaredThreshold {
        /// Its name.
        name: String,
    },
    /// A threshold is declared and not used.
    #[error("the threshold `{name}` is not used")]
    UnusedThreshold {
        /// Its name.
        name: String,
    },
    /// Two policies give one threshold different defaults.
    #[error("the threshold `{name}` has another default in `{other}`")]
    ConflictingThreshold {
        /// Its name.
        name: String,
        /// The file of the other policy.
        other: String,
    },
    /// A template's braces are not in order.
    #[error("`{text}` is no placeholder: write `{{path.of.fact}}`, and `{{{{` for a brace")]
    BadPlaceholder {
        /// What stands there.
        text: String,
    },
    /// `services` needs a subject that has a service.
    #[error("`services` does not apply to a policy about a {subject}")]
    ServicesWithoutCache {
        /// The kind of subject.
        subject: &'static str,
    },
    /// A built-in policy lacks a case.
    #[error("a case that expects `{verdict}` is missing")]
    MissingCase {
        /// The verdict.
        verdict: &'static str,
    },
    /// There is no such pack.
    #[error("there is no pack `{name}`")]
    UnknownPack {
        /// The name as written.
        name: String,
    },
    /// There is no such policy.
    #[error("there is no policy `{name}`")]
    UnknownPolicy {
        /// The name as written.
        name: String,
    },
    /// No policy uses such a threshold.
    #[error("no policy has a threshold `{name}`")]
    UnknownThreshold {
        /// The name as written.
        name: String,
    },
    /// A threshold that counts whole things is set to a fraction.
    #[error("the threshold `{name}` is a whole number, not `{value}`")]
    FractionalThreshold {
        /// Its name.
        name: String,
        /// The value as given.
        value: String,
    },
}
