//! What only a cache on AWS has.

use serde::{Deserialize, Serialize};

use crate::gap::Gap;

/// What only a cache on AWS has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AwsCache {
    /// Cache clusters of a replication group, sorted; the one cluster of a
    /// stand-alone node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// True for a replication group, false for a stand-alone node.
    pub replication_group: bool,
    /// Subnet group, where the service has them. `default` is the group over
    /// the default VPC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet_group: Option<String>,
    /// EC2-Classic cache security groups, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cache_security_groups: Vec<String>,
    /// The global datastore or multi-Region cluster that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_datastore: Option<String>,
    /// Its part in it: `PRIMARY`, `SECONDARY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_role: Option<String>,
    /// The family of addresses that cluster discovery answers without TLS:
    /// `ipv4`, `ipv6`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_discovery: Option<String>,
    /// Log types that are delivered (`slow-log`, `engine-log`), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
    /// Whether part of the data lives on SSD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_tiering: Option<bool>,
    /// The topic that is told of events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_topic: Option<String>,
    /// Why its cache clusters, which alone tell the subnet group, the cache
    /// security groups, the topic and (with the replication group) the logs,
    /// were not read; none if they were, or if it has none. What stands above
    /// is so either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Box<Gap>>,
}
