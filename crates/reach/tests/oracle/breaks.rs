//! Every address and port at which some rule, route or list begins or ends.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cachewarden_model::{Destination, FilterKind, Peer, Snapshot};
use cachewarden_netset::{Cidr, PortRange};

/// The points at which an estate may change its mind.
pub(crate) struct Breaks {
    addresses: BTreeSet<IpAddr>,
    ports: BTreeSet<u16>,
}

impl Breaks {
    /// Of everything in the snapshot.
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        let mut breaks = Self {
            addresses: BTreeSet::new(),
            ports: BTreeSet::new(),
        };
        let rules = snapshot
            .filters
            .iter()
            .filter_map(|it| Some((it.kind, it.rules.value()?)));
        for (kind, rules) in rules {
            for rule in rules {
                for peer in &rule.peers {
                    if let Peer::Cidr(range) = peer {
                        breaks.add(range);
                    }
                }
                if kind == FilterKind::NetworkAcl {
                    for range in &rule.ports {
                        breaks.ports.extend([range.first(), range.last()]);
                        breaks.ports.extend(range.first().checked_sub(1));
                        breaks.ports.extend(range.last().checked_add(1));
                    }
                }
            }
        }
        for list in &snapshot.prefix_lists {
            list.entries
                .value()
                .into_iter()
                .flatten()
                .for_each(|range| breaks.add(range));
        }
        let routes = snapshot
            .route_tables
            .iter()
            .filter_map(|it| it.routes.value())
            .flatten();
        let mut destinations: Vec<&Destination> = routes.map(|it| &it.destination).collect();
        let tables = snapshot
            .transit_routers
            .iter()
            .filter_map(|it| it.tables.value())
            .flatten();
        let routes = tables.filter_map(|it| it.routes.value()).flatten();
        destinations.extend(routes.map(|it| &it.destination));
        for destination in destinations {
            if let Destination::Cidr(range) = destination {
                breaks.add(range);
            }
        }
        breaks
    }

    /// Those of two estates together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.addresses.extend(other.addresses);
        self.ports.extend(other.ports);
        self
    }

    fn add(&mut self, range: &Cidr) {
        let (first, last) = (range.first(), range.last());
        self.addresses.extend([first, last]);
        self.addresses.extend(step(first, false));
        self.addresses.extend(step(last, true));
    }

    /// Ports of a range, its ends and every break inside.
    pub(crate) fn ports_of(&self, range: PortRange) -> BTreeSet<u16> {
        let inside = self.ports.range(range.first()..=range.last()).copied();
        inside.chain([range.first(), range.last()]).collect()
    }

    /// Addresses of a subnet that a node may have: AWS keeps the first four
    /// and the last one for itself.
    ///
    /// Source: Amazon VPC User Guide, "Subnet sizing".
    pub(crate) fn addresses_of(&self, range: &Cidr) -> BTreeSet<IpAddr> {
        let first = (0..4).try_fold(range.first(), |address, _| step(address, true));
        let last = step(range.last(), false);
        let Some((first, last)) = first.zip(last) else {
            return BTreeSet::new();
        };
        let inside = self.addresses.range(first..=last).copied();
        inside.chain([first, last]).collect()
    }
}

fn step(address: IpAddr, up: bool) -> Option<IpAddr> {
    match address {
        IpAddr::V4(it) => {
            let number = it.to_bits();
            let next = if up {
                number.checked_add(1)
            } else {
                number.checked_sub(1)
            };
            next.map(|it| Ipv4Addr::from_bits(it).into())
        }
        IpAddr::V6(it) => {
            let number = it.to_bits();
            let next = if up {
                number.checked_add(1)
            } else {
                number.checked_sub(1)
            };
            next.map(|it| Ipv6Addr::from_bits(it).into())
        }
    }
}
