//! Hubs that offer the addresses of a cache to networks that are not its own.
//!
//! Source: Network Connectivity Center, "Private Service Connect connection
//! propagation": a hub with that switched on offers the endpoints of each
//! spoke to the others, but for those in ranges that the spoke does not export.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{Cache, HubSpoke, LinkState, PscConnection};
use cachewarden_netset::Cidr;

use super::networks::network;
use super::{last, list};
use crate::facts::world::Gaps;
use crate::facts::{FactValue, World};

pub(super) fn hubs<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    list(cache, |gcp| {
        FactValue::of(&gcp.connections, |all| {
            let (mut found, mut unknown): (BTreeSet<&str>, Gaps<'a>) = Default::default();
            for connection in all {
                match offering(world, cache, connection) {
                    Ok(hub) => found.extend(hub),
                    Err(gaps) => unknown.extend(gaps),
                }
            }
            if found.is_empty() && !unknown.is_empty() {
                unknown.sort();
                unknown.dedup();
                return FactValue::Unknown(unknown);
            }
            FactValue::list(found)
        })
    })
}

/// The hub that offers a connection; none where none does.
fn offering<'a>(
    world: &World<'a>,
    cache: &Cache,
    connection: &PscConnection,
) -> Result<Option<&'a str>, Gaps<'a>> {
    let hub = &network(world, cache, &connection.network)?.hub;
    let Some(spoke) = hub.get().map_err(|gap| vec![Cow::Borrowed(gap)])? else {
        return Ok(None);
    };
    // What is not accepted yet may be tomorrow.
    if matches!(spoke.state, LinkState::Down(_)) || !exports(spoke, connection.address) {
        return Ok(None);
    }
    let on = spoke
        .exports_psc
        .get()
        .map_err(|gap| vec![Cow::Borrowed(gap)])?;
    Ok(on.then(|| last(spoke.hub.as_str())))
}

/// Whether a spoke exports an address; one that is not known counts as
/// exported.
fn exports(spoke: &HubSpoke, address: Option<IpAddr>) -> bool {
    let Some(address) = address else {
        return true;
    };
    let covers = |ranges: &[Cidr]| ranges.iter().any(|it| it.contains(address));
    (spoke.included.is_empty() || covers(&spoke.included)) && !covers(&spoke.excluded)
}
