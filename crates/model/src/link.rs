//! What joins networks: peerings and transit routers.

use cachewarden_netset::Cidr;
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};
use crate::route::{Destination, RouteState};

/// Whether a link carries traffic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// It does.
    Active,
    /// Somebody has to accept it, or the cloud is at work.
    Pending(String),
    /// It does not and will not; the cloud's word for it.
    Down(String),
}

/// A peering of two networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Peering {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// Whether it carries traffic.
    pub state: LinkState,
    /// The side that asked (AWS), or that owns the resource (Azure, Google Cloud).
    pub requester: PeeringEnd,
    /// The other side.
    pub accepter: PeeringEnd,
    /// What only Azure has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure: Option<AzurePeering>,
}

/// What only a peering on Azure has. There it is a resource of one side; the
/// other side has one of its own, and both must be connected.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AzurePeering {
    /// `peeringSyncLevel`: `FullyInSync`, `RemoteNotInSync`, …; none where
    /// the API says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_level: Option<String>,
    /// `allowGatewayTransit`: the other side may use this side's gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_transit: Option<bool>,
    /// `useRemoteGateways`: this side uses the other side's gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_gateways: Option<bool>,
    /// `peerCompleteVnets`: false where only the named subnets are joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// Names of this side's subnets that are joined, sorted; read only where
    /// `complete` is false.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub local_subnets: Vec<String>,
    /// Names of the other side's subnets that are joined, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remote_subnets: Vec<String>,
    /// `enableOnlyIPv6Peering`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_ipv6: Option<bool>,
}

/// One side of a peering.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PeeringEnd {
    /// The network.
    pub network: ResourceId,
    /// The account that owns it; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Its region; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Ranges that the peering knows of, sorted; empty if it was not told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cidrs: Vec<Cidr>,
    /// Azure: `allowVirtualNetworkAccess`; none where the cloud has no such switch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<bool>,
    /// Azure: `allowForwardedTraffic`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<bool>,
    /// Google Cloud: whether custom routes are offered to the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exports_routes: Option<bool>,
    /// Google Cloud: whether custom routes of the other side are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imports_routes: Option<bool>,
    /// AWS: whether the other side resolves this side's public names to
    /// private addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolves_names: Option<bool>,
}

/// A transit gateway, virtual hub or network connectivity hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitRouter {
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
    /// Whether group references hold across it; off by default on AWS.
    pub group_references: Fact<bool>,
    /// What is attached.
    pub attachments: Fact<Vec<TransitAttachment>>,
    /// Its route tables.
    pub tables: Fact<Vec<TransitTable>>,
}

/// One attachment of a transit router.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitAttachment {
    /// The cloud's id.
    pub id: ResourceId,
    /// What it attaches.
    pub resource: TransitResource,
    /// The account of what it attaches; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Whether it carries traffic.
    pub state: LinkState,
    /// Subnets of the network in which it has an interface, one per zone;
    /// empty for what is no network.
    pub subnets: Fact<Vec<ResourceId>>,
    /// The table that routes what comes in by it; none if it has none.
    pub table: Fact<Option<ResourceId>>,
    /// Whether group references hold across it.
    pub group_references: Fact<bool>,
    /// Whether it carries IPv6.
    pub ipv6: Fact<bool>,
    /// Whether both legs of a flow keep to one zone's appliance.
    pub appliance_mode: Fact<bool>,
}

/// What an attachment attaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TransitResource {
    /// A network.
    Network(ResourceId),
    /// Something else: `vpn`, `direct-connect-gateway`, `peering`, …
    Other(String),
}

/// One route table of a transit router.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitTable {
    /// The cloud's id.
    pub id: ResourceId,
    /// Its routes, active and black-holed.
    pub routes: Fact<Vec<TransitRoute>>,
}

/// One line of a transit router's route table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitRoute {
    /// Which packets.
    pub destination: Destination,
    /// To which attachments; empty for a black hole.
    pub attachments: Vec<ResourceId>,
    /// Whether it carries traffic.
    pub state: RouteState,
    /// Who wrote it.
    pub kind: TransitRouteKind,
}

/// Who wrote a transit route. The order is that of preference.
///
/// Source: AWS Transit Gateway, "Route evaluation order".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TransitRouteKind {
    /// The owner.
    Static,
    /// An attachment that offered it.
    Propagated,
}
