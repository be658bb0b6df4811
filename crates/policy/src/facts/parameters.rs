//! Facts of a cache about the parameters of its engine.

use cachewarden_model::GapReason;
use cachewarden_model::cache::{Cache, ParameterGroup};

use super::cache::fact;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue};

use FactType::{Int, Text};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.parameter_group.name",
        Text,
        "its set of parameters",
        |_, it| group(it, |group| FactValue::text(group.name.as_str())),
    )
    .or_null(),
    fact(
        "cache.parameter_group.status",
        Text,
        "the cloud's word for whether all nodes use them: `in-sync`",
        |_, it| group(it, |group| FactValue::text(group.status.as_str())),
    )
    .or_null(),
    fact(
        "cache.parameters.maxmemory_policy",
        Text,
        "what happens to keys when memory is full",
        |_, it| parameter(it, "maxmemory-policy", FactValue::text),
    )
    .or_null(),
    fact(
        "cache.parameters.maxclients",
        Int,
        "how many clients a node takes, where its owner or the service says so here",
        |_, it| whole(it, "maxclients"),
    )
    .or_null(),
    fact(
        "cache.parameters.protected_mode",
        Text,
        "whether a server without a password refuses clients from elsewhere: `yes`, `no`",
        |_, it| parameter(it, "protected-mode", FactValue::text),
    )
    .or_null(),
    fact(
        "cache.parameters.timeout",
        Int,
        "seconds after which the server closes an idle connection; 0 means never",
        |_, it| whole(it, "timeout"),
    )
    .or_null(),
    fact(
        "cache.parameters.tcp_keepalive",
        Int,
        "seconds after which the server probes an idle connection; 0 means never",
        |_, it| whole(it, "tcp-keepalive"),
    )
    .or_null(),
];

fn group<'a>(
    cache: &'a Cache,
    read: impl FnOnce(&'a ParameterGroup) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::of(&cache.parameter_group, |group| {
        FactValue::or_null(group.as_ref(), read)
    })
}

/// A parameter of the engine: null where the known parameters lack it.
fn parameter<'a>(
    cache: &'a Cache,
    name: &str,
    read: impl FnOnce(&'a str) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::of(&cache.parameters, |all| {
        FactValue::or_null(all.get(name).map(String::as_str), read)
    })
}

/// A parameter that is a whole number; what is none is not understood.
pub(super) fn whole<'a>(cache: &'a Cache, name: &str) -> FactValue<'a> {
    parameter(cache, name, |text| {
        text.trim().parse().map_or_else(
            |_| {
                let message = format!("the parameter {name} is no number");
                FactValue::unknown(gap_about(cache, name, GapReason::Unmodelled, message))
            },
            FactValue::Int,
        )
    })
}
