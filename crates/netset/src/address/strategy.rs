//! Random addresses, blocks and sets, crowded at both ends of each family.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::collection::vec;
use proptest::prelude::*;

use super::{AddressSet, Cidr, Family};
use crate::interval::strategy::point;

/// An address of either family.
pub(crate) fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        point().prop_map(|bits| Ipv4Addr::from_bits(bits).into()),
        point().prop_map(|bits| Ipv6Addr::from_bits(bits).into()),
    ]
}

/// A block of either family: often of a few addresses, now and then of all.
pub(crate) fn cidr() -> impl Strategy<Value = Cidr> {
    let host_bits = prop_oneof![8 => 0..6_u8, 3 => 0..=128_u8, 1 => Just(128)];
    (address(), host_bits).prop_map(|(address, host_bits)| {
        let length = Family::from(address).bits().saturating_sub(host_bits);
        Cidr::new(address, length).unwrap()
    })
}

/// A set of a few blocks and ranges; now and then the rest of one.
pub(crate) fn addresses() -> impl Strategy<Value = AddressSet> {
    let ranges = vec((address(), address()), 0..3).prop_map(|ends| {
        let ranges = ends
            .into_iter()
            .filter_map(|(first, last)| AddressSet::range(first, last));
        ranges.collect::<AddressSet>()
    });
    (vec(cidr(), 0..6), ranges, any::<bool>()).prop_map(|(blocks, ranges, inverted)| {
        let set = AddressSet::from_iter(blocks).union(&ranges);
        if inverted { set.complement() } else { set }
    })
}
