//! Rules on the way out, and what they are good for.

use Action::{Allow, Deny};
use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{firewall, policy, refused};
use cachewarden_estates::gcp::{base, egress, id, ingress, line};
use cachewarden_model::{Action, Noun, RuleUse};
use cachewarden_reach::{Estate as Indexed, reachability};

fn uses(estate: Estate) -> Vec<RuleUse> {
    let snapshot = estate.build();
    let found = reachability(&Indexed::new(&snapshot), &[]);
    found.rules
}

fn dead(estate: Estate, rule: &str) -> Option<&'static str> {
    let uses = uses(estate);
    let own = uses.iter().find(|it| it.rule == *rule);
    own.expect("the rule").dead.as_ref().map(|it| it.as_str())
}

#[test]
fn only_rules_on_the_way_out_bear_on_caches() {
    assert!(uses(base()).is_empty());
    let rules = [
        egress("allow-redis", 1000, Allow).tcp(6379, 6379),
        egress("allow-web", 1000, Allow).tcp(443, 443),
        egress("allow-office", 1000, Allow).far(&["192.168.0.0/16"]),
        ingress("allow-in", 1000, Allow).tcp(6379, 6379),
    ];
    let found = uses(base().with(firewall(id::VPC_A, rules)));
    let names: Vec<&str> = found.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(names, ["allow-redis"]);
    let guards = found.iter().flat_map(|it| &it.guards);
    let mut guards: Vec<&str> = guards.map(|it| it.as_str()).collect();
    guards.sort_unstable();
    let mut all = [id::SESSIONS, id::CATALOG, id::ORDERS, id::SEARCH];
    all.sort_unstable();
    // `cart` listens on another port.
    assert_eq!(guards, all);
}

#[test]
fn g14_a_disabled_rule_does_nothing() {
    let rule = || egress("allow-redis", 1000, Allow).tcp(6379, 6379);
    let with = |rule| base().with(firewall(id::VPC_A, [rule]));
    assert_eq!(
        dead(with(rule().off("disabled")), "allow-redis"),
        Some("inert")
    );
    assert_eq!(dead(with(rule()), "allow-redis"), None);
}

#[test]
fn g3_a_rule_behind_one_that_decides_it_all() {
    let rules = |first: u32| {
        [
            egress("deny-all", first, Deny),
            egress("allow-redis", 1000, Allow).tcp(6379, 6379),
        ]
    };
    let with = |first| base().with(firewall(id::VPC_A, rules(first)));
    assert_eq!(dead(with(1000), "allow-redis"), Some("shadowed"));
    assert_eq!(dead(with(1001), "allow-redis"), None);
}

#[test]
fn g13_a_rule_for_a_tag_that_nobody_carries() {
    let with = |tag: &str| {
        let rule = egress("allow-redis", 1000, Allow).tcp(6379, 6379);
        base()
            .with(firewall(id::VPC_A, [rule.tags(&[tag])]))
            .with(|estate| {
                let clients = &mut estate.snapshot.interfaces;
                clients.retain(|it| it.id != *id::CONNECTOR);
            })
    };
    assert_eq!(dead(with("nobody"), "allow-redis"), Some("names-nobody"));
    assert_eq!(dead(with("redis-client"), "allow-redis"), None);
    let hidden = with("nobody").with(refused("compute.instances.list", &[Noun::Interfaces]));
    assert_eq!(dead(hidden, "allow-redis"), None);
}

#[test]
fn g9_a_policys_rule_behind_the_networks_own() {
    let with = |priority| {
        base()
            .with(policy(
                id::GLOBAL_POLICY,
                [line(100, Deny).tcp(6379, 6379).far(&["10.0.0.0/8"])],
            ))
            .with(firewall(
                id::VPC_A,
                [egress("allow-ten", priority, Allow).far(&["10.0.0.0/9"])],
            ))
    };
    // The network's rule leaves half of it to the policy.
    assert_eq!(dead(with(1000), "100"), None);
    let whole = with(1000).with(firewall(id::VPC_A, [egress("allow-all", 2000, Allow)]));
    assert_eq!(dead(whole, "100"), Some("shadowed"));
}
