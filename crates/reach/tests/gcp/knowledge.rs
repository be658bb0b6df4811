//! What was not read leaves the answer unknown where it may decide, and only
//! there.

use cachewarden_estates::gcp::change::{
    endpoint_state, filters_unread, firewall, gap, on_cache, on_network, on_peering, refused,
};
use cachewarden_estates::gcp::{HOME, base, egress, id};
use cachewarden_model::{
    Action, Effect, Fact, LinkState, Noun, PrivateEndpointState, Stage, Symptom,
};

use crate::expect::{ask, peering};

#[test]
fn g11_policies_of_a_region_that_were_not_read() {
    let unread = base().with(filters_unread(id::VPC_A, HOME));
    ask("web", "sessions", unread.clone()).is_unknown("getEffectiveFirewalls");
    ask("far", "catalog", unread).is_open();
    let missing = base().with(on_network(id::VPC_A, |it| it.filters.clear()));
    ask("web", "sessions", missing).is_unknown("firewalls of");
}

#[test]
fn g1_rules_that_were_not_read() {
    let hidden = |filter: &str| {
        let filter = filter.to_owned();
        base().with(move |estate| {
            let mut all = estate.snapshot.filters.iter_mut();
            let found = all.find(|it| it.id == *filter.as_str()).expect("a filter");
            found.rules = Fact::unknown(gap("compute.firewalls.list", &[]));
        })
    };
    for filter in [id::ORG_POLICY.to_owned(), id::firewalls(id::VPC_A)] {
        ask("web", "sessions", hidden(&filter)).is_unknown("compute.firewalls.list");
    }
    let gone = base().with(|estate| {
        estate
            .snapshot
            .filters
            .retain(|it| it.id != *id::ORG_POLICY)
    });
    ask("web", "sessions", gone).is_unknown(id::ORG_POLICY);
    // What is sure before it stays sure.
    let denied =
        hidden(id::GLOBAL_POLICY).with(firewall(id::VPC_A, [egress("deny-all", 10, Action::Deny)]));
    ask("web", "sessions", denied).is_blocked(
        Symptom::Timeout,
        [crate::expect::rule(id::VPC_A, "deny-all")],
    );
}

#[test]
fn g1_routes_and_networks_that_were_not_read() {
    let table = base().with(|estate| {
        let mut all = estate.snapshot.route_tables.iter_mut();
        let table = all.find(|it| it.network == *id::VPC_A).expect("a table");
        table.routes = Fact::unknown(gap("compute.routes.list", &[]));
    });
    ask("web", "sessions", table).is_unknown("compute.routes.list");
    let network = base().with(|estate| estate.snapshot.networks.retain(|it| it.id != *id::VPC_A));
    ask("web", "sessions", network).is_unknown("was not read");
    let routes = base().with(on_network(id::VPC_A, |it| {
        it.policy_routes = Fact::unknown(gap("networkconnectivity.policyBasedRoutes.list", &[]));
    }));
    ask("web", "sessions", routes).is_unknown("policyBasedRoutes");
}

#[test]
fn g22_a_route_by_a_peering_that_was_not_read() {
    let unread = base()
        .with(refused("compute.networks.get", &[Noun::Peerings]))
        .with(|estate| estate.snapshot.peerings.clear());
    ask("web", "sessions", unread).is_unknown("compute.networks.get");
}

#[test]
fn g18_learned_routes_may_lead_anywhere() {
    let linked = base().with(on_network(id::VPC_B, |it| {
        it.hybrid = Fact::unknown(gap("compute.vpnTunnels.list", &[]));
    }));
    ask("batch", "sessions", linked.clone()).is_unknown("vpnTunnels");
    // A route of the peering holds the endpoint, and no learned one beats it.
    ask("batch", "orders", linked).is_blocked(Symptom::Timeout, [peering(id::VPC_B, "to-vpc-a")]);
}

#[test]
fn g23_what_stops_for_sure_counts_more_than_what_is_not_known() {
    let both = base()
        .with(filters_unread(id::VPC_A, HOME))
        .with(on_peering(id::VPC_A, id::REDIS_PEER, |it| {
            it.state = LinkState::Down("INACTIVE".to_owned());
        }));
    ask("web", "sessions", both)
        .is_blocked(Symptom::Timeout, [peering(id::VPC_A, id::REDIS_PEER)])
        .says(
            Stage::ClientFilter,
            Effect::Unknown,
            "getEffectiveFirewalls",
        );
}

#[test]
fn g65_connections_that_were_not_read() {
    let hidden = base().with(on_cache("catalog", |it| {
        let gcp = it.gcp.as_mut().expect("of Google Cloud");
        gcp.connections = Fact::unknown(gap("redis.clusters.list", &[]));
    }));
    ask("web", "catalog", hidden).is_unknown("redis.clusters.list");
    // The one that is seen is closed; the other one may be open.
    let closed = base()
        .with(on_cache("catalog", |it| {
            let gcp = it.gcp.as_mut().expect("of Google Cloud");
            gcp.connections = Fact::unknown(gap("redis.clusters.list", &[]));
        }))
        .with(endpoint_state(
            &id::endpoint("catalog", 1),
            PrivateEndpointState::Pending,
        ));
    ask("web", "catalog", closed).is_unknown("redis.clusters.list");
    let network = base().with(on_cache("sessions", |it| {
        it.network = Fact::unknown(gap("redis.instances.list", &[]));
    }));
    ask("web", "sessions", network).is_unknown("redis.instances.list");
}

#[test]
fn g13_a_machine_that_is_not_known_may_carry_any_tag() {
    let rules = [
        egress("deny-all", 65_534, Action::Deny),
        egress("allow-clients", 1000, Action::Allow).tags(&["redis-client"]),
    ];
    let estate = base().with(firewall(id::VPC_A, rules));
    ask("vpc-a:10.1.1.77", "sessions", estate).is_unknown("tags of 10.1.1.77");
    ask("vpc-a:10.1.1.77", "sessions", base()).is_open();
}
