//! Targets, and routes that cannot be read.

use aws_sdk_ec2::types::{RouteOrigin as Origin, RouteState as State};

use super::*;
use crate::adapt::tests::World;

fn builder() -> aws_sdk_ec2::types::builders::RouteBuilder {
    Ec2Route::builder()
        .destination_cidr_block("10.0.0.0/16")
        .state(State::Active)
        .origin(Origin::CreateRoute)
}

#[test]
fn each_target_is_told_by_its_field_and_prefix() {
    let cases = [
        (builder().gateway_id("local"), RouteTarget::Local),
        (
            builder().gateway_id("igw-1"),
            RouteTarget::InternetGateway("igw-1".into()),
        ),
        (
            builder().gateway_id("vgw-1"),
            RouteTarget::VpnGateway("vgw-1".into()),
        ),
        (
            builder().gateway_id("vpce-1"),
            RouteTarget::Endpoint("vpce-1".into()),
        ),
        (
            builder().gateway_id("new-1"),
            RouteTarget::Other("new-1".into()),
        ),
        (
            builder().nat_gateway_id("nat-1"),
            RouteTarget::NatGateway("nat-1".into()),
        ),
        (
            builder().transit_gateway_id("tgw-1"),
            RouteTarget::TransitRouter("tgw-1".into()),
        ),
        (
            builder().vpc_peering_connection_id("pcx-1"),
            RouteTarget::Peering("pcx-1".into()),
        ),
        (
            builder().instance_id("i-1").network_interface_id("eni-1"),
            RouteTarget::Interface("eni-1".into()),
        ),
        (
            builder().local_gateway_id("lgw-1"),
            RouteTarget::Other("lgw-1".into()),
        ),
        (builder(), RouteTarget::Other("not stated".into())),
    ];
    let place = World::new().place;
    for (builder, target) in cases {
        assert_eq!(route(&place, &builder.build()).unwrap().target, target);
    }
}

#[test]
fn one_route_that_cannot_be_read_hides_them_all() {
    let place = World::new().place;
    let table = |route: Ec2Route| {
        Ec2Table::builder()
            .routes(builder().gateway_id("local").build())
            .routes(route)
            .build()
    };
    let unknown = |route| routes(&place, &table(route)).gap().unwrap().why;
    assert_eq!(
        unknown(builder().state(State::from("napping")).build()),
        GapReason::Unmodelled
    );
    assert_eq!(
        unknown(builder().origin(Origin::from("Rumour")).build()),
        GapReason::Unmodelled
    );
    assert_eq!(
        unknown(builder().set_state(None).build()),
        GapReason::Damaged
    );
    assert_eq!(
        unknown(builder().destination_cidr_block("here").build()),
        GapReason::Unmodelled
    );
    assert_eq!(
        routes(&place, &table(builder().build()))
            .value()
            .unwrap()
            .len(),
        2
    );
}
