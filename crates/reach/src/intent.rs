//! Who means to connect to a cache: what the configuration declares, and what
//! rules on the cache's side say.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cachewarden_model::{
    Action, Cache, Direction, Expectation, ExpectedOutcome, Intent, Peer, ResourceId, Snapshot,
    TransitResource, TransitRouter,
};
use cachewarden_netset::Cidr;

use crate::endpoint::Abilities;
use crate::estate::Estate;
use crate::filter::covers_port;
use crate::selector::{is_client, means, means_cache};

/// What is declared, resolved to interfaces and caches once.
pub(crate) struct Declared {
    /// Per expectation: client interfaces and caches that it means.
    pub(crate) resolved: Vec<Resolved>,
}

/// One expectation, resolved.
pub(crate) struct Resolved {
    pub(crate) clients: Vec<u32>,
    pub(crate) caches: Vec<u32>,
}

impl Declared {
    pub(crate) fn new(estate: &Estate<'_>, expectations: &[Expectation]) -> Self {
        let snapshot = estate.snapshot();
        let resolve = |expectation: &Expectation| Resolved {
            clients: (0_u32..)
                .zip(&snapshot.interfaces)
                .filter(|(_, it)| is_client(it) && means(estate, &expectation.client, it))
                .map(|(index, _)| index)
                .collect(),
            caches: (0_u32..)
                .zip(&snapshot.caches)
                .filter(|(_, it)| means_cache(estate, &expectation.cache, it))
                .map(|(index, _)| index)
                .collect(),
        };
        Self {
            resolved: expectations.iter().map(resolve).collect(),
        }
    }
}

/// The interfaces that mean to connect to a cache, and why.
pub(crate) fn intended(
    estate: &Estate<'_>,
    expectations: &[Expectation],
    declared: &Declared,
    cache_index: u32,
    cache: &Cache,
) -> BTreeMap<u32, Intent> {
    let mut found = BTreeMap::new();
    by_rules(estate, cache, &mut found);
    for (expectation, resolved) in expectations.iter().zip(&declared.resolved) {
        if expectation.outcome == ExpectedOutcome::Reach && resolved.caches.contains(&cache_index) {
            for client in &resolved.clients {
                found.insert(*client, Intent::Declared);
            }
        }
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
            resolved.caches.contains(&cache)
                && client.is_some_and(|client| resolved.clients.binary_search(&client).is_ok())
        })
        .find_map(|(expectation, _)| expectation.tls);
    Abilities { tls }
}

/// Rules on the cache's own filters that name a client: by a group that it
/// carries, by its single address, or by its subnet's own range, on a port
/// of the cache.
fn by_rules(estate: &Estate<'_>, cache: &Cache, found: &mut BTreeMap<u32, Intent>) {
    let ports: Vec<u16> = cache
        .endpoints
        .iter()
        .map(|endpoint| endpoint.port)
        .collect();
    for filter in cache
        .filters
        .value()
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
                named(estate, cache, peer, found);
            }
        }
    }
}

fn named(estate: &Estate<'_>, cache: &Cache, peer: &Peer, found: &mut BTreeMap<u32, Intent>) {
    match peer {
        Peer::Group { group, .. } => {
            for index in estate.carriers(group) {
                add(estate, *index, found);
            }
        }
        Peer::Cidr(cidr) => by_range(estate, cache, cidr, found),
        Peer::PrefixList(id) => {
            let entries = estate.list(id).and_then(|list| list.entries.value());
            for cidr in entries.into_iter().flatten() {
                by_range(estate, cache, cidr, found);
            }
        }
        Peer::Range(first, last) if first == last => {
            by_range(estate, cache, &Cidr::from(*first), found);
        }
        _ => {}
    }
}

fn add(estate: &Estate<'_>, index: u32, found: &mut BTreeMap<u32, Intent>) {
    if estate.interface(index).is_some_and(is_client) {
        found.entry(index).or_insert(Intent::Rule);
    }
}

/// A single address names the interface that has it; a subnet's own range
/// names the interfaces of that subnet. Ranges overlap between networks, so
/// that only networks that are joined to the cache's count.
fn by_range(estate: &Estate<'_>, cache: &Cache, cidr: &Cidr, found: &mut BTreeMap<u32, Intent>) {
    let Some(home) = cache.network.value() else {
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
