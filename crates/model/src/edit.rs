//! One change of a snapshot: what a fix proposes and a plan brings.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::filter::Rule;
use crate::id::{ResourceId, RuleId};
use crate::link::{LinkState, TransitRoute};
use crate::route::{Destination, Route};

/// One change of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Edit {
    /// A rule is added to a filter.
    AddRule {
        /// The filter.
        filter: ResourceId,
        /// The rule; its id is a proposal where the cloud chooses ids.
        rule: Box<Rule>,
    },
    /// A rule of a filter is replaced.
    ReplaceRule {
        /// The filter.
        filter: ResourceId,
        /// The rule that goes.
        rule: RuleId,
        /// The rules that come.
        with: Vec<Rule>,
    },
    /// A rule is removed from a filter.
    RemoveRule {
        /// The filter.
        filter: ResourceId,
        /// The rule.
        rule: RuleId,
    },
    /// A route is added to a table.
    AddRoute {
        /// The table.
        table: ResourceId,
        /// The route.
        route: Route,
    },
    /// The route to a destination is replaced.
    ReplaceRoute {
        /// The table.
        table: ResourceId,
        /// The route, which replaces that of the same destination.
        route: Route,
    },
    /// The route to a destination is removed.
    RemoveRoute {
        /// The table.
        table: ResourceId,
        /// Which packets it took.
        destination: Destination,
    },
    /// A peering changes its state: it is accepted, it goes.
    SetPeeringState {
        /// The peering.
        peering: ResourceId,
        /// The state that it will have.
        state: LinkState,
    },
    /// A transit attachment gets an interface in one more subnet.
    AddTransitSubnet {
        /// The router.
        router: ResourceId,
        /// The attachment.
        attachment: ResourceId,
        /// The subnet.
        subnet: ResourceId,
    },
    /// A transit attachment is associated with a table.
    AssociateTransitTable {
        /// The router.
        router: ResourceId,
        /// The attachment.
        attachment: ResourceId,
        /// The table.
        table: ResourceId,
    },
    /// A route is added to a transit table; it replaces a black hole of the
    /// same destination.
    AddTransitRoute {
        /// The router.
        router: ResourceId,
        /// The table.
        table: ResourceId,
        /// The route.
        route: TransitRoute,
    },
    /// A route is removed from a transit table.
    RemoveTransitRoute {
        /// The router.
        router: ResourceId,
        /// The table.
        table: ResourceId,
        /// Which packets it took.
        destination: Destination,
    },
    /// A transit attachment starts to carry IPv6.
    EnableTransitIpv6 {
        /// The router.
        router: ResourceId,
        /// The attachment.
        attachment: ResourceId,
    },
    /// A private endpoint connection that waits is approved.
    ApproveConnection {
        /// The cache.
        cache: ResourceId,
        /// The private endpoint.
        endpoint: ResourceId,
        /// The connection, as the cache sees it.
        connection: ResourceId,
    },
    /// A private DNS zone is linked to a network.
    LinkZone {
        /// The zone.
        zone: ResourceId,
        /// The network.
        network: ResourceId,
    },
    /// A name of a private DNS zone gets these addresses, and loses all others.
    SetRecord {
        /// The zone.
        zone: ResourceId,
        /// The full name, without a final dot.
        name: String,
        /// The addresses, sorted.
        addresses: Vec<IpAddr>,
    },
    /// A cache answers at its public address, to whom its firewall admits.
    EnablePublicAccess {
        /// The cache.
        cache: ResourceId,
    },
    /// One side of a peering allows access from and to the other.
    AllowPeerAccess {
        /// The side that changes.
        peering: ResourceId,
    },
    /// One side of a peering learns the ranges that the other has now.
    SyncPeering {
        /// The side that changes.
        peering: ResourceId,
    },
    /// A rule of a filter gets another priority.
    MoveRule {
        /// The filter.
        filter: ResourceId,
        /// The rule.
        rule: RuleId,
        /// Its new priority, which no other rule of its direction has.
        priority: u32,
    },
    /// A rule of a filter of Google Cloud that is disabled is enabled.
    EnableRule {
        /// The filter.
        filter: ResourceId,
        /// The rule.
        rule: RuleId,
    },
    /// A forwarding rule of Private Service Connect serves clients of all
    /// regions.
    AllowGlobalAccess {
        /// The forwarding rule.
        endpoint: ResourceId,
    },
    /// A machine of Google Cloud gets a network tag.
    AddNetworkTag {
        /// The machine's interface.
        interface: ResourceId,
        /// The tag.
        tag: String,
    },
    /// The cloud's resolver starts to answer in a network.
    EnableResolver {
        /// The network.
        network: ResourceId,
    },
}

impl Edit {
    /// The resource that is changed.
    pub fn resource(&self) -> &ResourceId {
        match self {
            Self::AddRule { filter, .. }
            | Self::ReplaceRule { filter, .. }
            | Self::RemoveRule { filter, .. }
            | Self::MoveRule { filter, .. }
            | Self::EnableRule { filter, .. } => filter,
            Self::AddRoute { table, .. }
            | Self::ReplaceRoute { table, .. }
            | Self::RemoveRoute { table, .. } => table,
            Self::SetPeeringState { peering, .. }
            | Self::AllowPeerAccess { peering }
            | Self::SyncPeering { peering } => peering,
            Self::ApproveConnection { connection, .. } => connection,
            Self::EnablePublicAccess { cache } => cache,
            Self::LinkZone { zone, .. } | Self::SetRecord { zone, .. } => zone,
            Self::AddTransitSubnet { attachment, .. }
            | Self::AssociateTransitTable { attachment, .. }
            | Self::EnableTransitIpv6 { attachment, .. } => attachment,
            Self::AddTransitRoute { table, .. } | Self::RemoveTransitRoute { table, .. } => table,
            Self::EnableResolver { network } => network,
            Self::AllowGlobalAccess { endpoint } => endpoint,
            Self::AddNetworkTag { interface, .. } => interface,
        }
    }
}
