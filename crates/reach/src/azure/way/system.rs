//! Routes that the platform has by itself, and which user routes beat them.

use cachewarden_model::{Gap, GapReason};
use cachewarden_netset::{AddressSet, Cidr, Family};

use super::Joined;
use crate::azure::party::{Party, gap};
use crate::estate::Estate;

/// The length of the system's own route to a private address.
pub(super) fn system_length(estate: &Estate<'_>, to: &Party<'_>, joined: Joined) -> Option<u8> {
    if joined == Joined::No {
        return None;
    }
    let network = estate.network(to.network()?)?;
    longest(&network.cidrs, to)
}

fn longest(cidrs: &[Cidr], to: &Party<'_>) -> Option<u8> {
    let holding = cidrs
        .iter()
        .filter(|cidr| to.addresses.is_subset(&AddressSet::from(**cidr)));
    holding.map(Cidr::prefix_len).max()
}

/// Whether a user route overrides the route of one address that a private
/// endpoint brings.
///
/// # Errors
///
/// The gap, where the endpoint's subnet or network was not read.
pub(super) fn beats_endpoint(
    estate: &Estate<'_>,
    cidr: &Cidr,
    to: &Party<'_>,
) -> Result<bool, Box<Gap>> {
    let host = match cidr.family() {
        Family::V4 => 32,
        Family::V6 => 128,
    };
    if cidr.prefix_len() == host {
        return Ok(true);
    }
    if cidr.is_any() {
        return Ok(false);
    }
    let unread = || {
        gap(
            format!("subnet of {}", to.words()),
            GapReason::NotCollected,
            "whether user routes hold for its private endpoints was not read",
        )
    };
    let policies = to
        .subnet
        .and_then(|it| it.azure.as_ref())
        .ok_or_else(unread)?;
    let routes = policies.private_endpoint_policies.get();
    let routes = routes.map(|it| it.routes());
    if routes == Ok(false) {
        return Ok(false);
    }
    let network = to.network().and_then(|id| estate.network(id));
    let own = longest(&network.ok_or_else(unread)?.cidrs, to);
    if own.is_some_and(|length| cidr.prefix_len() < length) {
        return Ok(false);
    }
    routes.map_err(|gap| Box::new(gap.clone()))
}
