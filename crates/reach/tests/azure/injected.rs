//! Caches in a subnet of the owner's.
//!
//! Source: Azure Cache for Redis, "Configure virtual network support".

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{
    administrators, firewall_rules, on_cache, peer, route, routes, rules,
};
use cachewarden_estates::azure::{base, cidr, id, inbound, tag};
use cachewarden_model::Action::{Allow, Deny};
use cachewarden_model::{Edit, RouteTarget, Symptom};
use cachewarden_netset::PortRange;

use crate::expect::{across_regions, ask, firewall, group, no_route, route as blamed};
use cachewarden_model::Stage;

#[test]
fn a_cache_in_the_network_is_reached() {
    ask("web", "legacy", base()).is_open();
    // Each stage is told: without a peering the tag VirtualNetwork does not
    // hold the client, and nothing leads back to it.
    ask("batch", "legacy", base()).is_blocked(
        Symptom::Timeout,
        [
            no_route("data"),
            group("redis", "DenyAllInBound", Stage::CacheSubnet),
            no_route("shop"),
        ],
    );
    ask("batch", "legacy", base().with(peer("data", "shop"))).is_open();
}

#[test]
fn a_rule_at_the_subnet_denies() {
    let denied = base().with(rules("redis", [inbound("No", 200, Deny).tcp(6380, 6380)]));
    ask("web", "legacy", denied)
        .is_blocked(Symptom::Timeout, [group("redis", "No", Stage::CacheSubnet)])
        .is_mended()
        .alone();
    let other = base().with(rules("redis", [inbound("No", 100, Deny).tcp(6379, 6379)]));
    ask("web", "legacy", other).is_open();
}

#[test]
fn s25_the_balancer_must_not_be_kept_out() {
    let silent = base().with(rules(
        "redis",
        [
            inbound("Clients", 100, Allow)
                .tcp(6380, 6380)
                .far([tag("VirtualNetwork")]),
            inbound("NoBalancer", 200, Deny)
                .far([tag("AzureLoadBalancer"), cidr("168.63.129.16/32")]),
        ],
    ));
    ask("web", "legacy", silent).is_unknown("AzureLoadBalancer is kept from");
}

#[test]
fn s42_a_global_peering_needs_zones() {
    let abroad = || {
        base().with(peer("data", "shop")).with(|estate| {
            let network = id::vnet("data");
            estate.network_mut(&network).region = "northeurope".into();
            estate.subnet_mut(&id::subnet("data", "jobs")).region = "northeurope".into();
            estate.interface_mut(&id::interface("batch")).region = "northeurope".into();
            for target in &mut estate.snapshot.targets {
                target.regions.push("northeurope".into());
            }
        })
    };
    let chosen = |word: Option<&str>| {
        let word = word.map(str::to_owned);
        abroad().with(on_cache("legacy", |cache| {
            let azure = cache.azure.as_mut().expect("a cache of Azure");
            azure.zone_allocation = word;
        }))
    };
    ask("batch", "legacy", chosen(Some("NoZones")))
        .is_blocked(Symptom::Timeout, [across_regions("legacy")])
        .is_advised("zones");
    let zonal = abroad().with(on_cache("legacy", |cache| {
        let azure = cache.azure.as_mut().expect("a cache of Azure");
        azure.zones = vec!["1".to_owned(), "2".to_owned()];
    }));
    ask("batch", "legacy", zonal).is_open();
    for untold in [Some("Automatic"), None] {
        ask("batch", "legacy", chosen(untold)).is_unknown("zones of legacy");
    }
}

fn clustered(estate: Estate) -> Estate {
    estate.with(on_cache("legacy", |cache| {
        for endpoint in &mut cache.endpoints {
            endpoint.node_ports = PortRange::new(15_000, 15_003).into_iter().collect();
        }
    }))
}

#[test]
fn s35_node_ports_are_needed_too() {
    let front = [
        inbound("Front", 100, Allow).tcp(6380, 6380),
        inbound("Balancer", 110, Allow).far([tag("AzureLoadBalancer")]),
        inbound("No", 200, Deny),
    ];
    let narrow = base().with(rules("redis", front.clone()));
    ask("web", "legacy", narrow.clone()).is_open();
    ask("web", "legacy", clustered(narrow))
        .is_partial([group("redis", "No", Stage::CacheSubnet)])
        .is_mended();
    let both = base().with(rules(
        "redis",
        front
            .into_iter()
            .chain([inbound("Nodes", 120, Allow).tcp(15_000, 15_999)]),
    ));
    ask("web", "legacy", clustered(both)).is_open();
    let most = base().with(rules(
        "redis",
        [inbound("Last", 100, Deny).tcp(15_003, 15_003)],
    ));
    ask("web", "legacy", clustered(most)).is_partial([group("redis", "Last", Stage::CacheSubnet)]);
}

#[test]
fn replies_need_a_way_back() {
    let lost = base().with(peer("data", "shop")).with(routes(
        "shop",
        "redis",
        [route("back", "10.2.0.0/16", RouteTarget::Drop)],
    ));
    ask("batch", "legacy", lost.clone())
        .is_blocked(Symptom::Timeout, [blamed("shop-redis", "back")]);
    ask("web", "legacy", lost).is_open();
}

#[test]
fn the_firewall_sees_private_addresses() {
    let rules = firewall_rules("legacy", &[("apps", "10.1.1.0", "10.1.1.255")]);
    ask("web", "legacy", base().with(rules)).is_open();
    let others = firewall_rules("legacy", &[("jobs", "10.2.1.0", "10.2.1.255")]);
    ask("web", "legacy", base().with(others))
        .is_blocked(None, [firewall("legacy")])
        .is_mended();
}

#[test]
fn the_internet_has_no_way_in() {
    let answer = ask("198.51.99.7", "legacy", base());
    answer.is_blocked(Symptom::Timeout, [crate::expect::public_access("legacy")]);
}

#[test]
fn administrator_rules_may_keep_the_load_balancer_from_its_probes() {
    let above = |first, last| {
        let rule = inbound("NoProbe", 10, Deny).tcp(first, last);
        base().with(administrators("shop", [rule]))
    };
    ask("web", "legacy", above(8500, 8500)).is_unknown("may be kept from port 8500");
    ask("web", "legacy", above(8501, 8501)).is_open();
}

#[test]
fn a_rule_of_the_first_priority_makes_room_for_one_before_it() {
    let denied = |more: &[u32]| {
        let others = more
            .iter()
            .map(|priority| inbound(&format!("Other{priority}"), *priority, Deny).tcp(22, 22));
        let first = [inbound("No", 100, Deny).tcp(6380, 6380)];
        base().with(rules("redis", first.into_iter().chain(others)))
    };
    let moved = |estate: Estate| -> Vec<(String, u32)> {
        let answer = ask("web", "legacy", estate);
        let fix = answer.is_mended().alone().fix();
        let moves = fix.edits.iter().filter_map(|edit| match edit {
            Edit::MoveRule { rule, priority, .. } => Some((rule.to_string(), *priority)),
            _ => None,
        });
        moves.collect()
    };
    let to = |name: &str, priority| (name.to_owned(), priority);
    assert_eq!(moved(denied(&[])), [to("No", 101)]);
    // The last one moves first, and what stands apart stays.
    let some = [to("Other102", 103), to("Other101", 102), to("No", 101)];
    assert_eq!(moved(denied(&[101, 102, 104])), some);
    let many: Vec<u32> = (101..120).collect();
    ask("web", "legacy", denied(&many)).is_advised("renumber");
}
