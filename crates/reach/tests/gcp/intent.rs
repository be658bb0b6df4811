//! Whom rules of a network mean to reach a cache.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{firewall, policy};
use cachewarden_estates::gcp::{Draft, WEB_ACCOUNT, base, egress, id, line};
use cachewarden_model::{Action, Intent};
use cachewarden_reach::{Estate as Indexed, Query, connections};

/// Clients that rules mean to reach a cache.
fn meant(cache: &str, estate: Estate) -> Vec<String> {
    let snapshot = estate.build();
    let query = Query {
        client: None,
        cache: Some(cache),
        all: false,
    };
    let report = connections(&Indexed::new(&snapshot), &[], &query).expect("the cache");
    let mut names: Vec<String> = report
        .connections
        .iter()
        .filter(|it| it.intended == Some(Intent::Rule))
        .map(|it| it.client.name.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn allow() -> Draft {
    egress("allow-redis", 1000, Action::Allow).tcp(6379, 6379)
}

fn with(rule: Draft) -> Estate {
    base().with(firewall(id::VPC_A, [rule]))
}

#[test]
fn a_rule_to_exactly_the_cache_for_exactly_some_machines() {
    let exact = || allow().far(&["10.60.0.3/32"]);
    assert!(meant("sessions", base()).is_empty());
    assert_eq!(
        meant("sessions", with(exact().tags(&["redis-client"]))),
        ["far", "web"]
    );
    assert_eq!(
        meant("sessions", with(exact().accounts(&[WEB_ACCOUNT]))),
        ["web"]
    );
    let range = allow().far(&["10.60.0.0/29"]).tags(&["run"]);
    assert_eq!(meant("sessions", with(range)), ["api"]);
}

#[test]
fn what_is_wider_means_nobody() {
    let exact = || allow().far(&["10.60.0.3/32"]);
    // Every machine of the network, or every address of a range.
    assert!(meant("sessions", with(exact())).is_empty());
    let wide = allow().far(&["10.0.0.0/8"]).tags(&["redis-client"]);
    assert!(meant("sessions", with(wide)).is_empty());
    let other = exact().tcp(6380, 6380).tags(&["redis-client"]);
    assert!(meant("sessions", with(other)).is_empty());
    let off = exact().off("disabled").tags(&["redis-client"]);
    assert!(meant("sessions", with(off)).is_empty());
}

#[test]
fn a_policys_rule_names_a_subnet_by_its_sources() {
    let near = |range: &str| {
        let rule = line(100, Action::Allow).tcp(6379, 6379);
        let rule = rule.far(&["10.60.0.3/32"]).near(&[range]);
        base().with(policy(id::GLOBAL_POLICY, [rule]))
    };
    assert_eq!(meant("sessions", near("10.1.1.0/24")), ["node", "web"]);
    assert_eq!(meant("sessions", near("10.1.1.10/32")), ["web"]);
    assert!(meant("sessions", near("10.1.0.0/16")).is_empty());
}
