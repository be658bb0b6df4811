//! Interfaces: where clients connect from, and the members of groups.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_netset::Cidr;
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// A network interface.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The network.
    pub network: ResourceId,
    /// The subnet.
    pub subnet: ResourceId,
    /// What it belongs to.
    pub kind: InterfaceKind,
    /// The thing behind it; none if it is not attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached_to: Option<Attachment>,
    /// Private addresses, the primary one first.
    pub addresses: Vec<IpAddr>,
    /// Private ranges that were handed to it whole (prefix delegation).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<Cidr>,
    /// Public addresses that stand for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_addresses: Vec<IpAddr>,
    /// Filters on the interface itself, sorted.
    pub filters: Fact<Vec<ResourceId>>,
    /// Groups that are no filters (Azure application security groups), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ResourceId>,
    /// Network tags of the machine (Google Cloud), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network_tags: Vec<String>,
    /// The identity that the machine runs as (Google Cloud).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// What only Google Cloud has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gcp: Option<Box<crate::network::GcpInterface>>,
    /// Whether it drops packets that are neither from nor to its own
    /// addresses; false for machines that forward.
    pub address_check: Fact<bool>,
    /// Seconds after which the tracking of an idle TCP connection is
    /// forgotten, where its owner set them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_idle_seconds: Option<u32>,
    /// What the owner or the service wrote beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Labels, as their owner wrote them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// What an interface belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InterfaceKind {
    /// A machine, or a container with an interface of its own.
    Machine,
    /// A pod with an interface of its own (AWS branch interface).
    Pod,
    /// Functions that share it (Lambda).
    Function,
    /// A load balancer that opens connections of its own to its targets.
    LoadBalancer,
    /// A node of a cache.
    CacheNode,
    /// A gateway that translates source addresses.
    NatGateway,
    /// An attachment of a transit router.
    TransitRouter,
    /// A private endpoint of a service.
    PrivateEndpoint,
    /// A serverless connector.
    Connector,
    /// Something else that the cloud runs; its own word for it.
    Service(String),
}

impl InterfaceKind {
    /// The name that all formats use.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Machine => "machine",
            Self::Pod => "pod",
            Self::Function => "function",
            Self::LoadBalancer => "load-balancer",
            Self::CacheNode => "cache-node",
            Self::NatGateway => "nat-gateway",
            Self::TransitRouter => "transit-router",
            Self::PrivateEndpoint => "private-endpoint",
            Self::Connector => "connector",
            Self::Service(word) => word,
        }
    }

    /// Whether something behind it may open connections to a cache. Nodes,
    /// gateways and endpoints of services only answer or pass on.
    pub fn is_client(&self) -> bool {
        match self {
            Self::Machine
            | Self::Pod
            | Self::Function
            | Self::LoadBalancer
            | Self::Connector
            | Self::Service(_) => true,
            Self::CacheNode | Self::NatGateway | Self::TransitRouter | Self::PrivateEndpoint => {
                false
            }
        }
    }
}

/// The thing behind an interface.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The cloud's id: `i-…`, or what the service calls itself.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Whether it runs.
    pub state: Fact<RunState>,
    /// Its operating system, as far as it settles source ports.
    pub platform: Fact<Platform>,
    /// The machine's type, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_type: Option<String>,
}

/// Whether a machine runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// It does.
    Running,
    /// It is there and does not run.
    Stopped,
    /// Neither, or on the way; the cloud's word.
    Other(String),
}

impl RunState {
    /// The name that all formats use.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Other(word) => word,
        }
    }
}

/// What chooses a client's source ports.
///
/// Source: Amazon VPC User Guide, "Ephemeral ports".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Linux: 32768-60999.
    Linux,
    /// Windows: 49152-65535.
    Windows,
    /// A service of the cloud (NAT, Lambda, load balancer): 1024-65535.
    Managed,
}
