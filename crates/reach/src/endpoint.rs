//! One client and one endpoint: all nodes, places and families together.

pub(crate) mod demand;
pub(crate) mod service;
mod story;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{Cache, Endpoint, Leg, Outcome, Provider, Stage};
use cachewarden_netset::{Family, PortSet};

use crate::client::Client;
use crate::decide::{Through, network};
use crate::estate::Estate;
use crate::step::{Full, Judged, Recorder, Silent};
use crate::target::{Candidate, Missing, candidates, families, sources, without_place};

pub(crate) use service::Abilities;
pub(crate) use story::Story;

pub(crate) use story::tell;

/// What came of one client and one endpoint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    pub(crate) source_ports: PortSet,
    /// Empty unless the words were asked for.
    pub(crate) story: Story,
}

/// One place of one node, and how packets to it fare.
pub(crate) struct Part<'a> {
    /// What tells it from other parts in words: the node's id.
    pub(crate) label: Cow<'a, str>,
    pub(crate) source: IpAddr,
    /// None where the name resolves to no address that is known.
    pub(crate) address: Option<IpAddr>,
    pub(crate) port: u16,
    pub(crate) through: Through,
    pub(crate) steps: Vec<Judged>,
}

/// Judges without words.
pub(crate) fn outcome<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
) -> (Outcome, PortSet) {
    let judgement = judge::<Silent>(estate, client, cache, endpoint, abilities, |_| vec![]);
    (judgement.outcome, judgement.source_ports)
}

/// Judges and tells everything.
pub(crate) fn story<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
) -> Judgement {
    judge::<Full>(estate, client, cache, endpoint, abilities, |full| full.0)
}

fn judge<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
    steps: impl Fn(R) -> Vec<Judged>,
) -> Judgement {
    let abroad = client.abroad(estate, cache.provider);
    let client = abroad.as_ref().unwrap_or(client);
    if cache.provider == Provider::Azure {
        return crate::azure::judge(estate, client, cache, endpoint, abilities, steps);
    }
    if cache.provider == Provider::Gcp {
        return crate::gcp::judge(estate, client, cache, endpoint, abilities, steps);
    }
    // What holds for the cache as a whole frames what holds for each node.
    let mut before = R::default();
    let mut whole = Through::new(&client.ports);
    service::before(estate, client, cache, &mut whole, &mut before);
    let mut parts = vec![];
    match families(cache, client) {
        Err(gap) => {
            whole.doubt();
            before.record(|| {
                Judged::new(Leg::Request, Stage::Dns, "cache")
                    .resource(&cache.id)
                    .unknown(gap.clone())
            });
        }
        Ok(common) if common.is_empty() => {
            whole.stop();
            before.record(|| service::no_family(client, cache));
        }
        Ok(common) => {
            for family in common {
                let found = candidates(estate, cache, endpoint, family, client);
                match found {
                    Ok(found) => {
                        parts.extend(visit::<R>(
                            estate, client, cache, endpoint, family, &found, &steps,
                        ));
                    }
                    Err(gap) => {
                        whole.doubt();
                        before.record(|| {
                            Judged::new(Leg::Request, Stage::Status, "cache")
                                .resource(&cache.id)
                                .unknown(gap.clone())
                        });
                    }
                }
            }
        }
    }
    let placed: BTreeSet<&str> = parts.iter().map(|it| it.label.as_ref()).collect();
    let mut lost = 0_usize;
    if !whole.is_blocked() && !whole.is_unknown() {
        for missing in without_place(estate, cache, endpoint, &placed) {
            match missing {
                Missing::NoFamily(node) => {
                    lost += 1;
                    before.record(|| service::no_address(cache, &node));
                }
                Missing::Unplaced(gap) => {
                    whole.doubt();
                    before.record(|| {
                        Judged::new(Leg::Request, Stage::Status, "cache")
                            .resource(&cache.id)
                            .unknown(gap)
                    });
                }
            }
        }
    }
    let mut after = R::default();
    demand::after(cache, endpoint, abilities, &mut whole, &mut after);
    let (outcome, source_ports) = combine(&whole, &parts, lost);
    let mut story = Story::default();
    let (before, after) = (steps(before), steps(after));
    if !(before.is_empty() && after.is_empty()) {
        story = tell(outcome, before, &parts, after);
    }
    Judgement {
        outcome,
        source_ports,
        story,
    }
}

/// Judges every address of the client in a family against every place of
/// every node, on the port and on further node ports.
fn visit<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    family: Family,
    found: &[Candidate<'a>],
    steps: &impl Fn(R) -> Vec<Judged>,
) -> Vec<Part<'a>> {
    let sources = sources(estate, cache, family, client);
    let mut ports = vec![endpoint.port];
    ports.extend(service::port_representatives(
        estate, client, cache, endpoint,
    ));
    let mut parts = vec![];
    for candidate in found {
        for (port, source) in ports
            .iter()
            .flat_map(|port| sources.iter().map(move |it| (port, it)))
        {
            let mut record = R::default();
            let from = client.end(*source);
            let to = candidate.end(cache);
            let through = network(estate, client, &from, &to, *port, &mut record);
            parts.push(Part {
                label: Cow::Borrowed(candidate.node.id.as_str()),
                address: Some(candidate.address),
                source: *source,
                port: *port,
                through,
                steps: steps(record),
            });
        }
    }
    parts
}

/// What an edit does to a client and an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Change {
    /// Some packet that was surely dropped is so no more, or one of which
    /// nothing was known surely gets through.
    pub(crate) opens: bool,
    /// Some packet that surely got through does so no more, or one of which
    /// nothing was known is surely dropped.
    pub(crate) closes: bool,
}

impl Change {
    /// What becomes of ports, each as those that certainly and those that
    /// possibly get through.
    pub(crate) fn between(was: (&PortSet, &PortSet), is: (&PortSet, &PortSet)) -> Self {
        Self {
            opens: !(is.0.is_subset(was.0) && is.1.is_subset(was.1)),
            closes: !(was.0.is_subset(is.0) && was.1.is_subset(is.1)),
        }
    }

    /// Both changes together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            opens: self.opens || other.opens,
            closes: self.closes || other.closes,
        }
    }
}

/// Judges a client and an endpoint in two estates, packet class by packet
/// class: addresses that either of them tells apart are taken apart in both.
pub(crate) fn compare<'a>(
    was: &Estate<'a>,
    is: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
) -> Change {
    let abroad = client.abroad(was, cache.provider);
    let client = abroad.as_ref().unwrap_or(client);
    if cache.provider == Provider::Azure {
        return crate::azure::compare(was, is, client, cache, endpoint);
    }
    if cache.provider == Provider::Gcp {
        return crate::gcp::compare(was, is, client, cache, endpoint);
    }
    let mut change = Change::default();
    let whole = |estate: &Estate<'a>| {
        let mut whole = Through::new(&client.ports);
        service::before(estate, client, cache, &mut whole, &mut Silent);
        whole
    };
    let (whole_was, whole_is) = (whole(was), whole(is));
    for family in families(cache, client).unwrap_or_default() {
        let mut places: Vec<Candidate<'a>> = vec![];
        let mut from: Vec<IpAddr> = vec![];
        for estate in [was, is] {
            from.extend(sources(estate, cache, family, client));
            places.extend(candidates(estate, cache, endpoint, family, client).unwrap_or_default());
        }
        from.sort_unstable();
        from.dedup();
        let key =
            |it: &Candidate<'a>| (it.node.id.as_str(), it.subnet.map(|it| &it.id), it.address);
        places.sort_by(|one, other| key(one).cmp(&key(other)));
        places.dedup_by(|one, other| key(one) == key(other));
        let mut ports = vec![endpoint.port];
        for estate in [was, is] {
            ports.extend(service::port_representatives(
                estate, client, cache, endpoint,
            ));
        }
        ports.sort_unstable();
        ports.dedup();
        for (place, source) in places
            .iter()
            .flat_map(|it| from.iter().map(move |from| (it, from)))
        {
            for port in &ports {
                let (near, far) = (client.end(*source), place.end(cache));
                let old = network(was, client, &near, &far, *port, &mut Silent);
                let new = network(is, client, &near, &far, *port, &mut Silent);
                let old_possible = old.possible.intersection(&whole_was.possible);
                let new_possible = new.possible.intersection(&whole_is.possible);
                let old_certain = old.certain.intersection(&whole_was.certain);
                let new_certain = new.certain.intersection(&whole_is.certain);
                change = change.and(Change::between(
                    (&old_certain, &old_possible),
                    (&new_certain, &new_possible),
                ));
            }
        }
    }
    change
}

/// One outcome of all parts, and of nodes that have no place at all.
///
/// Blocked where nothing gets through anywhere, open where everything gets
/// through everywhere, partial where something surely does and something
/// surely does not, unknown else. The ports are those that get through to
/// every part that any surely gets through to.
pub(crate) fn combine(whole: &Through, parts: &[Part<'_>], lost: usize) -> (Outcome, PortSet) {
    let somewhere = !parts.is_empty() || lost > 0;
    if whole.is_blocked() || (somewhere && parts.iter().all(|it| it.through.is_blocked())) {
        return (Outcome::Blocked, PortSet::empty());
    }
    let mut ports = whole.certain.clone();
    let mut passes = false;
    let mut stops = lost > 0 || whole.possible != whole.all;
    for part in parts {
        stops |= part.through.possible != part.through.all;
        let certain = part.through.certain.intersection(&whole.certain);
        if !certain.is_empty() {
            passes = true;
            ports = ports.intersection(&certain);
        }
    }
    let open = whole.is_open() && parts.iter().all(|it| it.through.is_open());
    match (passes, stops) {
        (true, false) if open => (Outcome::Open, ports),
        (true, true) => (Outcome::Partial, ports),
        _ => (Outcome::Unknown, PortSet::empty()),
    }
}
