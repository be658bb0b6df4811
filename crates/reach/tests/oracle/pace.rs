//! What is judged for many at once comes to the same as what is judged one by
//! one: on random estates in which clients and caches have company.

use std::net::IpAddr;

use cachewarden_model::{
    Action, Direction, Expectation, ExpectedOutcome, Fact, Filter, Interface, Peer, Provider,
    ResourceId, Rule, Selector, Snapshot, TlsAbility, TlsVersion,
};
use cachewarden_netset::{Cidr, PortRange, Protocol};
use cachewarden_reach::{Estate, reachability, reachability_one_by_one};
use proptest::prelude::*;

use crate::agreement::{any_estate, bytes};
use crate::choices::Choices;

/// An estate in which most clients and caches have others beside them that
/// differ in little.
fn crowded(choices: &mut Choices<'_>, more: &mut Choices<'_>) -> Snapshot {
    let mut snapshot = any_estate(choices);
    widen(more, &mut snapshot);
    let groups: Vec<ResourceId> = snapshot.filters.iter().map(|it| it.id.clone()).collect();
    for interface in snapshot.interfaces.clone() {
        for number in 1..=more.below(6) {
            let twin = beside(more, &interface, number, &groups);
            snapshot.interfaces.push(twin);
        }
    }
    for cache in snapshot.caches.clone() {
        for number in 1..=more.below(4) {
            let mut twin = cache.clone();
            twin.id = format!("{}-{number}", cache.id).into();
            twin.name = format!("{}-{number}", cache.name);
            if more.chance(40)
                && let Fact::Known(filters) = &mut twin.filters
            {
                *filters = vec![more.pick(&groups)];
            }
            for node in &mut twin.nodes {
                if let Fact::Known(addresses) = &mut node.addresses
                    && more.chance(60)
                {
                    let by = 1 + more.below(120);
                    addresses.iter_mut().for_each(|it| *it = moved(*it, by));
                }
            }
            snapshot.caches.push(twin);
        }
    }
    snapshot.sort();
    snapshot
}

/// Rules on all groups, now and then, by which more clients mean to connect.
fn widen(choices: &mut Choices<'_>, snapshot: &mut Snapshot) {
    let groups: Vec<ResourceId> = snapshot.filters.iter().map(|it| it.id.clone()).collect();
    for filter in &mut snapshot.filters {
        if choices.chance(50) {
            add_rule(choices, filter, &groups);
        }
    }
}

fn add_rule(choices: &mut Choices<'_>, filter: &mut Filter, groups: &[ResourceId]) {
    let list = filter.discipline == cachewarden_model::Discipline::AllowList;
    let Fact::Known(rules) = &mut filter.rules else {
        return;
    };
    if !list {
        return;
    }
    let peer = if choices.chance(70) {
        Peer::Group {
            group: choices.pick(groups),
            account: None,
            network: None,
            link: None,
        }
    } else {
        let part = choices.below(4);
        let text = format!("10.0.{part}.{}/{}", 8 * choices.below(9), 29);
        Peer::Cidr(text.parse::<Cidr>().expect("a range"))
    };
    rules.push(Rule {
        gcp: None,
        id: format!("{}-more", filter.id).as_str().into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority: None,
        protocol: Protocol::TCP,
        ports: vec![PortRange::single(6379)],
        peers: vec![peer],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    });
}

/// An interface beside another: at another address, now and then with other
/// groups or at both ends of what a range holds.
fn beside(
    choices: &mut Choices<'_>,
    interface: &Interface,
    number: usize,
    groups: &[ResourceId],
) -> Interface {
    let mut twin = interface.clone();
    twin.id = format!("{}-{number}", interface.id).into();
    twin.name = twin.id.to_string();
    let by = number + if choices.chance(30) { 100 } else { 0 };
    let moved = |it: &mut IpAddr| *it = moved(*it, by);
    twin.addresses.iter_mut().for_each(moved);
    if let Fact::Known(filters) = &mut twin.filters
        && choices.chance(40)
    {
        filters.push(choices.pick(groups));
        filters.sort();
        filters.dedup();
    }
    twin
}

fn moved(address: IpAddr, by: usize) -> IpAddr {
    let by = u8::try_from(by).expect("a small number");
    match address {
        IpAddr::V4(it) => {
            let [a, b, c, d] = it.octets();
            IpAddr::from([a, b, c, d.wrapping_add(by)])
        }
        IpAddr::V6(it) => IpAddr::V6((u128::from(it) + u128::from(by)).into()),
    }
}

fn expectations(choices: &mut Choices<'_>, snapshot: &Snapshot) -> Vec<Expectation> {
    let names: Vec<String> = snapshot
        .interfaces
        .iter()
        .map(|it| it.name.clone())
        .collect();
    let caches: Vec<String> = snapshot.caches.iter().map(|it| it.name.clone()).collect();
    let all = Selector {
        provider: Some(Provider::Aws),
        ..Selector::default()
    };
    let by_name = |name| Selector {
        name: Some(name),
        ..Selector::default()
    };
    let make = |choices: &mut Choices<'_>| Expectation {
        name: "it".to_owned(),
        client: match choices.chance(70) {
            true => by_name(choices.pick(&names)),
            false => all.clone(),
        },
        cache: match choices.chance(50) {
            true => by_name(choices.pick(&caches)),
            false => all.clone(),
        },
        outcome: choices.pick(&[ExpectedOutcome::Reach, ExpectedOutcome::NoReach]),
        demand: None,
        tls: choices.chance(40).then(|| TlsAbility {
            enabled: Some(choices.chance(50)),
            max: choices.chance(50).then_some(TlsVersion::V1_2),
            ..TlsAbility::default()
        }),
    };
    choices.several(2, make)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn crowds_are_judged_as_each_would_be(first in bytes(), second in bytes()) {
        let mut more = Choices::new(&second);
        let snapshot = crowded(&mut Choices::new(&first), &mut more);
        let expectations = expectations(&mut more, &snapshot);
        let estate = Estate::new(&snapshot);
        let quick = reachability(&estate, &expectations);
        let slow = reachability_one_by_one(&estate, &expectations);
        prop_assert_eq!(quick.counts, slow.counts);
        prop_assert_eq!(&quick.exposures, &slow.exposures);
        prop_assert_eq!(quick, slow);
    }
}

/// Who stands beside a client that gets to every port does so too, but for a
/// port that no rule opens to it.
#[test]
fn one_of_a_crowd_may_be_shut_out_of_a_port() {
    use cachewarden_estates::ids::{CLIENT, SG_CACHE};

    let mut snapshot = cachewarden_estates::base().build();
    for cache in &mut snapshot.caches {
        let mut second = cache.endpoints[0].clone();
        second.port = 6380;
        cache.endpoints.push(second);
    }
    let extra = ResourceId::from("sg-extra");
    let mut group = snapshot.filters.iter().find(|it| it.id == *SG_CACHE);
    let group = group.take().expect("it is there").clone();
    snapshot.filters.push(Filter {
        id: extra.clone(),
        rules: Fact::Known(vec![]),
        ..group
    });
    for filter in snapshot.filters.iter_mut().filter(|it| it.id == *SG_CACHE) {
        let Fact::Known(rules) = &mut filter.rules else {
            panic!("they are known")
        };
        let mut more = rules[0].clone();
        more.id = "more".into();
        more.ports = vec![PortRange::single(6380)];
        more.peers = vec![Peer::Group {
            group: extra.clone(),
            account: None,
            network: None,
            link: None,
        }];
        rules.push(more);
    }
    let clients = snapshot.interfaces.iter_mut();
    let mut found = clients.filter(|it| it.id == *CLIENT);
    let client = found.next().expect("it is there");
    let mut choices = Choices::new(&[]);
    let twin = beside(&mut choices, client, 1, &[]);
    let Fact::Known(filters) = &mut client.filters else {
        panic!("they are known")
    };
    filters.push(extra);
    filters.sort();
    snapshot.interfaces.push(twin);
    snapshot.sort();
    let estate = Estate::new(&snapshot);
    let quick = reachability(&estate, &[]);
    assert_eq!(quick, reachability_one_by_one(&estate, &[]));
    assert_eq!(
        (quick.counts.open, quick.counts.blocked),
        (3, 1),
        "{quick:#?}"
    );
}
