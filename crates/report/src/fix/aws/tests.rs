//! Each change in words and as a command.

use cachewarden_model::{
    Blame, Destination, Direction, Edit, LinkState, Peer, RouteTarget, Rule, TransitRouteKind,
};
use cachewarden_netset::{PortRange, Protocol};

use crate::fix::tests::{cidr, destination, redis, route, shown, transit_route};
use crate::sample;

#[test]
fn rules_of_groups() {
    let any = Rule {
        protocol: Protocol::Any,
        ports: vec![],
        ..redis(Direction::Egress, None, cidr("::/0"))
    };
    let both = Rule {
        peers: vec![cidr("10.0.0.0/16"), Peer::PrefixList("pl-01".into())],
        ..redis(Direction::Ingress, None, sample::group("sg-0app"))
    };
    let far = Peer::Group {
        group: "sg-0far".into(),
        account: Some("999900001111".into()),
        network: None,
        link: None,
    };
    let add = |rule: Rule| Edit::AddRule {
        filter: "sg-0cache".into(),
        rule: Box::new(rule),
    };
    insta::assert_snapshot!(shown(
        vec![
            add(redis(Direction::Ingress, None, sample::group("sg-0app"))),
            add(redis(Direction::Ingress, None, far)),
            add(redis(Direction::Egress, None, cidr("10.0.2.0/24"))),
            add(any),
            add(both),
            add(redis(
                Direction::Ingress,
                None,
                Peer::Other("somebody".to_owned())
            )),
            Edit::ReplaceRule {
                filter: "sg-0cache".into(),
                rule: "sgr-02".into(),
                with: vec![Rule {
                    peers: vec![cidr("10.0.1.5/32"), cidr("10.0.2.0/24")],
                    description: "it's the shop's".to_owned(),
                    ..redis(Direction::Ingress, None, sample::group("sg-0app"))
                }]
            },
            Edit::ReplaceRule {
                filter: "sg-0cache".into(),
                rule: "sgr-01".into(),
                with: vec![redis(Direction::Ingress, None, cidr("10.0.1.0/24"))],
            },
            Edit::RemoveRule {
                filter: "sg-0cache".into(),
                rule: "sgr-01".into()
            },
            Edit::RemoveRule {
                filter: "sg-0elsewhere".into(),
                rule: "sgr-01".into()
            },
        ],
        &sample::blocked().blame
    ));
}

#[test]
fn entries_of_network_acls() {
    let entry = |number, peer| redis(Direction::Egress, Some(number), peer);
    let two = Rule {
        ports: vec![PortRange::single(1), PortRange::single(3)],
        ..entry(90, cidr("10.0.1.0/24"))
    };
    insta::assert_snapshot!(shown(
        vec![
            Edit::AddRule {
                filter: "acl-0b".into(),
                rule: Box::new(entry(90, cidr("10.0.1.0/24")))
            },
            Edit::AddRule {
                filter: "acl-0b".into(),
                rule: Box::new(entry(91, cidr("2001:db8::/64")))
            },
            Edit::AddRule {
                filter: "acl-0b".into(),
                rule: Box::new(two)
            },
            Edit::ReplaceRule {
                filter: "acl-0b".into(),
                rule: "100 egress".into(),
                with: vec![
                    entry(100, cidr("10.0.1.0/24")),
                    entry(101, cidr("10.0.9.0/24"))
                ],
            },
            Edit::ReplaceRule {
                filter: "acl-0b".into(),
                rule: "100 ingress".into(),
                with: vec![entry(100, cidr("10.0.1.0/24"))],
            },
            Edit::RemoveRule {
                filter: "acl-0b".into(),
                rule: "100 ingress".into()
            },
        ],
        &[]
    ));
}

#[test]
fn routes_and_links() {
    let ids = |id: &str| cachewarden_model::ResourceId::from(id);
    let table = ids("rtb-0a");
    let blackhole = Blame {
        kind: "transit-table".to_owned(),
        resource: "tgw-rtb-0b".into(),
        rule: Some("10.1.0.0/16".into()),
        ..sample::blocked().blame.remove(0)
    };
    let transit = |table: &str, kind| Edit::AddTransitRoute {
        router: ids("tgw-0a"),
        table: ids(table),
        route: transit_route(kind),
    };
    let state = |state| Edit::SetPeeringState {
        peering: ids("pcx-0a"),
        state,
    };
    insta::assert_snapshot!(shown(
        vec![
            Edit::AddRoute {
                table: table.clone(),
                route: route(RouteTarget::Peering(ids("pcx-0a")))
            },
            Edit::AddRoute {
                table: table.clone(),
                route: route(RouteTarget::Local)
            },
            Edit::ReplaceRoute {
                table: table.clone(),
                route: route(RouteTarget::TransitRouter(ids("tgw-0a")))
            },
            Edit::RemoveRoute {
                table: table.clone(),
                destination: Destination::PrefixList(ids("pl-01"))
            },
            state(LinkState::Active),
            state(LinkState::Pending("provisioning".to_owned())),
            state(LinkState::Down("deleted".to_owned())),
            Edit::AddTransitSubnet {
                router: ids("tgw-0a"),
                attachment: ids("tgw-attach-0a"),
                subnet: ids("subnet-0a")
            },
            Edit::AssociateTransitTable {
                router: ids("tgw-0a"),
                attachment: ids("tgw-attach-0a"),
                table: ids("tgw-rtb-0a")
            },
            transit("tgw-rtb-0a", TransitRouteKind::Static),
            transit("tgw-rtb-0b", TransitRouteKind::Static),
            transit("tgw-rtb-0a", TransitRouteKind::Propagated),
            Edit::RemoveTransitRoute {
                router: ids("tgw-0a"),
                table: ids("tgw-rtb-0a"),
                destination: destination("10.1.0.0/16")
            },
            Edit::EnableTransitIpv6 {
                router: ids("tgw-0a"),
                attachment: ids("tgw-attach-0a")
            },
            Edit::EnableResolver {
                network: ids("vpc-0a")
            },
        ],
        &[blackhole]
    ));
}

#[test]
fn a_name_that_begins_a_command_of_its_own_has_none() {
    let long = "x".repeat(2_000);
    for (id, offered) in [
        ("vpc-1", true),
        ("vpc-1; reboot", true),
        ("vpc-1\nreboot", false),
        ("vpc-1\u{9b}", false),
        (long.as_str(), false),
    ] {
        let edit = Edit::EnableResolver { network: id.into() };
        let commands = super::commands(&edit, None, &[]);
        assert_eq!(commands.is_some(), offered, "{id}");
    }
}
