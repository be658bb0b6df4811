//! Facts of an expectation of the configuration.

use std::borrow::Cow;

use cachewarden_model::{Expectation, ExpectationResult, ExpectedOutcome, Noun};

use super::words;
use super::{FactDef, FactType, FactValue, Reader, World};

use FactType::{Bool, Int, List, Text, Word};

/// An expectation and what became of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpectationItem<'a> {
    pub(crate) result: &'a ExpectationResult,
    pub(crate) expectation: &'a Expectation,
}

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: for<'w, 'a> fn(&'w World<'a>, &ExpectationItem<'a>) -> FactValue<'a>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Expectation(read))
}

pub(super) static FACTS: &[FactDef] = &[
    fact("expectation.name", Text, "what people call it", |_, it| {
        FactValue::text(it.expectation.name.as_str())
    }),
    fact(
        "expectation.outcome",
        Word(words::EXPECTED),
        "what must be so",
        |_, it| {
            FactValue::text(match it.expectation.outcome {
                ExpectedOutcome::Reach => "reach",
                ExpectedOutcome::NoReach => "no-reach",
            })
        },
    ),
    fact(
        "expectation.clients",
        Int,
        "how many clients it means",
        |world, it| hidden(world, it, it.result.clients, Noun::Interfaces),
    ),
    fact(
        "expectation.caches",
        Int,
        "how many caches it means",
        |world, it| {
            hidden(
                world,
                it,
                u64::try_from(it.result.caches.len()).unwrap_or(u64::MAX),
                Noun::Caches,
            )
        },
    ),
    fact(
        "expectation.open",
        Int,
        "how many of its connections are open",
        |_, it| FactValue::count(it.result.counts.open),
    ),
    fact(
        "expectation.partial",
        Int,
        "how many are open in part",
        |_, it| FactValue::count(it.result.counts.partial),
    ),
    fact(
        "expectation.blocked",
        Int,
        "how many are blocked",
        |_, it| FactValue::count(it.result.counts.blocked),
    ),
    fact(
        "expectation.complete",
        Bool,
        "true if it is known which clients and caches it means and what becomes of all their \
         connections; else unknown",
        |_, it| {
            if it.result.counts.unknown == 0 && it.result.gaps.is_empty() {
                return FactValue::Bool(true);
            }
            let gaps = it
                .result
                .unmet
                .iter()
                .flat_map(|connection| &connection.gaps)
                .chain(&it.result.gaps);
            let mut gaps: Vec<_> = gaps.map(Cow::Borrowed).collect();
            gaps.sort();
            gaps.dedup();
            FactValue::Unknown(gaps)
        },
    ),
    fact(
        "expectation.unmet",
        List,
        "connections that are not as expected",
        |_, it| {
            let text = |it: &cachewarden_model::Connection| {
                format!("{} -> {}", it.client.name, it.cache.name)
            };
            FactValue::list(it.result.unmet.iter().map(text))
        },
    ),
    fact(
        "expectation.replica_demand",
        Int,
        "connections that one copy of the program may open; null if none are declared",
        |_, it| {
            FactValue::or_null(it.expectation.demand, |demand| {
                FactValue::count(u64::from(demand.processes).saturating_mul(demand.pool.into()))
            })
        },
    )
    .or_null(),
];

/// A count that may be too low where things of a kind are hidden, or where it
/// is not known whether they are meant; none at all is then not known to be
/// none.
fn hidden<'a>(
    world: &World<'a>,
    item: &ExpectationItem<'a>,
    count: u64,
    noun: Noun,
) -> FactValue<'a> {
    let mut gaps = world.hidden(noun);
    gaps.extend(item.result.gaps.iter().map(Cow::Borrowed));
    if count == 0 && !gaps.is_empty() {
        FactValue::Unknown(gaps)
    } else {
        FactValue::count(count)
    }
}
