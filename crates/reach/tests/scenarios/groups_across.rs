//! Security groups that are named across peerings and transit gateways.
//!
//! Source: Amazon VPC Peering Guide, "Reference peer security groups"; AWS
//! Transit Gateway, "Security group referencing".

use cachewarden_estates::base::{abroad, peered, serverless, transit};
use cachewarden_estates::change::{
    add_route, blackhole, delete_group, drop_route, inbound, new_group, outbound, peering_state,
    referencing, wears,
};
use cachewarden_estates::ids::{CLIENT_B, PCX_AB, RTB_A, RTB_B, SG_B, SG_CACHE, VPC_B, rule_id};
use cachewarden_estates::noun::{cidr, group_over, route as route_to, tcp};
use cachewarden_estates::{Estate, base};
use cachewarden_model::{
    Direction, EndpointRole, Leg, LinkState, Peer, RouteTarget, RuleId, Stage,
};

use crate::expect::{ask_for, ask_from, blamed, cache_group, route};

const SG_NEW: &str = "sg-0b99000000000b002";

fn first() -> Option<RuleId> {
    Some(rule_id(SG_CACHE, Direction::Ingress, 0))
}

/// The cache's group names B's group over the peering, and nobody else.
fn names_b(status: &'static str) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let peer = group_over(SG_B, estate.network(VPC_B), PCX_AB, status);
        inbound(SG_CACHE, [tcp(6379).from(peer)])(estate);
    }
}

/// The cache's group names B's group as AWS tells it across a transit
/// gateway, and nobody else.
fn names_b_by_transit(estate: &mut Estate) {
    let b = estate.network(VPC_B);
    let peer = Peer::Group {
        group: SG_B.into(),
        account: Some(b.account.clone()),
        network: Some(b.id.clone()),
        link: None,
    };
    inbound(SG_CACHE, [tcp(6379).from(peer)])(estate);
}

#[test]
fn a18_the_named_group_was_deleted() {
    let named = base().with(peered).with(names_b("active"));
    ask_from(CLIENT_B, named.clone()).is_open();
    let deleted = named
        .with(new_group(VPC_B, SG_NEW, "b-new", []))
        .with(delete_group(SG_B))
        .with(wears(CLIENT_B, [SG_NEW]));
    ask_from(CLIENT_B, deleted).is_blocked_by([cache_group(first())]);
}

#[test]
fn a19_the_peering_was_deleted() {
    let deleted = base()
        .with(peered)
        .with(names_b("deleted"))
        .with(peering_state(PCX_AB, LinkState::Down("deleted".to_owned())))
        .with(blackhole(RTB_A, "10.1.0.0/16"))
        .with(blackhole(RTB_B, "10.0.0.0/16"));
    ask_from(CLIENT_B, deleted).is_blocked_by([
        route(RTB_B, Some("10.0.0.0/16"), Leg::Request),
        cache_group(first()),
        route(RTB_A, Some("10.1.0.0/16"), Leg::Reply),
    ]);
}

#[test]
fn a20_a_group_of_another_region_matches_nothing() {
    let named = base().with(abroad).with(names_b("active"));
    ask_from(CLIENT_B, named).is_blocked_by([cache_group(first())]);
    ask_from(CLIENT_B, base().with(abroad)).is_open();
}

#[test]
fn a21_references_are_off_across_a_transit_gateway() {
    let named = base().with(transit).with(names_b_by_transit);
    ask_from(CLIENT_B, named.clone()).is_blocked_by([cache_group(first())]);
    ask_from(CLIENT_B, named.with(referencing(true))).is_open();
}

#[test]
fn a21_references_are_off_on_an_attachment() {
    let named = base()
        .with(transit)
        .with(names_b_by_transit)
        .with(referencing(true));
    let off = named.with(cachewarden_estates::change::router(|attachments, _| {
        attachments[1].group_references = cachewarden_model::Fact::Known(false);
    }));
    ask_from(CLIENT_B, off).is_blocked_by([cache_group(first())]);
}

#[test]
fn a22_an_egress_rule_cannot_name_a_group_across_a_transit_gateway() {
    let named = base().with(transit).with(referencing(true)).with(|estate| {
        let home = estate.network(cachewarden_estates::ids::VPC_A);
        let peer = Peer::Group {
            group: SG_CACHE.into(),
            account: Some(home.account.clone()),
            network: Some(home.id.clone()),
            link: None,
        };
        outbound(SG_B, [tcp(6379).to(peer)])(estate);
    });
    let rule = rule_id(SG_B, Direction::Egress, 0);
    let blame = blamed(
        "security-group",
        SG_B,
        Some(rule.as_str()),
        Leg::Request,
        Stage::ClientFilter,
    );
    ask_from(CLIENT_B, named.clone()).is_blocked_by([blame]);
    let by_range = named.with(outbound(SG_B, [tcp(6379).to(cidr("10.0.8.0/21"))]));
    ask_from(CLIENT_B, by_range).is_open();
}

#[test]
fn a23_a_reference_does_not_survive_an_inspection() {
    let inspected = base()
        .with(transit)
        .with(referencing(true))
        .with(names_b_by_transit)
        .with(drop_route(RTB_B, "10.0.0.0/16"))
        .with(add_route(
            RTB_B,
            route_to("10.0.0.0/16", RouteTarget::Endpoint("vpce-0f1e".into())),
        ));
    ask_from(CLIENT_B, inspected).is_blocked_by([cache_group(first())]);
}

#[test]
fn a24_a_serverless_cache_cannot_be_named_across_a_transit_gateway() {
    let named = base()
        .with(serverless)
        .with(transit)
        .with(referencing(true))
        .with(names_b_by_transit);
    ask_for(EndpointRole::Primary, CLIENT_B, named.clone()).is_blocked_by([cache_group(first())]);
    let by_range = named.with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.1.1.0/24"))]));
    ask_for(EndpointRole::Primary, CLIENT_B, by_range).is_open();
}
