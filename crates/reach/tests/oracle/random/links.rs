//! Peerings and the transit gateway.

use cachewarden_estates::{Estate, Place, noun};
use cachewarden_model::{
    Fact, LinkState, ResourceId, RouteTarget, TransitAttachment, TransitResource, TransitRoute,
};

use super::Net;
use crate::choices::Choices;

const ROUTER: &str = "tgw-1";
const TABLES: [&str; 2] = ["tgw-rtb-1", "tgw-rtb-2"];

/// Joins networks.
pub(crate) fn add(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net]) {
    for net in nets {
        for other in nets.iter().filter(|it| it.number > net.number) {
            // Networks of one range cannot be peered.
            if net.ranges[0] == other.ranges[0] || choices.chance(35) {
                continue;
            }
            let id = format!("pcx-{}{}", net.number, other.number);
            let ends = [estate.network(&net.id), estate.network(&other.id)];
            let mut peering = noun::peering(&id, ends[0], ends[1]);
            if choices.chance(15) {
                peering.state = choices.pick(&[
                    LinkState::Pending("pending-acceptance".to_owned()),
                    LinkState::Down("deleted".to_owned()),
                ]);
            }
            estate.snapshot.peerings.push(peering);
        }
    }
    if nets.len() > 1 && choices.chance(45) {
        add_router(choices, estate, nets);
    }
}

fn add_router(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net]) {
    let members: Vec<&Net> = nets.iter().filter(|it| it.place == Place::HOME).collect();
    let mut attachments = vec![];
    for net in &members {
        attachments.push(attachment(choices, estate, net));
    }
    let tables = 1 + choices.below(2);
    let mut router = noun::transit_router(Place::HOME, ROUTER, TABLES[0], attachments, vec![]);
    router.group_references = Fact::Known(choices.chance(50));
    if let Fact::Known(all) = &mut router.tables {
        all.clear();
        for id in TABLES.into_iter().take(tables) {
            all.push(cachewarden_model::TransitTable {
                id: id.into(),
                routes: Fact::Known(routes(choices, &members)),
            });
        }
    }
    if let Fact::Known(all) = &mut router.attachments {
        for attachment in all {
            let table = TABLES[choices.below(tables)];
            let none = choices.chance(5);
            attachment.table = Fact::Known((!none).then(|| table.into()));
        }
    }
    estate.snapshot.transit_routers.push(router);
}

fn attachment(choices: &mut Choices<'_>, estate: &mut Estate, net: &Net) -> TransitAttachment {
    let mut subnets: Vec<String> = vec![];
    if choices.chance(15) {
        // Beside machines: one subnet of each zone.
        let mut zones = vec![];
        for (id, _, zone) in &net.subnets {
            if !zones.contains(zone) {
                zones.push(*zone);
                subnets.push(id.clone());
            }
        }
    } else {
        for zone in 1..=3_u8 {
            if choices.chance(8) && zone > 1 {
                continue;
            }
            let id = format!("subnet-{}t{zone}", net.number);
            let start = net.ranges[0].strip_suffix(".0.0/16").unwrap_or("10.9");
            let block = format!("{start}.240.{}/28", 16 * (zone - 1));
            estate.add_subnet(&net.id, &id, &id, zone, &[&block]);
            subnets.push(id);
        }
    }
    let ids: Vec<&str> = subnets.iter().map(String::as_str).collect();
    let id = format!("tgw-attach-{}", net.number);
    let mut attachment = noun::attachment(estate.network(&net.id), &id, &ids, TABLES[0]);
    if choices.chance(6) {
        attachment.state = LinkState::Pending("pendingAcceptance".to_owned());
    }
    attachment.ipv6 = Fact::Known(choices.chance(50));
    attachment.group_references = Fact::Known(!choices.chance(15));
    attachment.appliance_mode = Fact::Known(choices.chance(15));
    attachment
}

fn routes(choices: &mut Choices<'_>, members: &[&Net]) -> Vec<TransitRoute> {
    let mut routes: Vec<TransitRoute> = vec![];
    for net in members {
        let id = format!("tgw-attach-{}", net.number);
        for range in &net.ranges {
            // Of networks with one range the first one is propagated.
            let taken = routes
                .iter()
                .any(|it| it.destination == noun::transit_route(range, None).destination);
            if !taken && !choices.chance(10) {
                routes.push(noun::transit_route(range, Some(&id)));
            }
        }
        if choices.chance(12) {
            let (_, blocks, _) = choices.pick(&net.subnets);
            routes.push(noun::transit_route(&choices.pick(&blocks), None));
        }
    }
    routes
}

/// Ids of the peerings of two networks.
pub(crate) fn peerings(estate: &Estate, one: &Net, other: &Net) -> Vec<ResourceId> {
    let all = estate.snapshot.peerings.iter();
    let joins = all.filter(|it| {
        let ends = [it.requester.network.as_str(), it.accepter.network.as_str()];
        ends.contains(&one.id.as_str()) && ends.contains(&other.id.as_str())
    });
    joins.map(|it| it.id.clone()).collect()
}

/// Targets that lead from one network to another.
pub(crate) fn ways(estate: &Estate, from: &Net, to: &Net) -> Vec<RouteTarget> {
    let mut ways: Vec<RouteTarget> = peerings(estate, from, to)
        .into_iter()
        .map(RouteTarget::Peering)
        .collect();
    let routers = estate.snapshot.transit_routers.iter();
    for router in routers {
        let attached = |net: &Net| {
            let all = router.attachments.value().into_iter().flatten();
            let wanted = TransitResource::Network(net.id.as_str().into());
            all.map(|it| &it.resource).any(|it| *it == wanted)
        };
        if attached(from) && attached(to) {
            ways.push(RouteTarget::TransitRouter(router.id.clone()));
        }
    }
    ways
}

/// Every link as a target.
pub(crate) fn all_targets(estate: &Estate) -> Vec<RouteTarget> {
    let peerings = estate.snapshot.peerings.iter();
    let routers = estate.snapshot.transit_routers.iter();
    peerings
        .map(|it| RouteTarget::Peering(it.id.clone()))
        .chain(routers.map(|it| RouteTarget::TransitRouter(it.id.clone())))
        .collect()
}
