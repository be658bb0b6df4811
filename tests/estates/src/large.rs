//! An estate of any size, for benchmarks.
//!
//! The same numbers give the same estate. Groups are shared as people share
//! them: a few have many members, most have few; each has its share of rules.

use cachewarden_model::{Filter, Interface, Network, Peer, ResourceId, Rule, Snapshot, Subnet};

mod spread;

use spread::Spread;

use crate::noun::{self, Line, all, tcp};
use crate::{Estate, Place};

/// How many interfaces and caches share a network.
const PER_NETWORK: usize = 2_000;

/// So many caches, client interfaces, groups, and rules of groups.
///
/// Networks have 2,000 interfaces and their share of the rest; each has three
/// subnets for clients and three for caches, one network ACL beside the
/// default one, and a peering with the network before it. Groups and rules
/// are dealt out to networks, groups of caches first.
pub fn large(caches: usize, interfaces: usize, groups: usize, rules: usize) -> Snapshot {
    let mut estate = Estate::new(&[Place::HOME]);
    let networks = (interfaces / PER_NETWORK).max(caches / PER_NETWORK).max(1);
    let share = |all: usize, number: usize| all * (number + 1) / networks - all * number / networks;
    let mut before: Option<Network> = None;
    for number in 0..networks {
        let network = add_network(&mut estate, number);
        if let Some(before) = &before {
            join(&mut estate, number, before, &network);
        }
        let mut part = Part {
            spread: Spread::new(number),
            number,
            groups: (0..share(groups, number).max(2))
                .map(|it| group_id(number, it))
                .collect(),
            subnets: subnets_of(&estate, &network),
        };
        part.add_groups(
            &mut estate,
            &network,
            share(rules, number),
            before.is_some(),
        );
        part.add_interfaces(&mut estate, share(interfaces, number));
        part.add_caches(&mut estate, share(caches, number));
        before = Some(network);
    }
    estate.build()
}

/// One network's share.
struct Part {
    spread: Spread,
    number: usize,
    groups: Vec<String>,
    subnets: Vec<Subnet>,
}

impl Part {
    /// The first tenth of the groups, at least one, is for caches.
    fn cache_groups(&self) -> usize {
        (self.groups.len() / 10).max(1)
    }

    fn add_groups(&mut self, estate: &mut Estate, of: &Network, rules: usize, peered: bool) {
        let count = self.groups.len();
        let egress = count.min(rules);
        let mut lines: Vec<Vec<Line>> = vec![vec![]; count];
        for _ in 0..rules - egress {
            let owner = self.spread.below(count);
            let line = self.line(owner < self.cache_groups(), peered);
            if let Some(of_owner) = lines.get_mut(owner) {
                of_owner.push(line);
            }
        }
        for ((id, inbound), index) in self.groups.iter().zip(lines).zip(0..) {
            let outbound = (index < egress).then(|| all().to(noun::any()));
            let group: Filter = noun::security_group(of, id, id, inbound, outbound);
            estate.snapshot.filters.push(group);
        }
    }

    /// A line of a group: caches admit groups and a few ranges on their port,
    /// the rest what applications need.
    fn line(&mut self, of_cache: bool, peered: bool) -> Line {
        let port = if of_cache {
            6379
        } else {
            self.spread.pick(&[443, 80, 8080, 5432, 9092])
        };
        let line = tcp(port);
        match self.spread.below(10) {
            0 => line.from(noun::cidr(&format!("10.{}.0.0/16", self.number % 200))),
            1 | 2 => {
                let (third, fourth) = (self.spread.below(250), self.spread.below(250));
                let (second, bits) = (self.number % 200, self.spread.pick(&[24, 28, 32]));
                line.from(noun::cidr(&format!("10.{second}.{third}.{fourth}/{bits}")))
            }
            3 if peered => {
                let group = self.spread.skewed(self.groups.len());
                line.from(Peer::Group {
                    group: group_id(self.number - 1, group).into(),
                    account: Some(Place::HOME.account()),
                    network: Some(network_id(self.number - 1).into()),
                    link: Some(cachewarden_model::PeerLink {
                        id: peering_id(self.number).into(),
                        status: Some("active".to_owned()),
                    }),
                })
            }
            _ => {
                let group = self.spread.skewed(self.groups.len());
                line.from(noun::group(&group_id(self.number, group)))
            }
        }
    }

    fn add_interfaces(&mut self, estate: &mut Estate, count: usize) {
        for index in 0..count {
            let mut groups = vec![self.client_group()];
            if self.spread.below(4) == 0 {
                groups.push(self.client_group());
            }
            groups.dedup();
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            let (subnet, address) = self.seat(index, 0);
            let id = format!("eni-{:09x}{index:08x}", self.number);
            let name = format!("app-{}-{index}", self.number);
            let machine: Interface = noun::machine(subnet, &id, &name, &[&address], &groups);
            estate.snapshot.interfaces.push(machine);
        }
    }

    fn client_group(&mut self) -> String {
        let first = self.cache_groups().min(self.groups.len() - 1);
        let group = first + self.spread.skewed(self.groups.len() - first);
        group_id(self.number, group)
    }

    /// Caches: half of them with three shards, half with a primary and a
    /// replica.
    fn add_caches(&mut self, estate: &mut Estate, count: usize) {
        for index in 0..count {
            let name = format!("cache-{}-{index}", self.number);
            let seats: Vec<(&Subnet, String)> =
                (0..3).map(|node| self.seat(3 * index + node, 3)).collect();
            let seats: Vec<(&Subnet, [&str; 1])> = seats
                .iter()
                .map(|(subnet, address)| (*subnet, [address.as_str()]))
                .collect();
            let seats: Vec<(&Subnet, &[&str])> = seats
                .iter()
                .map(|(subnet, addresses)| (*subnet, addresses.as_slice()))
                .collect();
            let cache = if index % 2 == 0 {
                noun::replication_group(Place::HOME, &name, &seats)
            } else {
                noun::replicated(Place::HOME, &name, seats.get(..2).unwrap_or_default())
            };
            let cache_groups = self.cache_groups();
            let group = group_id(self.number, self.spread.below(cache_groups));
            estate.add_cache(cache, &[&group]);
        }
    }

    /// A subnet and an address in it: the first three subnets are for
    /// clients, the others for nodes.
    fn seat(&self, index: usize, first: usize) -> (&Subnet, String) {
        let subnet = self.subnets.get(first + index % 3).expect("six subnets");
        let block = subnet.cidrs.first().expect("a range").first();
        let std::net::IpAddr::V4(block) = block else {
            panic!("an IPv4 range");
        };
        let offset = u32::try_from(10 + index / 3).expect("few enough addresses");
        (
            subnet,
            std::net::Ipv4Addr::from_bits(block.to_bits() + offset).to_string(),
        )
    }
}

fn network_id(number: usize) -> String {
    format!("vpc-0{number:016x}")
}

fn peering_id(number: usize) -> String {
    format!("pcx-0{number:016x}")
}

fn group_id(network: usize, number: usize) -> String {
    format!("sg-1{network:08x}{number:08x}")
}

fn add_network(estate: &mut Estate, number: usize) -> Network {
    let id = network_id(number);
    let name = format!("network-{number}");
    let second = number % 200;
    estate.add_network(Place::HOME, &id, &name, &[&format!("10.{second}.0.0/16")]);
    for (index, zone) in [1, 2, 3, 1, 2, 3].into_iter().enumerate() {
        let subnet = format!("subnet-{number:09x}{index:08x}");
        let block = format!("10.{second}.{}.0/19", 32 * index);
        estate.add_subnet(&id, &subnet, &subnet, zone, &[&block]);
    }
    let acl = format!("acl-2{number:016x}");
    let last = format!("subnet-{number:09x}{:08x}", 5);
    let inbound: [Rule; 1] = [noun::allow(100, tcp(6379), "10.0.0.0/8")];
    let outbound: [Rule; 1] = [noun::allow(100, tcp(1024..=65_535), "10.0.0.0/8")];
    crate::change::network_acl(&acl, [last.as_str()], &inbound, &outbound)(estate);
    estate.network(&id).clone()
}

/// Routes both ways; none where the ranges are the same.
fn join(estate: &mut Estate, number: usize, before: &Network, network: &Network) {
    let link = peering_id(number);
    estate
        .snapshot
        .peerings
        .push(noun::peering(&link, before, network));
    for (from, to) in [(before, network), (network, before)] {
        let table = crate::ids::sibling(from.id.as_str(), "rtb-");
        let target = cachewarden_model::RouteTarget::Peering(link.as_str().into());
        let range = to.cidrs.first().expect("a range").to_string();
        estate
            .routes_mut(table.as_str())
            .push(noun::route(&range, target));
    }
}

fn subnets_of(estate: &Estate, network: &Network) -> Vec<Subnet> {
    let all = estate.snapshot.subnets.iter();
    let mut of: Vec<Subnet> = all.filter(|it| it.network == network.id).cloned().collect();
    of.sort_by(|one: &Subnet, other: &Subnet| {
        let ids: (&ResourceId, &ResourceId) = (&one.id, &other.id);
        ids.0.cmp(ids.1)
    });
    of
}
