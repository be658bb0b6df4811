//! Across a transit router: attachments, zones, tables.

use cachewarden_model::{
    Fact, Gap, GapReason, Leg, LinkState, Noun, ResourceId, RouteState, RuleId, Stage, Subnet,
    TransitAttachment, TransitResource, TransitRouter,
};

use crate::client::End;
use crate::estate::Estate;
use crate::path::{Travel, unread};
use crate::peer::{Tri, Via};
use crate::remedy::Remedy;
use crate::route::{Choice, choose, destination};
use crate::step::{Judged, Recorder};

/// A network's attachment to a router: the one that carries traffic, else any.
pub(crate) fn attachment<'a>(
    router: &'a TransitRouter,
    network: &ResourceId,
) -> Option<&'a TransitAttachment> {
    let of_network = |it: &&TransitAttachment| matches!(&it.resource, TransitResource::Network(id) if id == network);
    let attachments = router.attachments.value()?;
    attachments
        .iter()
        .filter(of_network)
        .find(|it| it.state == LinkState::Active)
        .or_else(|| attachments.iter().find(of_network))
}

/// Goes across a router to the network of the far end.
///
/// Source: AWS Transit Gateway, "How transit gateways work" and "VPC
/// attachments": the attachment's association names the table; longest
/// prefix; a zone without a subnet of the attachment cannot use it; IPv6
/// only where the attachment has it on.
pub(super) fn across<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &End<'a>,
    to: &End<'a>,
    id: &ResourceId,
    record: &mut impl Recorder,
) -> Travel<'a> {
    match legs(estate, leg, from, to, id) {
        Ok((router, here, there)) => {
            record.record(|| {
                Judged::new(leg, Stage::Link, "transit-router")
                    .resource(id)
                    .allow(format!("{} to {}", here.id, there.id))
            });
            Travel {
                arrives: Tri::Yes,
                via: Some(Via::Transit(router, here, there)),
            }
        }
        Err(judged) => {
            let arrives = match &judged.gap {
                Some(gap) => Tri::Unknown(gap.clone()),
                None => Tri::No,
            };
            record.record(|| *judged);
            Travel { arrives, via: None }
        }
    }
}

type Stop = Box<Judged>;

fn step(leg: Leg, kind: &'static str, resource: &ResourceId) -> Judged {
    Judged::new(leg, Stage::Link, kind).resource(resource)
}

fn unknown(judged: Judged, gap: Box<Gap>) -> Stop {
    Box::new(judged.unknown(gap))
}

fn legs<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &End<'a>,
    to: &End<'a>,
    id: &ResourceId,
) -> Result<
    (
        &'a TransitRouter,
        &'a TransitAttachment,
        &'a TransitAttachment,
    ),
    Stop,
> {
    let router = estate.router(id).ok_or_else(|| {
        unknown(
            step(leg, "transit-router", id),
            unread(from, Some(id), "transit gateway"),
        )
    })?;
    let here = found(estate, leg, router, from)?;
    carries(leg, router, here, from)?;
    near(estate, leg, router, here, from)?;
    let there = found(estate, leg, router, to)?;
    let chosen = look_up(estate, leg, router, here, there, to)?;
    carries(leg, router, chosen, to)?;
    Ok((router, here, chosen))
}

fn found<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    router: &'a TransitRouter,
    end: &End<'a>,
) -> Result<&'a TransitAttachment, Stop> {
    if let Fact::Unknown(gap) = &router.attachments {
        return Err(unknown(
            step(leg, "transit-router", &router.id),
            gap.clone(),
        ));
    }
    let Some(network) = end.network else {
        let gap = unread(end, None, "network behind the transit gateway");
        return Err(unknown(step(leg, "transit-router", &router.id), gap));
    };
    attachment(router, network).ok_or_else(|| {
        let hidden = estate.hidden(
            Noun::TransitRouters,
            router.provider,
            Some(&router.account),
            Some(&router.region),
        );
        let judged = step(leg, "transit-router", &router.id);
        match hidden {
            Some(gap) => unknown(judged, Box::new(gap)),
            None => Box::new(judged.deny(format!("{network} is not attached")).remedy(
                Remedy::Advice(format!("attach {network} to {} and route to it", router.id)),
            )),
        }
    })
}

/// Whether an attachment carries packets of one end: state and family.
fn carries(
    leg: Leg,
    router: &TransitRouter,
    attachment: &TransitAttachment,
    end: &End<'_>,
) -> Result<(), Stop> {
    let judged = || step(leg, "transit-attachment", &attachment.id);
    match &attachment.state {
        LinkState::Active => {}
        LinkState::Pending(word) | LinkState::Down(word) => {
            return Err(Box::new(
                judged()
                    .deny(format!("the attachment is {word}"))
                    .remedy(Remedy::Advice(format!(
                        "bring {} to the state available",
                        attachment.id
                    ))),
            ));
        }
    }
    if end.address.is_ipv6() {
        match &attachment.ipv6 {
            Fact::Known(true) | Fact::Default(true) => {}
            Fact::Unknown(gap) => return Err(unknown(judged(), gap.clone())),
            Fact::Known(false) | Fact::Default(false) => {
                let remedy = Remedy::EnableIpv6 {
                    router: router.id.clone(),
                    attachment: attachment.id.clone(),
                };
                return Err(Box::new(
                    judged()
                        .deny("IPv6 support of the attachment is off")
                        .remedy(remedy),
                ));
            }
        }
    }
    Ok(())
}

/// Whether an attachment has an interface in the zone of the sender: without
/// one, nothing of that zone gets to the router.
fn near(
    estate: &Estate<'_>,
    leg: Leg,
    router: &TransitRouter,
    attachment: &TransitAttachment,
    end: &End<'_>,
) -> Result<(), Stop> {
    let judged = || step(leg, "transit-attachment", &attachment.id);
    let Some(subnet) = end.subnet else {
        return Err(unknown(judged(), unread(end, None, "subnet")));
    };
    match zone_subnet(estate, attachment, subnet) {
        Ok(Some(_)) => Ok(()),
        Err(gap) => Err(unknown(judged(), gap)),
        Ok(None) => {
            let zone = subnet
                .zone
                .as_ref()
                .map_or("this zone", |zone| zone.name.as_str());
            let remedy = Remedy::AddZone {
                router: router.id.clone(),
                attachment: attachment.id.clone(),
                subnet: subnet.id.clone(),
            };
            Err(Box::new(
                judged()
                    .deny(format!(
                        "the attachment has no subnet in {zone}, the zone of {}",
                        subnet.id
                    ))
                    .remedy(remedy),
            ))
        }
    }
}

/// Whether an attachment has an interface in the zone of a subnet.
pub(crate) fn zone_subnet<'a>(
    estate: &Estate<'a>,
    attachment: &TransitAttachment,
    subnet: &Subnet,
) -> Result<Option<&'a Subnet>, Box<Gap>> {
    let subnets = attachment
        .subnets
        .get()
        .map_err(|gap| Box::new(gap.clone()))?;
    let missing = |what: &ResourceId, message: &str| {
        Box::new(Gap {
            provider: subnet.provider,
            account: Some(subnet.account.clone()),
            region: Some(subnet.region.clone()),
            what: what.to_string(),
            why: GapReason::NotCollected,
            message: message.to_owned(),
            hides: vec![],
        })
    };
    let mut unsure = None;
    for id in subnets {
        let Some(candidate) = estate.subnet(id) else {
            unsure = Some(missing(
                id,
                "this subnet of a transit attachment was not read",
            ));
            continue;
        };
        match same_zone(candidate, subnet) {
            Some(true) => return Ok(Some(candidate)),
            Some(false) => {}
            None => unsure = Some(missing(id, "the zone of this subnet was not told")),
        }
    }
    unsure.map_or(Ok(None), Err)
}

/// The subnets by whose interface a router may deliver to a network: that in
/// the sender's zone where there is one, else any.
///
/// Source: AWS Transit Gateway, "Appliance in a shared services VPC":
/// without appliance mode, traffic stays in the zone that it came from until
/// it reaches its destination.
pub(crate) fn exits<'a>(
    estate: &Estate<'a>,
    attachment: &TransitAttachment,
    sender: Option<&Subnet>,
) -> Result<Vec<&'a Subnet>, Box<Gap>> {
    let ids = attachment
        .subnets
        .get()
        .map_err(|gap| Box::new(gap.clone()))?;
    let mut all = vec![];
    for id in ids {
        all.push(estate.subnet(id).ok_or_else(|| {
            Box::new(Gap {
                provider: cachewarden_model::Provider::Aws,
                account: attachment.account.clone(),
                region: None,
                what: id.to_string(),
                why: GapReason::NotCollected,
                message: "this subnet of a transit attachment was not read".to_owned(),
                hides: vec![],
            })
        })?);
    }
    let keeps_zone = attachment.appliance_mode.value() == Some(&false);
    let beside: Vec<&Subnet> = all
        .iter()
        .copied()
        .filter(|it| keeps_zone && sender.is_some_and(|sender| same_zone(it, sender) == Some(true)))
        .collect();
    Ok(if beside.is_empty() { all } else { beside })
}

/// Zone names differ between accounts, zone ids do not.
fn same_zone(one: &Subnet, other: &Subnet) -> Option<bool> {
    let (one_zone, other_zone) = (one.zone.as_ref()?, other.zone.as_ref()?);
    match (&one_zone.id, &other_zone.id) {
        (Some(one), Some(other)) => Some(one == other),
        _ if one.account == other.account => Some(one_zone.name == other_zone.name),
        _ => None,
    }
}

fn look_up<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    router: &'a TransitRouter,
    here: &'a TransitAttachment,
    there: &'a TransitAttachment,
    to: &End<'a>,
) -> Result<&'a TransitAttachment, Stop> {
    let on_attachment = || step(leg, "transit-attachment", &here.id);
    let table = match &here.table {
        Fact::Known(Some(table)) | Fact::Default(Some(table)) => table,
        Fact::Unknown(gap) => return Err(unknown(on_attachment(), gap.clone())),
        Fact::Known(None) | Fact::Default(None) => {
            let judged = on_attachment()
                .deny("the attachment is associated with no route table of the transit gateway");
            let to = to.network.cloned().unwrap_or_default();
            return Err(Box::new(judged.remedy(Remedy::AssociateTable {
                router: router.id.clone(),
                attachment: here.id.clone(),
                to,
            })));
        }
    };
    let on_table = || step(leg, "transit-route-table", table);
    let tables = router
        .tables
        .get()
        .map_err(|gap| unknown(on_table(), Box::new(gap.clone())))?;
    let Some(table_found) = tables.iter().find(|it| it.id == *table) else {
        return Err(unknown(
            on_table(),
            unread(to, Some(table), "transit route table"),
        ));
    };
    let routes = table_found
        .routes
        .get()
        .map_err(|gap| unknown(on_table(), Box::new(gap.clone())))?;
    let remedy = |blackhole| Remedy::TransitRoute {
        router: router.id.clone(),
        table: table.clone(),
        attachment: there.id.clone(),
        to: to.network.cloned().unwrap_or_default(),
        address: to.address,
        blackhole,
    };
    let route = match choose(estate, routes, to.address) {
        Choice::Unknown(gap) => return Err(unknown(on_table(), gap)),
        Choice::None => {
            let judged = on_table().deny(format!("no route to {}", to.address));
            return Err(Box::new(judged.remedy(remedy(None))));
        }
        Choice::Route(route) => route,
    };
    let line = RuleId::from(destination(&route.destination));
    if route.state == RouteState::Blackhole || route.attachments.is_empty() {
        let judged = on_table()
            .rule(line)
            .deny(format!(
                "the route to {} is a black hole",
                destination(&route.destination)
            ))
            .remedy(remedy(Some(route.destination.clone())));
        return Err(Box::new(judged));
    }
    if route.attachments == [there.id.clone()] {
        return Ok(there);
    }
    let elsewhere: Vec<&str> = route.attachments.iter().map(ResourceId::as_str).collect();
    let gap = Box::new(Gap {
        provider: router.provider,
        account: Some(router.account.clone()),
        region: Some(router.region.clone()),
        what: elsewhere.join(", "),
        why: GapReason::Unmodelled,
        message: format!(
            "the route to {} leads by another attachment, and what lies behind it is not analysed",
            destination(&route.destination)
        ),
        hides: vec![],
    });
    Err(unknown(on_table().rule(line), gap))
}
