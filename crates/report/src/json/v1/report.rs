//! `cachewarden.report/1`: an audit.

use cachewarden_model as model;
use cachewarden_model::{Audit, FindingFix, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Blame, Counts, Fix, Gap, Target, Tool, Witness, blame, gaps, targets, time};
use crate::fix::finding_words;

/// An audit. Fields are added over time, none is renamed or goes.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "cachewarden.report/1")]
pub(crate) struct Report<'a> {
    #[schemars(extend("const" = "cachewarden.report/1"))]
    schema: &'static str,
    tool: Tool<'a>,
    /// When the snapshot was taken (RFC 3339); the oldest, where there are several.
    collected_at: String,
    /// The time as of which it was judged (RFC 3339).
    judged_at: String,
    /// What was asked, sorted.
    targets: Vec<Target<'a>>,
    summary: Summary,
    /// Sorted by id.
    caches: Vec<Cache<'a>>,
    /// What fails or is not known, worst first, then by policy and subject.
    findings: Vec<Finding<'a>>,
    /// What was recognised and left out, sorted by id.
    skipped: Vec<Skipped<'a>>,
    /// What was not seen, sorted.
    gaps: Vec<Gap<'a>>,
}

/// An audit in numbers.
#[derive(Serialize, JsonSchema)]
struct Summary {
    caches: u64,
    /// Client interfaces.
    clients: u64,
    /// Intended connections by outcome.
    connections: Counts,
    findings: BySeverity,
    /// Findings whose verdict is unknown and that are not waived.
    unknown: u64,
    /// Findings that are waived.
    waived: u64,
    gaps: u64,
}

/// Findings that fail and are not waived.
#[derive(Serialize, JsonSchema)]
struct BySeverity {
    critical: u64,
    high: u64,
    medium: u64,
    low: u64,
    info: u64,
}

/// One cache.
#[derive(Serialize, JsonSchema)]
struct Cache<'a> {
    id: &'a str,
    name: &'a str,
    #[schemars(extend("enum" = ["aws", "azure", "gcp"]))]
    provider: &'static str,
    service: &'static str,
    account: &'a str,
    region: &'a str,
    /// The cloud's word; null if it is not known.
    status: Option<&'a str>,
    endpoints: Vec<Endpoint<'a>>,
    /// How many clients one node takes; null if it is not known.
    connection_limit: Option<u64>,
    /// The most connections that one node had; null if it is not known.
    peak_connections: Option<u64>,
}

/// What a client may connect to.
#[derive(Serialize, JsonSchema)]
struct Endpoint<'a> {
    role: &'static str,
    /// Null while the cloud has not given it one.
    host: Option<&'a str>,
    port: u16,
}

/// A policy that a subject does not meet, or of which it is not known.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    policy: &'a str,
    /// What must hold.
    title: &'a str,
    #[schemars(extend("enum" = ["fail", "unknown"]))]
    verdict: &'static str,
    #[schemars(extend("enum" = ["critical", "high", "medium", "low", "info"]))]
    severity: &'static str,
    #[schemars(extend("enum" = ["refusal", "exposure", "encryption", "access", "resilience", "upkeep"]))]
    concern: &'static str,
    subject: Subject<'a>,
    message: &'a str,
    /// What a client sees; null where it sees nothing.
    #[schemars(extend("enum" = ["timeout", "refused", "reset", "tls", "auth", "max-clients", "dns", null]))]
    symptom: Option<&'static str>,
    /// The facts that decided, sorted by name.
    evidence: Vec<Evidence<'a>>,
    blame: Vec<Blame<'a>>,
    witness: Option<Witness>,
    fix: Option<Fix<'a>>,
    references: &'a [String],
    /// Ids that other tools and standards have for the policy, sorted.
    controls: &'a [String],
    /// The same for the same policy and subject in every run: 16 hex digits.
    fingerprint: &'a str,
    /// Why it is accepted; null if it is not.
    waived: Option<Waived<'a>>,
    /// What keeps the verdict from being known, sorted.
    gaps: Vec<Gap<'a>>,
}

/// What is judged.
#[derive(Serialize, JsonSchema)]
struct Subject<'a> {
    kind: &'static str,
    /// The cloud's id; `client->cache` for a connection.
    id: &'a str,
    name: &'a str,
    /// Null for what belongs to the configuration.
    provider: Option<&'static str>,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

/// A fact that decided.
#[derive(Serialize, JsonSchema)]
struct Evidence<'a> {
    /// Its path, as policies write it.
    fact: &'a str,
    /// Null where it is known to be absent or not known at all.
    value: &'a serde_json::Value,
}

/// An accepted risk.
#[derive(Serialize, JsonSchema)]
struct Waived<'a> {
    reason: &'a str,
    owner: Option<&'a str>,
    /// Until when (RFC 3339).
    until: Option<String>,
}

/// Something that was recognised and left out.
#[derive(Serialize, JsonSchema)]
struct Skipped<'a> {
    #[schemars(extend("enum" = ["aws", "azure", "gcp"]))]
    provider: &'static str,
    account: &'a str,
    region: &'a str,
    id: &'a str,
    why: &'a str,
}

impl<'a> Report<'a> {
    pub(crate) fn new(audit: &'a Audit, version: &'a str) -> Self {
        let mut caches: Vec<Cache<'a>> = audit.caches.iter().map(Cache::from).collect();
        caches.sort_by_key(|it| it.id);
        let mut skipped: Vec<Skipped<'a>> = audit.skipped.iter().map(Skipped::from).collect();
        skipped.sort_by_key(|it| it.id);
        Self {
            schema: "cachewarden.report/1",
            tool: Tool::new(version),
            collected_at: time(audit.collected_at),
            judged_at: time(audit.judged_at),
            targets: targets(&audit.targets),
            summary: Summary::from(&audit.summary),
            caches,
            findings: audit.findings.iter().map(Finding::from).collect(),
            skipped,
            gaps: gaps(&audit.gaps),
        }
    }
}

impl From<&model::AuditSummary> for Summary {
    fn from(summary: &model::AuditSummary) -> Self {
        let of = |severity: Severity| summary.findings.get(&severity).copied().unwrap_or(0);
        Self {
            caches: summary.caches,
            clients: summary.clients,
            connections: summary.connections.into(),
            findings: BySeverity {
                critical: of(Severity::Critical),
                high: of(Severity::High),
                medium: of(Severity::Medium),
                low: of(Severity::Low),
                info: of(Severity::Info),
            },
            unknown: summary.unknown,
            waived: summary.waived,
            gaps: summary.gaps,
        }
    }
}

impl<'a> From<&'a model::CacheSummary> for Cache<'a> {
    fn from(cache: &'a model::CacheSummary) -> Self {
        let endpoint = |it: &'a model::Endpoint| Endpoint {
            role: it.role.as_str(),
            host: it.host.as_deref(),
            port: it.port,
        };
        Self {
            id: cache.id.as_str(),
            name: &cache.name,
            provider: cache.provider.as_str(),
            service: cache.service,
            account: cache.account.as_str(),
            region: cache.region.as_str(),
            status: cache.status.as_deref(),
            endpoints: cache.endpoints.iter().map(endpoint).collect(),
            connection_limit: cache.connection_limit,
            peak_connections: cache.peak_connections,
        }
    }
}

impl<'a> From<&'a model::Finding> for Finding<'a> {
    fn from(finding: &'a model::Finding) -> Self {
        let proof = match &finding.fix {
            Some(FindingFix::Edits(fix)) => fix.proof.as_ref(),
            Some(FindingFix::Text { .. }) | None => None,
        };
        let wording = finding_words(finding);
        let evidence = |it: &'a model::Evidence| Evidence {
            fact: &it.fact,
            value: &it.value,
        };
        Self {
            policy: finding.policy.as_str(),
            title: &finding.title,
            verdict: finding.verdict.as_str(),
            severity: finding.severity.as_str(),
            concern: finding.concern.as_str(),
            subject: Subject::from(&finding.subject),
            message: &finding.message,
            symptom: finding.symptom.map(model::Symptom::as_str),
            evidence: finding.evidence.iter().map(evidence).collect(),
            blame: blame(&finding.blame),
            witness: finding.witness.map(Witness::from),
            fix: wording.map(|it| Fix::new(it, proof)),
            references: &finding.references,
            controls: &finding.controls,
            fingerprint: &finding.fingerprint,
            waived: finding.waived.as_ref().map(|it| Waived {
                reason: &it.reason,
                owner: it.owner.as_deref(),
                until: it.until.map(time),
            }),
            gaps: gaps(&finding.gaps),
        }
    }
}

impl<'a> From<&'a model::Subject> for Subject<'a> {
    fn from(subject: &'a model::Subject) -> Self {
        Self {
            kind: subject.kind.as_str(),
            id: &subject.id,
            name: &subject.name,
            provider: subject.provider.map(model::Provider::as_str),
            account: subject.account.as_ref().map(model::AccountId::as_str),
            region: subject.region.as_ref().map(model::Region::as_str),
        }
    }
}

impl<'a> From<&'a model::Skipped> for Skipped<'a> {
    fn from(skipped: &'a model::Skipped) -> Self {
        Self {
            provider: skipped.provider.as_str(),
            account: skipped.account.as_str(),
            region: skipped.region.as_str(),
            id: skipped.id.as_str(),
            why: &skipped.why,
        }
    }
}
