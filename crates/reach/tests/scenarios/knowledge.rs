//! What was not learned is never open, and is named.

use std::collections::BTreeMap;

use cachewarden_estates::base;
use cachewarden_estates::base::{peered, transit};
use cachewarden_estates::change::{
    acls_unread, cache, client, filter_unread, inbound, network_acl, outbound, peerings_unread,
};
use cachewarden_estates::ids::{
    ACL_CACHE, ACL_CLIENT, CACHE_SUBNETS, CLIENT, CLIENT_B, S1, SG_APP, SG_CACHE, T_A,
};
use cachewarden_estates::noun::{all, allow, cidr, deny, group, tcp};
use cachewarden_estates::{Estate, Place};
use cachewarden_model::{
    Expectation, ExpectationResult, ExpectedOutcome, Fact, Leg, Outcome, Provider, Selector,
};

use crate::expect::{ask, ask_from, cache_acl, cache_group, ports};

#[test]
fn network_acls_that_may_not_be_listed() {
    ask(base().with(acls_unread)).is_unknown_for("ec2:DescribeNetworkAcls");
}

#[test]
fn rules_that_may_not_be_listed() {
    ask(base().with(filter_unread(SG_CACHE))).is_unknown_for("ec2:DescribeSecurityGroupRules");
    ask(base().with(filter_unread(SG_APP))).is_unknown_for("ec2:DescribeSecurityGroupRules");
}

#[test]
fn what_surely_stops_it_is_said_all_the_same() {
    let answer = ask(base().with(acls_unread).with(inbound(SG_CACHE, [])));
    answer.is_blocked_by([cache_group(None)]);
}

#[test]
fn a_filter_that_is_not_in_the_list() {
    let lost = base().with(|estate| estate.forget_filter(SG_APP));
    let answer = ask(lost);
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
}

#[test]
fn peerings_that_may_not_be_listed() {
    ask_from(CLIENT_B, base().with(peered).with(peerings_unread))
        .is_unknown_for("ec2:DescribeVpcPeeringConnections");
}

#[test]
fn groups_of_the_client_that_were_not_learned() {
    let unread = client(CLIENT, |client| {
        let gap = Place::HOME.refused("ec2:DescribeNetworkInterfaces", &[]);
        client.filters = Fact::unknown(gap);
    });
    ask(base().with(unread)).is_unknown_for("ec2:DescribeNetworkInterfaces");
}

#[test]
fn one_rule_that_is_enough_makes_up_for_another_that_was_not_understood() {
    let other = cachewarden_model::Peer::Other("a peer of tomorrow".to_owned());
    let only = base().with(inbound(SG_CACHE, [tcp(6379).from(other.clone())]));
    let answer = ask(only);
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
    let two = [tcp(6379).from(other), tcp(6379).from(group(SG_APP))];
    ask(base().with(inbound(SG_CACHE, two))).is_open();
}

#[test]
fn an_operating_system_that_was_not_learned_needs_the_widest_range() {
    let unread = || {
        client(CLIENT, |client| {
            let machine = client.attached_to.as_mut().expect("a machine");
            machine.platform = Fact::unknown(Place::HOME.refused("ec2:DescribeInstances", &[]));
        })
    };
    let back = |first| {
        let open = [allow(100, all(), "0.0.0.0/0")];
        let replies = [allow(100, tcp(first..=65_535), "0.0.0.0/0")];
        base().with(network_acl(ACL_CACHE, CACHE_SUBNETS, &open, &replies))
    };
    let some = ask(back(32_768).with(unread()));
    some.is_partial_by(ports(32_768, 65_535), [cache_acl("100 egress", Leg::Reply)]);
    ask(back(1024).with(unread())).is_open();
}

/// The addresses of the nodes were not learned.
fn without_addresses(estate: &mut cachewarden_estates::Estate) {
    cache(|cache| {
        let gap = Place::HOME.refused("ec2:DescribeNetworkInterfaces", &[]);
        for node in &mut cache.nodes {
            node.addresses = Fact::unknown(gap.clone());
        }
    })(estate);
}

#[test]
fn nodes_whose_addresses_were_not_learned_may_have_any() {
    ask(base().with(without_addresses)).is_open();
    let half = |range: &str| {
        base().with(without_addresses).with(outbound(
            SG_APP,
            [
                tcp(6379).to(cidr(range)),
                tcp(6379).to(cidr("10.0.12.0/23")),
            ],
        ))
    };
    ask(half("10.0.11.0/24")).is_open();
    for range in [
        "10.0.11.0/25",
        "10.0.11.128/25",
        "10.0.11.16/28",
        "10.0.11.20/32",
    ] {
        let answer = ask(half(range));
        assert_eq!(answer.0.outcome, Outcome::Partial, "{range}: {answer:#?}");
    }
}

#[test]
fn an_entry_for_half_of_a_subnet_splits_what_may_be_there() {
    let open = [allow(100, all(), "0.0.0.0/0")];
    let out = |denied: &str| [deny(20, tcp(6379), denied), allow(100, all(), "0.0.0.0/0")];
    for denied in ["10.0.11.128/25", "10.0.12.0/25", "10.0.13.200/32"] {
        let out = out(denied);
        let list = network_acl(ACL_CLIENT, [S1], &open, &out);
        let answer = ask(base().with(without_addresses).with(list));
        assert_eq!(answer.0.outcome, Outcome::Partial, "{denied}: {answer:#?}");
    }
}

#[test]
fn a_pod_may_leave_its_network_as_its_node() {
    let pod = |id: &'static str| client(id, |it| it.kind = cachewarden_model::InterfaceKind::Pod);
    let across = base().with(peered).with(pod(CLIENT_B));
    let answer = ask_from(CLIENT_B, across);
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
    ask_from(CLIENT_B, base().with(peered)).is_open();
    ask(base().with(pod(CLIENT))).is_open();
}

#[test]
fn host_names_that_were_not_learned_matter_across_networks() {
    let unread = |estate: &mut cachewarden_estates::Estate| {
        for network in &mut estate.snapshot.networks {
            let gap = Place::HOME.refused("ec2:DescribeVpcAttribute", &[]);
            network.dns_host_names = Fact::unknown(gap);
        }
    };
    ask_from(CLIENT_B, base().with(peered).with(unread)).is_unknown_for("ec2:DescribeVpcAttribute");
    ask(base().with(unread)).is_open();
}

#[test]
fn encryption_controls_that_were_not_learned() {
    let unread = |estate: &mut cachewarden_estates::Estate| {
        for network in &mut estate.snapshot.networks {
            let gap = Place::HOME.refused("ec2:DescribeVpcs", &[]);
            network.encryption_control = Fact::unknown(gap);
        }
    };
    ask_from(CLIENT_B, base().with(peered).with(unread)).is_unknown_for("ec2:DescribeVpcs");
    // Inside one network, traffic that the application encrypts passes anyway.
    ask(base().with(unread)).is_open();
}

/// An expectation of everything that a client of the base does with caches
/// that a selector means.
fn expecting(selector: Selector, estate: Estate) -> ExpectationResult {
    let expectation = Expectation {
        name: "nobody but checkout".to_owned(),
        client: Selector {
            id: Some(CLIENT.into()),
            ..Selector::default()
        },
        cache: selector,
        outcome: ExpectedOutcome::NoReach,
        demand: None,
        tls: None,
    };
    let snapshot = estate.build();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let mut facts = cachewarden_reach::reachability(&estate, &[expectation]);
    facts.expectations.remove(0)
}

#[test]
fn caches_are_told_by_their_labels() {
    let team = |name: &str| Selector {
        tag: BTreeMap::from([("team".to_owned(), name.to_owned())]),
        ..Selector::default()
    };
    let labelled = |tags: Fact<BTreeMap<String, String>>| base().with(cache(|it| it.tags = tags));
    let known = || Fact::Known(BTreeMap::from([("team".to_owned(), "checkout".to_owned())]));
    let meant = expecting(team("check*"), labelled(known()));
    assert_eq!((meant.caches.len(), meant.gaps.len()), (1, 0));
    let other = expecting(team("billing"), labelled(known()));
    assert_eq!((other.caches.len(), other.gaps.len()), (0, 0));
    let none = expecting(team("billing"), labelled(Fact::Default(BTreeMap::new())));
    assert_eq!((none.caches.len(), none.gaps.len()), (0, 0));
    let gap = Place::HOME.refused("tag:GetResources", &[]);
    let unread = || labelled(Fact::unknown(gap.clone()));
    let perhaps = expecting(team("billing"), unread());
    assert_eq!(
        (perhaps.caches, &perhaps.gaps),
        (vec![], &vec![gap.clone()])
    );
    // What is known and does not fit decides.
    let elsewhere = Selector {
        name: Some("no-such-cache".to_owned()),
        ..team("billing")
    };
    assert_eq!(expecting(elsewhere, unread()).gaps, []);
}

#[test]
fn what_a_selector_asks_for_and_was_not_read() {
    let gap = || Place::HOME.refused("elasticache:DescribeCacheClusters", &[]);
    let unread = || {
        base().with(cache(|it| {
            it.filters = Fact::unknown(gap());
            it.network = Fact::unknown(gap());
            it.subnets = Fact::unknown(gap());
            for node in &mut it.nodes {
                node.addresses = Fact::unknown(gap());
            }
        }))
    };
    let text = |text: &str| Some(text.to_owned());
    for selector in [
        Selector {
            group: text(SG_CACHE),
            ..Selector::default()
        },
        Selector {
            network: text("vpc-*"),
            ..Selector::default()
        },
        Selector {
            subnet: text("subnet-*"),
            ..Selector::default()
        },
        Selector {
            address: Some([10, 0, 11, 5].into()),
            ..Selector::default()
        },
    ] {
        let result = expecting(selector.clone(), unread());
        assert_eq!(
            (result.caches, result.gaps),
            (vec![], vec![gap()]),
            "{selector:?}"
        );
    }
}

#[test]
fn clients_of_which_the_groups_were_not_read() {
    let gap = || Place::HOME.refused("ec2:DescribeNetworkInterfaces", &[]);
    let expectation = Expectation {
        name: "the application".to_owned(),
        client: Selector {
            group: Some(SG_APP.to_owned()),
            ..Selector::default()
        },
        cache: Selector {
            provider: Some(Provider::Aws),
            ..Selector::default()
        },
        outcome: ExpectedOutcome::NoReach,
        demand: None,
        tls: None,
    };
    let result = |estate: Estate| {
        let snapshot = estate.build();
        let estate = cachewarden_reach::Estate::new(&snapshot);
        cachewarden_reach::reachability(&estate, std::slice::from_ref(&expectation))
            .expectations
            .remove(0)
    };
    let known = result(base());
    assert_eq!((known.clients, known.gaps), (1, vec![]));
    let unread = client(CLIENT, |client| client.filters = Fact::unknown(gap()));
    let unread = result(base().with(unread));
    assert_eq!((unread.clients, unread.gaps), (0, vec![gap()]));
}

/// Where the table that sends answers was not read, the filter at a transit
/// gateway's subnet may not be on their way at all.
#[test]
fn an_edge_on_a_way_that_was_not_read() {
    let one_way = |estate: &mut Estate| {
        network_acl(ACL_CLIENT, T_A, &[], &[allow(100, all(), "0.0.0.0/0")])(estate);
    };
    let unread = |estate: &mut Estate| {
        for subnet in CACHE_SUBNETS {
            let gap = Place::HOME.refused("ec2:DescribeRouteTables", &[]);
            estate.subnet_mut(subnet).route_table = Fact::unknown(gap);
        }
    };
    let answer = ask_from(CLIENT_B, base().with(transit).with(one_way));
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    let answer = ask_from(CLIENT_B, base().with(transit).with(one_way).with(unread));
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
}
