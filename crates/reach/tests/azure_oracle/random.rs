//! Random estates on Azure: three networks, three clients, four caches. Where
//! all bytes are zero, everything works.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{
    attach, connection_state, endpoint_mut, firewall_rules, leaves_by, policies, public_access,
    records, routes,
};
use cachewarden_estates::azure::{
    Draft, any, asg, cidr, empty, firewall, id, inbound, injected, machine, managed, nat_gateway,
    network, outbound, peer, private_endpoint, record, scale_set, security_group, standard, subnet,
    tag, zone, zone_link,
};
use cachewarden_model::{
    Action, Cache, Fact, LinkState, Peer, PrivateEndpointPolicies, PrivateEndpointState,
    ResolutionPolicy, RouteTarget, Rule,
};
use cachewarden_netset::{PortRange, Protocol};

use crate::choices::Choices;

/// The networks; the second byte of their ranges follows from their place.
pub(crate) const NETWORKS: [&str; 3] = ["n0", "n1", "n2"];

/// The address by which clients leave.
const NAT: [&str; 3] = ["20.0.0.1", "20.0.0.2", "20.0.0.3"];

/// An estate.
pub(crate) fn estate(choices: &mut Choices<'_>) -> Estate {
    let mut estate = empty();
    for (place, name) in NETWORKS.iter().enumerate() {
        let range = format!("10.{place}.0.0/16");
        estate.snapshot.networks.push(network(name, &[&range]));
        for (part, number) in [("a", 1), ("b", 2), ("c", 3)] {
            let range = format!("10.{place}.{number}.0/24");
            let group = choices
                .chance(40)
                .then(|| group(choices, &mut estate, place));
            let own = subnet(name, part, &[&range], group.as_deref());
            estate.snapshot.subnets.push(own);
        }
    }
    peerings(choices, &mut estate);
    for (place, name) in NETWORKS.iter().enumerate() {
        client(choices, &mut estate, place, name);
        table(choices, &mut estate, place, name);
    }
    caches(choices, &mut estate);
    estate
}

fn group(choices: &mut Choices<'_>, estate: &mut Estate, place: usize) -> String {
    let name = format!("g{}", estate.snapshot.filters.len());
    let mut rules: Vec<Rule> = vec![];
    let count = choices.below(5);
    for number in 0..count {
        let number = u32::try_from(number).expect("few");
        let rule = rule(choices, place, 100 + 10 * number);
        rules.push(Rule::from(rule));
    }
    estate.snapshot.filters.push(security_group(&name, rules));
    name
}

fn rule(choices: &mut Choices<'_>, place: usize, priority: u32) -> Draft {
    let action = choices.pick(&[Action::Deny, Action::Allow]);
    let name = format!("r{priority}");
    let draft = match choices.chance(50) {
        true => inbound(&name, priority, action),
        false => outbound(&name, priority, action),
    };
    let (first, last) = choices.pick(&[
        (0, 65_535),
        (6380, 6380),
        (10_000, 10_000),
        (6379, 6379),
        (15_001, 15_001),
    ]);
    let draft = match choices.below(4) {
        0 => draft.tcp(first, last),
        1 => draft.on(first, last),
        2 => draft.tcp(first, last).source_ports(1, 1023),
        _ => draft.on(first, last).protocol(Protocol::UDP),
    };
    let draft = match choices.chance(70) {
        true => draft.far(peers(choices, place)),
        false => draft,
    };
    match choices.chance(25) {
        true => draft.near(peers(choices, place)),
        false => draft,
    }
}

fn peers(choices: &mut Choices<'_>, place: usize) -> Vec<Peer> {
    let near = place;
    let far = choices.below(3);
    let one = |choices: &mut Choices<'_>| match choices.below(12) {
        0 => tag("VirtualNetwork"),
        1 => tag("Internet"),
        2 => cidr(&format!("10.{far}.1.0/24")),
        3 => cidr(&format!("10.{far}.1.4/32")),
        4 => cidr(&format!("10.{near}.2.0/24")),
        5 => cidr(&format!("10.{far}.2.4/32")),
        6 => cidr(&format!("10.{far}.0.0/16")),
        7 => cidr("0.0.0.0/0"),
        8 => asg("g0"),
        9 => tag("AzureCloud"),
        10 => tag("Storage"),
        _ => cidr("fd00::/8"),
    };
    let mut all = vec![one(choices)];
    if choices.chance(20) {
        all.push(one(choices));
    }
    if choices.chance(5) {
        all = any();
    }
    all
}

fn peerings(choices: &mut Choices<'_>, estate: &mut Estate) {
    for (one, other) in [("n0", "n1"), ("n0", "n2"), ("n1", "n2")] {
        if choices.chance(25) {
            continue;
        }
        for mut side in peer(estate, one, other) {
            match choices.below(16) {
                13 => side.state = LinkState::Down("Disconnected".to_owned()),
                14 => side.requester.access = Some(false),
                15 => continue,
                _ => {}
            }
            estate.snapshot.peerings.push(side);
        }
    }
}

fn client(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let address = format!("10.{place}.1.4");
    let mut own = match choices.chance(40) {
        false => machine(estate, network, "a", &format!("client{place}"), &[&address]),
        true => scale_set(estate, network, "a", &format!("client{place}")),
    };
    if choices.chance(30) {
        let group = group(choices, estate, place);
        own.filters = Fact::Known(vec![id::group(&group).into()]);
    }
    if choices.chance(40) {
        own.groups = vec![id::asg("g0").into()];
    }
    estate.snapshot.interfaces.push(own);
    let nat = format!("nat{place}");
    let address = NAT.get(place).copied().unwrap_or("20.0.0.9");
    estate
        .snapshot
        .nat_gateways
        .push(nat_gateway(&nat, &[address]));
    if !choices.chance(20) {
        leaves_by(network, "a", Some(&nat))(estate);
    }
}

fn table(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let far = choices.below(3);
    let lines: Vec<_> = (0..choices.below(4))
        .map(|number| {
            let range = choices.pick(&[
                "0.0.0.0/0".to_owned(),
                format!("10.{far}.2.4/32"),
                format!("10.{far}.2.0/24"),
                format!("10.{far}.0.0/16"),
                format!("10.{place}.0.0/16"),
                "10.0.0.0/8".to_owned(),
            ]);
            let target = choices.pick(&[
                RouteTarget::Drop,
                RouteTarget::Internet,
                RouteTarget::Local,
                RouteTarget::Drop,
            ]);
            cachewarden_estates::azure::change::route(&format!("u{number}"), &range, target)
        })
        .collect();
    let mut ranges = vec![];
    let distinct = lines.into_iter().filter(|it| {
        let new = !ranges.contains(&it.destination);
        ranges.push(it.destination.clone());
        new
    });
    let distinct: Vec<_> = distinct.collect();
    if !distinct.is_empty() {
        routes(network, "a", distinct)(estate);
    }
}

fn caches(choices: &mut Choices<'_>, estate: &mut Estate) {
    for zone_name in [id::REDIS_ZONE, id::MANAGED_ZONE] {
        let mut own = zone(zone_name, &[]);
        let links = NETWORKS.iter().filter(|_| !choices.chance(20)).map(|it| {
            let mut link = zone_link(zone_name, it);
            link.effective = true;
            link
        });
        let mut links: Vec<_> = links.collect();
        for link in &mut links {
            if choices.chance(20) {
                link.resolution = ResolutionPolicy::PublicFallback;
            }
            link.effective = !choices.chance(10);
        }
        own.links = Fact::Known(links);
        estate.snapshot.dns_zones.push(own);
    }
    let classic = standard("classic", false);
    add(choices, estate, classic, id::REDIS_ZONE, 4);
    let modern = managed("modern", Some(false));
    add(choices, estate, modern, id::MANAGED_ZONE, 5);
    let open = standard("open", true);
    estate.snapshot.filters.push(firewall(&open, &[]));
    estate.snapshot.caches.push(open);
    let mut inside = injected("inside", "n0", "c", "10.0.3.10");
    if choices.chance(40) {
        for endpoint in &mut inside.endpoints {
            endpoint.node_ports = PortRange::new(15_000, 15_002).into_iter().collect();
        }
    }
    estate.snapshot.filters.push(firewall(&inside, &[]));
    estate.snapshot.caches.push(inside);
    for name in ["classic", "open", "inside"] {
        let rules: Vec<(&str, &str, &str)> = (0..choices.below(3))
            .map(|_| {
                choices.pick(&[
                    ("all", "0.0.0.0", "255.255.255.255"),
                    ("one", "20.0.0.1", "20.0.0.1"),
                    ("two", "20.0.0.2", "20.0.0.3"),
                    ("private", "10.0.0.0", "10.1.255.255"),
                    ("zeros", "0.0.0.0", "0.0.0.0"),
                ])
            })
            .collect();
        firewall_rules(name, &rules)(estate);
    }
    for name in ["classic", "open", "modern"] {
        if choices.chance(25) {
            let on = estate.cache_mut(name).public_access.value().copied();
            public_access(name, on != Some(cachewarden_model::PublicAccess::Enabled))(estate);
        }
    }
}

/// A cache that mostly has a private endpoint, and mostly a right record.
fn add(choices: &mut Choices<'_>, estate: &mut Estate, cache: Cache, zone: &str, last: u8) {
    let host = cache.endpoints.first().and_then(|it| it.host.clone());
    let (name, host) = (cache.name.clone(), host.expect("a host name"));
    if zone == id::REDIS_ZONE {
        estate.snapshot.filters.push(firewall(&cache, &[]));
    }
    estate.snapshot.caches.push(cache);
    if choices.chance(15) {
        return;
    }
    let place = choices.below(3);
    let home = NETWORKS.get(place).copied().unwrap_or("n0");
    let address = format!("10.{place}.2.{last}");
    let mut endpoint = private_endpoint(home, "b", &name, &host, &address);
    endpoint.zones = Fact::Known(vec![id::zone(zone).into()]);
    attach(endpoint)(estate);
    if choices.chance(40) {
        endpoint_mut(estate, &name).groups = vec![id::asg("g0").into()];
    }
    if choices.chance(10) {
        connection_state(&name, PrivateEndpointState::Pending)(estate);
    }
    let on = choices.pick(&[
        PrivateEndpointPolicies::Disabled,
        PrivateEndpointPolicies::Filters,
        PrivateEndpointPolicies::Enabled,
        PrivateEndpointPolicies::Routes,
    ]);
    policies(home, "b", on)(estate);
    let suffix = zone.strip_prefix("privatelink.").expect("a private zone");
    let labels = host
        .strip_suffix(suffix)
        .expect("a host of the zone's service");
    let full = format!("{labels}{zone}");
    match choices.below(10) {
        8 => {}
        9 => records(estate, zone).push(record(&full, "10.9.9.9")),
        _ => records(estate, zone).push(record(&full, &address)),
    }
}
