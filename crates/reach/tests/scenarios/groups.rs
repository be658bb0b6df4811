//! Security groups within one network.
//!
//! Source: Amazon VPC User Guide, "Security group rules".

use cachewarden_estates::change::{
    admit, both, cache_port, inbound, new_group, on_cache, outbound, wears,
};
use cachewarden_estates::ids::{CLIENT, S1, SG_APP, SG_CACHE, SG_EXTRA, SG_OLD, VPC_A, rule_id};
use cachewarden_estates::noun::{all, any, cidr, function, group, prefix_list, protocol, tcp, udp};
use cachewarden_estates::{Estate, Place, base};
use cachewarden_model::{Direction, Symptom};
use cachewarden_netset::{Family, Protocol};

use crate::expect::{ask, ask_from, cache_group, client_group};

const PL: &str = "pl-0a000000000000001";
const FUNCTION: &str = "eni-0a0000000000001f0";
const SG_FN: &str = "sg-0f99000000000f001";

fn first() -> Option<cachewarden_model::RuleId> {
    Some(rule_id(SG_CACHE, Direction::Ingress, 0))
}

fn first_out() -> Option<cachewarden_model::RuleId> {
    Some(rule_id(SG_APP, Direction::Egress, 0))
}

fn listed(family: Family, ranges: &'static [&'static str]) -> impl FnOnce(&mut Estate) {
    both(
        move |estate| {
            let list = prefix_list(Place::HOME, PL, family, ranges);
            estate.snapshot.prefix_lists.push(list);
        },
        inbound(
            SG_CACHE,
            [tcp(6379).from(cachewarden_model::Peer::PrefixList(PL.into()))],
        ),
    )
}

#[test]
fn a1_no_rule_at_all() {
    ask(base().with(inbound(SG_CACHE, []))).is_blocked_by([cache_group(None)]);
    ask(base()).is_open();
}

#[test]
fn a2_another_port() {
    let other = base().with(inbound(SG_CACHE, [tcp(6380).from(group(SG_APP))]));
    ask(other)
        .differs_in(&["port"])
        .is_blocked_by([cache_group(first())]);
    let same = base().with(inbound(SG_CACHE, [tcp(6379).from(group(SG_APP))]));
    ask(same).is_open();
}

#[test]
fn a3_the_cache_listens_elsewhere() {
    let elsewhere = base().with(cache_port(6390));
    ask(elsewhere.clone())
        .differs_in(&["port"])
        .is_blocked_by([cache_group(first())]);
    let followed = elsewhere.with(inbound(SG_CACHE, [tcp(6390).from(group(SG_APP))]));
    ask(followed).is_open();
}

#[test]
fn a5_egress_for_another_port() {
    let web = base().with(outbound(SG_APP, [tcp(443).to(any())]));
    ask(web)
        .differs_in(&["port"])
        .is_blocked_by([client_group(first_out())]);
    let redis = base().with(outbound(SG_APP, [tcp(6379).to(any())]));
    ask(redis).is_open();
}

#[test]
fn a6_no_egress_at_all() {
    ask(base().with(outbound(SG_APP, []))).is_blocked_by([client_group(None)]);
    let named = base().with(outbound(SG_APP, [tcp(6379).to(group(SG_CACHE))]));
    ask(named).is_open();
}

#[test]
fn a7_another_protocol() {
    let datagrams = base().with(inbound(SG_CACHE, [udp(6379).from(group(SG_APP))]));
    ask(datagrams)
        .differs_in(&["protocol"])
        .is_blocked_by([cache_group(first())]);
}

#[test]
fn a8_another_range() {
    let other = base().with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.0.2.0/24"))]));
    ask(other)
        .differs_in(&["peer"])
        .is_blocked_by([cache_group(first())]);
    let own = base().with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.0.1.0/24"))]));
    ask(own).is_open();
}

#[test]
fn a9_an_entry_gone_from_a_prefix_list() {
    let gone = base().with(listed(Family::V4, &["10.9.0.0/16"]));
    ask(gone)
        .differs_in(&["peer"])
        .is_blocked_by([cache_group(first())]);
    let there = base().with(listed(Family::V4, &["10.9.0.0/16", "10.0.1.0/24"]));
    ask(there).is_open();
}

#[test]
fn a10_a_prefix_list_of_the_other_family() {
    let other = base().with(listed(Family::V6, &["2001:db8:a:1::/64"]));
    ask(other)
        .differs_in(&["family"])
        .is_blocked_by([cache_group(first())]);
}

#[test]
fn a11_a_group_that_the_client_left() {
    let left = base()
        .with(new_group(VPC_A, SG_OLD, "old", []))
        .with(inbound(SG_CACHE, [tcp(6379).from(group(SG_OLD))]));
    ask(left.clone())
        .differs_in(&["peer"])
        .is_blocked_by([cache_group(first())]);
    ask(left.with(wears(CLIENT, [SG_OLD]))).is_open();
}

#[test]
fn a12_one_of_two_groups_is_enough() {
    let both = base()
        .with(inbound(SG_CACHE, []))
        .with(new_group(
            VPC_A,
            SG_EXTRA,
            "extra",
            [tcp(6379).from(cidr("10.0.0.0/16"))],
        ))
        .with(on_cache([SG_CACHE, SG_EXTRA]));
    ask(both.clone()).is_open();
    ask(both.with(on_cache([SG_CACHE]))).is_blocked_by([cache_group(None)]);
}

#[test]
fn a15_a_protocol_by_its_number() {
    let by_number = |number| {
        let line = protocol(Protocol::Number(number), 6379).from(group(SG_APP));
        base().with(inbound(SG_CACHE, [line]))
    };
    ask(by_number(6)).is_open();
    ask(by_number(50))
        .differs_in(&["protocol"])
        .is_blocked_by([cache_group(first())]);
}

#[test]
fn a17_the_default_group_admits_itself_alone() {
    const DEFAULT: &str = "sg-0a000000000000001";
    let default = base().with(on_cache([DEFAULT]));
    let own = rule_id(DEFAULT, Direction::Ingress, 0);
    let blame = crate::expect::blamed(
        "security-group",
        DEFAULT,
        Some(own.as_str()),
        cachewarden_model::Leg::Request,
        cachewarden_model::Stage::CacheFilter,
    );
    ask(default.clone())
        .differs_in(&["peer"])
        .is_blocked_by([blame]);
    ask(default.with(wears(CLIENT, [SG_APP, DEFAULT]))).is_open();
}

#[test]
fn a27_functions_carry_a_group_of_their_own() {
    let functions = base()
        .with(new_group(VPC_A, SG_FN, "functions", []))
        .with(|estate| {
            let of = estate.subnet(S1);
            let functions = function(of, FUNCTION, "thumbnails", "10.0.1.77", &[SG_FN]);
            estate.snapshot.interfaces.push(functions);
        });
    ask_from(FUNCTION, functions.clone())
        .differs_in(&["peer"])
        .is_blocked_by([cache_group(first())]);
    let admitted = functions.with(admit(SG_CACHE, tcp(6379).from(group(SG_FN))));
    ask_from(FUNCTION, admitted).is_open();
}

#[test]
fn a28_a_function_outside_every_network() {
    // It connects from a public address; no cache has one.
    let world = base().with(inbound(SG_CACHE, [all().from(any())]));
    let answer = ask_from("198.51.100.7", world.clone());
    assert_eq!(
        answer.0.outcome,
        cachewarden_model::Outcome::Blocked,
        "{answer:#?}"
    );
    assert_eq!(answer.0.symptom, Some(Symptom::Timeout));
    assert_eq!(
        answer.0.client.kind,
        cachewarden_model::ClientKind::Internet
    );
    ask(world).is_open();
}
