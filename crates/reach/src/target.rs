//! What a client has to reach behind one endpoint: nodes, places, ports.

use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{
    Cache, Endpoint, Fact, Gap, GapReason, IpFamilies, Node, ResourceId, Service, Subnet,
};
use cachewarden_netset::{AddressSet, Cidr, Family};

mod cuts;

use crate::client::{Carries, Client, End};
use crate::estate::Estate;

pub(crate) use cuts::{cache_cuts, side_cuts, way_cuts};

use cuts::{visit_filter, visit_routers, visit_table};

/// One node at one place that it has or may have.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) node: &'a Node,
    pub(crate) subnet: Option<&'a Subnet>,
    pub(crate) address: IpAddr,
}

impl<'a> Candidate<'a> {
    /// The cache's end of a connection to this node.
    pub(crate) fn end(&self, cache: &'a Cache) -> End<'a> {
        let carries = match &cache.filters {
            Fact::Known(filters) | Fact::Default(filters) => Carries::These(filters, &[]),
            Fact::Unknown(gap) => Carries::Unclear(gap),
        };
        End {
            address: self.address,
            carries,
            network: self.subnet.map(|it| &it.network).or(cache.network.value()),
            subnet: self.subnet,
            account: Some(&cache.account),
            region: Some(&cache.region),
            private_link: cache.service == Service::ElastiCacheServerless,
        }
    }
}

/// The address families that both sides speak.
pub(crate) fn families(cache: &Cache, client: &Client<'_>) -> Result<Vec<Family>, Box<Gap>> {
    let listens: &[Family] = match cache.families.get() {
        Ok(IpFamilies::Ipv4) => &[Family::V4],
        Ok(IpFamilies::Ipv6) => &[Family::V6],
        Ok(IpFamilies::DualStack) => &[Family::V4, Family::V6],
        Err(gap) => return Err(Box::new(gap.clone())),
    };
    let has = |family: &Family| {
        client
            .addresses
            .iter()
            .any(|address| address.is_ipv4() == (*family == Family::V4))
    };
    Ok(listens.iter().copied().filter(has).collect())
}

/// Every place at which the nodes of an endpoint are or may be, in one
/// family, with addresses that nothing tells apart taken once. A node that
/// has no place in this family is left out.
///
/// # Errors
///
/// A gap if the places of a node are not known at all.
pub(crate) fn candidates<'a>(
    estate: &Estate<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    family: Family,
    client: &Client<'a>,
) -> Result<Vec<Candidate<'a>>, Box<Gap>> {
    let mut found = vec![];
    for node in cache
        .nodes
        .iter()
        .filter(|node| endpoint.nodes.contains(&node.id))
    {
        place(estate, node, family, client, &mut found)?;
    }
    Ok(found)
}

/// A node of an endpoint without a place in any family that counts.
pub(crate) enum Missing {
    /// Its subnets are known, and none of them has such a family.
    NoFamily(String),
    /// Nothing is known of its place.
    Unplaced(Box<Gap>),
}

/// The nodes of an endpoint that have no place in any family that counts.
pub(crate) fn without_place(
    estate: &Estate<'_>,
    cache: &Cache,
    endpoint: &Endpoint,
    placed: &BTreeSet<&str>,
) -> Vec<Missing> {
    if endpoint.nodes.is_empty() {
        return vec![Missing::Unplaced(unplaced(cache, cache.name.as_str()))];
    }
    let missing = endpoint
        .nodes
        .iter()
        .filter(|id| !placed.contains(id.as_str()));
    missing
        .map(|id| {
            let node = cache.nodes.iter().find(|node| node.id == *id);
            let subnets = node.and_then(|node| node.subnets.value());
            let read = subnets.is_some_and(|subnets| {
                !subnets.is_empty() && subnets.iter().all(|id| estate.subnet(id).is_some())
            });
            if read {
                Missing::NoFamily(id.clone())
            } else {
                Missing::Unplaced(unplaced(cache, id))
            }
        })
        .collect()
}

fn unplaced(cache: &Cache, node: &str) -> Box<Gap> {
    Box::new(Gap {
        provider: cache.provider,
        account: Some(cache.account.clone()),
        region: Some(cache.region.clone()),
        what: format!("place of {node}"),
        why: GapReason::NotCollected,
        message: "no subnet or address of this node is known".to_owned(),
        hides: vec![],
    })
}

fn place<'a>(
    estate: &Estate<'a>,
    node: &'a Node,
    family: Family,
    client: &Client<'a>,
    found: &mut Vec<Candidate<'a>>,
) -> Result<(), Box<Gap>> {
    let ids = node.subnets.get().map_err(|gap| Box::new(gap.clone()))?;
    let addresses = node.addresses.value().map_or(&[][..], Vec::as_slice);
    for address in addresses
        .iter()
        .filter(|it| it.is_ipv4() == (family == Family::V4))
    {
        let holds = |id: &&ResourceId| {
            estate
                .subnet(id)
                .is_some_and(|subnet| subnet.cidrs.iter().any(|cidr| cidr.contains(*address)))
        };
        let subnet = match ids.as_slice() {
            [only] => estate.subnet(only),
            several => several.iter().find(holds).and_then(|id| estate.subnet(id)),
        };
        found.push(Candidate {
            node,
            subnet,
            address: *address,
        });
    }
    if !addresses.is_empty() {
        return Ok(());
    }
    for id in ids {
        let Some(subnet) = estate.subnet(id) else {
            return Err(Box::new(Gap {
                provider: cachewarden_model::Provider::Aws,
                account: None,
                region: None,
                what: id.to_string(),
                why: GapReason::NotCollected,
                message: format!("subnet {id}, in which {} may be, was not read", node.id),
                hides: vec![],
            }));
        };
        for address in representatives(estate, subnet, family, client) {
            found.push(Candidate {
                node,
                subnet: Some(subnet),
                address,
            });
        }
    }
    Ok(())
}

/// The client's addresses in a family, those that nothing on the cache's side
/// tells apart taken once. Any of them may be the source: pods use the
/// further addresses of their node's interface.
pub(crate) fn sources(
    estate: &Estate<'_>,
    cache: &Cache,
    family: Family,
    client: &Client<'_>,
) -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> = client
        .addresses
        .iter()
        .copied()
        .filter(|address| address.is_ipv4() == (family == Family::V4))
        .collect();
    if let Some(interface) = client.interface {
        let prefixes = interface.prefixes.iter().filter(|it| it.family() == family);
        addresses.extend(prefixes.flat_map(|it| [it.first(), it.last()]));
    }
    if addresses.len() < 2 {
        return addresses;
    }
    let mut cuts = cache_cuts(estate, cache, family);
    cuts.retain(|cidr| {
        let inside = addresses
            .iter()
            .filter(|address| cidr.contains(**address))
            .count();
        inside > 0 && inside < addresses.len()
    });
    let mut seen: Vec<Vec<bool>> = vec![];
    addresses.retain(|address| {
        let place: Vec<bool> = cuts.iter().map(|cidr| cidr.contains(*address)).collect();
        let new = !seen.contains(&place);
        if new {
            seen.push(place);
        }
        new
    });
    addresses
}

/// One address of a subnet for each part of it that the client's own rules
/// and routes tell apart.
fn representatives(
    estate: &Estate<'_>,
    subnet: &Subnet,
    family: Family,
    client: &Client<'_>,
) -> Vec<IpAddr> {
    let mut cuts: Vec<Cidr> = vec![];
    let mut cut = |cidr: &Cidr| {
        // A range around the whole subnet tells nothing apart.
        let whole = subnet
            .cidrs
            .iter()
            .all(|it| it.family() != family || cidr.covers(it));
        if cidr.family() == family && !whole && subnet.cidrs.iter().any(|it| it.overlaps(cidr)) {
            cuts.push(*cidr);
        }
    };
    if let Some(interface) = client.interface {
        for id in interface.filters.value().into_iter().flatten() {
            visit_filter(estate, estate.filter(id), &mut cut);
        }
    }
    if let crate::client::Place::Network {
        subnet: Some(near), ..
    } = client.place
    {
        let edge = near.filter.value().and_then(Option::as_ref);
        visit_filter(estate, edge.and_then(|id| estate.filter(id)), &mut cut);
        let table = near.route_table.value().and_then(Option::as_ref);
        visit_table(
            estate,
            table.and_then(|it| estate.table(&it.table)),
            &mut cut,
        );
    }
    visit_routers(estate, Some(&subnet.network), &mut cut);
    split(&usable(subnet, family), &cuts)
}

/// One address of each part into which ranges cut a set.
fn split(inside: &AddressSet, cuts: &[Cidr]) -> Vec<IpAddr> {
    let mut firsts: Vec<IpAddr> = inside.ranges().map(|(first, _)| first).collect();
    for cidr in cuts {
        // The part that a range opens, and the part behind it. Where the very
        // address is reserved, the next one that is not stands for the part.
        let inner = inside.intersection(&AddressSet::from(*cidr));
        firsts.extend(inner.first());
        let rest = after(cidr.last())
            .and_then(|first| AddressSet::range(first, last_of(first)))
            .map(|rest| inside.intersection(&rest));
        firsts.extend(rest.and_then(|rest| rest.first()));
    }
    firsts.sort_unstable();
    firsts.dedup();
    firsts
}

/// The addresses of a subnet that the cloud hands out: all but the first
/// four and the last of each range.
///
/// Source: Amazon VPC User Guide, "Subnet sizing".
fn usable(subnet: &Subnet, family: Family) -> AddressSet {
    let mut set = AddressSet::empty();
    for cidr in subnet.cidrs.iter().filter(|cidr| cidr.family() == family) {
        let first = (0..4).try_fold(cidr.first(), |address, _| after(address));
        let range = first
            .zip(before(cidr.last()))
            .filter(|(first, last)| first <= last)
            .and_then(|(first, last)| AddressSet::range(first, last));
        set = set.union(&range.unwrap_or_else(|| AddressSet::from(*cidr)));
    }
    set
}

pub(crate) fn after(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => u32::from(address)
            .checked_add(1)
            .map(|it| IpAddr::V4(it.into())),
        IpAddr::V6(address) => u128::from(address)
            .checked_add(1)
            .map(|it| IpAddr::V6(it.into())),
    }
}

pub(crate) fn before(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => u32::from(address)
            .checked_sub(1)
            .map(|it| IpAddr::V4(it.into())),
        IpAddr::V6(address) => u128::from(address)
            .checked_sub(1)
            .map(|it| IpAddr::V6(it.into())),
    }
}

fn last_of(address: IpAddr) -> IpAddr {
    if address.is_ipv4() {
        Cidr::ANY_V4.last()
    } else {
        Cidr::ANY_V6.last()
    }
}
