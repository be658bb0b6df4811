//! Clients that rules of a network of Google Cloud mean to reach a cache, and
//! the endpoints that a client is meant to use.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{
    Action, Cache, Direction, Endpoint, Intent, Network, Peer, ResourceId, Rule, Service,
};
use cachewarden_netset::Cidr;

use crate::client::{Client, Place};
use crate::estate::Estate;
use crate::gcp::doors::addresses;
use crate::gcp::index::entrances;
use crate::gcp::party::{Packet, Sender, is_off};
use crate::peer::Tri;
use crate::selector::is_client;

/// Whether a client is meant to use an endpoint: not that of another network
/// where its own network has one.
///
/// Source: Memorystore for Redis Cluster, "Networking": with endpoints in
/// several networks a client uses those of its own.
pub(crate) fn is_meant(client: &Client<'_>, cache: &Cache, endpoint: &Endpoint) -> bool {
    let (Some(there), Place::Network { network, .. }) = (&endpoint.network, client.place) else {
        return true;
    };
    let own = |it: &Endpoint| it.network.as_ref() == Some(network);
    there == network || !cache.endpoints.iter().any(own)
}

/// Clients that a rule lets out to exactly the cache, on a port of it, and
/// names by tag, service account, or the range of their subnet.
pub(crate) fn named_by_rules(estate: &Estate<'_>, cache: &Cache) -> BTreeMap<u32, Intent> {
    let mut found = BTreeMap::new();
    for home in entrances(cache) {
        let goal = Goal::of(cache, home);
        // Whoever writes a rule in a peer's network means it to work as well.
        let joined = estate.joins().get(home.as_str()).into_iter().flatten();
        let all = std::iter::once(home.as_str()).chain(joined.copied());
        for network in all.filter_map(|id| estate.network(&id.into())) {
            goal.clients(estate, network, &mut found);
        }
    }
    found
}

/// The ports of an instance without and with TLS: a rule that names it on the
/// one means it, though it listens on the other.
///
/// Source: Memorystore for Redis, "About in-transit encryption".
const REDIS_PORTS: [u16; 2] = [6379, 6378];

/// What a rule names that means a cache.
struct Goal {
    addresses: Vec<IpAddr>,
    ports: Vec<u16>,
    ranges: Vec<Cidr>,
}

impl Goal {
    fn of(cache: &Cache, network: &ResourceId) -> Self {
        let here = |it: &&Endpoint| it.network.as_ref().is_none_or(|own| own == network);
        let mut goal = Self {
            addresses: vec![],
            ports: vec![],
            ranges: vec![],
        };
        for endpoint in cache.endpoints.iter().filter(here) {
            goal.addresses.extend(addresses(cache, endpoint));
            goal.ports.push(endpoint.port);
        }
        if cache.service == Service::MemorystoreRedis {
            goal.ports.extend(REDIS_PORTS);
        }
        if let Some(gcp) = &cache.gcp {
            let ranges = [&gcp.reserved_range, &gcp.secondary_range];
            goal.ranges.extend(
                ranges
                    .into_iter()
                    .flatten()
                    .filter_map(|it| it.parse::<Cidr>().ok()),
            );
        }
        goal
    }

    /// The clients of a network that its rules mean.
    fn clients(&self, estate: &Estate<'_>, network: &Network, found: &mut BTreeMap<u32, Intent>) {
        let gcp = network.gcp.iter();
        let mut filters: Vec<&ResourceId> = gcp
            .flat_map(|it| it.filters.values())
            .filter_map(|it| it.value())
            .flatten()
            .collect();
        filters.sort();
        filters.dedup();
        for filter in filters.into_iter().filter_map(|id| estate.filter(id)) {
            for rule in filter.rules.value().into_iter().flatten() {
                if self.means(estate, rule) {
                    add(estate, network, rule, found);
                }
            }
        }
    }

    fn means(&self, estate: &Estate<'_>, rule: &Rule) -> bool {
        let named =
            !rule.local.is_empty() || rule.gcp.as_ref().is_some_and(|it| !it.near.is_empty());
        rule.direction == Direction::Egress
            && rule.action == Action::Allow
            && named
            && !is_off(rule)
            && rule.protocol.covers(cachewarden_netset::Protocol::TCP)
            && self
                .ports
                .iter()
                .any(|port| rule.ports.iter().any(|it| it.contains(*port)))
            && rule.peers.iter().any(|peer| self.is_it(estate, peer))
    }

    fn is_it(&self, estate: &Estate<'_>, peer: &Peer) -> bool {
        let exactly = |cidr: &Cidr| {
            let one = cidr.first() == cidr.last() && self.addresses.contains(&cidr.first());
            one || self.ranges.contains(cidr)
        };
        match peer {
            Peer::Cidr(cidr) => exactly(cidr),
            Peer::Range(first, last) => first == last && self.addresses.contains(first),
            Peer::PrefixList(id) => {
                let entries = estate.list(id).and_then(|it| it.entries.value());
                entries.into_iter().flatten().any(exactly)
            }
            _ => false,
        }
    }
}

/// The clients of a network that a rule certainly names.
fn add(estate: &Estate<'_>, network: &Network, rule: &Rule, found: &mut BTreeMap<u32, Intent>) {
    for index in estate.clients_of(network.id.as_str()) {
        let Some(interface) = estate.interface(*index).filter(|it| is_client(it)) else {
            continue;
        };
        let subnet = estate.subnet(&interface.subnet);
        let address = interface
            .addresses
            .first()
            .copied()
            .or(interface.prefixes.first().map(Cidr::first));
        let Some(address) = address else { continue };
        let sender = Sender {
            address,
            network: &network.id,
            region: &interface.region,
            subnet,
            interface: Some(interface),
        };
        let packet = Packet {
            sender: &sender,
            to: address,
            port: 0,
        };
        let named = packet
            .parts(estate, rule)
            .into_iter()
            .filter(|(part, _)| matches!(*part, "target" | "network"))
            .all(|(_, tri)| tri == Tri::Yes);
        if named && is_near(rule, subnet.map_or(&[][..], |it| &it.cidrs), address) {
            found.insert(*index, Intent::Rule);
        }
    }
}

/// Whether the sources of a rule name a machine: by its address, or by the
/// range of its subnet. All do where it has none.
fn is_near(rule: &Rule, subnet: &[Cidr], address: IpAddr) -> bool {
    let near = rule.gcp.as_ref().map_or(&[][..], |it| &it.near);
    near.is_empty()
        || near.iter().any(|peer| match peer {
            Peer::Cidr(cidr) => {
                let one = cidr.first() == cidr.last() && cidr.first() == address;
                one || subnet.contains(cidr)
            }
            Peer::Range(first, last) => first == last && *first == address,
            _ => false,
        })
}
