//! One valid policy.

use std::collections::BTreeMap;

use cachewarden_model::{
    Cache, Concern, PolicyId, Provider, Service, Severity, SubjectKind, Symptom, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Truth};
use crate::facts::{FactId, FactValue};
use crate::template::Template;

/// One valid policy: a requirement that subjects of one kind meet or not.
#[derive(Debug)]
pub struct Policy {
    /// Its name, in kebab-case.
    pub id: PolicyId,
    /// Names that it had before.
    pub aliases: Vec<PolicyId>,
    /// What must hold, exactly.
    pub title: String,
    /// How bad it is if it does not; as the configuration says, else as its
    /// author does.
    pub severity: Severity,
    /// What it is about.
    pub concern: Concern,
    /// What it judges.
    pub subject: SubjectKind,
    /// The clouds whose subjects it judges; empty means all.
    pub providers: Vec<Provider>,
    /// The services whose subjects it judges; empty means all.
    pub services: Vec<Service>,
    /// Which subjects it applies to, as an expression; none means all.
    pub applies_if: Option<String>,
    /// What must hold, as an expression.
    pub require: String,
    /// Why it must, and why the severity is what it is.
    pub why: String,
    /// Pages to read.
    pub references: Vec<String>,
    /// Ids that other tools and standards have for it, sorted.
    pub controls: Vec<String>,
    /// Rows of the catalogue of conditions that it covers, sorted.
    pub conditions: Vec<String>,
    /// Its thresholds, as the configuration says, else with their defaults.
    pub thresholds: BTreeMap<String, Threshold>,
    /// Its own test cases; they hold with the default thresholds.
    pub cases: Vec<Case>,
    /// Whether it comes with the program.
    pub builtin: bool,
    /// Whether it is in use: selected by a pack or written by the user, and
    /// not disabled.
    pub enabled: bool,
    /// The file that it was read from.
    pub file: String,
    pub(crate) defaults: BTreeMap<String, Threshold>,
    pub(crate) applies: Option<Expr>,
    pub(crate) requires: Expr,
    pub(crate) message: Template,
    pub(crate) symptom: Option<SymptomSource>,
    pub(crate) fix: BTreeMap<FixFor, FixTemplate>,
}

/// A number that the configuration may change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Threshold {
    /// A whole number.
    Whole(i64),
    /// Any number.
    Fraction(f64),
}

impl Threshold {
    pub(crate) fn to_cel(self) -> cel::Value {
        match self {
            Self::Whole(value) => value.into(),
            Self::Fraction(value) => value.into(),
        }
    }

    pub(crate) fn to_json(self) -> serde_json::Value {
        match self {
            Self::Whole(value) => value.into(),
            Self::Fraction(value) => value.into(),
        }
    }
}

/// An example inside a policy.
#[derive(Debug)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// What must come of it.
    pub expect: Verdict,
    pub(crate) facts: BTreeMap<FactId, FactValue<'static>>,
}

/// Where the symptom of a finding comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SymptomSource {
    /// Always the same.
    Always(Symptom),
    /// The cloud's; none where it is not documented.
    OfCloud(BTreeMap<Provider, Symptom>),
    /// The connection's own.
    Connection,
}

/// Whose tools a fix is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum FixFor {
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Google Cloud.
    Gcp,
    /// What belongs to no cloud, or is the same for all.
    Any,
}

impl From<Provider> for FixFor {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Aws => Self::Aws,
            Provider::Azure => Self::Azure,
            Provider::Gcp => Self::Gcp,
        }
    }
}

/// What a cache is to the tools of its cloud, where commands differ by it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CacheKind {
    /// A replication group of ElastiCache.
    ReplicationGroup,
    /// A node of ElastiCache that stands alone.
    Node,
    /// A serverless cache of ElastiCache.
    Serverless,
    /// A cluster of MemoryDB.
    #[serde(rename = "memorydb")]
    MemoryDb,
    /// A cache of Azure Cache for Redis, Basic to Premium.
    AzureCache,
    /// A cluster of Azure Cache for Redis Enterprise.
    AzureEnterprise,
    /// A cluster of Azure Managed Redis.
    AzureManaged,
    /// An instance of Memorystore for Redis.
    MemorystoreRedis,
    /// A cluster of Memorystore for Redis Cluster.
    MemorystoreCluster,
    /// An instance of Memorystore for Valkey.
    MemorystoreValkey,
}

impl CacheKind {
    /// What a cache is; none where nothing differs by it.
    pub(crate) fn of(cache: &Cache) -> Option<Self> {
        match (cache.service, &cache.aws) {
            (Service::ElastiCache, Some(aws)) if aws.replication_group => {
                Some(Self::ReplicationGroup)
            }
            (Service::ElastiCache, Some(_)) => Some(Self::Node),
            (Service::ElastiCacheServerless, _) => Some(Self::Serverless),
            (Service::MemoryDb, _) => Some(Self::MemoryDb),
            (Service::AzureCache, _) => Some(Self::AzureCache),
            (Service::AzureEnterprise, _) => Some(Self::AzureEnterprise),
            (Service::AzureManaged, _) => Some(Self::AzureManaged),
            (Service::MemorystoreRedis, _) => Some(Self::MemorystoreRedis),
            (Service::MemorystoreCluster, _) => Some(Self::MemorystoreCluster),
            (Service::MemorystoreValkey, _) => Some(Self::MemorystoreValkey),
            (Service::ElastiCache, None) => None,
        }
    }

    /// The name that policies use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReplicationGroup => "replication-group",
            Self::Node => "node",
            Self::Serverless => "serverless",
            Self::MemoryDb => "memorydb",
            Self::AzureCache => "azure-cache",
            Self::AzureEnterprise => "azure-enterprise",
            Self::AzureManaged => "azure-managed",
            Self::MemorystoreRedis => "memorystore-redis",
            Self::MemorystoreCluster => "memorystore-cluster",
            Self::MemorystoreValkey => "memorystore-valkey",
        }
    }
}

#[derive(Debug)]
pub(crate) struct FixTemplate {
    pub(crate) summary: Template,
    pub(crate) command: Option<Template>,
    pub(crate) commands: BTreeMap<CacheKind, Template>,
}

impl FixTemplate {
    /// The command for a cache, or for something that is no cache.
    pub(crate) fn command(&self, cache: Option<&Cache>) -> Option<&Template> {
        let own = cache
            .and_then(CacheKind::of)
            .and_then(|kind| self.commands.get(&kind));
        own.or(self.command.as_ref())
    }

    /// All its templates.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        std::iter::once(&self.summary)
            .chain(&self.command)
            .chain(self.commands.values())
    }
}

/// What comes of a policy and the facts of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub(crate) verdict: Verdict,
    /// Why an expression could not be worked out though all is known; only
    /// with the verdict unknown.
    pub(crate) broken: Option<String>,
}

impl Policy {
    /// The facts that its expressions name, sorted by path.
    pub(crate) fn facts(&self) -> Vec<FactId> {
        let applies = self.applies.iter().flat_map(Expr::facts);
        let mut facts: Vec<FactId> = applies.chain(self.requires.facts()).copied().collect();
        facts.sort_unstable();
        facts.dedup();
        facts
    }

    /// The paths of the facts that its expressions name, sorted.
    pub fn fact_paths(&self) -> Vec<&'static str> {
        self.facts().into_iter().map(FactId::path).collect()
    }

    /// The message of a finding, with its placeholders.
    pub fn message(&self) -> &str {
        self.message.source()
    }

    /// What to do, with its placeholders: a sentence and the commands of the
    /// cloud's own tool, one on each line, for each cloud that has one.
    pub fn fixes(&self) -> impl Iterator<Item = (FixFor, &str, Option<String>)> {
        self.fix.iter().map(|(whose, fix)| {
            let of_kind = |(kind, template): (&CacheKind, &Template)| {
                format!("{}: {}", kind.as_str(), template.source())
            };
            let plain = fix
                .command
                .iter()
                .map(|template| template.source().to_owned());
            let commands: Vec<String> = plain.chain(fix.commands.iter().map(of_kind)).collect();
            let commands = (!commands.is_empty()).then(|| commands.join("\n"));
            (*whose, fix.summary.source(), commands)
        })
    }

    /// Judges facts. `value` is asked for each fact that its expressions name.
    ///
    /// A subject of which it is not known whether the policy applies to it
    /// passes if it meets the requirement, for then it passes either way.
    pub(crate) fn judge<'v, 'a: 'v>(
        &self,
        value: impl Fn(FactId) -> Option<&'v FactValue<'a>>,
        thresholds: &BTreeMap<String, Threshold>,
    ) -> Ruling {
        let applies = self
            .applies
            .as_ref()
            .map(|it| it.evaluate(&value, thresholds));
        if applies == Some(Truth::False) {
            return Ruling {
                verdict: Verdict::NotApplicable,
                broken: None,
            };
        }
        let requires = self.requires.evaluate(&value, thresholds);
        let certain = matches!(applies, None | Some(Truth::True));
        let broken = match (applies, &requires) {
            (Some(Truth::Broken(why)), _) => Some(why),
            // Where it is not sure to apply, the requirement may rely on what
            // does not hold.
            (_, Truth::Broken(why)) if certain => Some(why.clone()),
            _ => None,
        };
        let verdict = match requires {
            _ if broken.is_some() => Verdict::Unknown,
            Truth::True => Verdict::Pass,
            Truth::False if certain => Verdict::Fail,
            Truth::False | Truth::Unknown | Truth::Broken(_) => Verdict::Unknown,
        };
        Ruling { verdict, broken }
    }
}
