//! Rules that admit more than anybody needs, and what they could be.

use cachewarden_estates::base::peered;
use cachewarden_estates::change::{client, drop_route, inbound, peerings_unread, wears};
use cachewarden_estates::ids::{CLIENT, RTB_B, S1, SG_APP, SG_CACHE, rule_id};
use cachewarden_estates::noun::{all, cidr, group, machine, prefixes, tcp};
use cachewarden_estates::{Estate, Place, base};
use cachewarden_model::{
    Direction, Edit, Expectation, ExpectedOutcome, Fact, Fix, Interface, InterfaceKind, Narrow,
    Narrowing, Noun, Outcome, Rule, Selector,
};
use cachewarden_reach::{Narrower, Query, apply, connections, reachability};

/// What becomes of the first inbound rule of the cache's group.
fn narrowed(estate: Estate, expectations: &[Expectation]) -> Option<Fix> {
    let snapshot = estate.build();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let facts = reachability(&estate, expectations);
    let wide = rule_id(SG_CACHE, Direction::Ingress, 0);
    let mut rules = facts.rules.iter();
    let rule = rules.find(|it| it.rule == wide).expect("there is a rule");
    let fix = Narrower::new(&estate, expectations).narrow(rule)?;
    let edited = apply(&snapshot, &fix.edits);
    let query = Query {
        client: Some(CLIENT),
        ..Query::default()
    };
    let after = connections(
        &cachewarden_reach::Estate::new(&edited),
        expectations,
        &query,
    );
    let after = after.expect("the client is there").connections;
    assert!(
        after.iter().all(|it| it.outcome == Outcome::Open),
        "{after:#?}"
    );
    Some(fix)
}

/// The rule in its place, and what that does.
#[track_caller]
fn told(fix: Option<Fix>) -> (Rule, Narrowing) {
    let fix = fix.expect("it can be narrowed");
    let [Edit::ReplaceRule { filter, with, .. }] = fix.edits.as_slice() else {
        panic!("one rule is replaced: {fix:?}")
    };
    let [rule] = with.as_slice() else {
        panic!("by one: {fix:?}")
    };
    assert_eq!(*filter, SG_CACHE);
    let place = fix.places.get(filter).expect("the group is somewhere");
    assert_eq!(place.region.as_ref(), Some(&Place::HOME.region()));
    let proof = fix.proof.expect("it was tried");
    assert_eq!((proof.also_opens_total, proof.closes_total), (0, 0));
    (rule.clone(), proof.narrows.expect("it narrows"))
}

fn peers(rule: &Rule) -> String {
    let peers: Vec<String> = rule.peers.iter().map(|it| format!("{it:?}")).collect();
    peers.join(" ")
}

fn wide(range: &'static str) -> impl FnOnce(&mut Estate) {
    inbound(SG_CACHE, [tcp(6379).from(cidr(range))])
}

#[test]
fn a_wide_range_becomes_its_clients() {
    let (rule, narrows) = told(narrowed(base().with(wide("10.0.0.0/16")), &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.10/32")]);
    let expected = Narrowing {
        keeps: 1,
        closes_addresses: 65_535,
        closes_ports: false,
    };
    assert_eq!(narrows, expected);
    assert_eq!(narrowed(base().with(wide("10.0.1.10/32")), &[]), None);
}

#[test]
fn ports_that_no_cache_uses_are_closed() {
    let open = inbound(SG_CACHE, [all().from(group(SG_APP))]);
    let (rule, narrows) = told(narrowed(base().with(open), &[]));
    assert_eq!(rule.peers, [group(SG_APP)]);
    let ports: Vec<String> = rule.ports.iter().map(ToString::to_string).collect();
    assert_eq!(
        (rule.protocol.to_string(), ports.join(",")),
        ("tcp".into(), "6379".into())
    );
    let expected = Narrowing {
        keeps: 1,
        closes_addresses: 0,
        closes_ports: true,
    };
    assert_eq!(narrows, expected);
}

#[test]
fn clients_of_a_joined_network_are_kept() {
    let both = base().with(peered).with(wide("10.0.0.0/8"));
    let (rule, narrows) = told(narrowed(both, &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.10/32"), cidr("10.1.1.10/32")]);
    assert_eq!(narrows.keeps, 2);
    assert_eq!(narrows.closes_addresses, (1 << 24) - 2);
}

#[test]
fn clients_behind_a_link_that_was_not_read_are_kept() {
    let unread = base()
        .with(peered)
        .with(wide("10.0.0.0/8"))
        .with(peerings_unread);
    let (rule, _) = told(narrowed(unread, &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.10/32"), cidr("10.1.1.10/32")]);
    // No route leads to the cache: there is nothing to keep.
    let apart = base()
        .with(peered)
        .with(wide("10.0.0.0/8"))
        .with(drop_route(RTB_B, "10.0.0.0/16"))
        .with(|it: &mut Estate| it.snapshot.peerings.clear());
    let (rule, _) = told(narrowed(apart, &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.10/32")]);
}

#[test]
fn whatever_else_sends_is_kept() {
    let pods = client(CLIENT, |it| it.prefixes = prefixes(&["10.0.1.64/28"]));
    let (rule, _) = told(narrowed(base().with(pods).with(wide("10.0.0.0/16")), &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.10/32"), cidr("10.0.1.64/28")]);
    let gateway = |estate: &mut Estate| {
        let subnet = estate.subnet(S1);
        let nat = Interface {
            kind: InterfaceKind::NatGateway,
            ..machine(subnet, "eni-0f00000000000009", "nat", &["10.0.1.9"], &[])
        };
        estate.snapshot.interfaces.push(nat);
    };
    let (rule, _) = told(narrowed(
        base().with(gateway).with(wide("10.0.0.0/16")),
        &[],
    ));
    let both = "10.0.1.9/32 10.0.1.10/32";
    assert_eq!(peers(&rule), peers_of(both));
}

fn peers_of(texts: &str) -> String {
    let peers: Vec<String> = texts
        .split(' ')
        .map(|it| format!("{:?}", cidr(it)))
        .collect();
    peers.join(" ")
}

#[test]
fn a_declared_address_is_kept() {
    let expectation = Expectation {
        name: "the office".to_owned(),
        client: Selector {
            address: Some("10.9.0.5".parse().expect("an address")),
            ..Selector::default()
        },
        cache: Selector {
            name: Some("sessions".to_owned()),
            ..Selector::default()
        },
        outcome: ExpectedOutcome::Reach,
        demand: None,
        tls: None,
    };
    let (rule, _) = told(narrowed(base().with(wide("10.0.0.0/8")), &[expectation]));
    assert_eq!(peers(&rule), peers_of("10.0.1.10/32 10.9.0.5/32"));
}

#[test]
fn many_clients_are_kept_by_their_subnets() {
    let fleet = |estate: &mut Estate| {
        for number in 0..25 {
            // Every other address: no two of them make a range.
            let address = format!("10.0.1.{}", 101 + 2 * number);
            let id = format!("eni-0f{number:015}");
            estate.add_machine(S1, &id, "fleet", &[&address], &[SG_APP]);
        }
    };
    let (rule, narrows) = told(narrowed(base().with(fleet).with(wide("10.0.0.0/16")), &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.0/24")]);
    assert_eq!(
        (narrows.keeps, narrows.closes_addresses),
        (26, 65_536 - 256)
    );
}

#[test]
fn what_others_may_need_is_left_alone() {
    let open = || base().with(wide("10.0.0.0/16"));
    // A machine carries the group too.
    let shared = |estate: &mut Estate| {
        estate.add_machine(
            S1,
            "eni-0f00000000000001",
            "db",
            &["10.0.1.11"],
            &[SG_CACHE],
        );
    };
    assert_eq!(narrowed(open().with(shared), &[]), None);
    assert_eq!(
        narrowed(open().with(wears(CLIENT, [SG_APP, SG_CACHE])), &[]),
        None
    );
    // An interface carries nobody knows what.
    let gap = Place::HOME.refused("ec2:DescribeNetworkInterfaces", &[]);
    let unclear = client(CLIENT, move |it| it.filters = Fact::unknown(gap));
    assert_eq!(narrowed_only(open().with(unclear)), None);
    // There may be clients that were not read.
    let gap = Place::HOME.refused("ec2:DescribeNetworkInterfaces", &[Noun::Interfaces]);
    let unread = |estate: &mut Estate| estate.add_gap(gap);
    assert_eq!(narrowed_only(open().with(unread)), None);
    // Nobody uses it: to be removed, not narrowed.
    assert_eq!(narrowed_only(base().with(wide("10.7.0.0/16"))), None);
}

#[test]
fn what_another_rule_admits_is_not_asked_for_twice() {
    let lines = |more: [&'static str; 1]| {
        let more = more.map(|it| tcp(6379).from(cidr(it)));
        let [more] = more;
        inbound(SG_CACHE, [tcp(6379).from(cidr("10.0.0.0/16")), more])
    };
    // The other rule has the client: the wide one goes.
    let fix = narrowed(base().with(lines(["10.0.1.10/32"])), &[]).expect("it can be narrowed");
    assert!(
        matches!(fix.edits.as_slice(), [Edit::RemoveRule { .. }]),
        "{fix:?}"
    );
    let other = rule_id(SG_CACHE, Direction::Ingress, 1);
    let keep = format!("Keep `{other}`, which admits clients of this rule too.");
    assert_eq!(fix.advice, Some(keep));
    let narrows = fix.proof.and_then(|it| it.narrows).expect("it narrows");
    assert_eq!((narrows.keeps, narrows.closes_addresses), (1, 65_535));
    // It has half of the rest: that stays open.
    let (rule, narrows) = told(narrowed(base().with(lines(["10.0.128.0/17"])), &[]));
    assert_eq!(rule.peers, [cidr("10.0.1.10/32")]);
    assert_eq!(narrows.closes_addresses, 32_767);
}

/// The same, where the client's connection may be in doubt.
fn narrowed_only(estate: Estate) -> Option<Fix> {
    let snapshot = estate.build();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let facts = reachability(&estate, &[]);
    let narrower = Narrower::new(&estate, &[]);
    facts.rules.iter().find_map(|rule| narrower.narrow(rule))
}
