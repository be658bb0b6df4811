//! Who can open a connection to a cache on Azure, as sets of addresses.
//!
//! What decides here is the cache's side: public access and firewall, private
//! endpoints and what guards them, peerings. Whether a client's own side lets
//! it out, and what its network resolves, is a matter of that client.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{
    Cache, Endpoint, Gap, Leg, Noun, Provider, PublicAccess, ResourceId, Zone,
};
use cachewarden_netset::{AddressSet, Cidr, Family, PortRange, PortSet};

use crate::azure::entrance::{self, Door};
use crate::azure::firewall::{self, Admitted};
use crate::azure::gateway;
use crate::azure::party::{Groups, Party, Realm};
use crate::azure::unseen::unseen;
use crate::azure::way::{Kind, private};
use crate::azure::{peering, sides};
use crate::client::Client;
use crate::decide::Through;
use crate::estate::Estate;
use crate::exposure::parts;
use crate::selector::is_client;
use crate::step::Silent;

/// Addresses by zone, in two readings of what is not known.
#[derive(Default)]
pub(crate) struct Exposed {
    pub(crate) certain: BTreeMap<Zone, AddressSet>,
    pub(crate) possible: BTreeMap<Zone, AddressSet>,
    /// Addresses that the cache's firewall names.
    pub(crate) admitted: AddressSet,
    pub(crate) gaps: BTreeSet<Gap>,
}

impl Exposed {
    fn add(&mut self, zone: &Zone, set: &AddressSet, through: &Through) {
        let take = |all: &mut BTreeMap<Zone, AddressSet>| {
            let known = all.entry(zone.clone()).or_default();
            *known = known.union(set);
        };
        if set.is_empty() {
            return;
        }
        if !through.certain.is_empty() {
            take(&mut self.certain);
        }
        if !through.possible.is_empty() {
            take(&mut self.possible);
        }
    }
}

impl Exposed {
    /// A door of which it is not known where it is lets in whoever has a
    /// private address, or nobody.
    fn anybody(&mut self, gap: Gap) {
        let mut through = Through::new(&ports());
        through.doubt();
        self.add(&Zone::OnPremises, &AddressSet::private(), &through);
        self.gaps.insert(gap);
    }
}

/// The exposure of one endpoint.
pub(crate) fn judge<'a>(estate: &Estate<'a>, cache: &'a Cache, endpoint: &Endpoint) -> Exposed {
    let mut exposed = Exposed::default();
    if let Ok(Admitted::Only(_, rules)) = firewall::admitted(estate, cache) {
        let all = rules.iter().map(|(_, range)| range);
        exposed.admitted = all.fold(AddressSet::empty(), |all, it| all.union(it));
    }
    let azure = cache.azure.as_ref();
    let injected = azure.and_then(|it| it.injected_subnet.as_ref());
    if let Some(id) = injected {
        match estate.subnet(id) {
            Some(subnet) => {
                let inside = Inside {
                    estate,
                    cache,
                    port: endpoint.port,
                    to: entrance::nodes(subnet),
                    endpoint: None,
                };
                inside.judge(&subnet.network, &mut exposed);
            }
            None => exposed.anybody(unread(cache, id)),
        }
        return exposed;
    }
    public(estate, cache, &mut exposed);
    for own in estate.endpoints_of(&cache.id) {
        for address in own.addresses.value().into_iter().flatten() {
            let inside = Inside {
                estate,
                cache,
                port: endpoint.port,
                to: entrance::endpoint_party(estate, own, *address),
                endpoint: Some(own),
            };
            inside.judge(&own.network, &mut exposed);
        }
    }
    if let Some(gap) = unseen(estate, cache) {
        exposed.anybody(*gap);
    }
    exposed
}

fn ports() -> PortSet {
    PortSet::from(PortRange::EPHEMERAL)
}

fn unread(cache: &Cache, id: &ResourceId) -> Gap {
    Gap {
        provider: cache.provider,
        account: Some(cache.account.clone()),
        region: Some(cache.region.clone()),
        what: id.to_string(),
        why: cachewarden_model::GapReason::NotCollected,
        message: "this was not read".to_owned(),
        hides: vec![],
    }
}

/// From the internet: whom the firewall admits, where public access is on.
fn public<'a>(estate: &Estate<'a>, cache: &'a Cache, exposed: &mut Exposed) {
    let internet = AddressSet::internet().family(Family::V4);
    let mut access = Through::new(&ports());
    match cache.public_access.get() {
        Ok(PublicAccess::Enabled) => {}
        Ok(PublicAccess::Disabled | PublicAccess::NotOffered) => return,
        Err(gap) => {
            access.doubt();
            exposed.gaps.insert(gap.clone());
        }
    }
    let edges = match firewall::admitted(estate, cache) {
        Ok(admitted) => admitted.addresses().intersection(&internet),
        Err(gap) => {
            exposed.gaps.insert(*gap);
            AddressSet::empty()
        }
    };
    for set in [internet.intersection(&edges), internet.difference(&edges)] {
        let mut through = access.clone();
        let mut gaps = Gaps::default();
        firewall::judge(estate, cache, &Ok(set.clone()), &mut through, &mut gaps);
        exposed.add(&Zone::Internet, &set, &through);
        if through.is_unknown() && !set.is_empty() {
            exposed.gaps.extend(gaps.0);
        }
    }
}

/// What was not known of some stages.
#[derive(Default)]
struct Gaps(Vec<Gap>);

impl crate::step::Recorder for Gaps {
    fn record(&mut self, make: impl FnOnce() -> crate::step::Judged) {
        self.0.extend(make().gap.map(|gap| *gap));
    }

    fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// One door inside a network.
struct Inside<'i, 'a> {
    estate: &'i Estate<'a>,
    cache: &'a Cache,
    port: u16,
    to: Party<'a>,
    /// None for a cache in a subnet of the owner's.
    endpoint: Option<&'a cachewarden_model::PrivateEndpoint>,
}

impl<'a> Inside<'_, 'a> {
    fn judge(&self, home: &'a ResourceId, exposed: &mut Exposed) {
        let mut ids: BTreeSet<&str> = BTreeSet::from([home.as_str()]);
        ids.extend(self.estate.joins().get(home.as_str()).into_iter().flatten());
        let cuts = self.cuts();
        let mut known = AddressSet::empty();
        for network in ids
            .iter()
            .filter_map(|id| self.estate.network(&(*id).into()))
        {
            let zone = Zone::Network(network.id.clone());
            let own: AddressSet = network.cidrs.iter().copied().collect();
            known = known.union(&own);
            let subnets = self.estate.subnets_of(&network.id);
            let mut cuts = cuts.clone();
            cuts.extend(subnets.iter().flat_map(|it| &it.cidrs));
            for (first, last) in parts(&own.family(self.family()), &cuts) {
                let Some(set) = AddressSet::range(first, last) else {
                    continue;
                };
                let holds = |it: &&&cachewarden_model::Subnet| {
                    it.cidrs.iter().any(|cidr| cidr.contains(first))
                };
                let from = Party {
                    addresses: AddressSet::from(first),
                    realm: Realm::Network(&network.id),
                    subnet: subnets.iter().find(holds).copied(),
                    groups: Groups::These(&[]),
                };
                self.source(&zone, &set, &from, exposed);
            }
        }
        self.members(exposed);
        self.unread_peers(home, exposed);
        self.outside(home, &known, exposed);
    }

    /// Networks that are peered with this one and were not read: whoever is
    /// in them may come.
    fn unread_peers(&self, home: &'a ResourceId, exposed: &mut Exposed) {
        let mut ranges: BTreeMap<&'a ResourceId, AddressSet> = BTreeMap::new();
        for peering in self.estate.peerings_of(home) {
            let ends = [&peering.requester, &peering.accepter];
            for end in ends.into_iter().filter(|it| it.network != *home) {
                if self.estate.network(&end.network).is_none() {
                    let all = ranges.entry(&end.network).or_default();
                    *all = all.union(&end.cidrs.iter().copied().collect());
                }
            }
        }
        for (network, ranges) in ranges {
            let ranges = match ranges.is_empty() {
                true => AddressSet::private(),
                false => ranges,
            };
            for (first, last) in parts(&ranges.family(self.family()), &self.cuts()) {
                let Some(set) = AddressSet::range(first, last) else {
                    continue;
                };
                let from = Party {
                    addresses: AddressSet::from(first),
                    realm: Realm::Network(network),
                    subnet: None,
                    groups: Groups::These(&[]),
                };
                let mut through = Through::new(&ports());
                through.doubt();
                self.enter(&from, &mut through, &mut Gaps::default());
                exposed.add(&Zone::Network(network.clone()), &set, &through);
            }
            exposed.gaps.insert(unread(self.cache, network));
        }
    }

    fn family(&self) -> Family {
        match self.to.first() {
            Some(address) if address.is_ipv6() => Family::V6,
            _ => Family::V4,
        }
    }

    /// Clients that carry application security groups, which rules may name.
    fn members(&self, exposed: &mut Exposed) {
        let interfaces = self.estate.snapshot().interfaces.iter();
        for interface in interfaces.filter(|it| is_client(it) && !it.groups.is_empty()) {
            let client = Client::of(self.estate, interface);
            let zone = Zone::Network(interface.network.clone());
            let family = self.family();
            let own = client.addresses.iter();
            for address in own.filter(|it| Family::from(**it) == family) {
                let from = sides::party(self.estate, &client, *address);
                self.source(&zone, &AddressSet::from(*address), &from, exposed);
            }
        }
    }

    /// Those behind gateways and peerings that are not seen.
    fn outside(&self, home: &'a ResourceId, known: &AddressSet, exposed: &mut Exposed) {
        let account = self.estate.network(home).map(|it| &it.account);
        let hidden = self
            .estate
            .hidden(Noun::Peerings, Provider::Azure, account, None);
        let learned = gateway::learned(self.estate, home).map(|gap| *gap);
        let Some(gap) = learned.or(hidden) else {
            return;
        };
        let ranges = AddressSet::private().difference(known);
        for (first, last) in parts(&ranges.family(self.family()), &self.cuts()) {
            let Some(set) = AddressSet::range(first, last) else {
                continue;
            };
            let from = Party {
                addresses: AddressSet::from(first),
                realm: Realm::Outside,
                subnet: None,
                groups: Groups::These(&[]),
            };
            let mut through = Through::new(&ports());
            through.doubt();
            self.enter(&from, &mut through, &mut Gaps::default());
            exposed.add(&Zone::OnPremises, &set, &through);
        }
        exposed.gaps.insert(gap);
    }

    fn source(&self, zone: &Zone, set: &AddressSet, from: &Party<'a>, exposed: &mut Exposed) {
        let mut through = Through::new(&ports());
        let mut gaps = Gaps::default();
        if from.network() != self.to.network() {
            let way = peering::across(self.estate, Leg::Request, from, &self.to, &mut gaps);
            through.apply(&way);
        }
        if self.endpoint.is_none() {
            let quiet = &mut Silent;
            let back = private(self.estate, Leg::Reply, &self.to, from, Kind::Other, quiet);
            through.apply(&back);
        }
        self.enter(from, &mut through, &mut gaps);
        exposed.add(zone, set, &through);
        if through.is_unknown() {
            exposed.gaps.extend(gaps.0);
        }
    }

    fn enter(&self, from: &Party<'a>, through: &mut Through, gaps: &mut Gaps) {
        let door = Door {
            estate: self.estate,
            from,
            to: &self.to,
            port: self.port,
        };
        match self.endpoint {
            Some(endpoint) => {
                entrance::approved(self.cache, endpoint, through, gaps);
                door.endpoint(endpoint, through, gaps);
            }
            None => {
                door.injected(&self.cache.name, through, gaps);
                let source = Ok(from.addresses.clone());
                firewall::judge(self.estate, self.cache, &source, through, gaps);
            }
        }
    }

    /// Ranges by which the cache's side tells addresses apart.
    fn cuts(&self) -> Vec<Cidr> {
        let mut cuts = vec![];
        let subnet = self.to.subnet;
        let edge = subnet.and_then(|it| it.filter.value().and_then(Option::as_ref));
        let own = self.cache.filters.value().into_iter().flatten();
        let above = subnet
            .and_then(|it| self.estate.network(&it.network))
            .and_then(|it| it.filters.value());
        let ids = edge
            .into_iter()
            .chain(own)
            .chain(above.into_iter().flatten());
        for filter in ids.filter_map(|id| self.estate.filter(id)) {
            sides::ranges_of(filter, &mut cuts);
        }
        let table = subnet.and_then(|it| it.route_table.value().and_then(Option::as_ref));
        let routes = table
            .and_then(|it| self.estate.table(&it.table))
            .and_then(|it| it.routes.value());
        for route in routes.into_iter().flatten() {
            if let cachewarden_model::Destination::Cidr(cidr) = &route.destination {
                cuts.push(*cidr);
            }
        }
        let home = self.to.network().into_iter();
        for peering in home.flat_map(|id| self.estate.peerings_of(id)) {
            cuts.extend(&peering.accepter.cidrs);
        }
        cuts
    }
}
