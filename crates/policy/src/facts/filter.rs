//! Facts of a filter.

use cachewarden_model::{Direction, Filter, Noun, Rule};

use super::words;
use super::{FactDef, FactType, FactValue, Read, Reader};

use FactType::{Bool, Int, List, Text, Word};

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: Read<Filter>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Filter(read))
}

pub(super) static FACTS: &[FactDef] = &[
    fact("filter.id", Text, "the cloud's id", |_, it| {
        FactValue::text(it.id.as_str())
    }),
    fact("filter.name", Text, "what people call it", |_, it| {
        FactValue::text(it.name.as_str())
    }),
    fact(
        "filter.kind",
        Word(words::FILTER_KINDS),
        "what it is",
        |_, it| FactValue::text(it.kind.as_str()),
    ),
    fact(
        "filter.provider",
        Word(words::PROVIDERS),
        "its cloud",
        |_, it| FactValue::text(it.provider.as_str()),
    ),
    fact(
        "filter.account",
        Text,
        "the account that owns it",
        |_, it| FactValue::text(it.account.as_str()),
    ),
    fact("filter.region", Text, "its region", |_, it| {
        FactValue::text(it.region.as_str())
    }),
    fact(
        "filter.builtin",
        Bool,
        "whether the cloud made it",
        |_, it| FactValue::Bool(it.builtin),
    ),
    fact("filter.rules", Int, "how many rules it has", |_, it| {
        count(it, |_| true)
    }),
    fact(
        "filter.ingress_rules",
        Int,
        "how many of them judge what comes in",
        |_, it| count(it, |rule| rule.direction == Direction::Ingress),
    ),
    fact(
        "filter.egress_rules",
        Int,
        "how many of them judge what goes out",
        |_, it| count(it, |rule| rule.direction == Direction::Egress),
    ),
    fact(
        "filter.caches",
        List,
        "caches on whose nodes it is, by name; unknown if it is none and some may be hidden",
        |world, it| {
            let guarded = world.guarded(it);
            let mut unknown = world.hidden(Noun::Caches);
            unknown.extend(world.unclear_caches());
            if guarded.is_empty() && !unknown.is_empty() {
                return FactValue::Unknown(unknown);
            }
            FactValue::list(guarded.iter().copied())
        },
    ),
    fact(
        "filter.interfaces",
        Int,
        "how many interfaces carry it; unknown if it is none and interfaces may be hidden",
        |world, it| {
            let attached = world.attached(it);
            let mut unknown = world.hidden(Noun::Interfaces);
            unknown.extend(world.unclear_interfaces(it));
            if attached == 0 && !unknown.is_empty() {
                return FactValue::Unknown(unknown);
            }
            FactValue::count(attached)
        },
    ),
];

fn count<'a>(filter: &'a Filter, wanted: impl Fn(&Rule) -> bool) -> FactValue<'a> {
    FactValue::of(&filter.rules, |rules| {
        FactValue::count(rules.iter().filter(|rule| wanted(rule)).count())
    })
}
