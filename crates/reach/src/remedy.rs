//! What would mend a stage that stops a connection, before it is tried.

use std::net::IpAddr;

use cachewarden_model::{Destination, Direction, Leg, ResourceId, RuleId};
use cachewarden_netset::{AddressSet, PortSet};

/// What would mend one stage. `fix` turns it into edits and tries them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Remedy {
    /// A filter on interfaces has to admit the far end.
    Admit {
        /// Which rules: ingress on the cache, egress on the client.
        direction: Direction,
        /// The far end.
        far: IpAddr,
        /// The port.
        port: u16,
    },
    /// A first-match filter at a subnet's edge has to let packets through.
    Pass {
        filter: ResourceId,
        direction: Direction,
        /// The far end of the rule.
        far: IpAddr,
        /// The subnet of the far end, if it is known.
        far_subnet: Option<ResourceId>,
        /// Destination ports.
        ports: PortSet,
    },
    /// A table lacks a route to a network.
    AddRoute {
        table: ResourceId,
        from: ResourceId,
        to: ResourceId,
        address: IpAddr,
    },
    /// A route leads nowhere, or somewhere else.
    DropRoute {
        table: ResourceId,
        destination: Destination,
        from: Option<ResourceId>,
        to: Option<ResourceId>,
        address: IpAddr,
    },
    /// A peering has to be accepted.
    AcceptPeering(ResourceId),
    /// A transit attachment lacks a table.
    AssociateTable {
        router: ResourceId,
        attachment: ResourceId,
        to: ResourceId,
    },
    /// A transit attachment lacks an interface in a zone.
    AddZone {
        router: ResourceId,
        attachment: ResourceId,
        subnet: ResourceId,
    },
    /// A transit attachment does not carry IPv6.
    EnableIpv6 {
        router: ResourceId,
        attachment: ResourceId,
    },
    /// A transit table lacks a route, or has a black hole.
    TransitRoute {
        router: ResourceId,
        table: ResourceId,
        attachment: ResourceId,
        /// The network that has to be reached.
        to: ResourceId,
        address: IpAddr,
        /// The black hole that is in the way.
        blackhole: Option<Destination>,
    },
    /// A network's resolver is off.
    EnableResolver(ResourceId),
    /// A network security group drops a flow.
    Unblock {
        filter: ResourceId,
        direction: Direction,
        /// Addresses of what the group guards.
        near: AddressSet,
        /// Addresses of the far end.
        far: AddressSet,
        /// Whether the far end is a public address of the cloud.
        public: bool,
        port: u16,
        /// The priority of the rule that drops it; none if none matches.
        before: Option<u32>,
    },
    /// A cache's firewall has to admit these addresses.
    AdmitOutward {
        filter: ResourceId,
        addresses: AddressSet,
    },
    /// A route of the owner's is in the way.
    RemoveRoute {
        table: ResourceId,
        destination: Destination,
    },
    /// A private endpoint connection waits to be approved.
    Approve {
        cache: ResourceId,
        endpoint: ResourceId,
        connection: ResourceId,
    },
    /// A cache turns away who comes by its public address.
    EnablePublicAccess(ResourceId),
    /// A private zone has to be linked to a network.
    LinkZone {
        zone: ResourceId,
        network: ResourceId,
    },
    /// A private zone lacks a record.
    AddRecord {
        zone: ResourceId,
        name: String,
        addresses: Vec<IpAddr>,
    },
    /// A record of a private zone leads astray.
    ReplaceRecord {
        zone: ResourceId,
        name: String,
        addresses: Vec<IpAddr>,
    },
    /// One side of a peering does not allow access.
    AllowPeerAccess(ResourceId),
    /// One side of a peering knows old ranges.
    SyncPeering(ResourceId),
    /// A firewall of Google Cloud denies what a client needs: a rule before
    /// the one that does lets it out.
    AllowEgress {
        filter: ResourceId,
        /// The priority of the rule that denies.
        before: u32,
        /// The client's network.
        network: ResourceId,
    },
    /// A rule that would let it out is disabled.
    EnableRule { filter: ResourceId, rule: RuleId },
    /// A rule that would let it out names machines with a tag.
    AddTag { interface: ResourceId, tag: String },
    /// An endpoint serves its own region alone.
    GlobalAccess(ResourceId),
    /// No edit helps; a sentence says what would.
    Advice(String),
}

/// Which rules a leg meets at an interface or subnet of the client's side.
pub(crate) fn client_direction(leg: Leg) -> Direction {
    match leg {
        Leg::Request => Direction::Egress,
        Leg::Reply => Direction::Ingress,
    }
}

/// Which rules a leg meets at an interface or subnet of the cache's side.
pub(crate) fn cache_direction(leg: Leg) -> Direction {
    match leg {
        Leg::Request => Direction::Ingress,
        Leg::Reply => Direction::Egress,
    }
}
