//! A network's own rules on the way out.
//!
//! Source: Cloud Next Generation Firewall, "VPC firewall rules"; Compute
//! Engine API, `firewalls`.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{firewall, runs_as, tags};
use cachewarden_estates::gcp::{Draft, WEB_ACCOUNT, base, egress, id, ingress};
use cachewarden_model::{Action, Edit, Effect, Peer, Stage, Symptom};
use cachewarden_netset::PortRange;

use crate::expect::{ask, rule};
use Action::{Allow, Deny};

fn with<const N: usize>(rules: [Draft; N]) -> Estate {
    base()
        .with(firewall(id::VPC_A, rules))
        .with(runs_as(id::RUN, Some("run@shop.iam.gserviceaccount.com")))
        .with(runs_as(
            id::CONNECTOR,
            Some("link@cloud.gserviceaccount.com"),
        ))
}

fn deny_redis() -> Draft {
    egress("deny-redis", 1000, Deny).tcp(6379, 6379)
}

fn deny_all() -> Draft {
    egress("deny-all", 65_534, Deny)
}

#[test]
fn g1_what_no_rule_decides_is_let_out() {
    ask("web", "sessions", base())
        .is_open()
        .says(Stage::ClientFilter, Effect::Allow, "implied egress allow")
        .says(Stage::Route, Effect::Allow, "redis-peer-1")
        .says(Stage::Link, Effect::Allow, "ACTIVE");
    // Rules on the way in judge no packet to a cache.
    let inwards = with([ingress("deny-in", 0, Deny)]);
    ask("web", "sessions", inwards).is_open();
}

#[test]
fn g2_a_rule_denies_the_port() {
    let answer = ask("web", "sessions", with([deny_redis()]));
    answer
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-redis")])
        .is_called("FIREWALL_RULE");
    let Edit::AddRule { filter, rule } = answer.alone().edit() else {
        panic!("a rule: {answer:#?}");
    };
    assert_eq!(*filter, *id::firewalls(id::VPC_A).as_str());
    assert_eq!((rule.action, rule.priority), (Allow, Some(999)));
    assert_eq!(rule.ports, [PortRange::single(6379)]);
    assert_eq!(rule.peers, [cachewarden_estates::gcp::cidr("10.60.0.3/32")]);
    assert_eq!(rule.local, [Peer::ServiceAccount(WEB_ACCOUNT.to_owned())]);
    ask("web", "sessions", with([deny_redis().tcp(6380, 6380)])).is_open();
    ask("web", "sessions", with([deny_redis().off("disabled")])).is_open();
}

#[test]
fn g2_a_machine_without_identity_is_let_out_by_its_tag() {
    let estate = with([deny_redis()]).with(runs_as(id::WEB, None));
    let answer = ask("web", "sessions", estate);
    let Edit::AddRule { rule, .. } = answer.edit() else {
        panic!("a rule: {answer:#?}");
    };
    assert_eq!(rule.local, [Peer::Tag("redis-client".to_owned())]);
}

#[test]
fn g3_among_equals_the_denial_comes_first() {
    let allow = |priority| egress("allow-ten", priority, Allow).far(&["10.0.0.0/8"]);
    ask("web", "sessions", with([allow(1000), deny_redis()]))
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-redis")])
        .is_mended();
    ask("web", "sessions", with([allow(999), deny_redis()])).is_open();
}

#[test]
fn g3_nothing_comes_before_the_first_priority() {
    let first = egress("deny-redis", 0, Deny).tcp(6379, 6379);
    ask("web", "sessions", with([first]))
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-redis")])
        .is_advised("renumber");
}

#[test]
fn g4_all_is_denied_but_the_web() {
    let web = || egress("allow-web", 1000, Allow).tcp(443, 443);
    let answer = ask("web", "catalog", with([deny_all(), web()]));
    answer.is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-all")]);
    let Edit::AddRule { rule, .. } = answer.alone().edit() else {
        panic!("a rule: {answer:#?}");
    };
    assert_eq!(
        rule.ports,
        [
            PortRange::single(6379),
            PortRange::new(11_000, 13_047).expect("a range")
        ]
    );
    let hosts = ["10.1.2.10/32", "10.1.2.11/32"].map(cachewarden_estates::gcp::cidr);
    assert_eq!(rule.peers, hosts);
    ask("web", "catalog", with([web()])).is_open();
}

fn cluster(first: u16, last: u16, far: &[&str]) -> Draft {
    egress("allow-cluster", 1000, Allow)
        .tcp(first, last)
        .far(far)
}

const BOTH: [&str; 1] = ["10.1.2.10/31"];

#[test]
fn g5_the_ports_of_the_nodes_are_missing() {
    let front = with([deny_all(), cluster(6379, 6379, &BOTH)]);
    ask("web", "catalog", front)
        .is_partial([rule(id::VPC_A, "deny-all")])
        .nearly("allow-cluster", &["port"])
        .is_mended();
    let short = with([deny_all(), cluster(6379, 13_046, &BOTH)]);
    ask("web", "catalog", short).is_partial([rule(id::VPC_A, "deny-all")]);
    ask(
        "web",
        "catalog",
        with([deny_all(), cluster(6379, 13_047, &BOTH)]),
    )
    .is_open();
}

#[test]
fn g6_the_second_address_is_missing() {
    let one = with([deny_all(), cluster(6379, 13_047, &["10.1.2.10/32"])]);
    ask("web", "catalog", one)
        .is_partial([rule(id::VPC_A, "deny-all")])
        .nearly("allow-cluster", &["peer"])
        .is_mended();
    let two = cluster(6379, 13_047, &["10.1.2.10/32", "10.1.2.11/32"]);
    ask("web", "catalog", with([deny_all(), two])).is_open();
}

#[test]
fn g12_a_denial_for_another_identity() {
    let other = deny_redis().accounts(&["other@shop.iam.gserviceaccount.com"]);
    ask("web", "sessions", with([other])).is_open();
    let own = deny_redis().accounts(&[WEB_ACCOUNT]);
    ask("web", "sessions", with([own]))
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-redis")]);
}

#[test]
fn g13_the_machine_lacks_the_tag() {
    let rules = || {
        let allow = egress("allow-clients", 1000, Allow).tcp(6379, 6379);
        [deny_all(), allow.tags(&["redis-client"])]
    };
    let answer = ask("node", "sessions", with(rules()));
    answer
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-all")])
        .nearly("allow-clients", &["target"]);
    let Edit::AddNetworkTag { interface, tag } = answer.edit() else {
        panic!("a tag: {answer:#?}");
    };
    assert_eq!(
        (interface.as_str(), tag.as_str()),
        (id::NODE, "redis-client")
    );
    ask("web", "sessions", with(rules())).is_open();
    let tagged = with(rules()).with(tags(id::NODE, &["redis-client"]));
    ask("node", "sessions", tagged).is_open();
}

#[test]
fn g14_the_rule_that_allows_is_disabled() {
    let allow = || egress("allow-redis", 999, Allow).tcp(6379, 6379);
    let answer = ask(
        "web",
        "sessions",
        with([allow().off("disabled"), deny_redis()]),
    );
    answer
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-redis")])
        .nearly("allow-redis", &["disabled"]);
    assert!(matches!(answer.edit(), Edit::EnableRule { rule, .. } if *rule == *"allow-redis"));
    ask("web", "sessions", with([allow(), deny_redis()])).is_open();
}

#[test]
fn g25_the_rule_lacks_the_encrypted_port() {
    let allow = |port| egress("allow-redis", 1000, Allow).tcp(port, port);
    ask("web", "cart", with([deny_all(), allow(6379)]))
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-all")])
        .nearly("allow-redis", &["port"])
        .is_mended();
    ask("web", "cart", with([deny_all(), allow(6378)])).is_open();
}
