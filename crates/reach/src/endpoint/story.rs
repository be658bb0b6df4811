//! The words of a judgement: every stage once, every blocker, one flow.

use cachewarden_model::{Blame, Gap, Leg, Outcome, Stage, Step, Symptom, Witness};
use cachewarden_netset::Flow;

use crate::endpoint::Part;
use crate::step::Judged;

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

/// Puts the words of all parts together: what they have in common once, what
/// differs with the nodes that it holds for.
pub(crate) fn tell(
    outcome: Outcome,
    before: Vec<Judged>,
    parts: &[Part<'_>],
    after: Vec<Judged>,
) -> Story {
    let mut merged: Vec<(Judged, Vec<&str>)> = vec![];
    let longest = parts.iter().map(|part| part.steps.len()).max().unwrap_or(0);
    for place in 0..longest {
        for part in parts {
            let Some(step) = part.steps.get(place) else {
                continue;
            };
            let node = part.label.as_ref();
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
        (_, Stage::PublicAccess) => 7,
        (_, Stage::PrivateEndpoint) => 6,
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
    let flow = |part: &Part<'_>, source_port: u16| {
        Some(Flow {
            source: part.source,
            source_port,
            destination: part.address?,
            port: part.port,
        })
    };
    if outcome == Outcome::Unknown {
        return None;
    }
    if outcome == Outcome::Open {
        let part = parts.first()?;
        let port = part.through.certain.first()?;
        return Some(Witness {
            flow: flow(part, port)?,
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
        flow: flow(part, port)?,
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
        // The first blocker settles it, also where no manual says what is seen.
        if outcome != Outcome::Open && self.blockers.is_empty() {
            self.symptom = judged.symptom;
        }
        self.blame.push(Blame {
            kind: judged.kind.to_owned(),
            resource: judged.resource.clone().unwrap_or_default(),
            region: None,
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
