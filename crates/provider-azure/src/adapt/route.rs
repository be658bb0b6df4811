//! Route tables: the owner's routes. Those of the platform are not listed.

use cachewarden_model::{
    Destination, Fact, Gap, GapReason, Noun, Provider, ResourceId, Route, RouteOrigin, RouteState,
    RouteTable, RouteTarget,
};
use serde_json::Value;

use super::addresses::cidr;
use super::{View, gap, name, normalised, row};
use crate::operation::Operation;
use crate::wire::network as wire;
use crate::wire::{Child, Properties};

const WHAT: Operation = Operation::RouteTables;

/// A route table. `network` is that of the first subnet that uses it, or
/// empty: a table of Azure is part of no network.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn table(view: View<'_>, value: &Value) -> Result<RouteTable, Box<Gap>> {
    let (account, table) = row::<Properties<wire::RouteTable>>(WHAT, value)?;
    let wire = &table.own.properties;
    let routes = wire.routes.as_ref().map(|routes| {
        let routes = routes.iter().map(route);
        routes.collect::<Option<Vec<Route>>>()
    });
    let id = view.ids.id(&table.id);
    Ok(RouteTable {
        name: name(&table),
        provider: Provider::Azure,
        region: normalised(table.location.as_deref()),
        network: used_in(view, &id),
        main: false,
        propagation: Some(!wire.disable_bgp_route_propagation.unwrap_or(false)),
        routes: match routes {
            Some(Some(mut routes)) => {
                routes.sort_by(|one, other| one.destination.cmp(&other.destination));
                Fact::Known(routes)
            }
            _ => {
                let message = format!("a route of {} is not in a known form", table.id);
                let mut gap = gap(&account, WHAT, GapReason::Damaged, message);
                gap.hides = vec![Noun::RouteTables];
                Fact::unknown(gap)
            }
        },
        id,
        account,
    })
}

/// The network of the first subnet that uses a table.
fn used_in(view: View<'_>, table: &ResourceId) -> ResourceId {
    let networks = view.estate.networks.iter();
    let uses = |network: &&Value| {
        let subnets = network
            .pointer("/properties/subnets")
            .and_then(Value::as_array);
        subnets.into_iter().flatten().any(|subnet| {
            let id = subnet
                .pointer("/properties/routeTable/id")
                .and_then(Value::as_str);
            id.is_some_and(|it| it.eq_ignore_ascii_case(table.as_str()))
        })
    };
    networks
        .map(|(_, it)| it)
        .find(uses)
        .and_then(|it| it.get("id")?.as_str())
        .map(|it| view.ids.id(it))
        .unwrap_or_default()
}

/// A route; none if it is not in a known form.
///
/// Source: Azure Virtual Network, "Virtual network traffic routing".
fn route(value: &Value) -> Option<Route> {
    let child: Child<wire::Route> = serde_json::from_value(value.clone()).ok()?;
    let wire = &child.properties;
    let target = match wire.next_hop_type.to_ascii_lowercase().as_str() {
        "internet" => RouteTarget::Internet,
        "none" => RouteTarget::Drop,
        "vnetlocal" => RouteTarget::Local,
        "virtualappliance" => {
            RouteTarget::Appliance(wire.next_hop_ip_address.as_deref()?.trim().parse().ok()?)
        }
        _ => RouteTarget::Other(wire.next_hop_type.clone()),
    };
    let destination = match cidr(&wire.address_prefix) {
        Some(range) => Destination::Cidr(range),
        // A service tag: its ranges are a list of the cloud's that is not read.
        None => Destination::PrefixList(ResourceId::from(wire.address_prefix.as_str())),
    };
    Some(Route {
        destination,
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: child.name.clone(),
        priority: None,
        tags: vec![],
    })
}
