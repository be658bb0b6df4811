//! Parts of address sets; what the internet routes and what it does not.

use std::net::IpAddr;

use cachewarden_netset::{AddressSet, Cidr, Family};

/// The parts into which ranges cut a set, as first and last address.
pub(super) fn parts(set: &AddressSet, cuts: &[Cidr]) -> Vec<(IpAddr, IpAddr)> {
    let mut edges: Vec<IpAddr> = vec![];
    for cidr in cuts {
        edges.push(cidr.first());
        edges.extend(crate::target::after(cidr.last()));
    }
    edges.sort_unstable();
    edges.dedup();
    let mut parts = vec![];
    for (first, last) in set.ranges() {
        let mut start = first;
        let from = edges.partition_point(|edge| *edge <= first);
        for edge in edges.get(from..).into_iter().flatten() {
            if *edge > last || edge.is_ipv4() != first.is_ipv4() {
                break;
            }
            if let Some(end) = crate::target::before(*edge) {
                parts.push((start, end));
            }
            start = *edge;
        }
        parts.push((start, last));
    }
    parts
}

/// Addresses that the internet does not route: where on-premises clients sit.
///
/// Source: RFC 1918, RFC 6598, RFC 4193.
pub(super) fn private_space() -> AddressSet {
    [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "fc00::/7",
    ]
    .iter()
    .filter_map(|text| text.parse::<Cidr>().ok())
    .collect()
}

/// Addresses that the internet routes.
///
/// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
pub(crate) fn public_space() -> AddressSet {
    let special: AddressSet = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    ]
    .iter()
    .filter_map(|text| text.parse::<Cidr>().ok())
    .collect();
    let v4 = AddressSet::all(Family::V4).difference(&special);
    let v6: AddressSet = ["2000::/3"]
        .iter()
        .filter_map(|it| it.parse::<Cidr>().ok())
        .collect();
    let reserved: AddressSet = ["2001:2::/48", "2001:10::/28", "2001:db8::/32", "3fff::/20"]
        .iter()
        .filter_map(|it| it.parse::<Cidr>().ok())
        .collect();
    v4.union(&v6.difference(&reserved))
}
