//! Addresses and ranges as text.

use std::net::IpAddr;

use cachewarden_netset::{Cidr, PortRange, Protocol};

/// A range, also where it is one address.
pub(super) fn range(text: &str) -> Option<Cidr> {
    let text = text.trim();
    match text.split_once('/') {
        Some((address, length)) => Cidr::new(address.parse().ok()?, length.parse().ok()?).ok(),
        None => {
            let address: IpAddr = text.parse().ok()?;
            Cidr::new(address, if address.is_ipv4() { 32 } else { 128 }).ok()
        }
    }
}

/// Every range of a list, sorted; none if one is no range.
pub(super) fn ranges<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<Cidr>> {
    let mut ranges: Vec<Cidr> = texts.into_iter().map(range).collect::<Option<_>>()?;
    ranges.sort();
    ranges.dedup();
    Some(ranges)
}

/// `N` or `A-B`.
pub(super) fn ports(text: &str) -> Option<PortRange> {
    let port = |text: &str| text.trim().parse().ok();
    match text.split_once('-') {
        Some((first, last)) => PortRange::new(port(first)?, port(last)?),
        None => Some(PortRange::single(port(text)?)),
    }
}

/// A protocol by its name or number; `all` is any.
///
/// Source: Compute Engine API v1, "Firewall": `IPProtocol`.
pub(super) fn protocol(text: &str) -> Option<Protocol> {
    match text.to_ascii_lowercase().as_str() {
        "esp" => Some(Protocol::Number(50)),
        "ah" => Some(Protocol::Number(51)),
        "ipip" => Some(Protocol::Number(94)),
        "sctp" => Some(Protocol::Number(132)),
        other => other.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_they_are_written() {
        let text = |it: &str| range(it).map(|it| it.to_string());
        assert_eq!(text("10.1.2.3/8").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(text("10.1.2.3").as_deref(), Some("10.1.2.3/32"));
        assert_eq!(text("2600:1900::1/64").as_deref(), Some("2600:1900::/64"));
        for wrong in ["", "10.0.0.0/33", "auto", "10.0.0/8"] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
        assert_eq!(ranges(["10.0.0.0/8", "x"]), None);
    }

    #[test]
    fn ports_and_protocols() {
        assert_eq!(ports("6379"), Some(PortRange::single(6379)));
        assert_eq!(ports("11000-13047"), PortRange::new(11_000, 13_047));
        assert_eq!(ports("13047-11000"), None);
        assert_eq!(ports("many"), None);
        assert_eq!(protocol("TCP"), Some(Protocol::TCP));
        assert_eq!(protocol("6"), Some(Protocol::TCP));
        assert_eq!(protocol("all"), Some(Protocol::Any));
        assert_eq!(protocol("gre?"), None);
    }
}
