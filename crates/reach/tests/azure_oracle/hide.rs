//! One thing less is known of an estate.

use cachewarden_model::{DnsServers, Fact, Gap, GapReason, Noun, Provider, Snapshot};

/// A refused call, and what is missing for it.
fn gap(hides: &[Noun]) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(cachewarden_estates::azure::SUBSCRIPTION.into()),
        region: None,
        what: "hidden".to_owned(),
        why: GapReason::AccessDenied,
        message: "taken away".to_owned(),
        hides: hides.to_vec(),
    }
}

fn unknown<T>() -> Fact<T> {
    Fact::unknown(gap(&[]))
}

fn nth<T>(list: &mut [T], place: u8) -> Option<&mut T> {
    let length = list.len().max(1);
    list.get_mut(usize::from(place) % length)
}

fn remove<T>(list: &mut Vec<T>, place: u8) {
    if !list.is_empty() {
        list.remove(usize::from(place) % list.len());
    }
}

/// Takes one thing away.
pub(crate) fn hide(it: &mut Snapshot, what: u8, place: u8) {
    const KINDS: u8 = 30;
    match what % KINDS {
        0..10 => fact(it, what % KINDS, place),
        10..20 => part(it, what % KINDS, place),
        _ => list(it, what % KINDS, place),
    }
}

/// Makes a fact unknown.
fn fact(it: &mut Snapshot, what: u8, place: u8) {
    match what {
        0 => {
            if let Some(filter) = nth(&mut it.filters, place) {
                filter.rules = unknown();
            }
        }
        1 => {
            if let Some(subnet) = nth(&mut it.subnets, place) {
                subnet.filter = unknown();
            }
        }
        2 => {
            if let Some(subnet) = nth(&mut it.subnets, place) {
                subnet.route_table = unknown();
            }
        }
        3 => {
            if let Some(table) = nth(&mut it.route_tables, place) {
                table.routes = unknown();
            }
        }
        4 => {
            if let Some(zone) = nth(&mut it.dns_zones, place) {
                zone.links = unknown();
            }
        }
        5 => {
            if let Some(zone) = nth(&mut it.dns_zones, place) {
                zone.records = unknown();
            }
        }
        6 => {
            if let Some(client) = nth(&mut it.interfaces, place) {
                client.filters = unknown();
            }
        }
        7 => {
            if let Some(cache) = nth(&mut it.caches, place) {
                cache.public_access = unknown();
            }
        }
        8 => {
            if let Some(cache) = nth(&mut it.caches, place) {
                cache.filters = unknown();
            }
        }
        _ => {
            if let Some(gateway) = nth(&mut it.nat_gateways, place) {
                gateway.addresses = unknown();
            }
        }
    }
}

/// Hides a part of a noun.
fn part(it: &mut Snapshot, what: u8, place: u8) {
    let azure = nth(&mut it.caches, place).and_then(|it| it.azure.as_mut());
    match (what, azure) {
        (10, Some(azure)) => azure.connections = unknown(),
        (11, Some(azure)) => {
            if let Fact::Known(connections) = &mut azure.connections {
                for connection in connections {
                    connection.endpoint = None;
                }
            }
        }
        (12, _) => {
            if let Some(network) = nth(&mut it.networks, place) {
                let servers = vec![[10, 0, 0, 53].into()];
                network.dns_servers = Fact::Known(DnsServers::Custom(servers));
            }
        }
        (13, _) => {
            if let Some(network) = nth(&mut it.networks, place) {
                network.filters = unknown();
            }
        }
        (14, _) => {
            if let Some(endpoint) = nth(&mut it.private_endpoints, place) {
                endpoint.addresses = unknown();
            }
        }
        (15, _) => {
            let subnet = nth(&mut it.subnets, place);
            if let Some(azure) = subnet.and_then(|it| it.azure.as_mut()) {
                azure.private_endpoint_policies = unknown();
            }
        }
        (16, _) => {
            if let Some(subnet) = nth(&mut it.subnets, place) {
                subnet.azure = None;
            }
        }
        (17, _) => {
            if let Some(peering) = nth(&mut it.peerings, place) {
                peering.requester.access = None;
            }
        }
        (18, _) => {
            if let Some(peering) = nth(&mut it.peerings, place) {
                peering.accepter.cidrs.clear();
                peering.azure = None;
            }
        }
        _ => {
            for endpoint in nth(&mut it.caches, place)
                .into_iter()
                .flat_map(|it| &mut it.endpoints)
            {
                endpoint.host = None;
            }
        }
    }
}

/// Loses a list, or one thing of it, and says so.
fn list(it: &mut Snapshot, what: u8, place: u8) {
    let hides = match what {
        20 => {
            it.dns_zones.clear();
            Noun::DnsZones
        }
        21 => {
            remove(&mut it.dns_zones, place);
            Noun::DnsZones
        }
        22 => {
            it.peerings.clear();
            Noun::Peerings
        }
        23 => {
            remove(&mut it.peerings, place);
            Noun::Peerings
        }
        24 => {
            it.private_endpoints.clear();
            Noun::PrivateEndpoints
        }
        25 => {
            remove(&mut it.subnets, place);
            Noun::Subnets
        }
        26 => {
            remove(&mut it.filters, place);
            Noun::Filters
        }
        27 => {
            remove(&mut it.route_tables, place);
            Noun::RouteTables
        }
        28 => {
            remove(&mut it.networks, place);
            Noun::Networks
        }
        _ => {
            if let Some(cache) = nth(&mut it.caches, place) {
                cache.families = unknown();
            }
            return;
        }
    };
    it.gaps.push(gap(&[hides]));
}
