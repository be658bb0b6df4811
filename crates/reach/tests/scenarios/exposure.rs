//! Who gets in who need not: what the rules admit, as sets and rule by rule.

use cachewarden_estates::base::{peered, transit};
use cachewarden_estates::change::{inbound, new_group, on_cache, wears};
use cachewarden_estates::ids::{
    CLIENT, RTB_A, S1, SG_APP, SG_CACHE, SG_EXTRA, SG_OLD, VPC_A, VPC_B, rule_id,
};
use cachewarden_estates::noun::{all, any, cidr, group, route, tcp};
use cachewarden_estates::{Estate, Place, base};
use cachewarden_model::{
    DeadRule, Direction, Peer, Reachability, RouteTarget, RuleUse, SourceSet, Zone,
};
use cachewarden_netset::{AddressSet, Cidr};

use crate::expect::{ask, facts, rule_use};

fn set(range: &str) -> AddressSet {
    range.parse::<Cidr>().expect("a range").into()
}

fn of_zone(sources: &SourceSet, zone: &Zone) -> AddressSet {
    let found = sources.iter().find(|(it, _)| it == zone);
    found.map(|(_, set)| set.clone()).unwrap_or_default()
}

fn first_rule(facts: &Reachability) -> RuleUse {
    rule_use(facts, SG_CACHE, rule_id(SG_CACHE, Direction::Ingress, 0))
}

fn home() -> Zone {
    Zone::Network(VPC_A.into())
}

#[test]
fn a12_a_second_group_admits_the_whole_network() {
    let wide = base()
        .with(new_group(
            VPC_A,
            SG_EXTRA,
            "extra",
            [tcp(6379).from(cidr("10.0.0.0/16"))],
        ))
        .with(on_cache([SG_CACHE, SG_EXTRA]));
    let wide = facts(wide);
    assert_eq!(wide.exposures[0].admitted, set("10.0.0.0/16"));
    let rule = rule_use(&wide, SG_EXTRA, rule_id(SG_EXTRA, Direction::Ingress, 0));
    assert!(
        rule.whole_network && !rule.world && !rule.covers_other_ports,
        "{rule:#?}"
    );
    let tight = facts(base());
    assert_eq!(tight.exposures[0].admitted, AddressSet::empty());
    assert!(!first_rule(&tight).whole_network);
}

#[test]
fn a13_a_rule_for_the_world_does_not_make_a_cache_public() {
    let world = facts(base().with(inbound(SG_CACHE, [tcp(6379).from(any())])));
    assert_eq!(world.exposures[0].admitted, set("0.0.0.0/0"));
    assert!(first_rule(&world).world);
    let exposure = &world.exposures[0];
    for sources in [&exposure.certain, &exposure.possible] {
        assert_eq!(
            of_zone(sources, &Zone::Internet),
            AddressSet::empty(),
            "{exposure:#?}"
        );
    }
    assert!(of_zone(&exposure.certain, &home()).contains("10.0.1.77".parse().expect("an address")));
    let own = facts(base().with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.0.1.0/24"))])));
    assert!(!first_rule(&own).world);
}

#[test]
fn a14_every_port_for_the_whole_network() {
    let wide = facts(base().with(inbound(SG_CACHE, [all().from(cidr("10.0.0.0/16"))])));
    let rule = first_rule(&wide);
    assert!(
        rule.covers_cache_port && rule.covers_other_ports && rule.whole_network,
        "{rule:#?}"
    );
    let tight = first_rule(&facts(base()));
    assert!(
        tight.covers_cache_port && !tight.covers_other_ports,
        "{tight:#?}"
    );
}

#[test]
fn a16_a_group_that_many_share() {
    const DEFAULT: &str = "sg-0a000000000000001";
    let shared = |machines: u8| {
        let mut estate = base()
            .with(on_cache([DEFAULT]))
            .with(wears(CLIENT, [DEFAULT]));
        for number in 0..machines {
            let id = format!("eni-0a0000000000005{number:02}");
            let address = format!("10.0.1.{}", 100 + number);
            estate.add_machine(S1, &id, &id, &[&address], &[DEFAULT]);
        }
        rule_use(
            &facts(estate),
            DEFAULT,
            rule_id(DEFAULT, Direction::Ingress, 0),
        )
        .clients
    };
    assert_eq!(shared(0), Some(1));
    assert_eq!(shared(5), Some(6));
}

#[test]
fn a31_members_of_a_group_in_an_account_that_was_not_read() {
    const SG_P: &str = "sg-0bad00000000f0001";
    let named = |estate: &mut Estate| {
        let peer = Peer::Group {
            group: SG_P.into(),
            account: Some(Place::STRANGER.account()),
            network: Some(VPC_A.into()),
            link: None,
        };
        inbound(SG_CACHE, [tcp(6379).from(peer)])(estate);
    };
    let unread = facts(base().with(named));
    let exposure = &unread.exposures[0];
    assert_ne!(
        exposure.certain, exposure.possible,
        "somebody may get in: {exposure:#?}"
    );
    assert!(!exposure.gaps.is_empty());
    assert_eq!(first_rule(&unread).clients, None, "how many is not known");
    let read = base().with(named).with(|estate| {
        let mut asked = estate.snapshot.targets.clone();
        asked[0].account = Place::STRANGER.account();
        estate.snapshot.targets.extend(asked);
        estate.add_group(VPC_A, SG_P, "participant", []);
        estate.add_machine(S1, "eni-0p", "participant", &["10.0.1.66"], &[SG_P]);
        estate.filter_mut(SG_P).account = Place::STRANGER.account();
        estate.interface_mut("eni-0p").account = Place::STRANGER.account();
    });
    let read = facts(read);
    assert_eq!(first_rule(&read).clients, Some(1));
    let certain = of_zone(&read.exposures[0].certain, &home());
    assert_eq!(certain, set("10.0.1.66/32"));
    assert_eq!(read.exposures[0].certain, read.exposures[0].possible);
}

#[test]
fn a33_a_group_that_nobody_carries() {
    let estate = base()
        .with(new_group(VPC_A, SG_OLD, "old", []))
        .with(inbound(
            SG_CACHE,
            [tcp(6379).from(group(SG_APP)), tcp(6379).from(group(SG_OLD))],
        ));
    let facts = facts(estate.clone());
    let unused = rule_use(&facts, SG_CACHE, rule_id(SG_CACHE, Direction::Ingress, 1));
    assert_eq!(unused.dead, Some(DeadRule::NamesNobody));
    assert_eq!(unused.clients, Some(0));
    assert_eq!(first_rule(&facts).dead, None);
    ask(estate).is_open();
}

#[test]
fn a18_a_stale_reference_is_named() {
    let gone = base().with(|estate| {
        let peer = Peer::Group {
            group: "sg-0deleted".into(),
            account: None,
            network: Some(VPC_B.into()),
            link: Some(cachewarden_model::PeerLink {
                id: "pcx-0deleted".into(),
                status: Some("deleted".to_owned()),
            }),
        };
        inbound(SG_CACHE, [tcp(6379).from(peer)])(estate);
    });
    let dead = first_rule(&facts(gone)).dead;
    assert!(matches!(dead, Some(DeadRule::Stale { .. })), "{dead:?}");
}

#[test]
fn f3_a_company_wide_range_behind_a_transit_gateway() {
    let wide = base()
        .with(transit)
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.0.0.0/8"))]));
    let wide = facts(wide);
    let certain = &wide.exposures[0].certain;
    assert!(
        of_zone(certain, &Zone::Network(VPC_B.into())).contains("10.1.1.10".parse().expect("one")),
        "the neighbour's machines get in: {certain:#?}"
    );
    assert!(first_rule(&wide).whole_network);
    let tight = facts(
        base()
            .with(transit)
            .with(inbound(SG_CACHE, [tcp(6379).from(group(SG_APP))])),
    );
    let certain = &tight.exposures[0].certain;
    assert_eq!(
        of_zone(certain, &Zone::Network(VPC_B.into())),
        AddressSet::empty()
    );
}

#[test]
fn f4_a_peers_group_whose_members_cannot_be_read() {
    let named = base().with(peered).with(|estate| {
        let mut network = estate.network(VPC_B).clone();
        network.account = Place::STRANGER.account();
        let peer = cachewarden_estates::noun::group_over(
            "sg-0unread",
            &network,
            cachewarden_estates::ids::PCX_AB,
            "active",
        );
        inbound(SG_CACHE, [tcp(6379).from(peer)])(estate);
        // Of the other account nothing was read.
        estate.snapshot.networks.retain(|it| it.id != VPC_B);
        estate.snapshot.subnets.retain(|it| it.network != VPC_B);
        estate.snapshot.interfaces.retain(|it| it.network != VPC_B);
        estate
            .snapshot
            .route_tables
            .retain(|it| it.network != VPC_B);
        estate
            .snapshot
            .filters
            .retain(|it| it.network.as_ref().is_none_or(|id| *id != VPC_B));
        estate
            .peering_mut(cachewarden_estates::ids::PCX_AB)
            .accepter
            .account = Some(Place::STRANGER.account());
    });
    let unread = facts(named);
    let exposure = &unread.exposures[0];
    assert_ne!(exposure.certain, exposure.possible, "{exposure:#?}");
    assert!(!exposure.gaps.is_empty());
    let tight = facts(base());
    assert_eq!(tight.exposures[0].certain, tight.exposures[0].possible);
}

#[test]
fn f6_the_whole_range_of_a_private_line() {
    let line = |estate: &mut Estate| {
        let gateway = RouteTarget::VpnGateway("vgw-0a".into());
        estate
            .routes_mut(RTB_A)
            .push(route("192.168.0.0/16", gateway));
    };
    let wide = base()
        .with(line)
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr("192.168.0.0/16"))]));
    let wide = facts(wide);
    assert_eq!(wide.exposures[0].admitted, set("192.168.0.0/16"));
    let possible = of_zone(&wide.exposures[0].possible, &Zone::OnPremises);
    assert!(
        possible.contains("192.168.7.7".parse().expect("one")),
        "{:#?}",
        wide.exposures[0]
    );
    assert_eq!(first_rule(&wide).addresses, 65_536);
    let tight = facts(base().with(line));
    assert_eq!(
        of_zone(&tight.exposures[0].possible, &Zone::OnPremises),
        AddressSet::empty()
    );
}

#[test]
fn f8_a_rule_for_a_port_that_nobody_listens_on() {
    let bus = base().with(inbound(
        SG_CACHE,
        [
            tcp(6379).from(group(SG_APP)),
            tcp(16_379).from(group(SG_APP)),
        ],
    ));
    let facts = facts(bus);
    let rule = rule_use(&facts, SG_CACHE, rule_id(SG_CACHE, Direction::Ingress, 1));
    assert!(
        !rule.covers_cache_port && rule.covers_other_ports,
        "{rule:#?}"
    );
    let own = first_rule(&facts);
    assert!(own.covers_cache_port && !own.covers_other_ports, "{own:#?}");
}
