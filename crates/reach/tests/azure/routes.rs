//! Routes of the owner's, and those that a network has by itself.
//!
//! Source: Azure Virtual Network, "Virtual network traffic routing"; Azure
//! Private Link, "Manage network policies for private endpoints".

use cachewarden_estates::Estate;
use cachewarden_estates::azure::base;
use cachewarden_estates::azure::change::{leaves_by, on_subnet, policies, route, routes};
use cachewarden_model::RouteTarget::{Appliance, Drop, Internet, Local, Other};
use cachewarden_model::{PrivateEndpointPolicies, RouteTarget, Symptom};

use crate::expect::{ask, no_route, route as blamed};

fn firewall() -> RouteTarget {
    Appliance("10.0.1.4".parse().expect("an address"))
}

fn routed(range: &str, target: RouteTarget) -> Estate {
    base().with(routes("shop", "apps", [route("own", range, target)]))
}

#[test]
fn s46_the_default_route_never_takes_packets_to_an_endpoint() {
    ask("web", "sessions", routed("0.0.0.0/0", firewall())).is_open();
    let on = routed("0.0.0.0/0", firewall()).with(policies(
        "shop",
        "endpoints",
        PrivateEndpointPolicies::Enabled,
    ));
    ask("web", "sessions", on).is_open();
}

#[test]
fn s47_a_black_hole_for_the_endpoint_itself() {
    ask("web", "sessions", routed("10.1.2.4/32", Drop))
        .is_blocked(Symptom::Timeout, [blamed("shop-apps", "own")])
        .is_mended()
        .alone();
    ask("web", "sessions", routed("10.1.2.5/32", Drop)).is_open();
}

#[test]
fn s47_a_black_hole_for_the_subnet_counts_with_policies() {
    ask("web", "sessions", routed("10.1.2.0/24", Drop)).is_open();
    for on in [
        PrivateEndpointPolicies::Routes,
        PrivateEndpointPolicies::Enabled,
    ] {
        let hole = routed("10.1.2.0/24", Drop).with(policies("shop", "endpoints", on));
        ask("web", "sessions", hole).is_blocked(Symptom::Timeout, [blamed("shop-apps", "own")]);
    }
    let filters = routed("10.1.2.0/24", Drop).with(policies(
        "shop",
        "endpoints",
        PrivateEndpointPolicies::Filters,
    ));
    ask("web", "sessions", filters).is_open();
    // A range wider than the network's own never counts.
    let wide = routed("10.0.0.0/8", Drop).with(policies(
        "shop",
        "endpoints",
        PrivateEndpointPolicies::Enabled,
    ));
    ask("web", "sessions", wide).is_open();
}

#[test]
fn s47_the_network_stays_reachable_by_a_local_route() {
    ask("web", "sessions", routed("10.1.2.4/32", Local)).is_open();
    ask("web", "sessions", routed("10.1.2.4/32", Internet))
        .is_blocked(Symptom::Timeout, [blamed("shop-apps", "own")]);
}

#[test]
fn s48_peering_is_not_transitive() {
    use cachewarden_estates::azure::change::{link, peer};
    use cachewarden_estates::azure::id::REDIS_ZONE;
    let linked = || base().with(link(REDIS_ZONE, "data"));
    ask("batch", "sessions", linked())
        .is_blocked(Symptom::Timeout, [no_route("data")])
        .is_advised("peer");
    ask("batch", "sessions", linked().with(peer("data", "shop"))).is_open();
}

#[test]
fn s45_an_appliance_in_the_hub_is_not_followed() {
    use cachewarden_estates::azure::change::link;
    use cachewarden_estates::azure::id::REDIS_ZONE;
    let through = base().with(link(REDIS_ZONE, "data")).with(routes(
        "data",
        "jobs",
        [route("hub", "10.1.0.0/16", firewall())],
    ));
    ask("batch", "sessions", through).is_unknown("10.0.1.4");
}

#[test]
fn s52_a_firewall_on_the_way_is_not_followed() {
    ask("web", "sessions", routed("10.1.2.4/32", firewall())).is_unknown("10.0.1.4");
    ask("web", "catalog", routed("0.0.0.0/0", firewall())).is_unknown("10.0.1.4");
    let gateway = Other("VirtualNetworkGateway".to_owned());
    ask("web", "catalog", routed("0.0.0.0/0", gateway)).is_unknown("VirtualNetworkGateway");
}

#[test]
fn the_way_to_the_internet_may_be_a_black_hole() {
    ask("web", "catalog", routed("0.0.0.0/0", Drop))
        .is_blocked(Symptom::Timeout, [blamed("shop-apps", "own")])
        .is_mended();
    ask("web", "catalog", routed("0.0.0.0/0", Internet)).is_open();
    ask("web", "catalog", routed("20.0.0.0/8", Drop)).is_unknown("may take it");
}

#[test]
fn what_a_gateway_learned_is_not_told() {
    let gateway = |estate: &mut Estate| {
        let own =
            cachewarden_estates::azure::subnet("shop", "GatewaySubnet", &["10.1.255.0/27"], None);
        estate.snapshot.subnets.push(own);
    };
    ask("web", "catalog", base().with(gateway)).is_unknown("gateway");
    // The network's own space is not overridden by what is learned.
    ask("web", "sessions", base().with(gateway)).is_open();
    // Nor is a route of the owner's.
    ask(
        "web",
        "catalog",
        routed("0.0.0.0/0", Internet).with(gateway),
    )
    .is_open();
}

#[test]
fn a_private_subnet_without_a_nat_gateway_may_have_no_way_out() {
    let private = base()
        .with(leaves_by("shop", "apps", None))
        .with(on_subnet("shop", "apps", |it| {
            it.default_outbound = Some(false)
        }))
        .with(cachewarden_estates::azure::change::firewall_rules(
            "catalog",
            &[],
        ));
    ask("web", "catalog", private).is_unknown("way out of");
}
