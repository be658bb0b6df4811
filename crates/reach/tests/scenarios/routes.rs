//! Routes and peerings, on both legs.
//!
//! Source: Amazon VPC User Guide, "Route priority"; Amazon VPC Peering Guide,
//! "VPC peering limitations".

use cachewarden_estates::base::{peered, peered_twice};
use cachewarden_estates::change::{
    add_route, admit, attach_gateway, blackhole, drop_route, inbound, own_table, peering_state,
    to_peering,
};
use cachewarden_estates::ids::{
    CLIENT_B, CLIENT_E, PCX_AB, PCX_BE, RTB_A, RTB_B, S13, SB, SG_CACHE, VPC_A, VPC_B,
};
use cachewarden_estates::noun::{self, cidr, route as route_to, tcp};
use cachewarden_estates::{Estate, base};
use cachewarden_model::{
    Attachment, Fact, InterfaceKind, Leg, LinkState, Outcome, Platform, PublicAccessBlock,
    RouteTarget, RunState, Symptom,
};

use crate::expect::{ask, ask_from, cache_group, peering, ports, route};

const RTB_OWN: &str = "rtb-00e50000000000001";

fn endpoint() -> RouteTarget {
    RouteTarget::Endpoint("vpce-0f1e0000000000001".into())
}

const NAT: &str = "nat-0a100000000000001";

fn gateway() -> RouteTarget {
    RouteTarget::NatGateway(NAT.into())
}

#[test]
fn c1_no_way_back() {
    ask_from(CLIENT_B, base().with(peered)).is_open();
    ask_from(
        CLIENT_B,
        base().with(peered).with(drop_route(RTB_A, "10.1.0.0/16")),
    )
    .is_blocked_by([route(RTB_A, None, Leg::Reply)]);
}

#[test]
fn c1_no_way_there() {
    ask_from(
        CLIENT_B,
        base().with(peered).with(drop_route(RTB_B, "10.0.0.0/16")),
    )
    .is_blocked_by([route(RTB_B, None, Leg::Request)]);
}

#[test]
fn c2_no_way_back_from_one_shard() {
    let one = base().with(peered).with(own_table(S13, RTB_OWN, []));
    ask_from(CLIENT_B, one.clone())
        .is_partial_by(ports(32_768, 60_999), [route(RTB_OWN, None, Leg::Reply)]);
    let back = route_to("10.1.0.0/16", to_peering(PCX_AB));
    ask_from(CLIENT_B, one.with(add_route(RTB_OWN, back))).is_open();
}

#[test]
fn c3_nobody_accepted_the_peering() {
    let pending = LinkState::Pending("pending-acceptance".to_owned());
    ask_from(
        CLIENT_B,
        base().with(peered).with(peering_state(PCX_AB, pending)),
    )
    .is_blocked_by([peering(PCX_AB, Leg::Request), peering(PCX_AB, Leg::Reply)]);
}

#[test]
fn c4_routes_to_a_peering_that_is_gone() {
    let gone = base()
        .with(peered)
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.1.1.0/24"))]))
        .with(blackhole(RTB_A, "10.1.0.0/16"))
        .with(blackhole(RTB_B, "10.0.0.0/16"))
        .with(|estate| estate.snapshot.peerings.clear());
    ask_from(CLIENT_B, gone).is_blocked_by([
        route(RTB_B, Some("10.0.0.0/16"), Leg::Request),
        route(RTB_A, Some("10.1.0.0/16"), Leg::Reply),
    ]);
}

#[test]
fn c5_a_peering_does_not_lead_on_to_another() {
    let twice = base().with(peered_twice);
    ask_from(CLIENT_E, twice.clone())
        .is_blocked_by([peering(PCX_BE, Leg::Request), peering(PCX_AB, Leg::Reply)]);
    ask_from(CLIENT_B, twice).is_open();
}

#[test]
fn c6_a_peering_does_not_lead_on_to_a_private_line() {
    // The client sits behind B's gateway; the way back ends in B.
    let estate = base()
        .with(peered)
        .with(add_route(
            RTB_A,
            route_to("192.168.50.0/24", to_peering(PCX_AB)),
        ))
        .with(add_route(
            RTB_B,
            route_to("192.168.50.0/24", RouteTarget::VpnGateway("vgw-0b".into())),
        ))
        .with(admit(SG_CACHE, tcp(6379).from(cidr("192.168.50.0/24"))));
    let answer = ask_from("192.168.50.10", estate);
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.symptom, Some(Symptom::Timeout));
    let blame = answer.0.blame.iter().find(|it| it.resource == PCX_AB);
    assert_eq!(blame.map(|it| it.leg), Some(Leg::Reply), "{answer:#?}");
}

#[test]
fn c7_a_longer_prefix_leads_elsewhere() {
    let elsewhere = add_route(RTB_A, route_to("10.1.1.0/24", gateway()));
    ask_from(CLIENT_B, base().with(peered).with(elsewhere)).is_blocked_by([route(
        RTB_A,
        Some("10.1.1.0/24"),
        Leg::Reply,
    )]);
    let beside = add_route(RTB_A, route_to("10.1.2.0/24", gateway()));
    ask_from(CLIENT_B, base().with(peered).with(beside)).is_open();
}

#[test]
fn c7_a_black_hole_of_a_longer_prefix_does_not_fall_back() {
    let hole = base()
        .with(peered)
        .with(add_route(
            RTB_A,
            route_to("10.1.1.0/24", to_peering("pcx-0dead")),
        ))
        .with(blackhole(RTB_A, "10.1.1.0/24"));
    ask_from(CLIENT_B, hole).is_blocked_by([route(RTB_A, Some("10.1.1.0/24"), Leg::Reply)]);
}

#[test]
fn c8_a_table_of_its_own_hides_the_main_one() {
    let own = base().with(peered).with(own_table(SB, RTB_OWN, []));
    ask_from(CLIENT_B, own.clone()).is_blocked_by([route(RTB_OWN, None, Leg::Request)]);
    let there = route_to("10.0.0.0/16", to_peering(PCX_AB));
    ask_from(CLIENT_B, own.with(add_route(RTB_OWN, there))).is_open();
}

#[test]
fn c15_what_a_firewall_does_is_not_read() {
    let through = base()
        .with(peered)
        .with(drop_route(RTB_B, "10.0.0.0/16"))
        .with(add_route(RTB_B, route_to("10.0.0.0/16", endpoint())))
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.1.1.0/24"))]));
    ask_from(CLIENT_B, through).is_unknown_for("vpce-0f1e0000000000001");
}

#[test]
fn c18_a_block_of_the_internet_is_none_inside() {
    let blocked = base().with(|estate| {
        let network = estate.network_mut(VPC_A);
        network.public_access_block = Fact::Known(PublicAccessBlock::Bidirectional);
    });
    ask(blocked.clone()).is_open();
    ask(blocked.with(inbound(SG_CACHE, []))).is_blocked_by([cache_group(None)]);
}

#[test]
fn c20_a_network_with_the_same_range() {
    // The client's own network takes the cache's addresses for its own.
    const TWIN: &str = "vpc-0a200000000000001";
    const MACHINE: &str = "eni-0a200000000000001";
    let twin = |range: &'static str, address: &'static str| {
        move |estate: &mut Estate| {
            estate.add_network(cachewarden_estates::Place::HOME, TWIN, "twin", &[range]);
            estate.add_subnet(TWIN, "subnet-0a2", "twin-a", 1, &[range]);
            estate.add_machine(
                "subnet-0a2",
                MACHINE,
                "twin",
                &[address],
                &["sg-0a200000000000001"],
            );
            let link = cachewarden_estates::noun::peering(
                PCX_AB,
                estate.network(TWIN),
                estate.network(VPC_A),
            );
            estate.snapshot.peerings.push(link);
            admit(SG_CACHE, tcp(6379).from(cidr(range)))(estate);
            add_route(RTB_A, route_to(range, to_peering(PCX_AB)))(estate);
        }
    };
    let there = || route_to("10.0.11.0/24", to_peering(PCX_AB));
    let same = base()
        .with(twin("10.0.0.0/16", "10.0.77.10"))
        .with(|estate| {
            // Peered networks never have one range; a table may still say so.
            estate.routes_mut(RTB_A).pop();
        });
    let answer = ask_from(MACHINE, same);
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.symptom, Some(Symptom::Timeout));
    let request = answer.0.blame.iter().find(|it| it.leg == Leg::Request);
    let request = request.expect("the request is stopped");
    assert_eq!(request.resource, "rtb-0a200000000000001");
    assert_eq!(
        request.rule.as_ref().map(cachewarden_model::RuleId::as_str),
        Some("10.0.0.0/16")
    );
    let other = base()
        .with(twin("10.9.0.0/16", "10.9.77.10"))
        .with(|estate| {
            for block in ["10.0.12.0/24", "10.0.13.0/24"] {
                add_route("rtb-0a200000000000001", route_to(block, to_peering(PCX_AB)))(estate);
            }
            add_route("rtb-0a200000000000001", there())(estate);
        });
    ask_from(MACHINE, other).is_open();
}

/// Network B sends what it has for the base through a private NAT gateway in
/// a range of its own, 100.64.0.0/24.
fn translated(admitted: &'static str) -> Estate {
    const RTB_NAT: &str = "rtb-0a100000000000001";
    const SUBNET: &str = "subnet-0a100000000000001";
    base()
        .with(peered)
        .with(|estate| {
            estate.add_subnet(VPC_B, SUBNET, "nat", 1, &["100.64.0.0/24"]);
            let of = estate.subnet(SUBNET);
            let mut interface = noun::interface(of, "eni-0a1", &["100.64.0.5"], &[]);
            interface.kind = InterfaceKind::NatGateway;
            interface.attached_to = Some(Attachment {
                id: NAT.into(),
                name: NAT.to_owned(),
                state: Fact::Known(RunState::Running),
                platform: Fact::Known(Platform::Managed),
                machine_type: None,
            });
            estate.snapshot.interfaces.push(interface);
            let second = "100.64.0.0/16".parse().expect("a range");
            estate.network_mut(VPC_B).cidrs.push(second);
            estate.routes_mut(RTB_B).push(noun::local(second));
        })
        .with(own_table(
            SUBNET,
            RTB_NAT,
            [route_to("10.0.0.0/16", to_peering(PCX_AB))],
        ))
        .with(add_route(
            RTB_A,
            route_to("100.64.0.0/16", to_peering(PCX_AB)),
        ))
        .with(drop_route(RTB_B, "10.0.0.0/16"))
        .with(add_route(RTB_B, route_to("10.0.0.0/16", gateway())))
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr(admitted))]))
}

#[test]
fn c21_a_gateway_puts_its_own_address() {
    // What the cache sees is another source: neither rule is known to fit.
    for admitted in ["10.1.0.0/16", "100.64.0.0/24"] {
        ask_from(CLIENT_B, translated(admitted)).is_unknown_for(NAT);
        let unread = translated(admitted).with(|estate| {
            let all = &mut estate.snapshot.interfaces;
            all.retain(|it| it.kind != InterfaceKind::NatGateway);
        });
        ask_from(CLIENT_B, unread).is_unknown_for(NAT);
    }
    let direct = base()
        .with(peered)
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.1.0.0/16"))]));
    ask_from(CLIENT_B, direct).is_open();
}

#[test]
fn c1_the_way_leads_to_a_gateway_that_is_attached_elsewhere() {
    const IGW: &str = "igw-0a000000000000001";
    let gateway = RouteTarget::InternetGateway(IGW.into());
    let astray = base()
        .with(peered)
        .with(drop_route(RTB_A, "10.1.0.0/16"))
        .with(add_route(RTB_A, route_to("0.0.0.0/0", gateway)));
    let words = |estate: Estate| {
        let answer = ask_from(CLIENT_B, estate);
        let blame = answer.0.blame.first().map(|it| it.detail.clone());
        answer.is_blocked_by([route(RTB_A, Some("0.0.0.0/0"), Leg::Reply)]);
        blame.unwrap()
    };
    let attached = astray.clone().with(attach_gateway(VPC_A, IGW));
    assert_eq!(
        words(attached),
        "the route to 0.0.0.0/0 leads to the internet (igw-0a000000000000001), where 10.1.1.10 is not"
    );
    let detached = words(astray);
    let expected = format!("{IGW} is not attached to {VPC_A}");
    assert!(detached.ends_with(&expected), "{detached}");
}
