//! Facts of a waiver of the configuration.

use cachewarden_model::Noun;

use super::{FactDef, FactType, FactValue, Reader, World};
use crate::waiver::Waiver;

use FactType::{Bool, Int, Text};

/// A waiver, and how many findings it fits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WaiverItem<'a> {
    pub(crate) waiver: &'a Waiver,
    pub(crate) matches: u64,
}

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: for<'w, 'a> fn(&'w World<'a>, &WaiverItem<'a>) -> FactValue<'a>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Waiver(read))
}

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "waiver.policy",
        Text,
        "the policy whose findings it accepts",
        |_, it| FactValue::text(it.waiver.policy.as_str()),
    ),
    fact(
        "waiver.subject",
        Text,
        "whose findings it accepts, as a pattern",
        |_, it| FactValue::text(it.waiver.subject.as_str()),
    ),
    fact(
        "waiver.reason",
        Text,
        "why the risk is accepted",
        |_, it| FactValue::text(it.waiver.reason.as_str()),
    ),
    fact("waiver.owner", Text, "who answers for it", |_, it| {
        FactValue::or_null(it.waiver.owner.as_deref(), FactValue::text)
    })
    .or_null(),
    fact(
        "waiver.until",
        Text,
        "until when it holds; null if it does not end",
        |_, it| FactValue::or_null(it.waiver.until, |until| FactValue::text(until.to_string())),
    )
    .or_null(),
    fact(
        "waiver.expired",
        Bool,
        "whether it no longer holds",
        |world, it| FactValue::Bool(it.waiver.expired(world.judged_at)),
    ),
    fact(
        "waiver.matches",
        Int,
        "how many findings it fits; unknown if it is none and caches may be hidden",
        |world, it| {
            let hidden = world.hidden(Noun::Caches);
            if it.matches == 0 && !hidden.is_empty() {
                return FactValue::Unknown(hidden);
            }
            FactValue::count(it.matches)
        },
    ),
];
