//! Networks and their subnets.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_netset::Cidr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// A VPC, virtual network or VPC network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region, `global` on Google Cloud.
    pub region: Region,
    /// Address ranges, sorted.
    pub cidrs: Vec<Cidr>,
    /// Whether the cloud's resolver answers in this network.
    pub dns_resolution: Fact<bool>,
    /// Whether the cloud gives host names to machines of this network.
    pub dns_host_names: Fact<bool>,
    /// The name servers that its machines are told to ask.
    pub dns_servers: Fact<DnsServers>,
    /// A switch that keeps the internet out, whatever the rules say.
    pub public_access_block: Fact<PublicAccessBlock>,
    /// Whether traffic that is not encrypted is dropped.
    pub encryption_control: Fact<EncryptionControl>,
    /// Labels, as their owner wrote them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Whom a network's machines ask for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DnsServers {
    /// The cloud's own resolver.
    Provider,
    /// Servers of the owner's.
    Custom(Vec<IpAddr>),
}

/// VPC Block Public Access and its like.
///
/// Source: Amazon VPC User Guide, "Block public access to VPCs and subnets".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PublicAccessBlock {
    /// Not in force.
    Off,
    /// Connections from the internet are dropped.
    Ingress,
    /// Connections from and to the internet are dropped.
    Bidirectional,
}

/// VPC Encryption Controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EncryptionControl {
    /// Not in force.
    Off,
    /// Watched, not enforced.
    Monitor,
    /// Traffic that is not encrypted is dropped.
    Enforce,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
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
    /// The network that it is part of.
    pub network: ResourceId,
    /// The availability zone; none where subnets span zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneName>,
    /// Address ranges, sorted.
    pub cidrs: Vec<Cidr>,
    /// The network ACL or NSG at its edge; none where it has none.
    pub filter: Fact<Option<ResourceId>>,
    /// The route table that its machines use; none where the cloud's
    /// built-in routes alone apply.
    pub route_table: Fact<Option<TableAssociation>>,
    /// Labels, as their owner wrote them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// An availability zone. The name differs between accounts of AWS, the id
/// does not.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct ZoneName {
    /// As the owner's account sees it: `eu-west-1a`.
    pub name: String,
    /// The same for all accounts: `euw1-az1`; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Which table, and by what right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableAssociation {
    /// The route table.
    pub table: ResourceId,
    /// True if the subnet names it, false if it is the network's main table.
    pub explicit: bool,
}
