//! What the configuration says must or must not connect.

use std::collections::BTreeMap;
use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cache::TlsVersion;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// One expectation of the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// What people call it; unique within a configuration.
    pub name: String,
    /// Which clients.
    pub client: Selector,
    /// Which caches.
    pub cache: Selector,
    /// What must be so.
    pub outcome: ExpectedOutcome,
    /// How many connections the clients may open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Demand>,
    /// What the clients can speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsAbility>,
}

/// What must be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectedOutcome {
    /// Each of the clients reaches each of the caches.
    Reach,
    /// None of the clients reaches any of the caches.
    NoReach,
}

/// Which things are meant. A thing is meant if every field that is given
/// fits; at least one is given. Texts may hold `*` for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selector {
    /// The cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The id of the thing, or of what a client is attached to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ResourceId>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Id or name of a group that it carries; on Google Cloud a network tag, or
    /// the service account that it runs as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Id or name of its subnet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet: Option<String>,
    /// Id or name of its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Labels that it has, each with this value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tag: BTreeMap<String, String>,
    /// One of its addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Selector {
    /// Whether no field is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How many connections the clients of an expectation may open: the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Copies of the program.
    pub replicas: u32,
    /// Processes in each copy.
    #[serde(default = "one")]
    pub processes: u32,
    /// Connections that each process keeps.
    #[serde(default = "one")]
    pub pool: u32,
}

fn one() -> u32 {
    1
}

impl Demand {
    /// All connections together.
    pub fn connections(self) -> u64 {
        u64::from(self.replicas)
            .saturating_mul(u64::from(self.processes))
            .saturating_mul(u64::from(self.pool))
    }
}

/// The TLS versions that a client can speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsAbility {
    /// The lowest; none if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<TlsVersion>,
    /// The highest; none if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<TlsVersion>,
    /// False for a client that speaks plaintext only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}
