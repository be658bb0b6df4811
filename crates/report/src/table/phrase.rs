//! Words that several tables use.

use cachewarden_model::{
    Blame, Effect, GapReason, Leg, Outcome, Severity, Symptom, Target, Witness,
};

use super::page::Ink;

/// `1 cache`, `2 caches`; the plural takes an `s`.
pub(super) fn count(how_many: u64, noun: &str) -> String {
    let plural = if how_many == 1 { "" } else { "s" };
    format!("{how_many} {noun}{plural}")
}

/// A length as it is counted in reports.
pub(super) fn size<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

/// What a client sees, and what that means: a dropped packet is no refusal.
pub(super) fn symptom(symptom: Symptom) -> String {
    let meaning = match symptom {
        Symptom::Timeout => "packets are dropped, nothing answers",
        Symptom::Refused => "the connection is turned down at once",
        Symptom::Reset => "the connection is cut",
        Symptom::Tls => "the TLS handshake fails",
        Symptom::Auth => "the cache wants a login that the client does not bring",
        Symptom::MaxClients => "the cache has as many clients as it takes",
        Symptom::Dns => "the name does not resolve to the cache",
    };
    format!("{} ({meaning})", symptom.as_str())
}

/// The flow, and on which leg it is stopped where something stops it.
pub(super) fn witness(witness: &Witness, stopped: bool) -> String {
    match (stopped, witness.leg) {
        (false, _) => format!("{} gets through", witness.flow),
        (true, Leg::Request) => format!("{} is stopped on its way to the cache", witness.flow),
        (true, Leg::Reply) => format!("{}: the reply is stopped on its way back", witness.flow),
    }
}

/// A blocker: what, which line, why.
pub(super) fn blame(blame: &Blame) -> String {
    let rule = blame
        .rule
        .as_ref()
        .map(|rule| format!(" rule {rule}"))
        .unwrap_or_default();
    let address = blame
        .address
        .as_ref()
        .map(|it| format!(" ({it})"))
        .unwrap_or_default();
    let way = match blame.leg {
        Leg::Request => "",
        Leg::Reply => " on the reply",
    };
    let Blame {
        kind,
        resource,
        detail,
        ..
    } = blame;
    format!("{kind} {resource}{address}{rule}{way}: {detail}")
}

/// Why something was not seen, as the end of a sentence that counts.
pub(super) fn reason(reason: GapReason) -> &'static str {
    match reason {
        GapReason::AccessDenied => "refused",
        GapReason::Throttled => "throttled",
        GapReason::Timeout => "timed out",
        GapReason::Failed => "failed",
        GapReason::Damaged => "damaged",
        GapReason::NotOffered => "not offered by the cloud",
        GapReason::Unmodelled => "not understood by this version",
        GapReason::NotCollected => "not collected",
        GapReason::AfterApply => "known after apply",
        _ => "not known",
    }
}

/// What was asked: `aws 123456789012 (eu-west-1)`.
pub(super) fn target(target: &Target) -> String {
    let regions: Vec<&str> = target
        .regions
        .iter()
        .map(cachewarden_model::Region::as_str)
        .collect();
    let regions = if regions.is_empty() {
        "no region".to_owned()
    } else {
        regions.join(", ")
    };
    format!("{} {} ({regions})", target.provider, target.account)
}

pub(super) fn severity_ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::High => Ink::Bad,
        Severity::Medium => Ink::Warn,
        Severity::Low | Severity::Info => Ink::Strong,
    }
}

pub(super) fn outcome_ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Open => Ink::Good,
        Outcome::Partial => Ink::Warn,
        Outcome::Blocked => Ink::Bad,
        Outcome::Unknown => Ink::Unsure,
    }
}

/// The mark of a stage: for ASCII, for all others, and its ink.
pub(super) fn effect_mark(effect: Effect) -> (&'static str, &'static str, Ink) {
    match effect {
        Effect::Allow => ("+", "✓", Ink::Good),
        Effect::Deny => ("x", "✗", Ink::Bad),
        Effect::Partial => ("~", "~", Ink::Warn),
        Effect::Requires => ("!", "!", Ink::Warn),
        Effect::Unknown => ("?", "?", Ink::Unsure),
        Effect::NotApplicable => ("-", "·", Ink::Faint),
    }
}
