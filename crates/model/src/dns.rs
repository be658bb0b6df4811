//! Private DNS zones: what a network resolves a cache's name to.

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, ResourceId};

/// A private zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DnsZone {
    /// The cloud's id.
    pub id: ResourceId,
    /// The zone's name, without a final dot.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// The networks that it answers in.
    pub links: Fact<Vec<ZoneLink>>,
    /// Address and alias records.
    pub records: Fact<Vec<DnsRecord>>,
}

/// A zone answers in a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZoneLink {
    /// The cloud's id of the link; none where it is no resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ResourceId>,
    /// The network.
    pub network: ResourceId,
    /// Whether it is in force.
    pub effective: bool,
    /// What happens to a name that the zone lacks.
    pub resolution: ResolutionPolicy,
}

/// What happens to a name that a zone lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ResolutionPolicy {
    /// There is no such name.
    Default,
    /// Public DNS is asked (Azure `NxDomainRedirect`).
    PublicFallback,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DnsRecord {
    /// The full name, without a final dot.
    pub name: String,
    /// `A`, `AAAA` or `CNAME`.
    pub kind: String,
    /// Seconds for which an answer may be kept.
    pub ttl: u32,
    /// Addresses or the alias's target, sorted.
    pub values: Vec<String>,
}
