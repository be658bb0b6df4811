//! Where a network of Google Cloud sends a machine's packet.

mod choice;
mod policy;

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Fact, Gap, GapReason, Leg, Provider, ResourceId, Route, RouteOrigin, RouteState,
    RouteTable, RuleId, Stage,
};

use crate::estate::Estate;
use crate::gcp::hub::{self, Hub};
use crate::gcp::hybrid;
use crate::gcp::party::{Sender, gap};
use crate::peer::Tri;
use crate::route::destination;
use crate::step::{Judged, Recorder};

use choice::{Goal, Said, tagged};

/// Where the address is that a packet is to reach.
#[derive(Clone, Copy)]
pub(crate) enum Want<'w> {
    /// In a subnet of the sender's own network.
    Subnet,
    /// Behind one of these peerings of the sender's network.
    Peering(&'w [&'w ResourceId]),
    /// Behind this other network, or in it at an endpoint's address.
    Foreign(&'w ResourceId, Option<IpAddr>),
}

/// The routes of a sender's network.
///
/// # Errors
///
/// The gap, where they were not read.
pub(crate) fn table<'a>(
    estate: &Estate<'a>,
    sender: &Sender<'a>,
) -> Result<(&'a RouteTable, &'a [Route]), Box<Gap>> {
    let own = sender.subnet.map(|it| &it.route_table);
    let named = match own {
        Some(Fact::Unknown(gap)) => return Err(gap.clone()),
        Some(Fact::Known(it) | Fact::Default(it)) => it.as_ref().map(|it| it.table.clone()),
        None => None,
    };
    // One table serves a whole network.
    let id = named.unwrap_or_else(|| format!("{}/routes", sender.network).into());
    let table = estate.table(&id).ok_or_else(|| {
        gap(
            &id,
            GapReason::NotCollected,
            "the routes of this network were not read",
        )
    })?;
    match &table.routes {
        Fact::Known(routes) | Fact::Default(routes) => Ok((table, routes)),
        Fact::Unknown(gap) => Err(gap.clone()),
    }
}

/// Sends a packet towards an address: policy-based routes first, then the
/// longest prefix, then the lowest priority.
///
/// Source: Virtual Private Cloud, "Routes", route selection order, and
/// "Policy-based routes".
pub(crate) fn send<'a>(
    estate: &Estate<'a>,
    sender: &Sender<'a>,
    to: IpAddr,
    want: Want<'_>,
    record: &mut impl Recorder,
) -> Tri {
    match policy::choose(estate, sender, to, record) {
        policy::Choice::None | policy::Choice::Default => {}
        policy::Choice::Elsewhere(tri) => return tri,
    }
    let (table, routes) = match table(estate, sender) {
        Ok(found) => found,
        Err(gap) => {
            record.record(|| {
                Judged::new(Leg::Request, Stage::Route, "network")
                    .resource(sender.network)
                    .unknown(gap.clone())
            });
            return Tri::Unknown(gap);
        }
    };
    let fits = |it: &&Route| is_for(it, to) && tagged(sender, it) != Tri::No;
    let holding: Vec<&Route> = routes.iter().filter(fits).collect();
    let of_subnets = |it: &&&Route| it.origin == RouteOrigin::Local;
    let subnets: Vec<&Route> = holding.iter().filter(of_subnets).copied().collect();
    let others: Vec<&Route> = holding
        .iter()
        .filter(|it| !of_subnets(it))
        .copied()
        .collect();
    let goal = Goal {
        estate,
        sender,
        to,
        want,
    };
    let said = match subnets.is_empty() {
        true => match unlisted(estate, sender, want) {
            Some(gap) => Said {
                route: goal.best(&others).route,
                ..Said::unknown(gap)
            },
            None => goal.best(&others),
        },
        false if overlaps(estate, sender, to) => {
            let own = goal.best(&subnets);
            let longer: Vec<&Route> = others.into_iter().filter(|it| !is_default(it)).collect();
            let own = match longer.is_empty() {
                true => own,
                false => own.or(goal.best(&longer), "may be more specific than the subnet's"),
            };
            // So may one that a Cloud Router learned.
            match hybrid::learned(estate, sender.network) {
                Some(gap) => own.or(Said::unknown(gap), ""),
                None => own,
            }
        }
        false => goal.best(&subnets),
    };
    record.record(|| {
        let step = Judged::new(Leg::Request, Stage::Route, "route-table")
            .resource(&table.id)
            .rule(said.route.map(line));
        match &said.verdict {
            Tri::Unknown(gap) => step.unknown(gap.clone()),
            Tri::Yes => step.allow(said.detail.clone()),
            Tri::No => step
                .deny(said.detail.clone())
                .remedy(advice(said.route, to)),
        }
    });
    said.verdict
}

/// Why routes may lead to an address that no subnet holds, without standing in
/// a table.
fn unlisted(estate: &Estate<'_>, sender: &Sender<'_>, want: Want<'_>) -> Option<Box<Gap>> {
    let learned = hybrid::learned(estate, sender.network);
    let Want::Foreign(there, endpoint) = want else {
        return learned;
    };
    let joined = || match hub::between(estate, sender.network, there, endpoint) {
        Hub::May(gap) => Some(gap),
        Hub::None | Hub::No(..) => None,
    };
    learned
        .or_else(|| imported(estate, sender.network))
        .or_else(joined)
}

fn is_for(route: &Route, to: IpAddr) -> bool {
    let holds = matches!(&route.destination, Destination::Cidr(cidr) if cidr.contains(to));
    holds && route.state != RouteState::Filtered
}

fn is_default(route: &Route) -> bool {
    matches!(&route.destination, Destination::Cidr(cidr) if cidr.is_any())
}

/// Whether the address is in a subnet of the sender's network that permits
/// more specific routes.
fn overlaps(estate: &Estate<'_>, sender: &Sender<'_>, to: IpAddr) -> bool {
    estate.subnets_of(sender.network).iter().any(|subnet| {
        let permits = subnet.gcp.as_ref().is_some_and(|it| it.routes_may_overlap);
        permits && subnet.cidrs.iter().any(|it| it.contains(to))
    })
}

fn advice(route: Option<&Route>, to: IpAddr) -> crate::remedy::Remedy {
    crate::remedy::Remedy::Advice(match route.and_then(|it| it.name.as_deref()) {
        Some(name) if route.is_some_and(|it| is_static(it) && !is_default(it)) => {
            format!("give the route {name} a next hop that works, or a range without {to}")
        }
        _ => format!("nothing leads to {to}: see what joins the network to the cache"),
    })
}

fn is_static(route: &Route) -> bool {
    route.origin == RouteOrigin::Static
}

/// A route's name where it has one, else its destination.
pub(crate) fn line(route: &Route) -> RuleId {
    match &route.name {
        Some(name) => RuleId::from(name.as_str()),
        None => RuleId::from(destination(&route.destination)),
    }
}

/// Why there may be routes to an address that no table of the snapshot holds,
/// for a network that another joins with its own routes.
fn imported(estate: &Estate<'_>, network: &ResourceId) -> Option<Box<Gap>> {
    let mut own = estate
        .peerings_of(network)
        .filter(|it| it.provider == Provider::Gcp && it.requester.network == *network);
    let taking = own.find(|it| {
        it.requester.imports_routes == Some(true) && !super::peering::is_of_the_cloud(&it.name)
    })?;
    Some(gap(
        &taking.id,
        GapReason::NotOffered,
        "routes that the other side of this peering offers are taken, and may not be listed",
    ))
}
