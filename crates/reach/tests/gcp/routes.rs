//! Routes of a network, and policy-based ones.
//!
//! Source: Virtual Private Cloud, "Routes" and "Policy-based routes".

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{dead, on_network, policy_route, route, without_route};
use cachewarden_estates::gcp::{base, id, route as line};
use cachewarden_model::RouteTarget::{Appliance, Internet};
use cachewarden_model::{
    CloudRouter, Fact, LinkState, PolicyRoute, PolicyRouteNext, PolicyRouteScope, RouteTarget,
    Symptom,
};
use cachewarden_netset::Protocol;

use crate::expect::{ask, route as blamed};

const PEERED: &str = "peering-route-10-60-0-0-29";

fn appliance() -> RouteTarget {
    Appliance([10, 1, 1, 9].into())
}

fn by(name: &str, next: PolicyRouteNext, priority: u32) -> PolicyRoute {
    PolicyRoute {
        id: format!("projects/net-host/locations/global/policyBasedRoutes/{name}").into(),
        priority,
        source: "0.0.0.0/0".parse().expect("a range"),
        destination: "10.0.0.0/8".parse().expect("a range"),
        protocol: Protocol::Any,
        scope: PolicyRouteScope::All,
        next,
        state: LinkState::Active,
    }
}

fn balancer() -> PolicyRouteNext {
    PolicyRouteNext::LoadBalancer([10, 1, 9, 9].into())
}

fn with(routes: Vec<PolicyRoute>) -> Estate {
    routes.into_iter().fold(base(), |estate, it| {
        estate.with(policy_route(id::VPC_A, it))
    })
}

#[test]
fn g60_a_policy_based_route_to_an_appliance() {
    let through = with(vec![by("all", balancer(), 100)]);
    ask("web", "sessions", through).is_unknown("10.1.9.9");
    let exempt = with(vec![
        by("all", balancer(), 100),
        by("redis", PolicyRouteNext::Default, 50),
    ]);
    ask("web", "sessions", exempt).is_open();
    let other = PolicyRoute {
        scope: PolicyRouteScope::Tags(vec!["inspected".to_owned()]),
        ..by("all", balancer(), 100)
    };
    ask("web", "sessions", with(vec![other])).is_open();
    let lines = PolicyRoute {
        scope: PolicyRouteScope::Interconnect("all".to_owned()),
        ..by("all", balancer(), 100)
    };
    ask("web", "sessions", with(vec![lines])).is_open();
}

#[test]
fn g61_the_next_hop_is_dead() {
    let alone = |state: bool| {
        let estate = base()
            .with(without_route(id::VPC_A, PEERED))
            .with(without_route(id::VPC_A, "default-internet"))
            .with(route(
                id::VPC_A,
                line("appliance", "10.60.0.0/24", 1000, appliance()),
            ));
        match state {
            true => estate,
            false => estate.with(dead(id::VPC_A, "appliance")),
        }
    };
    ask("web", "sessions", alone(false))
        .is_blocked(Symptom::Timeout, [blamed(id::VPC_A, Some("appliance"))])
        .is_called("ROUTE_BLACKHOLE")
        .is_advised("next hop");
    // What a machine on the way does with packets is not read.
    ask("web", "sessions", alone(true)).is_unknown("10.1.1.9");
}

#[test]
fn g61_no_route_at_all() {
    let none = base()
        .with(without_route(id::VPC_A, PEERED))
        .with(without_route(id::VPC_A, "default-internet"));
    ask("web", "sessions", none)
        .is_blocked(Symptom::Timeout, [blamed(id::VPC_A, None)])
        .is_called("NO_ROUTE");
    let default = base().with(without_route(id::VPC_A, PEERED));
    ask("web", "sessions", default)
        .is_blocked(
            Symptom::Timeout,
            [blamed(id::VPC_A, Some("default-internet"))],
        )
        .is_called("PRIVATE_TRAFFIC_TO_INTERNET")
        .is_advised("see what joins the network");
}

#[test]
fn g61_routes_of_subnets_come_first() {
    let wide = line("wide", "10.60.0.0/16", 100, Internet);
    ask("web", "sessions", base().with(route(id::VPC_A, wide))).is_open();
    let narrow = line("narrow", "10.60.0.3/32", 100, Internet);
    ask("web", "sessions", base().with(route(id::VPC_A, narrow))).is_open();
}

#[test]
fn g61_learned_routes_beat_those_of_subnets_that_permit_it() {
    let learns = base().with(on_network(id::VPC_A, |it| {
        it.routers = Fact::Known(vec![CloudRouter {
            id: "projects/net-host/regions/europe-west1/routers/edge".into(),
            region: "europe-west1".into(),
            advertises_subnets: true,
            advertises: vec![],
        }]);
    }));
    ask("web", "catalog", learns.clone()).is_open();
    let permits = learns.with(|estate| {
        let subnet = estate.subnet_mut(id::ENDPOINTS);
        let gcp = subnet.gcp.as_mut().expect("of Google Cloud");
        gcp.routes_may_overlap = true;
    });
    ask("web", "catalog", permits).is_unknown("Cloud Routers");
}
