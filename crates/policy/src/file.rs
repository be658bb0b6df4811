//! The shape of a policy and of a pack as they are written, in YAML.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use cachewarden_model::{Concern, Provider, Service, Severity, SubjectKind, Symptom, Verdict};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_saphyr::Spanned;

use crate::policy::{CacheKind, FixFor, Threshold};

/// One policy, as written in a file of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Policy", deny_unknown_fields)]
pub(crate) struct PolicyFile {
    /// Its name: kebab-case, says what must hold, is never given to another
    /// policy.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub(crate) id: Spanned<String>,
    /// Names that it had before.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) aliases: Vec<Spanned<String>>,
    /// What must hold, exactly as `require` says it.
    #[schemars(with = "String")]
    pub(crate) title: Spanned<String>,
    /// How bad it is if it does not hold; `why` says why so.
    #[schemars(with = "SeverityWord")]
    pub(crate) severity: Severity,
    /// What it is about; for a built-in policy, its folder.
    #[schemars(with = "ConcernWord")]
    pub(crate) concern: Spanned<Concern>,
    /// What it judges.
    #[schemars(with = "SubjectWord")]
    pub(crate) subject: SubjectKind,
    /// The clouds whose subjects it judges; all, if left out.
    #[serde(default)]
    pub(crate) providers: Vec<Provider>,
    /// The services whose subjects it judges; all, if left out. Only for
    /// policies about caches, endpoints, connections and users.
    #[serde(default)]
    #[schemars(with = "Vec<Service>")]
    pub(crate) services: Option<Spanned<Vec<Service>>>,
    /// Which subjects it applies to, as an expression over facts.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) applies_if: Option<Spanned<String>>,
    /// What must hold, as an expression over facts.
    #[schemars(with = "String")]
    pub(crate) require: Spanned<String>,
    /// What is said of a subject that fails; `{cache.name}` stands for a fact.
    #[schemars(with = "String")]
    pub(crate) message: Spanned<String>,
    /// What a client sees: one word, or one for each cloud where it differs or
    /// is not documented for all.
    #[serde(default)]
    pub(crate) symptom: Option<SymptomFile>,
    /// Why it must hold, and why the severity is what it is.
    #[schemars(with = "String")]
    pub(crate) why: Spanned<String>,
    /// What to do, for each cloud.
    #[serde(default)]
    #[schemars(with = "BTreeMap<FixFor, FixFile>")]
    pub(crate) fix: BTreeMap<FixFor, FixFile>,
    /// Pages to read.
    #[serde(default)]
    pub(crate) references: Vec<String>,
    /// Ids that other tools and standards have for the same requirement.
    #[serde(default)]
    pub(crate) controls: Vec<String>,
    /// Rows of the catalogue of conditions that it covers.
    #[serde(default)]
    pub(crate) conditions: Vec<String>,
    /// Numbers that the configuration may change, with their defaults;
    /// expressions read them as `threshold.NAME`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Threshold>")]
    pub(crate) thresholds: BTreeMap<String, Spanned<Threshold>>,
    /// Examples that `cachewarden policy test` runs.
    #[serde(default)]
    #[schemars(with = "Vec<CaseFile>")]
    pub(crate) cases: Vec<CaseFile>,
}

/// What to do, in one cloud.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Fix")]
pub(crate) struct FixFile {
    /// A sentence; `{cache.name}` stands for a fact.
    #[schemars(with = "String")]
    pub(crate) summary: Spanned<String>,
    /// A command of the cloud's own tool; values are quoted for the shell.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) command: Option<Spanned<String>>,
    /// The same where it differs by what the cache is; these count before
    /// `command`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<CacheKind, String>")]
    pub(crate) commands: BTreeMap<CacheKind, Spanned<String>>,
}

/// An example: facts, and what must come of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Case")]
pub(crate) struct CaseFile {
    /// What it shows.
    pub(crate) name: String,
    /// Facts by path. The word `unknown` makes one unknown, and so are those
    /// that are left out; null is known to be absent.
    #[schemars(with = "BTreeMap<String, CaseValue>")]
    pub(crate) facts: Entries<Spanned<CaseValue>>,
    /// What must come of it.
    #[schemars(with = "VerdictWord")]
    pub(crate) expect: Verdict,
}

/// The value of a fact in an example.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum CaseValue {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<String>),
    Null(()),
}

/// What a client sees.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Symptom")]
pub(crate) enum SymptomFile {
    /// Always the same.
    Always(SymptomWord),
    /// That of the connection that is judged.
    OfConnection(OfConnection),
    /// By cloud; none for those left out.
    OfCloud(BTreeMap<Provider, SymptomWord>),
}

/// A word for what a client sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SymptomWord {
    Timeout,
    Refused,
    Reset,
    Tls,
    Auth,
    MaxClients,
    Dns,
}

/// The one placeholder that stands for a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(crate) enum OfConnection {
    #[serde(rename = "{connection.symptom}")]
    Connection,
}

impl From<SymptomWord> for Symptom {
    fn from(word: SymptomWord) -> Self {
        match word {
            SymptomWord::Timeout => Self::Timeout,
            SymptomWord::Refused => Self::Refused,
            SymptomWord::Reset => Self::Reset,
            SymptomWord::Tls => Self::Tls,
            SymptomWord::Auth => Self::Auth,
            SymptomWord::MaxClients => Self::MaxClients,
            SymptomWord::Dns => Self::Dns,
        }
    }
}

/// A named selection of policies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackFile {
    /// Its name: that of the file.
    pub(crate) name: String,
    /// What it selects.
    pub(crate) title: String,
    /// Packs whose policies it selects too.
    #[serde(default)]
    pub(crate) includes: Vec<Spanned<String>>,
    /// Ids of policies.
    pub(crate) policies: Vec<Spanned<String>>,
}

// The words of the model's types, for the schema: the model has none of its own
// for them.
macro_rules! words {
    ($(#[$doc:meta] $name:ident as $title:literal { $($word:ident),* $(,)? })*) => {$(
        #[$doc]
        #[derive(JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        #[schemars(rename = $title)]
        #[expect(dead_code, reason = "only its schema is used")]
        pub(crate) enum $name { $($word),* }
    )*};
}

words! {
    /// How bad it is.
    SeverityWord as "Severity" { Critical, High, Medium, Low, Info }
    /// What a policy is about.
    ConcernWord as "Concern" { Refusal, Exposure, Encryption, Access, Resilience, Upkeep }
    /// What is judged.
    SubjectWord as "Subject" {
        Cache, Endpoint, Connection, Filter, Rule, User, Expectation, Waiver
    }
    /// What comes of a policy and a subject.
    VerdictWord as "Verdict" { Pass, Fail, Unknown, NotApplicable }
}

/// A map whose keys keep their places, in the order of the file.
#[derive(Debug)]
pub(crate) struct Entries<T>(pub(crate) Vec<(Spanned<String>, T)>);

/// The keys of a document's top level, whatever is wrong with its values.
pub(crate) type Keys = Entries<IgnoredAny>;

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("keys with values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = vec![];
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(EntriesVisitor(PhantomData))
    }
}

/// The keys of a policy, and whether each must be there.
pub(crate) const KEYS: &[(&str, bool)] = &[
    ("id", true),
    ("aliases", false),
    ("title", true),
    ("severity", true),
    ("concern", true),
    ("subject", true),
    ("providers", false),
    ("services", false),
    ("applies_if", false),
    ("require", true),
    ("message", true),
    ("symptom", false),
    ("why", true),
    ("fix", false),
    ("references", false),
    ("controls", false),
    ("conditions", false),
    ("thresholds", false),
    ("cases", false),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_shape() {
        let schema = schemars::schema_for!(PolicyFile).to_value();
        let properties = schema["properties"].as_object().unwrap();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        assert_eq!(properties.len(), KEYS.len());
        for (key, needed) in KEYS {
            assert!(properties.contains_key(*key), "{key}");
            assert_eq!(required.contains(key), *needed, "{key}");
        }
    }

    #[test]
    fn values_keep_their_types() {
        let read = |text: &str| serde_saphyr::from_str::<CaseValue>(text).unwrap();
        assert_eq!(read("true"), CaseValue::Bool(true));
        assert_eq!(read("3"), CaseValue::Int(3));
        assert_eq!(read("3.5"), CaseValue::Float(3.5));
        assert_eq!(read("'3'"), CaseValue::Text("3".into()));
        assert_eq!(read("'true'"), CaseValue::Text("true".into()));
        assert_eq!(read("null"), CaseValue::Null(()));
        assert_eq!(
            read("[a, b]"),
            CaseValue::List(vec!["a".into(), "b".into()])
        );
    }
}
