//! Transit gateways: attachments, zones, tables, IPv6.
//!
//! Source: AWS Transit Gateway, "How transit gateways work", "VPC
//! attachments", "Route evaluation order".

use cachewarden_estates::base::{dual_stack, only_ipv6_client_b, transit};
use cachewarden_estates::change::{add_route, admit, network_acl, router, to_router};
use cachewarden_estates::ids::{
    ACL_CLIENT, ATTACH_A, ATTACH_B, CLIENT_B, RTB_A, RTB_B, SG_CACHE, T_A, TGW, TGW_TABLE,
};
use cachewarden_estates::noun::{cidr, route as route_to, tcp, transit_route};
use cachewarden_estates::{Estate, base};
use cachewarden_model::{
    Blame, Destination, Fact, Leg, LinkState, Outcome, RuleId, Stage, Symptom,
};

use crate::expect::{Answer, ask_from, ports};

/// What is blamed, without its kind.
fn blames(answer: &Answer) -> Vec<(&str, Option<&str>, Leg, Stage)> {
    let parts = |it: &'_ Blame| (it.leg, it.stage);
    let all = answer.0.blame.iter();
    all.map(|it| {
        let (leg, stage) = parts(it);
        (
            it.resource.as_str(),
            it.rule.as_ref().map(RuleId::as_str),
            leg,
            stage,
        )
    })
    .collect()
}

fn to(range: &str) -> Destination {
    Destination::Cidr(range.parse().expect("a range"))
}

#[test]
fn c9_a_zone_without_attachment() {
    let two = base().with(transit).with(router(|attachments, _| {
        attachments[0].subnets = Fact::Known(vec![T_A[0].into(), T_A[1].into()]);
    }));
    let answer = ask_from(CLIENT_B, two);
    assert_eq!(answer.0.outcome, Outcome::Partial, "{answer:#?}");
    assert_eq!(answer.0.source_ports, ports(32_768, 60_999));
    assert_eq!(blames(&answer), [(ATTACH_A, None, Leg::Reply, Stage::Link)]);
    ask_from(CLIENT_B, base().with(transit)).is_open();
}

#[test]
fn c10_an_attachment_without_table() {
    let none = base().with(transit).with(router(|attachments, _| {
        attachments[1].table = Fact::Known(None);
    }));
    let answer = ask_from(CLIENT_B, none);
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.symptom, Some(Symptom::Timeout));
    assert_eq!(
        blames(&answer),
        [(ATTACH_B, None, Leg::Request, Stage::Link)]
    );
}

#[test]
fn c10_an_attachment_that_nobody_accepted() {
    let pending = base().with(transit).with(router(|attachments, _| {
        attachments[0].state = LinkState::Pending("pendingAcceptance".to_owned());
    }));
    let answer = ask_from(CLIENT_B, pending);
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(
        blames(&answer),
        [
            (ATTACH_A, None, Leg::Request, Stage::Link),
            (ATTACH_A, None, Leg::Reply, Stage::Link),
        ]
    );
}

#[test]
fn c11_a_range_that_was_not_propagated() {
    let lacking = |range: &'static str| {
        base().with(transit).with(router(move |_, routes| {
            routes.retain(|route| route.destination != to(range));
        }))
    };
    let answer = ask_from(CLIENT_B, lacking("10.0.0.0/16"));
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(
        blames(&answer),
        [(TGW_TABLE, None, Leg::Request, Stage::Link)]
    );
    let answer = ask_from(CLIENT_B, lacking("10.1.0.0/16"));
    assert_eq!(
        blames(&answer),
        [(TGW_TABLE, None, Leg::Reply, Stage::Link)]
    );
}

#[test]
fn c12_a_black_hole_for_one_shard() {
    let hole = |range: &'static str| {
        base().with(transit).with(router(move |_, routes| {
            routes.push(transit_route(range, None));
        }))
    };
    let answer = ask_from(CLIENT_B, hole("10.0.12.0/24"));
    assert_eq!(answer.0.outcome, Outcome::Partial, "{answer:#?}");
    assert_eq!(answer.0.source_ports, ports(32_768, 60_999));
    assert_eq!(
        blames(&answer),
        [(TGW_TABLE, Some("10.0.12.0/24"), Leg::Request, Stage::Link)]
    );
    ask_from(CLIENT_B, hole("10.0.14.0/24")).is_open();
}

#[test]
fn c12_what_the_owner_wrote_comes_before_what_was_offered() {
    let hole = base().with(transit).with(router(|_, routes| {
        routes.push(transit_route("10.0.0.0/16", None));
    }));
    let answer = ask_from(CLIENT_B, hole);
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(
        blames(&answer),
        [(TGW_TABLE, Some("10.0.0.0/16"), Leg::Request, Stage::Link)]
    );
}

#[test]
fn c26_an_attachment_that_does_not_carry_ipv6() {
    let v6 = |on: bool| {
        base()
            .with(transit)
            .with(dual_stack)
            .with(only_ipv6_client_b)
            .with(add_route(
                RTB_A,
                route_to("2001:db8:b::/56", to_router(TGW)),
            ))
            .with(add_route(
                RTB_B,
                route_to("2001:db8:a::/56", to_router(TGW)),
            ))
            .with(admit(SG_CACHE, tcp(6379).from(cidr("2001:db8:b::/56"))))
            .with(router(move |attachments, routes| {
                for attachment in attachments {
                    attachment.ipv6 = Fact::Known(on);
                }
                routes.push(transit_route("2001:db8:a::/56", Some(ATTACH_A)));
                routes.push(transit_route("2001:db8:b::/56", Some(ATTACH_B)));
            }))
    };
    ask_from(CLIENT_B, v6(true)).is_open();
    let answer = ask_from(CLIENT_B, v6(false));
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.symptom, Some(Symptom::Timeout));
    for (resource, rule, _, stage) in blames(&answer) {
        assert!([ATTACH_A, ATTACH_B].contains(&resource), "{answer:#?}");
        assert_eq!((rule, stage), (None, Stage::Link));
    }
    assert!(!answer.0.blame.is_empty());
}

#[test]
fn a_transit_gateway_that_was_not_read() {
    let unread = base().with(transit).with(|estate: &mut Estate| {
        estate.snapshot.transit_routers.clear();
    });
    ask_from(CLIENT_B, unread).is_unknown_for(TGW);
}

#[test]
fn a_packet_leaves_by_the_zone_where_it_came_from() {
    // The client is in the first zone, a node in each of three. Source: AWS
    // Prescriptive Guidance, "AWS Transit Gateway traffic flow and asymmetric
    // routing".
    let closed = |subnet: &'static str| {
        base()
            .with(transit)
            .with(network_acl(ACL_CLIENT, [subnet], &[], &[]))
    };
    let [first, second, _] = T_A;
    let answer = ask_from(CLIENT_B, closed(first));
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.witness.map(|it| it.leg), Some(Leg::Request));
    let answer = ask_from(CLIENT_B, closed(second));
    assert_eq!(answer.0.outcome, Outcome::Partial, "{answer:#?}");
    assert_eq!(answer.0.witness.map(|it| it.leg), Some(Leg::Reply));
}
