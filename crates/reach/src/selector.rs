//! Which interfaces and caches a selector or a text on the command line means.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{Cache, Endpoint, Fact, Gap, Interface, Provider, ResourceId, Selector};
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
    places
        .map(|place| {
            let provider = selector.provider.unwrap_or(cloud(estate, &place));
            Client::at(address, place, provider)
        })
        .collect()
}

/// The cloud of a place; of one outside every network any will do.
fn cloud(estate: &Estate<'_>, place: &Place<'_>) -> Provider {
    let network = match place {
        Place::Network { network, .. } => estate.network(network),
        Place::OnPremises | Place::Internet => None,
    };
    network.map_or(Provider::Aws, |it| it.provider)
}

/// Whether a selector means something, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meant<'a> {
    Yes,
    No,
    /// All that is known of it fits, and this is why the rest is not known.
    Perhaps(&'a Gap),
}

impl<'a> Meant<'a> {
    /// Whether every part fits; a part that does not decides.
    fn all<const N: usize>(parts: [Result<bool, &'a Gap>; N]) -> Self {
        let mut doubt = None;
        for part in parts {
            match part {
                Ok(true) => {}
                Ok(false) => return Self::No,
                Err(gap) => doubt = doubt.or(Some(gap)),
            }
        }
        doubt.map_or(Self::Yes, Self::Perhaps)
    }
}

/// Whether a part of a selector fits; it does if it is not given.
fn part<'a, W>(
    wanted: Option<W>,
    fits: impl FnOnce(W) -> Result<bool, &'a Gap>,
) -> Result<bool, &'a Gap> {
    wanted.map_or(Ok(true), fits)
}

/// Whether one of a list fits that may not be known.
fn any<T>(list: &Fact<Vec<T>>, fits: impl Fn(&T) -> bool) -> Result<bool, &Gap> {
    Ok(list.get()?.iter().any(fits))
}

fn has_tags(tags: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> bool {
    wanted
        .iter()
        .all(|(key, value)| tags.get(key).is_some_and(|actual| glob(value, actual)))
}

/// Whether a selector means an interface.
pub(crate) fn means<'a>(
    estate: &Estate<'_>,
    selector: &Selector,
    interface: &'a Interface,
) -> Meant<'a> {
    let attached = interface.attached_to.as_ref();
    let by_id = |id: &ResourceId| {
        Ok(interface.id == *id || attached.is_some_and(|attachment| attachment.id == *id))
    };
    let by_name = |pattern: &String| {
        Ok(glob(pattern, &interface.name)
            || attached.is_some_and(|attachment| glob(pattern, &attachment.name)))
    };
    let by_group = |wanted: &String| {
        // On Google Cloud network tags and service accounts are what rules
        // name machines by.
        let mut marks = interface
            .network_tags
            .iter()
            .chain(&interface.service_account);
        if marks.any(|mark| glob(wanted, mark)) {
            return Ok(true);
        }
        if let Some(unread) = interface
            .gcp
            .as_ref()
            .and_then(|it| it.tags_unread.as_deref())
        {
            return Err(unread);
        }
        let groups = &interface.groups;
        if groups.iter().any(|id| is_filter(estate, id, wanted)) {
            return Ok(true);
        }
        any(&interface.filters, |id| is_filter(estate, id, wanted))
    };
    let by_address = |wanted: IpAddr| {
        Ok(interface.addresses.contains(&wanted) || interface.public_addresses.contains(&wanted))
    };
    Meant::all([
        part(selector.provider, |it| Ok(it == interface.provider)),
        part(selector.account.as_ref(), |it| Ok(*it == interface.account)),
        part(selector.region.as_ref(), |it| Ok(*it == interface.region)),
        part(selector.id.as_ref(), by_id),
        part(selector.name.as_ref(), by_name),
        part(selector.subnet.as_ref(), |it| {
            Ok(is_subnet(estate, &interface.subnet, it))
        }),
        part(selector.network.as_ref(), |it| {
            Ok(is_network(estate, &interface.network, it))
        }),
        part(selector.address, by_address),
        Ok(has_tags(&interface.tags, &selector.tag)),
        part(selector.group.as_ref(), by_group),
    ])
}

/// Whether a selector means a cache.
pub(crate) fn means_cache<'a>(
    estate: &Estate<'_>,
    selector: &Selector,
    cache: &'a Cache,
) -> Meant<'a> {
    let by_address = |wanted: IpAddr| {
        // Endpoints of Google Cloud are addresses themselves.
        let host = |it: &Endpoint| it.host.as_deref().and_then(|it| it.parse::<IpAddr>().ok());
        let hosts: Option<Vec<IpAddr>> = cache.endpoints.iter().map(host).collect();
        if let Some(hosts) = hosts.filter(|_| cache.provider == Provider::Gcp) {
            return Ok(hosts.contains(&wanted));
        }
        let mut doubt = None;
        for node in &cache.nodes {
            match any(&node.addresses, |it| *it == wanted) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(gap) => doubt = doubt.or(Some(gap)),
            }
        }
        doubt.map_or(Ok(false), Err)
    };
    let by_tag = || {
        if selector.tag.is_empty() {
            return Ok(true);
        }
        Ok(has_tags(cache.tags.get()?, &selector.tag))
    };
    Meant::all([
        part(selector.provider, |it| Ok(it == cache.provider)),
        part(selector.account.as_ref(), |it| Ok(*it == cache.account)),
        part(selector.region.as_ref(), |it| Ok(*it == cache.region)),
        part(selector.id.as_ref(), |it| Ok(*it == cache.id)),
        part(selector.name.as_ref(), |it| Ok(glob(it, &cache.name))),
        part(selector.group.as_ref(), |wanted| {
            any(&cache.filters, |id| is_filter(estate, id, wanted))
        }),
        part(selector.subnet.as_ref(), |wanted| {
            any(&cache.subnets, |id| is_subnet(estate, id, wanted))
        }),
        part(selector.network.as_ref(), |wanted| {
            Ok(is_network(estate, cache.network.get()?, wanted))
        }),
        part(selector.address, by_address),
        by_tag(),
    ])
}

fn is_filter(estate: &Estate<'_>, id: &ResourceId, wanted: &str) -> bool {
    // An application security group of Azure is no filter; its name is the
    // last part of its id.
    let last = id.as_str().rsplit('/').next().unwrap_or_default();
    let named = id.as_str().contains('/') && glob(wanted, last);
    named
        || glob(wanted, id.as_str())
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
    let found: Vec<Client<'a>> = places
        .map(|place| Client::at(address, place, cloud(estate, &place)))
        .collect();
    match network {
        Some(wanted) if found.is_empty() => by_line(estate, address, wanted),
        _ => found,
    }
}

/// A private address outside the subnets of a network of Google Cloud comes
/// in by that network's VPNs and private lines.
fn by_line<'a>(estate: &Estate<'a>, address: IpAddr, network: &str) -> Vec<Client<'a>> {
    let networks = estate.snapshot().networks.iter();
    let named = networks.filter(|it| {
        it.provider == Provider::Gcp && is_private(address) && is_network(estate, &it.id, network)
    });
    let place = |network: &'a cachewarden_model::Network| Place::Network {
        network: &network.id,
        subnet: None,
    };
    named
        .map(|it| Client::at(address, place(it), Provider::Gcp))
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
        .filter(|network| {
            // Networks of Google Cloud have ranges by their subnets alone.
            let subnets = estate.subnets_of(&network.id);
            holds(&network.cidrs)
                || network.provider == Provider::Gcp && subnets.iter().any(|it| holds(&it.cidrs))
        })
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
