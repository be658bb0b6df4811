//! The table of what the platform needs.
//!
//! Source: Azure Cache for Redis, "Configure virtual network support for a
//! Premium Azure Cache for Redis instance", inbound and outbound port
//! requirements, as of 2025-09-11, read 2026-11-01. Lines for the clients'
//! subnets are not here: who connects is judged connection by connection.

use cachewarden_model::Direction::{self, Egress, Ingress};
use cachewarden_netset::{PortRange, Protocol};

/// One line of the table, for one far side.
pub(crate) struct Line {
    pub(crate) direction: Direction,
    pub(crate) protocol: Protocol,
    pub(crate) ports: PortRange,
    pub(crate) far: Far,
    pub(crate) purpose: &'static str,
}

/// The far side of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Far {
    /// The cache's own subnet.
    Own,
    /// The load balancer's probes.
    Probes,
    /// The subnets of geo-replicated caches.
    Geo,
    /// Name servers of the network's owner's.
    Names,
    /// A service tag.
    Tag(&'static str),
    /// Public hosts.
    Public,
}

impl Far {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Own => "the cache's subnet",
            Self::Probes => "AzureLoadBalancer",
            Self::Geo => "the subnet of a geo-replicated cache",
            Self::Names => "the network's name servers",
            Self::Tag(tag) => tag,
            Self::Public => "the internet",
        }
    }
}

const fn line(
    direction: Direction,
    protocol: Protocol,
    (first, last): (u16, u16),
    far: Far,
    purpose: &'static str,
) -> Line {
    Line {
        direction,
        protocol,
        ports: match PortRange::new(first, last) {
            Some(ports) => ports,
            None => PortRange::ALL,
        },
        far,
        purpose,
    }
}

const TCP: Protocol = Protocol::TCP;
const UDP: Protocol = Protocol::UDP;

const BALANCING: &str = "load balancing";
const NODES: &str = "nodes among themselves";
const GEO: &str = "geo-replication";

/// The lines, in the order of the manual.
pub(crate) const LINES: &[Line] = &[
    line(Ingress, TCP, (6379, 6380), Far::Own, NODES),
    line(Ingress, TCP, (6379, 6380), Far::Probes, BALANCING),
    line(Ingress, TCP, (8443, 8443), Far::Own, NODES),
    line(Ingress, TCP, (8500, 8500), Far::Probes, BALANCING),
    line(Ingress, UDP, (8500, 8500), Far::Probes, BALANCING),
    line(Ingress, TCP, (10221, 10231), Far::Own, NODES),
    line(Ingress, TCP, (10221, 10231), Far::Probes, BALANCING),
    line(Ingress, TCP, (13000, 13999), Far::Own, NODES),
    line(Ingress, TCP, (13000, 13999), Far::Probes, BALANCING),
    line(Ingress, TCP, (15000, 15999), Far::Own, NODES),
    line(Ingress, TCP, (15000, 15999), Far::Probes, BALANCING),
    line(Ingress, TCP, (15000, 15999), Far::Geo, GEO),
    line(Ingress, TCP, (16001, 16001), Far::Probes, BALANCING),
    line(Ingress, UDP, (16001, 16001), Far::Probes, BALANCING),
    line(Ingress, TCP, (20226, 20226), Far::Own, NODES),
    line(
        Egress,
        TCP,
        (80, 80),
        Far::Public,
        "certificates and updates",
    ),
    line(Egress, TCP, (443, 443), Far::Public, "storage and updates"),
    line(Egress, TCP, (443, 443), Far::Tag("AzureKeyVault"), "keys"),
    line(Egress, TCP, (443, 443), Far::Tag("AzureMonitor"), "metrics"),
    line(
        Egress,
        TCP,
        (12000, 12000),
        Far::Tag("AzureMonitor"),
        "metrics",
    ),
    line(Egress, TCP, (53, 53), Far::Names, "names"),
    line(Egress, UDP, (53, 53), Far::Names, "names"),
    line(Egress, UDP, (123, 123), Far::Public, "time"),
    line(
        Egress,
        TCP,
        (1688, 1688),
        Far::Public,
        "activation of the system",
    ),
    line(Egress, TCP, (8443, 8443), Far::Own, NODES),
    line(Egress, TCP, (10221, 10231), Far::Own, NODES),
    line(Egress, TCP, (20226, 20226), Far::Own, NODES),
    line(Egress, TCP, (13000, 13999), Far::Own, NODES),
    line(Egress, TCP, (6379, 6380), Far::Own, NODES),
    line(Egress, TCP, (15000, 15999), Far::Own, NODES),
    line(Egress, TCP, (15000, 15999), Far::Geo, GEO),
];
