//! `Microsoft.Cache/redisEnterprise`, version 2025-07-01: Redis Enterprise
//! and Azure Managed Redis.

use serde::Deserialize;

use super::{Reference, nullable, redis};

/// What a cluster has besides its properties.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ClusterParts {
    pub(crate) sku: Sku,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) zones: Vec<String>,
    pub(crate) properties: Cluster,
}

/// The size.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Sku {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) capacity: Option<u32>,
}

/// Properties of a cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cluster {
    #[serde(default)]
    pub(crate) host_name: Option<String>,
    #[serde(default)]
    pub(crate) minimum_tls_version: Option<String>,
    #[serde(default)]
    pub(crate) public_network_access: Option<String>,
    #[serde(default)]
    pub(crate) high_availability: Option<String>,
    #[serde(default)]
    pub(crate) redundancy_mode: Option<String>,
    #[serde(default)]
    pub(crate) provisioning_state: Option<String>,
    #[serde(default)]
    pub(crate) resource_state: Option<String>,
    #[serde(default)]
    pub(crate) redis_version: Option<String>,
    #[serde(default)]
    pub(crate) migrated_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) encryption: Option<Encryption>,
    /// None where the answer does not tell.
    #[serde(default)]
    pub(crate) private_endpoint_connections: Option<Vec<redis::PrivateEndpointConnection>>,
}

/// Encryption of data on disk.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Encryption {
    #[serde(default)]
    pub(crate) customer_managed_key_encryption: Option<CustomerKey>,
}

/// The owner's own key.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerKey {
    #[serde(default)]
    pub(crate) key_encryption_key_url: Option<String>,
}

/// Properties of a database.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Database {
    #[serde(default)]
    pub(crate) port: Option<u16>,
    #[serde(default)]
    pub(crate) client_protocol: Option<String>,
    #[serde(default)]
    pub(crate) clustering_policy: Option<String>,
    #[serde(default)]
    pub(crate) eviction_policy: Option<String>,
    #[serde(default)]
    pub(crate) access_keys_authentication: Option<String>,
    #[serde(default)]
    pub(crate) resource_state: Option<String>,
    #[serde(default)]
    pub(crate) redis_version: Option<String>,
    #[serde(default)]
    pub(crate) geo_replication: Option<GeoReplication>,
}

/// Databases that replicate each other.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GeoReplication {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) linked_databases: Vec<LinkedDatabase>,
}

/// One of them.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LinkedDatabase {
    #[serde(flatten)]
    pub(crate) database: Reference,
    #[serde(default)]
    pub(crate) state: Option<String>,
}

/// Properties of an access policy assignment of a database.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assignment {
    pub(crate) user: User,
    #[serde(default)]
    pub(crate) access_policy_name: Option<String>,
    #[serde(default)]
    pub(crate) access_string: Option<String>,
    #[serde(default)]
    pub(crate) provisioning_state: Option<String>,
}

/// Who is assigned.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) object_id: String,
}
