//! Clients that rules on the side of a cache on Azure name.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{
    Action, Cache, Direction, Intent, Interface, Peer, ResourceId, Rule, Subnet,
};
use cachewarden_netset::{AddressSet, Cidr};

use crate::azure::entrance;
use crate::azure::firewall::firewall_of;
use crate::azure::party::covers_port;
use crate::estate::Estate;
use crate::intent::joined;
use crate::selector::is_client;

/// Clients that a cache's side names: by an application security group, a
/// single address or a subnet's own range in the group that guards a private
/// endpoint or the cache's subnet, on a port of the cache; or by exactly the
/// address that its firewall sees them from.
pub(crate) fn named_by_rules(estate: &Estate<'_>, cache: &Cache) -> BTreeMap<u32, Intent> {
    let mut found = Found {
        estate,
        clients: BTreeMap::new(),
    };
    let ports: Vec<u16> = cache.endpoints.iter().map(|it| it.port).collect();
    let azure = cache.azure.as_ref();
    let injected = azure.and_then(|it| it.injected_subnet.as_ref());
    if let Some(subnet) = injected.and_then(|id| estate.subnet(id)) {
        let nodes = entrance::nodes(subnet).addresses;
        found.group(subnet, &nodes, &[], &ports);
        found.private_firewall(cache, &subnet.network);
        return found.clients;
    }
    for endpoint in estate.endpoints_of(&cache.id) {
        for address in endpoint.addresses.value().into_iter().flatten() {
            let Some(subnet) = entrance::holder(estate, endpoint, *address) else {
                continue;
            };
            let policies = subnet
                .azure
                .as_ref()
                .map(|it| &it.private_endpoint_policies);
            // Where it is not known whether they count, who is named may be
            // meant as well.
            if policies.is_some_and(|it| it.value().is_none_or(|it| it.filters())) {
                let near = AddressSet::from(*address);
                found.group(subnet, &near, &endpoint.groups, &ports);
            }
        }
    }
    found.public_firewall(cache);
    found.clients
}

struct Found<'f, 'a> {
    estate: &'f Estate<'a>,
    clients: BTreeMap<u32, Intent>,
}

impl Found<'_, '_> {
    fn add(&mut self, index: u32) {
        if self.estate.interface(index).is_some_and(is_client) {
            self.clients.entry(index).or_insert(Intent::Rule);
        }
    }

    /// Rules of the group at a subnet that admit somebody to what is near.
    fn group(&mut self, subnet: &Subnet, near: &AddressSet, groups: &[ResourceId], ports: &[u16]) {
        let estate = self.estate;
        let id = subnet.filter.value().and_then(Option::as_ref);
        let rules = id
            .and_then(|id| estate.filter(id))
            .and_then(|it| it.rules.value());
        for rule in rules.into_iter().flatten() {
            let admits = rule.direction == Direction::Ingress
                && rule.action != Action::Deny
                && ports.iter().any(|port| covers_port(rule, *port))
                && guards(rule, near, groups);
            if !admits {
                continue;
            }
            for peer in &rule.peers {
                self.peer(peer, &subnet.network);
            }
        }
    }

    fn peer(&mut self, peer: &Peer, home: &ResourceId) {
        match peer {
            Peer::Group { group, .. } => {
                for index in self.estate.carriers(group) {
                    self.add(*index);
                }
            }
            Peer::Cidr(cidr) => self.range(cidr, home),
            Peer::Range(first, last) if first == last => self.range(&Cidr::from(*first), home),
            Peer::Range(first, last) => {
                let set = AddressSet::range(*first, *last).unwrap_or_default();
                let whole: Vec<Cidr> = set.cidrs().collect();
                if let [only] = whole.as_slice() {
                    self.range(only, home);
                }
            }
            _ => {}
        }
    }

    /// A single address, or a subnet's own range, in a network that is joined
    /// to the cache's side.
    fn range(&mut self, cidr: &Cidr, home: &ResourceId) {
        let estate = self.estate;
        if cidr.first() == cidr.last() {
            for index in estate.holders(cidr.first()) {
                let interface = estate.interface(*index);
                if interface.is_some_and(|it| joined(estate, home, &it.network)) {
                    self.add(*index);
                }
            }
        }
        for subnet in estate.subnets_by_range(cidr) {
            if joined(estate, home, &subnet.network) {
                for index in estate.clients_in(&subnet.id) {
                    self.add(*index);
                }
            }
        }
    }

    fn firewall(&self, cache: &Cache) -> Vec<Peer> {
        let ids = cache.filters.value().into_iter().flatten();
        let rules = ids
            .filter_map(|id| self.estate.filter(id))
            .filter_map(|it| it.rules.value())
            .flatten();
        let admits = rules.filter(|it| it.direction == Direction::Ingress);
        admits.flat_map(|it| it.peers.clone()).collect()
    }

    /// The firewall of an injected cache sees private addresses.
    fn private_firewall(&mut self, cache: &Cache, home: &ResourceId) {
        for peer in self.firewall(cache) {
            self.peer(&peer, home);
        }
    }

    /// The firewall of a public cache sees outward addresses.
    fn public_firewall(&mut self, cache: &Cache) {
        if firewall_of(self.estate, cache).is_none() {
            return;
        }
        let peers = self.firewall(cache);
        let mut named: Vec<AddressSet> = vec![];
        for peer in &peers {
            named.push(match peer {
                Peer::Cidr(cidr) => AddressSet::from(*cidr),
                Peer::Range(first, last) => AddressSet::range(*first, *last).unwrap_or_default(),
                _ => continue,
            });
        }
        if named.is_empty() {
            return;
        }
        let interfaces = (0_u32..).zip(&self.estate.snapshot().interfaces);
        for (index, interface) in interfaces {
            if is_client(interface) && named.iter().any(|it| self.is_outward(interface, it)) {
                self.clients.entry(index).or_insert(Intent::Rule);
            }
        }
    }

    /// Whether a range is exactly an address, or a range, that a client is
    /// seen from.
    fn is_outward(&self, interface: &Interface, range: &AddressSet) -> bool {
        let is_it = |address: &IpAddr| AddressSet::from(*address) == *range;
        let subnet = self.estate.subnet(&interface.subnet);
        let azure = subnet.and_then(|it| it.azure.as_ref());
        let gateway = azure.and_then(|it| it.nat_gateway.as_ref());
        let Some(gateway) = gateway else {
            return azure.is_some() && interface.public_addresses.iter().any(is_it);
        };
        let Some(gateway) = self.estate.nat_gateway(gateway) else {
            return false;
        };
        let mut addresses = gateway.addresses.value().into_iter().flatten();
        let mut ranges = gateway.ranges.value().into_iter().flatten();
        addresses.any(is_it) || ranges.any(|it| AddressSet::from(*it) == *range)
    }
}

/// Whether a rule guards what is near, as far as it names that.
fn guards(rule: &Rule, near: &AddressSet, groups: &[ResourceId]) -> bool {
    rule.local.is_empty()
        || rule.local.iter().any(|peer| match peer {
            Peer::Cidr(cidr) => !AddressSet::from(*cidr).is_disjoint(near),
            Peer::Range(first, last) => {
                AddressSet::range(*first, *last).is_some_and(|it| !it.is_disjoint(near))
            }
            Peer::Group { group, .. } => groups.contains(group),
            _ => true,
        })
}
