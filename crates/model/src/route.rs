//! Route tables: where a network sends a packet next.

use cachewarden_netset::Cidr;
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// A route table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
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
    /// The network that it is part of.
    pub network: ResourceId,
    /// Whether it serves the subnets that name no table.
    pub main: bool,
    /// Azure: whether routes that a gateway learned are taken too
    /// (`disableBgpRoutePropagation` is their refusal); none where the cloud
    /// has no such switch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagation: Option<bool>,
    /// All routes, those that the cloud adds included; on Azure those of the
    /// owner alone, since the API does not list the others.
    pub routes: Fact<Vec<Route>>,
}

/// One line of a route table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Which packets.
    pub destination: Destination,
    /// Where to.
    pub target: RouteTarget,
    /// Whether the target carries traffic.
    pub state: RouteState,
    /// Who wrote it.
    pub origin: RouteOrigin,
    /// The cloud's name for the line; none where lines have no names (AWS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Google Cloud's tie-breaker, lower first; none elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
    /// Google Cloud: only machines with one of these tags; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// Which packets a route takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// A range.
    Cidr(Cidr),
    /// Every range of a prefix list.
    PrefixList(ResourceId),
}

/// Where a route sends packets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RouteTarget {
    /// Stays in the network.
    Local,
    /// The internet, by a gateway that both sides can use.
    InternetGateway(ResourceId),
    /// The internet, for connections from inside only.
    EgressOnlyGateway(ResourceId),
    /// A gateway that translates source addresses.
    NatGateway(ResourceId),
    /// A peering.
    Peering(ResourceId),
    /// A transit router.
    TransitRouter(ResourceId),
    /// A gateway to private lines and VPNs.
    VpnGateway(ResourceId),
    /// A firewall or load balancer endpoint (`vpce-…`).
    Endpoint(ResourceId),
    /// An interface of a machine that forwards.
    Interface(ResourceId),
    /// An address of a machine that forwards.
    Appliance(std::net::IpAddr),
    /// The internet, without a gateway resource.
    Internet,
    /// Nowhere: packets are dropped on purpose.
    Drop,
    /// Something else, named as the cloud does.
    Other(String),
}

impl RouteTarget {
    /// The id of the target, where it is a resource.
    pub fn id(&self) -> Option<&ResourceId> {
        match self {
            Self::InternetGateway(id)
            | Self::EgressOnlyGateway(id)
            | Self::NatGateway(id)
            | Self::Peering(id)
            | Self::TransitRouter(id)
            | Self::VpnGateway(id)
            | Self::Endpoint(id)
            | Self::Interface(id) => Some(id),
            Self::Local | Self::Appliance(_) | Self::Internet | Self::Drop | Self::Other(_) => None,
        }
    }
}

/// Whether a route carries traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RouteState {
    /// It does.
    Active,
    /// Its target is gone: packets that it takes are dropped, and no shorter
    /// prefix is tried.
    Blackhole,
    /// The cloud left it out.
    Filtered,
}

/// Who wrote a route.
///
/// The order is that of preference among routes of one prefix: static before
/// prefix list before propagated.
/// Source: Amazon VPC User Guide, "Route priority".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RouteOrigin {
    /// The cloud, for the network's own ranges.
    Local,
    /// The owner.
    Static,
    /// A gateway that learned it.
    Propagated,
}
