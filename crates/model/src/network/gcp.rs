//! What only networks, subnets, interfaces and rules on Google Cloud have.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_netset::{Cidr, Protocol};
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::filter::Peer;
use crate::id::{AccountId, Region, ResourceId};
use crate::link::LinkState;

/// What only a network on Google Cloud has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GcpNetwork {
    /// Where the network's own rules stand among the policies.
    pub order: FirewallOrder,
    /// For each region in which the network has a subnet: the filters that
    /// its machines there are judged by, in the order in which they are
    /// asked. The first whose rule allows or denies decides; what none
    /// decides is let out, and not let in.
    ///
    /// Source: Cloud NGFW, "Firewall policy rule evaluation order".
    pub filters: BTreeMap<Region, Fact<Vec<ResourceId>>>,
    /// Routes that are asked before all others, by priority, lower first.
    pub policy_routes: Fact<Vec<PolicyRoute>>,
    /// Whether routes that a Cloud Router learned hold in all regions
    /// (`routingMode` `GLOBAL`), or in the router's alone.
    pub global_routing: bool,
    /// The Network Connectivity Center hub that it is a spoke of; none where
    /// it is none.
    pub hub: Fact<Option<HubSpoke>>,
    /// Ranges that were allocated for services of private services access,
    /// sorted by name.
    pub allocated: Fact<Vec<AllocatedRange>>,
    /// VPN tunnels and interconnect attachments, sorted by id: by them
    /// machines elsewhere may come in.
    pub hybrid: Fact<Vec<HybridLink>>,
    /// Cloud Routers, sorted by id.
    pub routers: Fact<Vec<CloudRouter>>,
    /// Projects that use it by Shared VPC, sorted; empty where none does.
    pub shared_with: Fact<Vec<AccountId>>,
    /// A network without subnets, as they were made until 2019.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub legacy: bool,
}

/// Where a network's own rules stand among the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FirewallOrder {
    /// `AFTER_CLASSIC_FIREWALL`, which holds too where the cloud says
    /// nothing: the network's own rules before network policies.
    PoliciesLast,
    /// `BEFORE_CLASSIC_FIREWALL`: network policies before the network's own
    /// rules.
    PoliciesFirst,
}

/// A route that is chosen by more than the destination.
///
/// Source: Virtual Private Cloud, "Policy-based routes": no longest prefix,
/// the lowest priority number alone decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyRoute {
    /// The cloud's id.
    pub id: ResourceId,
    /// Place in the order, lower first.
    pub priority: u32,
    /// Packets from these addresses.
    pub source: Cidr,
    /// Packets to these addresses.
    pub destination: Cidr,
    /// Packets of this protocol.
    pub protocol: Protocol,
    /// Whose packets.
    pub scope: PolicyRouteScope,
    /// Where to.
    pub next: PolicyRouteNext,
    /// Whether it is in force.
    pub state: LinkState,
}

/// Whose packets a policy-based route takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PolicyRouteScope {
    /// Those of all machines, tunnels and attachments of the network.
    All,
    /// Those of machines with one of these tags.
    Tags(Vec<String>),
    /// Those that come in by the interconnect attachments of a region;
    /// `all` for every region.
    Interconnect(String),
}

/// Where a policy-based route sends packets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PolicyRouteNext {
    /// To where the other routes say (`DEFAULT_ROUTING`).
    Default,
    /// To an internal load balancer, whose machines may do anything with them.
    LoadBalancer(IpAddr),
    /// Somewhere else, named as the cloud does.
    Other(String),
}

/// A network as a spoke of a hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HubSpoke {
    /// The hub.
    pub hub: ResourceId,
    /// The spoke.
    pub spoke: ResourceId,
    /// Whether the spoke is in force.
    pub state: LinkState,
    /// Whether Private Service Connect endpoints are offered to other spokes
    /// (`exportPsc` of the hub).
    pub exports_psc: Fact<bool>,
    /// The group of the hub that the spoke is in; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// `preset_topology` of the hub: `MESH`, `STAR`, …; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topology: Option<String>,
    /// Ranges that it offers to the hub; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub included: Vec<Cidr>,
    /// Ranges that it does not offer to the hub.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Cidr>,
}

/// A range that was allocated for services of private services access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AllocatedRange {
    /// The cloud's id.
    pub id: ResourceId,
    /// Its name, by which caches name it.
    pub name: String,
    /// The range.
    pub range: Cidr,
}

/// A link to machines elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HybridLink {
    /// The cloud's id.
    pub id: ResourceId,
    /// What it is.
    pub kind: HybridKind,
    /// Its region.
    pub region: Region,
    /// The Cloud Router that it uses; none where routes are written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub router: Option<ResourceId>,
    /// Whether it carries traffic.
    pub state: LinkState,
}

/// What a link to machines elsewhere is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HybridKind {
    /// A VPN tunnel.
    VpnTunnel,
    /// A VLAN attachment of an interconnect.
    Interconnect,
}

/// A Cloud Router: what it tells the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CloudRouter {
    /// The cloud's id.
    pub id: ResourceId,
    /// Its region.
    pub region: Region,
    /// Whether it tells the other side of the network's subnets, on at least
    /// one session.
    pub advertises_subnets: bool,
    /// Further ranges that it tells the other side of, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advertises: Vec<Cidr>,
}

/// What only a subnet on Google Cloud has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GcpSubnet {
    /// `PRIVATE`, `PRIVATE_SERVICE_CONNECT`, `REGIONAL_MANAGED_PROXY`, …;
    /// none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Secondary ranges by name: addresses of pods and services. They stand
    /// among the subnet's ranges as well.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secondary: BTreeMap<String, Cidr>,
    /// Whether routes may be more specific than the subnet
    /// (`allowSubnetCidrRoutesOverlap`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub routes_may_overlap: bool,
}

/// What only an interface on Google Cloud has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GcpInterface {
    /// What the machine's identity may be used for (access scopes), sorted;
    /// empty where it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// What a serverless service sends into the network:
    /// `PRIVATE_RANGES_ONLY`, `ALL_TRAFFIC`; none for machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub egress: Option<String>,
    /// Why its network tags are not all of them; none where they are. The
    /// cloud gives tags of its own to what it runs (connectors).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags_unread: Option<Box<crate::gap::Gap>>,
}

/// What only a rule on Google Cloud has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GcpRule {
    /// Networks whose machines it judges, sorted; empty means all that the
    /// filter guards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<ResourceId>,
    /// Near addresses besides the target: sources of a rule on the way out,
    /// destinations of one on the way in; empty means all. Both must match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<Peer>,
    /// Why it is as if it were absent: `disabled`, `no effective tag`; none
    /// where it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<String>,
    /// Whether what it allows is looked into by a security profile, which
    /// may drop it (`apply_security_profile_group`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inspects: bool,
}
