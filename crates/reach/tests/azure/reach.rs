//! Who means to connect, and who can: the whole estate at once.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{
    detach, empty_zone, endpoint_mut, firewall_rules, link, on_subnet, peer, policies,
    public_access, refused, rules,
};
use cachewarden_estates::azure::{asg, base, cidr, id, inbound, tag};
use cachewarden_model::Action::{Allow, Deny};
use cachewarden_model::{
    DeadRule, Exposure, Fact, Intent, Noun, PrivateEndpointPolicies, Reachability, RuleUse,
    SourceSet, Zone,
};
use cachewarden_netset::{AddressSet, Family};
use cachewarden_reach::{Query, connections, reachability};

fn facts(estate: Estate) -> Reachability {
    let snapshot = estate.build();
    reachability(&cachewarden_reach::Estate::new(&snapshot), &[])
}

#[track_caller]
fn exposure(facts: &Reachability, cache: &str) -> Exposure {
    let mut all = facts.exposures.iter();
    all.find(|it| it.cache == *cache)
        .expect("an exposure")
        .clone()
}

fn of<'s>(set: &'s SourceSet, zone: &Zone) -> Option<&'s AddressSet> {
    set.iter().find(|(it, _)| it == zone).map(|(_, set)| set)
}

fn network(name: &str) -> Zone {
    Zone::Network(id::vnet(name).into())
}

fn holds(set: &SourceSet, zone: &Zone, address: &str) -> bool {
    of(set, zone).is_some_and(|it| it.contains(address.parse().expect("an address")))
}

/// Whom rules mean to connect: client and cache.
fn intended(estate: Estate) -> Vec<(String, String)> {
    let snapshot = estate.build();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let report = connections(&estate, &[], &Query::default()).expect("no names are asked for");
    let mut all: Vec<(String, String)> = report
        .connections
        .iter()
        .filter(|it| it.intended == Some(Intent::Rule))
        .map(|it| (it.client.name.clone(), it.cache.name.clone()))
        .collect();
    all.sort();
    all
}

fn pair(client: &str, cache: &str) -> (String, String) {
    (format!("{client}-nic"), cache.to_owned())
}

#[test]
fn a_firewall_rule_that_names_the_nat_gateway_means_who_leaves_by_it() {
    assert_eq!(intended(base()), [pair("web", "catalog")]);
    let wide = base().with(firewall_rules(
        "catalog",
        &[("wide", "20.50.0.0", "20.50.0.255")],
    ));
    assert_eq!(intended(wide), []);
}

#[test]
fn a_rule_at_the_endpoints_means_whom_it_names() {
    let own = |peer| {
        base().with(firewall_rules("catalog", &[])).with(rules(
            "endpoints",
            [inbound("Web", 100, Allow).tcp(6380, 6380).far([peer])],
        ))
    };
    let on = |estate: Estate| {
        estate.with(policies(
            "shop",
            "endpoints",
            PrivateEndpointPolicies::Filters,
        ))
    };
    for range in ["10.1.1.0/24", "10.1.1.4/32"] {
        assert_eq!(intended(on(own(cidr(range)))), [pair("web", "sessions")]);
        // Without policies the rule says nothing of private endpoints.
        assert_eq!(intended(own(cidr(range))), []);
    }
    assert_eq!(intended(on(own(cidr("10.1.0.0/16")))), []);
    let grouped = on(own(asg("web"))).with(|estate| {
        estate.interface_mut(&id::interface("web")).groups = vec![id::asg("web").into()];
    });
    assert_eq!(intended(grouped), [pair("web", "sessions")]);
    let near = on(base().with(firewall_rules("catalog", &[]))).with(rules(
        "endpoints",
        [inbound("Web", 100, Allow)
            .far([cidr("10.1.1.4/32")])
            .near([cidr("10.1.2.5/32")])],
    ));
    assert_eq!(intended(near), [pair("web", "cart")]);
}

#[test]
fn a_rule_at_the_subnet_of_a_cache_means_whom_it_names() {
    let jobs = base().with(firewall_rules("catalog", &[])).with(rules(
        "redis",
        [inbound("Jobs", 100, Allow)
            .tcp(6380, 6380)
            .far([cidr("10.2.1.0/24")])],
    ));
    // Networks that nothing joins may have the same ranges by chance.
    assert_eq!(intended(jobs.clone()), []);
    assert_eq!(
        intended(jobs.with(peer("data", "shop"))),
        [pair("batch", "legacy")]
    );
}

#[test]
fn an_intended_connection_that_is_blocked_is_reported() {
    let moved = base().with(public_access("catalog", false));
    let facts = facts(moved);
    assert_eq!(facts.counts.blocked, 1);
    assert_eq!(facts.refused.len(), 1);
}

#[test]
fn the_internet_gets_in_where_the_firewall_lets_it() {
    let open = facts(base().with(firewall_rules("catalog", &[])));
    let all = exposure(&open, &id::cache("catalog"));
    let internet = AddressSet::internet().family(Family::V4);
    assert_eq!(of(&all.certain, &Zone::Internet), Some(&internet));
    let some = exposure(&facts(base()), &id::cache("catalog"));
    assert!(holds(&some.certain, &Zone::Internet, "20.50.0.10"));
    assert!(!holds(&some.possible, &Zone::Internet, "20.50.0.11"));
    assert_eq!(some.admitted.count(), 1);
    let closed = exposure(&facts(base()), &id::cache("sessions"));
    assert_eq!(of(&closed.possible, &Zone::Internet), None);
}

#[test]
fn s12_s13_a_public_managed_cache_is_open_to_all_of_ipv4() {
    let public = base()
        .with(detach("cart"))
        .with(empty_zone(id::MANAGED_ZONE))
        .with(public_access("cart", true));
    let all = exposure(&facts(public), &id::cluster("cart"));
    let internet = AddressSet::internet().family(Family::V4);
    assert_eq!(of(&all.certain, &Zone::Internet), Some(&internet));
}

#[test]
fn whom_an_endpoint_lets_in_that_was_not_read_is_not_known() {
    let anybody = |estate| {
        let found = exposure(&facts(estate), &id::cache("sessions"));
        assert!(!holds(&found.certain, &Zone::OnPremises, "10.9.0.1"));
        (
            holds(&found.possible, &Zone::OnPremises, "10.9.0.1"),
            !found.gaps.is_empty(),
        )
    };
    assert_eq!(anybody(base()), (false, false));
    let gone = base().with(|estate| estate.snapshot.private_endpoints.clear());
    assert_eq!(anybody(gone), (true, true));
    let unread = || Fact::unknown(crate::knowledge::gap("networkInterfaces"));
    let addresses = base().with(|estate| {
        endpoint_mut(estate, "sessions").addresses = unread();
    });
    assert_eq!(anybody(addresses), (true, true));
    let connections = base().with(|estate| {
        let azure = estate.cache_mut("sessions").azure.as_mut();
        azure.expect("a cache of Azure").connections =
            Fact::unknown(crate::knowledge::gap("privateEndpointConnections"));
    });
    assert_eq!(anybody(connections), (true, true));
}

#[test]
fn who_is_in_a_peered_network_that_was_not_read_may_come() {
    let hub = |estate| exposure(&facts(estate), &id::cache("sessions"));
    let unread = hub(base().with(|estate| {
        let own = id::vnet("hub");
        estate.snapshot.networks.retain(|it| it.id != *own);
        estate.snapshot.subnets.retain(|it| it.network != *own);
    }));
    assert_eq!(of(&unread.certain, &network("hub")), None);
    assert!(holds(&unread.possible, &network("hub"), "10.0.1.4"));
    assert!(!holds(&unread.possible, &network("hub"), "10.77.1.4"));
    assert!(unread.gaps.iter().any(|it| it.what == id::vnet("hub")));
}

#[test]
fn a_private_endpoint_is_open_to_its_network_and_its_peers() {
    let facts_of = |estate| exposure(&facts(estate), &id::cache("sessions"));
    let plain = facts_of(base());
    assert!(holds(&plain.certain, &network("shop"), "10.1.1.4"));
    assert!(holds(&plain.certain, &network("hub"), "10.0.1.4"));
    assert_eq!(of(&plain.possible, &network("data")), None);
    let peered = facts_of(base().with(peer("data", "shop")));
    assert!(holds(&peered.certain, &network("data"), "10.2.1.4"));
    let judged = facts_of(
        base()
            .with(policies(
                "shop",
                "endpoints",
                PrivateEndpointPolicies::Enabled,
            ))
            .with(rules(
                "endpoints",
                [
                    inbound("Web", 100, Allow).far([cidr("10.1.1.0/24")]),
                    inbound("No", 200, Deny).far([tag("VirtualNetwork")]),
                ],
            )),
    );
    assert!(holds(&judged.certain, &network("shop"), "10.1.1.4"));
    assert!(!holds(&judged.possible, &network("shop"), "10.1.3.4"));
    assert_eq!(of(&judged.possible, &network("hub")), None);
}

#[test]
fn peerings_that_were_not_read_may_join_anybody() {
    let hidden = facts(base().with(refused("virtualNetworkPeerings", &[Noun::Peerings])));
    let some = exposure(&hidden, &id::cache("sessions"));
    assert!(holds(&some.possible, &Zone::OnPremises, "192.168.0.1"));
    assert!(!some.gaps.is_empty());
    assert_eq!(of(&some.certain, &Zone::OnPremises), None);
}

#[test]
fn a_cache_in_a_subnet_is_open_to_its_network() {
    let all = exposure(
        &facts(base().with(link(id::REDIS_ZONE, "data"))),
        &id::cache("legacy"),
    );
    assert!(holds(&all.certain, &network("shop"), "10.1.1.4"));
    assert_eq!(of(&all.possible, &Zone::Internet), None);
    let narrowed = base().with(firewall_rules(
        "legacy",
        &[("apps", "10.1.1.0", "10.1.1.255")],
    ));
    let some = exposure(&facts(narrowed), &id::cache("legacy"));
    assert!(holds(&some.certain, &network("shop"), "10.1.1.4"));
    assert!(!holds(&some.possible, &network("shop"), "10.1.2.9"));
}

#[track_caller]
fn rule_use(estate: Estate, rule: &str) -> RuleUse {
    let facts = facts(estate);
    let mut all = facts.rules.into_iter();
    all.find(|it| it.rule == *rule)
        .expect("the rule guards a cache")
}

fn dead(found: &RuleUse) -> Option<&'static str> {
    found.dead.as_ref().map(DeadRule::as_str)
}

#[test]
fn s22_a_firewall_rule_for_private_addresses_is_inert() {
    let private = base().with(firewall_rules(
        "catalog",
        &[("web", "10.1.1.4", "10.1.1.4")],
    ));
    let found = rule_use(private, "web");
    assert_eq!(dead(&found), Some("inert"));
    assert_eq!((found.addresses, found.public_addresses), (1, 0));
    let live = rule_use(base(), "shop");
    assert_eq!(
        (dead(&live), live.clients, live.public_addresses),
        (None, None, 1)
    );
    let off = rule_use(base().with(public_access("catalog", false)), "shop");
    assert_eq!(dead(&off), Some("inert"));
    // An injected cache sees private addresses.
    let inside = base().with(firewall_rules(
        "legacy",
        &[("apps", "10.1.1.0", "10.1.1.255")],
    ));
    assert_eq!(dead(&rule_use(inside, "apps")), None);
}

#[test]
fn s18_s19_a_wide_firewall_rule_shadows_others() {
    let wide = base().with(firewall_rules(
        "catalog",
        &[
            ("all", "0.0.0.0", "255.255.255.255"),
            ("shop", "20.50.0.10", "20.50.0.10"),
        ],
    ));
    let all = rule_use(wide.clone(), "all");
    assert!(all.world && all.public_addresses > 3_000_000_000);
    assert_eq!(dead(&all), None);
    assert_eq!(dead(&rule_use(wide, "shop")), Some("shadowed"));
}

#[test]
fn s14_a_rule_at_endpoints_without_policies_is_inert() {
    let rule = || {
        rules(
            "endpoints",
            [inbound("Web", 100, Allow).far([cidr("10.1.1.0/24")])],
        )
    };
    assert_eq!(dead(&rule_use(base().with(rule()), "Web")), Some("inert"));
    let on = base().with(rule()).with(policies(
        "shop",
        "endpoints",
        PrivateEndpointPolicies::Filters,
    ));
    let found = rule_use(on.clone(), "Web");
    assert_eq!((dead(&found), found.clients), (None, Some(1)));
    assert_eq!(found.guards.len(), 2);
    let first = rules(
        "endpoints",
        [inbound("First", 90, Deny).far([cidr("10.1.0.0/16")])],
    );
    assert_eq!(dead(&rule_use(on.with(first), "Web")), Some("shadowed"));
}

#[test]
fn a_rule_at_endpoints_whose_policies_were_not_read_may_be_inert() {
    let unread = base()
        .with(rules(
            "endpoints",
            [inbound("Web", 100, Allow).far([cidr("10.1.1.0/24")])],
        ))
        .with(on_subnet("shop", "endpoints", |it| {
            it.private_endpoint_policies = Fact::unknown(crate::knowledge::gap("policies"));
        }));
    let found = rule_use(unread, "Web");
    assert_eq!((dead(&found), found.may_be_inert), (None, true));
    assert!(found.gaps.iter().any(|it| it.what == "policies"));
}

#[test]
fn s53_a_rule_for_the_network_names_its_peers_too() {
    let on = base()
        .with(policies(
            "shop",
            "endpoints",
            PrivateEndpointPolicies::Filters,
        ))
        .with(rules(
            "endpoints",
            [inbound("All", 100, Allow).far([tag("VirtualNetwork")])],
        ))
        .with(peer("data", "shop"));
    let found = rule_use(on, "All");
    assert!(found.whole_network);
    assert_eq!(found.clients, Some(2));
}

#[test]
fn a_rule_for_a_group_that_nobody_carries_names_nobody() {
    let on = base()
        .with(policies(
            "shop",
            "endpoints",
            PrivateEndpointPolicies::Filters,
        ))
        .with(rules(
            "endpoints",
            [inbound("Old", 100, Allow).far([asg("old")])],
        ));
    assert_eq!(dead(&rule_use(on.clone(), "Old")), Some("names-nobody"));
    let hidden = on.with(refused("networkInterfaces", &[Noun::Interfaces]));
    assert_eq!(dead(&rule_use(hidden, "Old")), None);
}

#[test]
fn default_rules_are_nobodys_to_change() {
    let facts = facts(base());
    assert!(
        facts
            .rules
            .iter()
            .all(|it| !it.rule.as_str().starts_with("Deny"))
    );
}
