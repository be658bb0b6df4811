//! `cachewarden.reach/1`: connections and their outcomes.

use cachewarden_model as model;
use cachewarden_model::{Connection, ReachReport};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Blame, Counts, Fix, Gap, Target, Tool, Witness, blame, gaps, targets, time};
use crate::fix::words;

/// Connections and their outcomes. Fields are added over time, none is
/// renamed or goes.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "cachewarden.reach/1")]
pub(crate) struct Reach<'a> {
    #[schemars(extend("const" = "cachewarden.reach/1"))]
    schema: &'static str,
    tool: Tool<'a>,
    /// When the snapshot was taken (RFC 3339); the oldest, where there are several.
    collected_at: String,
    /// What was asked, sorted.
    targets: Vec<Target<'a>>,
    summary: Summary,
    /// Worst outcome first.
    connections: Vec<Link<'a>>,
    /// What was not seen, sorted.
    gaps: Vec<Gap<'a>>,
}

/// The document in numbers.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Caches of the snapshot.
    caches: u64,
    /// Client interfaces of the snapshot.
    clients: u64,
    /// The connections of this document by outcome.
    connections: Counts,
    gaps: u64,
}

/// One client and one endpoint.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Connection")]
struct Link<'a> {
    client: Client<'a>,
    cache: Cache<'a>,
    endpoint: Endpoint<'a>,
    /// Who means it to work; null if nobody said so.
    #[schemars(extend("enum" = ["declared", "rule", null]))]
    intended: Option<&'static str>,
    #[schemars(extend("enum" = ["open", "partial", "blocked", "unknown"]))]
    outcome: &'static str,
    /// What the client sees; null where it is open or not known.
    #[schemars(extend("enum" = ["timeout", "refused", "reset", "tls", "auth", "max-clients", "dns", null]))]
    symptom: Option<&'static str>,
    /// First and last source port of each range that gets through; empty
    /// where blocked.
    source_ports: Vec<[u16; 2]>,
    /// Every stage, in the order in which a packet meets them, request before
    /// reply.
    trace: Vec<Step<'a>>,
    /// Every blocker.
    blame: Vec<Blame<'a>>,
    witness: Option<Witness>,
    fix: Option<Fix<'a>>,
    /// What keeps the outcome from being known, sorted.
    gaps: Vec<Gap<'a>>,
}

/// Who connects.
#[derive(Serialize, JsonSchema)]
struct Client<'a> {
    /// The interface's id; the address where there is no interface.
    id: &'a str,
    name: &'a str,
    /// The kind of interface; `address`, `on-premises` or `internet` where
    /// there is none.
    kind: &'a str,
    /// The instance, function or service behind the interface.
    attached_to: Option<&'a str>,
    /// Whether that runs; null if it is not known.
    state: Option<&'a str>,
    addresses: Vec<String>,
    network: Option<&'a str>,
    subnet: Option<&'a str>,
    #[schemars(extend("enum" = ["aws", "azure", "gcp"]))]
    provider: &'static str,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

/// The cache.
#[derive(Serialize, JsonSchema)]
struct Cache<'a> {
    id: &'a str,
    name: &'a str,
    #[schemars(extend("enum" = ["aws", "azure", "gcp"]))]
    provider: &'static str,
    account: &'a str,
    region: &'a str,
}

/// What the client connects to.
#[derive(Serialize, JsonSchema)]
struct Endpoint<'a> {
    #[schemars(extend("enum" = ["primary", "reader", "configuration", "node", "discovery", "database"]))]
    role: &'static str,
    /// Null while the cloud has not given it one.
    host: Option<&'a str>,
    port: u16,
}

/// One stage.
#[derive(Serialize, JsonSchema)]
struct Step<'a> {
    #[schemars(extend("enum" = ["request", "reply"]))]
    leg: &'static str,
    stage: &'static str,
    /// What decides: the id of a filter, a route table, a link.
    resource: Option<&'a str>,
    /// Its line that decides.
    rule: Option<&'a str>,
    #[schemars(extend("enum" = ["allow", "deny", "partial", "requires", "unknown", "not-applicable"]))]
    effect: &'static str,
    detail: &'a str,
}

impl<'a> Reach<'a> {
    pub(crate) fn new(report: &'a ReachReport, version: &'a str) -> Self {
        let gaps = gaps(&report.gaps);
        Self {
            schema: "cachewarden.reach/1",
            tool: Tool::new(version),
            collected_at: time(report.collected_at),
            targets: targets(&report.targets),
            summary: Summary {
                caches: report.caches,
                clients: report.clients,
                connections: report.counts.into(),
                gaps: u64::try_from(gaps.len()).unwrap_or(u64::MAX),
            },
            connections: report.connections.iter().map(Link::from).collect(),
            gaps,
        }
    }
}

impl<'a> From<&'a Connection> for Link<'a> {
    fn from(connection: &'a Connection) -> Self {
        let fix = connection.fix.as_ref();
        let step = |it: &'a model::Step| Step {
            leg: it.leg.as_str(),
            stage: it.stage.as_str(),
            resource: it.resource.as_ref().map(model::ResourceId::as_str),
            rule: it.rule.as_ref().map(model::RuleId::as_str),
            effect: it.effect.as_str(),
            detail: &it.detail,
        };
        Self {
            client: Client::from(&connection.client),
            cache: Cache {
                id: connection.cache.id.as_str(),
                name: &connection.cache.name,
                provider: connection.cache.provider.as_str(),
                account: connection.cache.account.as_str(),
                region: connection.cache.region.as_str(),
            },
            endpoint: Endpoint {
                role: connection.endpoint.role.as_str(),
                host: connection.endpoint.host.as_deref(),
                port: connection.endpoint.port,
            },
            intended: connection.intended.map(model::Intent::as_str),
            outcome: connection.outcome.as_str(),
            symptom: connection.symptom.map(model::Symptom::as_str),
            source_ports: connection
                .source_ports
                .ranges()
                .map(|it| [it.first(), it.last()])
                .collect(),
            trace: connection.trace.iter().map(step).collect(),
            blame: blame(&connection.blame),
            witness: connection.witness.map(Witness::from),
            fix: fix
                .and_then(|it| words(it, &connection.blame))
                .map(|wording| Fix::new(wording, fix.and_then(|it| it.proof.as_ref()))),
            gaps: gaps(&connection.gaps),
        }
    }
}

impl<'a> From<&'a model::ClientRef> for Client<'a> {
    fn from(client: &'a model::ClientRef) -> Self {
        Self {
            id: client.id.as_str(),
            name: &client.name,
            kind: client.kind.as_str(),
            attached_to: client.attached_to.as_ref().map(model::ResourceId::as_str),
            state: client.state.as_deref(),
            addresses: client.addresses.iter().map(ToString::to_string).collect(),
            network: client.network.as_ref().map(model::ResourceId::as_str),
            subnet: client.subnet.as_ref().map(model::ResourceId::as_str),
            provider: client.provider.as_str(),
            account: client.account.as_ref().map(model::AccountId::as_str),
            region: client.region.as_ref().map(model::Region::as_str),
        }
    }
}
