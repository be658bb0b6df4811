//! Who can open a connection to an endpoint, as sets of addresses.
//!
//! What decides here is the cache's side: its filters, the edges of its
//! subnets, the way back. Whether a client's own side lets it out is a matter
//! of that client, not of the exposure.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use cachewarden_model::{
    Cache, Direction, Endpoint, Exposure, Gap, Leg, Noun, Peer, PublicAccess, ResourceId,
    SourceSet, Zone,
};
use cachewarden_netset::{AddressSet, Cidr, Family, PortRange, PortSet};

mod ranges;

use crate::client::{Carries, End};
use crate::decide::{Through, cache_side};
use crate::estate::Estate;
use crate::filter::covers_port;
use crate::selector::is_client;
use crate::target::cache_cuts;

use ranges::parts;

/// What makes two endpoints alike for everyone who may come: caches in one
/// network, behind the same filters, in the same subnets, on one port.
#[derive(PartialEq, Eq, Hash)]
struct Class<'a> {
    network: Option<&'a ResourceId>,
    filters: Option<&'a [ResourceId]>,
    subnets: BTreeSet<&'a ResourceId>,
    port: u16,
    private_link: bool,
    families: Option<cachewarden_model::IpFamilies>,
}

/// What came of one class.
#[derive(Clone)]
struct Shared {
    certain: SourceSet,
    possible: SourceSet,
    admitted: AddressSet,
    gaps: Vec<Gap>,
}

/// The exposure of every endpoint, in the order of the snapshot.
pub(crate) fn exposures(estate: &Estate<'_>) -> Vec<Exposure> {
    let mut known: HashMap<Class<'_>, Shared> = HashMap::new();
    let mut exposures = vec![];
    for cache in &estate.snapshot().caches {
        for (place, endpoint) in cache.endpoints.iter().enumerate() {
            let class = class(cache, endpoint);
            let shared = match known.get(&class) {
                Some(shared) => shared.clone(),
                None => {
                    let shared = judge(estate, cache, endpoint, &class.subnets);
                    known.insert(class, shared.clone());
                    shared
                }
            };
            exposures.push(Exposure {
                cache: cache.id.clone(),
                endpoint: place,
                certain: shared.certain,
                possible: shared.possible,
                admitted: shared.admitted,
                gaps: shared.gaps,
            });
        }
    }
    exposures
}

fn class<'a>(cache: &'a Cache, endpoint: &Endpoint) -> Class<'a> {
    let nodes = cache
        .nodes
        .iter()
        .filter(|node| endpoint.nodes.contains(&node.id));
    Class {
        network: cache.network.value(),
        filters: cache.filters.value().map(Vec::as_slice),
        subnets: nodes
            .filter_map(|node| node.subnets.value())
            .flatten()
            .collect(),
        port: endpoint.port,
        private_link: cache.service == cachewarden_model::Service::ElastiCacheServerless,
        families: cache.families.value().copied(),
    }
}

/// Addresses by zone, in two readings of what is not known.
#[derive(Default)]
struct Sources {
    certain: BTreeMap<Zone, AddressSet>,
    possible: BTreeMap<Zone, AddressSet>,
}

impl Sources {
    fn add(&mut self, zone: &Zone, set: &AddressSet, through: &Through) {
        if !through.certain.is_empty() {
            let known = self.certain.entry(zone.clone()).or_default();
            *known = known.union(set);
        }
        if !through.possible.is_empty() {
            let known = self.possible.entry(zone.clone()).or_default();
            *known = known.union(set);
        }
    }
}

fn judge(
    estate: &Estate<'_>,
    cache: &Cache,
    endpoint: &Endpoint,
    subnets: &BTreeSet<&ResourceId>,
) -> Shared {
    let mut gaps = BTreeSet::new();
    let admitted = admitted(estate, cache, endpoint.port, &mut gaps);
    let mut sources = Sources::default();
    let visitor = Visitor {
        estate,
        cache,
        endpoint,
        subnets,
    };
    let homes = visitor.zones();
    for (zone, ranges) in &homes {
        visitor.ranges(zone, ranges, &mut sources);
    }
    let inside = homes
        .iter()
        .fold(AddressSet::empty(), |all, (_, ranges)| all.union(ranges));
    let outside = AddressSet::private().difference(&inside);
    visitor.ranges(&Zone::OnPremises, &outside, &mut sources);
    visitor.members(&mut sources, &mut gaps);
    if cache.public_access.value() == Some(&PublicAccess::Enabled) {
        sources
            .possible
            .insert(Zone::Internet, AddressSet::internet().clone());
        gaps.insert(unread_peer(cache, "access from the internet"));
    }
    if sources.certain != sources.possible {
        gaps.extend(visitor.doubts());
    }
    Shared {
        certain: sources.certain.into_iter().collect(),
        possible: sources.possible.into_iter().collect(),
        admitted,
        gaps: gaps.into_iter().collect(),
    }
}

/// Addresses that the filters on the cache name by range or list, on a port.
fn admitted(estate: &Estate<'_>, cache: &Cache, port: u16, gaps: &mut BTreeSet<Gap>) -> AddressSet {
    let mut cidrs: Vec<Cidr> = vec![];
    if let Some(gap) = cache.filters.gap() {
        gaps.insert(gap.clone());
    }
    for filter in cache
        .filters
        .value()
        .into_iter()
        .flatten()
        .filter_map(|id| estate.filter(id))
    {
        if let Some(gap) = filter.rules.gap() {
            gaps.insert(gap.clone());
        }
        for rule in filter.rules.value().into_iter().flatten() {
            if rule.direction != Direction::Ingress || !covers_port(rule, port) {
                continue;
            }
            for peer in &rule.peers {
                match peer {
                    Peer::Cidr(cidr) => cidrs.push(*cidr),
                    Peer::PrefixList(id) => match estate.list(id).map(|list| list.entries.get()) {
                        Some(Ok(entries)) => cidrs.extend(entries),
                        Some(Err(gap)) => {
                            gaps.insert(gap.clone());
                        }
                        None => {
                            gaps.insert(unread_peer(cache, id.as_str()));
                        }
                    },
                    Peer::Group { .. } => {}
                    Peer::Range(first, last) => {
                        cidrs.extend(
                            AddressSet::range(*first, *last)
                                .iter()
                                .flat_map(AddressSet::cidrs),
                        );
                    }
                    Peer::ServiceTag(text)
                    | Peer::Tag(text)
                    | Peer::ServiceAccount(text)
                    | Peer::Other(text) => {
                        gaps.insert(unread_peer(cache, text));
                    }
                }
            }
        }
    }
    cidrs.into_iter().collect()
}

/// A rule's peer that cannot be turned into addresses.
fn unread_peer(cache: &Cache, what: &str) -> Gap {
    Gap {
        provider: cache.provider,
        account: Some(cache.account.clone()),
        region: Some(cache.region.clone()),
        what: what.to_owned(),
        why: cachewarden_model::GapReason::NotCollected,
        message: "the addresses that a rule names by this were not read".to_owned(),
        hides: vec![],
    }
}

struct Visitor<'v, 'a> {
    estate: &'v Estate<'a>,
    cache: &'a Cache,
    endpoint: &'v Endpoint,
    subnets: &'v BTreeSet<&'a ResourceId>,
}

impl<'a> Visitor<'_, 'a> {
    /// The networks that something joins to the cache's, and their ranges.
    fn zones(&self) -> Vec<(Zone, AddressSet)> {
        let Some(home) = self.cache.network.value() else {
            return vec![];
        };
        let mut ids: BTreeSet<&str> = BTreeSet::from([home.as_str()]);
        ids.extend(self.estate.joins().get(home.as_str()).into_iter().flatten());
        let networks = ids
            .iter()
            .filter_map(|id| self.estate.network(&(*id).into()));
        networks
            .map(|network| {
                (
                    Zone::Network(network.id.clone()),
                    network.cidrs.iter().copied().collect(),
                )
            })
            .collect()
    }

    /// Every place of a node in a family: its subnet and one address there.
    fn places(&self, family: Family) -> Vec<End<'a>> {
        let carries = match self.cache.filters.get() {
            Ok(filters) => Carries::These(filters, &[]),
            Err(gap) => Carries::Unclear(gap),
        };
        let subnets = self.subnets.iter().filter_map(|id| self.estate.subnet(id));
        subnets
            .filter_map(|subnet| {
                let cidr = subnet.cidrs.iter().find(|cidr| cidr.family() == family)?;
                Some(End {
                    address: cidr.first(),
                    carries,
                    network: Some(&subnet.network),
                    subnet: Some(subnet),
                    account: Some(&self.cache.account),
                    region: Some(&self.cache.region),
                    private_link: self.cache.service
                        == cachewarden_model::Service::ElastiCacheServerless,
                })
            })
            .collect()
    }

    /// Judges one source against every place: it gets in where it gets to
    /// any node, as any node answers.
    fn source(&self, from: &End<'a>) -> Through {
        let ports = PortSet::from(PortRange::EPHEMERAL);
        let family = if from.address.is_ipv4() {
            Family::V4
        } else {
            Family::V6
        };
        let mut best = Through::new(&ports);
        best.stop();
        for to in self.places(family) {
            let through = cache_side(self.estate, from, &to, self.endpoint.port, &ports);
            best.certain = best.certain.union(&through.certain);
            best.possible = best.possible.union(&through.possible);
        }
        best
    }

    /// Judges a set of sources that carry no group, once for each part that
    /// something on the cache's side tells apart.
    fn ranges(&self, zone: &Zone, ranges: &AddressSet, sources: &mut Sources) {
        for family in [Family::V4, Family::V6] {
            if self.places(family).is_empty() {
                continue;
            }
            let mut cuts = cache_cuts(self.estate, self.cache, family);
            if let Zone::Network(id) = zone {
                let subnets = self.estate.subnets_of(id);
                cuts.extend(subnets.iter().flat_map(|it| &it.cidrs));
            }
            for (first, last) in parts(&ranges.family(family), &cuts) {
                let Some(set) = AddressSet::range(first, last) else {
                    continue;
                };
                let through = self.source(&self.stranger(zone, first));
                sources.add(zone, &set, &through);
            }
        }
    }

    /// Somebody at an address who carries no group.
    fn stranger(&self, zone: &Zone, address: IpAddr) -> End<'a> {
        let network = match zone {
            Zone::Network(id) => self.estate.network(id),
            Zone::Internet | Zone::OnPremises => None,
        };
        let subnet = network.and_then(|network| {
            let subnets = self.estate.subnets_of(&network.id).iter().copied();
            subnets
                .into_iter()
                .find(|it| it.cidrs.iter().any(|cidr| cidr.contains(address)))
        });
        End {
            address,
            carries: Carries::These(&[], &[]),
            network: network.map(|it| &it.id),
            subnet,
            account: network.map(|it| &it.account),
            region: network.map(|it| &it.region),
            private_link: false,
        }
    }

    /// Judges the members of the groups that rules of the cache name.
    fn members(&self, sources: &mut Sources, gaps: &mut BTreeSet<Gap>) {
        let mut members: BTreeSet<u32> = BTreeSet::new();
        let filters = self.cache.filters.value().into_iter().flatten();
        for (filter, rule) in filters
            .filter_map(|id| self.estate.filter(id))
            .flat_map(|filter| {
                filter
                    .rules
                    .value()
                    .into_iter()
                    .flatten()
                    .map(move |it| (filter, it))
            })
            .filter(|(_, rule)| {
                rule.direction == Direction::Ingress && covers_port(rule, self.endpoint.port)
            })
        {
            for peer in &rule.peers {
                let Peer::Group { group, account, .. } = peer else {
                    continue;
                };
                members.extend(self.estate.carriers(group));
                let owner = account.as_ref().unwrap_or(&filter.account);
                let unread = self.estate.hidden(
                    Noun::Interfaces,
                    filter.provider,
                    Some(owner),
                    Some(&filter.region),
                );
                if let Some(gap) = unread {
                    gaps.insert(gap);
                    self.anybody(sources);
                }
            }
        }
        members.extend(self.estate.unclear());
        for interface in members
            .into_iter()
            .filter_map(|index| self.estate.interface(index))
        {
            if !is_client(interface) {
                continue;
            }
            let client = crate::client::Client::of(self.estate, interface);
            let zone = Zone::Network(interface.network.clone());
            for address in &client.addresses {
                let through = self.source(&client.end(*address));
                sources.add(&zone, &AddressSet::from(*address), &through);
            }
        }
    }

    /// A group whose members were not read may have any address of the
    /// networks that are joined to the cache's.
    fn anybody(&self, sources: &mut Sources) {
        for (zone, ranges) in self.zones() {
            let known = sources.possible.entry(zone).or_default();
            *known = known.union(&ranges);
        }
    }

    /// What keeps the certain and the possible apart: gaps of the cache's
    /// side, in the order of a packet's way.
    fn doubts(&self) -> Vec<Gap> {
        let mut gaps = vec![];
        gaps.extend(self.cache.filters.gap().cloned());
        let filters = self.cache.filters.value().into_iter().flatten();
        gaps.extend(
            filters
                .filter_map(|id| self.estate.filter(id))
                .filter_map(|it| it.rules.gap())
                .cloned(),
        );
        for subnet in self.subnets.iter().filter_map(|id| self.estate.subnet(id)) {
            gaps.extend(subnet.filter.gap().cloned());
            gaps.extend(subnet.route_table.gap().cloned());
        }
        gaps.extend(
            [
                cachewarden_model::Noun::Interfaces,
                cachewarden_model::Noun::Peerings,
            ]
            .into_iter()
            .filter_map(|noun| {
                self.estate.hidden(
                    noun,
                    self.cache.provider,
                    Some(&self.cache.account),
                    Some(&self.cache.region),
                )
            }),
        );
        if gaps.is_empty() {
            // What lies behind gateways is never read; the leg says so itself.
            let to = self
                .places(Family::V4)
                .into_iter()
                .chain(self.places(Family::V6))
                .next();
            if let Some(to) = to {
                let probe = self.stranger(&Zone::OnPremises, IpAddr::from([10, 255, 255, 254]));
                let travel = crate::path::travel(
                    self.estate,
                    Leg::Reply,
                    &to,
                    &probe,
                    &mut crate::step::Silent,
                );
                if let crate::peer::Tri::Unknown(gap) = travel.arrives {
                    gaps.push(*gap);
                }
            }
        }
        gaps
    }
}
