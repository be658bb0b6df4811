//! Serverless clients: connectors, and Cloud Run with Direct VPC egress.
//!
//! Source: Serverless VPC Access API, `Connector.State`; Cloud Run, "Direct
//! VPC egress with a VPC network"; Memorystore for Redis, "Supported
//! environments".

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{firewall, on_client, policy, tags};
use cachewarden_estates::gcp::{base, egress, id, line};
use cachewarden_model::{Action, RunState, Stage, Symptom};

use crate::expect::{ask, cache, connector, line as blamed, rule};

fn connector_is(word: &str) -> Estate {
    let word = word.to_owned();
    base().with(on_client(id::CONNECTOR, move |it| {
        let behind = it.attached_to.as_mut().expect("a connector");
        behind.state = cachewarden_model::Fact::Known(RunState::Other(word));
    }))
}

#[test]
fn g35_a_service_without_a_way_into_the_network() {
    // It comes from the internet then, where no cache has an address.
    ask("34.1.2.3", "sessions", base())
        .is_blocked(Symptom::Timeout, [cache(id::SESSIONS, Stage::PublicAccess)])
        .is_called("REDIS_INSTANCE_NO_EXTERNAL_IP");
    ask("34.1.2.3", "catalog", base()).is_called("REDIS_CLUSTER_NO_EXTERNAL_IP");
    ask("api", "sessions", base()).is_open();
}

#[test]
fn g36_a_connector_that_is_not_ready() {
    for word in ["ERROR", "CREATING", "DELETING"] {
        ask("link", "sessions", connector_is(word))
            .is_blocked(Symptom::Timeout, [connector(id::CONNECTOR)])
            .is_called("VPC_CONNECTOR_NOT_RUNNING")
            .is_advised("repair the connector");
    }
    ask("link", "sessions", connector_is("UPDATING")).is_unknown("UPDATING");
    ask("link", "sessions", base()).is_open();
}

#[test]
fn g37_functions_of_a_service_project() {
    // `cart` is in the service project; whether Cloud Run or a function sends
    // by the connector is not told.
    ask("link", "cart", base()).is_unknown("functions");
    ask("api", "cart", base()).is_open();
    ask("link", "sessions", base()).is_open();
}

#[test]
fn g38_a_secure_tag_never_means_cloud_run() {
    let deny = || line(200, Action::Deny).tcp(6379, 6379);
    let allow = || line(100, Action::Allow).tcp(6379, 6379);
    let tagged = base().with(policy(
        id::GLOBAL_POLICY,
        [allow().secure_tags(&["tagValues/1"]), deny()],
    ));
    ask("api", "sessions", tagged)
        .is_blocked(Symptom::Timeout, [blamed(id::GLOBAL_POLICY, 200)])
        .nearly("100", &["target"]);
    let by_range = base().with(policy(
        id::GLOBAL_POLICY,
        [allow().near(&["10.1.4.0/26"]), deny()],
    ));
    ask("api", "sessions", by_range).is_open();
}

#[test]
fn g38_its_network_tags_do() {
    let rules = || {
        [
            egress("deny-all", 65_534, Action::Deny),
            egress("allow-run", 1000, Action::Allow).tags(&["run"]),
        ]
    };
    ask("api", "sessions", base().with(firewall(id::VPC_A, rules()))).is_open();
    let untagged = base()
        .with(firewall(id::VPC_A, rules()))
        .with(tags(id::RUN, &[]));
    ask("api", "sessions", untagged).is_blocked(Symptom::Timeout, [rule(id::VPC_A, "deny-all")]);
}

#[test]
fn g36_tags_of_a_connector_are_not_told() {
    let rules = [
        egress("deny-all", 65_534, Action::Deny),
        egress("allow-link", 1000, Action::Allow).tags(&["vpc-connector"]),
    ];
    ask("link", "sessions", base().with(firewall(id::VPC_A, rules)))
        .is_unknown("network tags of a connector");
}
