//! Private ways to a service: private endpoints and the policies that make them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// A private endpoint of a service in a network: an Azure private endpoint,
/// a Private Service Connect forwarding rule, an AWS interface endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PrivateEndpoint {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The network.
    pub network: ResourceId,
    /// The subnets in which it has an interface, sorted.
    pub subnets: Vec<ResourceId>,
    /// Its interfaces, sorted.
    pub interfaces: Vec<ResourceId>,
    /// Its addresses, sorted; unknown if its interfaces were not read.
    #[serde(deserialize_with = "crate::fact::or_plain")]
    pub addresses: Fact<Vec<IpAddr>>,
    /// What it leads to: a cache, a service attachment, a service name.
    pub target: String,
    /// Whether it carries traffic.
    pub state: PrivateEndpointState,
    /// Whether clients of other regions may use it; none where all may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_access: Option<bool>,
    /// Filters on its interfaces, sorted.
    pub filters: Fact<Vec<ResourceId>>,
    /// Groups that are no filters (Azure application security groups), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ResourceId>,
    /// Parts of the target that it leads to, as the cloud calls them:
    /// `redisCache`, `redisEnterprise`; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Host names that it stands for, and the addresses that they ought to
    /// resolve to; sorted by name. Empty where the cloud tells none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<PrivateName>,
    /// Zones in which the cloud keeps its records (Azure private DNS zone
    /// groups), sorted; empty where its owner keeps them.
    #[serde(default = "no_zones", skip_serializing_if = "has_no_zones")]
    pub zones: Fact<Vec<ResourceId>>,
}

/// A snapshot that says nothing was taken where there are no such zones.
fn no_zones() -> Fact<Vec<ResourceId>> {
    Fact::Default(vec![])
}

fn has_no_zones(zones: &Fact<Vec<ResourceId>>) -> bool {
    *zones == no_zones()
}

/// A host name that a private endpoint stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PrivateName {
    /// The full name, without a final dot.
    pub name: String,
    /// Its addresses, sorted.
    pub addresses: Vec<IpAddr>,
}

/// Whether a private endpoint carries traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PrivateEndpointState {
    /// It does.
    Approved,
    /// The owner of the service has to accept it.
    Pending,
    /// It does not; the cloud's word.
    Down(String),
}

/// A policy that lets a service place private endpoints into a network
/// (Google Cloud service connection policy).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConnectionPolicy {
    /// The cloud's id.
    pub id: ResourceId,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The network.
    pub network: ResourceId,
    /// The class of services that it is for: `gcp-memorystore-redis`.
    pub service_class: String,
    /// Subnets from which addresses are taken, sorted.
    pub subnets: Vec<ResourceId>,
    /// How many connections it allows; none if it sets no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Connections that it made or tried to make, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<PolicyConnection>,
}

/// A connection that a policy made, or tried to make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyConnection {
    /// The forwarding rule; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<ResourceId>,
    /// `ACTIVE`, `FAILED`, `CREATING`, …, as the cloud writes it.
    pub state: String,
    /// What went wrong, in the cloud's words; none if nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
