//! Peerings and transit gateways.

use cachewarden_model::{
    Destination, Fact, LinkState, Network, Peering, PeeringEnd, Provider, ResourceId, RouteState,
    TransitAttachment, TransitResource, TransitRoute, TransitRouteKind, TransitRouter,
    TransitTable,
};

use crate::Place;

/// An active peering that knows the ranges of both sides.
pub fn peering(id: &str, requester: &Network, accepter: &Network) -> Peering {
    Peering {
        id: id.into(),
        name: id.to_owned(),
        provider: Provider::Aws,
        state: LinkState::Active,
        requester: end(requester),
        accepter: end(accepter),
        azure: None,
    }
}

fn end(of: &Network) -> PeeringEnd {
    PeeringEnd {
        network: of.id.clone(),
        account: Some(of.account.clone()),
        region: Some(of.region.clone()),
        cidrs: of.cidrs.clone(),
        access: None,
        forwarded: None,
        exports_routes: None,
        imports_routes: None,
        resolves_names: Some(false),
    }
}

/// A transit gateway with one table to which all attachments are associated.
/// Group references are off, as AWS has it by default.
///
/// Source: AWS Transit Gateway, "Security group referencing".
pub fn transit_router(
    place: Place,
    id: &str,
    table: &str,
    attachments: Vec<TransitAttachment>,
    routes: Vec<TransitRoute>,
) -> TransitRouter {
    TransitRouter {
        id: id.into(),
        name: id.to_owned(),
        provider: Provider::Aws,
        account: place.account(),
        region: place.region(),
        group_references: Fact::Known(false),
        attachments: Fact::Known(attachments),
        tables: Fact::Known(vec![TransitTable {
            id: table.into(),
            routes: Fact::Known(routes),
        }]),
    }
}

/// The attachment of a network by one subnet per zone, as AWS makes it: group
/// references on, IPv6 off, appliance mode off.
pub fn attachment(of: &Network, id: &str, subnets: &[&str], table: &str) -> TransitAttachment {
    let mut subnets: Vec<ResourceId> = subnets.iter().copied().map(ResourceId::from).collect();
    subnets.sort();
    TransitAttachment {
        id: id.into(),
        resource: TransitResource::Network(of.id.clone()),
        account: Some(of.account.clone()),
        state: LinkState::Active,
        subnets: Fact::Known(subnets),
        table: Fact::Known(Some(table.into())),
        group_references: Fact::Known(true),
        ipv6: Fact::Known(false),
        appliance_mode: Fact::Known(false),
    }
}

/// A route of a transit gateway that an attachment offered; without an
/// attachment, a black hole that the owner wrote.
pub fn transit_route(destination: &str, attachment: Option<&str>) -> TransitRoute {
    TransitRoute {
        destination: Destination::Cidr(super::range(destination)),
        attachments: attachment.into_iter().map(ResourceId::from).collect(),
        state: attachment.map_or(RouteState::Blackhole, |_| RouteState::Active),
        kind: attachment.map_or(TransitRouteKind::Static, |_| TransitRouteKind::Propagated),
    }
}
