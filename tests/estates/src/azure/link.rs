//! Peerings: one resource on each side.

use cachewarden_model::link::AzurePeering;
use cachewarden_model::{LinkState, Peering, PeeringEnd, Provider};

use super::id;
use crate::Estate;

/// The side of a peering that the first network owns, connected and in sync.
pub fn peering(estate: &Estate, own: &str, other: &str) -> Peering {
    let end = |name: &str| {
        let network = estate.network(&id::vnet(name));
        PeeringEnd {
            network: network.id.clone(),
            account: Some(network.account.clone()),
            region: Some(network.region.clone()),
            cidrs: network.cidrs.clone(),
            access: Some(true),
            forwarded: Some(true),
            exports_routes: None,
            imports_routes: None,
            resolves_names: None,
        }
    };
    let mut accepter = end(other);
    accepter.access = None;
    accepter.forwarded = None;
    Peering {
        id: id::peering(own, other).into(),
        name: format!("to-{other}"),
        provider: Provider::Azure,
        state: LinkState::Active,
        requester: end(own),
        accepter,
        azure: Some(AzurePeering {
            sync_level: Some("FullyInSync".to_owned()),
            gateway_transit: Some(false),
            remote_gateways: Some(false),
            complete: Some(true),
            ..AzurePeering::default()
        }),
    }
}

/// Both sides.
pub fn peer(estate: &Estate, one: &str, other: &str) -> [Peering; 2] {
    [peering(estate, one, other), peering(estate, other, one)]
}
