//! One packet of a client to one node, and what becomes of it and its answer,
//! hop by hop.
//!
//! Written from the manuals and not from the engine: Amazon VPC User Guide,
//! "Security group rules", "Network ACL rules", "Route priority"; Amazon VPC
//! Peering Guide; AWS Transit Gateway, "VPC attachments", "Network ACLs".

use std::net::IpAddr;

use cachewarden_model::{
    Cache, Direction, DnsServers, Interface, Leg, Phase, ResourceId, Snapshot, Subnet,
};

use crate::groups::{self, Far};
use crate::lists;
use crate::routing::{self, Way};
use crate::ruling::{Judged, Ruling};

/// One packet that opens a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packet<'a> {
    /// Where it comes from.
    pub client: &'a Interface,
    /// The client's address.
    pub source: IpAddr,
    /// The client's port.
    pub source_port: u16,
    /// Where it goes.
    pub cache: &'a Cache,
    /// The node's subnet.
    pub subnet: &'a ResourceId,
    /// The node's address.
    pub node: IpAddr,
    /// The node's port.
    pub port: u16,
}

/// An address in a subnet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End<'a> {
    /// The subnet.
    pub subnet: &'a Subnet,
    /// The address.
    pub address: IpAddr,
}

/// What becomes of the packet and of its answer.
pub(crate) fn decide(snapshot: &Snapshot, packet: &Packet<'_>) -> Ruling {
    let mut ruling = Ruling::default();
    ruling.note(Leg::Request, resolves(snapshot, packet.client));
    ruling.note(Leg::Request, listens(packet.cache));
    let near = find_subnet(snapshot, &packet.client.subnet);
    let far = find_subnet(snapshot, packet.subnet);
    let (Some(near), Some(far)) = (near, far) else {
        ruling.note(
            Leg::Request,
            Judged::Doubtful("a subnet was not read".to_owned()),
        );
        let way = Way::Unclear;
        ruling.note(Leg::Request, groups::leaving(snapshot, packet, &way));
        ruling.note(Leg::Request, groups::entering(snapshot, packet, &way));
        return ruling;
    };
    let client = End {
        subnet: near,
        address: packet.source,
    };
    let node = End {
        subnet: far,
        address: packet.node,
    };
    let (there, way) = journey(snapshot, Leg::Request, client, node, packet.port);
    ruling.note(Leg::Request, there);
    ruling.note(Leg::Request, groups::leaving(snapshot, packet, &way));
    ruling.note(Leg::Request, groups::entering(snapshot, packet, &way));
    // Groups are stateful: the answer passes them by itself. It goes to whoever
    // the packet seemed to come from.
    let back = if way == Way::Unclear {
        Judged::Doubtful("whom the answer goes to".to_owned())
    } else {
        journey(snapshot, Leg::Reply, node, client, packet.source_port).0
    };
    ruling.note(Leg::Reply, back);
    ruling
}

/// From one subnet to another, with the network ACLs at their edges. Inside
/// one subnet nothing judges.
fn journey<'a>(
    snapshot: &'a Snapshot,
    leg: Leg,
    from: End<'a>,
    to: End<'a>,
    port: u16,
) -> (Judged, Way<'a>) {
    if from.subnet.id == to.subnet.id {
        return (Judged::Passes, Way::Inside);
    }
    let out = lists::judge(snapshot, from.subnet, Direction::Egress, to.address, port);
    let (middle, way) = routing::carry(snapshot, leg, from, to, port);
    (out.and(middle), way)
}

/// Whether the client learns an address.
///
/// Source: Amazon VPC User Guide, "DNS attributes for your VPC", "DHCP option
/// sets".
fn resolves(snapshot: &Snapshot, client: &Interface) -> Judged {
    let Some(network) = snapshot.networks.iter().find(|it| it.id == client.network) else {
        return Judged::Doubtful("the client's network was not read".to_owned());
    };
    match (network.dns_servers.value(), network.dns_resolution.value()) {
        (Some(DnsServers::Provider), Some(true)) => Judged::Passes,
        (Some(DnsServers::Provider), Some(false)) => {
            Judged::Drops("the resolver is switched off".to_owned())
        }
        (Some(DnsServers::Custom(_)), _) => {
            Judged::Doubtful("whether the owner's name servers forward".to_owned())
        }
        (None, _) | (_, None) => Judged::Doubtful("whom the client asks for names".to_owned()),
    }
}

/// Whether the cache takes connections.
fn listens(cache: &Cache) -> Judged {
    match cache.status.value().map(|status| status.phase) {
        Some(Phase::Serving | Phase::Changing | Phase::Impaired) => Judged::Passes,
        Some(Phase::Creating | Phase::Gone) => Judged::Drops("there is no cache".to_owned()),
        Some(Phase::Unclear) | None => Judged::Doubtful("the cache's status".to_owned()),
    }
}

fn find_subnet<'a>(snapshot: &'a Snapshot, id: &ResourceId) -> Option<&'a Subnet> {
    snapshot.subnets.iter().find(|it| it.id == *id)
}

impl<'a> Packet<'a> {
    /// Who is on the far side, seen from the cache.
    pub(crate) fn sender(&self) -> Far<'a> {
        Far {
            address: self.source,
            groups: &self.client.filters,
        }
    }

    /// Who is on the far side, seen from the client.
    pub(crate) fn receiver(&self) -> Far<'a> {
        Far {
            address: self.node,
            groups: &self.cache.filters,
        }
    }
}
