//! Endpoints of Private Service Connect.
//!
//! Source: Memorystore for Redis Cluster, "Networking"; Compute Engine API,
//! `forwardingRules`; Network Connectivity Center, "About Private Service
//! Connect connection propagation".

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{
    endpoint_gone, endpoint_state, endpoint_unread, global_access, on_cache, on_endpoint,
    on_network, refused,
};
use cachewarden_estates::gcp::{add_subnet, base, connect, endpoints, id, peering_route, subnet};
use cachewarden_model::{
    Edit, Effect, Fact, HubSpoke, LinkState, Noun, PrivateEndpointState, Stage, Symptom,
};

use crate::expect::{ask, ask_all, cache, endpoint, hub, peering, route};

fn first() -> String {
    id::endpoint("catalog", 1)
}

fn second() -> String {
    id::endpoint("catalog", 2)
}

#[test]
fn g20_no_endpoint_is_reached_across_a_peering() {
    ask("batch", "catalog", base())
        .is_blocked(Symptom::Timeout, [peering(id::VPC_B, "to-vpc-a")])
        .is_called("PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK")
        .is_advised("create endpoints in");
    ask("web", "catalog", base())
        .is_open()
        .says(Stage::Route, Effect::Allow, "subnet route")
        .says(Stage::PrivateEndpoint, Effect::Allow, "ACCEPTED");
}

fn spoke(exports: bool, excluded: &[&str]) -> HubSpoke {
    HubSpoke {
        hub: "projects/net-host/locations/global/hubs/h".into(),
        spoke: "projects/net-host/locations/global/spokes/s".into(),
        state: LinkState::Active,
        exports_psc: Fact::Known(exports),
        group: None,
        topology: Some("MESH".to_owned()),
        included: vec![],
        excluded: excluded
            .iter()
            .map(|it| it.parse().expect("a range"))
            .collect(),
    }
}

/// Both networks on a hub, and no longer peered.
fn on_hub(exports: bool, excluded: &[&str]) -> Estate {
    let own = spoke(exports, excluded);
    let other = own.clone();
    base()
        .with(cachewarden_estates::gcp::change::without_peering(
            id::VPC_A,
            "to-vpc-b",
        ))
        .with(cachewarden_estates::gcp::change::without_peering(
            id::VPC_B,
            "to-vpc-a",
        ))
        .with(on_network(id::VPC_A, |it| it.hub = Fact::Known(Some(own))))
        .with(on_network(id::VPC_B, |it| {
            it.hub = Fact::Known(Some(other))
        }))
}

#[test]
fn g21_a_hub_offers_endpoints_to_other_spokes() {
    ask("batch", "catalog", on_hub(true, &[])).is_unknown("propagation");
    let off = on_hub(false, &[]);
    ask("batch", "catalog", off)
        .is_blocked(
            Symptom::Timeout,
            [
                route(id::VPC_B, Some("default-internet")),
                hub("projects/net-host/locations/global/hubs/h"),
            ],
        )
        .is_called("PSC_TRANSITIVITY_NOT_PROPAGATED");
    let out = on_hub(true, &["10.1.2.0/24"]);
    ask("batch", "catalog", out).is_blocked(
        Symptom::Timeout,
        [
            route(id::VPC_B, Some("default-internet")),
            hub("projects/net-host/locations/global/spokes/s"),
        ],
    );
}

#[test]
fn g50_an_endpoint_without_global_access() {
    let near = |on| {
        base()
            .with(global_access(&first(), on))
            .with(global_access(&second(), on))
    };
    ask("far", "catalog", near(false))
        .is_blocked(Symptom::Timeout, [endpoint(&first()), endpoint(&second())])
        .is_called("FORWARDING_RULE_REGION_MISMATCH")
        .is_mended()
        .alone();
    ask("far", "catalog", near(true)).is_open();
    ask("web", "catalog", near(false)).is_open();
    // One of the two is not enough.
    let one = base().with(global_access(&second(), false));
    let answer = ask("far", "catalog", one);
    answer.is_partial([endpoint(&second())]);
    assert!(
        matches!(answer.edit(), Edit::AllowGlobalAccess { endpoint } if *endpoint == *second().as_str())
    );
}

#[test]
fn g51_a_connection_that_is_not_accepted() {
    let orders = id::endpoint("orders", 1);
    let with = |state| base().with(endpoint_state(&orders, state));
    for state in [
        PrivateEndpointState::Pending,
        PrivateEndpointState::Down("REJECTED".to_owned()),
        PrivateEndpointState::Down("CLOSED".to_owned()),
    ] {
        // No manual says what a client sees.
        ask("web", "orders", with(state))
            .is_blocked(None, [endpoint(&orders)])
            .is_called("PSC_CONNECTION_NOT_ACCEPTED")
            .is_advised("register");
    }
    ask("web", "orders", with(PrivateEndpointState::Approved)).is_open();
}

#[test]
fn g52_the_service_has_to_act() {
    let orders = id::endpoint("orders", 1);
    let needs = PrivateEndpointState::Down("NEEDS_ATTENTION".to_owned());
    ask("web", "orders", base().with(endpoint_state(&orders, needs)))
        .is_blocked(None, [endpoint(&orders)])
        .is_advised("ask Google");
    // The reader has an endpoint of its own.
    let needs = PrivateEndpointState::Down("NEEDS_ATTENTION".to_owned());
    let all = ask_all(
        "web",
        "orders",
        base().with(endpoint_state(&id::endpoint("orders", 2), needs)),
        &[],
    );
    let open = all.iter().filter(|it| it.0.blame.is_empty()).count();
    assert_eq!((all.len(), open), (2, 1));
}

#[test]
fn g51_a_forwarding_rule_that_is_gone() {
    let gone = base().with(endpoint_gone(&second()));
    let answer = ask("web", "catalog", gone);
    assert_eq!(answer.0.outcome, cachewarden_model::Outcome::Partial);
    answer.is_called("GOOGLE_MANAGED_SERVICE_NO_PSC_ENDPOINT");
    // The rules of its project were read, and this one is not among them.
    let orders = id::endpoint("orders", 1);
    let stale = || base().with(endpoint_unread(&orders));
    ask("web", "orders", stale()).is_blocked(Symptom::Timeout, [endpoint(&orders)]);
    // They were asked for and did not come: it may be closed, or global access
    // be off.
    let call = "compute.forwardingRules.list";
    let hidden = stale().with(refused(call, &[Noun::PrivateEndpoints]));
    ask("web", "orders", hidden).is_unknown(call);
    // Nobody was to read that project: what the cache saw last counts.
    let outside = stale().with(|estate: &mut Estate| {
        estate.add_gap(cachewarden_model::Gap {
            why: cachewarden_model::GapReason::NotCollected,
            ..cachewarden_estates::gcp::change::gap(call, &[Noun::PrivateEndpoints])
        });
    });
    ask("web", "orders", outside).is_open().says(
        Stage::PrivateEndpoint,
        Effect::Allow,
        "as the cache saw it",
    );
}

#[test]
fn g51_a_forwarding_rule_that_leads_elsewhere() {
    let orders = id::endpoint("orders", 1);
    let strays = |target: &str| {
        let target = target.to_owned();
        base().with(on_endpoint(&orders, move |it| it.target = target))
    };
    let other = "projects/1/regions/europe-west1/serviceAttachments/other";
    ask("web", "orders", strays(other))
        .is_blocked(Symptom::Timeout, [endpoint(&orders)])
        .is_called("FORWARDING_RULE_MISMATCH");
    // A project by its id or its number is one.
    let own = "projects/tenant/regions/europe-west1/serviceAttachments/orders-1";
    ask("web", "orders", strays(own)).is_open();
}

#[test]
fn g5_the_second_connection_is_missing() {
    let one = base().with(on_cache("catalog", |it| {
        let gcp = it.gcp.as_mut().expect("of Google Cloud");
        if let Fact::Known(connections) = &mut gcp.connections {
            connections.retain(|it| it.part.is_some());
        }
    }));
    ask("web", "catalog", one)
        .is_partial([cache(id::CATALOG, Stage::PrivateEndpoint)])
        .is_advised("second service attachment");
    ask("web", "catalog", base()).is_open();
}

/// Endpoints of the cluster in both networks.
fn in_both() -> Estate {
    let mut estate = base();
    let id = "projects/data/regions/europe-west1/subnetworks/endpoints";
    add_subnet(&mut estate, subnet(id::VPC_B, id, "10.20.2.0/24", &[]));
    let by = id::peering(id::VPC_A, "to-vpc-b");
    let there = "10.20.2.0/24".parse().expect("a range");
    let routes = estate.routes_mut(&id::routes(id::VPC_A));
    routes.push(peering_route(&by, there));
    let cluster = estate.cache_mut("catalog");
    connect(cluster, id::VPC_B, ["10.20.2.10", "10.20.2.11"], false);
    let made = endpoints(&cluster.clone(), id::VPC_B, id);
    estate.snapshot.private_endpoints.extend(made);
    estate
}

#[test]
fn g65_each_network_has_endpoints_of_its_own() {
    let all = ask_all("batch", "catalog", in_both(), &[]);
    let [one, other] = all.as_slice() else {
        panic!("two endpoints: {all:#?}");
    };
    one.is_blocked(Symptom::Timeout, [peering(id::VPC_B, "to-vpc-a")])
        .is_advised("use 10.20.2.10, the endpoint in the client's own network");
    other.is_open();
    // From the first network it is the other way round.
    let all = ask_all("web", "catalog", in_both(), &[]);
    let [one, other] = all.as_slice() else {
        panic!("two endpoints: {all:#?}");
    };
    one.is_blocked(Symptom::Timeout, [peering(id::VPC_A, "to-vpc-b")]);
    other.is_open();
}

#[test]
fn g53_a_cluster_without_connections_in_the_network() {
    let none = base().with(on_cache("catalog", |it| {
        let gcp = it.gcp.as_mut().expect("of Google Cloud");
        gcp.connections = Fact::Known(vec![]);
        for endpoint in &mut it.endpoints {
            endpoint.network = Some("projects/other/global/networks/theirs".into());
        }
    }));
    ask("web", "catalog", none).is_called("GOOGLE_MANAGED_SERVICE_NO_PSC_ENDPOINT");
    ask("web", "catalog", base()).is_open();
}
