//! Facts of an intended connection that is not open.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cachewarden_model::{Cache, Connection, Effect, Leg, Outcome, Stage};

use super::words;
use super::{FactDef, FactType, FactValue, Reader, World};

use FactType::{Bool, Int, List, Text, Word, Words};

/// A connection and its cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionItem<'a> {
    pub(crate) connection: &'a Connection,
    /// None if the cache is not in the snapshot.
    pub(crate) cache: Option<&'a Cache>,
}

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: for<'w, 'a> fn(&'w World<'a>, &ConnectionItem<'a>) -> FactValue<'a>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Connection(read))
}

/// What a stage does on one leg: one fact for each of both.
macro_rules! stage {
    ($path:literal, $leg:ident, $stage:ident) => {
        fact(
            $path,
            Word(words::EFFECTS),
            "what this stage does with the packets of this leg; unknown where it cannot be told",
            |_, it| effect(it.connection, Leg::$leg, Stage::$stage),
        )
    };
}

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "connection.client.id",
        Text,
        "the client's interface or address",
        |_, it| FactValue::text(it.connection.client.id.as_str()),
    ),
    fact(
        "connection.client.name",
        Text,
        "what people call the client",
        |_, it| FactValue::text(it.connection.client.name.as_str()),
    ),
    fact(
        "connection.client.kind",
        Text,
        "what the client is",
        |_, it| FactValue::text(it.connection.client.kind.as_str()),
    ),
    fact(
        "connection.client.state",
        Text,
        "whether what is behind it runs",
        |_, it| FactValue::or_null(it.connection.client.state.as_deref(), FactValue::text),
    )
    .or_null(),
    fact("connection.cache.id", Text, "the cache", |_, it| {
        FactValue::text(it.connection.cache.id.as_str())
    }),
    fact(
        "connection.cache.name",
        Text,
        "what people call the cache",
        |_, it| FactValue::text(it.connection.cache.name.as_str()),
    ),
    fact(
        "connection.endpoint.role",
        Word(words::ROLES),
        "what the endpoint is for",
        |_, it| FactValue::text(it.connection.endpoint.role.as_str()),
    ),
    fact(
        "connection.endpoint.host",
        Text,
        "the endpoint's host name",
        |_, it| FactValue::or_null(it.connection.endpoint.host.as_deref(), FactValue::text),
    )
    .or_null(),
    fact(
        "connection.endpoint.port",
        Int,
        "the endpoint's port",
        |_, it| FactValue::Int(it.connection.endpoint.port.into()),
    ),
    fact(
        "connection.intended",
        Word(words::INTENTS),
        "who means it to work",
        |_, it| FactValue::or_null(it.connection.intended, |by| FactValue::text(by.as_str())),
    )
    .or_null(),
    fact(
        "connection.outcome",
        Word(words::OUTCOMES),
        "whether it comes about; unknown where something that decides is not known",
        |_, it| match it.connection.outcome {
            Outcome::Unknown => FactValue::gaps(&it.connection.gaps),
            outcome => FactValue::text(outcome.as_str()),
        },
    ),
    fact(
        "connection.settled",
        Bool,
        "whether its outcome is known",
        |_, it| FactValue::Bool(it.connection.outcome != Outcome::Unknown),
    ),
    fact(
        "connection.symptom",
        Word(words::SYMPTOMS),
        "what the client sees",
        |_, it| {
            FactValue::or_null(it.connection.symptom, |symptom| {
                FactValue::text(symptom.as_str())
            })
        },
    )
    .or_null(),
    fact(
        "connection.blocked_stages",
        Words(words::STAGES),
        "stages that are known to stop some or all of its packets",
        |_, it| FactValue::list(stages(it.connection, |effect| STOPS.contains(&effect))),
    ),
    fact(
        "connection.unknown_stages",
        Words(words::STAGES),
        "stages of which it cannot be told whether they do",
        |_, it| FactValue::list(stages(it.connection, |effect| effect == Effect::Unknown)),
    ),
    fact(
        "connection.source_ports",
        List,
        "source ports that get through",
        |_, it| {
            FactValue::list(
                it.connection
                    .source_ports
                    .ranges()
                    .map(|range| range.to_string()),
            )
        },
    ),
    fact(
        "connection.blocker",
        Text,
        "the first thing that stops it, in words",
        |_, it| {
            FactValue::or_null(it.connection.blame.first(), |blame| {
                let rule = blame
                    .rule
                    .as_ref()
                    .map(|rule| format!(" rule {rule}"))
                    .unwrap_or_default();
                FactValue::text(format!("{} {}{rule}", blame.kind, blame.resource))
            })
        },
    )
    .or_null(),
    stage!("connection.request.client_filter", Request, ClientFilter),
    stage!("connection.request.client_subnet", Request, ClientSubnet),
    stage!("connection.request.route", Request, Route),
    stage!("connection.request.link", Request, Link),
    stage!("connection.request.dns", Request, Dns),
    stage!(
        "connection.request.private_endpoint",
        Request,
        PrivateEndpoint
    ),
    stage!("connection.request.cache_subnet", Request, CacheSubnet),
    stage!("connection.request.cache_filter", Request, CacheFilter),
    stage!(
        "connection.request.service_firewall",
        Request,
        ServiceFirewall
    ),
    stage!("connection.request.public_access", Request, PublicAccess),
    stage!("connection.request.port", Request, Port),
    stage!("connection.request.tls", Request, Tls),
    stage!("connection.request.auth", Request, Auth),
    stage!("connection.request.status", Request, Status),
    stage!("connection.request.limit", Request, Limit),
    stage!("connection.reply.client_filter", Reply, ClientFilter),
    stage!("connection.reply.client_subnet", Reply, ClientSubnet),
    stage!("connection.reply.route", Reply, Route),
    stage!("connection.reply.link", Reply, Link),
    stage!("connection.reply.dns", Reply, Dns),
    stage!("connection.reply.private_endpoint", Reply, PrivateEndpoint),
    stage!("connection.reply.cache_subnet", Reply, CacheSubnet),
    stage!("connection.reply.cache_filter", Reply, CacheFilter),
    stage!("connection.reply.service_firewall", Reply, ServiceFirewall),
    stage!("connection.reply.public_access", Reply, PublicAccess),
    stage!("connection.reply.port", Reply, Port),
    stage!("connection.reply.tls", Reply, Tls),
    stage!("connection.reply.auth", Reply, Auth),
    stage!("connection.reply.status", Reply, Status),
    stage!("connection.reply.limit", Reply, Limit),
];

/// Effects that stop packets.
const STOPS: [Effect; 2] = [Effect::Deny, Effect::Partial];

/// Effects of all blockers and steps, in the order of the trace.
fn effects(connection: &Connection) -> impl Iterator<Item = (Leg, Stage, Effect)> {
    let stopped = if connection.outcome == Outcome::Partial {
        Effect::Partial
    } else {
        Effect::Deny
    };
    let blame = connection
        .blame
        .iter()
        .map(move |blame| (blame.leg, blame.stage, stopped));
    let steps = connection
        .trace
        .iter()
        .map(|step| (step.leg, step.stage, step.effect));
    blame.chain(steps)
}

/// The worst that a stage does on a leg: several filters, nodes and address
/// families may each have a step of their own there.
fn effect(connection: &Connection, leg: Leg, stage: Stage) -> FactValue<'_> {
    let here = effects(connection).filter(|(at, of, _)| (*at, *of) == (leg, stage));
    let worst = here
        .map(|(_, _, effect)| effect)
        .max_by_key(|effect| match effect {
            Effect::NotApplicable => 0,
            Effect::Allow => 1,
            Effect::Requires => 2,
            Effect::Unknown => 3,
            Effect::Partial => 4,
            Effect::Deny => 5,
        });
    match worst {
        Some(Effect::Unknown) => FactValue::gaps(&connection.gaps),
        Some(effect) => FactValue::text(effect.as_str()),
        None => FactValue::text(Effect::NotApplicable.as_str()),
    }
}

/// Stages with such an effect on either leg, in their order.
fn stages(connection: &Connection, wanted: impl Fn(Effect) -> bool) -> Vec<Cow<'static, str>> {
    let found: BTreeSet<Stage> = effects(connection)
        .filter(|(_, _, effect)| wanted(*effect))
        .map(|(_, stage, _)| stage)
        .collect();
    found
        .into_iter()
        .map(|stage| Cow::Borrowed(stage.as_str()))
        .collect()
}
