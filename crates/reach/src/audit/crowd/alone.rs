//! Clients of one cache that are judged each by itself.

use std::collections::{BTreeMap, HashMap};

use cachewarden_model::{Cache, Intent, Outcome, Provider};

use crate::audit::{Pace, Part, Work};
use crate::classes::{Cuts, Key};
use crate::client::Client;
use crate::endpoint::{Abilities, outcome};
use crate::intent::abilities;

/// Clients of one cache that are judged each by itself.
pub(super) struct Alone<'j, 'a> {
    work: &'j Work<'j, 'a>,
    index: u32,
    cache: &'a Cache,
    /// Where the cache's side tells addresses apart; worked out at need.
    cuts: Option<Cuts>,
    known: HashMap<(Key, Abilities), Vec<Outcome>>,
}

impl<'j, 'a> Alone<'j, 'a> {
    pub(super) fn new(work: &'j Work<'j, 'a>, index: u32, cache: &'a Cache) -> Self {
        Self {
            work,
            index,
            cache,
            cuts: None,
            known: HashMap::new(),
        }
    }

    /// Judges a client at every endpoint; tells whether all are open.
    pub(super) fn judge(
        &mut self,
        place: u32,
        intended: &BTreeMap<u32, Intent>,
        part: &mut Part,
    ) -> bool {
        let (work, cache) = (self.work, self.cache);
        let (Some(interface), Some(intent)) = (work.estate.interface(place), intended.get(&place))
        else {
            return false;
        };
        let client = Client::of(work.estate, interface);
        let able = abilities(work.expectations, work.declared, Some(place), self.index);
        let cuts = self
            .cuts
            .get_or_insert_with(|| work.classes.cuts(&[work.estate], cache));
        let key = match work.pace {
            // What tells clients apart is settled for AWS alone.
            Pace::Crowds if cache.provider == Provider::Aws => {
                work.classes.key(place, interface, cuts)
            }
            Pace::Crowds | Pace::OneByOne => None,
        };
        let outcomes = match key {
            Some(key) => {
                let known = self.known.entry((key, able));
                known
                    .or_insert_with(|| outcomes(work, &client, cache, &able))
                    .clone()
            }
            None => outcomes(work, &client, cache, &able),
        };
        let mut all_open = true;
        for (endpoint, outcome) in cache.endpoints.iter().zip(&outcomes) {
            if !crate::gcp::is_meant(&client, cache, endpoint) {
                continue;
            }
            all_open &= *outcome == Outcome::Open;
            part.counts.add(*outcome, 1);
            if *outcome != Outcome::Open {
                part.refused
                    .push(work.connect(&client, cache, endpoint, *intent, &able));
            }
        }
        all_open
    }
}

/// The outcome at every endpoint of a cache.
fn outcomes<'a>(
    work: &Work<'_, 'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    able: &Abilities,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = vec![];
    for endpoint in &cache.endpoints {
        // Primary and reader often stand for the same nodes and port; not on
        // Google Cloud, where each has an address of its own.
        let twin = cache.endpoints.iter().take(outcomes.len()).position(|it| {
            cache.provider != Provider::Gcp
                && it.port == endpoint.port
                && it.nodes == endpoint.nodes
                && it.node_ports == endpoint.node_ports
        });
        let known = twin.and_then(|place| outcomes.get(place).copied());
        outcomes
            .push(known.unwrap_or_else(|| outcome(work.estate, client, cache, endpoint, able).0));
    }
    outcomes
}
