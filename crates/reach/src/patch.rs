//! Edits of a snapshot: a whole edited copy, or only what they touch.

mod azure;
mod gcp;

use cachewarden_model::{
    Cache, DnsZone, Edit, Fact, Filter, Interface, Network, Peering, PrivateEndpoint, ResourceId,
    RouteTable, Snapshot, TransitRouter,
};

use crate::estate::Estate;

/// Copies of the things that some edits touch, edited.
#[derive(Debug, Default)]
pub(crate) struct Patch {
    networks: Vec<Network>,
    filters: Vec<Filter>,
    tables: Vec<RouteTable>,
    peerings: Vec<Peering>,
    routers: Vec<TransitRouter>,
    caches: Vec<Cache>,
    endpoints: Vec<PrivateEndpoint>,
    zones: Vec<DnsZone>,
    interfaces: Vec<Interface>,
}

impl Patch {
    /// Copies what the edits touch and edits it. What an edit names and the
    /// estate lacks, or does not know the inside of, stays as it is.
    pub(crate) fn new(estate: &Estate<'_>, edits: &[Edit]) -> Self {
        let mut patch = Self::default();
        for edit in edits {
            patch.copy(estate, edit);
            match edit {
                Edit::AddRule { filter, .. }
                | Edit::ReplaceRule { filter, .. }
                | Edit::RemoveRule { filter, .. }
                | Edit::MoveRule { filter, .. }
                | Edit::EnableRule { filter, .. } => {
                    find(
                        &mut patch.filters,
                        filter,
                        |it| &it.id,
                        |it| edit_filter(it, edit),
                    );
                }
                Edit::AddRoute { table, .. }
                | Edit::ReplaceRoute { table, .. }
                | Edit::RemoveRoute { table, .. } => {
                    find(
                        &mut patch.tables,
                        table,
                        |it| &it.id,
                        |it| edit_table(it, edit),
                    );
                }
                Edit::SetPeeringState { peering, state } => {
                    find(
                        &mut patch.peerings,
                        peering,
                        |it| &it.id,
                        |it| it.state = state.clone(),
                    );
                }
                Edit::EnableResolver { network } => {
                    find(&mut patch.networks, network, |it| &it.id, enable_resolver);
                }
                Edit::AddTransitSubnet { router, .. }
                | Edit::AssociateTransitTable { router, .. }
                | Edit::AddTransitRoute { router, .. }
                | Edit::RemoveTransitRoute { router, .. }
                | Edit::EnableTransitIpv6 { router, .. } => {
                    find(
                        &mut patch.routers,
                        router,
                        |it| &it.id,
                        |it| edit_router(it, edit),
                    );
                }
                _ => {
                    patch.edit_azure(edit);
                    patch.edit_gcp(edit);
                }
            }
        }
        patch
    }

    fn copy(&mut self, estate: &Estate<'_>, edit: &Edit) {
        match edit {
            Edit::AddRule { filter: id, .. }
            | Edit::ReplaceRule { filter: id, .. }
            | Edit::RemoveRule { filter: id, .. }
            | Edit::MoveRule { filter: id, .. }
            | Edit::EnableRule { filter: id, .. } => {
                copy(&mut self.filters, estate.filter(id), |it| &it.id);
            }
            Edit::AddRoute { table: id, .. }
            | Edit::ReplaceRoute { table: id, .. }
            | Edit::RemoveRoute { table: id, .. } => {
                copy(&mut self.tables, estate.table(id), |it| &it.id);
            }
            Edit::SetPeeringState { peering: id, .. } => {
                copy(&mut self.peerings, estate.peering(id), |it| &it.id);
            }
            Edit::EnableResolver { network: id } => {
                copy(&mut self.networks, estate.network(id), |it| &it.id);
            }
            Edit::AddTransitSubnet { router: id, .. }
            | Edit::AssociateTransitTable { router: id, .. }
            | Edit::AddTransitRoute { router: id, .. }
            | Edit::RemoveTransitRoute { router: id, .. }
            | Edit::EnableTransitIpv6 { router: id, .. } => {
                copy(&mut self.routers, estate.router(id), |it| &it.id);
            }
            _ => {
                self.copy_azure(estate, edit);
                self.copy_gcp(estate, edit);
            }
        }
    }

    pub(crate) fn network(&self, id: &ResourceId) -> Option<&Network> {
        self.networks.iter().find(|it| it.id == *id)
    }

    pub(crate) fn filter(&self, id: &ResourceId) -> Option<&Filter> {
        self.filters.iter().find(|it| it.id == *id)
    }

    pub(crate) fn table(&self, id: &ResourceId) -> Option<&RouteTable> {
        self.tables.iter().find(|it| it.id == *id)
    }

    pub(crate) fn peering(&self, id: &ResourceId) -> Option<&Peering> {
        self.peerings.iter().find(|it| it.id == *id)
    }

    pub(crate) fn cache(&self, id: &ResourceId) -> Option<&Cache> {
        self.caches.iter().find(|it| it.id == *id)
    }

    pub(crate) fn private_endpoint(&self, id: &ResourceId) -> Option<&PrivateEndpoint> {
        self.endpoints.iter().find(|it| it.id == *id)
    }

    pub(crate) fn zone(&self, id: &ResourceId) -> Option<&DnsZone> {
        self.zones.iter().find(|it| it.id == *id)
    }

    pub(crate) fn interface(&self, id: &ResourceId) -> Option<&Interface> {
        self.interfaces.iter().find(|it| it.id == *id)
    }

    pub(crate) fn zones(&self) -> &[DnsZone] {
        &self.zones
    }

    pub(crate) fn router(&self, id: &ResourceId) -> Option<&TransitRouter> {
        self.routers.iter().find(|it| it.id == *id)
    }
}

/// A copy of a snapshot with the edits applied in order.
///
/// What an edit names and the snapshot lacks, or does not know the inside of,
/// stays as it is.
pub fn apply(snapshot: &Snapshot, edits: &[Edit]) -> Snapshot {
    let patch = Patch::new(&Estate::new(snapshot), edits);
    let mut edited = snapshot.clone();
    replace(&mut edited.networks, patch.networks, |it| &it.id);
    replace(&mut edited.filters, patch.filters, |it| &it.id);
    replace(&mut edited.route_tables, patch.tables, |it| &it.id);
    replace(&mut edited.peerings, patch.peerings, |it| &it.id);
    replace(&mut edited.transit_routers, patch.routers, |it| &it.id);
    replace(&mut edited.caches, patch.caches, |it| &it.id);
    replace(&mut edited.private_endpoints, patch.endpoints, |it| &it.id);
    replace(&mut edited.dns_zones, patch.zones, |it| &it.id);
    replace(&mut edited.interfaces, patch.interfaces, |it| &it.id);
    edited
}

fn copy<T: Clone>(list: &mut Vec<T>, item: Option<&T>, id: impl Fn(&T) -> &ResourceId) {
    if let Some(item) = item
        && !list.iter().any(|it| id(it) == id(item))
    {
        list.push(item.clone());
    }
}

fn find<T>(
    list: &mut [T],
    wanted: &ResourceId,
    id: impl Fn(&T) -> &ResourceId,
    change: impl FnOnce(&mut T),
) {
    if let Some(item) = list.iter_mut().find(|it| id(it) == wanted) {
        change(item);
    }
}

fn replace<T>(list: &mut [T], edited: Vec<T>, id: impl Fn(&T) -> &ResourceId) {
    for item in edited {
        if let Some(place) = list.iter_mut().find(|it| id(it) == id(&item)) {
            *place = item;
        }
    }
}

fn inside<T>(fact: &mut Fact<T>) -> Option<&mut T> {
    match fact {
        Fact::Known(value) | Fact::Default(value) => Some(value),
        Fact::Unknown(_) => None,
    }
}

fn enable_resolver(network: &mut Network) {
    network.dns_resolution = Fact::Known(true);
}

fn edit_filter(filter: &mut Filter, edit: &Edit) {
    let Some(rules) = inside(&mut filter.rules) else {
        return;
    };
    match edit {
        Edit::AddRule { rule, .. } => rules.push((**rule).clone()),
        Edit::RemoveRule { rule, .. } => rules.retain(|it| it.id != *rule),
        Edit::EnableRule { rule, .. } => gcp::enable(rules, rule),
        Edit::MoveRule { rule, priority, .. } => {
            for own in rules.iter_mut().filter(|it| it.id == *rule) {
                own.priority = Some(*priority);
            }
        }
        Edit::ReplaceRule { rule, with, .. } => {
            let place = rules
                .iter()
                .position(|it| it.id == *rule)
                .unwrap_or(rules.len());
            rules.retain(|it| it.id != *rule);
            let place = place.min(rules.len());
            rules.splice(place..place, with.iter().cloned());
        }
        _ => {}
    }
    rules.sort_by_key(|it| it.priority);
}

fn edit_table(table: &mut RouteTable, edit: &Edit) {
    let Some(routes) = inside(&mut table.routes) else {
        return;
    };
    match edit {
        Edit::AddRoute { route, .. } => routes.push(route.clone()),
        Edit::ReplaceRoute { route, .. } => {
            routes.retain(|it| it.destination != route.destination);
            routes.push(route.clone());
        }
        Edit::RemoveRoute { destination, .. } => {
            routes.retain(|it| it.destination != *destination);
        }
        _ => {}
    }
}

fn edit_router(router: &mut TransitRouter, edit: &Edit) {
    if let Edit::AddTransitRoute { table, route, .. } = edit {
        if let Some(tables) = inside(&mut router.tables)
            && let Some(routes) = tables
                .iter_mut()
                .find(|it| it.id == *table)
                .and_then(|it| inside(&mut it.routes))
        {
            routes.retain(|it| it.destination != route.destination);
            routes.push(route.clone());
        }
        return;
    }
    if let Edit::RemoveTransitRoute {
        table, destination, ..
    } = edit
    {
        if let Some(tables) = inside(&mut router.tables)
            && let Some(routes) = tables
                .iter_mut()
                .find(|it| it.id == *table)
                .and_then(|it| inside(&mut it.routes))
        {
            routes.retain(|it| it.destination != *destination);
        }
        return;
    }
    let Some(attachments) = inside(&mut router.attachments) else {
        return;
    };
    let wanted = match edit {
        Edit::AddTransitSubnet { attachment, .. }
        | Edit::AssociateTransitTable { attachment, .. }
        | Edit::EnableTransitIpv6 { attachment, .. } => attachment,
        _ => return,
    };
    let Some(attachment) = attachments.iter_mut().find(|it| it.id == *wanted) else {
        return;
    };
    match edit {
        Edit::AddTransitSubnet { subnet, .. } => {
            if let Some(subnets) = inside(&mut attachment.subnets) {
                subnets.push(subnet.clone());
                subnets.sort();
            }
        }
        Edit::AssociateTransitTable { table, .. } => {
            attachment.table = Fact::Known(Some(table.clone()));
        }
        Edit::EnableTransitIpv6 { .. } => attachment.ipv6 = Fact::Known(true),
        _ => {}
    }
}
