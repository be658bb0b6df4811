//! What edits do besides what they are meant for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use cachewarden_model::{
    Cache, Destination, Edit, Outcome, Peer, Proof, ResourceId, Rule, RuleId, Subnet,
};

use crate::classes::{Classes, Key};
use crate::client::Client;
use crate::endpoint::{Abilities, Change, compare, outcome};
use cachewarden_netset::Cidr;

use crate::estate::Estate;
use crate::fix::Pair;
use crate::intent::attached_networks;
use crate::patch::Patch;
use crate::query::client_name;
use crate::selector::is_client;

/// Tries edits, and remembers what came of them: clients that are refused
/// for one reason are mended by one edit.
pub(crate) struct Workshop<'w, 'a> {
    pub(crate) estate: &'w Estate<'a>,
    /// How many other connections are judged for one fix.
    limit: usize,
    classes: OnceLock<Classes>,
    tried: Mutex<HashMap<Vec<Edit>, Arc<Changes>>>,
}

/// What edits do to the connections that they can touch; none if these are
/// too many.
type Changes = Option<Vec<Changed>>;

/// One connection that edits change.
struct Changed {
    client: u32,
    cache: u32,
    name: String,
    change: Change,
}

impl<'w, 'a> Workshop<'w, 'a> {
    /// A workshop that judges every other connection that a fix touches.
    pub(crate) fn thorough(estate: &'w Estate<'a>) -> Self {
        Self::new(estate, usize::MAX)
    }

    /// A workshop for many fixes at once: what a change to something that a
    /// whole network shares does to others is left to [`Self::thorough`].
    pub(crate) fn quick(estate: &'w Estate<'a>) -> Self {
        Self::new(estate, 128)
    }

    /// A workshop for narrowing rules. Where a rule means more connections
    /// than this, it is not narrowed.
    pub(super) fn for_rules(estate: &'w Estate<'a>) -> Self {
        Self::new(estate, 512)
    }

    fn new(estate: &'w Estate<'a>, limit: usize) -> Self {
        Self {
            estate,
            limit,
            classes: OnceLock::new(),
            tried: Mutex::new(HashMap::new()),
        }
    }

    /// What edits do besides opening the pair that they are meant for.
    pub(super) fn prove(&self, edits: &[Edit], pair: &Pair<'_, '_>) -> Proof {
        let mut proof = Proof {
            outcome: Some(Outcome::Open),
            ..Proof::default()
        };
        let changes = self.changes(edits);
        let Some(changes) = changes.as_ref() else {
            proof.others_not_judged = true;
            return proof;
        };
        let mut opens = BTreeSet::new();
        let mut closes = BTreeSet::new();
        for changed in changes {
            let own = self
                .estate
                .cache(changed.cache)
                .is_some_and(|it| it.id == pair.cache.id)
                && pair.client.interface.map(|it| &it.id)
                    == self.estate.interface(changed.client).map(|it| &it.id);
            if own {
                continue;
            }
            if changed.change.opens {
                opens.insert(changed.name.as_str());
            }
            if changed.change.closes {
                closes.insert(changed.name.as_str());
            }
        }
        let listed = |names: &BTreeSet<&str>| {
            names
                .iter()
                .take(Proof::LISTED)
                .map(|it| (*it).to_owned())
                .collect()
        };
        proof.also_opens_total = opens.len();
        proof.also_opens = listed(&opens);
        proof.closes_total = closes.len();
        proof.closes = listed(&closes);
        proof
    }

    /// What edits do to every connection that they can touch.
    fn changes(&self, edits: &[Edit]) -> Arc<Changes> {
        let known = self
            .tried
            .lock()
            .ok()
            .and_then(|tried| tried.get(edits).cloned());
        if let Some(changes) = known {
            return changes;
        }
        let changes = Arc::new(self.analyse(edits));
        if let Ok(mut tried) = self.tried.lock() {
            tried.insert(edits.to_vec(), Arc::clone(&changes));
        }
        changes
    }

    /// Judges what edits can touch before and after.
    fn analyse(&self, edits: &[Edit]) -> Changes {
        let pairs = touched(self.estate, edits, self.limit)?;
        let patch = Patch::new(self.estate, edits);
        let after = self.estate.patched(&patch);
        let mut changes = vec![];
        self.each(
            pairs,
            &after,
            |client, cache| self.change(&after, client, cache),
            |(client_index, cache_index), client, cache, change| {
                if change != Change::default() {
                    changes.push(Changed {
                        client: client_index,
                        cache: cache_index,
                        name: format!("{} -> {}", client_name(client), cache.name),
                        change,
                    });
                }
            },
        );
        Some(changes)
    }

    /// What edits do to all that they can touch, clients without an interface
    /// included; none if that is too much.
    pub(super) fn survey(
        &self,
        edits: &[Edit],
        bare: &[Client<'a>],
        caches: &[&'a Cache],
    ) -> Option<Survey> {
        let pairs = touched(self.estate, edits, self.limit)?;
        let patch = Patch::new(self.estate, edits);
        let after = self.estate.patched(&patch);
        let mut survey = Survey::default();
        self.each(
            pairs,
            &after,
            |client, cache| self.look(&after, client, cache),
            |_, _, cache, mut more| {
                // Of other caches only changes count.
                if !caches.iter().any(|it| it.id == cache.id) {
                    more.passing = 0;
                }
                survey.add(more);
            },
        );
        for client in bare {
            for cache in caches {
                survey.add(self.look(&after, client, cache));
            }
        }
        Some(survey)
    }

    fn look<'s>(&self, after: &Estate<'s>, client: &Client<'s>, cache: &'s Cache) -> Survey
    where
        'a: 's,
    {
        let able = Abilities::default();
        let passes = |endpoint| {
            let (outcome, _) = outcome(after, client, cache, endpoint, &able);
            matches!(outcome, Outcome::Open | Outcome::Partial)
        };
        Survey {
            change: self.change(after, client, cache),
            passing: u64::from(cache.endpoints.iter().any(passes)),
        }
    }

    fn change<'s>(&self, after: &Estate<'s>, client: &Client<'s>, cache: &'s Cache) -> Change
    where
        'a: 's,
    {
        let endpoints = cache.endpoints.iter();
        endpoints.fold(Change::default(), |all, endpoint| {
            all.and(compare(self.estate, after, client, cache, endpoint))
        })
    }

    /// Judges pairs, once for each class of clients of a cache.
    fn each<'s, T: Copy>(
        &self,
        pairs: BTreeSet<(u32, u32)>,
        after: &Estate<'s>,
        judge: impl Fn(&Client<'s>, &'s Cache) -> T,
        mut take: impl FnMut((u32, u32), &Client<'s>, &'s Cache, T),
    ) where
        'a: 's,
    {
        let estate: &Estate<'s> = self.estate;
        let classes = self.classes.get_or_init(|| Classes::new(estate));
        let mut by_cache: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (client, cache) in pairs {
            by_cache.entry(cache).or_default().push(client);
        }
        for (cache_index, clients) in by_cache {
            let Some(cache) = estate.cache(cache_index) else {
                continue;
            };
            let cuts = classes.cuts(&[estate, after], cache);
            let mut known: HashMap<Key, T> = HashMap::new();
            for client_index in clients {
                let Some(interface) = estate.interface(client_index) else {
                    continue;
                };
                let client = Client::of(estate, interface);
                let judged = match classes.key(client_index, interface, &cuts) {
                    Some(key) => *known.entry(key).or_insert_with(|| judge(&client, cache)),
                    None => judge(&client, cache),
                };
                take((client_index, cache_index), &client, cache, judged);
            }
        }
    }
}

/// What edits do to all connections that they can touch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Survey {
    pub(super) change: Change,
    /// Connections of which packets get through afterwards.
    pub(super) passing: u64,
}

impl Survey {
    fn add(&mut self, more: Self) {
        self.change = self.change.and(more.change);
        self.passing += more.passing;
    }
}

/// Clients and caches whose connections the edits can touch: what an edit
/// touches on one side, with everything on the other side that is in a
/// network joined to it and that the edit's rule may name. None if these are
/// more than a limit.
fn touched(estate: &Estate<'_>, edits: &[Edit], limit: usize) -> Option<BTreeSet<(u32, u32)>> {
    let mut pairs = BTreeSet::new();
    for edit in edits {
        let other = super::azure::touched(estate, edit);
        if let Some(more) = other.or_else(|| super::gcp::touched(estate, edit)) {
            pairs.extend(more);
            if pairs.len() > limit {
                return None;
            }
            continue;
        }
        let rules = rules(estate, edit);
        // An entry at the edge of a subnet may name either end.
        let edge = matches!(&rules, Some(all) if all.iter().any(|it| it.priority.is_some()));
        let route = match edit {
            Edit::AddRoute { route, .. } | Edit::ReplaceRoute { route, .. } => {
                Some(&route.destination)
            }
            Edit::RemoveRoute { destination, .. } => Some(destination),
            _ => None,
        };
        let reach = Reach::of(estate, edit);
        for client in &reach.clients {
            let Some(interface) = estate.interface(*client).filter(|it| is_client(it)) else {
                continue;
            };
            for network in around(estate, &interface.network) {
                for cache in estate.caches_of(network) {
                    let named = estate.cache(*cache).is_some_and(|cache| {
                        let far = |rule: &Rule| may_name_cache(estate, rule, cache);
                        let near = |rule: &Rule| edge && may_name_client(estate, rule, *client);
                        fits(&rules, |rule| far(rule) || near(rule))
                            && route.is_none_or(|route| may_lead_to_cache(estate, route, cache))
                    });
                    if named {
                        pairs.insert((*client, *cache));
                    }
                }
            }
            if pairs.len() > limit {
                return None;
            }
        }
        for cache in &reach.caches {
            let Some(own) = estate.cache(*cache) else {
                continue;
            };
            let home = own.network.value().into_iter();
            for network in home.flat_map(|home| around(estate, home)) {
                for client in estate.clients_of(network) {
                    let far = |rule: &Rule| may_name_client(estate, rule, *client);
                    let near = |rule: &Rule| edge && may_name_cache(estate, rule, own);
                    if fits(&rules, |rule| far(rule) || near(rule))
                        && route.is_none_or(|route| may_lead_to_client(estate, route, *client))
                    {
                        pairs.insert((*client, *cache));
                    }
                }
                if pairs.len() > limit {
                    return None;
                }
            }
        }
    }
    (pairs.len() <= limit).then_some(pairs)
}

/// The rules that an edit brings and takes away; none if it is about
/// something else, or takes away a rule that is not known. Packets that none
/// of them matches fare as before.
fn rules<'e>(estate: &Estate<'e>, edit: &'e Edit) -> Option<Vec<&'e Rule>> {
    let known = |filter: &ResourceId, id: &RuleId| {
        let mut rules = estate.filter(filter)?.rules.value()?.iter();
        rules.find(|it| it.id == *id)
    };
    match edit {
        Edit::AddRule { rule, .. } => Some(vec![rule]),
        Edit::RemoveRule { filter, rule } => Some(vec![known(filter, rule)?]),
        Edit::ReplaceRule { filter, rule, with } => {
            let old = known(filter, rule)?;
            Some(std::iter::once(old).chain(with).collect())
        }
        _ => None,
    }
}

fn fits(rules: &Option<Vec<&Rule>>, named: impl Fn(&Rule) -> bool) -> bool {
    let rules = rules.as_ref();
    rules.is_none_or(|rules| rules.iter().any(|rule| named(rule)))
}

/// A network and those that something joins to it.
fn around<'a>(estate: &Estate<'a>, network: &'a ResourceId) -> BTreeSet<&'a str> {
    let mut around = BTreeSet::from([network.as_str()]);
    around.extend(estate.joins().get(network.as_str()).into_iter().flatten());
    around
}

/// Whether a rule may name a client: anything that is not plainly somebody else.
fn may_name_client(estate: &Estate<'_>, rule: &Rule, client: u32) -> bool {
    let Some(interface) = estate.interface(client) else {
        return false;
    };
    let inside = |range: &Cidr| {
        let mut addresses = interface.addresses.iter();
        let mut prefixes = interface.prefixes.iter();
        addresses.any(|it| range.contains(*it)) || prefixes.any(|it| it.overlaps(range))
    };
    rule.peers.iter().any(|peer| match peer {
        Peer::Cidr(cidr) => inside(cidr),
        Peer::PrefixList(id) => match estate.list(id).and_then(|it| it.entries.value()) {
            Some(entries) => entries.iter().any(inside),
            None => true,
        },
        Peer::Group { group, .. } => {
            estate.carriers(group).contains(&client) || interface.filters.is_unknown()
        }
        _ => true,
    })
}

/// Whether a route may take packets to a client.
fn may_lead_to_client(estate: &Estate<'_>, route: &Destination, client: u32) -> bool {
    let Destination::Cidr(cidr) = route else {
        return true;
    };
    estate.interface(client).is_some_and(|interface| {
        interface
            .addresses
            .iter()
            .any(|address| cidr.contains(*address))
            || interface
                .prefixes
                .iter()
                .any(|prefix| prefix.overlaps(cidr))
    })
}

/// Whether a route may take packets to a node of a cache.
fn may_lead_to_cache(estate: &Estate<'_>, route: &Destination, cache: &Cache) -> bool {
    let Destination::Cidr(cidr) = route else {
        return true;
    };
    overlaps_nodes(estate, cache, cidr)
}

/// Whether a range overlaps a subnet of a node, as far as that is known.
fn overlaps_nodes(estate: &Estate<'_>, cache: &Cache, range: &Cidr) -> bool {
    cache.nodes.iter().any(|node| match node.subnets.value() {
        None => true,
        Some(subnets) => subnets.iter().any(|id| {
            estate
                .subnet(id)
                .is_none_or(|it| it.cidrs.iter().any(|own| own.overlaps(range)))
        }),
    })
}

fn may_name_cache(estate: &Estate<'_>, rule: &Rule, cache: &Cache) -> bool {
    rule.peers.iter().any(|peer| match peer {
        Peer::Cidr(cidr) => overlaps_nodes(estate, cache, cidr),
        Peer::Group { group, .. } => cache.filters.value().is_none_or(|it| it.contains(group)),
        _ => true,
    })
}

/// Clients and caches that an edit touches.
#[derive(Default)]
struct Reach {
    clients: BTreeSet<u32>,
    caches: BTreeSet<u32>,
}

impl Reach {
    fn of(estate: &Estate<'_>, edit: &Edit) -> Self {
        let mut reach = Self::default();
        match edit {
            Edit::AddRule { filter, .. }
            | Edit::ReplaceRule { filter, .. }
            | Edit::RemoveRule { filter, .. } => {
                reach.clients.extend(estate.carriers(filter));
                reach.caches.extend(estate.guarded(filter));
                reach.subnets(estate, |subnet| {
                    subnet
                        .filter
                        .value()
                        .is_none_or(|own| own.as_ref() == Some(filter))
                });
            }
            Edit::AddRoute { table, .. }
            | Edit::ReplaceRoute { table, .. }
            | Edit::RemoveRoute { table, .. } => reach.subnets(estate, |subnet| {
                let own = subnet.route_table.value();
                own.is_none_or(|own| own.as_ref().is_some_and(|own| own.table == *table))
            }),
            Edit::SetPeeringState { peering, .. } => {
                if let Some(peering) = estate.peering(peering) {
                    reach.network(estate, &peering.requester.network);
                    reach.network(estate, &peering.accepter.network);
                }
            }
            Edit::EnableResolver { network } => reach.network(estate, network),
            Edit::AddTransitSubnet { router, .. }
            | Edit::AssociateTransitTable { router, .. }
            | Edit::AddTransitRoute { router, .. }
            | Edit::RemoveTransitRoute { router, .. }
            | Edit::EnableTransitIpv6 { router, .. } => {
                let router = estate.router(router);
                for network in router.iter().flat_map(|it| attached_networks(it)) {
                    reach.network(estate, &network.into());
                }
            }
            _ => {}
        }
        reach
    }

    fn network(&mut self, estate: &Estate<'_>, network: &ResourceId) {
        self.clients.extend(estate.clients_of(network.as_str()));
        self.caches.extend(estate.caches_of(network.as_str()));
    }

    fn subnets(&mut self, estate: &Estate<'_>, fits: impl Fn(&Subnet) -> bool) {
        for subnet in estate.snapshot().subnets.iter().filter(|it| fits(it)) {
            // All that a network sends across a router meets the edge of the
            // router's own subnets there.
            if estate.is_transit(&subnet.id) {
                self.network(estate, &subnet.network);
                continue;
            }
            self.clients.extend(estate.clients_in(&subnet.id));
            let caches = estate.caches_of(subnet.network.as_str()).iter();
            self.caches.extend(caches.filter(|index| {
                let nodes = estate
                    .cache(**index)
                    .map_or(&[][..], |cache| cache.nodes.as_slice());
                let mut subnets = nodes.iter().filter_map(|it| it.subnets.value()).flatten();
                subnets.any(|id| *id == subnet.id)
            }));
        }
    }
}
