//! Caches, their private endpoints and the records that lead there.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{
    attach, connection_state, endpoint_mut, firewall_rules, policies, public_access, records,
};
use cachewarden_estates::azure::{
    firewall, id, injected, managed, private_endpoint, record, standard, zone, zone_link,
};
use cachewarden_model::{
    Cache, Fact, IpFamilies, PrivateEndpointPolicies, PrivateEndpointState, ResolutionPolicy,
};
use cachewarden_netset::PortRange;

use super::{NETWORKS, is_dual};
use crate::choices::Choices;

/// All of them.
pub(super) fn caches(choices: &mut Choices<'_>, estate: &mut Estate) {
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
    let dual = is_dual(estate, home) && choices.chance(70);
    let second = format!("fd00:{place}:0:2::{last}");
    if let (true, Fact::Known(addresses)) = (dual, &mut endpoint.addresses) {
        addresses.push(second.parse().expect("an address"));
    }
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
    if dual {
        match choices.below(10) {
            8 => {}
            9 => records(estate, zone).push(record(&full, "fd00:9::9")),
            _ => records(estate, zone).push(record(&full, &second)),
        }
        if choices.chance(60) {
            let families = choices.pick(&[IpFamilies::DualStack, IpFamilies::Ipv6]);
            estate.cache_mut(&name).families = Fact::Known(families);
        }
    }
}
