//! Ranges by which rules, routes and lists tell addresses apart.

use cachewarden_model::{Cache, Destination, Filter, Peer, ResourceId, Route, RouteTable};
use cachewarden_netset::{Cidr, Family};

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
        visit_filter(estate, edge.and_then(|id| estate.filter(id)), &mut cut);
        let table = subnet.route_table.value().and_then(Option::as_ref);
        visit_table(
            estate,
            table.and_then(|it| estate.table(&it.table)),
            &mut cut,
        );
    }
    visit_routers(estate, cache.network.value(), &mut cut);
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
