//! Facts of one endpoint of a cache: who can open a connection to it.

use std::borrow::Cow;

use cachewarden_model::{Cache, Endpoint, Exposure, GapReason, Noun, Peer, SourceSet, Zone};
use cachewarden_netset::{AddressSet, Family};

use super::tag;
use super::words;
use super::world::{Gaps, gap_of};
use super::{FactDef, FactType, FactValue, Reader, World};

use FactType::{Bool, Float, Int, List, Text, Word};

/// An endpoint, its cache and who reaches it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndpointItem<'a> {
    pub(crate) exposure: &'a Exposure,
    /// None if the cache is not in the snapshot.
    pub(crate) cache: Option<&'a Cache>,
}

impl<'a> EndpointItem<'a> {
    /// The endpoint itself.
    pub(crate) fn endpoint(&self) -> Option<&'a Endpoint> {
        self.cache?.endpoints.get(self.exposure.endpoint)
    }
}

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: for<'w, 'a> fn(&'w World<'a>, &EndpointItem<'a>) -> FactValue<'a>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Endpoint(read))
}

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "endpoint.role",
        Word(words::ROLES),
        "what it is for",
        |world, it| {
            of(world, it, |endpoint| {
                FactValue::text(words::role(endpoint.role))
            })
        },
    ),
    fact(
        "endpoint.host",
        Text,
        "its host name; null while it has none",
        |world, it| {
            of(world, it, |endpoint| {
                FactValue::or_null(endpoint.host.as_deref(), FactValue::text)
            })
        },
    )
    .or_null(),
    fact("endpoint.port", Int, "its port", |world, it| {
        of(world, it, |endpoint| FactValue::Int(endpoint.port.into()))
    }),
    fact(
        "endpoint.encryption",
        Word(words::TRANSIT),
        "whether connections to this port are encrypted, where the ports of the cache differ in it",
        |world, it| {
            of(world, it, |endpoint| {
                FactValue::or_null(endpoint.encryption, |it| {
                    FactValue::text(words::transit(it))
                })
            })
        },
    )
    .or_null(),
    fact(
        "endpoint.default_port",
        Bool,
        "whether the port is one that the service gives to a cache whose owner chose none",
        |world, it| {
            of(world, it, |endpoint| {
                let ports = it
                    .cache
                    .map(|cache| world.tables.default_ports(cache.service));
                FactValue::Bool(ports.unwrap_or_default().contains(&endpoint.port))
            })
        },
    ),
    fact(
        "endpoint.reachable",
        Bool,
        "whether anybody at all can open a connection to it",
        |_, it| certainty(it, |_| true),
    ),
    fact(
        "endpoint.open_to_internet",
        Bool,
        "whether somebody on the internet can open a connection to it",
        |_, it| certainty(it, |zone| *zone == Zone::Internet),
    ),
    fact(
        "endpoint.open_to_on_premises",
        Bool,
        "whether somebody behind a VPN or a private line can open a connection to it",
        |_, it| certainty(it, |zone| *zone == Zone::OnPremises),
    ),
    fact(
        "endpoint.network_addresses",
        Int,
        "how many addresses of networks in the cloud certainly can open a connection to it",
        |_, it| FactValue::count(network_addresses(&it.exposure.certain)),
    ),
    fact(
        "endpoint.network_addresses_known",
        Bool,
        "true if no others can; else unknown",
        |_, it| {
            let certain = network_addresses(&it.exposure.certain);
            if certain == network_addresses(&it.exposure.possible) {
                FactValue::Bool(true)
            } else {
                FactValue::gaps(&it.exposure.gaps)
            }
        },
    ),
    fact(
        "endpoint.admitted_internet_percent",
        Float,
        "how much of the internet the filters on the cache admit on this port, by CIDR and prefix \
         list, whether or not a route exists: the larger share of IPv4 and IPv6, as far as their \
         rules are known",
        |_, it| FactValue::Float(internet_percent(it)),
    ),
    fact(
        "endpoint.admitted",
        List,
        "the ranges that these filters admit",
        |_, it| FactValue::list(it.exposure.admitted.cidrs().map(|range| range.to_string())),
    ),
    fact(
        "endpoint.filters_known",
        Bool,
        "true if all rules of the filters on the cache are known; else unknown",
        filters_known,
    ),
];

fn of<'a>(
    world: &World<'a>,
    item: &EndpointItem<'a>,
    read: impl FnOnce(&'a Endpoint) -> FactValue<'a>,
) -> FactValue<'a> {
    item.endpoint().map_or_else(|| world.no_such_cache(), read)
}

/// True if a source in such a zone certainly gets through, false if none
/// possibly does.
fn certainty<'a>(item: &EndpointItem<'a>, wanted: impl Fn(&Zone) -> bool) -> FactValue<'a> {
    let meets = |sources: &SourceSet| {
        sources
            .iter()
            .any(|(zone, addresses)| wanted(zone) && !addresses.is_empty())
    };
    if meets(&item.exposure.certain) {
        FactValue::Bool(true)
    } else if meets(&item.exposure.possible) {
        FactValue::gaps(&item.exposure.gaps)
    } else {
        FactValue::Bool(false)
    }
}

fn network_addresses(sources: &SourceSet) -> u128 {
    let networks = sources
        .iter()
        .filter(|(zone, _)| matches!(zone, Zone::Network(_)));
    let counts = networks.map(|(_, addresses)| addresses.count());
    counts.fold(0, u128::saturating_add)
}

#[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
fn internet_percent(item: &EndpointItem<'_>) -> f64 {
    let share = |family: Family| {
        let internet = AddressSet::internet().family(family);
        let admitted = internet.intersection(&item.exposure.admitted).count() as f64;
        admitted / (internet.count().max(1) as f64) * 100.0
    };
    share(Family::V4).max(share(Family::V6))
}

fn filters_known<'a>(world: &World<'a>, item: &EndpointItem<'a>) -> FactValue<'a> {
    let Some(cache) = item.cache else {
        return world.no_such_cache();
    };
    FactValue::of(&cache.filters, |ids| {
        let mut unknown: Gaps<'a> = vec![];
        for id in ids {
            match world.filter(id) {
                None => unknown.extend(world.missing(Noun::Filters, cache, id)),
                Some(filter) => match filter.rules.get() {
                    Err(gap) => unknown.push(Cow::Borrowed(gap)),
                    Ok(rules) => {
                        let peers = rules.iter().flat_map(|rule| &rule.peers);
                        unknown.extend(peers.filter_map(|peer| unread(world, peer)).flatten());
                    }
                },
            }
        }
        if unknown.is_empty() {
            FactValue::Bool(true)
        } else {
            FactValue::Unknown(unknown)
        }
    })
}

/// Why the addresses that a rule names are not known; none where they are, or
/// where it names a group.
pub(super) fn unread<'a>(world: &World<'a>, peer: &'a Peer) -> Option<Gaps<'a>> {
    match peer {
        Peer::PrefixList(id) => world.unread_prefix_list(id),
        // What these stand for is known well enough: no part of the internet,
        // or all of it.
        Peer::ServiceTag(tag) if tag::is_known(tag) => None,
        Peer::Other(word) | Peer::ServiceTag(word) => {
            let message = format!("`{word}` in a rule cannot be resolved to addresses");
            let gap = gap_of(world.provider(), word, GapReason::Unmodelled, message);
            Some(vec![Cow::Owned(gap)])
        }
        Peer::Cidr(_)
        | Peer::Range(..)
        | Peer::Group { .. }
        | Peer::Tag(_)
        | Peer::ServiceAccount(_) => None,
    }
}
