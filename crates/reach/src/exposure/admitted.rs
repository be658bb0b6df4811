//! Addresses that the filters on a cache name.

use std::collections::BTreeSet;

use cachewarden_model::{Cache, Direction, Gap, Peer};
use cachewarden_netset::{AddressSet, Cidr};

use crate::estate::Estate;
use crate::filter::covers_port;

/// Addresses that the filters on the cache name by range or list, on a port.
pub(super) fn admitted(
    estate: &Estate<'_>,
    cache: &Cache,
    port: u16,
    gaps: &mut BTreeSet<Gap>,
) -> AddressSet {
    let mut cidrs: Vec<Cidr> = vec![];
    if let Some(gap) = cache.filters.gap() {
        gaps.insert(gap.clone());
    }
    for filter in cache
        .filters
        .value()
        .into_iter()
        .flatten()
        .filter_map(|id| estate.filter(id))
    {
        if let Some(gap) = filter.rules.gap() {
            gaps.insert(gap.clone());
        }
        for rule in filter.rules.value().into_iter().flatten() {
            if rule.direction != Direction::Ingress || !covers_port(rule, port) {
                continue;
            }
            for peer in &rule.peers {
                match peer {
                    Peer::Cidr(cidr) => cidrs.push(*cidr),
                    Peer::PrefixList(id) => match estate.list(id).map(|list| list.entries.get()) {
                        Some(Ok(entries)) => cidrs.extend(entries),
                        Some(Err(gap)) => {
                            gaps.insert(gap.clone());
                        }
                        None => {
                            gaps.insert(unread_peer(cache, id.as_str()));
                        }
                    },
                    Peer::Group { .. } => {}
                    Peer::Range(first, last) => {
                        cidrs.extend(
                            AddressSet::range(*first, *last)
                                .iter()
                                .flat_map(AddressSet::cidrs),
                        );
                    }
                    Peer::ServiceTag(text)
                    | Peer::Tag(text)
                    | Peer::ServiceAccount(text)
                    | Peer::Other(text) => {
                        gaps.insert(unread_peer(cache, text));
                    }
                }
            }
        }
    }
    cidrs.into_iter().collect()
}

/// A rule's peer that cannot be turned into addresses.
pub(super) fn unread_peer(cache: &Cache, what: &str) -> Gap {
    Gap {
        provider: cache.provider,
        account: Some(cache.account.clone()),
        region: Some(cache.region.clone()),
        what: what.to_owned(),
        why: cachewarden_model::GapReason::NotCollected,
        message: "the addresses that a rule names by this were not read".to_owned(),
        hides: vec![],
    }
}
