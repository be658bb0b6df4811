//! What edits do besides what they are meant for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use cachewarden_model::{Cache, Destination, Edit, Outcome, Peer, Proof, ResourceId, Rule, Subnet};

use crate::classes::{Classes, Key};
use crate::client::Client;
use crate::endpoint::{Change, compare};
use cachewarden_netset::Cidr;

use crate::estate::Estate;
use crate::fix::Pair;
use crate::intent::attached_networks;
use crate::patch::Patch;
use crate::query::client_name;

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

    /// Judges what edits can touch before and after, once for each class of
    /// clients of a cache.
    fn analyse(&self, edits: &[Edit]) -> Changes {
        let estate = self.estate;
        let pairs = touched(estate, edits, self.limit)?;
        let patch = Patch::new(estate, edits);
        let after = estate.patched(&patch);
        let classes = self.classes.get_or_init(|| Classes::new(estate));
        let mut changes = vec![];
        let mut by_cache: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (client, cache) in pairs {
            by_cache.entry(cache).or_default().push(client);
        }
        for (cache_index, clients) in by_cache {
            let Some(cache) = estate.cache(cache_index) else {
                continue;
            };
            let cuts = classes.cuts(&[estate, &after], cache);
            let mut known: HashMap<Key, Change> = HashMap::new();
            for client_index in clients {
                let Some(interface) = estate.interface(client_index) else {
                    continue;
                };
                let client = Client::of(estate, interface);
                let judge = || {
                    let endpoints = cache.endpoints.iter();
                    endpoints.fold(Change::default(), |all, endpoint| {
                        all.and(compare(estate, &after, &client, cache, endpoint))
                    })
                };
                let change = match classes.key(client_index, interface, &cuts) {
                    Some(key) => *known.entry(key).or_insert_with(judge),
                    None => judge(),
                };
                if change != Change::default() {
                    changes.push(Changed {
                        client: client_index,
                        cache: cache_index,
                        name: format!("{} -> {}", client_name(&client), cache.name),
                        change,
                    });
                }
            }
        }
        Some(changes)
    }
}

/// Clients and caches whose connections the edits can touch: what an edit
/// touches on one side, with everything on the other side that is in a
/// network joined to it and that the edit's rule may name. None if these are
/// more than a limit.
fn touched(estate: &Estate<'_>, edits: &[Edit], limit: usize) -> Option<BTreeSet<(u32, u32)>> {
    let mut pairs = BTreeSet::new();
    for edit in edits {
        let rule = match edit {
            Edit::AddRule { rule, .. } => Some(&**rule),
            _ => None,
        };
        if let Some(more) = super::azure::touched(estate, edit) {
            pairs.extend(more);
            if pairs.len() > limit {
                return None;
            }
            continue;
        }
        let route = match edit {
            Edit::AddRoute { route, .. } | Edit::ReplaceRoute { route, .. } => {
                Some(&route.destination)
            }
            Edit::RemoveRoute { destination, .. } => Some(destination),
            _ => None,
        };
        let reach = Reach::of(estate, edit);
        for client in &reach.clients {
            let Some(interface) = estate.interface(*client) else {
                continue;
            };
            for network in around(estate, &interface.network) {
                for cache in estate.caches_of(network) {
                    let named = estate.cache(*cache).is_some_and(|cache| {
                        rule.is_none_or(|rule| may_name_cache(estate, rule, cache))
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
            let home = estate.cache(*cache).and_then(|it| it.network.value());
            for network in home.into_iter().flat_map(|home| around(estate, home)) {
                for client in estate.clients_of(network) {
                    if rule.is_none_or(|rule| may_name_client(estate, rule, *client))
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
    rule.peers.iter().any(|peer| match peer {
        Peer::Cidr(cidr) => {
            interface
                .addresses
                .iter()
                .any(|address| cidr.contains(*address))
                || interface
                    .prefixes
                    .iter()
                    .any(|prefix| prefix.overlaps(cidr))
        }
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
