//! Clients behind VPN tunnels and private lines: never certain to arrive, and
//! blocked where the network's own side keeps them out.
//!
//! Source: Memorystore for Redis, "Networking", on-premises access;
//! Memorystore for Redis Cluster, "Networking".

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{firewall, global_access, on_network, on_peering, route};
use cachewarden_estates::gcp::{HOME, base, egress, id, route as line};
use cachewarden_model::{
    Action, CloudRouter, Effect, Fact, HybridKind, HybridLink, LinkState, RouteTarget, Stage,
    Symptom,
};

use crate::expect::{ask, endpoint, network, peering, routers};

/// Somebody behind the tunnels of `vpc-a`.
const OFFICE: &str = "vpc-a:192.168.10.5";

/// What the peering does with custom routes, and what the router tells of.
fn linked(exchanges: (bool, bool), advertises: &'static [&'static str], region: &str) -> Estate {
    let region = region.to_owned();
    base()
        .with(on_peering(id::VPC_A, id::SERVICE_PEER, move |it| {
            it.requester.exports_routes = Some(exchanges.0);
            it.requester.imports_routes = Some(exchanges.1);
        }))
        .with(on_network(id::VPC_A, move |it| {
            it.hybrid = Fact::Known(vec![HybridLink {
                id: "projects/net-host/regions/r/vpnTunnels/t".into(),
                kind: HybridKind::VpnTunnel,
                region: region.as_str().into(),
                router: Some("projects/net-host/regions/r/routers/r".into()),
                state: LinkState::Active,
            }]);
            it.routers = Fact::Known(vec![CloudRouter {
                id: "projects/net-host/regions/r/routers/r".into(),
                region: region.as_str().into(),
                advertises_subnets: true,
                advertises: advertises
                    .iter()
                    .map(|it| it.parse().expect("a range"))
                    .collect(),
            }]);
        }))
}

const TOLD: &[&str] = &["10.70.0.0/16"];

#[test]
fn g44_the_peering_does_not_export_routes() {
    ask(OFFICE, "cart", linked((false, true), TOLD, HOME))
        .is_blocked(Symptom::Timeout, [peering(id::VPC_A, id::SERVICE_PEER)])
        .is_called("REDIS_INSTANCE_NO_ROUTE_TO_DESTINATION_NETWORK")
        .is_advised("custom routes");
    ask(OFFICE, "cart", linked((true, false), TOLD, HOME))
        .is_blocked(Symptom::Timeout, [peering(id::VPC_A, id::SERVICE_PEER)]);
    ask(OFFICE, "cart", linked((true, true), TOLD, HOME)).is_unknown("way from 192.168.10.5");
}

#[test]
fn g45_what_the_other_side_announces_is_not_read() {
    ask(OFFICE, "cart", linked((true, true), TOLD, HOME)).is_unknown("is not read");
}

#[test]
fn g46_nobody_tells_the_other_side_of_the_range() {
    // Subnets are told, and the range of the service is none.
    ask(OFFICE, "cart", linked((true, true), &[], HOME))
        .is_blocked(Symptom::Timeout, [routers(id::VPC_A)])
        .is_called("NO_ADVERTISED_ROUTE_TO_GCP_DESTINATION")
        .is_advised("advertise");
    ask(OFFICE, "cart", linked((true, true), TOLD, HOME)).is_unknown("way from");
    ask(OFFICE, "orders", linked((true, true), &[], HOME)).is_unknown("way from");
}

#[test]
fn g47_an_instance_behind_a_peering_of_its_own() {
    ask(
        OFFICE,
        "sessions",
        linked((true, true), &["10.60.0.0/24"], HOME),
    )
    .is_blocked(Symptom::Timeout, [peering(id::VPC_A, id::REDIS_PEER)])
    .is_advised("private services access");
    // Google's support may have made an exception.
    let exported = linked((true, true), &["10.60.0.0/24"], HOME).with(on_peering(
        id::VPC_A,
        id::REDIS_PEER,
        |it| it.requester.exports_routes = Some(true),
    ));
    ask(OFFICE, "sessions", exported).is_unknown("redis-peer-1");
}

#[test]
fn g49_routing_is_regional() {
    let abroad = || linked((true, true), &[], "europe-west3");
    ask(OFFICE, "orders", abroad())
        .is_blocked(Symptom::Timeout, [routers(id::VPC_A)])
        .is_called("NO_ADVERTISED_ROUTE_TO_GCP_DESTINATION");
    let global = abroad().with(on_network(id::VPC_A, |it| it.global_routing = true));
    ask(OFFICE, "orders", global).is_unknown("way from");
}

#[test]
fn g50_lines_of_another_region_want_global_access() {
    let rule = id::endpoint("orders", 1);
    let abroad = |on| {
        linked((true, true), &[], "europe-west3")
            .with(on_network(id::VPC_A, |it| it.global_routing = true))
            .with(global_access(&rule, on))
    };
    ask(OFFICE, "orders", abroad(false)).is_blocked(Symptom::Timeout, [endpoint(&rule)]);
    ask(OFFICE, "orders", abroad(true)).is_unknown("way from");
}

#[test]
fn g44_without_any_line_nobody_comes_in() {
    ask(OFFICE, "orders", base())
        .is_blocked(Symptom::Timeout, [network(id::VPC_A)])
        .is_called("NO_ROUTE");
    ask("192.168.10.5", "orders", base()).is_blocked(Symptom::Timeout, [network(id::VPC_A)]);
    let down = linked((true, true), &[], HOME).with(on_network(id::VPC_A, |it| {
        if let Fact::Known(links) = &mut it.hybrid {
            for link in links {
                link.state = LinkState::Down("NO_INCOMING_PACKETS".to_owned());
            }
        }
    }));
    ask(OFFICE, "orders", down).is_blocked(Symptom::Timeout, [network(id::VPC_A)]);
}

#[test]
fn g44_no_firewall_of_the_network_judges_them() {
    let deny = linked((true, true), TOLD, HOME)
        .with(firewall(id::VPC_A, [egress("deny-all", 0, Action::Deny)]));
    ask(OFFICE, "cart", deny).is_unknown("way from").says(
        Stage::ClientFilter,
        Effect::NotApplicable,
        "leaves machines",
    );
}

/// A pod whose address is in no subnet: a route leads to it by its node.
fn pods_apart() -> Estate {
    let node = RouteTarget::Interface("projects/shop/zones/z/instances/node".into());
    base().with(route(id::VPC_A, line("pods", "10.200.1.0/24", 1000, node)))
}

#[test]
fn g39_a_pod_outside_subnets_and_private_services_access() {
    ask("vpc-a:10.200.1.5", "cart", pods_apart()).is_unknown("pods");
    ask("vpc-a:10.200.1.5", "cart", base()).is_blocked(Symptom::Timeout, [network(id::VPC_A)]);
}

#[test]
fn g40_a_pod_outside_subnets_and_a_peering_of_the_instances_own() {
    ask("vpc-a:10.200.1.5", "sessions", pods_apart()).is_unknown("pods");
    ask("vpc-a:10.200.1.5", "sessions", base()).is_blocked(Symptom::Timeout, [network(id::VPC_A)]);
}
