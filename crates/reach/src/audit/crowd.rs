//! Caches behind one entrance, and the crowd that its rules name.
//!
//! Of a crowd those who have one seat and are let out to the same addresses
//! make a bunch. If one of a bunch gets through to a cache, then all of it do
//! that the filters on the cache let in: nothing else tells them apart. Who
//! is not counted in this way is judged by itself.

mod admitted;
mod alone;
mod way;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cachewarden_model::{Cache, Direction, Intent, Outcome};
use cachewarden_netset::AddressSet;

use self::admitted::Admitted;
use self::alone::Alone;
use self::way::{holds_nodes, joined_by};
use super::{Pace, Part, Work};
use crate::admits::Admits;
use crate::client::Client;
use crate::intent::{Entrance, named_by_rules};
use crate::peer::Via;
use crate::rules::Paths;

/// Judges crowds, and remembers from one to the next what holds for seats
/// and frames.
pub(super) struct Judge<'j, 'a> {
    work: &'j Work<'j, 'a>,
    /// By frame and seat, where all endpoints are open but for the filters:
    /// what joins them, by endpoint.
    ways: HashMap<(u32, u32), Vec<Via<'a>>>,
    /// Places in `outs` by carried filters and port.
    out_of: HashMap<(u32, u16), usize>,
    /// Where filters of clients let them go for sure, and their places.
    outs: Vec<AddressSet>,
    places: HashMap<AddressSet, usize>,
}

/// Members of a crowd that only the filters on a cache tell apart.
struct Bunch {
    seat: u32,
    /// For each port of the entrance: where they are let out to.
    outs: Vec<usize>,
    clients: Vec<u32>,
}

/// A crowd before a cache.
struct Crowd<'c, 'a> {
    entrance: &'c Entrance<'a>,
    intended: &'c BTreeMap<u32, Intent>,
    paths: Paths<'a>,
    bunches: Vec<Bunch>,
    /// Those who are in no bunch.
    loose: Vec<u32>,
    /// Who of the crowd is let in: by port, link and families of the cache.
    admits: Vec<Admitted<'a>>,
}

impl<'j, 'a> Judge<'j, 'a> {
    pub(super) fn new(work: &'j Work<'j, 'a>) -> Self {
        Self {
            work,
            ways: HashMap::new(),
            out_of: HashMap::new(),
            outs: vec![],
            places: HashMap::new(),
        }
    }

    /// Judges the caches behind one entrance.
    pub(super) fn crowd(&mut self, entrance: &Entrance<'a>, caches: &[u32]) -> Vec<(u32, Part)> {
        let work = self.work;
        let named = named_by_rules(work.estate, entrance);
        let mut shared = self.gather(entrance, &named, &BTreeSet::new());
        let mut parts = vec![];
        for index in caches {
            let Some(cache) = work.estate.cache(*index) else {
                continue;
            };
            let apart = work.declared.apart(work.expectations, *index);
            let part = if apart.is_empty() {
                self.cache(*index, cache, &mut shared)
            } else {
                let mut intended = named.clone();
                let declared = work.declared.clients(work.expectations, *index);
                intended.extend(declared.map(|client| (client, Intent::Declared)));
                let mut own = self.gather(entrance, &intended, &apart);
                self.cache(*index, cache, &mut own)
            };
            parts.push((*index, part));
        }
        parts
    }

    /// Sorts a crowd into bunches; who is to be judged apart is in none.
    fn gather<'c>(
        &mut self,
        entrance: &'c Entrance<'a>,
        intended: &'c BTreeMap<u32, Intent>,
        apart: &BTreeSet<u32>,
    ) -> Crowd<'c, 'a> {
        let mut places: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut crowd = Crowd {
            entrance,
            intended,
            paths: Paths::new(self.work.estate, intended),
            bunches: vec![],
            loose: vec![],
            admits: vec![],
        };
        let mut key = vec![];
        for client in intended.keys() {
            let seat = self.work.seats.seat(*client);
            let Some(seat) = seat.filter(|_| !apart.contains(client)) else {
                crowd.loose.push(*client);
                continue;
            };
            key.clear();
            key.push(seat as usize);
            key.extend(entrance.ports.iter().map(|port| self.out(*client, *port)));
            let place = places.get(&key).copied().unwrap_or_else(|| {
                crowd.bunches.push(Bunch {
                    seat,
                    outs: key.get(1..).unwrap_or_default().to_vec(),
                    clients: vec![],
                });
                places.insert(key.clone(), crowd.bunches.len() - 1);
                crowd.bunches.len() - 1
            });
            if let Some(bunch) = crowd.bunches.get_mut(place) {
                bunch.clients.push(*client);
            }
        }
        crowd
    }

    /// Where a client's own filters let it go on a port, for sure.
    fn out(&mut self, client: u32, port: u16) -> usize {
        let estate = self.work.estate;
        let carried = self.work.seats.carried(client).unwrap_or(u32::MAX);
        if let Some(place) = self.out_of.get(&(carried, port)) {
            return *place;
        }
        let interface = estate.interface(client);
        let filters = interface.and_then(|it| it.filters.value());
        let filters = filters.map_or(&[][..], Vec::as_slice);
        // Ranges hold across every link.
        let admits = Admits::new(estate, filters, Direction::Egress, port, Via::Other, false);
        let set = admits.ranges().clone();
        let next = self.outs.len();
        let place = *self.places.entry(set.clone()).or_insert(next);
        if place == next {
            self.outs.push(set);
        }
        self.out_of.insert((carried, port), place);
        place
    }

    fn cache(&mut self, index: u32, cache: &'a Cache, crowd: &mut Crowd<'_, 'a>) -> Part {
        let work = self.work;
        let mut alone = Alone::new(work, index, cache);
        let mut part = Part::default();
        for client in &crowd.loose {
            alone.judge(*client, crowd.intended, &mut part);
        }
        for place in 0..crowd.bunches.len() {
            self.bunch(index, cache, crowd, place, &mut alone, &mut part);
        }
        let facts = crowd.paths.to(work.estate, cache);
        part.path = Some((cache.id.clone(), facts));
        part
    }

    /// Judges members of a bunch until one of them shows that the way is
    /// open, and counts the rest.
    fn bunch(
        &mut self,
        index: u32,
        cache: &'a Cache,
        crowd: &mut Crowd<'_, 'a>,
        place: usize,
        alone: &mut Alone<'_, 'a>,
        part: &mut Part,
    ) {
        let work = self.work;
        let frame = match work.pace {
            Pace::Crowds => work.seats.frame(index),
            Pace::OneByOne => None,
        };
        let mut done = 0;
        loop {
            let Some(bunch) = crowd.bunches.get(place) else {
                return;
            };
            let way = frame.and_then(|frame| self.ways.get(&(frame, bunch.seat)));
            if let Some(vias) = way
                && self.lets_out(cache, bunch)
            {
                let vias = vias.clone();
                let except = crowd.except(work, cache, place, &vias);
                let Some(bunch) = crowd.bunches.get(place) else {
                    return;
                };
                let left = bunch.clients.get(done..).unwrap_or_default();
                let mut counted = left.len();
                for client in left.iter().filter(|it| except.contains(it)) {
                    alone.judge(*client, crowd.intended, part);
                    counted -= 1;
                }
                let connections = counted.saturating_mul(cache.endpoints.len());
                part.counts.add(
                    Outcome::Open,
                    u64::try_from(connections).unwrap_or(u64::MAX),
                );
                return;
            }
            let Some(client) = bunch.clients.get(done).copied() else {
                return;
            };
            done += 1;
            let open = alone.judge(client, crowd.intended, part);
            if let Some(frame) = frame.filter(|_| open)
                && let Some(client) = self.client(client)
                && let Some(vias) = joined_by(work.estate, &client, cache)
            {
                self.ways.insert((frame, bunch.seat), vias);
            }
        }
    }

    /// Whether the filters of a bunch let it out to every place of every node.
    fn lets_out(&self, cache: &Cache, bunch: &Bunch) -> bool {
        let first = bunch.clients.first();
        let Some(client) = first.and_then(|it| self.client(*it)) else {
            return false;
        };
        bunch.outs.iter().all(|place| {
            let set = self.outs.get(*place);
            set.is_some_and(|set| holds_nodes(self.work.estate, set, &client, cache))
        })
    }

    fn client(&self, place: u32) -> Option<Client<'a>> {
        let interface = self.work.estate.interface(place)?;
        Some(Client::of(self.work.estate, interface))
    }
}
