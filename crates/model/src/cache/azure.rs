//! What only a cache on Azure has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What only a cache on Azure has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AzureCache {
    /// The subnet that it is injected into; none for all other caches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injected_subnet: Option<ResourceId>,
    /// Private endpoints that its owner knows of, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub private_endpoints: Vec<ResourceId>,
    /// Caches that it is geo-replicated with, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<ResourceId>,
    /// `NoCluster`, `OSSCluster`, `EnterpriseCluster`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clustering_policy: Option<String>,
}
