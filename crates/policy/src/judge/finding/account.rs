//! Blame, witness and fix, as the engine states them.

use cachewarden_model::{
    Blame, Connection, Direction, Effect, FilterKind, Fix, Leg, Outcome, RuleUse, Stage, Witness,
};

use crate::facts::{FactId, Item, World};
use crate::policy::Policy;

/// What the engine knows of the subject.
#[derive(Default)]
pub(super) struct Account {
    pub(super) blame: Vec<Blame>,
    pub(super) witness: Option<Witness>,
    pub(super) fix: Option<Fix>,
}

/// What the engine knows of a subject that fails a policy.
pub(super) fn account(policy: &Policy, world: &World<'_>, item: &Item<'_>) -> Account {
    match item {
        Item::Connection(item) => of_connection(policy, item.connection),
        Item::Rule(item) => Account {
            blame: vec![of_rule(world, item.used)],
            ..Account::default()
        },
        Item::Expectation(item) => match item.result.unmet.first() {
            Some(connection) if connection.outcome == Outcome::Open => Account {
                blame: admitting(world, connection),
                witness: connection.witness,
                fix: None,
            },
            Some(connection) => Account {
                blame: connection.blame.clone(),
                witness: connection.witness,
                fix: connection.fix.clone(),
            },
            None => Account::default(),
        },
        Item::Endpoint(item) => {
            let rules = world.rules(&item.exposure.cache).iter();
            let to_blame = rules.filter(|rule| {
                rule.direction == Direction::Ingress
                    && rule.covers_cache_port
                    && rule.public_addresses > 0
            });
            let asks = |id: &FactId| {
                matches!(
                    id.path(),
                    "endpoint.admitted_internet_percent" | "endpoint.open_to_internet"
                )
            };
            if policy.facts().iter().any(asks) {
                Account {
                    blame: to_blame.map(|rule| of_rule(world, rule)).collect(),
                    ..Account::default()
                }
            } else {
                Account::default()
            }
        }
        Item::Cache(_) | Item::Filter(_) | Item::User(_) | Item::Waiver(_) => Account::default(),
    }
}

/// The blockers at the stages that the policy asks about; all of them if it
/// asks about none, or none of these is to blame.
fn of_connection(policy: &Policy, connection: &Connection) -> Account {
    let asked: Vec<(Leg, Stage)> = policy
        .facts()
        .iter()
        .filter_map(|id| stage(id.path()))
        .collect();
    let here: Vec<Blame> = connection
        .blame
        .iter()
        .filter(|blame| asked.contains(&(blame.leg, blame.stage)))
        .cloned()
        .collect();
    let fix = connection.fix.clone();
    if here.is_empty() {
        return Account {
            blame: connection.blame.clone(),
            witness: connection.witness,
            fix,
        };
    }
    let shown = |witness: &Witness| here.iter().any(|blame| blame.leg == witness.leg);
    let witness = connection.witness.filter(shown);
    Account {
        blame: here,
        witness,
        fix,
    }
}

/// The leg and stage that a fact such as `connection.reply.cache_subnet` is
/// about.
fn stage(path: &str) -> Option<(Leg, Stage)> {
    let (leg, name) = path.strip_prefix("connection.")?.split_once('.')?;
    let leg = [Leg::Request, Leg::Reply]
        .into_iter()
        .find(|it| it.as_str() == leg)?;
    let name = name.replace('_', "-");
    STAGES
        .into_iter()
        .find(|stage| stage.as_str() == name)
        .map(|stage| (leg, stage))
}

/// All stages, in the order in which a packet meets them.
const STAGES: [Stage; 15] = [
    Stage::ClientFilter,
    Stage::ClientSubnet,
    Stage::Route,
    Stage::Link,
    Stage::Dns,
    Stage::PrivateEndpoint,
    Stage::CacheSubnet,
    Stage::CacheFilter,
    Stage::ServiceFirewall,
    Stage::PublicAccess,
    Stage::Port,
    Stage::Tls,
    Stage::Auth,
    Stage::Status,
    Stage::Limit,
];

fn of_rule(world: &World<'_>, used: &RuleUse) -> Blame {
    let stage = match used.filter_kind {
        FilterKind::NetworkAcl => Stage::CacheSubnet,
        FilterKind::ServiceFirewall => Stage::ServiceFirewall,
        FilterKind::VpcFirewall | FilterKind::FirewallPolicy => Stage::ClientFilter,
        _ => Stage::CacheFilter,
    };
    // What leaves a client is a request, what leaves a cache a reply.
    let leg = match (stage, used.direction) {
        (Stage::ClientFilter, Direction::Egress) | (_, Direction::Ingress) => Leg::Request,
        (_, Direction::Egress) => Leg::Reply,
    };
    Blame {
        kind: used.filter_kind.as_str().to_owned(),
        resource: used.filter.clone(),
        region: world.filter(&used.filter).map(|it| it.region.clone()),
        rule: Some(used.rule.clone()),
        leg,
        stage,
        detail: used.text.clone(),
        address: None,
        nearest: None,
    }
}

/// The rules that let a connection in which was to be kept out.
fn admitting(world: &World<'_>, connection: &Connection) -> Vec<Blame> {
    let admits = connection.trace.iter().filter(|step| {
        step.effect == Effect::Allow
            && step.leg == Leg::Request
            && matches!(
                step.stage,
                Stage::CacheFilter | Stage::CacheSubnet | Stage::ServiceFirewall
            )
    });
    let blame = admits.filter_map(|step| {
        let resource = step.resource.clone()?;
        let filter = world.filter(&resource)?;
        Some(Blame {
            kind: filter.kind.as_str().to_owned(),
            resource,
            region: Some(filter.region.clone()),
            rule: Some(step.rule.clone()?),
            leg: step.leg,
            stage: step.stage,
            detail: step.detail.clone(),
            address: None,
            nearest: None,
        })
    });
    blame.collect()
}
