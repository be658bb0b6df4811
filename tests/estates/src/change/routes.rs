//! Changes of route tables.

use cachewarden_model::{Destination, Fact, Route, RouteState, RouteTarget, TableAssociation};

use crate::Estate;
use crate::noun::{range, route_table};

/// A target that is a peering.
pub fn to_peering(id: &str) -> RouteTarget {
    RouteTarget::Peering(id.into())
}

/// A target that is a transit gateway.
pub fn to_router(id: &str) -> RouteTarget {
    RouteTarget::TransitRouter(id.into())
}

/// An internet gateway is attached to the network.
pub fn attach_gateway(network: &str, gateway: &str) -> impl FnOnce(&mut Estate) {
    move |estate| estate.attach_gateway(network, gateway)
}

/// The table gets this route besides.
pub fn add_route(table: &str, route: Route) -> impl FnOnce(&mut Estate) {
    move |estate| estate.routes_mut(table).push(route)
}

/// The table loses the route to this range.
pub fn drop_route(table: &str, to: &str) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let routes = estate.routes_mut(table);
        let before = routes.len();
        routes.retain(|route| route.destination != Destination::Cidr(range(to)));
        assert_ne!(before, routes.len(), "`{table}` has no route to `{to}`");
    }
}

/// The target of the table's route to this range is gone.
pub fn blackhole(table: &str, to: &str) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let mut routes = estate.routes_mut(table).iter_mut();
        let route = routes.find(|route| route.destination == Destination::Cidr(range(to)));
        route.expect("a route to the range").state = RouteState::Blackhole;
    }
}

/// The subnet gets a table of its own, in which there are the network's own
/// ranges and these routes.
pub fn own_table<const N: usize>(
    subnet: &str,
    table: &str,
    routes: [Route; N],
) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let network = estate.subnet(subnet).network.clone();
        let mut own = route_table(estate.network(network.as_str()), table, false);
        if let Fact::Known(all) = &mut own.routes {
            all.extend(routes);
        }
        estate.snapshot.route_tables.push(own);
        estate.subnet_mut(subnet).route_table = Fact::Known(Some(TableAssociation {
            table: table.into(),
            explicit: true,
        }));
    }
}
