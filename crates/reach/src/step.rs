//! What a stage says of a connection, and who writes it down.

use cachewarden_model::{Effect, Gap, Leg, Nearest, ResourceId, RuleId, Stage, Symptom};
use cachewarden_netset::PortSet;

use crate::remedy::Remedy;

/// What a stage says of one flow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    pub(crate) leg: Leg,
    pub(crate) stage: Stage,
    /// `security-group`, `network-acl`, `route-table`, …
    pub(crate) kind: &'static str,
    pub(crate) resource: Option<ResourceId>,
    pub(crate) rule: Option<RuleId>,
    pub(crate) effect: Effect,
    pub(crate) detail: String,
    pub(crate) nearest: Option<Nearest>,
    /// What the client sees where this denies; none where no manual says.
    pub(crate) symptom: Option<Symptom>,
    /// What would mend it.
    pub(crate) remedy: Option<Remedy>,
    pub(crate) gap: Option<Box<Gap>>,
    /// Source ports that this stops; none where it stops all or none of them.
    pub(crate) stopped: Option<PortSet>,
}

impl Judged {
    pub(crate) fn new(leg: Leg, stage: Stage, kind: &'static str) -> Self {
        Self {
            leg,
            stage,
            kind,
            resource: None,
            rule: None,
            effect: Effect::Allow,
            detail: String::new(),
            nearest: None,
            symptom: Some(Symptom::Timeout),
            remedy: None,
            gap: None,
            stopped: None,
        }
    }

    pub(crate) fn resource(mut self, resource: &ResourceId) -> Self {
        self.resource = Some(resource.clone());
        self
    }

    pub(crate) fn rule(mut self, rule: impl Into<Option<RuleId>>) -> Self {
        self.rule = rule.into();
        self
    }

    pub(crate) fn effect(mut self, effect: Effect, detail: impl Into<String>) -> Self {
        self.effect = effect;
        self.detail = detail.into();
        self
    }

    pub(crate) fn allow(self, detail: impl Into<String>) -> Self {
        self.effect(Effect::Allow, detail)
    }

    pub(crate) fn deny(self, detail: impl Into<String>) -> Self {
        self.effect(Effect::Deny, detail)
    }

    pub(crate) fn not_applicable(self, detail: impl Into<String>) -> Self {
        self.effect(Effect::NotApplicable, detail)
    }

    pub(crate) fn unknown(mut self, gap: Box<Gap>) -> Self {
        self.effect = Effect::Unknown;
        self.detail = format!("{}: {}", gap.what, gap.message);
        self.gap = Some(gap);
        self
    }

    pub(crate) fn symptom(mut self, symptom: impl Into<Option<Symptom>>) -> Self {
        self.symptom = symptom.into();
        self
    }

    pub(crate) fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }

    pub(crate) fn nearest(mut self, nearest: Option<Nearest>) -> Self {
        self.nearest = nearest;
        self
    }
}

/// Takes down what the stages say. The engine asks for the words only where
/// somebody will read them.
pub(crate) trait Recorder: Default {
    fn record(&mut self, make: impl FnOnce() -> Judged);
    /// Appends what another took down.
    fn append(&mut self, other: Self);
}

/// Nobody reads it.
#[derive(Default)]
pub(crate) struct Silent;

impl Recorder for Silent {
    fn record(&mut self, _make: impl FnOnce() -> Judged) {}

    fn append(&mut self, _other: Self) {}
}

/// Every stage, in order.
#[derive(Default)]
pub(crate) struct Full(pub(crate) Vec<Judged>);

impl Recorder for Full {
    fn record(&mut self, make: impl FnOnce() -> Judged) {
        self.0.push(make());
    }

    fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl Judged {
    /// Whether it stops something.
    pub(crate) fn is_blocker(&self) -> bool {
        matches!(self.effect, Effect::Deny | Effect::Partial)
    }

    /// Whether it stops packets of this source port.
    pub(crate) fn stops(&self, source_port: u16) -> bool {
        self.leg == Leg::Request
            || self
                .stopped
                .as_ref()
                .is_none_or(|stopped| stopped.contains(source_port))
    }
}
