//! Network security groups and administrator rules.

use cachewarden_model::{
    Action, Direction, Effect, Fact, Filter, Gap, GapReason, Leg, ResourceId, Stage,
};
use cachewarden_netset::PortSet;

use crate::azure::party::{Home, Party, covers_port, gap, in_virtual_network, named};
use crate::decide::Through;
use crate::estate::Estate;
use crate::filter::{Passage, Walk};
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// One flow at the groups of one of its ends.
pub(crate) struct Checkpoint<'c, 'a> {
    pub(crate) estate: &'c Estate<'a>,
    /// Seen from what is guarded.
    pub(crate) direction: Direction,
    /// What is guarded.
    pub(crate) near: &'c Party<'a>,
    pub(crate) far: &'c Party<'a>,
    pub(crate) port: u16,
    /// Whether rules that name source ports count for all of them, as they
    /// do at private endpoints.
    pub(crate) any_source_port: bool,
}

impl<'a> Checkpoint<'_, 'a> {
    fn home(&self) -> Home<'a> {
        Home {
            network: self.near.network(),
            subnet: self.near.subnet,
            assumed: None,
        }
    }

    /// What a group does with each source port.
    ///
    /// Source: Azure Virtual Network, "Network security groups": rules in
    /// order of priority, the first that matches decides. The default rules
    /// are among them.
    ///
    /// Where it is not known whether VirtualNetwork holds the far end, both
    /// readings are tried: one tag or the other holds a public address, and
    /// what both lead to is certain.
    pub(crate) fn sift(&self, filter: &'a Filter, ports: &PortSet) -> Result<Passage, Box<Gap>> {
        if let Fact::Unknown(gap) = &filter.rules {
            return Err(gap.clone());
        }
        let home = self.home();
        let plain = self.walk(filter, ports, home);
        if plain.gap.is_none() {
            return Ok(plain);
        }
        let Tri::Unknown(gap) = in_virtual_network(self.estate, self.far, home) else {
            return Ok(plain);
        };
        let read = |inside| {
            let assumed = Some(inside);
            self.walk(filter, ports, Home { assumed, ..home })
        };
        let (inside, outside) = (read(true), read(false));
        let certain = inside.certain.intersection(&outside.certain);
        let possible = inside.possible.union(&outside.possible);
        Ok(Passage {
            gap: (certain != possible).then(|| inside.gap.or(outside.gap).unwrap_or(gap)),
            denied_by: outside.denied_by.or(inside.denied_by),
            allowed_by: outside.allowed_by.or(inside.allowed_by),
            certain,
            possible,
        })
    }

    fn walk(&self, filter: &'a Filter, ports: &PortSet, home: Home<'a>) -> Passage {
        let mut walk = Walk::new(ports);
        for rule in self.estate.entries(filter, self.direction).iter() {
            if walk.is_done() {
                break;
            }
            let sources = match self.any_source_port || rule.source_ports.is_empty() {
                true => PortSet::full(),
                false => rule.source_ports.iter().copied().collect(),
            };
            match self.matches(rule, home) {
                Tri::Yes => walk.decide(rule, &sources),
                Tri::No => {}
                Tri::Unknown(gap) => walk.doubt(rule, &sources, gap),
            }
        }
        walk.finish(ports)
    }

    /// Whether a rule matches packets of the flow, whatever their source port.
    fn matches(&self, rule: &cachewarden_model::Rule, home: Home<'a>) -> Tri {
        if !covers_port(rule, self.port) {
            return Tri::No;
        }
        let far = named(self.estate, &rule.peers, self.far, home);
        if far == Tri::No || rule.local.is_empty() {
            return far;
        }
        match (named(self.estate, &rule.local, self.near, home), far) {
            (Tri::Yes, far) => far,
            (Tri::No, _) => Tri::No,
            (unknown, _) => unknown,
        }
    }

    /// Judges the flow by one group.
    pub(crate) fn group(
        &self,
        stage: Stage,
        id: &ResourceId,
        through: &mut Through,
        record: &mut impl Recorder,
    ) {
        let step = || Judged::new(Leg::Request, stage, "network-security-group").resource(id);
        let Some(filter) = self.estate.filter(id) else {
            through.doubt();
            record.record(|| {
                let why = format!("the rules of {id} were not read");
                step().unknown(gap(id, GapReason::NotCollected, why))
            });
            return;
        };
        let passage = match self.sift(filter, &through.all) {
            Ok(passage) => passage,
            Err(gap) => {
                through.doubt();
                record.record(|| step().unknown(gap));
                return;
            }
        };
        let all = through.all.clone();
        through.narrow(&passage.certain, &passage.possible);
        record.record(|| self.word(step(), filter, &passage, &all));
    }

    fn word(&self, step: Judged, filter: &Filter, passage: &Passage, all: &PortSet) -> Judged {
        if passage.certain == *all {
            let step = step.rule(passage.allowed_by.clone());
            return step.allow(format!("tcp {} {}", self.port, self.flow()));
        }
        if let Some(gap) = &passage.gap {
            return step.unknown(gap.clone());
        }
        let rule = passage.denied_by.as_ref().map(|it| it.rule());
        let priority = filter.rules.value().into_iter().flatten();
        let priority = priority
            .filter(|it| it.direction == self.direction && Some(&it.id) == rule.as_ref())
            .find_map(|it| it.priority);
        let place = priority.map_or_else(String::new, |it| format!(" (priority {it})"));
        let name = rule.as_ref().map_or("default", |it| it.as_str());
        let effect = match passage.certain.is_empty() {
            true => Effect::Deny,
            false => Effect::Partial,
        };
        let mut judged = step
            .rule(rule.clone())
            .effect(
                effect,
                format!(
                    "{name}{place} of {} drops tcp {} {}",
                    filter.name,
                    self.port,
                    self.flow()
                ),
            )
            .remedy(Remedy::Unblock {
                filter: filter.id.clone(),
                direction: self.direction,
                near: self.near.addresses.clone(),
                far: self.far.addresses.clone(),
                public: matches!(self.far.realm, crate::azure::party::Realm::Azure(_)),
                port: self.port,
                before: priority,
            });
        if effect == Effect::Partial {
            judged.stopped = Some(all.difference(&passage.possible));
        }
        judged
    }

    fn flow(&self) -> String {
        match self.direction {
            Direction::Egress => format!("to {}", self.far.words()),
            Direction::Ingress => {
                format!("from {} to {}", self.far.words(), self.near.words())
            }
        }
    }

    /// What administrator rules of the guarded network may do. They are asked
    /// before the groups: one that denies drops, one that always allows
    /// delivers past every group, one that allows leaves it to the groups.
    /// Whether they are deployed to the network is not told.
    ///
    /// Source: Azure Virtual Network Manager, "Security admin rules".
    pub(crate) fn administrators(
        &self,
        stage: Stage,
        side: &mut Through,
        record: &mut impl Recorder,
    ) {
        let Some(id) = self.near.network() else {
            return;
        };
        let filters = match self.estate.network(id).map(|it| it.filters.get()) {
            Some(Ok(filters)) => filters,
            unread => {
                // They may as well deliver past every group.
                side.doubt();
                side.possible = side.all.clone();
                record.record(|| {
                    let step = Judged::new(Leg::Request, stage, "admin-rules").resource(id);
                    step.unknown(match unread {
                        Some(Err(gap)) => Box::new(gap.clone()),
                        _ => gap(id, GapReason::NotCollected, "this network was not read"),
                    })
                });
                return;
            }
        };
        for id in filters {
            self.administrator(stage, id, side, record);
        }
    }

    fn administrator(
        &self,
        stage: Stage,
        id: &ResourceId,
        side: &mut Through,
        record: &mut impl Recorder,
    ) {
        let step = || Judged::new(Leg::Request, stage, "admin-rules").resource(id);
        let filter = self.estate.filter(id);
        let rules = filter.map(|it| it.rules.get());
        let rules = match rules {
            Some(Ok(rules)) => rules,
            Some(Err(gap)) => {
                let gap = Box::new(gap.clone());
                side.doubt();
                side.possible = side.all.clone();
                record.record(|| step().unknown(gap));
                return;
            }
            None => {
                let gap = gap(id, GapReason::NotCollected, "these rules were not read");
                side.doubt();
                side.possible = side.all.clone();
                record.record(|| step().unknown(gap));
                return;
            }
        };
        let may = |action: Action| {
            rules.iter().find(|rule| {
                rule.direction == self.direction
                    && rule.action == action
                    && self.matches(rule, self.home()) != Tri::No
            })
        };
        let deny = may(Action::Deny).filter(|_| !side.possible.is_empty());
        let deliver = may(Action::AlwaysAllow).filter(|_| side.certain != side.all);
        if deny.is_some() {
            side.doubt();
        }
        if deliver.is_some() {
            side.possible = side.all.clone();
        }
        record.record(|| match deny.or(deliver) {
            None => step().not_applicable("no rule that could change the outcome matches"),
            Some(rule) => step().rule(rule.id.clone()).unknown(gap(
                id,
                GapReason::NotOffered,
                format!(
                    "{} may apply ({}); whether these rules are deployed to {} is not told",
                    rule.id,
                    crate::rules::words(rule),
                    self.near.network().map_or("the network", |it| it.as_str())
                ),
            )),
        });
    }
}

/// The groups that guard an end: that of its interface, that of its subnet.
/// A packet that leaves meets them in this order, one that comes in the other
/// way round; each has to let it through.
///
/// Source: Azure Virtual Network, "How network security groups filter network
/// traffic".
pub(crate) fn subnet_group<'a>(
    checkpoint: &Checkpoint<'_, 'a>,
    stage: Stage,
    side: &mut Through,
    record: &mut impl Recorder,
) {
    let Some(subnet) = checkpoint.near.subnet else {
        side.doubt();
        record.record(|| {
            let what = format!("subnet of {}", checkpoint.near.words());
            Judged::new(Leg::Request, stage, "subnet").unknown(gap(
                what,
                GapReason::NotCollected,
                "no known subnet holds this address",
            ))
        });
        return;
    };
    match subnet.filter.get() {
        Ok(Some(id)) => checkpoint.group(stage, id, side, record),
        Ok(None) => record.record(|| {
            Judged::new(Leg::Request, stage, "subnet")
                .resource(&subnet.id)
                .not_applicable("the subnet has no network security group")
        }),
        Err(gap) => {
            side.doubt();
            record.record(|| {
                Judged::new(Leg::Request, stage, "subnet")
                    .resource(&subnet.id)
                    .unknown(Box::new(gap.clone()))
            });
        }
    }
}
