//! Filters at the edges of subnets, on the way out of one and into another.
//!
//! Source: Amazon VPC User Guide, "Network ACLs": judged where a packet
//! crosses the edge of a subnet, never inside one. AWS Transit Gateway, "How
//! network ACLs work with transit gateways": the subnet with the router's
//! interface has an edge of its own; where it is the machine's own subnet,
//! only what goes to the router is judged.

use cachewarden_model::{
    Direction, Effect, Fact, Filter, Gap, GapReason, Leg, Stage, Subnet, TransitAttachment,
    TransitResource,
};
use cachewarden_netset::PortSet;

use crate::client::{Client, End};
use crate::decide::Through;
use crate::estate::Estate;
use crate::filter::{Decider, Passage, pass};
use crate::path::{transit_exits, unread};
use crate::peer::Via;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// One edge that a leg crosses.
struct Edge<'e, 'a> {
    leg: Leg,
    stage: Stage,
    subnet: &'a Subnet,
    direction: Direction,
    /// The end that the entries' peers are compared with.
    far: &'e End<'a>,
}

fn stage(leg: Leg, sender: bool) -> Stage {
    match (leg, sender) {
        (Leg::Request, true) | (Leg::Reply, false) => Stage::ClientSubnet,
        (Leg::Request, false) | (Leg::Reply, true) => Stage::CacheSubnet,
    }
}

/// The edges on the sender's side.
#[expect(
    clippy::too_many_arguments,
    reason = "one flow and where to put what came of it"
)]
pub(super) fn leave<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    sender: &End<'a>,
    receiver: &End<'a>,
    via: Via<'a>,
    port: u16,
    client: &Client<'a>,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let Some(subnet) = sender.subnet else {
        return outside(leg, true, sender, through, record);
    };
    let stage = stage(leg, true);
    if inside_one(sender, receiver) {
        record.record(|| within(leg, stage, subnet));
        return;
    }
    let mut edges = vec![Edge {
        leg,
        stage,
        subnet,
        direction: Direction::Egress,
        far: receiver,
    }];
    if let Some(router_subnet) = router_subnet(estate, via, subnet) {
        edges.push(Edge {
            leg,
            stage,
            subnet: router_subnet,
            direction: Direction::Ingress,
            far: sender,
        });
    }
    for edge in &edges {
        edge.judge(estate, port, client, through, record);
    }
}

/// The edges on the receiver's side.
#[expect(
    clippy::too_many_arguments,
    reason = "one flow and where to put what came of it"
)]
pub(super) fn enter<'a, R: Recorder>(
    estate: &Estate<'a>,
    leg: Leg,
    sender: &End<'a>,
    receiver: &End<'a>,
    via: Via<'a>,
    port: u16,
    client: &Client<'a>,
    through: &mut Through,
    record: &mut R,
) {
    let Some(subnet) = receiver.subnet else {
        return outside(leg, false, receiver, through, record);
    };
    let stage = stage(leg, false);
    if inside_one(sender, receiver) {
        record.record(|| within(leg, stage, subnet));
        return;
    }
    let own = Edge {
        leg,
        stage,
        subnet,
        direction: Direction::Ingress,
        far: sender,
    };
    let Some(attachment) = attachment_of(via, subnet) else {
        own.judge(estate, port, client, through, record);
        return;
    };
    let exits = match transit_exits(estate, attachment, sender.subnet) {
        Ok(exits) => exits,
        Err(gap) => {
            through.doubt();
            record.record(|| Judged::new(leg, stage, "transit-attachment").unknown(gap.clone()));
            return;
        }
    };
    let deliver = |exit: &'a Subnet, through: &mut Through, record: &mut R| {
        if exit.id == subnet.id {
            record.record(|| {
                Judged::new(leg, stage, "network-acl")
                    .resource(&subnet.id)
                    .not_applicable("the router's interface is in this very subnet")
            });
            return;
        }
        let edge = Edge {
            leg,
            stage,
            subnet: exit,
            direction: Direction::Egress,
            far: receiver,
        };
        edge.judge(estate, port, client, through, record);
        own.judge(estate, port, client, through, record);
    };
    let mut results: Vec<(Through, R)> = vec![];
    for exit in exits {
        let mut result = (through.clone(), R::default());
        deliver(exit, &mut result.0, &mut result.1);
        results.push(result);
    }
    let Some((first, steps)) = results.pop() else {
        return;
    };
    if results.iter().all(|(other, _)| *other == first) {
        *through = first;
        record.append(steps);
        return;
    }
    let gap = Box::new(Gap {
        provider: subnet.provider,
        account: Some(subnet.account.clone()),
        region: Some(subnet.region.clone()),
        what: attachment.id.to_string(),
        why: GapReason::NotOffered,
        message: "by which of its interfaces this attachment delivers is not told, and their \
                  subnets' filters differ"
            .to_owned(),
        hides: vec![],
    });
    let mut merged = first;
    for (other, _) in results {
        merged.certain = merged.certain.intersection(&other.certain);
        merged.possible = merged.possible.union(&other.possible);
    }
    *through = merged;
    record.record(|| Judged::new(leg, stage, "transit-attachment").unknown(gap.clone()));
}

/// The attachment of a subnet's network, where a leg runs across a router.
fn attachment_of<'a>(via: Via<'a>, subnet: &Subnet) -> Option<&'a TransitAttachment> {
    let Via::Transit(_, one, other) = via else {
        return None;
    };
    [one, other]
        .into_iter()
        .find(|it| matches!(&it.resource, TransitResource::Network(id) if *id == subnet.network))
}

fn inside_one(one: &End<'_>, other: &End<'_>) -> bool {
    matches!((one.subnet, other.subnet), (Some(one), Some(other)) if one.id == other.id)
}

fn within(leg: Leg, stage: Stage, subnet: &Subnet) -> Judged {
    Judged::new(leg, stage, "network-acl")
        .resource(&subnet.id)
        .not_applicable("both ends are in this subnet; its filter does not see them")
}

/// An end without a known subnet: outside every network there is no edge;
/// inside one there is an edge that was not read.
fn outside(
    leg: Leg,
    sender: bool,
    end: &End<'_>,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let stage = stage(leg, sender);
    if end.network.is_none() {
        record.record(|| {
            Judged::new(leg, stage, "network-acl").not_applicable("outside every known network")
        });
        return;
    }
    through.doubt();
    let gap = unread(end, None, "subnet");
    record.record(|| Judged::new(leg, stage, "network-acl").unknown(gap.clone()));
}

/// The subnet with the router's interface that serves the zone of a sender.
/// Where it cannot be told, the link's own stage is unknown already.
fn router_subnet<'a>(estate: &Estate<'a>, via: Via<'a>, subnet: &Subnet) -> Option<&'a Subnet> {
    crate::path::transit_subnet(estate, attachment_of(via, subnet)?, subnet)
}

impl<'a> Edge<'_, 'a> {
    fn judge(
        &self,
        estate: &Estate<'a>,
        port: u16,
        client: &Client<'a>,
        through: &mut Through,
        record: &mut impl Recorder,
    ) {
        let step = || Judged::new(self.leg, self.stage, "network-acl");
        let id = match &self.subnet.filter {
            Fact::Known(Some(id)) | Fact::Default(Some(id)) => id,
            Fact::Known(None) | Fact::Default(None) => {
                record.record(|| {
                    step()
                        .resource(&self.subnet.id)
                        .not_applicable("the subnet has no filter")
                });
                return;
            }
            Fact::Unknown(gap) => {
                through.doubt();
                record.record(|| step().resource(&self.subnet.id).unknown(gap.clone()));
                return;
            }
        };
        let Some(filter) = estate.filter(id) else {
            through.doubt();
            let gap = Box::new(Gap {
                provider: self.subnet.provider,
                account: Some(self.subnet.account.clone()),
                region: Some(self.subnet.region.clone()),
                what: id.to_string(),
                why: GapReason::NotCollected,
                message: format!("the entries of {id} were not read"),
                hides: vec![],
            });
            record.record(|| step().resource(id).unknown(gap.clone()));
            return;
        };
        if let Some(gap) = filter.rules.gap() {
            through.doubt();
            record.record(|| step().resource(id).unknown(Box::new(gap.clone())));
            return;
        }
        let ports = match self.leg {
            Leg::Request => PortSet::from(cachewarden_netset::PortRange::single(port)),
            Leg::Reply => client.ports.clone(),
        };
        let passage = pass(estate, filter, self.direction, self.far, &ports);
        match self.leg {
            Leg::Reply => through.narrow(&passage.certain, &passage.possible),
            Leg::Request if passage.possible.is_empty() => through.stop(),
            Leg::Request if passage.certain.is_empty() => through.doubt(),
            Leg::Request => {}
        }
        record.record(|| self.word(step(), filter, &ports, passage, client));
    }

    fn word(
        &self,
        step: Judged,
        filter: &Filter,
        ports: &PortSet,
        passage: Passage,
        client: &Client<'_>,
    ) -> Judged {
        let step = step.resource(&filter.id);
        let (way, what) = match self.direction {
            Direction::Ingress => ("from", "source"),
            Direction::Egress => ("to", "destination"),
        };
        let far = format!("{way} {}", self.far.address);
        if let Some(gap) = passage.gap {
            return step.unknown(gap);
        }
        let Some(decider) = passage.denied_by else {
            return step
                .rule(passage.allowed_by)
                .allow(format!("tcp {ports} {far}"));
        };
        let stopped = ports.difference(&passage.certain);
        let remedy = Remedy::Pass {
            filter: filter.id.clone(),
            direction: self.direction,
            far: self.far.address,
            far_subnet: self.far.subnet.map(|it| it.id.clone()),
            ports: stopped.clone(),
        };
        if passage.certain.is_empty() {
            let why = match &decider {
                Decider::Entry(rule) => format!("entry {rule} denies tcp {ports} {far}"),
                Decider::Last(_) | Decider::Default => {
                    format!(
                        "no entry for {} lets tcp {ports} {far} through",
                        self.subnet.id
                    )
                }
            };
            let mut judged = step.rule(decider.rule()).deny(why).remedy(remedy);
            judged.stopped = Some(stopped);
            return judged;
        }
        // Where the end of the list stops the rest, the entry that lets too
        // little through is to blame.
        let rule = match (&decider, &passage.allowed_by) {
            (Decider::Last(_) | Decider::Default, Some(allowed)) => allowed.clone(),
            _ => decider.rule(),
        };
        let verb = if self.leg == Leg::Reply {
            "lets back"
        } else {
            "lets through"
        };
        let detail = format!(
            "{verb} {} only, {what} {}; {} ({}) are stopped",
            passage.certain, self.far.address, stopped, client.ports_because
        );
        let mut judged = step
            .rule(rule)
            .effect(Effect::Partial, detail)
            .remedy(remedy);
        judged.stopped = Some(stopped);
        judged
    }
}
