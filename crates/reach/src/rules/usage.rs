//! Every rule of the filters that guard caches, and what it is good for.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{
    Action, Cache, Direction, Filter, FilterKind, Gap, Peer, Provider, ResourceId, Rule, RuleUse,
};
use cachewarden_netset::{AddressSet, Cidr, Family, PortSet, Protocol};

use crate::cores::on_all_cores;
use crate::estate::Estate;
use crate::filter::covers_port;
use crate::rules::dead::{inert, names_nobody, shadows};
use crate::rules::members::{Members, hidden};
use crate::rules::words;
use crate::selector::is_client;

/// Caches that a filter guards, and what they have in common.
#[derive(Default)]
struct Guarded {
    caches: BTreeSet<ResourceId>,
    ports: BTreeSet<u16>,
    /// Their networks, and those that something joins to these.
    networks: BTreeSet<String>,
}

/// All rules of filters on caches and at the edges of their subnets, in the
/// order of the snapshot.
pub(crate) fn uses(estate: &Estate<'_>) -> Vec<RuleUse> {
    let mut guarded: BTreeMap<&str, Guarded> = BTreeMap::new();
    for cache in &estate.snapshot().caches {
        if cache.provider != Provider::Aws {
            // Its rules are read in another way.
            continue;
        }
        for id in filters_of(estate, cache) {
            let entry = guarded.entry(id.as_str()).or_default();
            entry.caches.insert(cache.id.clone());
            entry
                .ports
                .extend(cache.endpoints.iter().map(|endpoint| endpoint.port));
            if let Some(home) = cache.network.value() {
                entry.networks.insert(home.to_string());
                let joined = estate.joins().get(home.as_str());
                entry
                    .networks
                    .extend(joined.into_iter().flatten().map(|id| (*id).to_owned()));
            }
        }
    }
    let members = Members::new(estate);
    let public = AddressSet::internet();
    let filters = estate.snapshot().filters.iter();
    let contexts: Vec<Context<'_, '_>> = filters
        .filter_map(|filter| {
            let guarded = guarded.get(filter.id.as_str())?;
            Some(Context {
                estate,
                filter,
                guarded,
                networks: ranges_of(estate, guarded),
                members: &members,
                public,
            })
        })
        .collect();
    let all = on_all_cores(&contexts, || (), |(), context| context.all());
    let mut uses = crate::azure::uses(estate);
    uses.extend(crate::gcp::uses(estate));
    uses.extend(all.into_iter().flatten());
    uses
}

/// The ranges of each network of a filter's caches in each family.
fn ranges_of(estate: &Estate<'_>, guarded: &Guarded) -> Vec<AddressSet> {
    let networks = guarded.networks.iter();
    networks
        .filter_map(|id| estate.network(&id.as_str().into()))
        .flat_map(|network| {
            let all: AddressSet = network.cidrs.iter().copied().collect();
            [Family::V4, Family::V6].map(|family| all.family(family))
        })
        .filter(|ranges| !ranges.is_empty())
        .collect()
}

/// Filters on a cache and at the edges of its subnets.
fn filters_of<'a>(estate: &Estate<'a>, cache: &'a Cache) -> BTreeSet<&'a ResourceId> {
    let mut ids: BTreeSet<&ResourceId> = cache.filters.value().into_iter().flatten().collect();
    let subnets = cache
        .nodes
        .iter()
        .filter_map(|node| node.subnets.value())
        .flatten();
    for subnet in subnets.filter_map(|id| estate.subnet(id)) {
        ids.extend(subnet.filter.value().and_then(Option::as_ref));
    }
    ids
}

struct Context<'c, 'a> {
    estate: &'c Estate<'a>,
    filter: &'a Filter,
    guarded: &'c Guarded,
    /// See [`ranges_of`].
    networks: Vec<AddressSet>,
    members: &'c Members<'a>,
    public: &'c AddressSet,
}

impl Context<'_, '_> {
    /// Every rule of the filter; none if they were not read.
    fn all(&self) -> Vec<RuleUse> {
        let Some(rules) = self.filter.rules.value() else {
            return vec![];
        };
        let shadows = shadows(self.estate, self.filter, rules);
        let rules = rules.iter().zip(shadows);
        rules.map(|(rule, by)| self.of(rule, by)).collect()
    }

    fn of(&self, rule: &Rule, by: Vec<cachewarden_model::RuleId>) -> RuleUse {
        let mut gaps: BTreeSet<Gap> = BTreeSet::new();
        let covers_cache_port = self
            .guarded
            .ports
            .iter()
            .any(|port| covers_port(rule, *port));
        let ranges = self.ranges(rule, &mut gaps);
        let addresses: AddressSet = ranges.iter().flatten().copied().collect();
        let public = addresses.intersection(self.public);
        let dead = if !by.is_empty() {
            Some(cachewarden_model::DeadRule::Shadowed { by })
        } else {
            match names_nobody(self.estate, self.filter, rule) {
                Ok(dead) => {
                    dead.or_else(|| inert(self.estate, self.filter, rule, covers_cache_port))
                }
                Err(gap) => {
                    gaps.insert(*gap);
                    None
                }
            }
        };
        let (clients, tightest) = self.clients(rule, ranges.as_deref(), &addresses, &mut gaps);
        RuleUse {
            filter: self.filter.id.clone(),
            filter_name: self.filter.name.clone(),
            filter_kind: self.filter.kind,
            rule: rule.id.clone(),
            direction: rule.direction,
            action: rule.action,
            text: words(rule),
            guards: self.guarded.caches.iter().cloned().collect(),
            covers_cache_port,
            covers_other_ports: self.covers_other_ports(rule),
            addresses: u64::try_from(addresses.count()).unwrap_or(u64::MAX),
            public_addresses: u64::try_from(public.count()).unwrap_or(u64::MAX),
            world: [Family::V4, Family::V6].into_iter().any(|family| {
                let all = self.public.family(family);
                !addresses.family(family).is_empty() && all.is_subset(&addresses)
            }),
            whole_network: self.whole_network(&addresses),
            clients,
            dead,
            may_be_inert: false,
            tightest,
            gaps: gaps.into_iter().collect(),
        }
    }

    /// Ranges that a rule names by itself; none if it names anybody by group,
    /// or by a list that was not read.
    fn ranges(&self, rule: &Rule, gaps: &mut BTreeSet<Gap>) -> Option<Vec<Cidr>> {
        let mut ranges = vec![];
        for peer in &rule.peers {
            match peer {
                Peer::Cidr(cidr) => ranges.push(*cidr),
                Peer::Range(first, last) => {
                    ranges.extend(AddressSet::range(*first, *last)?.cidrs());
                }
                Peer::PrefixList(id) => match self.estate.list(id).map(|it| it.entries.get()) {
                    Some(Ok(entries)) => ranges.extend(entries),
                    Some(Err(gap)) => {
                        gaps.insert(gap.clone());
                        return None;
                    }
                    None => return None,
                },
                _ => return None,
            }
        }
        Some(ranges)
    }

    fn covers_other_ports(&self, rule: &Rule) -> bool {
        if self.filter.kind == FilterKind::NetworkAcl {
            // An edge serves the whole subnet, and has to let replies back.
            return false;
        }
        if rule.protocol != Protocol::TCP {
            return true;
        }
        let own: PortSet = self
            .guarded
            .ports
            .iter()
            .map(|port| cachewarden_netset::PortRange::single(*port))
            .collect();
        let covered: PortSet = rule.ports.iter().copied().collect();
        !covered.is_subset(&own)
    }

    fn whole_network(&self, addresses: &AddressSet) -> bool {
        self.networks.iter().any(|own| own.is_subset(addresses))
    }

    /// How many client addresses a rule admits, and the tightest ranges that
    /// keep them all; none where interfaces may not have been read, or where
    /// the rule is no wider than its clients.
    fn clients(
        &self,
        rule: &Rule,
        ranges: Option<&[Cidr]>,
        addresses: &AddressSet,
        gaps: &mut BTreeSet<Gap>,
    ) -> (Option<u64>, Option<AddressSet>) {
        if rule.direction != Direction::Ingress || rule.action == Action::Deny {
            return (None, None);
        }
        let Some(ranges) = ranges else {
            return (self.carriers(rule, gaps), None);
        };
        let mut unread = vec![];
        for id in &self.guarded.networks {
            unread.extend(hidden(self.estate, &id.as_str().into()));
        }
        if !unread.is_empty() {
            gaps.extend(unread);
            return (None, None);
        }
        let mut count = 0_u64;
        let mut tight = AddressSet::empty();
        for network in &self.guarded.networks {
            for range in ranges {
                let inside = self.members.inside(network, range);
                count = count.saturating_add(inside.len() as u64);
            }
            if let Some(all) = self.members.all(network) {
                tight = tight.union(&all.intersection(addresses));
            }
        }
        let wider = tight != *addresses;
        (Some(count), wider.then_some(tight))
    }

    /// Client interfaces that carry the groups that a rule names.
    fn carriers(&self, rule: &Rule, gaps: &mut BTreeSet<Gap>) -> Option<u64> {
        let mut found: BTreeSet<u32> = BTreeSet::new();
        for peer in &rule.peers {
            let Peer::Group { group, account, .. } = peer else {
                return None;
            };
            let owner = account.as_ref().unwrap_or(&self.filter.account);
            let unread = self.estate.hidden(
                cachewarden_model::Noun::Interfaces,
                self.filter.provider,
                Some(owner),
                Some(&self.filter.region),
            );
            if let Some(gap) = unread {
                gaps.insert(gap);
                return None;
            }
            if let [_] = rule.peers.as_slice() {
                return Some(self.members.carriers(group));
            }
            let carriers = self.estate.carriers(group).iter();
            found.extend(
                carriers.filter(|index| self.estate.interface(**index).is_some_and(is_client)),
            );
        }
        Some(found.len() as u64)
    }
}
