//! Names, status, and ports that a client needs besides.

use cachewarden_estates::base;
use cachewarden_estates::base::serverless;
use cachewarden_estates::change::{
    cache, inbound, network_acl, own_resolver, resolver_off, status,
};
use cachewarden_estates::ids::{ACL_CLIENT, CACHE, CLIENT, S1, SG_APP, SG_CACHE, VPC_A, rule_id};
use cachewarden_estates::noun::{all, allow, group, tcp};
use cachewarden_model::{Direction, EndpointRole, Leg, Outcome, Phase, Stage, Symptom};

use crate::expect::{ask, ask_for, cache_group, ports};

#[test]
fn d1_no_resolver_in_the_clients_network() {
    let answer = ask(base().with(resolver_off(VPC_A)));
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.symptom, Some(Symptom::Dns));
    let blame = &answer.0.blame[0];
    assert_eq!((blame.resource.as_str(), blame.stage), (VPC_A, Stage::Dns));
    assert_eq!(blame.leg, Leg::Request);
}

#[test]
fn d2_a_name_server_of_the_owners() {
    // Whether it forwards the cloud's names is not to be read anywhere.
    let answer = ask(base().with(own_resolver(VPC_A, "10.0.0.53")));
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
    let step = answer.0.trace.iter().find(|step| step.stage == Stage::Dns);
    assert_eq!(
        step.map(|it| it.effect),
        Some(cachewarden_model::Effect::Unknown)
    );
}

#[test]
fn a_resolver_that_is_off_is_not_missed_where_nobody_asks_it() {
    let own = base()
        .with(own_resolver(VPC_A, "10.0.0.53"))
        .with(resolver_off(VPC_A));
    let answer = ask(own);
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
}

#[test]
fn d4_only_the_first_answers_subnet() {
    let one = [allow(100, tcp(6379), "10.0.11.0/24")];
    let open = [allow(100, all(), "0.0.0.0/0")];
    let answer = ask(base().with(network_acl(ACL_CLIENT, [S1], &open, &one)));
    assert_eq!(answer.0.outcome, Outcome::Partial, "{answer:#?}");
    assert_eq!(answer.0.source_ports, ports(32_768, 60_999));
    assert!(
        answer.0.blame.iter().all(|it| it.resource == ACL_CLIENT),
        "{answer:#?}"
    );
    let whole = [allow(100, tcp(6379), "10.0.8.0/21")];
    ask(base().with(network_acl(ACL_CLIENT, [S1], &open, &whole))).is_open();
}

#[test]
fn d6_not_there_yet_or_not_any_more() {
    for (text, phase) in [("creating", Phase::Creating), ("deleting", Phase::Gone)] {
        let estate = base().with(status(text, phase)).with(cache(|cache| {
            for endpoint in &mut cache.endpoints {
                endpoint.host = None;
            }
        }));
        let answer = ask(estate);
        assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
        assert_eq!(answer.0.symptom, Some(Symptom::Dns), "{answer:#?}");
        let blame = answer.0.blame.iter().find(|it| it.stage == Stage::Status);
        assert_eq!(
            blame.map(|it| it.resource.as_str()),
            Some(CACHE),
            "{answer:#?}"
        );
    }
    for (text, phase) in [
        ("modifying", Phase::Changing),
        ("incompatible-network", Phase::Impaired),
    ] {
        ask(base().with(status(text, phase))).is_open();
    }
    let answer = ask(base().with(status("frobnicating", Phase::Unclear)));
    assert_eq!(answer.0.outcome, Outcome::Unknown, "{answer:#?}");
}

#[test]
fn d17_the_reader_port_of_a_serverless_cache() {
    let one = base()
        .with(serverless)
        .with(inbound(SG_CACHE, [tcp(6379).from(group(SG_APP))]));
    ask_for(EndpointRole::Primary, CLIENT, one.clone()).is_open();
    ask_for(EndpointRole::Reader, CLIENT, one)
        .differs_in(&["port"])
        .is_blocked_by([cache_group(Some(rule_id(SG_CACHE, Direction::Ingress, 0)))]);
    ask_for(EndpointRole::Reader, CLIENT, base().with(serverless)).is_open();
}
