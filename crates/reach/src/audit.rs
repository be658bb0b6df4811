//! What policies judge: everything that follows from a snapshot, at once.

use std::collections::{BTreeMap, HashMap};

use cachewarden_model::{
    Cache, Connection, ConnectionCounts, Endpoint, Expectation, ExpectationResult, ExpectedOutcome,
    Intent, Outcome, PathFacts, Reachability, ResourceId,
};

mod crowd;

use crate::classes::Classes;
use crate::client::Client;
use crate::cores::on_all_cores;
use crate::endpoint::{Abilities, outcome};
use crate::estate::Estate;
use crate::exposure::exposures;
use crate::fix::Workshop;
use crate::intent::{Declared, Entrance, abilities};
use crate::query::connect;
use crate::seats::Seats;
use crate::selector::{at_declared_address, is_client};

use crowd::Judge;

/// What follows from a snapshot: who of those who mean to connect is refused,
/// who can get in, which rules are good for what.
///
/// What many clients and caches have in common is judged once, on all cores;
/// the result is the same as if each connection were judged by itself.
pub fn reachability(estate: &Estate<'_>, expectations: &[Expectation]) -> Reachability {
    judged(estate, expectations, Pace::Crowds)
}

/// The same as [`reachability`], with every connection and every source
/// judged by itself: many times slower, and what the quick way is compared
/// with.
pub fn reachability_one_by_one(estate: &Estate<'_>, expectations: &[Expectation]) -> Reachability {
    judged(estate, expectations, Pace::OneByOne)
}

fn judged(estate: &Estate<'_>, expectations: &[Expectation], pace: Pace) -> Reachability {
    let snapshot = estate.snapshot();
    let declared = Declared::new(estate, expectations);
    let classes = Classes::new(estate);
    let seats = Seats::new(estate);
    let workshop = Workshop::quick(estate);
    let work = Work {
        estate,
        expectations,
        declared: &declared,
        classes: &classes,
        seats: &seats,
        pace,
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
        exposures: exposures(estate, &seats, pace),
        rules: crate::rules::uses(estate),
        expectations: (0..expectations.len())
            .map(|place| work.expectation(place))
            .collect(),
        paths,
        platform: crate::platform::platform(estate),
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

/// Whether what many have in common is judged once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// It is.
    Crowds,
    /// Each is judged by itself.
    OneByOne,
}

struct Work<'w, 'a> {
    estate: &'w Estate<'a>,
    expectations: &'w [Expectation],
    declared: &'w Declared,
    classes: &'w Classes,
    seats: &'w Seats,
    pace: Pace,
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
    /// Judges every cache; in the order of the snapshot.
    fn all_caches(&self) -> Vec<Part> {
        let mut crowds: HashMap<Entrance<'a>, Vec<u32>> = HashMap::new();
        for (index, cache) in (0_u32..).zip(&self.estate.snapshot().caches) {
            crowds.entry(Entrance::of(cache)).or_default().push(index);
        }
        let mut crowds: Vec<(Entrance<'a>, Vec<u32>)> = crowds.into_iter().collect();
        crowds.sort_unstable_by(|(_, one), (_, other)| one.cmp(other));
        let judge = |judge: &mut Judge<'_, 'a>, (entrance, caches): &(Entrance<'a>, Vec<u32>)| {
            judge.crowd(entrance, caches)
        };
        let parts = on_all_cores(&crowds, || Judge::new(self), judge);
        let mut parts: Vec<(u32, Part)> = parts.into_iter().flatten().collect();
        parts.sort_unstable_by_key(|(index, _)| *index);
        parts.into_iter().map(|(_, part)| part).collect()
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
            gaps: vec![],
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
        result.gaps.clone_from(&resolved.gaps);
        for index in &resolved.caches {
            let Some(cache) = self.estate.cache(*index) else {
                continue;
            };
            result.caches.push(cache.id.clone());
            for (place, client) in &clients {
                let mut able = abilities(self.expectations, self.declared, *place, *index);
                able.tls = able.tls.or(expectation.tls);
                for endpoint in &cache.endpoints {
                    let reach = expectation.outcome == ExpectedOutcome::Reach;
                    if reach && !crate::gcp::is_meant(client, cache, endpoint) {
                        continue;
                    }
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
