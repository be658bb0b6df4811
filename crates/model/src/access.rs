//! Who may log in to a cache: users and groups of users. Never a password.

use serde::{Deserialize, Serialize};

use crate::cache::Service;
use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// A user of caches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CacheUser {
    /// The cloud's id.
    pub id: ResourceId,
    /// The name that a client logs in with.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The service whose caches it is for.
    pub service: Service,
    /// The cloud's word: `active`.
    pub status: String,
    /// What it may do, as Redis writes it: `on ~app:* +@read`.
    pub access: Fact<String>,
    /// How it proves itself.
    pub authentication: Fact<UserAuthentication>,
}

/// How a user proves itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UserAuthentication {
    /// By one of so many passwords.
    Password {
        /// How many are set.
        count: u32,
    },
    /// Not at all.
    NoPassword,
    /// By a token of the cloud's identity service.
    Identity,
    /// In a way that this version does not know.
    Other(String),
}

/// A group of users that a cache admits: an ElastiCache user group or a
/// MemoryDB ACL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UserGroup {
    /// The cloud's id; a MemoryDB ACL's name.
    pub id: ResourceId,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The service whose caches it is for.
    pub service: Service,
    /// The engine that it is for, where the cloud tells: `redis`, `valkey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The cloud's word: `active`.
    pub status: String,
    /// Ids of its users, sorted.
    pub users: Vec<ResourceId>,
    /// Users that a change in progress adds, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adding: Vec<ResourceId>,
    /// Users that a change in progress removes, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removing: Vec<ResourceId>,
}
