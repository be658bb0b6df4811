//! Clients that nothing tells apart.
//!
//! Two interfaces of one kind in one subnet, with the same owner, the same
//! filters and the same source ports, differ for a cache only by address; and two addresses differ only
//! if some range that is compared with them holds one and not the other. The
//! ranges of one cache's side cut the address space into parts; a client's
//! class is its surroundings and the part that it falls into.

use std::collections::HashMap;
use std::net::IpAddr;

use cachewarden_model::{AccountId, Cache, Interface, InterfaceKind, Provider, Region, ResourceId};
use cachewarden_netset::{Cidr, Family, PortRange};

use crate::client::ephemeral_ports;
use crate::estate::Estate;
use crate::target::{after, cache_cuts};

/// The surroundings of every interface, as numbers.
pub(crate) struct Classes {
    /// By interface: which surroundings.
    surroundings: Vec<u32>,
}

/// A client's class towards one cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    surroundings: u32,
    /// The parts that its IPv4 and its IPv6 address fall into; none without one.
    parts: [Option<usize>; 2],
}

/// Where ranges cut the address space, sorted, by family.
pub(crate) struct Cuts {
    v4: Vec<IpAddr>,
    v6: Vec<IpAddr>,
}

impl Cuts {
    pub(crate) fn new(ranges: &[Cidr]) -> Self {
        let of = |family| edges(ranges.iter().filter(|it| it.family() == family));
        Self {
            v4: of(Family::V4),
            v6: of(Family::V6),
        }
    }

    /// The part that an address falls into.
    pub(crate) fn part(&self, address: IpAddr) -> usize {
        let edges = match address {
            IpAddr::V4(_) => &self.v4,
            IpAddr::V6(_) => &self.v6,
        };
        edges.partition_point(|edge| *edge <= address)
    }

    /// The parts that the one IPv4 and the one IPv6 address of an interface
    /// fall into; none if it has several of a family.
    pub(crate) fn parts(&self, addresses: &[IpAddr]) -> Option<[Option<usize>; 2]> {
        let [mut v4, mut v6] = [None, None];
        for address in addresses {
            let place = match address {
                IpAddr::V4(_) => &mut v4,
                IpAddr::V6(_) => &mut v6,
            };
            if place.replace(self.part(*address)).is_some() {
                return None;
            }
        }
        Some([v4, v6])
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Surroundings<'a> {
    subnet: &'a ResourceId,
    network: &'a ResourceId,
    account: &'a AccountId,
    region: &'a Region,
    kind: &'a InterfaceKind,
    filters: Option<&'a [ResourceId]>,
    /// Without known filters every interface is a class of its own.
    own: Option<u32>,
    ports: PortRange,
    groups: &'a [ResourceId],
}

impl Classes {
    pub(crate) fn new(estate: &Estate<'_>) -> Self {
        let mut numbers: HashMap<Surroundings<'_>, u32> = HashMap::new();
        let surroundings = (0_u32..)
            .zip(&estate.snapshot().interfaces)
            .map(|(index, interface)| {
                let filters = interface.filters.value().map(Vec::as_slice);
                let key = Surroundings {
                    subnet: &interface.subnet,
                    network: &interface.network,
                    account: &interface.account,
                    region: &interface.region,
                    kind: &interface.kind,
                    filters,
                    own: filters.is_none().then_some(index),
                    ports: ephemeral_ports(interface).0,
                    groups: &interface.groups,
                };
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(key).or_insert(next)
            })
            .collect();
        Self { surroundings }
    }

    /// Where a cache's side cuts the address space in any of some estates.
    pub(crate) fn cuts(&self, estates: &[&Estate<'_>], cache: &Cache) -> Cuts {
        let ranges = estates.iter().flat_map(|estate| {
            let of = |family| cache_cuts(estate, cache, family);
            [of(Family::V4), of(Family::V6)].concat()
        });
        Cuts::new(&ranges.collect::<Vec<_>>())
    }

    /// The class of a client; none if it has several addresses of a family,
    /// which are then judged one by one.
    pub(crate) fn key(&self, index: u32, interface: &Interface, cuts: &Cuts) -> Option<Key> {
        if interface.provider != Provider::Aws {
            // Rules on the client's own side tell its addresses apart too.
            return None;
        }
        let surroundings = *self.surroundings.get(index as usize)?;
        if !interface.prefixes.is_empty() {
            return None;
        }
        let parts = cuts.parts(&interface.addresses)?;
        Some(Key {
            surroundings,
            parts,
        })
    }
}

fn edges<'c>(ranges: impl Iterator<Item = &'c Cidr>) -> Vec<IpAddr> {
    let mut edges: Vec<IpAddr> = ranges
        .flat_map(|cidr| [Some(cidr.first()), after(cidr.last())])
        .flatten()
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}
