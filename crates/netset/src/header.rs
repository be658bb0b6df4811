//! Sets of packets: one product of addresses, protocols and ports ([`HeaderBox`]), any
//! union of such products ([`HeaderSpace`], `space.rs`), one connection ([`Flow`],
//! `flow.rs`).

mod flow;
mod space;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use crate::{AddressSet, IntervalSet, PortSet};

pub use flow::Flow;
pub use space::HeaderSpace;

/// All packets with one of these addresses, one of these protocols and one of these
/// ports, in any combination. What one filter line matches is such a box.
///
/// Which end of a packet addresses and ports belong to is for the caller to fix, once
/// for all boxes that meet: of a rule for incoming traffic, usually the sender's address
/// and the receiver's port. Packets without ports (ICMP) are taken to come with every
/// port, so a rule that ignores ports says [`PortSet::full`].
///
/// A box is empty if any of the three sets is. `==` compares set by set and so tells two
/// empty boxes apart; to compare as sets of packets, use [`HeaderSpace`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeaderBox {
    /// Addresses, of either family.
    pub addresses: AddressSet,
    /// Protocol numbers, as given by [`Protocol::numbers`](crate::Protocol::numbers).
    pub protocols: IntervalSet<u8>,
    /// Ports.
    pub ports: PortSet,
}

impl HeaderBox {
    /// All packets.
    pub fn full() -> Self {
        Self {
            addresses: AddressSet::full(),
            protocols: IntervalSet::full(),
            ports: PortSet::full(),
        }
    }

    /// Whether there are no packets.
    pub const fn is_empty(&self) -> bool {
        self.addresses.is_empty() || self.protocols.is_empty() || self.ports.is_empty()
    }

    /// Whether the packet with this address, protocol number and port is in the box.
    pub fn contains(&self, address: IpAddr, protocol: u8, port: u16) -> bool {
        self.addresses.contains(address)
            && self.protocols.contains(protocol)
            && self.ports.contains(port)
    }

    /// Whether all packets are in the other box too; so an empty box always is.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_empty()
            || (self.protocols.is_subset(&other.protocols)
                && self.ports.is_subset(&other.ports)
                && self.addresses.is_subset(&other.addresses))
    }

    /// Whether the two have no packet in common.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        // The side that makes a box empty has nothing in common with any.
        self.protocols.is_disjoint(&other.protocols)
            || self.ports.is_disjoint(&other.ports)
            || self.addresses.is_disjoint(&other.addresses)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            addresses: self.addresses.intersection(&other.addresses),
            protocols: self.protocols.intersection(&other.protocols),
            ports: self.ports.intersection(&other.ports),
        }
    }

    /// What is in this one and not in the other: at most three boxes, disjoint and none
    /// of them empty.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        if self.is_disjoint(other) {
            // Cut along the other's sides it would be the same packets, only in pieces.
            return Vec::from_iter((!self.is_empty()).then(|| self.clone()));
        }
        // Outside by protocol, with all ports and addresses; then inside by protocol and
        // outside by port; last outside by address alone.
        let common = self.intersection(other);
        let pieces = [
            Self {
                protocols: self.protocols.difference(&other.protocols),
                ..self.clone()
            },
            Self {
                protocols: common.protocols.clone(),
                ports: self.ports.difference(&other.ports),
                addresses: self.addresses.clone(),
            },
            Self {
                addresses: self.addresses.difference(&other.addresses),
                ..common
            },
        ];
        pieces
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .collect()
    }

    /// What is in at least one of the two, if that is a box.
    ///
    /// Of boxes that are not empty it is one exactly if one contains the other, or they
    /// differ in a single dimension.
    fn join(&self, other: &Self) -> Option<Self> {
        if self.is_subset(other) {
            return Some(other.clone());
        }
        if other.is_subset(self) {
            return Some(self.clone());
        }
        let same_protocols = self.protocols == other.protocols;
        let same_ports = self.ports == other.ports;
        let same_addresses = self.addresses == other.addresses;
        match (same_protocols, same_ports, same_addresses) {
            (true, true, _) | (true, _, true) | (_, true, true) => Some(Self {
                addresses: self.addresses.union(&other.addresses),
                protocols: self.protocols.union(&other.protocols),
                ports: self.ports.union(&other.ports),
            }),
            _ => None,
        }
    }
}
