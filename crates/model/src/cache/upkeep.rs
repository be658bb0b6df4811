//! Parameters, coming changes and updates of a cache.

use serde::{Deserialize, Serialize};

use crate::cache::TransitEncryption;
use crate::gap::Gap;
use crate::id::ResourceId;
use crate::time::Timestamp;

/// A named set of parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ParameterGroup {
    /// Its name.
    pub name: String,
    /// The cloud's word for whether all nodes use it as it is: `in-sync`.
    pub status: String,
}

/// Changes that are on their way. What is absent does not change, or may
/// change without being seen: see [`PendingChanges::unread`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PendingChanges {
    /// Encryption of connections will be this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transit_encryption: Option<TransitEncryption>,
    /// What happens to the AUTH token: `SETTING`, `ROTATING`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_token: Option<String>,
    /// The size will be this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_type: Option<String>,
    /// The engine will have this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// User groups that are added, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups_added: Vec<ResourceId>,
    /// User groups that are removed, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups_removed: Vec<ResourceId>,
    /// Nodes that are removed, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes_removed: Vec<String>,
    /// Why there may be more; none if every change that is on its way stands
    /// here. What stands here is so either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Box<Gap>>,
}

impl PendingChanges {
    /// A change of one kind, or that none is on its way.
    ///
    /// # Errors
    ///
    /// The gap, where a change may have gone unseen.
    pub fn known<T>(&self, change: Option<T>) -> Result<Option<T>, &Gap> {
        match (change, &self.unread) {
            (None, Some(gap)) => Err(gap),
            (change, _) => Ok(change),
        }
    }

    /// Whether it is known that nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An update that the service offers or demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceUpdate {
    /// The cloud's name for it.
    pub name: String,
    /// The cloud's word: `critical`, `important`, `medium`, `low`.
    pub severity: String,
    /// The cloud's word: `security-update`.
    pub kind: String,
    /// The cloud's word: `not-applied`, `complete`.
    pub status: String,
    /// By when the service asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_by: Option<Timestamp>,
    /// Whether it was applied in time; none where the cloud does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}
