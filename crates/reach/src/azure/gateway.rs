//! Gateways that learn routes: what they learned is not told.

use cachewarden_model::{Gap, GapReason, Noun, Provider, ResourceId};

use crate::azure::party::gap;
use crate::estate::Estate;

/// The name that a subnet of gateways must have.
///
/// Source: Azure VPN Gateway, "About gateway configuration settings".
const GATEWAY_SUBNET: &str = "GatewaySubnet";

/// Why a network may know routes that are not told: it has a gateway, or
/// uses that of a peer, or whether it does was not read. None where it has
/// neither.
pub(crate) fn learned(estate: &Estate<'_>, network: &ResourceId) -> Option<Box<Gap>> {
    let own = estate
        .subnets_of(network)
        .iter()
        .any(|it| it.name.eq_ignore_ascii_case(GATEWAY_SUBNET));
    let borrowed = estate.peerings_of(network).any(|it| {
        it.requester.network == *network
            && it.azure.as_ref().and_then(|it| it.remote_gateways) == Some(true)
    });
    if own || borrowed {
        return Some(gap(
            format!("gateway routes of {network}"),
            GapReason::NotOffered,
            "what a gateway learns from other networks is not told",
        ));
    }
    let Some(read) = estate.network(network) else {
        return Some(gap(
            network,
            GapReason::NotCollected,
            "this network was not read",
        ));
    };
    [Noun::Subnets, Noun::Peerings]
        .into_iter()
        .find_map(|noun| estate.hidden(noun, Provider::Azure, Some(&read.account), None))
        .map(Box::new)
}
