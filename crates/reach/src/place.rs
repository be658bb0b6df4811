//! Where a resource is: which cloud's tool edits it, and in which region.

use cachewarden_model::{
    Cache, Edit, LinkState, Peering, Provider, Region, ResourceId, TransitRouter, Whereabouts,
};

use crate::estate::Estate;

/// Where the resource that decides is; none where that is not known, or more
/// than one region has it.
pub(crate) fn of(estate: &Estate<'_>, cache: &Cache, id: &ResourceId) -> Option<Whereabouts> {
    if *id == cache.id {
        return Some(at(cache.provider, &cache.region));
    }
    if let Some(peering) = estate.peering(id) {
        let (one, other) = (&peering.requester.region, &peering.accepter.region);
        return (one == other).then(|| side(peering, one.as_ref()));
    }
    resource(estate, id)
}

/// Where an edit is made. A peering is accepted on the accepter's side.
///
/// Source: Amazon VPC Peering Guide, "Accept a VPC peering connection".
pub(crate) fn of_edit(estate: &Estate<'_>, edit: &Edit) -> Option<Whereabouts> {
    match edit {
        Edit::SetPeeringState { peering, state } => {
            let peering = estate.peering(peering)?;
            let end = match state {
                LinkState::Active => &peering.accepter,
                LinkState::Pending(_) | LinkState::Down(_) => &peering.requester,
            };
            Some(side(peering, end.region.as_ref()))
        }
        Edit::AllowPeerAccess { peering } | Edit::SyncPeering { peering } => {
            let peering = estate.peering(peering)?;
            Some(side(peering, peering.requester.region.as_ref()))
        }
        Edit::AddTransitSubnet { router, .. }
        | Edit::AssociateTransitTable { router, .. }
        | Edit::AddTransitRoute { router, .. }
        | Edit::RemoveTransitRoute { router, .. }
        | Edit::EnableTransitIpv6 { router, .. } => estate.router(router).map(of_router),
        // Nothing of these two has a region that its commands would name.
        Edit::LinkZone { zone, .. } | Edit::SetRecord { zone, .. } => {
            let mut zones = estate.snapshot().dns_zones.iter();
            zones
                .find(|it| it.id == *zone)
                .map(|it| nowhere(it.provider))
        }
        Edit::ApproveConnection { cache, .. } | Edit::EnablePublicAccess { cache } => {
            let mut caches = estate.snapshot().caches.iter();
            caches
                .find(|it| it.id == *cache)
                .map(|it| nowhere(it.provider))
        }
        Edit::AddNetworkTag { interface, .. } => {
            let mut all = estate.snapshot().interfaces.iter();
            all.find(|it| it.id == *interface)
                .map(|it| at(it.provider, &it.region))
        }
        edit => resource(estate, edit.resource()),
    }
}

fn resource(estate: &Estate<'_>, id: &ResourceId) -> Option<Whereabouts> {
    if let Some(it) = estate.filter(id) {
        return Some(at(it.provider, &it.region));
    }
    if let Some(it) = estate.table(id) {
        return Some(at(it.provider, &it.region));
    }
    if let Some(it) = estate.subnet(id) {
        return Some(at(it.provider, &it.region));
    }
    if let Some(it) = estate.network(id) {
        return Some(at(it.provider, &it.region));
    }
    if let Some(it) = estate.forwarding_rule(id) {
        return Some(at(it.provider, &it.region));
    }
    let mut routers = estate.snapshot().transit_routers.iter();
    routers.find(|it| is_part(it, id)).map(of_router)
}

/// Whether an id is a router's own, or that of an attachment or table of it.
fn is_part(router: &TransitRouter, id: &ResourceId) -> bool {
    let attachments = router.attachments.value().into_iter().flatten();
    let tables = router.tables.value().into_iter().flatten();
    router.id == *id
        || attachments.map(|it| &it.id).any(|it| it == id)
        || tables.map(|it| &it.id).any(|it| it == id)
}

fn of_router(router: &TransitRouter) -> Whereabouts {
    at(router.provider, &router.region)
}

fn side(peering: &Peering, region: Option<&Region>) -> Whereabouts {
    Whereabouts {
        provider: peering.provider,
        region: region.cloned(),
    }
}

fn nowhere(provider: Provider) -> Whereabouts {
    Whereabouts {
        provider,
        region: None,
    }
}

fn at(provider: Provider, region: &Region) -> Whereabouts {
    Whereabouts {
        provider,
        region: Some(region.clone()),
    }
}
