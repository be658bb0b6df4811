//! What only a cache on Google Cloud has.

use serde::{Deserialize, Serialize};

/// What only a cache on Google Cloud has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GcpCache {
    /// `DIRECT_PEERING` or `PRIVATE_SERVICE_ACCESS`; none for caches behind
    /// Private Service Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_mode: Option<String>,
    /// The allocated range, as the cloud writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_range: Option<String>,
    /// Why it is suspended, sorted; empty if it is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspension_reasons: Vec<String>,
    /// Whether it is protected against deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_protection: Option<bool>,
}
