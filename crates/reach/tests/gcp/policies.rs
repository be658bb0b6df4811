//! Firewall policies, and their place among a network's own rules.
//!
//! Source: Cloud Next Generation Firewall, "Firewall policy rule evaluation
//! order" and "Firewall policy rules".

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{firewall, policies_first, policy};
use cachewarden_estates::gcp::{Draft, base, egress, id, line, unresolved};
use cachewarden_model::{Action, Edit, Effect, Stage, Symptom};
use cachewarden_reach::{Estate as Indexed, reachability};

use crate::expect::{ask, line as blamed, rule};
use Action::{Allow, Deny, Next};

fn deny() -> Draft {
    line(100, Deny).tcp(6379, 6379).far(&["10.0.0.0/8"])
}

fn under<const N: usize>(filter: &str, rules: [Draft; N]) -> Estate {
    base().with(policy(filter, rules))
}

fn allow_all(priority: u32) -> Draft {
    egress("allow-all", priority, Allow)
}

#[test]
fn g7_the_organization_denies_what_the_network_allows() {
    let own = || firewall(id::VPC_A, [allow_all(0)]);
    let answer = ask(
        "web",
        "sessions",
        under(id::ORG_POLICY, [deny()]).with(own()),
    );
    answer
        .is_blocked(Symptom::Timeout, [blamed(id::ORG_POLICY, 100)])
        .is_called("FIREWALL_RULE");
    let Edit::AddRule { filter, rule } = answer.edit() else {
        panic!("a rule: {answer:#?}");
    };
    assert_eq!((filter.as_str(), rule.id.as_str()), (id::ORG_POLICY, "99"));
    let networks = &rule.gcp.as_ref().expect("a policy's rule").networks;
    assert_eq!(*networks, [cachewarden_model::ResourceId::from(id::VPC_A)]);
    let next = under(id::ORG_POLICY, [line(90, Next), deny()]).with(own());
    ask("web", "sessions", next).is_open();
}

#[test]
fn g8_what_the_organization_allows_nobody_denies() {
    let own = || egress("deny-redis", 1000, Deny).tcp(6379, 6379);
    let over = |action| {
        under(id::ORG_POLICY, [line(100, action).far(&["10.0.0.0/8"])])
            .with(firewall(id::VPC_A, [own()]))
    };
    ask("web", "sessions", over(Allow)).is_open().says(
        Stage::ClientFilter,
        Effect::NotApplicable,
        "not asked",
    );
    ask("web", "sessions", over(Next))
        .is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-redis")])
        .says(Stage::ClientFilter, Effect::NotApplicable, "goto_next");
}

#[test]
fn g9_the_networks_own_rules_come_before_policies() {
    let estate = || under(id::GLOBAL_POLICY, [deny()]).with(firewall(id::VPC_A, [allow_all(1000)]));
    ask("web", "sessions", estate()).is_open();
    // The denial is never asked, and that is told.
    let snapshot = estate().build();
    let found = reachability(&Indexed::new(&snapshot), &[]);
    let denial = found.rules.iter().find(|it| it.rule == *"100");
    let dead = denial.and_then(|it| it.dead.as_ref()).expect("a dead rule");
    assert_eq!(dead.as_str(), "shadowed");
}

#[test]
fn g10_policies_come_first_if_the_network_says_so() {
    let estate = under(id::GLOBAL_POLICY, [deny()])
        .with(firewall(id::VPC_A, [allow_all(1000)]))
        .with(policies_first(id::VPC_A));
    ask("web", "sessions", estate)
        .is_blocked(Symptom::Timeout, [blamed(id::GLOBAL_POLICY, 100)])
        .is_mended();
}

#[test]
fn g11_the_policy_of_the_clients_region() {
    let estate = || under(id::REGIONAL_POLICY, [deny()]);
    ask("web", "catalog", estate())
        .is_partial([blamed(id::REGIONAL_POLICY, 100)])
        .is_mended();
    ask("far", "catalog", estate()).is_open();
}

#[test]
fn g15_a_rule_whose_tags_are_not_in_effect() {
    let tagged = || deny().secure_tags(&["tagValues/1"]);
    let off = under(id::GLOBAL_POLICY, [tagged().off("no effective tag")]);
    ask("web", "sessions", off).is_open();
    ask("web", "sessions", under(id::GLOBAL_POLICY, [tagged()])).is_unknown("secure tag");
}

#[test]
fn g16_what_only_the_cloud_resolves() {
    for words in [
        "fqdn example.com",
        "region RU",
        "threat list X",
        "address group g",
    ] {
        let rule = deny().peers([unresolved(words)]);
        ask("web", "sessions", under(id::GLOBAL_POLICY, [rule])).is_unknown(words);
    }
    // It decides nothing where what comes after says the same.
    let both = [
        deny().peers([unresolved("fqdn example.com")]),
        line(200, Deny).tcp(6379, 6379),
    ];
    ask("web", "sessions", under(id::GLOBAL_POLICY, both))
        .is_blocked(Symptom::Timeout, [blamed(id::GLOBAL_POLICY, 100)]);
    let known = deny().far(&["192.168.0.0/16"]);
    ask("web", "sessions", under(id::GLOBAL_POLICY, [known])).is_open();
}

#[test]
fn g17_a_security_profile_looks_into_it() {
    let rule = || line(100, Allow).tcp(6379, 6379);
    let inspected = under(id::GLOBAL_POLICY, [rule().inspects()]);
    ask("web", "sessions", inspected).is_unknown("security profile");
    ask("web", "sessions", under(id::GLOBAL_POLICY, [rule()])).is_open();
}

#[test]
fn g7_a_policy_for_other_networks() {
    let other = under(id::ORG_POLICY, [deny().networks(&[id::VPC_B])]);
    ask("web", "sessions", other).is_open();
    let own = under(id::ORG_POLICY, [deny().networks(&[id::VPC_A])]);
    ask("web", "sessions", own).is_blocked(Symptom::Timeout, [blamed(id::ORG_POLICY, 100)]);
}

#[test]
fn g7_a_rule_for_other_sources() {
    let near = |range: &str| under(id::GLOBAL_POLICY, [deny().near(&[range])]);
    ask("web", "sessions", near("10.1.128.0/20")).is_open();
    ask("web", "sessions", near("10.1.1.0/24"))
        .is_blocked(Symptom::Timeout, [blamed(id::GLOBAL_POLICY, 100)]);
    // Its pods have other addresses than the machine.
    ask("node", "sessions", near("10.1.128.0/20")).is_partial([blamed(id::GLOBAL_POLICY, 100)]);
}
