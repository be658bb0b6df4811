//! `cachewarden.policies/1`: policies.

use cachewarden_model::Provider;
use schemars::JsonSchema;
use serde::Serialize;

use crate::PolicyEntry;

/// Policies. Fields are added over time, none is renamed or goes.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "cachewarden.policies/1")]
pub(crate) struct Policies<'a> {
    #[schemars(extend("const" = "cachewarden.policies/1"))]
    schema: &'static str,
    /// Sorted by id.
    policies: Vec<Policy<'a>>,
}

/// One policy.
#[derive(Serialize, JsonSchema)]
struct Policy<'a> {
    id: &'a str,
    /// What must hold.
    title: &'a str,
    #[schemars(extend("enum" = ["refusal", "exposure", "encryption", "access", "resilience", "upkeep"]))]
    concern: &'static str,
    /// After the configuration.
    #[schemars(extend("enum" = ["critical", "high", "medium", "low", "info"]))]
    severity: &'static str,
    /// The kind of subject that it judges.
    subject: &'static str,
    /// The clouds that it knows, sorted.
    providers: Vec<&'static str>,
    /// Ids that other tools and standards have for it, sorted.
    controls: &'a [String],
    /// Whether the packs and the configuration select it.
    enabled: bool,
}

impl<'a> Policies<'a> {
    pub(crate) fn new(entries: &'a [PolicyEntry]) -> Self {
        let mut policies: Vec<Policy<'a>> = entries.iter().map(Policy::from).collect();
        policies.sort_by_key(|it| it.id);
        Self {
            schema: "cachewarden.policies/1",
            policies,
        }
    }
}

impl<'a> From<&'a PolicyEntry> for Policy<'a> {
    fn from(entry: &'a PolicyEntry) -> Self {
        Self {
            id: entry.id.as_str(),
            title: &entry.title,
            concern: entry.concern.as_str(),
            severity: entry.severity.as_str(),
            subject: entry.subject.as_str(),
            providers: entry
                .providers
                .iter()
                .copied()
                .map(Provider::as_str)
                .collect(),
            controls: &entry.controls,
            enabled: entry.enabled,
        }
    }
}
