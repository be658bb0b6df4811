//! An indexed snapshot: what the engine looks things up in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;

use cachewarden_model::{
    AccountId, Cache, Direction, Discipline, Filter, Gap, GapReason, Interface, Network, Noun,
    Peering, PrefixList, Provider, Region, ResourceId, RouteTable, Rule, Snapshot, Subnet,
    TransitRouter,
};

use cachewarden_netset::Cidr;

use crate::intent::{Joins, attached_networks, joins};
use crate::patch::Patch;
use crate::selector::is_client;

/// An indexed snapshot.
///
/// Cheap to clone. An edited view (a patch) shares the index and
/// looks up what was edited first.
#[derive(Clone)]
pub struct Estate<'a> {
    snapshot: &'a Snapshot,
    index: Arc<Index<'a>>,
    patch: Option<&'a Patch>,
}

struct Index<'a> {
    networks: HashMap<&'a str, &'a Network>,
    subnets: HashMap<&'a str, &'a Subnet>,
    subnets_of: HashMap<&'a str, Vec<&'a Subnet>>,
    tables: HashMap<&'a str, &'a RouteTable>,
    filters: HashMap<&'a str, &'a Filter>,
    lists: HashMap<&'a str, &'a PrefixList>,
    peerings: HashMap<&'a str, &'a Peering>,
    routers: HashMap<&'a str, &'a TransitRouter>,
    /// Rules of first-match filters in the order in which they are read, by
    /// direction: ingress, egress.
    entries: HashMap<&'a str, [Vec<&'a Rule>; 2]>,
    /// Interfaces by each filter that they carry.
    carriers: HashMap<&'a str, Vec<u32>>,
    /// Interfaces whose filters are not known: each may carry any.
    unclear: Vec<u32>,
    /// Caches by each filter that guards them.
    guarded: HashMap<&'a str, Vec<u32>>,
    /// Interfaces by private address; ranges overlap, so that there may be several.
    addresses: HashMap<IpAddr, Vec<u32>>,
    /// Networks that something joins, in whatever state.
    joins: Joins<'a>,
    peerings_of: HashMap<&'a str, Vec<&'a ResourceId>>,
    routers_of: HashMap<&'a str, Vec<&'a ResourceId>>,
    caches_of: HashMap<&'a str, Vec<u32>>,
    /// Client interfaces by network.
    clients_of: HashMap<&'a str, Vec<u32>>,
    /// Client interfaces by subnet.
    clients_in: HashMap<&'a str, Vec<u32>>,
    /// Subnets by each of their ranges.
    ranges: HashMap<Cidr, Vec<&'a Subnet>>,
    azure: crate::azure::Index,
    gcp: crate::gcp::Index,
}

impl<'a> Estate<'a> {
    /// Indexes a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            index: Arc::new(Index::new(snapshot)),
            patch: None,
        }
    }

    /// The same estate with some things as the patch has them.
    pub(crate) fn patched<'b>(&'b self, patch: &'b Patch) -> Estate<'b> {
        Estate {
            snapshot: self.snapshot,
            index: Arc::clone(&self.index),
            patch: Some(patch),
        }
    }

    pub(crate) fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    pub(crate) fn azure(&self) -> &crate::azure::Index {
        &self.index.azure
    }

    pub(crate) fn gcp(&self) -> &crate::gcp::Index {
        &self.index.gcp
    }

    /// What edits of this view touch.
    pub(crate) fn patch(&self) -> Option<&'a Patch> {
        self.patch
    }

    pub(crate) fn network(&self, id: &ResourceId) -> Option<&'a Network> {
        self.patch
            .and_then(|patch| patch.network(id))
            .or_else(|| self.index.networks.get(id.as_str()).copied())
    }

    pub(crate) fn subnet(&self, id: &ResourceId) -> Option<&'a Subnet> {
        self.index.subnets.get(id.as_str()).copied()
    }

    pub(crate) fn subnets_of(&self, network: &ResourceId) -> &[&'a Subnet] {
        self.index
            .subnets_of
            .get(network.as_str())
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn table(&self, id: &ResourceId) -> Option<&'a RouteTable> {
        self.patch
            .and_then(|patch| patch.table(id))
            .or_else(|| self.index.tables.get(id.as_str()).copied())
    }

    pub(crate) fn filter(&self, id: &ResourceId) -> Option<&'a Filter> {
        self.patch
            .and_then(|patch| patch.filter(id))
            .or_else(|| self.index.filters.get(id.as_str()).copied())
    }

    /// The rules of a first-match filter in one direction, in the order in
    /// which they are read; empty if they were not read.
    pub(crate) fn entries(&self, filter: &'a Filter, direction: Direction) -> Cow<'_, [&'a Rule]> {
        let edited = self
            .patch
            .is_some_and(|patch| patch.filter(&filter.id).is_some());
        if let Some([ingress, egress]) = self.index.entries.get(filter.id.as_str())
            && !edited
        {
            return Cow::Borrowed(match direction {
                Direction::Ingress => ingress,
                Direction::Egress => egress,
            });
        }
        Cow::Owned(in_order(filter, direction))
    }

    pub(crate) fn list(&self, id: &ResourceId) -> Option<&'a PrefixList> {
        self.index.lists.get(id.as_str()).copied()
    }

    pub(crate) fn peering(&self, id: &ResourceId) -> Option<&'a Peering> {
        self.patch
            .and_then(|patch| patch.peering(id))
            .or_else(|| self.index.peerings.get(id.as_str()).copied())
    }

    pub(crate) fn router(&self, id: &ResourceId) -> Option<&'a TransitRouter> {
        self.patch
            .and_then(|patch| patch.router(id))
            .or_else(|| self.index.routers.get(id.as_str()).copied())
    }

    /// Peerings of a network, in whatever state.
    pub(crate) fn peerings_of(&self, network: &ResourceId) -> impl Iterator<Item = &'a Peering> {
        let ids = self
            .index
            .peerings_of
            .get(network.as_str())
            .map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.peering(id))
    }

    /// Transit routers to which a network is attached, in whatever state.
    pub(crate) fn routers_of(
        &self,
        network: &ResourceId,
    ) -> impl Iterator<Item = &'a TransitRouter> {
        let ids = self
            .index
            .routers_of
            .get(network.as_str())
            .map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.router(id))
    }

    /// Caches in a network.
    pub(crate) fn caches_of(&self, network: &str) -> &[u32] {
        self.index.caches_of.get(network).map_or(&[], Vec::as_slice)
    }

    /// Client interfaces in a network.
    pub(crate) fn clients_of(&self, network: &str) -> &[u32] {
        self.index
            .clients_of
            .get(network)
            .map_or(&[], Vec::as_slice)
    }

    /// Client interfaces in a subnet.
    pub(crate) fn clients_in(&self, subnet: &ResourceId) -> &[u32] {
        self.index
            .clients_in
            .get(subnet.as_str())
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn interface(&self, index: u32) -> Option<&'a Interface> {
        self.snapshot.interfaces.get(index as usize)
    }

    pub(crate) fn cache(&self, index: u32) -> Option<&'a Cache> {
        self.snapshot.caches.get(index as usize)
    }

    /// Interfaces that certainly carry a filter or group.
    pub(crate) fn carriers(&self, group: &ResourceId) -> &[u32] {
        self.index
            .carriers
            .get(group.as_str())
            .map_or(&[], Vec::as_slice)
    }

    /// Interfaces of which it is not known what they carry.
    pub(crate) fn unclear(&self) -> &[u32] {
        &self.index.unclear
    }

    /// Caches that a filter certainly guards.
    pub(crate) fn guarded(&self, filter: &ResourceId) -> &[u32] {
        self.index
            .guarded
            .get(filter.as_str())
            .map_or(&[], Vec::as_slice)
    }

    /// Interfaces with this private address, in any network.
    pub(crate) fn holders(&self, address: IpAddr) -> &[u32] {
        self.index
            .addresses
            .get(&address)
            .map_or(&[], Vec::as_slice)
    }

    /// Networks that something joins, in whatever state.
    pub(crate) fn joins(&self) -> &Joins<'a> {
        &self.index.joins
    }

    /// Subnets with exactly this range, in any network.
    pub(crate) fn subnets_by_range(&self, range: &Cidr) -> &[&'a Subnet] {
        self.index.ranges.get(range).map_or(&[], Vec::as_slice)
    }

    /// Whether an attachment of a transit router has an interface in a subnet.
    pub(crate) fn is_transit(&self, subnet: &ResourceId) -> bool {
        let routers = self.snapshot.transit_routers.iter();
        let attachments = routers.filter_map(|it| it.attachments.value()).flatten();
        let mut subnets = attachments.filter_map(|it| it.subnets.value()).flatten();
        subnets.any(|id| id == subnet)
    }

    /// Why there may be more of these things than the snapshot holds; none
    /// if all of that account and region were read.
    pub(crate) fn hidden(
        &self,
        noun: Noun,
        provider: Provider,
        account: Option<&AccountId>,
        region: Option<&Region>,
    ) -> Option<Gap> {
        let fits = |gap: &&Gap| {
            gap.provider == provider
                && gap.hides.contains(&noun)
                && agree(gap.account.as_ref(), account)
                && agree(gap.region.as_ref(), region)
        };
        if let Some(gap) = self.snapshot.gaps.iter().find(fits) {
            return Some(gap.clone());
        }
        let asked = self.snapshot.targets.iter().any(|target| {
            target.provider == provider
                && account.is_none_or(|account| target.account == *account)
                && region.is_none_or(|region| target.regions.contains(region))
        });
        let known = account.is_some();
        (!asked && known).then(|| Gap {
            provider,
            account: account.cloned(),
            region: region.cloned(),
            what: account.map_or_else(String::new, |account| format!("account {account}")),
            why: GapReason::NotCollected,
            message: match region {
                Some(region) => format!("region {region} of this account was not read"),
                None => "this account was not read".to_owned(),
            },
            hides: vec![],
        })
    }
}

fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

impl<'a> Index<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let mut subnets_of: HashMap<&str, Vec<&Subnet>> = HashMap::new();
        for subnet in &snapshot.subnets {
            subnets_of
                .entry(subnet.network.as_str())
                .or_default()
                .push(subnet);
        }
        let mut carriers: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut addresses: HashMap<IpAddr, Vec<u32>> = HashMap::new();
        let mut unclear = vec![];
        for (index, interface) in (0_u32..).zip(&snapshot.interfaces) {
            match interface.filters.value() {
                Some(filters) => push_all(&mut carriers, filters, index),
                None => unclear.push(index),
            }
            push_all(&mut carriers, &interface.groups, index);
            for address in &interface.addresses {
                addresses.entry(*address).or_default().push(index);
            }
        }
        let mut peerings_of: HashMap<&str, Vec<&ResourceId>> = HashMap::new();
        for peering in &snapshot.peerings {
            for end in [&peering.requester, &peering.accepter] {
                peerings_of
                    .entry(end.network.as_str())
                    .or_default()
                    .push(&peering.id);
            }
        }
        let mut routers_of: HashMap<&str, Vec<&ResourceId>> = HashMap::new();
        for router in &snapshot.transit_routers {
            for network in attached_networks(router) {
                routers_of.entry(network).or_default().push(&router.id);
            }
        }
        let mut clients_of: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut clients_in: HashMap<&str, Vec<u32>> = HashMap::new();
        for (index, interface) in (0_u32..).zip(&snapshot.interfaces) {
            if is_client(interface) {
                clients_of
                    .entry(interface.network.as_str())
                    .or_default()
                    .push(index);
                clients_in
                    .entry(interface.subnet.as_str())
                    .or_default()
                    .push(index);
            }
        }
        let mut ranges: HashMap<Cidr, Vec<&Subnet>> = HashMap::new();
        for subnet in &snapshot.subnets {
            for cidr in &subnet.cidrs {
                ranges.entry(*cidr).or_default().push(subnet);
            }
        }
        let mut guarded: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut caches_of: HashMap<&str, Vec<u32>> = HashMap::new();
        for (index, cache) in (0_u32..).zip(&snapshot.caches) {
            if let Some(network) = cache.network.value() {
                caches_of.entry(network.as_str()).or_default().push(index);
            }
            if let Some(filters) = cache.filters.value() {
                push_all(&mut guarded, filters, index);
            }
        }
        Self {
            networks: by(&snapshot.networks, |it| it.id.as_str()),
            subnets: by(&snapshot.subnets, |it| it.id.as_str()),
            subnets_of,
            tables: by(&snapshot.route_tables, |it| it.id.as_str()),
            filters: by(&snapshot.filters, |it| it.id.as_str()),
            lists: by(&snapshot.prefix_lists, |it| it.id.as_str()),
            peerings: by(&snapshot.peerings, |it| it.id.as_str()),
            routers: by(&snapshot.transit_routers, |it| it.id.as_str()),
            entries: snapshot
                .filters
                .iter()
                .filter(|it| it.discipline == Discipline::FirstMatch)
                .map(|it| {
                    let of = |direction| in_order(it, direction);
                    (
                        it.id.as_str(),
                        [of(Direction::Ingress), of(Direction::Egress)],
                    )
                })
                .collect(),
            carriers,
            unclear,
            guarded,
            addresses,
            joins: joins(snapshot),
            peerings_of,
            routers_of,
            caches_of,
            clients_of,
            clients_in,
            ranges,
            azure: crate::azure::Index::new(snapshot),
            gcp: crate::gcp::Index::new(snapshot),
        }
    }
}

fn in_order(filter: &Filter, direction: Direction) -> Vec<&Rule> {
    let rules = filter.rules.value().into_iter().flatten();
    let mut rules: Vec<&Rule> = rules.filter(|it| it.direction == direction).collect();
    rules.sort_by_key(|rule| rule.priority);
    rules
}

fn by<'a, T, K: Eq + Hash>(list: &'a [T], key: impl Fn(&'a T) -> K) -> HashMap<K, &'a T> {
    list.iter().map(|item| (key(item), item)).collect()
}

fn push_all<'a>(map: &mut HashMap<&'a str, Vec<u32>>, keys: &'a [ResourceId], value: u32) {
    for key in keys {
        map.entry(key.as_str()).or_default().push(value);
    }
}
