//! Who means to connect, and who can: the whole estate at once.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{
    detach, empty_zone, firewall_rules, link, peer, policies, public_access, refused, rules,
};
use cachewarden_estates::azure::{asg, base, cidr, id, inbound, tag};
use cachewarden_model::Action::{Allow, Deny};
use cachewarden_model::{
    Exposure, Intent, Noun, PrivateEndpointPolicies, Reachability, SourceSet, Zone,
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
