//! A subject, a policy, and what came of it.

use serde::{Deserialize, Serialize};

use crate::connection::{Blame, Fix, Symptom, Witness};
use crate::gap::Gap;
use crate::id::{AccountId, PolicyId, Provider, Region};
use crate::time::Timestamp;

/// A subject does not meet a policy, or it is not known whether it does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The policy.
    pub policy: PolicyId,
    /// Its title: what must hold.
    pub title: String,
    /// What came of it.
    pub verdict: Verdict,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub concern: Concern,
    /// Who.
    pub subject: Subject,
    /// One sentence for the reader.
    pub message: String,
    /// What a client sees; none where it sees nothing.
    pub symptom: Option<Symptom>,
    /// The facts that decided, sorted by name.
    pub evidence: Vec<Evidence>,
    /// The resources and rules that decided.
    pub blame: Vec<Blame>,
    /// One flow that shows it.
    pub witness: Option<Witness>,
    /// What to do.
    pub fix: Option<FindingFix>,
    /// Pages to read.
    pub references: Vec<String>,
    /// Ids that other tools and standards have for it, sorted.
    pub controls: Vec<String>,
    /// The same for the same policy and subject in every run: 16 hex digits.
    pub fingerprint: String,
    /// Why it is accepted; none if it is not.
    pub waived: Option<Waived>,
    /// What keeps the verdict from being known, sorted.
    pub gaps: Vec<Gap>,
}

/// What to do about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingFix {
    /// As the policy says.
    Text {
        /// A sentence.
        summary: String,
        /// A command of the cloud's own tool.
        command: Option<String>,
    },
    /// Changes that were tried on a copy of the snapshot.
    Edits(Fix),
}

/// What came of a policy and a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The subject meets it.
    Pass,
    /// The subject does not.
    Fail,
    /// A fact that it needs is not known.
    Unknown,
    /// It is not about this subject.
    NotApplicable,
}

impl Verdict {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// How bad a finding is, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a look.
    Low,
    /// Should be mended.
    Medium,
    /// Should be mended soon.
    High,
    /// Should be mended now.
    Critical,
}

impl Severity {
    /// All, worst first.
    pub const WORST_FIRST: [Self; 5] = [
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Info,
    ];

    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// Somebody who ought to connect cannot, or soon will not.
    Refusal,
    /// Somebody may connect who ought not to.
    Exposure,
    /// What is sent or stored can be read.
    Encryption,
    /// Logins and rights.
    Access,
    /// What happens when a node is lost.
    Resilience,
    /// Versions, updates, dates.
    Upkeep,
}

impl Concern {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Exposure => "exposure",
            Self::Encryption => "encryption",
            Self::Access => "access",
            Self::Resilience => "resilience",
            Self::Upkeep => "upkeep",
        }
    }
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// The cloud's id; `client->cache` for a connection.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its cloud; none for what belongs to the configuration.
    pub provider: Option<Provider>,
    /// The account.
    pub account: Option<AccountId>,
    /// The region.
    pub region: Option<Region>,
}

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A cache.
    Cache,
    /// An endpoint of a cache.
    Endpoint,
    /// An intended connection.
    Connection,
    /// A filter.
    Filter,
    /// A rule of a filter that guards a cache.
    Rule,
    /// A user of caches.
    User,
    /// An expectation of the configuration.
    Expectation,
    /// A waiver of the configuration.
    Waiver,
}

impl SubjectKind {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Endpoint => "endpoint",
            Self::Connection => "connection",
            Self::Filter => "filter",
            Self::Rule => "rule",
            Self::User => "user",
            Self::Expectation => "expectation",
            Self::Waiver => "waiver",
        }
    }
}

/// A fact that decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Its path, as policies write it: `cache.transit_encryption`.
    pub fact: String,
    /// Its value; null where it is known to be absent or not known at all.
    pub value: serde_json::Value,
}

/// An accepted risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Until when.
    pub until: Option<Timestamp>,
}
