//! What lets a machine's packets out: hierarchical policies, policies of the
//! cloud, the network's own rules, network policies, and what is implied.
//!
//! Only these are asked. No rule on the way in ever meets a packet to a cache:
//! such rules judge what arrives at machines.
//!
//! Source: Cloud Next Generation Firewall, "Firewall policy rule evaluation
//! order".

mod near;

use cachewarden_model::{
    Action, Direction, Fact, Filter, FilterKind, Gap, GapReason, Leg, Rule, Stage,
};

use crate::decide::Through;
use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::party::{Packet, gap};
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// What the cloud does with packets on the way out that no rule decides.
pub(crate) const IMPLIED: &str = "implied egress allow";

/// The priority of a rule that names none.
///
/// Source: Compute Engine API, `firewalls`, `priority`.
const PRIORITY: u32 = 1000;

/// A filter of the stack, or why it is not known.
type Layer<'a> = Result<&'a Filter, Box<Gap>>;

/// What decides: a filter by its place in the stack and its rule; a place
/// behind the last filter is what is implied.
#[derive(Clone, Copy)]
pub(crate) struct Decider<'a> {
    place: usize,
    rule: Option<&'a Rule>,
}

/// What may become of a packet: either of both, by whom.
#[derive(Clone, Default)]
struct May<'a> {
    allow: Option<Decider<'a>>,
    deny: Option<Decider<'a>>,
    gap: Option<Box<Gap>>,
}

impl<'a> May<'a> {
    fn join(&mut self, other: &Self) {
        self.allow = self.allow.or(other.allow);
        self.deny = self.deny.or(other.deny);
        if let (None, Some(gap)) = (&self.gap, &other.gap) {
            self.gap = Some(gap.clone());
        }
    }

    fn doubt(&mut self, gap: Box<Gap>) {
        self.gap.get_or_insert(gap);
    }

    fn take(&mut self, rule: &'a Rule, place: usize, next: &Self) {
        let decider = Decider {
            place,
            rule: Some(rule),
        };
        match rule.action {
            Action::Deny => self.deny = self.deny.or(Some(decider)),
            Action::Next => self.join(next),
            Action::Allow | Action::AlwaysAllow => {
                self.allow = self.allow.or(Some(decider));
                if rule.gcp.as_ref().is_some_and(|it| it.inspects) {
                    self.deny = self.deny.or(Some(decider));
                    self.doubt(gap(
                        &rule.id,
                        GapReason::NotOffered,
                        "a security profile looks into what this rule matches, and may drop it",
                    ));
                }
            }
        }
    }
}

/// The rules of a filter on the way out, in the order in which they are read.
///
/// Source: Compute Engine API, `firewalls`, `priority`: lower first, and a
/// denial first among equals. Priorities of a policy differ.
pub(crate) fn in_order<'a>(estate: &Estate<'a>, filter: &'a Filter) -> Vec<&'a Rule> {
    let mut rules = estate.entries(filter, Direction::Egress).into_owned();
    rules.sort_by_key(|rule| (rank(rule), rule.action != Action::Deny));
    rules
}

/// The place of a rule in the order.
pub(crate) fn rank(rule: &Rule) -> u32 {
    rule.priority.unwrap_or(PRIORITY)
}

/// The filters that judge what a machine sends, in order.
///
/// # Errors
///
/// The gap, where it is not known which these are.
pub(crate) fn stack<'a>(
    estate: &Estate<'a>,
    packet: &Packet<'_, 'a>,
) -> Result<Vec<Layer<'a>>, Box<Gap>> {
    let id = packet.sender.network;
    let network = estate
        .network(id)
        .and_then(|it| it.gcp.as_deref())
        .ok_or_else(|| {
            gap(
                id,
                GapReason::NotCollected,
                "the client's network was not read",
            )
        })?;
    let region = packet.sender.region;
    let filters = network.filters.get(region).ok_or_else(|| {
        gap(
            format!("firewalls of {id} in {region}"),
            GapReason::NotCollected,
            "which policies judge machines of this region was not read",
        )
    })?;
    let ids = filters.get().map_err(|gap| Box::new(gap.clone()))?;
    let layer = |filter: &cachewarden_model::ResourceId| {
        let found = estate.filter(filter).ok_or_else(|| {
            gap(
                filter,
                GapReason::NotCollected,
                "the rules of this filter were not read",
            )
        })?;
        match &found.rules {
            Fact::Unknown(gap) => Err(gap.clone()),
            Fact::Known(_) | Fact::Default(_) => Ok(found),
        }
    };
    Ok(ids.iter().map(layer).collect())
}

/// What may become of a packet from the first filter on.
fn judge<'a>(estate: &Estate<'a>, packet: &Packet<'_, 'a>, stack: &[Layer<'a>]) -> May<'a> {
    let implied = Decider {
        place: stack.len(),
        rule: None,
    };
    let mut next = May {
        allow: Some(implied),
        ..May::default()
    };
    for (place, layer) in stack.iter().enumerate().rev() {
        let mut may = May::default();
        match layer {
            Err(gap) => {
                may.join(&next);
                may.deny = may.deny.or(Some(Decider { place, rule: None }));
                may.allow = may.allow.or(Some(Decider { place, rule: None }));
                may.gap = Some(gap.clone());
            }
            Ok(filter) => {
                let mut settled = false;
                for rule in in_order(estate, filter) {
                    match packet.matches(estate, rule) {
                        Tri::No => continue,
                        Tri::Unknown(gap) => {
                            may.take(rule, place, &next);
                            may.doubt(gap);
                        }
                        Tri::Yes => {
                            may.take(rule, place, &next);
                            settled = true;
                            break;
                        }
                    }
                }
                if !settled {
                    may.join(&next);
                }
            }
        }
        next = may;
    }
    next
}

/// Whether the filters of its network and region let a machine's packet out.
pub(crate) fn leave<'a>(
    estate: &Estate<'a>,
    packet: &Packet<'_, 'a>,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let step = |kind| Judged::new(Leg::Request, Stage::ClientFilter, kind);
    let stack = match stack(estate, packet) {
        Ok(stack) => stack,
        Err(gap) => {
            through.doubt();
            record.record(|| step("network").resource(packet.sender.network).unknown(gap));
            return;
        }
    };
    let may = judge(estate, packet, &stack);
    let told = Told {
        estate,
        packet,
        stack: &stack,
    };
    match (may.allow, may.deny) {
        (Some(_), Some(_)) => {
            through.doubt();
            told.doubt(&may, record);
        }
        (_, Some(deny)) => {
            through.stop();
            told.others(deny.place, record);
            record.record(|| told.denied(deny));
        }
        (Some(allow), None) => {
            told.others(allow.place, record);
            record.record(|| told.allowed(allow));
        }
        (None, None) => through.doubt(),
    }
}

/// The words of a stack.
struct Told<'t, 'p, 'a> {
    estate: &'t Estate<'a>,
    packet: &'t Packet<'p, 'a>,
    stack: &'t [Layer<'a>],
}

impl<'a> Told<'_, '_, 'a> {
    fn filter(&self, place: usize) -> Option<&'a Filter> {
        self.stack.get(place)?.as_ref().ok().copied()
    }

    fn step(&self, place: usize) -> Judged {
        let filter = self.filter(place);
        let kind = filter.map_or(FilterKind::VpcFirewall, |it| it.kind);
        let judged = Judged::new(Leg::Request, Stage::ClientFilter, kind.as_str());
        match filter {
            Some(filter) => judged.resource(&filter.id),
            None => judged.resource(self.packet.sender.network),
        }
    }

    /// Filters before the one that decides leave it to the next; those behind
    /// it are not asked.
    fn others(&self, decides: usize, record: &mut impl Recorder) {
        for place in (0..self.stack.len()).filter(|place| *place != decides) {
            let passed = match self.filter(place) {
                Some(filter) => in_order(self.estate, filter)
                    .into_iter()
                    .find(|rule| self.packet.matches(self.estate, rule) == Tri::Yes),
                None => None,
            };
            let passed = passed.filter(|rule| rule.action == Action::Next);
            record.record(|| {
                let step = self.step(place);
                match passed {
                    _ if place > decides => {
                        step.not_applicable("not asked: a filter before it decides")
                    }
                    Some(rule) => step
                        .rule(rule.id.clone())
                        .not_applicable("goto_next: left to the next filter"),
                    None => step.not_applicable("none of its rules decides: left to the next"),
                }
            });
        }
    }

    fn allowed(&self, by: Decider<'a>) -> Judged {
        match by.rule {
            Some(rule) => self.step(by.place).rule(rule.id.clone()).allow(format!(
                "{}, priority {}",
                crate::rules::words(rule),
                rank(rule)
            )),
            None => self
                .step(by.place)
                .rule(cachewarden_model::RuleId::from(IMPLIED))
                .allow("no rule decides: implied egress allow, priority 65535"),
        }
    }

    fn denied(&self, by: Decider<'a>) -> Judged {
        let step = self.step(by.place);
        let (Some(rule), Some(filter)) = (by.rule, self.filter(by.place)) else {
            return step.deny(Cause::FirewallRule.after("a firewall rule denies it"));
        };
        let words = format!("{}, priority {}", crate::rules::words(rule), rank(rule));
        let nearest = near::nearest(self.estate, self.packet, self.stack, by);
        let small = nearest
            .as_ref()
            .and_then(|it| it.remedy(self.packet.sender));
        step.rule(rule.id.clone())
            .deny(Cause::FirewallRule.after(words))
            .nearest(nearest.map(|it| it.words()))
            .remedy(small.unwrap_or_else(|| Remedy::AllowEgress {
                filter: filter.id.clone(),
                before: rank(rule),
                network: self.packet.sender.network.clone(),
            }))
    }

    /// What keeps the verdict from being known.
    fn doubt(&self, may: &May<'a>, record: &mut impl Recorder) {
        let Some(gap) = &may.gap else { return };
        let unread = self.stack.iter().position(Result::is_err);
        let first = [may.allow, may.deny]
            .into_iter()
            .flatten()
            .min_by_key(|it| it.place);
        record.record(|| {
            let place = first.map(|it| it.place).or(unread).unwrap_or_default();
            let rule = first.and_then(|it| it.rule).map(|it| it.id.clone());
            self.step(place).rule(rule).unknown(gap.clone())
        });
    }
}
