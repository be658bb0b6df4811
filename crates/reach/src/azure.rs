//! Who reaches a cache on Azure, and what decides.
//!
//! The way of one connection: what the cache's name leads to in the client's
//! network; then to a private endpoint, to a cache in a subnet of the
//! owner's, or to a public address. Network security groups are stateful, so
//! that replies are judged only where a route sends them; no rule of the
//! platform cuts source ports but one that names them.

mod entrance;
mod exposure;
mod firewall;
mod gateway;
mod goal;
mod index;
mod intent;
mod names;
mod nsg;
mod party;
mod peering;
mod resolve;
mod sides;
mod status;
mod unseen;
mod usage;
mod way;
mod zones;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{Cache, Endpoint, Gap, GapReason, IpFamilies, Leg, Stage};
use cachewarden_netset::{AddressSet, Family, PortSet};

use crate::azure::goal::Flow;
use crate::azure::party::gap;
use crate::azure::resolve::{Goal, resolve};
use crate::client::Client;
use crate::decide::Through;
use crate::endpoint::{Abilities, Change, Judgement, Part, combine, demand, service, tell};
use crate::estate::Estate;
use crate::step::{Judged, Recorder, Silent};

pub(crate) use exposure::judge as exposed;
pub(crate) use index::Index;
pub(crate) use intent::named_by_rules;
pub(crate) use usage::uses;

/// Judges one client and one endpoint.
pub(crate) fn judge<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
    steps: impl Fn(R) -> Vec<Judged>,
) -> Judgement {
    let cache = estate.current(cache);
    let mut before = R::default();
    let (mut whole, parts) =
        frame_and_parts::<R>(estate, client, cache, endpoint, None, &mut before, &steps);
    let mut after = R::default();
    demand::after(cache, endpoint, abilities, &mut whole, &mut after);
    let (outcome, source_ports) = combine(&whole, &parts, 0);
    let (before, after) = (steps(before), steps(after));
    let story = match before.is_empty() && after.is_empty() {
        true => Default::default(),
        false => tell(outcome, before, &parts, after),
    };
    Judgement {
        outcome,
        source_ports,
        story,
    }
}

/// What holds for the cache as a whole, and every flow that a client may
/// send, from some further addresses too.
fn frame_and_parts<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    grid: Option<&Grid>,
    before: &mut R,
    steps: &impl Fn(R) -> Vec<Judged>,
) -> (Through, Vec<Part<'a>>) {
    let mut whole = Through::new(&client.ports);
    status::status(cache, &mut whole, before);
    let mut parts = vec![];
    let families = match families(cache, client) {
        Ok(families) => families,
        Err(gap) => {
            whole.doubt();
            before.record(|| {
                Judged::new(Leg::Request, Stage::Dns, "cache")
                    .resource(&cache.id)
                    .unknown(gap)
            });
            return (whole, parts);
        }
    };
    if families.is_empty() {
        whole.stop();
        before.record(|| service::no_family(client, cache));
        return (whole, parts);
    }
    let goals = resolve(estate, client, cache, endpoint, &mut whole, before);
    let goals: Vec<Goal<'a>> = goals
        .into_iter()
        .filter(|goal| families.iter().any(|family| fits(goal, *family)))
        .collect();
    if goals.is_empty() {
        whole.stop();
        before.record(|| service::no_family(client, cache));
    }
    let own = Grid::new(estate, client, cache, endpoint, &families);
    let grid = grid.unwrap_or(&own);
    let visit = Visit {
        estate,
        client,
        cache,
        front: endpoint.port,
        several: goals.len() > 1,
        grid,
    };
    for goal in &goals {
        visit.goal(goal, &mut parts, steps);
    }
    if parts.is_empty() && !goals.is_empty() {
        whole.doubt();
        before.record(|| {
            Judged::new(Leg::Request, Stage::ClientFilter, "interface").unknown(gap(
                "address of the client",
                GapReason::NotCollected,
                "no address of the client is known",
            ))
        });
    }
    (whole, parts)
}

/// Address families that the client and the cache have.
fn families(cache: &Cache, client: &Client<'_>) -> Result<Vec<Family>, Box<Gap>> {
    let listens: &[Family] = match cache.families.get() {
        Ok(IpFamilies::Ipv4) => &[Family::V4],
        Ok(IpFamilies::Ipv6) => &[Family::V6],
        Ok(IpFamilies::DualStack) => &[Family::V4, Family::V6],
        Err(gap) => return Err(Box::new(gap.clone())),
    };
    let known =
        !client.addresses.is_empty() || client.interface.is_some_and(|it| !it.prefixes.is_empty());
    let speaks = |family: &Family| !known || sides::speaks(client, *family);
    Ok(listens.iter().copied().filter(speaks).collect())
}

/// Whether packets of a family can go to a goal. Public addresses of caches
/// are IPv4.
fn fits(goal: &Goal<'_>, family: Family) -> bool {
    match goal {
        Goal::Endpoint(_, address) | Goal::Stray(_, address) => way::is_family(*address, family),
        Goal::Injected | Goal::Public => family == Family::V4,
        Goal::Nowhere | Goal::Unseen => true,
    }
}

/// The addresses and ports from and to which flows are judged.
struct Grid {
    sources: Vec<IpAddr>,
    ports: Vec<u16>,
}

impl Grid {
    fn new<'a>(
        estate: &Estate<'a>,
        client: &Client<'a>,
        cache: &'a Cache,
        endpoint: &Endpoint,
        families: &[Family],
    ) -> Self {
        let sources = families
            .iter()
            .flat_map(|family| sides::sources(estate, client, cache, *family));
        Self {
            sources: sources.collect(),
            ports: sides::ports(estate, client, cache, endpoint),
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.sources.extend(other.sources);
        self.sources.sort_unstable();
        self.sources.dedup();
        self.ports.extend(other.ports);
        self.ports.sort_unstable();
        self.ports.dedup();
        self
    }
}

struct Visit<'v, 'a> {
    estate: &'v Estate<'a>,
    client: &'v Client<'a>,
    cache: &'a Cache,
    front: u16,
    /// Whether there are several goals, so that words name them.
    several: bool,
    grid: &'v Grid,
}

impl<'a> Visit<'_, 'a> {
    /// Judges every flow to one goal.
    fn goal<R: Recorder>(
        &self,
        goal: &Goal<'a>,
        parts: &mut Vec<Part<'a>>,
        steps: &impl Fn(R) -> Vec<Judged>,
    ) {
        let outward = match goal {
            Goal::Public => firewall::apart(self.estate, self.client, self.cache),
            _ => vec![Ok(AddressSet::empty())],
        };
        for source in &self.grid.sources {
            let v4 = if source.is_ipv4() {
                Family::V4
            } else {
                Family::V6
            };
            if !fits(goal, v4) {
                continue;
            }
            for port in &self.grid.ports {
                for from in &outward {
                    let mut record = R::default();
                    let mut through = Through::new(&self.client.ports);
                    let flow = Flow {
                        estate: self.estate,
                        client: self.client,
                        cache: self.cache,
                        source: *source,
                        port: *port,
                        front: *port == self.front,
                    };
                    let address = send(&flow, goal, from, &mut through, &mut record);
                    parts.push(Part {
                        label: self.label(address, *source, *port, from, outward.len()),
                        source: *source,
                        address,
                        port: *port,
                        through,
                        steps: steps(record),
                    });
                }
            }
        }
    }

    fn label(
        &self,
        address: Option<IpAddr>,
        source: IpAddr,
        port: u16,
        from: &Result<AddressSet, Box<Gap>>,
        outwards: usize,
    ) -> Cow<'static, str> {
        let mut words = vec![];
        if self.grid.sources.len() > 1 {
            words.push(format!("from {source}"));
        }
        if let (true, Ok(Some(first))) = (outwards > 1, from.as_ref().map(AddressSet::first)) {
            words.push(format!("seen from {first}"));
        }
        if self.several {
            words.push(match address {
                Some(address) => format!("to {address}"),
                None => "to the public address".to_owned(),
            });
        }
        if self.grid.ports.len() > 1 {
            words.push(format!("port {port}"));
        }
        Cow::Owned(words.join(" "))
    }
}

/// Sends one flow to a goal; the address that it goes to, where one is known.
fn send<'a, R: Recorder>(
    flow: &Flow<'_, 'a>,
    goal: &Goal<'a>,
    outward: &Result<AddressSet, Box<Gap>>,
    through: &mut Through,
    record: &mut R,
) -> Option<IpAddr> {
    match goal {
        Goal::Endpoint(endpoint, address) => {
            flow.to_endpoint(endpoint, *address, through, record);
            Some(*address)
        }
        Goal::Injected => {
            flow.to_injected(through, record);
            let azure = flow.cache.azure.as_ref();
            azure.and_then(|it| it.injected_address)
        }
        Goal::Public => {
            flow.to_public(outward, through, record);
            None
        }
        Goal::Stray(zone, address) => {
            flow.to_stray(zone, *address, through, record);
            Some(*address)
        }
        Goal::Nowhere => {
            through.stop();
            None
        }
        Goal::Unseen => {
            through.doubt();
            None
        }
    }
}

/// Judges a client and an endpoint in two estates, flow by flow: what either
/// of them tells apart is taken apart in both.
pub(crate) fn compare<'a>(
    was: &Estate<'a>,
    is: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
) -> Change {
    let grid = |estate: &Estate<'a>| {
        let cache = estate.current(cache);
        let families = families(cache, client).unwrap_or_default();
        Grid::new(estate, client, cache, endpoint, &families)
    };
    let both = grid(was).and(grid(is));
    let (old, new) = (
        reached(was, client, cache, endpoint, &both),
        reached(is, client, cache, endpoint, &both),
    );
    let mut change = Change::default();
    for (key, (old_certain, old_possible)) in &old {
        let Some((new_certain, new_possible)) = new.get(key) else {
            continue;
        };
        change = change.and(Change::between(
            (old_certain, old_possible),
            (new_certain, new_possible),
        ));
    }
    change
}

/// For each source and port the source ports that certainly and possibly get
/// through to the cache, by whichever way.
fn reached<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    grid: &Grid,
) -> BTreeMap<(IpAddr, u16), (PortSet, PortSet)> {
    let cache = estate.current(cache);
    let (whole, parts) = frame_and_parts::<Silent>(
        estate,
        client,
        cache,
        endpoint,
        Some(grid),
        &mut Silent,
        &|_| vec![],
    );
    let mut found: BTreeMap<(IpAddr, u16), (PortSet, PortSet)> = BTreeMap::new();
    for source in &grid.sources {
        for port in &grid.ports {
            found.insert((*source, *port), (PortSet::empty(), PortSet::empty()));
        }
    }
    for part in parts {
        let Some((certain, possible)) = found.get_mut(&(part.source, part.port)) else {
            continue;
        };
        *certain = certain.union(&part.through.certain.intersection(&whole.certain));
        *possible = possible.union(&part.through.possible.intersection(&whole.possible));
    }
    found
}
