//! Private endpoints of a cache that are there and were not read.

use cachewarden_model::{Cache, Fact, Gap, GapReason, PrivateEndpointState};

use crate::azure::party::gap;
use crate::estate::Estate;

/// Why a private endpoint of a cache may have an address that is not known;
/// none if all of them are.
pub(crate) fn unseen(estate: &Estate<'_>, cache: &Cache) -> Option<Box<Gap>> {
    let mut endpoints = estate.endpoints_of(&cache.id).into_iter();
    if let Some(gap) = endpoints.find_map(|it| it.addresses.gap()) {
        return Some(Box::new(gap.clone()));
    }
    let connections = match &cache.azure.as_ref()?.connections {
        Fact::Known(connections) | Fact::Default(connections) => connections,
        Fact::Unknown(gap) => return Some(gap.clone()),
    };
    let carries = connections
        .iter()
        .filter(|it| !matches!(it.state, PrivateEndpointState::Down(_)));
    let mut unread = carries.filter(|it| {
        let read = it.endpoint.as_ref();
        read.is_none_or(|id| estate.private_endpoint(id).is_none())
    });
    let unread = unread.next()?;
    Some(gap(
        unread.endpoint.as_ref().unwrap_or(&unread.id),
        GapReason::NotCollected,
        "this private endpoint of the cache was not read",
    ))
}
