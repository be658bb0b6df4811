//! One client, one endpoint: whether they meet, and what decides.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_netset::{Flow, PortSet};
use serde::{Deserialize, Serialize};

use crate::cache::EndpointRole;
use crate::edit::Edit;
use crate::gap::Gap;
use crate::id::{AccountId, Provider, Region, ResourceId, RuleId};

/// Whether a client's connection to an endpoint comes about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Connection {
    /// Who connects.
    pub client: ClientRef,
    /// The cache.
    pub cache: CacheRef,
    /// The endpoint of the cache.
    pub endpoint: EndpointRef,
    /// Who means it to work; none if nobody said so.
    pub intended: Option<Intent>,
    /// Whether it does.
    pub outcome: Outcome,
    /// What the client sees; none where all is open, or where it is not known.
    pub symptom: Option<Symptom>,
    /// Source ports that get through to every node that any gets through to;
    /// empty where blocked.
    pub source_ports: PortSet,
    /// Every stage, in the order in which a packet meets them, request
    /// before reply.
    pub trace: Vec<Step>,
    /// Every blocker, in the order of the trace.
    pub blame: Vec<Blame>,
    /// One flow that shows the outcome: one that fails where something does,
    /// else one that gets through; none where it is not known.
    pub witness: Option<Witness>,
    /// What would open it; none where it is open or nothing is known to help.
    pub fix: Option<Fix>,
    /// What keeps the outcome from being known, sorted.
    pub gaps: Vec<Gap>,
}

/// Whether a connection comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every stage was seen and lets it through.
    Open,
    /// Only for some source ports, some nodes or some addresses.
    Partial,
    /// Something stops it.
    Blocked,
    /// Something that decides was not readable.
    Unknown,
}

impl Outcome {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partial => "partial",
            Self::Blocked => "blocked",
            Self::Unknown => "unknown",
        }
    }
}

/// What a client sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Symptom {
    /// Nothing answers.
    Timeout,
    /// The connection is refused at once.
    Refused,
    /// The connection is cut.
    Reset,
    /// The TLS handshake fails.
    Tls,
    /// The cache wants a login that the client does not bring.
    Auth,
    /// The cache has as many clients as it takes.
    MaxClients,
    /// The name does not resolve, or to something else.
    Dns,
}

impl Symptom {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::MaxClients => "max-clients",
            Self::Dns => "dns",
        }
    }
}

/// Who means a connection to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// The configuration says so.
    Declared,
    /// A rule on the cache's side names the client.
    Rule,
}

impl Intent {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Rule => "rule",
        }
    }
}

/// Who connects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClientRef {
    /// The interface's id; the address where there is no interface.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: ClientKind,
    /// What is behind the interface.
    pub attached_to: Option<ResourceId>,
    /// Whether that runs; none if it is not known.
    pub state: Option<String>,
    /// Its private addresses; the address itself where there is no interface.
    pub addresses: Vec<IpAddr>,
    /// The network.
    pub network: Option<ResourceId>,
    /// The subnet.
    pub subnet: Option<ResourceId>,
    /// Its cloud.
    pub provider: Provider,
    /// The account; none for an address outside every network.
    pub account: Option<AccountId>,
    /// The region; none for an address outside every network.
    pub region: Option<Region>,
}

/// What a client is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientKind {
    /// An interface of the snapshot; the kind of interface.
    Interface(String),
    /// An address inside a known network that no known interface has.
    Address,
    /// A private address outside every known network.
    OnPremises,
    /// A public address that no known interface has.
    Internet,
}

impl ClientKind {
    /// The name that all formats use.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Interface(kind) => kind,
            Self::Address => "address",
            Self::OnPremises => "on-premises",
            Self::Internet => "internet",
        }
    }
}

/// The cache of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CacheRef {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
}

/// The endpoint of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EndpointRef {
    /// What it is for.
    pub role: EndpointRole,
    /// The host name; none while the cloud has not given it one.
    pub host: Option<String>,
    /// The port.
    pub port: u16,
}

/// Which way a packet goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// From the client to the cache.
    Request,
    /// Back.
    Reply,
}

impl Leg {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }
}

/// Where something may stop a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Filter on the client itself.
    ClientFilter,
    /// Filter at the edge of the client's subnet.
    ClientSubnet,
    /// Route table.
    Route,
    /// Peering or transit router.
    Link,
    /// Name resolution.
    Dns,
    /// Private endpoint.
    PrivateEndpoint,
    /// Filter at the edge of the cache's subnet.
    CacheSubnet,
    /// Filter on the cache's nodes.
    CacheFilter,
    /// The cache's own firewall.
    ServiceFirewall,
    /// The switch for access from the internet.
    PublicAccess,
    /// Whether something listens on the port.
    Port,
    /// Encryption.
    Tls,
    /// Login.
    Auth,
    /// Whether the cache takes connections at all.
    Status,
    /// How many clients it takes.
    Limit,
}

impl Stage {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientFilter => "client-filter",
            Self::ClientSubnet => "client-subnet",
            Self::Route => "route",
            Self::Link => "link",
            Self::Dns => "dns",
            Self::PrivateEndpoint => "private-endpoint",
            Self::CacheSubnet => "cache-subnet",
            Self::CacheFilter => "cache-filter",
            Self::ServiceFirewall => "service-firewall",
            Self::PublicAccess => "public-access",
            Self::Port => "port",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Status => "status",
            Self::Limit => "limit",
        }
    }
}

/// What a stage does with the packets of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Lets all of them through.
    Allow,
    /// Lets none through.
    Deny,
    /// Lets some through.
    Partial,
    /// Wants something of the client.
    Requires,
    /// It cannot be told.
    Unknown,
    /// Has no say.
    NotApplicable,
}

impl Effect {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Partial => "partial",
            Self::Requires => "requires",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// One stage of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Step {
    /// Which way.
    pub leg: Leg,
    /// Where.
    pub stage: Stage,
    /// What decides: the id of a filter, a route table, a link.
    pub resource: Option<ResourceId>,
    /// Its line that decides; none where a line is missing or there are none.
    pub rule: Option<RuleId>,
    /// What it does.
    pub effect: Effect,
    /// Why, in a few words.
    pub detail: String,
}

/// A blocker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Blame {
    /// What it is: `security-group`, `network-acl`, `route-table`, `peering`.
    pub kind: String,
    /// Its id.
    pub resource: ResourceId,
    /// Its region; none where that is not known, or it lies in two.
    pub region: Option<Region>,
    /// Its line that decides; `default` for an implied last one; none where a
    /// line is missing.
    pub rule: Option<RuleId>,
    /// Which way.
    pub leg: Leg,
    /// At which stage.
    pub stage: Stage,
    /// Why it decides.
    pub detail: String,
    /// The plan's address of the resource; none outside of a plan.
    pub address: Option<String>,
    /// The line that comes nearest to letting the packets through.
    pub nearest: Option<Nearest>,
}

/// A line that nearly does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Nearest {
    /// The line.
    pub rule: RuleId,
    /// In what it differs: `port`, `protocol`, `peer`, `family`.
    pub differs: Vec<String>,
    /// The same as a sentence.
    pub detail: String,
}

/// One flow that shows an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Witness {
    /// The connection's addresses and ports, seen from the client.
    pub flow: Flow,
    /// The leg on which it is stopped; the request where it gets through.
    pub leg: Leg,
}

/// What would open a connection, or narrow a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Fix {
    /// Changes that open it together, smallest first; empty where nothing
    /// that can be edited helps.
    pub edits: Vec<Edit>,
    /// Where each edit is made, by [`Edit::resource`]; what is not in it is
    /// somewhere that is not known.
    pub places: BTreeMap<ResourceId, Whereabouts>,
    /// What to do where no edit helps: wait, create, ask somebody; beside
    /// edits, what to mind.
    pub advice: Option<String>,
    /// What analysing the edited snapshot showed; none without edits.
    pub proof: Option<Proof>,
}

/// Where a resource is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Whereabouts {
    /// Its cloud.
    pub provider: Provider,
    /// Its region; none if it is not known.
    pub region: Option<Region>,
}

/// What a fix does, found by analysing the edited snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Proof {
    /// The outcome of the connection after the edits; none where they are not
    /// meant for one.
    pub outcome: Option<Outcome>,
    /// Other connections of which packets are dropped no more, as
    /// `client -> cache`, sorted; at most [`Proof::LISTED`] of them.
    pub also_opens: Vec<String>,
    /// How many those are in all.
    pub also_opens_total: usize,
    /// Connections of which packets get through no more, as
    /// `client -> cache`, sorted; at most [`Proof::LISTED`] of them.
    pub closes: Vec<String>,
    /// How many those are in all.
    pub closes_total: usize,
    /// Whether the edits touch so many other connections that these were not
    /// judged: an audit tells this of a change to what a whole network
    /// shares; asking for the one connection judges them all.
    pub others_not_judged: bool,
    /// What narrowing a rule does; none where the edits do not.
    pub narrows: Option<Narrowing>,
}

/// What narrowing a rule does, found by analysing the edited snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Narrowing {
    /// Connections of clients that the rule names, as many as get packets
    /// through before and after.
    pub keeps: u64,
    /// Addresses that the rule named, and that neither it nor another rule of
    /// its filter admits any more; saturating.
    pub closes_addresses: u64,
    /// Whether it covered ports or protocols that no cache behind it uses,
    /// and covers them no more.
    pub closes_ports: bool,
}

impl Proof {
    /// How many connections a proof lists by name.
    pub const LISTED: usize = 50;
}
