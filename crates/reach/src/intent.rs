//! Who means to connect to a cache: what the configuration declares, and what
//! rules on the cache's side say.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cachewarden_model::{
    Action, Cache, Direction, Expectation, ExpectedOutcome, Gap, Intent, Peer, Provider,
    ResourceId, Snapshot, TransitResource, TransitRouter,
};
use cachewarden_netset::Cidr;

use crate::endpoint::Abilities;
use crate::estate::Estate;
use crate::filter::covers_port;
use crate::selector::{Meant, is_client, means, means_cache};

/// What is declared, resolved to interfaces and caches once.
pub(crate) struct Declared {
    /// Per expectation: client interfaces and caches that it means, sorted.
    pub(crate) resolved: Vec<Resolved>,
}

/// One expectation, resolved.
pub(crate) struct Resolved {
    pub(crate) clients: Vec<u32>,
    pub(crate) caches: Vec<u32>,
    /// Why it may mean further ones, sorted.
    pub(crate) gaps: Vec<Gap>,
}

impl Declared {
    pub(crate) fn new(estate: &Estate<'_>, expectations: &[Expectation]) -> Self {
        let snapshot = estate.snapshot();
        let resolve = |expectation: &Expectation| {
            let mut gaps = BTreeSet::new();
            let clients = snapshot.interfaces.iter().map(|it| {
                if is_client(it) {
                    means(estate, &expectation.client, it)
                } else {
                    Meant::No
                }
            });
            let clients = certain(clients, &mut gaps);
            let caches = snapshot
                .caches
                .iter()
                .map(|it| means_cache(estate, &expectation.cache, it));
            let caches = certain(caches, &mut gaps);
            Resolved {
                clients,
                caches,
                gaps: gaps.into_iter().cloned().collect(),
            }
        };
        Self {
            resolved: expectations.iter().map(resolve).collect(),
        }
    }

    /// Clients of which it is declared that they are to reach a cache.
    pub(crate) fn clients(
        &self,
        expectations: &[Expectation],
        cache: u32,
    ) -> impl Iterator<Item = u32> {
        let all = expectations.iter().zip(&self.resolved);
        all.filter(move |(expectation, resolved)| {
            expectation.outcome == ExpectedOutcome::Reach
                && resolved.caches.binary_search(&cache).is_ok()
        })
        .flat_map(|(_, resolved)| resolved.clients.iter().copied())
    }

    /// Clients of which something is declared that bears on the outcome at a
    /// cache: that they are to reach it, or what they can speak.
    pub(crate) fn apart(&self, expectations: &[Expectation], cache: u32) -> BTreeSet<u32> {
        let all = expectations.iter().zip(&self.resolved);
        all.filter(|(expectation, resolved)| {
            (expectation.outcome == ExpectedOutcome::Reach || expectation.tls.is_some())
                && resolved.caches.binary_search(&cache).is_ok()
        })
        .flat_map(|(_, resolved)| resolved.clients.iter().copied())
        .collect()
    }
}

/// What of a cache settles whom the rules on its side name.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Entrance<'a> {
    network: Option<&'a ResourceId>,
    pub(crate) filters: Option<&'a [ResourceId]>,
    /// Ports of its endpoints, sorted.
    pub(crate) ports: Vec<u16>,
    /// The cache itself, where further things of its own settle it: private
    /// endpoints and their subnets on Azure, its addresses on Google Cloud.
    own: Option<&'a ResourceId>,
}

impl<'a> Entrance<'a> {
    pub(crate) fn of(cache: &'a Cache) -> Self {
        let mut ports: Vec<u16> = cache.endpoints.iter().map(|it| it.port).collect();
        ports.sort_unstable();
        ports.dedup();
        Self {
            network: cache.network.value(),
            filters: cache.filters.value().map(Vec::as_slice),
            ports,
            own: (cache.provider != Provider::Aws).then_some(&cache.id),
        }
    }
}

/// The places of those that are certainly meant, and why others may be.
fn certain<'a>(all: impl Iterator<Item = Meant<'a>>, gaps: &mut BTreeSet<&'a Gap>) -> Vec<u32> {
    let mut found = vec![];
    for (index, meant) in (0_u32..).zip(all) {
        match meant {
            Meant::Yes => found.push(index),
            Meant::No => {}
            Meant::Perhaps(gap) => {
                gaps.insert(gap);
            }
        }
    }
    found
}

/// The interfaces that mean to connect to a cache, and why.
pub(crate) fn intended(
    estate: &Estate<'_>,
    expectations: &[Expectation],
    declared: &Declared,
    cache_index: u32,
    cache: &Cache,
) -> BTreeMap<u32, Intent> {
    let mut found = named_by_rules(estate, &Entrance::of(cache));
    for client in declared.clients(expectations, cache_index) {
        found.insert(client, Intent::Declared);
    }
    found
}

/// What a client is declared to be able to do towards a cache.
pub(crate) fn abilities(
    expectations: &[Expectation],
    declared: &Declared,
    client: Option<u32>,
    cache: u32,
) -> Abilities {
    let tls = expectations
        .iter()
        .zip(&declared.resolved)
        .filter(|(_, resolved)| {
            resolved.caches.binary_search(&cache).is_ok()
                && client.is_some_and(|client| resolved.clients.binary_search(&client).is_ok())
        })
        .find_map(|(expectation, _)| expectation.tls);
    Abilities { tls }
}

/// Interfaces that rules on the cache's own filters name: by a group that
/// they carry, by a single address, or by their subnet's own range, on a port
/// of the cache.
pub(crate) fn named_by_rules(
    estate: &Estate<'_>,
    entrance: &Entrance<'_>,
) -> BTreeMap<u32, Intent> {
    if let Some(cache) = entrance.own.and_then(|id| estate.azure_cache(id)) {
        return crate::azure::named_by_rules(estate, cache);
    }
    if let Some(cache) = entrance.own.and_then(|id| estate.gcp_cache(id)) {
        return crate::gcp::named_by_rules(estate, cache);
    }
    let mut found = vec![];
    let ports = &entrance.ports;
    for filter in entrance
        .filters
        .into_iter()
        .flatten()
        .filter_map(|id| estate.filter(id))
    {
        for rule in filter.rules.value().into_iter().flatten() {
            if rule.direction != Direction::Ingress
                || rule.action == Action::Deny
                || !ports.iter().any(|port| covers_port(rule, *port))
            {
                continue;
            }
            for peer in &rule.peers {
                named(estate, entrance, peer, &mut found);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|it| (it, Intent::Rule)).collect()
}

fn named(estate: &Estate<'_>, entrance: &Entrance<'_>, peer: &Peer, found: &mut Vec<u32>) {
    match peer {
        Peer::Group { group, .. } => {
            for index in estate.carriers(group) {
                add(estate, *index, found);
            }
        }
        Peer::Cidr(cidr) => by_range(estate, entrance, cidr, found),
        Peer::PrefixList(id) => {
            let entries = estate.list(id).and_then(|list| list.entries.value());
            for cidr in entries.into_iter().flatten() {
                by_range(estate, entrance, cidr, found);
            }
        }
        Peer::Range(first, last) if first == last => {
            by_range(estate, entrance, &Cidr::from(*first), found);
        }
        _ => {}
    }
}

fn add(estate: &Estate<'_>, index: u32, found: &mut Vec<u32>) {
    if estate.interface(index).is_some_and(is_client) {
        found.push(index);
    }
}

/// A single address names the interface that has it; a subnet's own range
/// names the interfaces of that subnet. Ranges overlap between networks, so
/// that only networks that are joined to the cache's count.
fn by_range(estate: &Estate<'_>, entrance: &Entrance<'_>, cidr: &Cidr, found: &mut Vec<u32>) {
    let Some(home) = entrance.network else {
        return;
    };
    let host = if cidr.address().is_ipv4() { 32 } else { 128 };
    if cidr.prefix_len() == host {
        for index in estate.holders(cidr.address()) {
            if estate
                .interface(*index)
                .is_some_and(|it| joined(estate, home, &it.network))
            {
                add(estate, *index, found);
            }
        }
        return;
    }
    for subnet in estate.subnets_by_range(cidr) {
        if joined(estate, home, &subnet.network) {
            for index in estate.clients_in(&subnet.id) {
                add(estate, *index, found);
            }
        }
    }
}

/// Whether anything is set up to join two networks, in whatever state.
pub(crate) fn joined(estate: &Estate<'_>, one: &ResourceId, other: &ResourceId) -> bool {
    one == other
        || estate
            .joins()
            .get(one.as_str())
            .is_some_and(|it| it.contains(other.as_str()))
}

/// Networks by network.
pub(crate) type Joins<'a> = HashMap<&'a str, BTreeSet<&'a str>>;

/// For each network those that a peering or a transit router joins it to.
pub(crate) fn joins(snapshot: &Snapshot) -> Joins<'_> {
    let mut joins = Joins::new();
    for peering in &snapshot.peerings {
        let (one, other) = (
            peering.requester.network.as_str(),
            peering.accepter.network.as_str(),
        );
        joins.entry(one).or_default().insert(other);
        joins.entry(other).or_default().insert(one);
    }
    for router in &snapshot.transit_routers {
        let attached = attached_networks(router);
        for one in &attached {
            joins
                .entry(one)
                .or_default()
                .extend(attached.iter().copied());
        }
    }
    joins
}

/// Networks that are attached to a router, in whatever state.
pub(crate) fn attached_networks(router: &TransitRouter) -> BTreeSet<&str> {
    let attachments = router.attachments.value().into_iter().flatten();
    attachments
        .filter_map(|attachment| match &attachment.resource {
            TransitResource::Network(id) => Some(id.as_str()),
            TransitResource::Other(_) => None,
        })
        .collect()
}
