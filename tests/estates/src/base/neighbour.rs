//! Networks beside the base, and what joins them to it.

use cachewarden_model::RouteTarget;

use crate::ids::{
    ATTACH_A, ATTACH_B, CLIENT_B, CLIENT_E, PCX_AB, PCX_BE, RTB_A, RTB_B, RTB_E, SB, SE, SG_B,
    SG_CACHE, T_A, T_B, TGW, TGW_TABLE, VPC_A, VPC_B, VPC_E,
};
use crate::noun::{
    attachment, cidr, group_over, peering, route, tcp, transit_route, transit_router,
};
use crate::{Estate, Place, change};

/// Network B 10.1.0.0/16 with a client 10.1.1.10, peered with the base.
/// Routes run both ways, and the cache's group admits the client's group
/// besides.
pub fn peered(estate: &mut Estate) {
    add_b(estate, Place::HOME);
    join(estate);
    let peer = group_over(SG_B, estate.network(VPC_B), PCX_AB, "active");
    change::admit(SG_CACHE, tcp(6379).from(peer))(estate);
}

/// The same, with B in another region. A group of another region cannot be
/// named, so that the cache's group admits the client's subnet.
///
/// Source: Amazon VPC Peering Guide, "Reference peer security groups".
pub fn abroad(estate: &mut Estate) {
    if let Some(target) = estate.snapshot.targets.first_mut() {
        target.regions = vec![Place::ABROAD.region(), Place::HOME.region()];
    }
    add_b(estate, Place::ABROAD);
    join(estate);
    change::admit(SG_CACHE, tcp(6379).from(cidr("10.1.1.0/24")))(estate);
}

/// B peered with the base, and a third network E 10.4.0.0/16 with a client
/// 10.4.1.10 peered with B; E's routes to the base run by B, and back. The
/// cache's group admits E's subnet.
pub fn peered_twice(estate: &mut Estate) {
    peered(estate);
    estate.add_network(Place::HOME, VPC_E, "edge", &["10.4.0.0/16"]);
    estate.add_subnet(VPC_E, SE, "edge-a", 1, &["10.4.1.0/24"]);
    estate.add_machine(
        SE,
        CLIENT_E,
        "edge",
        &["10.4.1.10"],
        &["sg-0e000000000000003"],
    );
    let link = peering(PCX_BE, estate.network(VPC_B), estate.network(VPC_E));
    estate.snapshot.peerings.push(link);
    estate
        .routes_mut(RTB_E)
        .push(route("10.0.0.0/16", RouteTarget::Peering(PCX_BE.into())));
    estate
        .routes_mut(RTB_B)
        .push(route("10.4.0.0/16", RouteTarget::Peering(PCX_BE.into())));
    estate
        .routes_mut(RTB_A)
        .push(route("10.4.0.0/16", RouteTarget::Peering(PCX_AB.into())));
    change::admit(SG_CACHE, tcp(6379).from(cidr("10.4.1.0/24")))(estate);
}

/// Network B joined to the base by a transit gateway, which has a subnet of
/// its own in every zone. The cache's group admits the client's subnet.
pub fn transit(estate: &mut Estate) {
    add_b(estate, Place::HOME);
    let blocks = ["10.0.240.0/28", "10.0.240.16/28", "10.0.240.32/28"];
    for ((id, block), zone) in T_A.iter().zip(blocks).zip(1..) {
        estate.add_subnet(VPC_A, id, "transit", zone, &[block]);
    }
    estate.add_subnet(VPC_B, T_B, "transit", 1, &["10.1.240.0/28"]);
    let a = attachment(estate.network(VPC_A), ATTACH_A, &T_A, TGW_TABLE);
    let b = attachment(estate.network(VPC_B), ATTACH_B, &[T_B], TGW_TABLE);
    let routes = vec![
        transit_route("10.0.0.0/16", Some(ATTACH_A)),
        transit_route("10.1.0.0/16", Some(ATTACH_B)),
    ];
    let router = transit_router(Place::HOME, TGW, TGW_TABLE, vec![a, b], routes);
    estate.snapshot.transit_routers.push(router);
    estate
        .routes_mut(RTB_A)
        .push(route("10.1.0.0/16", RouteTarget::TransitRouter(TGW.into())));
    estate
        .routes_mut(RTB_B)
        .push(route("10.0.0.0/16", RouteTarget::TransitRouter(TGW.into())));
    change::admit(SG_CACHE, tcp(6379).from(cidr("10.1.1.0/24")))(estate);
}

fn add_b(estate: &mut Estate, place: Place) {
    estate.add_network(place, VPC_B, "partner", &["10.1.0.0/16"]);
    estate.add_subnet(VPC_B, SB, "partner-a", 1, &["10.1.1.0/24"]);
    estate.add_group(VPC_B, SG_B, "b", []);
    estate.add_machine(SB, CLIENT_B, "partner", &["10.1.1.10"], &[SG_B]);
}

fn join(estate: &mut Estate) {
    let link = peering(PCX_AB, estate.network(VPC_A), estate.network(VPC_B));
    estate.snapshot.peerings.push(link);
    estate
        .routes_mut(RTB_A)
        .push(route("10.1.0.0/16", RouteTarget::Peering(PCX_AB.into())));
    estate
        .routes_mut(RTB_B)
        .push(route("10.0.0.0/16", RouteTarget::Peering(PCX_AB.into())));
}
