//! Which interfaces and caches a selector or a text on the command line means.

use std::net::IpAddr;

use cachewarden_model::{Cache, Interface, Provider, ResourceId, Selector};
use cachewarden_netset::Cidr;

use crate::client::{Client, Place};
use crate::estate::Estate;

/// The clients at the address that a selector names, where no known interface
/// has it; empty if it names none, or names more than a place.
pub(crate) fn at_declared_address<'a>(estate: &Estate<'a>, selector: &Selector) -> Vec<Client<'a>> {
    match selector.address {
        Some(address) if names_place_only(selector) => at_address(estate, address, selector),
        _ => vec![],
    }
}

/// Whether something behind the interface may connect to a cache.
pub(crate) fn is_client(interface: &Interface) -> bool {
    interface.kind.is_client() && interface.attached_to.is_some()
}

fn names_place_only(selector: &Selector) -> bool {
    selector.id.is_none()
        && selector.name.is_none()
        && selector.group.is_none()
        && selector.subnet.is_none()
        && selector.tag.is_empty()
}

fn at_address<'a>(estate: &Estate<'a>, address: IpAddr, selector: &Selector) -> Vec<Client<'a>> {
    let places = places(estate, address)
        .into_iter()
        .filter(|place| match place {
            Place::Network { network, .. } => selector
                .network
                .as_deref()
                .is_none_or(|wanted| is_network(estate, network, wanted)),
            Place::OnPremises | Place::Internet => selector.network.is_none(),
        });
    let provider = selector.provider.unwrap_or(Provider::Aws);
    places
        .map(|place| Client::at(address, place, provider))
        .collect()
}

/// Whether a selector means an interface.
pub(crate) fn means(estate: &Estate<'_>, selector: &Selector, interface: &Interface) -> bool {
    let attached = interface.attached_to.as_ref();
    let by_id = |id: &ResourceId| {
        interface.id == *id || attached.is_some_and(|attachment| attachment.id == *id)
    };
    let by_name = |pattern: &String| {
        glob(pattern, &interface.name)
            || attached.is_some_and(|attachment| glob(pattern, &attachment.name))
    };
    let by_group = |wanted: &String| {
        let carried = interface
            .filters
            .value()
            .into_iter()
            .flatten()
            .chain(&interface.groups);
        carried.into_iter().any(|id| is_filter(estate, id, wanted))
    };
    selector.provider.is_none_or(|it| it == interface.provider)
        && selector.id.as_ref().is_none_or(by_id)
        && selector.name.as_ref().is_none_or(by_name)
        && selector.group.as_ref().is_none_or(by_group)
        && selector
            .subnet
            .as_ref()
            .is_none_or(|it| is_subnet(estate, &interface.subnet, it))
        && selector
            .network
            .as_ref()
            .is_none_or(|it| is_network(estate, &interface.network, it))
        && selector.tag.iter().all(|(key, value)| {
            interface
                .tags
                .get(key)
                .is_some_and(|actual| glob(value, actual))
        })
        && selector.address.is_none_or(|it| {
            interface.addresses.contains(&it) || interface.public_addresses.contains(&it)
        })
        && selector
            .account
            .as_ref()
            .is_none_or(|it| *it == interface.account)
        && selector
            .region
            .as_ref()
            .is_none_or(|it| *it == interface.region)
}

/// Whether a selector means a cache.
pub(crate) fn means_cache(estate: &Estate<'_>, selector: &Selector, cache: &Cache) -> bool {
    let by_group = |wanted: &String| {
        cache
            .filters
            .value()
            .into_iter()
            .flatten()
            .any(|id| is_filter(estate, id, wanted))
    };
    let by_subnet = |wanted: &String| {
        cache
            .subnets
            .value()
            .into_iter()
            .flatten()
            .any(|id| is_subnet(estate, id, wanted))
    };
    let by_address = |wanted: IpAddr| {
        cache
            .nodes
            .iter()
            .filter_map(|node| node.addresses.value())
            .flatten()
            .any(|it| *it == wanted)
    };
    selector.provider.is_none_or(|it| it == cache.provider)
        && selector.id.as_ref().is_none_or(|it| *it == cache.id)
        && selector
            .name
            .as_ref()
            .is_none_or(|it| glob(it, &cache.name))
        && selector.group.as_ref().is_none_or(by_group)
        && selector.subnet.as_ref().is_none_or(by_subnet)
        && selector.network.as_ref().is_none_or(|it| {
            cache
                .network
                .value()
                .is_some_and(|network| is_network(estate, network, it))
        })
        && selector.tag.iter().all(|(key, value)| {
            cache
                .tags
                .get(key)
                .is_some_and(|actual| glob(value, actual))
        })
        && selector.address.is_none_or(by_address)
        && selector
            .account
            .as_ref()
            .is_none_or(|it| *it == cache.account)
        && selector
            .region
            .as_ref()
            .is_none_or(|it| *it == cache.region)
}

fn is_filter(estate: &Estate<'_>, id: &ResourceId, wanted: &str) -> bool {
    glob(wanted, id.as_str())
        || estate
            .filter(id)
            .is_some_and(|filter| glob(wanted, &filter.name))
}

fn is_subnet(estate: &Estate<'_>, id: &ResourceId, wanted: &str) -> bool {
    glob(wanted, id.as_str())
        || estate
            .subnet(id)
            .is_some_and(|subnet| glob(wanted, &subnet.name))
}

fn is_network(estate: &Estate<'_>, id: &ResourceId, wanted: &str) -> bool {
    glob(wanted, id.as_str())
        || estate
            .network(id)
            .is_some_and(|network| glob(wanted, &network.name))
}

/// Whether a text fits a pattern in which `*` stands for any run of
/// characters. Linear in time but for the number of stars.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(first) = pieces.next() else {
        return text.is_empty();
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(place) => rest = rest.get(place + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What a text on the command line means as a client: an interface's id or
/// name, that of what it is attached to, an address, or `NETWORK:ADDRESS`.
pub(crate) fn parse_client<'a>(estate: &Estate<'a>, text: &str) -> Vec<Client<'a>> {
    let by_text: Vec<Client<'a>> = estate
        .snapshot()
        .interfaces
        .iter()
        .filter(|interface| {
            let attached = interface.attached_to.as_ref();
            interface.id == text
                || interface.name == text
                || attached.is_some_and(|it| it.id == text || it.name == text)
        })
        .map(|interface| Client::of(estate, interface))
        .collect();
    if !by_text.is_empty() {
        return by_text;
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return by_address(estate, address, None);
    }
    match text.split_once(':') {
        Some((network, address)) => match address.parse::<IpAddr>() {
            Ok(address) => by_address(estate, address, Some(network)),
            Err(_) => vec![],
        },
        None => vec![],
    }
}

fn by_address<'a>(estate: &Estate<'a>, address: IpAddr, network: Option<&str>) -> Vec<Client<'a>> {
    let in_network = |id: &ResourceId| network.is_none_or(|wanted| is_network(estate, id, wanted));
    let holders: Vec<Client<'a>> = estate
        .snapshot()
        .interfaces
        .iter()
        .filter(|interface| {
            in_network(&interface.network)
                && (interface.addresses.contains(&address)
                    || (network.is_none() && interface.public_addresses.contains(&address))
                    || interface.prefixes.iter().any(|cidr| cidr.contains(address)))
        })
        .map(|interface| {
            let mut client = Client::of(estate, interface);
            if !interface.public_addresses.contains(&address) {
                client.addresses = vec![address];
            }
            client
        })
        .collect();
    if !holders.is_empty() {
        return holders;
    }
    let places = places(estate, address)
        .into_iter()
        .filter(|place| match place {
            Place::Network { network, .. } => in_network(network),
            Place::OnPremises | Place::Internet => network.is_none(),
        });
    places
        .map(|place| Client::at(address, place, Provider::Aws))
        .collect()
}

/// Where an address may sit: every known network that holds it, else on
/// premises or the internet.
fn places<'a>(estate: &Estate<'a>, address: IpAddr) -> Vec<Place<'a>> {
    let holds = |cidrs: &[Cidr]| cidrs.iter().any(|cidr| cidr.contains(address));
    let inside: Vec<Place<'a>> = estate
        .snapshot()
        .networks
        .iter()
        .filter(|network| holds(&network.cidrs))
        .map(|network| Place::Network {
            network: &network.id,
            subnet: estate
                .subnets_of(&network.id)
                .iter()
                .copied()
                .find(|subnet| holds(&subnet.cidrs)),
        })
        .collect();
    if !inside.is_empty() {
        return inside;
    }
    vec![if is_private(address) {
        Place::OnPremises
    } else {
        Place::Internet
    }]
}

/// Whether an address is not routed on the internet.
///
/// Source: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => {
            let [first, ..] = address.segments();
            address.is_loopback() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
        }
    }
}

/// Caches that a text on the command line means: by id, name or host name.
pub(crate) fn parse_cache(estate: &Estate<'_>, text: &str) -> Vec<u32> {
    (0_u32..)
        .zip(&estate.snapshot().caches)
        .filter(|(_, cache)| {
            cache.id == text
                || cache.name == text
                || cache
                    .endpoints
                    .iter()
                    .any(|it| it.host.as_deref() == Some(text))
        })
        .map(|(index, _)| index)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_run() {
        assert!(glob("*", ""));
        assert!(glob("legacy-*", "legacy-"));
        assert!(glob("*-app-*", "my-app-1-app-2"));
        assert!(glob("a*b*c", "abbc"));
        assert!(!glob("a*b", "abc"));
        assert!(!glob("ab*ba", "aba"));
        assert!(!glob("legacy", "legacy-1"));
    }

    #[test]
    fn shared_address_space_is_private() {
        assert!(is_private("100.64.0.1".parse().unwrap()));
        assert!(!is_private("100.128.0.1".parse().unwrap()));
        assert!(is_private("fd00::1".parse().unwrap()));
        assert!(!is_private("2001:db8::1".parse().unwrap()));
    }
}
