//! Traffic of the cloud's own that a cache depends on.

use serde::Serialize;

use crate::filter::Direction;
use crate::gap::Gap;
use crate::id::{ResourceId, RuleId};

/// What the filters and routes around a cache do with the traffic that the
/// cloud itself needs there: replication among its nodes, health probes,
/// certificates, monitoring. Only a cache that is injected into a network of
/// its owner's (Azure Cache for Redis, Premium) depends on such rules.
///
/// Source: Azure Cache for Redis, "Configure virtual network support", list
/// of inbound and outbound ports.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PlatformTraffic {
    /// What certainly does not pass, in the order of the cloud's table;
    /// empty where nothing is known to be stopped.
    pub stopped: Vec<PlatformNeed>,
    /// What may not pass, in the same order.
    pub unsettled: Vec<PlatformNeed>,
    /// Why that is not known, sorted; empty if nothing is unsettled.
    pub gaps: Vec<Gap>,
}

/// One line of the cloud's table, or the part of it that is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlatformNeed {
    /// Seen from the cache's subnet.
    pub direction: Direction,
    /// Protocol and ports in words: `tcp 10221-10231`.
    pub traffic: String,
    /// The far side in words: `AzureLoadBalancer`, `the cache's subnet`.
    pub peer: String,
    /// What it is for, in words.
    pub purpose: &'static str,
    /// Whether it is a health probe: without one the load balancer sends the
    /// node no new connections.
    pub probe: bool,
    /// What stops it: a filter or a route table; none where that is not
    /// settled.
    pub by: Option<ResourceId>,
    /// Which line of that; none where that is not settled.
    pub rule: Option<RuleId>,
}
