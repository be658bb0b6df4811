//! Addresses and ranges as Azure writes them.

use std::net::IpAddr;

use cachewarden_netset::Cidr;

/// A range: `10.0.0.0/8`, or one address. Bits beyond the prefix are dropped,
/// as Azure does.
pub(super) fn cidr(text: &str) -> Option<Cidr> {
    let text = text.trim();
    match text.split_once('/') {
        Some((address, length)) => Cidr::new(address.parse().ok()?, length.parse().ok()?).ok(),
        None => Some(Cidr::from(text.parse::<IpAddr>().ok()?)),
    }
}

/// Ranges, sorted; none if one of them is none.
pub(super) fn cidrs<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<Cidr>> {
    let mut ranges = texts.into_iter().map(cidr).collect::<Option<Vec<_>>>()?;
    ranges.sort_unstable();
    ranges.dedup();
    Some(ranges)
}

/// Addresses, sorted; none if one of them is none.
pub(super) fn addresses<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<IpAddr>> {
    let parsed = texts.into_iter().map(|it| it.trim().parse().ok());
    let mut addresses = parsed.collect::<Option<Vec<IpAddr>>>()?;
    addresses.sort_unstable();
    addresses.dedup();
    Some(addresses)
}
