//! The client's side of a flow on Azure, and where its packets start from.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, Direction, Endpoint, Fact, Filter, GapReason, Leg, Noun, Peer, ResourceId, Stage, Subnet,
};
use cachewarden_netset::{AddressSet, Cidr, Family};

use crate::azure::nsg::{Checkpoint, subnet_group};
use crate::azure::party::{Groups, Party, Realm, gap};
use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::step::{Judged, Recorder};

/// The client's end at one of its addresses.
pub(crate) fn party<'a>(estate: &Estate<'a>, client: &Client<'a>, source: IpAddr) -> Party<'a> {
    let (realm, subnet) = match client.place {
        Place::Network { network, subnet } => (Realm::Network(network), subnet),
        Place::OnPremises => (Realm::Outside, None),
        Place::Internet => (Realm::Internet, None),
    };
    Party {
        addresses: AddressSet::from(source),
        realm,
        subnet,
        groups: groups(estate, client, subnet),
    }
}

fn groups<'a>(estate: &Estate<'a>, client: &Client<'a>, subnet: Option<&Subnet>) -> Groups<'a> {
    match client.interface {
        Some(interface) => match &interface.filters {
            Fact::Unknown(gap) if interface.groups.is_empty() => Groups::Unclear(gap.clone()),
            _ => Groups::These(&interface.groups),
        },
        None => {
            let hidden = subnet.and_then(|it| {
                let (account, region) = (Some(&it.account), Some(&it.region));
                estate.hidden(Noun::Interfaces, it.provider, account, region)
            });
            hidden.map_or(Groups::These(&[]), |gap| Groups::Unclear(Box::new(gap)))
        }
    }
}

/// What lets a client's packets out: the group of its interface, that of its
/// subnet, administrator rules of its network.
pub(crate) fn leave<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    from: &Party<'a>,
    to: &Party<'a>,
    port: u16,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let checkpoint = Checkpoint {
        estate,
        direction: Direction::Egress,
        near: from,
        far: to,
        port,
        any_source_port: false,
    };
    let mut side = Through::new(&through.all);
    let step = || Judged::new(Leg::Request, Stage::ClientFilter, "network-security-group");
    match client.interface.map(|it| it.filters.get()) {
        None => {
            side.doubt();
            record.record(|| {
                step().unknown(gap(
                    format!("interface of {}", from.words()),
                    GapReason::NotCollected,
                    "no known interface has this address, so that its own group is not known",
                ))
            });
        }
        Some(Err(gap)) => {
            side.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
        }
        Some(Ok(filters)) if filters.is_empty() => {
            record.record(|| step().not_applicable("the interface has no network security group"));
        }
        Some(Ok(filters)) => {
            for id in filters {
                checkpoint.group(Stage::ClientFilter, id, &mut side, record);
            }
        }
    }
    subnet_group(&checkpoint, Stage::ClientSubnet, &mut side, record);
    checkpoint.administrators(Stage::ClientFilter, &mut side, record);
    through.narrow(&side.certain, &side.possible);
}

/// The client's addresses in a family, those that no rule on the way tells
/// apart taken once. A scale set or an app may have any address of its
/// subnet.
pub(crate) fn sources<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    family: Family,
) -> Vec<IpAddr> {
    let of_family = |it: &IpAddr| it.is_ipv4() == (family == Family::V4);
    let mut addresses: Vec<IpAddr> = client.addresses.iter().copied().filter(of_family).collect();
    let prefixes = client.interface.map_or(&[][..], |it| &it.prefixes);
    if addresses.len() + prefixes.len() < 2 && prefixes.is_empty() {
        return addresses;
    }
    let cuts = cuts(estate, client, cache);
    for prefix in prefixes.iter().filter(|it| it.family() == family) {
        let parts = crate::exposure::parts(&usable(prefix), &cuts);
        addresses.extend(parts.into_iter().map(|(first, _)| first));
    }
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

/// The addresses of a subnet that machines get: all but the first four and
/// the last.
///
/// Source: Azure Virtual Network, "Frequently asked questions": five
/// addresses of each subnet are reserved.
fn usable(cidr: &Cidr) -> AddressSet {
    let first = (0..4).try_fold(cidr.first(), |address, _| crate::target::after(address));
    let range = first
        .zip(crate::target::before(cidr.last()))
        .filter(|(first, last)| first <= last)
        .and_then(|(first, last)| AddressSet::range(first, last));
    range.unwrap_or_else(|| AddressSet::from(*cidr))
}

/// Whether a client may have addresses of a family.
pub(crate) fn speaks(client: &Client<'_>, family: Family) -> bool {
    let v4 = family == Family::V4;
    let prefixes = client.interface.map_or(&[][..], |it| &it.prefixes);
    client.addresses.iter().any(|it| it.is_ipv4() == v4)
        || prefixes.iter().any(|it| it.family() == family)
}

/// Groups that a client's packets may meet on the way to a cache.
fn on_the_way<'a>(estate: &Estate<'a>, client: &Client<'a>, cache: &'a Cache) -> Vec<&'a Filter> {
    let mut ids: Vec<&ResourceId> = vec![];
    let edge = |subnet: &'a Subnet| subnet.filter.value().and_then(Option::as_ref);
    if let Some(interface) = client.interface {
        ids.extend(interface.filters.value().into_iter().flatten());
    }
    if let Place::Network { network, subnet } = client.place {
        ids.extend(subnet.and_then(edge));
        let above = estate.network(network).and_then(|it| it.filters.value());
        ids.extend(above.into_iter().flatten());
    }
    ids.extend(cache.filters.value().into_iter().flatten());
    let azure = cache.azure.as_ref();
    let mut subnets: Vec<&ResourceId> = azure
        .and_then(|it| it.injected_subnet.as_ref())
        .into_iter()
        .collect();
    for endpoint in estate.endpoints_of(&cache.id) {
        subnets.extend(&endpoint.subnets);
    }
    for subnet in subnets.into_iter().filter_map(|id| estate.subnet(id)) {
        ids.extend(edge(subnet));
        let above = estate.network(&subnet.network);
        let above = above.and_then(|it| it.filters.value());
        ids.extend(above.into_iter().flatten());
    }
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| estate.filter(id)).collect()
}

/// Ranges by which rules on the way tell client addresses apart.
pub(crate) fn cuts<'a>(estate: &Estate<'a>, client: &Client<'a>, cache: &'a Cache) -> Vec<Cidr> {
    let mut cuts = vec![];
    for filter in on_the_way(estate, client, cache) {
        ranges_of(filter, &mut cuts);
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Ranges that the rules of a filter name, on either side.
pub(crate) fn ranges_of(filter: &Filter, cuts: &mut Vec<Cidr>) {
    for rule in filter.rules.value().into_iter().flatten() {
        for peer in rule.peers.iter().chain(&rule.local) {
            match peer {
                Peer::Cidr(cidr) => cuts.push(*cidr),
                Peer::Range(first, last) => {
                    let range = AddressSet::range(*first, *last).unwrap_or_default();
                    cuts.extend(range.cidrs());
                }
                _ => {}
            }
        }
    }
}

/// The port of an endpoint, and further ports of its nodes that a client
/// needs: one for each part of their ranges that rules on the way tell apart.
pub(crate) fn ports<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
) -> Vec<u16> {
    let mut ports: Vec<u16> = endpoint.node_ports.iter().map(|it| it.first()).collect();
    if !ports.is_empty() {
        for filter in on_the_way(estate, client, cache) {
            let rules = filter.rules.value().into_iter().flatten();
            for cut in rules.flat_map(|rule| &rule.ports) {
                ports.push(cut.first());
                ports.extend(cut.last().checked_add(1));
            }
        }
        ports.retain(|port| endpoint.node_ports.iter().any(|it| it.contains(*port)));
        ports.sort_unstable();
        ports.dedup();
        ports.retain(|port| *port != endpoint.port);
    }
    ports.insert(0, endpoint.port);
    ports
}
