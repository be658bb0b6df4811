//! Where clients are let out to, and what joins them to a cache.

use std::net::IpAddr;

use cachewarden_model::{Cache, Leg, Node};
use cachewarden_netset::{AddressSet, Family};

use crate::client::Client;
use crate::estate::Estate;
use crate::path::travel;
use crate::peer::{Tri, Via};
use crate::step::Silent;
use crate::target::{candidates, families, sources};

/// Whether a set of addresses to which a client is let out holds every place
/// of every node that it may have to reach.
pub(super) fn holds_nodes(
    estate: &Estate<'_>,
    set: &AddressSet,
    client: &Client<'_>,
    cache: &Cache,
) -> bool {
    let common = families(cache, client).unwrap_or_default();
    common.into_iter().all(|family| {
        let whole = match family {
            Family::V4 => set.v4().is_full(),
            Family::V6 => set.v6().is_full(),
        };
        let mut nodes = cache.nodes.iter();
        whole || nodes.all(|node| holds(estate, set, node, family))
    })
}

/// Whether a set holds every address of a family that a node may have.
fn holds(estate: &Estate<'_>, set: &AddressSet, node: &Node, family: Family) -> bool {
    let of_family = |address: &&IpAddr| Family::from(**address) == family;
    match node.addresses.value() {
        Some(addresses) if !addresses.is_empty() => {
            let mut addresses = addresses.iter().filter(of_family);
            addresses.all(|it| set.contains(*it))
        }
        _ => {
            let ids = node.subnets.value().into_iter().flatten();
            let subnets = ids.filter_map(|id| estate.subnet(id));
            let mut ranges = subnets.flat_map(|it| &it.cidrs);
            ranges.all(|it| it.family() != family || AddressSet::from(*it).is_subset(set))
        }
    }
}

/// What joins a client that gets through to a cache, by endpoint; none if not
/// all places of the nodes are joined alike.
pub(super) fn joined_by<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
) -> Option<Vec<Via<'a>>> {
    let mut vias = vec![];
    for endpoint in &cache.endpoints {
        let mut found: Option<Via<'a>> = None;
        for family in families(cache, client).ok()? {
            for place in candidates(estate, cache, endpoint, family, client).ok()? {
                for source in sources(estate, cache, family, client) {
                    let (from, to) = (client.end(source), place.end(cache));
                    let travel = travel(estate, Leg::Request, &from, &to, &mut Silent);
                    let via = travel.via.filter(|_| travel.arrives == Tri::Yes)?;
                    if !found.unwrap_or(via).is_same(&via) {
                        return None;
                    }
                    found = Some(via);
                }
            }
        }
        vias.push(found?);
    }
    Some(vias)
}
