//! Rules for filters on interfaces: the narrowest source that holds.

use std::net::IpAddr;

use cachewarden_model::{
    Action, Direction, Edit, Filter, Peer, PeerLink, ResourceId, Rule, RuleId,
};
use cachewarden_netset::{Cidr, Family, PortRange, Protocol};

use crate::client::End;
use crate::estate::Estate;
use crate::fix::Pair;
use crate::path::relation;
use crate::peer::{Tri, Via, names};
use crate::target::candidates;

/// A rule on the cache's or the client's own filter.
pub(super) fn propose(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    direction: Direction,
    far: IpAddr,
    port: u16,
) -> Result<Vec<Edit>, String> {
    let family = if far.is_ipv4() {
        Family::V4
    } else {
        Family::V6
    };
    let near_and_far = ends(estate, pair, family);
    let Some((client, cache)) = near_and_far else {
        return Err("read the subnets of the cache first".to_owned());
    };
    let (near, other) = match direction {
        Direction::Ingress => (&cache, &client),
        Direction::Egress => (&client, &cache),
    };
    let Some(filter) = own_filter(estate, near) else {
        return Err("attach a security group of its own first: only built-in ones guard it".into());
    };
    let via = relation(estate, &client, &cache);
    let peers = match group_of(estate, other, direction, via) {
        Some(group) => vec![group],
        None => addresses(estate, pair, direction, far, family),
    };
    Ok(peers
        .into_iter()
        .map(|peer| add(filter, direction, port, peer))
        .collect())
}

/// Both ends of the pair in a family, the cache's at its first place.
fn ends<'a>(
    estate: &Estate<'a>,
    pair: &Pair<'_, 'a>,
    family: Family,
) -> Option<(End<'a>, End<'a>)> {
    let source = pair
        .client
        .addresses
        .iter()
        .find(|it| it.is_ipv4() == (family == Family::V4))?;
    let found = candidates(estate, pair.cache, pair.endpoint, family, pair.client).ok()?;
    Some((pair.client.end(*source), found.first()?.end(pair.cache)))
}

/// The filter of an end that guards the fewest others, built-in ones last.
fn own_filter<'a>(estate: &Estate<'a>, end: &End<'a>) -> Option<&'a Filter> {
    end.carries
        .filters()
        .iter()
        .filter_map(|id| estate.filter(id))
        .filter(|filter| filter.rules.value().is_some())
        .min_by_key(|filter| {
            let others = estate.carriers(&filter.id).len() + estate.guarded(&filter.id).len();
            (filter.builtin, others, filter.id.clone())
        })
}

/// A reference to the group of the far end that the fewest carry, where
/// references hold across what joins the ends.
fn group_of(
    estate: &Estate<'_>,
    far: &End<'_>,
    direction: Direction,
    via: Via<'_>,
) -> Option<Peer> {
    let reference = |id: &ResourceId| Peer::Group {
        group: id.clone(),
        account: None,
        network: None,
        link: match via {
            Via::Peering(peering) => Some(PeerLink {
                id: peering.id.clone(),
                status: Some("active".to_owned()),
            }),
            _ => None,
        },
    };
    far.carries
        .filters()
        .iter()
        .filter(|id| estate.filter(id).is_some_and(|filter| !filter.builtin))
        .filter(|id| names(estate, &reference(id), far, direction, via) == Tri::Yes)
        .min_by_key(|id| (estate.carriers(id).len(), (*id).clone()))
        .map(reference)
}

/// Single addresses: the client's, or those of the nodes, by their subnets
/// where a node's address is not known.
fn addresses(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    direction: Direction,
    far: IpAddr,
    family: Family,
) -> Vec<Peer> {
    if direction == Direction::Ingress {
        return vec![Peer::Cidr(Cidr::from(far))];
    }
    let Ok(found) = candidates(estate, pair.cache, pair.endpoint, family, pair.client) else {
        return vec![Peer::Cidr(Cidr::from(far))];
    };
    let mut peers: Vec<Peer> = found
        .iter()
        .filter_map(|candidate| {
            let stated = candidate
                .node
                .addresses
                .value()
                .is_some_and(|it| !it.is_empty());
            if stated {
                return Some(Peer::Cidr(Cidr::from(candidate.address)));
            }
            let subnet = candidate.subnet?;
            subnet
                .cidrs
                .iter()
                .find(|cidr| cidr.contains(candidate.address))
                .map(|it| Peer::Cidr(*it))
        })
        .collect();
    peers.sort();
    peers.dedup();
    peers
}

fn add(filter: &Filter, direction: Direction, port: u16, peer: Peer) -> Edit {
    Edit::AddRule {
        filter: filter.id.clone(),
        rule: Box::new(Rule {
            gcp: None,
            id: RuleId::new(format!(
                "new {} {}",
                direction.as_str(),
                crate::rules::peer(&peer)
            )),
            direction,
            action: Action::Allow,
            priority: None,
            protocol: Protocol::TCP,
            ports: vec![PortRange::single(port)],
            peers: vec![peer],
            local: vec![],
            source_ports: vec![],
            description: String::new(),
        }),
    }
}
