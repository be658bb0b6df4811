//! Clients and caches that nothing but their own filters tells apart.
//!
//! Two interfaces in one subnet, of one kind, with the same source ports,
//! have one *seat* if no range on any way (edge, route, subnet) holds an
//! address of the one and not of the other. Likewise two caches have one
//! *frame* if they agree in everything that a connection meets besides their
//! filters. What was found of one seat and one frame, filters aside, holds
//! for all of both.
//!
//! Filters are aside only where they are allow-lists on the two ends, as on
//! AWS; interfaces and caches of other clouds have no seat and no frame.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use cachewarden_model::{
    AccountId, Cache, Interface, InterfaceKind, IpFamilies, Node, Phase, Provider, PublicAccess,
    Region, ResourceId, Service, TlsVersion, TransitEncryption,
};
use cachewarden_netset::PortRange;

use crate::classes::Cuts;
use crate::client::ephemeral_ports;
use crate::estate::Estate;
use crate::target::way_cuts;

/// Seats and frames, as numbers.
pub(crate) struct Seats {
    /// By interface; none where it is judged by itself alone.
    seats: Vec<Option<u32>>,
    /// By interface: which list of filters and groups it carries.
    carried: Vec<u32>,
    /// By cache; none where it is judged by itself alone.
    frames: Vec<Option<u32>>,
}

#[derive(PartialEq, Eq, Hash)]
struct Seat<'a> {
    subnet: &'a ResourceId,
    network: &'a ResourceId,
    account: &'a AccountId,
    region: &'a Region,
    kind: &'a InterfaceKind,
    ports: PortRange,
    parts: [Option<usize>; 2],
}

#[derive(PartialEq, Eq, Hash)]
struct Frame<'a> {
    service: Service,
    account: &'a AccountId,
    region: &'a Region,
    network: &'a ResourceId,
    phase: Phase,
    families: IpFamilies,
    public_access: PublicAccess,
    encryption: Option<TransitEncryption>,
    tls_min: Option<TlsVersion>,
    /// Port, and which nodes of the cache stand behind it.
    endpoints: Vec<(u16, Vec<usize>)>,
    nodes: Vec<Place<'a>>,
}

/// Where a node is: its subnets, and the family and part of each address.
type Place<'a> = (&'a [ResourceId], Vec<(bool, usize)>);

/// Numbers for things, equal for equal ones.
struct Numbers<T>(HashMap<T, u32>);

impl<T: Eq + Hash> Numbers<T> {
    fn of(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(thing).or_insert(next)
    }
}

impl Seats {
    pub(crate) fn new(estate: &Estate<'_>) -> Self {
        let snapshot = estate.snapshot();
        let cuts = Cuts::new(&way_cuts(estate));
        let mut seats = Numbers(HashMap::new());
        let mut carried = Numbers(HashMap::new());
        let mut frames = Numbers(HashMap::new());
        let interfaces = snapshot.interfaces.iter();
        Self {
            seats: interfaces
                .clone()
                .map(|it| seat(it, &cuts).map(|seat| seats.of(seat)))
                .collect(),
            carried: interfaces
                .map(|it| carried.of((it.filters.value(), &it.groups)))
                .collect(),
            frames: snapshot
                .caches
                .iter()
                .map(|it| frame(it, &cuts).map(|frame| frames.of(frame)))
                .collect(),
        }
    }

    /// The seat of an interface.
    pub(crate) fn seat(&self, interface: u32) -> Option<u32> {
        self.seats.get(interface as usize).copied().flatten()
    }

    /// Which filters an interface carries: alike for all that carry the same.
    pub(crate) fn carried(&self, interface: u32) -> Option<u32> {
        self.carried.get(interface as usize).copied()
    }

    /// The frame of a cache.
    pub(crate) fn frame(&self, cache: u32) -> Option<u32> {
        self.frames.get(cache as usize).copied().flatten()
    }
}

fn seat<'a>(interface: &'a Interface, cuts: &Cuts) -> Option<Seat<'a>> {
    let carries = interface.filters.value().is_some_and(|it| !it.is_empty());
    if interface.provider != Provider::Aws || !carries || !interface.prefixes.is_empty() {
        return None;
    }
    Some(Seat {
        subnet: &interface.subnet,
        network: &interface.network,
        account: &interface.account,
        region: &interface.region,
        kind: &interface.kind,
        ports: ephemeral_ports(interface).0,
        parts: cuts.parts(&interface.addresses)?,
    })
}

fn frame<'a>(cache: &'a Cache, cuts: &Cuts) -> Option<Frame<'a>> {
    if cache.provider != Provider::Aws {
        return None;
    }
    let mut endpoints = vec![];
    for endpoint in &cache.endpoints {
        let behind = |node: &&Node| endpoint.nodes.contains(&node.id);
        let nodes = cache.nodes.iter().enumerate();
        let nodes: Vec<usize> = nodes
            .filter(|(_, node)| behind(node))
            .map(|(place, _)| place)
            .collect();
        // Which further ports are judged depends on the client's own filter.
        let plain = endpoint.node_ports.is_empty() && !nodes.is_empty();
        if !plain || nodes.len() != endpoint.nodes.len() {
            return None;
        }
        endpoints.push((endpoint.port, nodes));
    }
    let part = |address: &IpAddr| (address.is_ipv4(), cuts.part(*address));
    let nodes = cache.nodes.iter().map(|node| {
        let addresses = node.addresses.value().into_iter().flatten();
        let subnets = node.subnets.value()?.as_slice();
        Some((subnets, addresses.map(part).collect()))
    });
    Some(Frame {
        service: cache.service,
        account: &cache.account,
        region: &cache.region,
        network: cache.network.value()?,
        phase: cache.status.value()?.phase,
        families: *cache.families.value()?,
        public_access: *cache.public_access.value()?,
        encryption: cache.transit_encryption.value().copied(),
        tls_min: cache.tls_min.value().copied(),
        endpoints,
        nodes: nodes.collect::<Option<_>>()?,
    })
}
