//! Encryption, authentication and public access of a cache.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// Whether connections are encrypted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TransitEncryption {
    /// Never.
    Disabled,
    /// If the client wants; plaintext is taken too.
    Preferred,
    /// Always.
    Required,
}

/// A TLS version, in order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum TlsVersion {
    /// TLS 1.0.
    #[serde(rename = "1.0")]
    V1_0,
    /// TLS 1.1.
    #[serde(rename = "1.1")]
    V1_1,
    /// TLS 1.2.
    #[serde(rename = "1.2")]
    V1_2,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    V1_3,
}

impl TlsVersion {
    /// The number that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

/// Whether data on disk is encrypted, and whose key it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AtRestEncryption {
    /// It is not.
    Disabled,
    /// With a key of the service.
    ServiceKey,
    /// With a key of the customer.
    CustomerKey(ResourceId),
}

/// What a client must bring to be let in. The ways are alternatives: a cache
/// without token and groups lets everybody in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authentication {
    /// One secret for all clients (AUTH token, access key).
    pub token: bool,
    /// Groups of users (ElastiCache user group, MemoryDB ACL), sorted.
    pub groups: Vec<ResourceId>,
    /// A token of the cloud's identity service.
    pub identity: bool,
}

/// Whether a cache has an address on the internet.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PublicAccess {
    /// The service has none to give (AWS, Google Cloud).
    NotOffered,
    /// It is switched off.
    Disabled,
    /// It is switched on.
    Enabled,
}
