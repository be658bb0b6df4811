//! The way of a packet between two subnets: route table, peering, transit
//! router.

mod nat;
mod peering;
mod transit;

use cachewarden_model::{
    Fact, Gap, GapReason, Leg, LinkState, Noun, Peering, ResourceId, Route, RouteState,
    RouteTarget, RuleId, Stage,
};

use self::nat::through_nat;
use self::peering::{across_peering, other_side};
use crate::client::End;
use crate::estate::Estate;
use crate::peer::{Tri, Via};
use crate::remedy::Remedy;
use crate::route::{Choice, choose, destination};
use crate::step::{Judged, Recorder};

/// How one leg fares.
pub(crate) struct Travel<'a> {
    /// Whether it arrives.
    pub(crate) arrives: Tri,
    /// What it runs across, as far as that could be told.
    pub(crate) via: Option<Via<'a>>,
}

impl<'a> Travel<'a> {
    fn stopped() -> Self {
        Self {
            arrives: Tri::No,
            via: None,
        }
    }

    fn unknown(gap: Box<Gap>) -> Self {
        Self {
            arrives: Tri::Unknown(gap),
            via: None,
        }
    }

    /// Through something that is not analysed.
    fn obscured(gap: Box<Gap>, via: Via<'a>) -> Self {
        Self {
            arrives: Tri::Unknown(gap),
            via: Some(via),
        }
    }

    fn arrived(via: Via<'a>) -> Self {
        Self {
            arrives: Tri::Yes,
            via: Some(via),
        }
    }
}

/// Follows one leg from a subnet of the snapshot to an address.
///
/// Source: Amazon VPC User Guide, "Route tables": longest prefix; a black
/// hole is still chosen, no shorter prefix is tried; no route drops.
pub(crate) fn travel<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &End<'a>,
    to: &End<'a>,
    record: &mut impl Recorder,
) -> Travel<'a> {
    if let (Some(one), Some(other)) = (from.subnet, to.subnet)
        && one.id == other.id
    {
        record.record(|| {
            Judged::new(leg, Stage::Route, "subnet")
                .resource(&one.id)
                .not_applicable("both ends are in one subnet")
        });
        return Travel::arrived(Via::SameNetwork);
    }
    let Some(subnet) = from.subnet else {
        return no_subnet(leg, from, record);
    };
    let association = match &subnet.route_table {
        Fact::Known(association) | Fact::Default(association) => association,
        Fact::Unknown(gap) => {
            record.record(|| {
                Judged::new(leg, Stage::Route, "subnet")
                    .resource(&subnet.id)
                    .unknown(gap.clone())
            });
            return Travel::unknown(gap.clone());
        }
    };
    let table = association.as_ref().and_then(|it| estate.table(&it.table));
    let Some(table) = table else {
        let gap = unread(
            from,
            association.as_ref().map(|it| &it.table),
            "route table",
        );
        record.record(|| {
            Judged::new(leg, Stage::Route, "subnet")
                .resource(&subnet.id)
                .unknown(gap.clone())
        });
        return Travel::unknown(gap);
    };
    let routes = match &table.routes {
        Fact::Known(routes) | Fact::Default(routes) => routes,
        Fact::Unknown(gap) => {
            record.record(|| {
                Judged::new(leg, Stage::Route, "route-table")
                    .resource(&table.id)
                    .unknown(gap.clone())
            });
            return Travel::unknown(gap.clone());
        }
    };
    match choose(estate, routes, to.address) {
        Choice::Unknown(gap) => {
            record.record(|| {
                Judged::new(leg, Stage::Route, "route-table")
                    .resource(&table.id)
                    .unknown(gap.clone())
            });
            Travel::unknown(gap)
        }
        Choice::None => {
            record.record(|| {
                let explicit = association.as_ref().is_some_and(|it| it.explicit);
                let whose = if explicit {
                    format!("the table that {} names", subnet.id)
                } else {
                    format!("the main table, which {} uses", subnet.id)
                };
                let judged = Judged::new(leg, Stage::Route, "route-table")
                    .resource(&table.id)
                    .deny(format!("no route to {} ({whose})", to.address));
                match (from.network, to.network) {
                    (Some(here), Some(there)) => judged.remedy(Remedy::AddRoute {
                        table: table.id.clone(),
                        from: here.clone(),
                        to: there.clone(),
                        address: to.address,
                    }),
                    _ => judged,
                }
            });
            Travel::stopped()
        }
        Choice::Route(route) => follow(estate, leg, from, to, &table.id, route, record),
    }
}

fn no_subnet<'a>(leg: Leg, from: &End<'a>, record: &mut impl Recorder) -> Travel<'a> {
    let gap = unread(from, None, "subnet");
    record.record(|| Judged::new(leg, Stage::Route, "subnet").unknown(gap.clone()));
    Travel::unknown(gap)
}

/// Something that a packet meets and that the snapshot lacks.
pub(crate) fn unread(near: &End<'_>, id: Option<&ResourceId>, what: &str) -> Box<Gap> {
    Box::new(Gap {
        provider: near
            .subnet
            .map_or(cachewarden_model::Provider::Aws, |it| it.provider),
        account: near.account.or(near.subnet.map(|it| &it.account)).cloned(),
        region: near.region.cloned(),
        what: id.map_or_else(
            || format!("{what} of {}", near.address),
            ToString::to_string,
        ),
        why: GapReason::NotCollected,
        message: format!("this {what} was not read"),
        hides: vec![],
    })
}

/// Goes where a route sends a packet.
fn follow<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &End<'a>,
    to: &End<'a>,
    table: &ResourceId,
    route: &'a Route,
    record: &mut impl Recorder,
) -> Travel<'a> {
    let line = || RuleId::from(destination(&route.destination));
    let step = || {
        Judged::new(leg, Stage::Route, "route-table")
            .resource(table)
            .rule(line())
    };
    let drop = |why: String| {
        step().deny(why).remedy(Remedy::DropRoute {
            table: table.clone(),
            destination: route.destination.clone(),
            from: from.network.cloned(),
            to: to.network.cloned(),
            address: to.address,
        })
    };
    if route.state == RouteState::Blackhole {
        record.record(|| {
            drop(format!(
                "the route to {} is a black hole: {} is gone",
                destination(&route.destination),
                target(&route.target)
            ))
        });
        return Travel::stopped();
    }
    match &route.target {
        RouteTarget::Local if from.network == to.network => {
            record.record(|| step().allow("local route"));
            Travel::arrived(Via::SameNetwork)
        }
        RouteTarget::Peering(id) => {
            record.record(|| step().allow(format!("to {id}")));
            across_peering(estate, leg, from, to, id, table, record)
        }
        RouteTarget::TransitRouter(id) => {
            record.record(|| step().allow(format!("to {id}")));
            transit::across(estate, leg, from, to, id, record)
        }
        RouteTarget::Local | RouteTarget::Drop => {
            record.record(|| {
                drop(format!(
                    "the route to {} keeps packets in {}",
                    destination(&route.destination),
                    from.network.map_or("the network", ResourceId::as_str)
                ))
            });
            Travel::stopped()
        }
        RouteTarget::InternetGateway(_)
        | RouteTarget::EgressOnlyGateway(_)
        | RouteTarget::Internet => {
            record.record(|| {
                let line = destination(&route.destination);
                let way = target(&route.target);
                drop(match detached(estate, from, &route.target) {
                    Some(why) => format!("the route to {line} leads nowhere: {way} {why}"),
                    None => format!(
                        "the route to {line} leads to the internet ({way}), where {} is not",
                        to.address
                    ),
                })
            });
            Travel::stopped()
        }
        RouteTarget::NatGateway(id) => through_nat(estate, leg, from, to, id, &step, &drop, record),
        RouteTarget::VpnGateway(_)
        | RouteTarget::Endpoint(_)
        | RouteTarget::Interface(_)
        | RouteTarget::Appliance(_)
        | RouteTarget::Other(_) => {
            let gap = Box::new(Gap {
                provider: from
                    .subnet
                    .map_or(cachewarden_model::Provider::Aws, |it| it.provider),
                account: from.subnet.map(|it| it.account.clone()),
                region: from.region.cloned(),
                what: target(&route.target),
                why: GapReason::Unmodelled,
                message: format!(
                    "the route to {} leads through {}, whose own rules are not read",
                    destination(&route.destination),
                    target(&route.target)
                ),
                hides: vec![],
            });
            record.record(|| step().unknown(gap.clone()));
            let via = match route.target {
                RouteTarget::Endpoint(_) => Via::Inspected,
                _ => Via::Rewritten,
            };
            Travel::obscured(gap, via)
        }
    }
}

/// Why an internet gateway carries nothing of a sender's network; none where
/// it may, what is not known included.
fn detached(estate: &Estate<'_>, from: &End<'_>, target: &RouteTarget) -> Option<String> {
    let RouteTarget::InternetGateway(id) = target else {
        return None;
    };
    let network = estate.network(from.network?)?;
    match network.internet_gateway(id) {
        Ok(None) => Some(format!("is not attached to {}", network.id)),
        Ok(Some(LinkState::Down(word))) => Some(format!("is {word} from {}", network.id)),
        Ok(Some(LinkState::Active | LinkState::Pending(_))) | Err(_) => None,
    }
}

/// What joins two networks, whether or not routes use it and whether or not
/// it carries traffic yet: what group references would run across.
pub(crate) fn relation<'a>(estate: &Estate<'a>, one: &End<'a>, other: &End<'a>) -> Via<'a> {
    let (Some(here), Some(there)) = (one.network, other.network) else {
        return Via::Other;
    };
    if here == there {
        return Via::SameNetwork;
    }
    let between = |it: &&Peering| other_side(it, Some(here)) == Some(there);
    let active = |it: &&Peering| it.state == LinkState::Active;
    let peering = estate
        .peerings_of(here)
        .filter(between)
        .find(active)
        .or_else(|| estate.peerings_of(here).find(between));
    if let Some(peering) = peering {
        return Via::Peering(peering);
    }
    let transit = estate.routers_of(here).find_map(|router| {
        let from = transit::attachment(router, here)?;
        let to = transit::attachment(router, there)?;
        Some(Via::Transit(router, from, to))
    });
    transit.unwrap_or_else(|| {
        let unread = [here, there].into_iter().any(|id| links_hidden(estate, id));
        if unread { Via::Unread } else { Via::Other }
    })
}

/// Whether a network may have links that were not read.
fn links_hidden(estate: &Estate<'_>, network: &ResourceId) -> bool {
    let Some(network) = estate.network(network) else {
        return true;
    };
    [Noun::Peerings, Noun::TransitRouters]
        .into_iter()
        .any(|noun| {
            let (account, region) = (Some(&network.account), Some(&network.region));
            estate
                .hidden(noun, network.provider, account, region)
                .is_some()
        })
}

/// A route's target in words.
pub(crate) fn target(target: &RouteTarget) -> String {
    match target {
        RouteTarget::Local => "local".to_owned(),
        RouteTarget::Appliance(address) => address.to_string(),
        RouteTarget::Internet => "the internet".to_owned(),
        RouteTarget::Drop => "nowhere".to_owned(),
        RouteTarget::Other(word) => word.clone(),
        other => other.id().map_or_else(String::new, ToString::to_string),
    }
}

/// The subnet with a transit router's interface that serves the zone of a
/// subnet, where that can be told.
pub(crate) fn transit_subnet<'a>(
    estate: &Estate<'a>,
    attachment: &cachewarden_model::TransitAttachment,
    subnet: &cachewarden_model::Subnet,
) -> Option<&'a cachewarden_model::Subnet> {
    transit::zone_subnet(estate, attachment, subnet)
        .ok()
        .flatten()
}

/// Whether a network is attached to a transit router.
pub(crate) fn is_attached(router: &cachewarden_model::TransitRouter, network: &ResourceId) -> bool {
    transit::attachment(router, network).is_some()
}

/// A network's attachment to a transit router.
pub(crate) fn attachment_of<'a>(
    router: &'a cachewarden_model::TransitRouter,
    network: &ResourceId,
) -> Option<&'a cachewarden_model::TransitAttachment> {
    transit::attachment(router, network)
}

/// The subnets by whose interface a transit router may deliver to a network.
pub(crate) fn transit_exits<'a>(
    estate: &Estate<'a>,
    attachment: &cachewarden_model::TransitAttachment,
    sender: Option<&cachewarden_model::Subnet>,
) -> Result<Vec<&'a cachewarden_model::Subnet>, Box<Gap>> {
    transit::exits(estate, attachment, sender)
}
