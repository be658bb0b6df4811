//! What policies judge: everything that follows from a snapshot, at once.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;

use cachewarden_model::{
    Cache, Connection, ConnectionCounts, Endpoint, Expectation, ExpectationResult, ExpectedOutcome,
    Intent, Outcome, PathFacts, Reachability, ResourceId,
};

use crate::classes::{Classes, Key};
use crate::client::Client;
use crate::endpoint::{Abilities, outcome};
use crate::estate::Estate;
use crate::exposure::exposures;
use crate::fix::Workshop;
use crate::intent::{Declared, abilities, intended};
use crate::query::connect;
use crate::selector::{at_declared_address, is_client};

/// What follows from a snapshot: who of those who mean to connect is refused,
/// who can get in, which rules are good for what.
///
/// Caches are judged on all cores; the result does not depend on how many
/// there are.
pub fn reachability(estate: &Estate<'_>, expectations: &[Expectation]) -> Reachability {
    let snapshot = estate.snapshot();
    let declared = Declared::new(estate, expectations);
    let classes = Classes::new(estate);
    let workshop = Workshop::quick(estate);
    let work = Work {
        estate,
        expectations,
        declared: &declared,
        classes: &classes,
        workshop: &workshop,
    };
    let mut counts = ConnectionCounts::default();
    let mut refused = vec![];
    let mut paths = BTreeMap::new();
    for part in work.all_caches() {
        add(&mut counts, &part.counts);
        refused.extend(part.refused);
        if let Some((id, facts)) = part.path {
            paths.insert(id, facts);
        }
    }
    refused.sort_by(|one, other| key(one).cmp(&key(other)));
    Reachability {
        clients: snapshot
            .interfaces
            .iter()
            .filter(|it| is_client(it))
            .count() as u64,
        counts,
        refused,
        exposures: exposures(estate),
        rules: crate::rules::uses(estate),
        expectations: (0..expectations.len())
            .map(|place| work.expectation(place))
            .collect(),
        paths,
        platform: BTreeMap::new(),
    }
}

fn key(connection: &Connection) -> (&ResourceId, &ResourceId, &cachewarden_model::EndpointRef) {
    (
        &connection.client.id,
        &connection.cache.id,
        &connection.endpoint,
    )
}

fn add(counts: &mut ConnectionCounts, more: &ConnectionCounts) {
    counts.open += more.open;
    counts.partial += more.partial;
    counts.blocked += more.blocked;
    counts.unknown += more.unknown;
}

struct Work<'w, 'a> {
    estate: &'w Estate<'a>,
    expectations: &'w [Expectation],
    declared: &'w Declared,
    classes: &'w Classes,
    workshop: &'w Workshop<'w, 'a>,
}

/// What came of one cache.
#[derive(Default)]
struct Part {
    counts: ConnectionCounts,
    refused: Vec<Connection>,
    path: Option<(ResourceId, PathFacts)>,
}

impl<'a> Work<'_, 'a> {
    /// Judges every cache, in order.
    fn all_caches(&self) -> Vec<Part> {
        let caches = &self.estate.snapshot().caches;
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = caches.len().div_ceil(workers).max(1);
        let numbered: Vec<(u32, &Cache)> = (0_u32..).zip(caches).collect();
        if numbered.len() < 64 {
            return numbered
                .into_iter()
                .map(|(index, cache)| self.cache(index, cache))
                .collect();
        }
        std::thread::scope(|scope| {
            let handles: Vec<_> = numbered
                .chunks(share)
                .map(|chunk| {
                    scope.spawn(move || {
                        chunk
                            .iter()
                            .map(|(index, cache)| self.cache(*index, cache))
                            .collect()
                    })
                })
                .collect();
            let mut parts: Vec<Part> = vec![];
            for handle in handles {
                match handle.join() {
                    Ok(more) => {
                        let more: Vec<Part> = more;
                        parts.extend(more);
                    }
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            parts
        })
    }

    fn cache(&self, index: u32, cache: &'a Cache) -> Part {
        let mut part = Part::default();
        let intended = intended(self.estate, self.expectations, self.declared, index, cache);
        let cuts = self.classes.cuts(&[self.estate], cache);
        let mut known: HashMap<(Key, Abilities), Vec<Outcome>> = HashMap::new();
        for (place, intent) in &intended {
            let Some(interface) = self.estate.interface(*place) else {
                continue;
            };
            let able = abilities(self.expectations, self.declared, Some(*place), index);
            let key = self.classes.key(*place, interface, &cuts);
            let judge = || {
                let client = Client::of(self.estate, interface);
                let mut outcomes: Vec<Outcome> = vec![];
                for endpoint in &cache.endpoints {
                    // Primary and reader often stand for the same nodes and port.
                    let twin = cache.endpoints.iter().take(outcomes.len()).position(|it| {
                        it.port == endpoint.port
                            && it.nodes == endpoint.nodes
                            && it.node_ports == endpoint.node_ports
                    });
                    let known = twin.and_then(|place| outcomes.get(place).copied());
                    outcomes.push(known.unwrap_or_else(|| {
                        outcome(self.estate, &client, cache, endpoint, &able).0
                    }));
                }
                outcomes
            };
            let outcomes = match key {
                Some(key) => known.entry((key, able)).or_insert_with(judge).clone(),
                None => judge(),
            };
            for (endpoint, outcome) in cache.endpoints.iter().zip(outcomes) {
                part.counts.add(outcome, 1);
                if outcome != Outcome::Open {
                    let client = Client::of(self.estate, interface);
                    part.refused
                        .push(self.connect(&client, cache, endpoint, *intent, &able));
                }
            }
        }
        let facts = crate::rules::path_facts(self.estate, cache, &intended);
        part.path = Some((cache.id.clone(), facts));
        part
    }

    fn connect(
        &self,
        client: &Client<'a>,
        cache: &'a Cache,
        endpoint: &Endpoint,
        intent: Intent,
        able: &Abilities,
    ) -> Connection {
        connect(self.workshop, client, cache, endpoint, Some(intent), able)
    }

    /// What became of one expectation.
    fn expectation(&self, place: usize) -> ExpectationResult {
        let mut result = ExpectationResult {
            expectation: place,
            clients: 0,
            caches: vec![],
            counts: ConnectionCounts::default(),
            unmet: vec![],
        };
        let (Some(expectation), Some(resolved)) = (
            self.expectations.get(place),
            self.declared.resolved.get(place),
        ) else {
            return result;
        };
        let mut clients: Vec<(Option<u32>, Client<'a>)> = resolved
            .clients
            .iter()
            .filter_map(|index| {
                let interface = self.estate.interface(*index)?;
                Some((Some(*index), Client::of(self.estate, interface)))
            })
            .collect();
        if clients.is_empty() {
            let bare = at_declared_address(self.estate, &expectation.client);
            clients.extend(bare.into_iter().map(|client| (None, client)));
        }
        result.clients = clients.len() as u64;
        for index in &resolved.caches {
            let Some(cache) = self.estate.cache(*index) else {
                continue;
            };
            result.caches.push(cache.id.clone());
            for (place, client) in &clients {
                let mut able = abilities(self.expectations, self.declared, *place, *index);
                able.tls = able.tls.or(expectation.tls);
                for endpoint in &cache.endpoints {
                    let (outcome, _) = outcome(self.estate, client, cache, endpoint, &able);
                    result.counts.add(outcome, 1);
                    let met = match expectation.outcome {
                        ExpectedOutcome::Reach => outcome == Outcome::Open,
                        ExpectedOutcome::NoReach => outcome == Outcome::Blocked,
                    };
                    if !met {
                        result.unmet.push(self.connect(
                            client,
                            cache,
                            endpoint,
                            Intent::Declared,
                            &able,
                        ));
                    }
                }
            }
        }
        result.caches.sort();
        result.unmet.sort_by(|one, other| key(one).cmp(&key(other)));
        result
    }
}
