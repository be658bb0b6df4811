//! Network ACLs: order, both legs, families, one subnet of several.
//!
//! Source: Amazon VPC User Guide, "Network ACL rules", "Ephemeral ports";
//! AWS Transit Gateway, "Network ACLs".

use cachewarden_estates::base::{dual_stack, serverless, transit};
use cachewarden_estates::change::{cache, client, moved, network_acl, platform, router};
use cachewarden_estates::ids::{
    ACL_CACHE, ACL_CLIENT, CACHE_SUBNETS, CLIENT, CLIENT_B, S1, S11, S12, SB, SG_APP, VPC_A,
};
use cachewarden_estates::noun::{all, allow, deny, function, protocol, tcp};
use cachewarden_estates::{Estate, Place, base};
use cachewarden_model::{EndpointRole, Fact, Leg, Platform, Rule, Stage};
use cachewarden_netset::{PortSet, Protocol};

use crate::expect::{
    ask, ask_for, ask_from, blamed, cache_acl, client_acl, facts, ports, rule_use,
};

fn open() -> Rule {
    allow(100, all(), "0.0.0.0/0")
}

fn web() -> Rule {
    allow(100, tcp(443), "0.0.0.0/0")
}

fn back(first: u16, last: u16) -> Rule {
    allow(100, tcp(first..=last), "0.0.0.0/0")
}

/// All ports of the client, to those nodes that any of them gets through to.
fn linux() -> PortSet {
    ports(32_768, 60_999)
}

fn around_cache(inbound: &[Rule], outbound: &[Rule]) -> impl FnOnce(&mut Estate) {
    network_acl(ACL_CACHE, CACHE_SUBNETS, inbound, outbound)
}

fn around_client(inbound: &[Rule], outbound: &[Rule]) -> impl FnOnce(&mut Estate) {
    network_acl(ACL_CLIENT, [S1], inbound, outbound)
}

#[test]
fn b1_no_entry_for_the_port() {
    ask(base().with(around_cache(&[web()], &[open()])))
        .is_blocked_by([cache_acl("32767 ingress", Leg::Request)]);
    let own = allow(100, tcp(6379), "10.0.1.0/24");
    ask(base().with(around_cache(&[own], &[open()]))).is_open();
}

#[test]
fn b2_a_deny_before_an_allow() {
    let denied = deny(90, tcp(6379), "10.0.0.0/16");
    ask(base().with(around_cache(&[denied, open()], &[open()])))
        .is_blocked_by([cache_acl("90 ingress", Leg::Request)]);
}

#[test]
fn b3_a_deny_after_an_allow_is_dead() {
    let late = deny(200, all(), "10.0.1.10/32");
    let estate = base().with(around_cache(&[open(), late], &[open()]));
    ask(estate.clone()).is_open();
    let dead = rule_use(&facts(estate), ACL_CACHE, "200 ingress").dead;
    let by = vec!["100 ingress".into()];
    assert_eq!(dead, Some(cachewarden_model::DeadRule::Shadowed { by }));
    let early = deny(90, all(), "10.0.1.10/32");
    ask(base().with(around_cache(&[early, open()], &[open()])))
        .is_blocked_by([cache_acl("90 ingress", Leg::Request)]);
}

#[test]
fn b4_no_reply_gets_out() {
    ask(base().with(around_cache(&[open()], &[web()])))
        .is_blocked_by([cache_acl("32767 egress", Leg::Reply)]);
    ask(base().with(around_cache(&[open()], &[back(1024, 65_535)]))).is_open();
}

#[test]
fn b5_replies_to_some_ports_of_a_linux_client() {
    let answer = ask(base().with(around_cache(&[open()], &[back(49_152, 65_535)])));
    answer.is_partial_by(ports(49_152, 60_999), [cache_acl("100 egress", Leg::Reply)]);
    assert_eq!(answer.0.source_ports.count(), 11_848);
    let witness = answer.0.witness.expect("a flow that fails");
    assert!(
        (32_768..=49_151).contains(&witness.flow.source_port),
        "{witness:?}"
    );
    ask(base().with(around_cache(&[open()], &[back(32_768, 65_535)]))).is_open();
}

#[test]
fn b6_replies_to_some_ports_of_a_function() {
    let functions = |estate: &mut Estate| {
        let of = estate.subnet(S1);
        let functions = function(of, "eni-0f", "thumbnails", "10.0.1.77", &[SG_APP]);
        estate.snapshot.interfaces.push(functions);
    };
    let some = base()
        .with(functions)
        .with(around_cache(&[open()], &[back(32_768, 60_999)]));
    ask_from("eni-0f", some.clone())
        .is_partial_by(ports(32_768, 60_999), [cache_acl("100 egress", Leg::Reply)]);
    ask(some).is_open();
}

#[test]
fn b7_replies_to_some_ports_of_a_windows_client() {
    let some = base().with(around_cache(&[open()], &[back(32_768, 60_999)]));
    ask(some.clone().with(platform(CLIENT, Platform::Windows)))
        .is_partial_by(ports(49_152, 60_999), [cache_acl("100 egress", Leg::Reply)]);
    ask(some).is_open();
}

#[test]
fn b8_no_request_leaves_the_clients_subnet() {
    ask(base().with(around_client(&[open()], &[web()])))
        .is_blocked_by([client_acl("32767 egress", Leg::Request)]);
    let out = allow(100, tcp(6379), "10.0.8.0/21");
    ask(base().with(around_client(&[open()], &[out]))).is_open();
}

#[test]
fn b9_no_reply_enters_the_clients_subnet() {
    ask(base().with(around_client(&[web()], &[open()])))
        .is_blocked_by([client_acl("32767 ingress", Leg::Reply)]);
    ask(base().with(around_client(&[back(1024, 65_535)], &[open()]))).is_open();
}

#[test]
fn b10_a_list_does_not_judge_inside_its_subnet() {
    let closed = network_acl(ACL_CACHE, [S11], &[], &[]);
    let inside = base().with(moved(CLIENT, S11, "10.0.11.10")).with(closed);
    let at_client = |entry, leg| {
        blamed(
            "network-acl",
            ACL_CACHE,
            Some(entry),
            leg,
            Stage::ClientSubnet,
        )
    };
    ask(inside.clone()).is_partial_by(
        linux(),
        [
            at_client("32767 egress", Leg::Request),
            at_client("32767 ingress", Leg::Reply),
        ],
    );
    // With the one node that shares the subnet, nothing is in the way.
    ask(inside.with(cache(|cache| {
        cache.nodes.truncate(1);
        cache.endpoints[0].nodes.truncate(1);
    })))
    .is_open();
}

#[test]
fn b11_one_subnet_of_several() {
    let one = [deny(90, tcp(6379), "0.0.0.0/0"), open()];
    ask(base().with(network_acl(ACL_CACHE, [S12], &one, &[open()])))
        .is_partial_by(linux(), [cache_acl("90 ingress", Leg::Request)]);
    ask(base().with(around_cache(&one, &[open()])))
        .is_blocked_by([cache_acl("90 ingress", Leg::Request)]);
}

#[test]
fn b12_a_list_without_ipv6() {
    let only_v4 = base()
        .with(dual_stack)
        .with(around_cache(&[open()], &[open()]));
    let answer = ask(only_v4);
    assert_eq!(
        answer.0.outcome,
        cachewarden_model::Outcome::Partial,
        "{answer:#?}"
    );
    assert!(answer.0.witness.expect("a flow").flow.source.is_ipv6());
    let both = [open(), allow(101, all(), "::/0")];
    ask(base().with(dual_stack).with(around_cache(&both, &both))).is_open();
}

#[test]
fn b13_a_new_subnet_has_the_default_list() {
    const NEW: &str = "subnet-0a000000000000199";
    const MACHINE: &str = "eni-0a000000000000199";
    let new = base().with(|estate| {
        estate.add_subnet(VPC_A, NEW, "new", 1, &["10.0.99.0/24"]);
        estate.add_machine(NEW, MACHINE, "new", &["10.0.99.10"], &[SG_APP]);
    });
    ask_from(MACHINE, new.clone()).is_open();
    ask_from(MACHINE, new.with(network_acl(ACL_CLIENT, [NEW], &[], &[]))).is_blocked_by([
        client_acl("32767 egress", Leg::Request),
        client_acl("32767 ingress", Leg::Reply),
    ]);
}

#[test]
fn b14_a_new_list_denies_everything() {
    ask(base().with(around_cache(&[], &[]))).is_blocked_by([
        cache_acl("32767 ingress", Leg::Request),
        cache_acl("32767 egress", Leg::Reply),
    ]);
    ask(base().with(around_cache(&[open()], &[open()]))).is_open();
}

#[test]
fn b16_ports_beside_another_protocol_are_not_read() {
    let with = |number| {
        let entry = allow(100, protocol(Protocol::Number(number), 6379), "0.0.0.0/0");
        base().with(around_cache(&[entry], &[open()]))
    };
    ask(with(47)).is_blocked_by([cache_acl("32767 ingress", Leg::Request)]);
    ask(with(6)).is_open();
}

#[test]
fn b17_a_transit_interface_beside_the_client() {
    // Nothing may enter the client's subnet but from the client itself.
    let own = allow(100, all(), "10.1.1.0/24");
    let closed = |estate: &mut Estate| {
        network_acl(ACL_CLIENT, [SB], std::slice::from_ref(&own), &[open()])(estate);
    };
    let apart = base().with(transit).with(closed);
    ask_from(CLIENT_B, apart.clone()).is_blocked_by([client_acl("32767 ingress", Leg::Reply)]);
    let beside = apart.with(router(|attachments, _| {
        attachments[1].subnets = Fact::Known(vec![SB.into()]);
    }));
    ask_from(CLIENT_B, beside).is_open();
}

#[test]
fn b18_the_list_belongs_to_the_owner_of_a_shared_network() {
    let shared = base()
        .with(cache(|cache| cache.account = Place::STRANGER.account()))
        .with(client(CLIENT, |client| {
            client.account = Place::STRANGER.account()
        }));
    ask(shared.clone()).is_open();
    ask(shared.with(around_cache(&[web()], &[open()])))
        .is_blocked_by([cache_acl("32767 ingress", Leg::Request)]);
}

#[test]
fn b19_a_list_without_the_reader_port_of_a_serverless_cache() {
    let around = |port: u16| {
        let inbound = [allow(100, tcp(6379..=port), "0.0.0.0/0")];
        base()
            .with(serverless)
            .with(around_cache(&inbound, &[open()]))
    };
    ask_for(EndpointRole::Primary, CLIENT, around(6379)).is_open();
    ask_for(EndpointRole::Reader, CLIENT, around(6379))
        .is_blocked_by([cache_acl("32767 ingress", Leg::Request)]);
    ask_for(EndpointRole::Reader, CLIENT, around(6380)).is_open();
}

#[test]
fn the_order_is_that_of_the_numbers_and_not_of_the_answer() {
    let listed_last = [open(), deny(90, tcp(6379), "10.0.0.0/16")];
    ask(base().with(around_cache(&listed_last, &[open()])))
        .is_blocked_by([cache_acl("90 ingress", Leg::Request)]);
}

#[test]
fn a_list_for_one_node_of_three_by_address() {
    let only = allow(100, tcp(6379), "10.0.11.0/24");
    ask(base().with(around_client(&[open()], &[only])))
        .is_partial_by(linux(), [client_acl("32767 egress", Leg::Request)]);
}
