//! Where a network of Google Cloud sends a machine's packet.

mod policy;

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Fact, Gap, GapReason, Leg, Noun, Provider, ResourceId, Route, RouteOrigin,
    RouteState, RouteTable, RouteTarget, RuleId, Stage,
};

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::hub::{self, Hub};
use crate::gcp::hybrid;
use crate::gcp::party::{Sender, gap};
use crate::peer::Tri;
use crate::route::destination;
use crate::step::{Judged, Recorder};

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

/// What is to be said of a route.
struct Said<'a> {
    route: Option<&'a Route>,
    verdict: Tri,
    detail: String,
}

impl<'a> Said<'a> {
    fn no(cause: Cause, text: impl std::fmt::Display) -> Self {
        Self {
            route: None,
            verdict: Tri::No,
            detail: cause.after(text),
        }
    }

    fn yes(text: impl Into<String>) -> Self {
        Self {
            route: None,
            verdict: Tri::Yes,
            detail: text.into(),
        }
    }

    fn unknown(gap: Box<Gap>) -> Self {
        Self {
            route: None,
            verdict: Tri::Unknown(gap),
            detail: String::new(),
        }
    }

    /// Either of both: what they agree in is sure.
    fn or(self, other: Self, why: &str) -> Self {
        let known = match (&self.verdict, &other.verdict) {
            (Tri::Yes, Tri::Yes) | (Tri::No, Tri::No) => return self,
            (Tri::Unknown(gap), _) | (_, Tri::Unknown(gap)) => gap.clone(),
            _ => gap(
                other
                    .route
                    .or(self.route)
                    .map_or_else(RuleId::default, line),
                GapReason::NotOffered,
                format!("this route {why}, and which one takes a packet is not told"),
            ),
        };
        Self {
            route: self.route,
            ..Self::unknown(known)
        }
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
        Some(name) if route.is_some_and(|it| it.origin == RouteOrigin::Static) => {
            format!("give the route {name} a next hop that works, or a range without {to}")
        }
        _ => format!("nothing leads to {to}: see what joins the network to the cache"),
    })
}

/// Where routes are to lead.
struct Goal<'g, 'a> {
    estate: &'g Estate<'a>,
    sender: &'g Sender<'a>,
    to: IpAddr,
    want: Want<'g>,
}

impl<'a> Goal<'_, 'a> {
    /// The longest prefix, then the lowest priority. Equal routes share packets
    /// by a hash; whether a dead next hop is passed over is not told.
    fn best(&self, routes: &[&'a Route]) -> Said<'a> {
        let key = |route: &Route| (std::cmp::Reverse(length(route)), rank(route));
        let mut fits: Vec<(&'a Route, Tri)> = routes
            .iter()
            .map(|route| (*route, tagged(self.sender, route)))
            .filter(|(_, tri)| *tri != Tri::No)
            .collect();
        fits.sort_by_key(|(route, _)| key(route));
        let Some((first, tri)) = fits.first() else {
            return Said::no(Cause::NoRoute, format!("no route holds {}", self.to));
        };
        let rest = || {
            let others = fits.iter().map(|(route, _)| *route);
            let others: Vec<&Route> = others.filter(|it| !std::ptr::eq(*it, *first)).collect();
            self.best(&others)
        };
        let mut said = self.say(first);
        said.route = Some(*first);
        if let Tri::Unknown(gap) = tri {
            // It may not be for this machine.
            return match (&said.verdict, &rest().verdict) {
                (Tri::Yes, Tri::Yes) | (Tri::No, Tri::No) => said,
                _ => Said {
                    route: Some(*first),
                    ..Said::unknown(gap.clone())
                },
            };
        }
        let equal = fits.get(1).is_some_and(|(it, _)| key(it) == key(first));
        if first.state == RouteState::Blackhole {
            return said.or(rest(), "stands behind one whose next hop is dead");
        }
        match equal {
            true => {
                let twins = fits.iter().skip(1).map(|(route, _)| *route);
                let twins: Vec<&Route> = twins.filter(|it| key(it) == key(first)).collect();
                said.or(self.best(&twins), "has an equal one")
            }
            false => said,
        }
    }

    fn say(&self, route: &'a Route) -> Said<'a> {
        say(self.estate, route, self.to, self.want)
    }
}

fn length(route: &Route) -> u8 {
    match &route.destination {
        Destination::Cidr(cidr) => cidr.prefix_len(),
        Destination::PrefixList(_) => 0,
    }
}

/// The place of a route among those of one prefix: routes of subnets first.
///
/// Source: Compute Engine API, `routes`, `priority`.
fn rank(route: &Route) -> u32 {
    match route.origin {
        RouteOrigin::Local => 0,
        RouteOrigin::Static | RouteOrigin::Propagated => {
            route.priority.unwrap_or(1000).saturating_add(1)
        }
    }
}

/// Whether a route is for the sender: it may be for machines with a tag.
fn tagged(sender: &Sender<'_>, route: &Route) -> Tri {
    match route.tags.is_empty() {
        true => Tri::Yes,
        false => crate::gcp::party::any(&route.tags, |tag| sender.has_tag(tag)),
    }
}

/// A route's name where it has one, else its destination.
pub(crate) fn line(route: &Route) -> RuleId {
    match &route.name {
        Some(name) => RuleId::from(name.as_str()),
        None => RuleId::from(destination(&route.destination)),
    }
}

/// Whether a route leads where the packet is to go.
fn say<'a>(estate: &Estate<'_>, route: &Route, to: IpAddr, want: Want<'_>) -> Said<'a> {
    let range = destination(&route.destination);
    if route.state == RouteState::Blackhole {
        return Said::no(
            Cause::RouteBlackhole,
            format!("the next hop of the route to {range} is dead"),
        );
    }
    match &route.target {
        RouteTarget::Local => match want {
            Want::Subnet => Said::yes(format!("subnet route to {range}")),
            _ => Said::no(
                Cause::RouteWrongNetwork,
                format!("{to} is an address of a subnet of the client's own network"),
            ),
        },
        RouteTarget::Peering(id) => peered(estate, route, id, to, want),
        RouteTarget::Internet | RouteTarget::InternetGateway(_) => Said::no(
            Cause::PrivateTrafficToInternet,
            format!("only the route to {range} holds {to}, and it leads to the internet"),
        ),
        RouteTarget::Drop => Said::no(
            Cause::RouteBlackhole,
            format!("the route to {range} drops packets"),
        ),
        other => {
            let through = crate::path::target(other);
            Said::unknown(gap(
                &through,
                GapReason::Unmodelled,
                format!(
                    "the route to {range} leads through {through}, and what becomes of packets \
                     there is not read"
                ),
            ))
        }
    }
}

/// What a route by a peering means.
fn peered<'a>(
    estate: &Estate<'_>,
    route: &Route,
    id: &ResourceId,
    to: IpAddr,
    want: Want<'_>,
) -> Said<'a> {
    // A route may outlive its peering.
    let last = id.as_str().rsplit('/').next().unwrap_or_default();
    let name = estate.peering(id).map_or(last, |it| it.name.as_str());
    let unread = estate.hidden(Noun::Peerings, Provider::Gcp, None, None);
    if let (None, Some(gap)) = (estate.peering(id), unread) {
        return Said::unknown(Box::new(gap));
    }
    let far = estate.peering(id).map(|it| &it.accepter.network);
    let wrong = || {
        Said::no(
            Cause::RouteWrongNetwork,
            format!("the route to {to} leads by the peering {name}, behind which the cache is not"),
        )
    };
    match want {
        Want::Peering(right) if right.contains(&id) => {
            Said::yes(format!("peering route by {name}"))
        }
        // Networks of the cloud's services lead nowhere else.
        Want::Foreign(..)
            if route.origin != RouteOrigin::Local && !super::peering::is_of_the_cloud(name) =>
        {
            Said::unknown(gap(
                id,
                GapReason::Unmodelled,
                "a route that the other side of this peering offers leads on from there, and its way \
             is not read",
            ))
        }
        Want::Foreign(network, _) if far == Some(network) => {
            Said::yes(format!("peering route by {name} into {network}"))
        }
        _ => wrong(),
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
