//! Caches behind one entrance, and the crowd that its rules name.
//!
//! Of a crowd those who have one seat and are let out to the same addresses
//! make a bunch. If one of a bunch gets through to a cache, then all of it do
//! that the filters on the cache let in: nothing else tells them apart. Who
//! is not counted in this way is judged by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cachewarden_model::{Cache, Direction, Intent, IpFamilies, Leg, Outcome, Service};
use cachewarden_netset::{AddressSet, Family};

use super::{Pace, Part, Work};
use crate::admits::Admits;
use crate::classes::{Cuts, Key};
use crate::client::Client;
use crate::endpoint::{Abilities, outcome};
use crate::intent::{Entrance, abilities, named_by_rules};
use crate::path::travel;
use crate::peer::{Tri, Via};
use crate::rules::Paths;
use crate::step::Silent;
use crate::target::{candidates, families, sources};

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

/// Who of a crowd is let in on one port.
struct Admitted<'a> {
    port: u16,
    via: Via<'a>,
    private_link: bool,
    families: IpFamilies,
    /// By bunch: those who are not let in for sure, sorted.
    except: Vec<Vec<u32>>,
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
                && let Some(vias) = self.found(client, cache)
            {
                self.ways.insert((frame, bunch.seat), vias);
            }
        }
    }

    /// Whether the filters of a bunch let it out to every place of every node.
    fn lets_out(&self, cache: &Cache, bunch: &Bunch) -> bool {
        let estate = self.work.estate;
        let client = bunch.clients.first().and_then(|it| estate.interface(*it));
        let Some(client) = client.map(|it| Client::of(estate, it)) else {
            return false;
        };
        let common = families(cache, &client).unwrap_or_default();
        bunch.outs.iter().all(|place| {
            let Some(out) = self.outs.get(*place) else {
                return false;
            };
            common.iter().all(|family| {
                let whole = match family {
                    Family::V4 => out.v4().is_full(),
                    Family::V6 => out.v6().is_full(),
                };
                whole
                    || cache
                        .nodes
                        .iter()
                        .all(|node| self.holds(out, node, *family))
            })
        })
    }

    /// Whether a set holds every address of a family that a node may have.
    fn holds(&self, set: &AddressSet, node: &cachewarden_model::Node, family: Family) -> bool {
        let of_family = |address: &&std::net::IpAddr| Family::from(**address) == family;
        match node.addresses.value() {
            Some(addresses) if !addresses.is_empty() => {
                let mut addresses = addresses.iter().filter(of_family);
                addresses.all(|it| set.contains(*it))
            }
            _ => {
                let ids = node.subnets.value().into_iter().flatten();
                let subnets = ids.filter_map(|id| self.work.estate.subnet(id));
                let mut ranges = subnets.flat_map(|it| &it.cidrs);
                ranges.all(|it| it.family() != family || AddressSet::from(*it).is_subset(set))
            }
        }
    }

    /// What joins a client that gets through to a cache, by endpoint; none
    /// if not all places of the nodes are joined alike.
    fn found(&self, client: u32, cache: &'a Cache) -> Option<Vec<Via<'a>>> {
        let estate = self.work.estate;
        let client = Client::of(estate, estate.interface(client)?);
        let mut vias = vec![];
        for endpoint in &cache.endpoints {
            let mut found: Option<Via<'a>> = None;
            for family in families(cache, &client).ok()? {
                for place in candidates(estate, cache, endpoint, family, &client).ok()? {
                    for source in sources(estate, cache, family, &client) {
                        let (from, to) = (client.end(source), place.end(cache));
                        let travel = travel(estate, Leg::Request, &from, &to, &mut Silent);
                        let via = travel.via.filter(|_| travel.arrives == Tri::Yes)?;
                        if !found.unwrap_or(via).is_same(&via) {
                            return None;
                        }
                        found = Some(via);
                    }
                }
            }
            vias.push(found?);
        }
        Some(vias)
    }
}

impl<'a> Crowd<'_, 'a> {
    /// Members of a bunch that the filters on a cache do not let in for sure
    /// at every endpoint.
    fn except(
        &mut self,
        work: &Work<'_, 'a>,
        cache: &'a Cache,
        bunch: usize,
        vias: &[Via<'a>],
    ) -> BTreeSet<u32> {
        let mut except = BTreeSet::new();
        for (endpoint, via) in cache.endpoints.iter().zip(vias) {
            let place = self.admitted(work, cache, endpoint.port, *via);
            let known = self.admits.get(place);
            except.extend(
                known
                    .and_then(|it| it.except.get(bunch))
                    .into_iter()
                    .flatten(),
            );
        }
        except
    }

    /// The place in `admits` of who is let in by a cache's filters.
    fn admitted(
        &mut self,
        work: &Work<'_, 'a>,
        cache: &'a Cache,
        port: u16,
        via: Via<'a>,
    ) -> usize {
        let private_link = cache.service == Service::ElastiCacheServerless;
        let families = cache.families.value().copied();
        let families = families.unwrap_or(IpFamilies::DualStack);
        let is_it = |it: &Admitted<'a>| {
            it.port == port
                && it.via.is_same(&via)
                && it.private_link == private_link
                && it.families == families
        };
        self.admits.iter().position(is_it).unwrap_or_else(|| {
            let filters = self.entrance.filters.unwrap_or_default();
            let admits = Admits::new(
                work.estate,
                filters,
                Direction::Ingress,
                port,
                via,
                private_link,
            );
            let shut_out = |client: &&u32| {
                let interface = work.estate.interface(**client);
                !interface.is_some_and(|it| admits.interface(it, families))
            };
            let bunches = self.bunches.iter();
            let except = bunches.map(|it| it.clients.iter().filter(shut_out).copied().collect());
            self.admits.push(Admitted {
                port,
                via,
                private_link,
                families,
                except: except.collect(),
            });
            self.admits.len() - 1
        })
    }
}

/// Clients of one cache that are judged each by itself.
struct Alone<'j, 'a> {
    work: &'j Work<'j, 'a>,
    index: u32,
    cache: &'a Cache,
    /// Where the cache's side tells addresses apart; worked out at need.
    cuts: Option<Cuts>,
    known: HashMap<(Key, Abilities), Vec<Outcome>>,
}

impl<'j, 'a> Alone<'j, 'a> {
    fn new(work: &'j Work<'j, 'a>, index: u32, cache: &'a Cache) -> Self {
        Self {
            work,
            index,
            cache,
            cuts: None,
            known: HashMap::new(),
        }
    }

    /// Judges a client at every endpoint; tells whether all are open.
    fn judge(&mut self, place: u32, intended: &BTreeMap<u32, Intent>, part: &mut Part) -> bool {
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
            Pace::Crowds => work.classes.key(place, interface, cuts),
            Pace::OneByOne => None,
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
        for (endpoint, outcome) in cache.endpoints.iter().zip(&outcomes) {
            part.counts.add(*outcome, 1);
            if *outcome != Outcome::Open {
                part.refused
                    .push(work.connect(&client, cache, endpoint, *intent, &able));
            }
        }
        outcomes.iter().all(|it| *it == Outcome::Open)
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
        // Primary and reader often stand for the same nodes and port.
        let twin = cache.endpoints.iter().take(outcomes.len()).position(|it| {
            it.port == endpoint.port
                && it.nodes == endpoint.nodes
                && it.node_ports == endpoint.node_ports
        });
        let known = twin.and_then(|place| outcomes.get(place).copied());
        outcomes
            .push(known.unwrap_or_else(|| outcome(work.estate, client, cache, endpoint, able).0));
    }
    outcomes
}
