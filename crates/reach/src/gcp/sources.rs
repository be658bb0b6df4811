//! The addresses and ports from and to which flows are judged: one for each
//! part that rules and routes on the way tell apart.

use std::net::IpAddr;

use cachewarden_model::{Endpoint, Filter, Peer, ResourceId};
use cachewarden_netset::{AddressSet, Cidr};

use crate::client::{Client, Place};
use crate::estate::Estate;
use crate::gcp::doors::Door;
use crate::gcp::origin;

/// The addresses and ports of flows.
pub(crate) struct Grid {
    pub(crate) sources: Vec<IpAddr>,
    /// The endpoint's own port first.
    pub(crate) ports: Vec<u16>,
}

impl Grid {
    pub(crate) fn new<'a>(
        estate: &Estate<'a>,
        client: &Client<'a>,
        endpoint: &Endpoint,
        doors: &[Door<'a>],
    ) -> Self {
        let filters = filters(estate, client);
        Self {
            sources: sources(estate, client, &filters, doors),
            ports: ports(endpoint, &filters),
        }
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        let front = self.ports.first().copied();
        self.sources.extend(other.sources);
        self.sources.sort_unstable();
        self.sources.dedup();
        self.ports.extend(other.ports);
        self.ports.sort_unstable();
        self.ports.dedup();
        // The first port is the endpoint's own.
        self.ports.sort_by_key(|port| Some(*port) != front);
        self
    }
}

/// Filters that judge what a client sends.
fn filters<'a>(estate: &Estate<'a>, client: &Client<'a>) -> Vec<&'a Filter> {
    let Place::Network { network, subnet } = client.place else {
        return vec![];
    };
    let region = client
        .interface
        .map(|it| &it.region)
        .or(subnet.map(|it| &it.region));
    let gcp = estate.network(network).and_then(|it| it.gcp.as_deref());
    let ids: Option<&Vec<ResourceId>> = region
        .zip(gcp)
        .and_then(|(region, gcp)| gcp.filters.get(region))
        .and_then(|it| it.value());
    let ids = ids.into_iter().flatten();
    ids.filter_map(|id| estate.filter(id)).collect()
}

/// The client's addresses, those that nothing on the way tells apart taken
/// once. What sends by a range may have any address of it.
fn sources(
    estate: &Estate<'_>,
    client: &Client<'_>,
    filters: &[&Filter],
    doors: &[Door<'_>],
) -> Vec<IpAddr> {
    let prefixes = client.interface.map_or(&[][..], |it| &it.prefixes);
    let mut addresses = client.addresses.clone();
    // Somebody asked for one address of a range.
    let narrowed = client
        .interface
        .is_some_and(|it| it.addresses != client.addresses);
    if narrowed || (prefixes.is_empty() && addresses.len() < 2) {
        return addresses;
    }
    let cuts = cuts(estate, client, filters, doors);
    for prefix in prefixes {
        let parts = crate::exposure::parts(&AddressSet::from(*prefix), &cuts);
        addresses.extend(parts.into_iter().map(|(first, _)| first));
    }
    let mut seen: Vec<(bool, Vec<bool>)> = vec![];
    addresses.retain(|address| {
        let inside = cuts.iter().map(|cidr| cidr.contains(*address)).collect();
        let place = (address.is_ipv4(), inside);
        let new = !seen.contains(&place);
        if new {
            seen.push(place);
        }
        new
    });
    addresses
}

/// Ranges by which something tells client addresses apart: sources that rules
/// and policy-based routes name, and those that the service does not answer.
fn cuts(
    estate: &Estate<'_>,
    client: &Client<'_>,
    filters: &[&Filter],
    doors: &[Door<'_>],
) -> Vec<Cidr> {
    let mut cuts: Vec<Cidr> = origin::inner_range().into_iter().collect();
    cuts.extend(AddressSet::internet().cidrs());
    let rules = filters
        .iter()
        .filter_map(|it| it.rules.value())
        .flatten()
        .filter_map(|rule| rule.gcp.as_deref());
    for peer in rules.flat_map(|it| &it.near) {
        match peer {
            Peer::Cidr(cidr) => cuts.push(*cidr),
            Peer::Range(first, last) => {
                let range = AddressSet::range(*first, *last).unwrap_or_default();
                cuts.extend(range.cidrs());
            }
            Peer::PrefixList(id) => {
                let entries = estate.list(id).and_then(|it| it.entries.value());
                cuts.extend(entries.into_iter().flatten());
            }
            _ => {}
        }
    }
    let home = match client.place {
        Place::Network { network, .. } => Some(network),
        Place::OnPremises | Place::Internet => doors.first().map(|it| it.network),
    };
    let gcp = home
        .and_then(|id| estate.network(id))
        .and_then(|it| it.gcp.as_deref());
    let routes = gcp.and_then(|it| it.policy_routes.value());
    cuts.extend(routes.into_iter().flatten().map(|it| it.source));
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// The port of an endpoint, and further ports of its nodes: one for each part
/// of their ranges that rules tell apart.
fn ports(endpoint: &Endpoint, filters: &[&Filter]) -> Vec<u16> {
    let mut ports: Vec<u16> = endpoint.node_ports.iter().map(|it| it.first()).collect();
    if !ports.is_empty() {
        let rules = filters.iter().filter_map(|it| it.rules.value()).flatten();
        for cut in rules.flat_map(|rule| &rule.ports) {
            ports.push(cut.first());
            ports.extend(cut.last().checked_add(1));
        }
        ports.retain(|port| endpoint.node_ports.iter().any(|it| it.contains(*port)));
        ports.sort_unstable();
        ports.dedup();
        ports.retain(|port| *port != endpoint.port);
    }
    ports.insert(0, endpoint.port);
    ports
}
