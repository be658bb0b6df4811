//! What only a cache on Azure has.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::gap::{Gap, GapReason};
use crate::id::{Provider, ResourceId};
use crate::private::PrivateEndpointState;

/// What only a cache on Azure has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AzureCache {
    /// `sku.name` of Azure Cache for Redis: `Basic`, `Standard`, `Premium`;
    /// none for the other services, whose size says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// `sku.capacity` of an Enterprise cluster: how many units; none for the
    /// other services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The subnet that it is injected into; none for all other caches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injected_subnet: Option<ResourceId>,
    /// Its address in that subnet (`staticIP`); none for all other caches, or
    /// where the API does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injected_address: Option<IpAddr>,
    /// `publicNetworkAccess` as the API states it; none where it says
    /// nothing. What it comes to stands in the cache's `public_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_network_access: Option<bool>,
    /// Private endpoint connections as the cache's own side sees them,
    /// sorted by id.
    pub connections: Fact<Vec<PrivateConnection>>,
    /// Caches that it is geo-replicated with, sorted by id.
    pub linked: Fact<Vec<LinkedCache>>,
    /// `NoCluster`, `OSSCluster`, `EnterpriseCluster`; none where the service
    /// has no such policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clustering_policy: Option<String>,
    /// Availability zones that its owner chose, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// `zonalAllocationPolicy`: `Automatic`, `NoZones`, `UserDefined`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_allocation: Option<String>,
    /// `updateChannel`: `Stable`, `Preview`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_channel: Option<String>,
    /// `resourceState` of the cluster: `Running`, `Disabled`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_state: Option<String>,
    /// `identity.type`, by which it shows itself to other services: `None`,
    /// `SystemAssigned`, `UserAssigned` or both; none where that was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// A former host name that leads here since a migration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrated_endpoint: Option<String>,
    /// Categories of logs, or groups of them, that a diagnostic setting
    /// delivers (`ConnectedClientList`, `ConnectionEvents`, `allLogs`),
    /// sorted; of a cluster those that each of its databases delivers.
    #[serde(default = "not_asked")]
    pub logs: Fact<Vec<String>>,
}

/// A snapshot that says nothing was taken before they were asked for.
fn not_asked() -> Fact<Vec<String>> {
    Fact::unknown(Gap {
        provider: Provider::Azure,
        account: None,
        region: None,
        what: "diagnostic settings".to_owned(),
        why: GapReason::NotCollected,
        message: "the snapshot was taken by a version that does not ask for them".to_owned(),
        hides: vec![],
    })
}

/// A private endpoint connection, as the cache sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PrivateConnection {
    /// The cloud's id of the connection.
    pub id: ResourceId,
    /// The private endpoint; none where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<ResourceId>,
    /// Whether it carries traffic.
    pub state: PrivateEndpointState,
    /// The cloud's word for its making: `Succeeded`, `Failed`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisioning: Option<String>,
    /// Parts of the cache that it leads to: `redisCache`, `redisEnterprise`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// A cache that another one is geo-replicated with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkedCache {
    /// The other cache or database.
    pub id: ResourceId,
    /// The other's part in it: `Primary`, `Secondary`; none where all are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The cloud's word for the link: `Linked`, `Linking`, …; none where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The host name that always leads to the primary; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_host: Option<String>,
}
