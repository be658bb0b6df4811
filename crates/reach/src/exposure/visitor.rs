//! One class of endpoints, and who may come to it: by range, and by group.

use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{Cache, Direction, Endpoint, Gap, Leg, Noun, Peer, ResourceId, Zone};
use cachewarden_netset::{AddressSet, Cidr, Family, PortRange, PortSet};

use super::ranges::parts;
use super::sources::Sources;
use super::ways::{Members, Ways};
use crate::client::{Carries, Client, End};
use crate::decide::{Through, cache_side, cache_way};
use crate::estate::Estate;
use crate::filter::covers_port;
use crate::peer::Via;
use crate::seats::Seats;
use crate::selector::is_client;
use crate::target::cache_cuts;

/// One class of endpoints, and who may come to it.
pub(super) struct Visitor<'v, 'a> {
    pub(super) estate: &'v Estate<'a>,
    pub(super) cache: &'a Cache,
    pub(super) endpoint: &'v Endpoint,
    pub(super) subnets: &'v BTreeSet<&'a ResourceId>,
}

impl<'a> Visitor<'_, 'a> {
    /// Where somebody may be who carries no group: the networks of
    /// [`Self::zones`], and private addresses outside of them.
    pub(super) fn places_of_strangers(&self) -> Vec<(Zone, AddressSet)> {
        let mut places = self.zones();
        let inside = places
            .iter()
            .fold(AddressSet::empty(), |all, (_, ranges)| all.union(ranges));
        places.push((Zone::OnPremises, AddressSet::private().difference(&inside)));
        places
    }

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
    pub(super) fn places(&self, family: Family) -> Vec<End<'a>> {
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
    /// any node, as any node answers. Tells by what it gets to a first one
    /// for sure.
    fn source(&self, from: &End<'a>) -> (Through, Option<Via<'a>>) {
        self.any_place(from, cache_side)
    }

    /// The same without the filter on the cache.
    pub(super) fn way(&self, from: &End<'a>) -> Through {
        self.any_place(from, cache_way).0
    }

    fn any_place(
        &self,
        from: &End<'a>,
        judge: impl Fn(&Estate<'a>, &End<'a>, &End<'a>, u16, &PortSet) -> (Through, Via<'a>),
    ) -> (Through, Option<Via<'a>>) {
        let ports = PortSet::from(PortRange::EPHEMERAL);
        let mut best = Through::new(&ports);
        let mut by = None;
        best.stop();
        for to in self.places(Family::from(from.address)) {
            let (through, via) = judge(self.estate, from, &to, self.endpoint.port, &ports);
            if by.is_none() && !through.certain.is_empty() {
                by = Some(via);
            }
            best.certain = best.certain.union(&through.certain);
            best.possible = best.possible.union(&through.possible);
        }
        (best, by)
    }

    /// Judges a set of sources that carry no group, once for each part that
    /// something on the cache's side tells apart.
    pub(super) fn ranges(&self, zone: &Zone, ranges: &AddressSet, sources: &mut Sources) {
        for family in [Family::V4, Family::V6] {
            if self.places(family).is_empty() {
                continue;
            }
            let cuts = cache_cuts(self.estate, self.cache, family);
            for (first, set) in self.parts(zone, &ranges.family(family), cuts) {
                let (through, _) = self.source(&self.stranger(zone, first));
                sources.add(zone, &set, &through);
            }
        }
    }

    /// The parts of a set that ranges, and the subnets of its zone, tell
    /// apart, each with its first address.
    pub(super) fn parts(
        &self,
        zone: &Zone,
        set: &AddressSet,
        mut cuts: Vec<Cidr>,
    ) -> Vec<(IpAddr, AddressSet)> {
        if let Zone::Network(id) = zone {
            let subnets = self.estate.subnets_of(id);
            cuts.extend(subnets.iter().flat_map(|it| &it.cidrs));
        }
        let parts = parts(set, &cuts).into_iter();
        parts
            .filter_map(|(first, last)| Some((first, AddressSet::range(first, last)?)))
            .collect()
    }

    /// Somebody at an address who carries no group.
    pub(super) fn stranger(&self, zone: &Zone, address: IpAddr) -> End<'a> {
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

    /// Judges the members of the groups that rules of the cache name; those
    /// of whose seat the way is known, by the filter alone.
    pub(super) fn members(
        &self,
        known: Option<(&Seats, &mut Ways<'a>)>,
        sources: &mut Sources,
        gaps: &mut BTreeSet<Gap>,
    ) {
        let mut members: Vec<u32> = vec![];
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
        members.sort_unstable();
        members.dedup();
        let mut known = known.map(|(seats, ways)| (seats, Members::new(self, ways)));
        for (index, interface) in members
            .into_iter()
            .filter_map(|index| Some((index, self.estate.interface(index)?)))
        {
            if !is_client(interface) {
                continue;
            }
            let client = Client::of(self.estate, interface);
            let zone = Zone::Network(interface.network.clone());
            for address in &client.addresses {
                let seat = known.as_ref().and_then(|(seats, _)| seats.seat(index));
                if let Some(seat) = seat
                    && let Some((_, members)) = &mut known
                    && members.get_in(seat, interface, *address)
                {
                    sources.add_open(&zone, *address);
                    continue;
                }
                let (through, by) = self.source(&client.end(*address));
                sources.add_single(&zone, *address, &through);
                if let (Some(seat), Some(by), Some((_, members))) = (seat, by, &mut known) {
                    members.learn(seat, *address, by);
                }
            }
        }
    }

    /// A group whose members were not read may have any address of the
    /// networks that are joined to the cache's.
    fn anybody(&self, sources: &mut Sources) {
        for (zone, ranges) in self.zones() {
            sources.add_possible(&zone, &ranges);
        }
    }

    /// What keeps the certain and the possible apart: gaps of the cache's
    /// side, in the order of a packet's way.
    pub(super) fn doubts(&self) -> Vec<Gap> {
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
