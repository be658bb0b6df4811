//! What edits do besides what they are meant for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use cachewarden_model::{
    Cache, Destination, Edit, Interface, Outcome, Peer, Proof, ResourceId, Rule, Subnet,
};

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
    classes: OnceLock<Classes>,
    tried: Mutex<HashMap<Vec<Edit>, Arc<Changes>>>,
}

/// What edits do, by client and cache.
type Changes = BTreeMap<(u32, u32), Change>;

impl<'w, 'a> Workshop<'w, 'a> {
    pub(crate) fn new(estate: &'w Estate<'a>) -> Self {
        Self {
            estate,
            classes: OnceLock::new(),
            tried: Mutex::new(HashMap::new()),
        }
    }

    /// What edits do besides opening the pair that they are meant for.
    pub(super) fn prove(&self, edits: &[Edit], pair: &Pair<'_, '_>) -> Proof {
        let own = |client: &Interface, cache: &Cache| {
            cache.id == pair.cache.id && pair.client.interface.is_some_and(|it| it.id == client.id)
        };
        let mut opens = BTreeSet::new();
        let mut closes = BTreeSet::new();
        for ((client, cache), change) in self.changes(edits).iter() {
            let (Some(client), Some(cache)) =
                (self.estate.interface(*client), self.estate.cache(*cache))
            else {
                continue;
            };
            if own(client, cache) {
                continue;
            }
            let name = format!(
                "{} -> {}",
                client_name(&Client::of(self.estate, client)),
                cache.name
            );
            if change.opens {
                opens.insert(name.clone());
            }
            if change.closes {
                closes.insert(name);
            }
        }
        Proof {
            outcome: Some(Outcome::Open),
            also_opens_total: opens.len(),
            also_opens: opens.into_iter().take(Proof::LISTED).collect(),
            closes_total: closes.len(),
            closes: closes.into_iter().take(Proof::LISTED).collect(),
        }
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
        let patch = Patch::new(estate, edits);
        let after = estate.patched(&patch);
        let classes = self.classes.get_or_init(|| Classes::new(estate));
        let mut changes = Changes::new();
        let mut by_cache: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (client, cache) in touched(estate, edits) {
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
                let judge = || {
                    let client = Client::of(estate, interface);
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
                    changes.insert((client_index, cache_index), change);
                }
            }
        }
        changes
    }
}

/// Clients and caches whose connections the edits can touch: what an edit
/// touches on one side, with everything on the other side that is in a
/// network joined to it and that the edit's rule may name.
fn touched(estate: &Estate<'_>, edits: &[Edit]) -> BTreeSet<(u32, u32)> {
    let mut pairs = BTreeSet::new();
    for edit in edits {
        let rule = match edit {
            Edit::AddRule { rule, .. } => Some(&**rule),
            _ => None,
        };
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
            }
        }
    }
    pairs
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
