//! One managed Redis or Valkey.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::gap::{Gap, GapReason};
use crate::id::{AccountId, Provider, Region, ResourceId};
use crate::metric::Metric;
use crate::time::Timestamp;

pub mod aws;
pub mod azure;
pub mod gcp;
mod security;
mod upkeep;

pub use aws::AwsCache;
pub use azure::{AzureCache, LinkedCache, PrivateConnection};
pub use gcp::{Authority, GcpCache, PscConnection};
pub use security::{AtRestEncryption, Authentication, PublicAccess, TlsVersion, TransitEncryption};
pub use upkeep::{ParameterGroup, PendingChanges, ServiceUpdate};

/// One managed Redis or Valkey: a replication group, a stand-alone node, a
/// serverless cache, a MemoryDB cluster, an Azure cache, a Memorystore
/// instance or cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The service that runs it.
    pub service: Service,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// Labels, as their owner wrote them. Unknown in snapshots that were
    /// written before this was a fact and hold none.
    #[serde(default = "unread_tags", deserialize_with = "crate::fact::or_plain")]
    pub tags: Fact<BTreeMap<String, String>>,
    /// Redis or Valkey.
    pub engine: Fact<Engine>,
    /// Version of the engine.
    pub engine_version: Fact<Version>,
    /// The size, as the cloud names it: `cache.t4g.micro`, `P1`.
    pub node_type: Fact<String>,
    /// Whether it takes connections.
    pub status: Fact<Status>,
    /// The network that it is in.
    pub network: Fact<ResourceId>,
    /// Every subnet that a node may be in, sorted.
    pub subnets: Fact<Vec<ResourceId>>,
    /// Filters on its nodes, sorted; the service's own firewall is one.
    pub filters: Fact<Vec<ResourceId>>,
    /// The address families that it listens on.
    pub families: Fact<IpFamilies>,
    /// Its nodes, sorted by id.
    pub nodes: Vec<Node>,
    /// What a client may connect to by name and port.
    pub endpoints: Vec<Endpoint>,
    /// Whether it speaks the cluster protocol.
    pub cluster_mode: Fact<ClusterMode>,
    /// Whether connections are encrypted.
    pub transit_encryption: Fact<TransitEncryption>,
    /// The lowest TLS version that it takes.
    pub tls_min: Fact<TlsVersion>,
    /// Whether data on disk is encrypted.
    pub at_rest_encryption: Fact<AtRestEncryption>,
    /// What a client must bring.
    pub authentication: Fact<Authentication>,
    /// Whether a client that brings nothing is let in.
    pub anonymous_access: Fact<bool>,
    /// Whether it has an address on the internet.
    pub public_access: Fact<PublicAccess>,
    /// Whether a replica takes over by itself.
    pub automatic_failover: Fact<Failover>,
    /// Whether its nodes are spread over zones.
    pub multi_zone: Fact<bool>,
    /// How many shards.
    pub shards: Fact<u32>,
    /// The least number of replicas that a shard has.
    pub replicas: Fact<u32>,
    /// For how many days backups are kept; 0 means none are made.
    pub backup_days: Fact<u32>,
    /// Whether minor versions are applied by themselves.
    pub minor_upgrades: Fact<bool>,
    /// When maintenance may happen, in UTC: `sun:05:00-sun:06:00`; several
    /// windows are separated by `, `. A whole week, `mon:00:00-mon:00:00`,
    /// where it may happen at any time, for its owner chose no window (Azure).
    pub maintenance_window: Fact<String>,
    /// The parameter group, where the service has them.
    pub parameter_group: Fact<Option<ParameterGroup>>,
    /// Parameters of the engine that bear on connections.
    pub parameters: Fact<BTreeMap<String, String>>,
    /// Changes that are on their way.
    #[serde(default, skip_serializing_if = "PendingChanges::is_empty")]
    pub pending: PendingChanges,
    /// Updates that the service offers.
    pub updates: Fact<Vec<ServiceUpdate>>,
    /// Measured values, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric>,
    /// The date from which the certificate authority is no longer valid;
    /// none where the provider renews it without the client's doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_expires: Option<Timestamp>,
    /// What only AWS has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aws: Option<aws::AwsCache>,
    /// What only Azure has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure: Option<azure::AzureCache>,
    /// What only Google Cloud has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gcp: Option<gcp::GcpCache>,
}

/// The labels of a cache whose snapshot does not speak of them.
fn unread_tags() -> Fact<BTreeMap<String, String>> {
    Fact::unknown(Gap {
        provider: Provider::Aws,
        account: None,
        region: None,
        what: "tags of caches".to_owned(),
        why: GapReason::NotCollected,
        message: "the snapshot does not say which labels the cache has".to_owned(),
        hides: vec![],
    })
}

/// The service that runs a cache.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Amazon ElastiCache with nodes of one's own.
    #[serde(rename = "elasticache")]
    ElastiCache,
    /// Amazon ElastiCache Serverless.
    #[serde(rename = "elasticache-serverless")]
    ElastiCacheServerless,
    /// Amazon MemoryDB.
    #[serde(rename = "memorydb")]
    MemoryDb,
    /// Azure Cache for Redis (Basic, Standard, Premium).
    AzureCache,
    /// Azure Cache for Redis Enterprise.
    AzureEnterprise,
    /// Azure Managed Redis.
    AzureManaged,
    /// Memorystore for Redis.
    MemorystoreRedis,
    /// Memorystore for Redis Cluster.
    MemorystoreCluster,
    /// Memorystore for Valkey.
    MemorystoreValkey,
}

impl Service {
    /// The cloud that offers it.
    pub fn provider(self) -> Provider {
        match self {
            Self::ElastiCache | Self::ElastiCacheServerless | Self::MemoryDb => Provider::Aws,
            Self::AzureCache | Self::AzureEnterprise | Self::AzureManaged => Provider::Azure,
            Self::MemorystoreRedis | Self::MemorystoreCluster | Self::MemorystoreValkey => {
                Provider::Gcp
            }
        }
    }

    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ElastiCache => "elasticache",
            Self::ElastiCacheServerless => "elasticache-serverless",
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

/// What runs inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Redis.
    Redis,
    /// Valkey.
    Valkey,
}

/// A version as dotted numbers, compared number by number (`7.10` is above
/// `7.2`); what is no number is compared as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Version(pub String);

impl Version {
    /// The first number; none if there is none.
    pub fn major(&self) -> Option<u32> {
        self.0.split('.').next()?.parse().ok()
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut left = self.0.split('.');
        let mut right = other.0.split('.');
        loop {
            let ordering = match (left.next(), right.next()) {
                (None, None) => return self.0.cmp(&other.0),
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                    (Ok(a), Ok(b)) => a.cmp(&b),
                    _ => a.cmp(b),
                },
            };
            if ordering != Ordering::Equal {
                return ordering;
            }
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a cache takes connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The cloud's word, as it writes it: `available`, `CREATE-FAILED`.
    pub text: String,
    /// What it means for a client.
    pub phase: Phase,
}

/// What a status means for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Connections are taken.
    Serving,
    /// Connections are taken, with interruptions while the change lasts.
    Changing,
    /// Connections are taken, but what fails cannot be replaced.
    Impaired,
    /// There is nothing to connect to yet.
    Creating,
    /// There is nothing to connect to any more, or never will be.
    Gone,
    /// A word that this version does not know.
    Unclear,
}

/// The address families that a cache listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum IpFamilies {
    /// IPv4 alone.
    Ipv4,
    /// IPv6 alone.
    Ipv6,
    /// Both.
    DualStack,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The cloud's id: member cluster and node.
    pub id: String,
    /// The shard that it is part of, where there are shards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// Its availability zone, as the owner's account names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Every subnet that it may be in, sorted; one if its place is known.
    pub subnets: Fact<Vec<ResourceId>>,
    /// Its addresses. Unknown does not hinder an answer: then every address
    /// of its subnets is judged.
    pub addresses: Fact<Vec<IpAddr>>,
    /// Its own host name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The cloud's word for its state, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// What a client may connect to by name and port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// What it is for.
    pub role: EndpointRole,
    /// The host name; none while the cloud has not given it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The port.
    pub port: u16,
    /// Whether connections to this port are encrypted, where the cache has
    /// ports that differ in it (Azure); else the cache's own setting holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<TransitEncryption>,
    /// Ids of the nodes that may answer; a client needs all of them.
    pub nodes: Vec<String>,
    /// The network that alone has this endpoint, where a cache has endpoints
    /// of its own in several (Private Service Connect).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<ResourceId>,
    /// Further ports of its nodes that a client needs after the first
    /// answer (shard and node ports), as ranges; empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_ports: Vec<cachewarden_netset::PortRange>,
}

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EndpointRole {
    /// Any node that may become the primary.
    Primary,
    /// Any replica.
    Reader,
    /// Where a cluster client starts.
    Configuration,
    /// One node.
    Node,
    /// Where a cluster client starts (Google Cloud).
    Discovery,
    /// A database (Azure).
    Database,
}

impl EndpointRole {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Reader => "reader",
            Self::Configuration => "configuration",
            Self::Node => "node",
            Self::Discovery => "discovery",
            Self::Database => "database",
        }
    }
}

/// Whether a cache speaks the cluster protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ClusterMode {
    /// It does not.
    Disabled,
    /// It does.
    Enabled,
    /// It serves both kinds of client, on the way from one to the other.
    Compatible,
}

/// Whether a replica takes over by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Failover {
    /// It does.
    Enabled,
    /// It does not.
    Disabled,
    /// It will.
    Enabling,
    /// It will not any longer.
    Disabling,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_number_by_number() {
        let version = |text: &str| Version(text.into());
        assert!(version("7.10") > version("7.2"));
        assert!(version("7") < version("7.0"));
        assert!(version("5.0.6") < version("6.x"));
        assert_eq!(version("6.2").major(), Some(6));
    }
}
