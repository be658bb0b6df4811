//! Hubs of Network Connectivity Center, by which networks see each other's
//! endpoints.

use std::net::IpAddr;

use cachewarden_model::{Fact, Gap, GapReason, HubSpoke, LinkState, ResourceId};

use crate::estate::Estate;
use crate::gcp::party::gap;

/// What a hub does for a client of another network.
pub(crate) enum Hub<'a> {
    /// Nothing joins them.
    None,
    No(&'a ResourceId, String),
    May(Box<Gap>),
}

/// Whether a hub may lead from one network to what another is joined to: to an
/// endpoint at an address, or to an instance behind a peering, of which no
/// manual says whether a hub offers it. Whether a hub offered an endpoint, is
/// not read.
///
/// Source: Network Connectivity Center, "About Private Service Connect
/// connection propagation".
pub(crate) fn between<'a>(
    estate: &Estate<'a>,
    from: &ResourceId,
    to: &ResourceId,
    endpoint: Option<IpAddr>,
) -> Hub<'a> {
    let spoke = |id: &ResourceId| estate.network(id).and_then(|it| it.gcp.as_deref());
    let near = match spoke(from).map(|it| &it.hub) {
        Some(Fact::Known(Some(spoke)) | Fact::Default(Some(spoke))) => spoke,
        Some(Fact::Unknown(gap)) => return Hub::May(gap.clone()),
        Some(_) => return Hub::None,
        None => {
            return Hub::May(gap(
                from,
                GapReason::NotCollected,
                "this network was not read",
            ));
        }
    };
    let far: Option<&HubSpoke> = match spoke(to).map(|it| &it.hub) {
        Some(Fact::Known(far) | Fact::Default(far)) => match far {
            Some(far) if far.hub == near.hub => Some(far),
            _ => return Hub::None,
        },
        Some(Fact::Unknown(gap)) => return Hub::May(gap.clone()),
        None => None,
    };
    let Some(far) = far else {
        return Hub::May(gap(
            &near.hub,
            GapReason::NotCollected,
            "whether the network of the endpoint is on this hub was not read",
        ));
    };
    for own in [near, far] {
        match (&own.state, &own.exports_psc) {
            (LinkState::Down(word) | LinkState::Pending(word), _) => {
                return Hub::No(&own.spoke, format!("the spoke is {word}"));
            }
            (_, Fact::Known(false) | Fact::Default(false)) if endpoint.is_some() => {
                return Hub::No(
                    &own.hub,
                    "the hub does not offer endpoints to other spokes (exportPsc is off)".into(),
                );
            }
            (_, Fact::Unknown(gap)) if endpoint.is_some() => return Hub::May(gap.clone()),
            (LinkState::Active, _) => {}
        }
    }
    let Some(address) = endpoint else {
        return Hub::May(gap(
            format!("propagation by {}", near.hub),
            GapReason::NotOffered,
            "whether a hub leads to an instance behind a peering of one of its spokes is not \
             documented",
        ));
    };
    let out = far.excluded.iter().any(|it| it.contains(address));
    let outside = !far.included.is_empty() && !far.included.iter().any(|it| it.contains(address));
    if out || outside {
        return Hub::No(
            &far.spoke,
            format!("the spoke does not offer {address} to the hub"),
        );
    }
    Hub::May(gap(
        format!("propagation by {}", near.hub),
        GapReason::NotCollected,
        "the hub offers endpoints to its spokes; whether it did so with this one is not read",
    ))
}

/// Whether a network is on a hub, or may be.
pub(crate) fn has(estate: &Estate<'_>, id: &ResourceId) -> bool {
    let gcp = estate.network(id).and_then(|it| it.gcp.as_deref());
    gcp.is_none_or(|it| !matches!(it.hub.get(), Ok(None)))
}
