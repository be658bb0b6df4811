//! Parts of address sets.

use std::net::IpAddr;

use cachewarden_netset::{AddressSet, Cidr};

/// The parts into which ranges cut a set, as first and last address.
pub(crate) fn parts(set: &AddressSet, cuts: &[Cidr]) -> Vec<(IpAddr, IpAddr)> {
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
