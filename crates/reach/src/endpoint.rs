//! One client and one endpoint: all nodes, places and families together.

mod service;

use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{Blame, Cache, Endpoint, Gap, Leg, Outcome, Stage, Step, Symptom, Witness};
use cachewarden_netset::{Family, Flow, PortSet};

use crate::client::Client;
use crate::decide::{Through, network};
use crate::estate::Estate;
use crate::step::{Full, Judged, Recorder, Silent};
use crate::target::{Candidate, Missing, candidates, families, sources, without_place};

pub(crate) use service::Abilities;

/// What came of one client and one endpoint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    pub(crate) source_ports: PortSet,
    /// Empty unless the words were asked for.
    pub(crate) story: Story,
}

/// The words of a judgement.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Story {
    pub(crate) symptom: Option<Symptom>,
    pub(crate) trace: Vec<Step>,
    pub(crate) blame: Vec<Blame>,
    pub(crate) witness: Option<Witness>,
    pub(crate) gaps: Vec<Gap>,
    /// What the blockers would be mended by, in the order of the trace.
    pub(crate) blockers: Vec<Judged>,
}

/// One place of one node, and how packets to it fare.
struct Part<'a> {
    candidate: Candidate<'a>,
    source: IpAddr,
    port: u16,
    through: Through,
    steps: Vec<Judged>,
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
    let placed: BTreeSet<&str> = parts
        .iter()
        .map(|it| it.candidate.node.id.as_str())
        .collect();
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
    service::after(client, cache, endpoint, abilities, &mut whole, &mut after);
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
                candidate: *candidate,
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
    /// Some packet that was surely dropped is so no more.
    pub(crate) opens: bool,
    /// Some packet that surely got through does so no more.
    pub(crate) closes: bool,
}

impl Change {
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
                change.opens |= !new_possible.is_subset(&old_possible);
                change.closes |= !old_certain.is_subset(&new_certain);
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
fn combine(whole: &Through, parts: &[Part<'_>], lost: usize) -> (Outcome, PortSet) {
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

/// Puts the words of all parts together: what they have in common once, what
/// differs with the nodes that it holds for.
fn tell(outcome: Outcome, before: Vec<Judged>, parts: &[Part<'_>], after: Vec<Judged>) -> Story {
    let mut merged: Vec<(Judged, Vec<&str>)> = vec![];
    let longest = parts.iter().map(|part| part.steps.len()).max().unwrap_or(0);
    for place in 0..longest {
        for part in parts {
            let Some(step) = part.steps.get(place) else {
                continue;
            };
            let node = part.candidate.node.id.as_str();
            match merged.iter_mut().find(|(known, _)| alike(known, step)) {
                Some((_, nodes)) => nodes.push(node),
                None => merged.push((step.clone(), vec![node])),
            }
        }
    }
    // Parts may take different numbers of stages; the order of a packet's way
    // is that of leg and stage, and within one stage that of first meeting.
    let rank = |judged: &Judged| way(judged.leg, judged.stage);
    merged.sort_by_key(|(judged, _)| rank(judged));
    let everywhere = parts.len();
    let frame: Vec<Judged> = before.iter().chain(&after).cloned().collect();
    let mut steps = before;
    for (mut judged, mut nodes) in merged {
        if nodes.len() < everywhere {
            nodes.sort_unstable();
            nodes.dedup();
            judged.detail = format!("{} [{}]", judged.detail, nodes.join(", "));
        }
        steps.push(judged);
    }
    steps.extend(after);
    steps.sort_by_key(rank);
    let mut story = Story {
        witness: witness(outcome, parts, &frame),
        ..Story::default()
    };
    for judged in steps {
        story.take(judged, outcome);
    }
    story.gaps.sort();
    story.gaps.dedup();
    story
}

fn alike(one: &Judged, other: &Judged) -> bool {
    one.leg == other.leg
        && one.stage == other.stage
        && one.resource == other.resource
        && one.rule == other.rule
        && one.effect == other.effect
        && one.stopped == other.stopped
}

/// The place of a stage on a packet's way.
fn way(leg: Leg, stage: Stage) -> (Leg, u8) {
    let place = match (leg, stage) {
        (_, Stage::Status) => 0,
        (_, Stage::Dns) => 1,
        (Leg::Request, Stage::ClientFilter) => 2,
        (Leg::Request, Stage::ClientSubnet) => 3,
        (Leg::Request, Stage::Route) => 4,
        (Leg::Request, Stage::Link) => 5,
        (_, Stage::PublicAccess) => 6,
        (_, Stage::PrivateEndpoint) => 7,
        (Leg::Request, Stage::CacheSubnet) => 8,
        (Leg::Request, Stage::CacheFilter) => 9,
        (_, Stage::ServiceFirewall) => 10,
        (_, Stage::Port) => 11,
        (_, Stage::Tls) => 12,
        (_, Stage::Auth) => 13,
        (_, Stage::Limit) => 14,
        (Leg::Reply, Stage::CacheFilter) => 2,
        (Leg::Reply, Stage::CacheSubnet) => 3,
        (Leg::Reply, Stage::Route) => 4,
        (Leg::Reply, Stage::Link) => 5,
        (Leg::Reply, Stage::ClientSubnet) => 8,
        (Leg::Reply, Stage::ClientFilter) => 9,
    };
    (leg, place)
}

/// One flow that shows the outcome: one that fails where something does,
/// else one that gets through.
fn witness(outcome: Outcome, parts: &[Part<'_>], frame: &[Judged]) -> Option<Witness> {
    let flow = |part: &Part<'_>, source_port: u16| Flow {
        source: part.source,
        source_port,
        destination: part.candidate.address,
        port: part.port,
    };
    if outcome == Outcome::Unknown {
        return None;
    }
    if outcome == Outcome::Open {
        let part = parts.first()?;
        let port = part.through.certain.first()?;
        return Some(Witness {
            flow: flow(part, port),
            leg: Leg::Request,
        });
    }
    let stops = |part: &&Part<'_>| part.through.possible != part.through.all;
    let part = parts.iter().find(stops).or(parts.first())?;
    let failing = part.through.all.difference(&part.through.possible);
    let port = failing.first().or(part.through.all.first())?;
    let leg = part
        .steps
        .iter()
        .chain(frame)
        .filter(|judged| judged.is_blocker() && judged.stops(port))
        .min_by_key(|judged| way(judged.leg, judged.stage))
        .map_or(Leg::Request, |judged| judged.leg);
    Some(Witness {
        flow: flow(part, port),
        leg,
    })
}

impl Story {
    fn take(&mut self, judged: Judged, outcome: Outcome) {
        if let Some(gap) = &judged.gap {
            self.gaps.push((**gap).clone());
        }
        self.trace.push(Step {
            leg: judged.leg,
            stage: judged.stage,
            resource: judged.resource.clone(),
            rule: judged.rule.clone(),
            effect: judged.effect,
            detail: judged.detail.clone(),
        });
        if !judged.is_blocker() {
            return;
        }
        if outcome != Outcome::Open && self.symptom.is_none() {
            self.symptom = Some(judged.symptom);
        }
        self.blame.push(Blame {
            kind: judged.kind.to_owned(),
            resource: judged.resource.clone().unwrap_or_default(),
            rule: judged.rule.clone(),
            leg: judged.leg,
            stage: judged.stage,
            detail: judged.detail.clone(),
            address: None,
            nearest: judged.nearest.clone(),
        });
        self.blockers.push(judged);
    }
}
