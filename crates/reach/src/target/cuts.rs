//! Ranges by which rules, routes and lists tell addresses apart.

use std::collections::BTreeSet;

use cachewarden_model::{Cache, Destination, Filter, Peer, ResourceId, Route, RouteTable};
use cachewarden_netset::{AddressSet, Cidr, Family};

use crate::estate::Estate;

/// Ranges by which the cache's side tells client addresses apart: those of
/// its filters, of the edges and tables of its subnets, of transit routers.
pub(crate) fn cache_cuts(estate: &Estate<'_>, cache: &Cache, family: Family) -> Vec<Cidr> {
    let mut cuts = vec![];
    let mut cut = |cidr: &Cidr| {
        if cidr.family() == family {
            cuts.push(*cidr);
        }
    };
    for id in cache.filters.value().into_iter().flatten() {
        visit_filter(estate, estate.filter(id), &mut cut);
    }
    visit_side(estate, cache, &mut cut);
    cuts
}

/// The same without the cache's own filters.
pub(crate) fn side_cuts(estate: &Estate<'_>, cache: &Cache, family: Family) -> Vec<Cidr> {
    let mut cuts = vec![];
    let mut cut = |cidr: &Cidr| {
        if cidr.family() == family {
            cuts.push(*cidr);
        }
    };
    visit_side(estate, cache, &mut cut);
    cuts
}

/// Edges and tables of a cache's subnets, and transit routers.
fn visit_side(estate: &Estate<'_>, cache: &Cache, cut: &mut impl FnMut(&Cidr)) {
    let mut subnets: Vec<&ResourceId> = cache.subnets.value().into_iter().flatten().collect();
    subnets.extend(
        cache
            .nodes
            .iter()
            .filter_map(|node| node.subnets.value())
            .flatten(),
    );
    subnets.sort_unstable();
    subnets.dedup();
    for subnet in subnets.into_iter().filter_map(|id| estate.subnet(id)) {
        let edge = subnet.filter.value().and_then(Option::as_ref);
        visit_filter(estate, edge.and_then(|id| estate.filter(id)), cut);
        let table = subnet.route_table.value().and_then(Option::as_ref);
        visit_table(estate, table.and_then(|it| estate.table(&it.table)), cut);
    }
    visit_routers(estate, cache.network.value(), cut);
}

/// Ranges by which anything but the filters on the two ends tells addresses
/// apart: subnets, their edges and tables, tables of transit routers.
pub(crate) fn way_cuts(estate: &Estate<'_>) -> Vec<Cidr> {
    let snapshot = estate.snapshot();
    let mut cuts = vec![];
    let mut cut = |cidr: &Cidr| cuts.push(*cidr);
    let mut edges: BTreeSet<&ResourceId> = BTreeSet::new();
    let mut tables: BTreeSet<&ResourceId> = BTreeSet::new();
    for subnet in &snapshot.subnets {
        subnet.cidrs.iter().for_each(&mut cut);
        edges.extend(subnet.filter.value().into_iter().flatten());
        let table = subnet.route_table.value().and_then(Option::as_ref);
        tables.extend(table.map(|it| &it.table));
    }
    for id in edges {
        visit_filter(estate, estate.filter(id), &mut cut);
    }
    for id in tables {
        visit_table(estate, estate.table(id), &mut cut);
    }
    for router in &snapshot.transit_routers {
        for table in router.tables.value().into_iter().flatten() {
            for route in table.routes.value().into_iter().flatten() {
                visit_destination(estate, &route.destination, &mut cut);
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Tables of the transit routers of a network, and filters at the edges of
/// their subnets.
pub(super) fn visit_routers(
    estate: &Estate<'_>,
    network: Option<&ResourceId>,
    cut: &mut impl FnMut(&Cidr),
) {
    let Some(network) = network else { return };
    for router in estate.routers_of(network) {
        for attachment in router.attachments.value().into_iter().flatten() {
            for id in attachment.subnets.value().into_iter().flatten() {
                let edge = estate.subnet(id).and_then(|it| it.filter.value());
                let edge = edge.and_then(Option::as_ref);
                visit_filter(estate, edge.and_then(|id| estate.filter(id)), cut);
            }
        }
        for table in router.tables.value().into_iter().flatten() {
            for route in table.routes.value().into_iter().flatten() {
                visit_destination(estate, &route.destination, cut);
            }
        }
    }
}

pub(super) fn visit_filter(
    estate: &Estate<'_>,
    filter: Option<&Filter>,
    cut: &mut impl FnMut(&Cidr),
) {
    let rules = filter.and_then(|filter| filter.rules.value());
    for peer in rules.into_iter().flatten().flat_map(|rule| &rule.peers) {
        match peer {
            Peer::Cidr(cidr) => cut(cidr),
            Peer::PrefixList(id) => visit_list(estate, id, cut),
            Peer::Range(first, last) => AddressSet::range(*first, *last)
                .iter()
                .flat_map(AddressSet::cidrs)
                .for_each(|cidr| cut(&cidr)),
            _ => {}
        }
    }
}

pub(super) fn visit_table(
    estate: &Estate<'_>,
    table: Option<&RouteTable>,
    cut: &mut impl FnMut(&Cidr),
) {
    let routes = table.and_then(|table| table.routes.value());
    for Route { destination, .. } in routes.into_iter().flatten() {
        visit_destination(estate, destination, cut);
    }
}

fn visit_destination(estate: &Estate<'_>, destination: &Destination, cut: &mut impl FnMut(&Cidr)) {
    match destination {
        Destination::Cidr(cidr) => cut(cidr),
        Destination::PrefixList(id) => visit_list(estate, id, cut),
    }
}

fn visit_list(estate: &Estate<'_>, id: &ResourceId, cut: &mut impl FnMut(&Cidr)) {
    let entries = estate.list(id).and_then(|list| list.entries.value());
    entries.into_iter().flatten().for_each(cut);
}
