//! The gap of every call that did not answer to the end.

use cachewarden_model::Gap;
use cachewarden_provider::Listing;

use super::Around;
use crate::collect::{Network, Setting};

/// Of everything that was asked in a region.
pub(super) fn of(around: &Around<'_>) -> Vec<Gap> {
    let mut gaps = Gaps(Vec::new());
    let caches = around.caches;
    gaps.add(&caches.groups).add(&caches.clusters);
    gaps.add(&caches.serverless).add(&caches.memorydb);
    let details = around.details;
    gaps.add(&details.subnet_groups).add(&details.updates);
    gaps.add(&details.users).add(&details.user_groups);
    gaps.add(&details.tags);
    let memorydb = &details.memorydb;
    gaps.add(&memorydb.subnet_groups).add(&memorydb.updates);
    gaps.add(&memorydb.users).add(&memorydb.acls);
    let parameters = details
        .parameters
        .values()
        .chain(memorydb.parameters.values());
    for listing in parameters {
        gaps.add::<Setting>(listing);
    }
    gaps.0.extend(around.values.gaps.iter().cloned());
    if let Some(network) = around.network {
        gaps.add_network(network);
    }
    gaps.0
}

struct Gaps(Vec<Gap>);

impl Gaps {
    fn add<T>(&mut self, listing: &Listing<T>) -> &mut Self {
        self.0.extend(listing.gap.clone());
        self
    }

    fn add_network(&mut self, network: &Network) {
        self.add(&network.vpcs).add(&network.subnets);
        self.add(&network.dhcp_options).add(&network.route_tables);
        self.add(&network.internet_gateways);
        let filters = &network.filters;
        self.add(&filters.groups).add(&filters.rules);
        self.add(&filters.acls).add(&filters.prefix_lists);
        let clients = &network.clients;
        self.add(&clients.interfaces).add(&clients.instances);
        self.add(&clients.nat_gateways).add(&clients.endpoints);
        let links = &network.links;
        self.add(&links.peerings).add(&links.routers);
        self.add(&links.attachments)
            .add(&links.vpc_attachments)
            .add(&links.tables);
        let extras = &network.extras;
        for entries in extras.entries.values() {
            self.add(entries);
        }
        let single = network.access_block.as_ref().err();
        let attributes = extras
            .attributes
            .values()
            .filter_map(|it| it.as_ref().err());
        let routes = extras.routes.values().filter_map(|it| it.as_ref().err());
        self.0.extend(
            single
                .into_iter()
                .chain(attributes)
                .chain(routes)
                .map(|gap| (**gap).clone()),
        );
    }
}
