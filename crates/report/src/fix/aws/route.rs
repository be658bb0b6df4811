//! Routes as commands.

use cachewarden_model::{
    Blame, Destination, Route, RouteTarget, RuleId, TransitRoute, TransitRouteKind,
};

use super::{ATTACHMENT, Call, call, cidr_option, table_call};

/// Creates or replaces a route.
pub(super) fn set(operation: &str, table: &str, route: &Route) -> Option<Call> {
    let target = match &route.target {
        RouteTarget::InternetGateway(id) | RouteTarget::VpnGateway(id) => ("--gateway-id", id),
        RouteTarget::EgressOnlyGateway(id) => ("--egress-only-internet-gateway-id", id),
        RouteTarget::NatGateway(id) => ("--nat-gateway-id", id),
        RouteTarget::Peering(id) => ("--vpc-peering-connection-id", id),
        RouteTarget::TransitRouter(id) => ("--transit-gateway-id", id),
        RouteTarget::Endpoint(id) => ("--vpc-endpoint-id", id),
        RouteTarget::Interface(id) => ("--network-interface-id", id),
        RouteTarget::Local
        | RouteTarget::Appliance(_)
        | RouteTarget::Internet
        | RouteTarget::Drop
        | RouteTarget::Other(_) => return None,
    };
    Some(
        call(operation, &[("--route-table-id", table)])
            .and(destination_option(&route.destination))
            .and([(target.0, target.1.to_string())]),
    )
}

/// Deletes a route.
pub(super) fn delete(table: &str, destination: &Destination) -> Call {
    call("delete-route", &[("--route-table-id", table)]).and(destination_option(destination))
}

fn destination_option(destination: &Destination) -> [(&'static str, String); 1] {
    [match destination {
        Destination::Cidr(range) => cidr_option(
            "--destination-cidr-block",
            "--destination-ipv6-cidr-block",
            *range,
        ),
        Destination::PrefixList(list) => ("--destination-prefix-list-id", list.to_string()),
    }]
}

/// A propagated route comes by propagation; a static one replaces that of the
/// same destination, if that is what stands in the way.
pub(super) fn set_transit(table: &str, route: &TransitRoute, blame: &[Blame]) -> Option<Call> {
    let [attachment] = route.attachments.as_slice() else {
        return None;
    };
    let attachment = [(ATTACHMENT, attachment.to_string())];
    if route.kind == TransitRouteKind::Propagated {
        let operation = "enable-transit-gateway-route-table-propagation";
        return Some(table_call(operation, table).and(attachment));
    }
    let Destination::Cidr(range) = &route.destination else {
        return None;
    };
    let rule = RuleId::from(range.to_string());
    let there = blame
        .iter()
        .any(|it| it.resource == *table && it.rule.as_ref() == Some(&rule));
    let verb = if there { "replace" } else { "create" };
    Some(transit(verb, table, &route.destination)?.and(attachment))
}

/// Routes of prefix lists are set by other commands, which want the list whole.
pub(super) fn transit(verb: &str, table: &str, destination: &Destination) -> Option<Call> {
    let Destination::Cidr(range) = destination else {
        return None;
    };
    let operation = format!("{verb}-transit-gateway-route");
    let destination = ("--destination-cidr-block", range.to_string());
    Some(table_call(&operation, table).and([destination]))
}
