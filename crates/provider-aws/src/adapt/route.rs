//! Route tables.

#[cfg(test)]
mod tests;

use aws_sdk_ec2::types::{Route as Ec2Route, RouteTable as Ec2Table};
use cachewarden_model::{
    Destination, Fact, Gap, GapReason, Provider, Route, RouteOrigin, RouteState, RouteTable,
    RouteTarget,
};

use super::words::{address, name, tags};
use crate::operation::Operation;
use crate::place::Place;

const OPERATION: Operation = Operation::DescribeRouteTables;

/// A route table.
///
/// # Errors
///
/// If it has no id or network.
pub(super) fn table(place: &Place, table: &Ec2Table) -> Result<RouteTable, Box<Gap>> {
    let id = table.route_table_id();
    let id = id.ok_or_else(|| place.broken(OPERATION, "a route table", "RouteTableId"))?;
    let vpc = table
        .vpc_id()
        .ok_or_else(|| place.broken(OPERATION, &format!("`{id}`"), "VpcId"))?;
    let tags = tags(table.tags());
    Ok(RouteTable {
        id: id.into(),
        name: name(&tags, id),
        provider: Provider::Aws,
        account: table
            .owner_id()
            .map_or_else(|| place.account.clone(), Into::into),
        region: place.region.clone(),
        network: vpc.into(),
        propagation: None,
        main: table
            .associations()
            .iter()
            .any(|it| it.main() == Some(true)),
        routes: routes(place, table),
    })
}

/// All routes, or why they are not known: a single one that cannot be read
/// may be the one that decides.
fn routes(place: &Place, table: &Ec2Table) -> Fact<Vec<Route>> {
    let Some(routes) = &table.routes else {
        return place.unstated(OPERATION, "Routes");
    };
    match routes.iter().map(|it| route(place, it)).collect() {
        Ok(routes) => Fact::Known(routes),
        Err(gap) => Fact::Unknown(gap),
    }
}

/// # Errors
///
/// If its destination or state is missing or not known.
fn route(place: &Place, route: &Ec2Route) -> Result<Route, Box<Gap>> {
    let target = target(route);
    let state = match route.state().map(|it| it.as_str()) {
        Some("active") => RouteState::Active,
        Some("blackhole") => RouteState::Blackhole,
        Some("filtered") => RouteState::Filtered,
        other => return Err(unread(place, "State", other)),
    };
    // The order of preference among routes of one prefix hangs on it.
    // Source: Amazon VPC User Guide, "Route priority".
    let origin = match route.origin().map(|it| it.as_str()) {
        Some("CreateRouteTable") => RouteOrigin::Local,
        Some("CreateRoute") => RouteOrigin::Static,
        Some("EnableVgwRoutePropagation" | "Advertisement") => RouteOrigin::Propagated,
        other => return Err(unread(place, "Origin", other)),
    };
    Ok(Route {
        destination: destination(place, route)?,
        target,
        state,
        origin,
        name: None,
        priority: None,
        tags: vec![],
    })
}

fn destination(place: &Place, route: &Ec2Route) -> Result<Destination, Box<Gap>> {
    if let Some(list) = route.destination_prefix_list_id() {
        return Ok(Destination::PrefixList(list.into()));
    }
    let range = route
        .destination_cidr_block()
        .or(route.destination_ipv6_cidr_block());
    let parsed = range.and_then(|text| text.parse().ok());
    parsed
        .map(Destination::Cidr)
        .ok_or_else(|| unread(place, "DestinationCidrBlock", range))
}

/// Where to; exactly one of the many fields is set. The field of a gateway
/// also takes `local` and endpoints.
///
/// Source: Amazon EC2 API Reference, `Route`.
fn target(route: &Ec2Route) -> RouteTarget {
    if let Some(id) = route.gateway_id() {
        return match id.split_once('-').map_or(id, |(prefix, _)| prefix) {
            "local" => RouteTarget::Local,
            "igw" => RouteTarget::InternetGateway(id.into()),
            "vgw" => RouteTarget::VpnGateway(id.into()),
            "vpce" => RouteTarget::Endpoint(id.into()),
            _ => RouteTarget::Other(id.to_owned()),
        };
    }
    // A route to a machine names both the machine and its interface.
    let typed = [
        (
            route.nat_gateway_id(),
            RouteTarget::NatGateway as fn(_) -> _,
        ),
        (route.transit_gateway_id(), RouteTarget::TransitRouter),
        (route.vpc_peering_connection_id(), RouteTarget::Peering),
        (route.network_interface_id(), RouteTarget::Interface),
        (
            route.egress_only_internet_gateway_id(),
            RouteTarget::EgressOnlyGateway,
        ),
    ];
    if let Some((id, make)) = typed.into_iter().find_map(|(id, make)| Some((id?, make))) {
        return make(id.into());
    }
    let other = route
        .local_gateway_id()
        .or(route.carrier_gateway_id())
        .or(route.core_network_arn())
        .or(route.odb_network_arn())
        .or(route.instance_id());
    match (other, route.ip_address().and_then(address)) {
        (Some(id), _) => RouteTarget::Other(id.to_owned()),
        (None, Some(address)) => RouteTarget::Appliance(address),
        (None, None) => RouteTarget::Other("not stated".to_owned()),
    }
}

fn unread(place: &Place, field: &str, text: Option<&str>) -> Box<Gap> {
    Box::new(match text {
        Some(text) => place.gap(
            OPERATION.action(),
            GapReason::Unmodelled,
            format!("`{text}` is no value of `{field}` of a route that this version knows"),
        ),
        None => place.gap(
            OPERATION.action(),
            GapReason::Damaged,
            format!("a route lacks its `{field}`"),
        ),
    })
}
