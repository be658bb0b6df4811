//! What only a cache on Google Cloud has.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, ResourceId};
use crate::time::Timestamp;

/// What only a cache on Google Cloud has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GcpCache {
    /// `DIRECT_PEERING` or `PRIVATE_SERVICE_ACCESS`; none for caches behind
    /// Private Service Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_mode: Option<String>,
    /// The allocated range, as the cloud writes it: a range of addresses, or
    /// the name of an allocated range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_range: Option<String>,
    /// The range of read replicas that were added later, written likewise,
    /// or `auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary_range: Option<String>,
    /// Why it is suspended, sorted; empty if it is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspension_reasons: Vec<String>,
    /// Whether it is protected against deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_protection: Option<bool>,
    /// `BASIC` or `STANDARD_HA`; none for clusters and Valkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// `memorySizeGb`; none for clusters and Valkey, whose node type says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_gb: Option<u32>,
    /// Private Service Connect connections that the cache knows of, sorted by
    /// network and address; empty for instances behind a peering.
    #[serde(default = "no_connections")]
    pub connections: Fact<Vec<PscConnection>>,
    /// Service attachments that endpoints of one's own may lead to, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// `serverCaMode`, as the cloud writes it; none where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_mode: Option<String>,
    /// Certificate authorities that sign the server's certificates, sorted by
    /// their end; empty where connections are not encrypted.
    #[serde(default = "no_authorities")]
    pub authorities: Fact<Vec<Authority>>,
    /// State of the customer's key: `ENABLED`, `DISABLED`, …; none where
    /// there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_state: Option<String>,
    /// Its part in a replication across regions: `NONE`, `PRIMARY`,
    /// `SECONDARY`; none where it has no part in any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication_role: Option<String>,
    /// State of a migration into it; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<String>,
    /// What the cloud says beside the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// When maintenance that is announced begins; none where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_starts: Option<Timestamp>,
}

impl Default for GcpCache {
    fn default() -> Self {
        Self {
            connect_mode: None,
            reserved_range: None,
            secondary_range: None,
            suspension_reasons: vec![],
            deletion_protection: None,
            tier: None,
            memory_gb: None,
            connections: no_connections(),
            attachments: vec![],
            authority_mode: None,
            authorities: no_authorities(),
            key_state: None,
            replication_role: None,
            migration: None,
            status_message: None,
            maintenance_starts: None,
        }
    }
}

/// A snapshot that says nothing was taken where there are none.
fn no_connections() -> Fact<Vec<PscConnection>> {
    Fact::Default(vec![])
}

/// A snapshot that says nothing was taken where there are none.
fn no_authorities() -> Fact<Vec<Authority>> {
    Fact::Default(vec![])
}

/// A Private Service Connect connection, as the cache sees it. Whether it
/// carries traffic is said by its forwarding rule, where that was read.
///
/// Source: `google/cloud/redis/cluster/v1/cloud_redis_cluster.proto` and
/// `google/cloud/memorystore/v1/memorystore.proto`, "PscConnection".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PscConnection {
    /// The network in which its address is; by it alone clients reach it.
    pub network: ResourceId,
    /// The address; none while there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The port, where the cloud tells: 6379 for all but the second
    /// connection of a cluster, which carries the node ports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What it is for: `DISCOVERY`, `PRIMARY`, `READER`; none for the second
    /// connection of a cluster, which clients need as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The project of the forwarding rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<AccountId>,
    /// The forwarding rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<ResourceId>,
    /// The service attachment that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<String>,
    /// The cloud's number for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// `ACTIVE`, `NOT_FOUND`, as the cache saw it last; none if it was not
    /// told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether a service connection policy made it; false where its owner
    /// made and registered it.
    pub automatic: bool,
}

/// A certificate authority.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// When it ends.
    pub expires: Timestamp,
    /// When it began; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<Timestamp>,
    /// Its serial number; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}
