//! What stands around the subnets of a cache: filters at their edges, routes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cachewarden_model::cache::Cache;
use cachewarden_model::{
    Destination, Filter, LinkState, Noun, Route, RouteState, RouteTable, RouteTarget, Rule, Subnet,
};

use crate::facts::world::Gaps;
use crate::facts::{FactValue, World};

/// What subnets contribute, put together; what is known of some is not hidden
/// by what is not known of others.
pub(super) fn by_subnet<'a, T: Into<Cow<'a, str>>>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl Fn(&World<'a>, &'a Subnet) -> Result<Vec<T>, Gaps<'a>>,
) -> FactValue<'a> {
    let subnets = match world.subnets(cache) {
        Ok(subnets) => subnets,
        Err(gaps) => return FactValue::Unknown(gaps),
    };
    let (mut found, mut unknown): (BTreeSet<Cow<'a, str>>, Gaps<'a>) = Default::default();
    for subnet in subnets {
        match read(world, subnet) {
            Ok(items) => found.extend(items.into_iter().map(Into::into)),
            Err(gaps) => unknown.extend(gaps),
        }
    }
    if found.is_empty() && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    FactValue::list(found)
}

/// How many different things subnets have, by `same`. Things with one id are
/// compared by that alone.
pub(super) fn variants<'a, T: 'a>(
    world: &World<'a>,
    cache: &'a Cache,
    of: impl Fn(&World<'a>, &'a Cache, &'a Subnet) -> Result<Option<&'a T>, Gaps<'a>>,
    same: impl Fn(&T, &T) -> Option<bool>,
) -> FactValue<'a> {
    let subnets = match world.subnets(cache) {
        Ok(subnets) => subnets,
        Err(gaps) => return FactValue::Unknown(gaps),
    };
    let mut kinds: Vec<Option<&T>> = vec![];
    for subnet in subnets {
        let thing = match of(world, cache, subnet) {
            Ok(thing) => thing,
            Err(gaps) => return FactValue::Unknown(gaps),
        };
        let mut known = false;
        for kind in &kinds {
            known |= match (*kind, thing) {
                (Some(one), Some(other)) if std::ptr::eq(one, other) => true,
                (Some(one), Some(other)) => match same(one, other) {
                    Some(same) => same,
                    None => return FactValue::Unknown(vec![]),
                },
                (None, None) => true,
                _ => false,
            };
        }
        if !known {
            kinds.push(thing);
        }
    }
    FactValue::count(kinds.len())
}

pub(super) fn subnet_filter<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    subnet: &'a Subnet,
) -> Result<Option<&'a Filter>, Gaps<'a>> {
    let Some(id) = subnet
        .filter
        .get()
        .map_err(|gap| vec![Cow::Borrowed(gap)])?
    else {
        return Ok(None);
    };
    let filter = world
        .filter(id)
        .ok_or_else(|| world.missing(Noun::NetworkAcls, cache, id))?;
    match filter.rules.gap() {
        Some(gap) => Err(vec![Cow::Borrowed(gap)]),
        None => Ok(Some(filter)),
    }
}

pub(super) fn subnet_table<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    subnet: &'a Subnet,
) -> Result<Option<&'a RouteTable>, Gaps<'a>> {
    let association = subnet
        .route_table
        .get()
        .map_err(|gap| vec![Cow::Borrowed(gap)])?;
    let Some(association) = association else {
        return Ok(None);
    };
    let id = &association.table;
    let table = world
        .route_table(id)
        .ok_or_else(|| world.missing(Noun::RouteTables, cache, id))?;
    match table.routes.gap() {
        Some(gap) => Err(vec![Cow::Borrowed(gap)]),
        None => Ok(Some(table)),
    }
}

pub(super) fn routes<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    subnet: &'a Subnet,
) -> Result<&'a [Route], Gaps<'a>> {
    let table = subnet_table(world, cache, subnet)?;
    Ok(table
        .and_then(|table| table.routes.value())
        .map_or(&[], Vec::as_slice))
}

pub(super) fn leads_to_internet(world: &World<'_>, subnet: &Subnet, route: &Route) -> bool {
    let everything = matches!(route.destination, Destination::Cidr(range) if range.is_any());
    let gateway = matches!(
        route.target,
        RouteTarget::InternetGateway(_) | RouteTarget::Internet
    );
    everything && gateway && !is_dead(world, subnet, route)
}

/// Whether a route certainly leads nowhere: its target is gone, or is an
/// internet gateway that is not attached to the subnet's network. A gateway
/// of which that is not known counts as attached, as the cloud calls the
/// route active.
///
/// Source: Amazon EC2 API Reference, `Route`: a route to a gateway that is
/// not attached is a black hole.
pub(super) fn is_dead(world: &World<'_>, subnet: &Subnet, route: &Route) -> bool {
    if route.state != RouteState::Active {
        return true;
    }
    let RouteTarget::InternetGateway(id) = &route.target else {
        return false;
    };
    let network = world.network(&subnet.network);
    let attachment = network.map(|network| network.internet_gateway(id));
    matches!(attachment, Some(Ok(None | Some(LinkState::Down(_)))))
}

pub(super) fn destination(route: &Route) -> String {
    match &route.destination {
        Destination::Cidr(range) => range.to_string(),
        Destination::PrefixList(id) => id.to_string(),
    }
}

/// Whether two filters have the same rules, whatever their authors wrote
/// beside them and, in an allow-list, in whatever order; none if not known.
pub(super) fn same_rules(left: &Filter, right: &Filter) -> Option<bool> {
    let (a, b) = left.rules.value().zip(right.rules.value())?;
    if left.discipline != right.discipline || a.len() != b.len() {
        return Some(false);
    }
    let same = |one: &Rule, other: &Rule| {
        one.direction == other.direction
            && one.action == other.action
            && one.priority == other.priority
            && one.protocol == other.protocol
            && one.ports == other.ports
            && one.peers == other.peers
            && one.local == other.local
            && one.source_ports == other.source_ports
    };
    let each = |rule: &Rule| b.iter().any(|other| same(rule, other));
    let back = |rule: &Rule| a.iter().any(|other| same(rule, other));
    Some(a.iter().all(each) && b.iter().all(back))
}

/// Whether two tables send packets the same ways, but for the internet: each
/// zone commonly has a gateway of its own for that.
pub(super) fn same_routes(left: &RouteTable, right: &RouteTable) -> Option<bool> {
    let inward = |route: &&Route| {
        !matches!(
            route.target,
            RouteTarget::InternetGateway(_)
                | RouteTarget::EgressOnlyGateway(_)
                | RouteTarget::NatGateway(_)
                | RouteTarget::Internet
        )
    };
    let (a, b) = left.routes.value().zip(right.routes.value())?;
    let ways = |routes: &[Route]| {
        let way = |route: &Route| (route.destination.clone(), route.target.clone(), route.state);
        routes
            .iter()
            .filter(inward)
            .map(way)
            .collect::<BTreeSet<_>>()
    };
    Some(ways(a) == ways(b))
}
