//! Things of networks, as several accounts may see them.
//!
//! A shared subnet or list shows to its owner and to those it is shared
//! with. Of the views of one thing the owner's is kept: it is the whole one.

use cachewarden_model::{
    AccountId, Filter, Gap, Interface, Network as ModelNetwork, PrefixList, PrivateEndpoint,
    RouteTable, Snapshot, Subnet,
};

use super::network::Associations;
use super::placement::CacheInterfaces;
use super::{endpoint, interface, keep, network, network_acl, prefix_list, route, security_group};
use crate::collect::Network;
use crate::place::Place;

/// What strangers to a thing saw, then what its owners saw.
#[derive(Debug, Default)]
pub(super) struct Views {
    networks: View<ModelNetwork>,
    subnets: View<Subnet>,
    route_tables: View<RouteTable>,
    filters: View<Filter>,
    prefix_lists: View<PrefixList>,
    interfaces: View<Interface>,
    endpoints: View<PrivateEndpoint>,
}

#[derive(Debug)]
struct View<T> {
    others: Vec<T>,
    owners: Vec<T>,
}

impl<T> Default for View<T> {
    fn default() -> Self {
        Self {
            others: vec![],
            owners: vec![],
        }
    }
}

impl<T> View<T> {
    fn add(&mut self, place: &Place, items: Vec<T>, owner: impl Fn(&T) -> &AccountId) {
        for item in items {
            let own = *owner(&item) == place.account;
            if own {
                &mut self.owners
            } else {
                &mut self.others
            }
            .push(item);
        }
    }

    /// The owners' last: the last one of an id is what the snapshot keeps.
    fn into_list(self) -> impl Iterator<Item = T> {
        self.others.into_iter().chain(self.owners)
    }
}

impl Views {
    /// Adds what one account saw in one region.
    pub(super) fn fill(
        &mut self,
        snapshot: &mut Snapshot,
        place: &Place,
        data: &Network,
        cache_interfaces: &CacheInterfaces<'_>,
    ) {
        let gaps: &mut Vec<Gap> = &mut snapshot.gaps;
        let vpcs = data
            .vpcs
            .items
            .iter()
            .map(|it| network::network(place, data, it));
        self.networks.add(place, keep(gaps, vpcs), |it| &it.account);
        let associations = Associations::find(data);
        let subnets = data.subnets.items.iter();
        let subnets = subnets.map(|it| network::subnet(place, &associations, it));
        self.subnets
            .add(place, keep(gaps, subnets), |it| &it.account);
        let tables = data
            .route_tables
            .items
            .iter()
            .map(|it| route::table(place, it));
        self.route_tables
            .add(place, keep(gaps, tables), |it| &it.account);
        let groups = security_group::filters(place, &data.filters);
        self.filters
            .add(place, keep(gaps, groups), |it| &it.account);
        let acls = data
            .filters
            .acls
            .items
            .iter()
            .map(|it| network_acl::filter(place, it));
        self.filters.add(place, keep(gaps, acls), |it| &it.account);
        let lists = data.filters.prefix_lists.items.iter();
        let lists = lists.filter_map(|it| prefix_list::list(place, &data.extras.entries, it));
        self.prefix_lists
            .add(place, keep(gaps, lists), |it| &it.account);
        let seen = interface::interfaces(place, &data.clients, cache_interfaces);
        self.interfaces
            .add(place, keep(gaps, seen), |it| &it.account);
        let endpoints = data.clients.endpoints.items.iter();
        let endpoints = endpoints.filter_map(|it| endpoint::private(place, cache_interfaces, it));
        self.endpoints
            .add(place, keep(gaps, endpoints), |it| &it.account);
    }

    pub(super) fn into_snapshot(self, snapshot: &mut Snapshot) {
        snapshot.networks.extend(self.networks.into_list());
        snapshot.subnets.extend(self.subnets.into_list());
        snapshot.route_tables.extend(self.route_tables.into_list());
        snapshot.filters.extend(self.filters.into_list());
        snapshot.prefix_lists.extend(self.prefix_lists.into_list());
        snapshot.interfaces.extend(self.interfaces.into_list());
        snapshot
            .private_endpoints
            .extend(self.endpoints.into_list());
    }
}
