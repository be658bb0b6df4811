//! What the registries keep addresses for: the internet, private networks.

use std::sync::LazyLock;

use super::{AddressSet, Cidr};

/// Where public addresses are given out.
///
/// Source: IANA, "Internet Protocol Version 6 Address Space" (2000::/3 is
/// global unicast); of IPv4 all that is not reserved.
const GIVEN_OUT: [&str; 2] = ["0.0.0.0/0", "2000::/3"];

/// What is set aside within: private networks, links, tests, documentation,
/// groups and the future.
///
/// Source: IANA, "IPv4 Special-Purpose Address Registry" and "IPv6
/// Special-Purpose Address Registry", entries that are not globally
/// reachable, read on 2026-11-20; RFC 5771 for 224.0.0.0/4.
const SET_ASIDE: [&str; 18] = [
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
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001:2::/48",
    "2001:10::/28",
    "2001:db8::/32",
    "3fff::/20",
];

/// What private networks give themselves.
///
/// Source: RFC 1918, RFC 6598, RFC 4193.
const PRIVATE: [&str; 5] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
];

impl AddressSet {
    /// Addresses that the internet routes.
    pub fn internet() -> &'static Self {
        static INTERNET: LazyLock<AddressSet> =
            LazyLock::new(|| set(&GIVEN_OUT).difference(&set(&SET_ASIDE)));
        &INTERNET
    }

    /// Addresses that private networks give themselves, shared address space
    /// included. No address is both in here and in [`internet`](Self::internet);
    /// some are in neither.
    pub fn private() -> Self {
        set(&PRIVATE)
    }
}

fn set(texts: &[&str]) -> AddressSet {
    let parsed = texts.iter().filter_map(|text| text.parse::<Cidr>().ok());
    parsed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_one() {
        for text in GIVEN_OUT.iter().chain(&SET_ASIDE).chain(&PRIVATE) {
            assert!(text.parse::<Cidr>().is_ok(), "{text}");
        }
    }

    #[test]
    fn the_internet_has_no_private_addresses() {
        let internet = AddressSet::internet();
        for (address, public) in [
            ("8.8.8.8", true),
            ("1.0.0.0", true),
            ("0.255.255.255", false),
            ("10.0.0.1", false),
            ("100.64.0.1", false),
            ("100.128.0.0", true),
            ("172.15.255.255", true),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("223.255.255.255", true),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2600::1", true),
            ("2001:db8::1", false),
            ("::1", false),
            ("fd00::1", false),
            ("fe80::1", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(internet.contains(address), public, "{address}");
        }
        assert!(internet.intersection(&AddressSet::private()).is_empty());
    }
}
