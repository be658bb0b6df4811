//! Across a peering.

use cachewarden_model::{Leg, LinkState, Noun, Peering, ResourceId, Stage};

use crate::client::End;
use crate::estate::Estate;
use crate::path::{Travel, unread};
use crate::peer::{Tri, Via};
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// Across a peering: active, and its other side is where the packet has to
/// be. It is not transitive.
///
/// Source: Amazon VPC Peering Guide, "VPC peering basics".
pub(super) fn across_peering<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &End<'a>,
    to: &End<'a>,
    id: &ResourceId,
    table: &ResourceId,
    record: &mut impl Recorder,
) -> Travel<'a> {
    let step = || Judged::new(leg, Stage::Link, "peering").resource(id);
    let Some(peering) = estate.peering(id) else {
        let gap = from
            .subnet
            .and_then(|it| {
                estate.hidden(
                    Noun::Peerings,
                    it.provider,
                    Some(&it.account),
                    Some(&it.region),
                )
            })
            .map_or_else(|| unread(from, Some(id), "peering"), Box::new);
        record.record(|| step().unknown(gap.clone()));
        return Travel {
            arrives: Tri::Unknown(gap),
            via: Some(Via::Unread),
        };
    };
    match &peering.state {
        LinkState::Active => {}
        LinkState::Pending(word) => {
            record.record(|| {
                let judged = step().deny(format!("the peering is {word}"));
                if word == "pending-acceptance" {
                    judged.remedy(Remedy::AcceptPeering(id.clone()))
                } else {
                    judged.remedy(Remedy::Advice(format!("wait until {id} is active")))
                }
            });
            return Travel::stopped();
        }
        LinkState::Down(word) => {
            record.record(|| {
                step().deny(format!("the peering is {word}")).remedy(Remedy::Advice(format!(
                    "create a new peering in place of {id} and point the routes of {table} to it"
                )))
            });
            return Travel::stopped();
        }
    }
    let far = other_side(peering, from.network);
    if far.is_none() || far != to.network {
        record.record(|| {
            step()
                .deny(format!(
                    "the peering leads to {}, and {} is not in it: peerings are not transitive",
                    far.map_or("other networks", ResourceId::as_str),
                    to.address
                ))
                .remedy(Remedy::Advice(format!(
                    "join {} and {} by a peering of their own or by a transit gateway",
                    from.network
                        .map_or("the client's network", ResourceId::as_str),
                    to.network.map_or("the cache's network", ResourceId::as_str),
                )))
        });
        return Travel::stopped();
    }
    record.record(|| step().allow("active"));
    Travel::arrived(Via::Peering(peering))
}

pub(super) fn other_side<'a>(
    peering: &'a Peering,
    here: Option<&ResourceId>,
) -> Option<&'a ResourceId> {
    if Some(&peering.requester.network) == here {
        Some(&peering.accepter.network)
    } else if Some(&peering.accepter.network) == here {
        Some(&peering.requester.network)
    } else {
        None
    }
}
