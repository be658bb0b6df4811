//! Route tables of a transit gateway.

use aws_sdk_ec2::types::TransitGatewayRoute;
use cachewarden_model::{
    Destination, Fact, Gap, GapReason, RouteState, TransitRoute, TransitRouteKind, TransitTable,
};

use crate::adapt::Around;
use crate::adapt::words::ids;
use crate::collect::Links;
use crate::operation::Operation;
use crate::place::Place;

pub(super) const ROUTES: Operation = Operation::SearchTransitGatewayRoutes;

pub(super) fn tables(around: &Around<'_>, links: &Links, router: &str) -> Fact<Vec<TransitTable>> {
    if let Some(gap) = &links.tables.gap {
        return Fact::unknown(gap.clone());
    }
    let its = links.tables.items.iter();
    let its = its.filter(|it| it.transit_gateway_id() == Some(router));
    let mut all: Vec<_> = its
        .filter_map(|it| it.transit_gateway_route_table_id())
        .map(|id| TransitTable {
            id: id.into(),
            routes: routes(around, id),
        })
        .collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    Fact::Known(all)
}

pub(super) fn routes(around: &Around<'_>, table: &str) -> Fact<Vec<TransitRoute>> {
    let place = around.place;
    let read = around
        .network
        .and_then(|network| network.extras.routes.get(table));
    match read {
        None => Fact::unknown(place.gap(
            ROUTES.action(),
            GapReason::NotCollected,
            "they are asked only of transit gateways that a network with caches is attached to",
        )),
        Some(Err(gap)) => Fact::Unknown(gap.clone()),
        Some(Ok(routes)) => match routes.iter().map(|it| route(place, it)).collect() {
            Ok(routes) => Fact::Known(routes),
            Err(gap) => Fact::Unknown(gap),
        },
    }
}

/// # Errors
///
/// If something that decides is missing or not known.
pub(super) fn route(place: &Place, route: &TransitGatewayRoute) -> Result<TransitRoute, Box<Gap>> {
    let unread = |field: &str| {
        let message = format!("a route lacks a readable `{field}`");
        Box::new(place.gap(ROUTES.action(), GapReason::Damaged, message))
    };
    let destination = match (route.prefix_list_id(), route.destination_cidr_block()) {
        (Some(list), _) => Destination::PrefixList(list.into()),
        (None, Some(text)) => {
            Destination::Cidr(text.parse().map_err(|_| unread("DestinationCidrBlock"))?)
        }
        (None, None) => return Err(unread("DestinationCidrBlock")),
    };
    let state = match route.state().map(|it| it.as_str()) {
        Some("active") => RouteState::Active,
        Some("blackhole") => RouteState::Blackhole,
        Some("pending" | "deleting" | "deleted") => RouteState::Filtered,
        _ => return Err(unread("State")),
    };
    let kind = match route.r#type().map(|it| it.as_str()) {
        Some("static") => TransitRouteKind::Static,
        Some("propagated") => TransitRouteKind::Propagated,
        _ => return Err(unread("Type")),
    };
    let attachments = route.transit_gateway_attachments().iter();
    let attachments = ids(attachments.filter_map(|it| it.transit_gateway_attachment_id()));
    Ok(TransitRoute {
        destination,
        attachments,
        state,
        kind,
    })
}
