//! Through a gateway that translates source addresses.

use cachewarden_model::{Gap, GapReason, Leg, ResourceId};

use crate::client::End;
use crate::estate::Estate;
use crate::path::{Travel, travel};
use crate::peer::{Tri, Via};
use crate::step::{Judged, Recorder};

/// Through a gateway that translates the source address. Where the gateway's
/// own subnet has no way on, the packet is lost; where it has one, the cache
/// sees the gateway's address, which is not analysed further.
///
/// Source: Amazon VPC User Guide, "NAT gateways".
#[expect(
    clippy::too_many_arguments,
    reason = "the two closures word the same step"
)]
pub(super) fn through_nat<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &End<'a>,
    to: &End<'a>,
    id: &ResourceId,
    step: &dyn Fn() -> Judged,
    drop: &dyn Fn(String) -> Judged,
    record: &mut impl Recorder,
) -> Travel<'a> {
    if leg == Leg::Reply {
        record.record(|| {
            drop(format!(
                "the answer goes to NAT gateway {id}, which lets back only what it sent out itself"
            ))
        });
        return Travel::stopped();
    }
    let gateway = estate.snapshot().interfaces.iter().find(|it| {
        it.kind == cachewarden_model::InterfaceKind::NatGateway
            && it
                .attached_to
                .as_ref()
                .is_some_and(|attachment| attachment.id == *id)
    });
    let unknown = |message: String| {
        Box::new(Gap {
            provider: from
                .subnet
                .map_or(cachewarden_model::Provider::Aws, |it| it.provider),
            account: from.subnet.map(|it| it.account.clone()),
            region: from.region.cloned(),
            what: id.to_string(),
            why: GapReason::Unmodelled,
            message,
            hides: vec![],
        })
    };
    let Some(gateway) = gateway else {
        let gap = unknown("this NAT gateway's interface was not read".to_owned());
        record.record(|| step().unknown(gap.clone()));
        return Travel::unknown(gap);
    };
    let client = crate::client::Client::of(estate, gateway);
    let onward = gateway.addresses.first().map(|address| {
        travel(
            estate,
            leg,
            &client.end(*address),
            to,
            &mut crate::step::Silent,
        )
    });
    match onward {
        Some(Travel {
            arrives: Tri::No, ..
        }) => {
            record.record(|| {
                drop(format!(
                    "packets go to NAT gateway {id}, which has no way on to {}",
                    to.address
                ))
            });
            Travel::stopped()
        }
        _ => {
            let gap = unknown(format!(
                "packets go through this NAT gateway, so that the far side sees another source \
                 than {}",
                from.address
            ));
            record.record(|| step().unknown(gap.clone()));
            Travel::obscured(gap, Via::Rewritten)
        }
    }
}
