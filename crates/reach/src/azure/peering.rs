//! Across a peering: two resources, one on each side, both of which have to
//! carry the flow.

use cachewarden_model::{
    Gap, GapReason, Leg, LinkState, Noun, Peering, Provider, ResourceId, Stage,
};
use cachewarden_netset::AddressSet;

use crate::azure::party::{Party, gap};
use crate::estate::Estate;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// Judges both sides of the peering of two networks that a side of is there.
///
/// Source: Azure Virtual Network, "Virtual network peering": both sides must
/// be connected; peering is not transitive.
pub(crate) fn across<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    from: &Party<'a>,
    to: &Party<'a>,
    record: &mut impl Recorder,
) -> Tri {
    let mut worst = Tri::Yes;
    for (near, far) in [(from, to), (to, from)] {
        let side = side(estate, leg, near, far, record);
        worst = match (worst, side) {
            (Tri::No, _) | (_, Tri::No) => Tri::No,
            (Tri::Unknown(gap), _) | (_, Tri::Unknown(gap)) => Tri::Unknown(gap),
            (Tri::Yes, Tri::Yes) => Tri::Yes,
        };
    }
    worst
}

/// Judges the side of a peering that one network owns.
fn side<'a>(
    estate: &Estate<'a>,
    leg: Leg,
    near: &Party<'a>,
    far: &Party<'a>,
    record: &mut impl Recorder,
) -> Tri {
    let (Some(own), Some(other)) = (near.network(), far.network()) else {
        return Tri::Unknown(gap(
            "peering",
            GapReason::NotCollected,
            "a network is not known",
        ));
    };
    let mut sides: Vec<&Peering> = estate
        .peerings_of(own)
        .filter(|it| it.requester.network == *own && it.accepter.network == *other)
        .collect();
    sides.sort_by(|one, other| one.id.cmp(&other.id));
    let Some(peering) = sides.first().copied() else {
        return missing(estate, leg, own, other, record);
    };
    let step = || Judged::new(leg, Stage::Link, "peering").resource(&peering.id);
    match fault(peering, near, far) {
        Ok(None) => {
            record.record(|| step().allow("carries the flow"));
            Tri::Yes
        }
        Ok(Some((why, remedy))) => {
            record.record(|| step().deny(why).remedy(remedy));
            Tri::No
        }
        Err(gap) => {
            record.record(|| step().unknown(gap.clone()));
            Tri::Unknown(gap)
        }
    }
}

fn missing(
    estate: &Estate<'_>,
    leg: Leg,
    own: &ResourceId,
    other: &ResourceId,
    record: &mut impl Recorder,
) -> Tri {
    let step = || Judged::new(leg, Stage::Link, "network").resource(own);
    let network = estate.network(own);
    let account = network.map(|it| &it.account);
    let hidden = estate
        .hidden(Noun::Peerings, Provider::Azure, account, None)
        .map(Box::new)
        .or_else(|| {
            network
                .is_none()
                .then(|| gap(own, GapReason::NotCollected, "this network was not read"))
        });
    match hidden {
        Some(gap) => {
            record.record(|| step().unknown(gap.clone()));
            Tri::Unknown(gap)
        }
        None => {
            record.record(|| {
                step()
                    .deny(format!(
                        "{own} has no peering to {other}, only the other way round"
                    ))
                    .remedy(Remedy::Advice(format!(
                        "create the peering from {own} to {other}: each side needs its own"
                    )))
            });
            Tri::No
        }
    }
}

/// Why one side of a peering does not carry a flow; none where it does.
fn fault(
    peering: &Peering,
    near: &Party<'_>,
    far: &Party<'_>,
) -> Result<Option<(String, Remedy)>, Box<Gap>> {
    match &peering.state {
        LinkState::Active => {}
        LinkState::Pending(word) | LinkState::Down(word) => {
            return Ok(Some((
                format!(
                    "the peering is {word} on the side of {}",
                    peering.requester.network
                ),
                Remedy::Advice(
                    "delete the peering on both sides and create it again on both".to_owned(),
                ),
            )));
        }
    }
    if !access(peering)? {
        return Ok(Some((
            format!(
                "allowVirtualNetworkAccess is off on the side of {}",
                peering.requester.network
            ),
            Remedy::AllowPeerAccess(peering.id.clone()),
        )));
    }
    if let Some(fault) = space(peering, far)? {
        return Ok(Some(fault));
    }
    parts(peering, near, far)
}

fn access(peering: &Peering) -> Result<bool, Box<Gap>> {
    peering.requester.access.ok_or_else(|| {
        gap(
            &peering.id,
            GapReason::NotCollected,
            "whether this side allows access is not told",
        )
    })
}

/// Whether the far end's address is among those that the peering knows of:
/// ranges that were added later have no route until the peering is synced.
///
/// Source: Azure Virtual Network, "Update the address space for a peered
/// virtual network".
fn space(peering: &Peering, far: &Party<'_>) -> Result<Option<(String, Remedy)>, Box<Gap>> {
    let azure = peering.azure.as_ref();
    let level = azure.and_then(|it| it.sync_level.as_deref());
    let known: AddressSet = peering.accepter.cidrs.iter().copied().collect();
    if known.is_empty() {
        return match level {
            Some("FullyInSync") => Ok(None),
            level => Err(gap(
                &peering.id,
                GapReason::NotOffered,
                format!(
                    "which ranges the peering knows of is not told ({})",
                    level.unwrap_or("no sync level told")
                ),
            )),
        };
    }
    if far.addresses.is_subset(&known) {
        return Ok(None);
    }
    if far.addresses.is_disjoint(&known) {
        return Ok(Some((
            format!(
                "the peering of {} knows no range that holds {} ({})",
                peering.requester.network,
                far.words(),
                level.unwrap_or("no sync level told")
            ),
            Remedy::SyncPeering(peering.id.clone()),
        )));
    }
    Err(gap(
        &peering.id,
        GapReason::NotOffered,
        "the peering knows some of the addresses in question",
    ))
}

/// Where only named subnets or one family are joined, whether the ends are of
/// them.
///
/// Source: Azure Virtual Network, "How to configure subnet peering".
fn parts(
    peering: &Peering,
    near: &Party<'_>,
    far: &Party<'_>,
) -> Result<Option<(String, Remedy)>, Box<Gap>> {
    let Some(azure) = &peering.azure else {
        return Ok(None);
    };
    let v4 = near.first().is_some_and(|it| it.is_ipv4());
    if azure.only_ipv6 == Some(true) && v4 {
        return Ok(Some((
            "the peering carries IPv6 only".to_owned(),
            Remedy::Advice(format!("let {} carry IPv4 too", peering.id)),
        )));
    }
    if azure.complete != Some(false) {
        return Ok(None);
    }
    for (party, names) in [(near, &azure.local_subnets), (far, &azure.remote_subnets)] {
        let Some(subnet) = party.subnet else {
            return Err(gap(
                &peering.id,
                GapReason::NotCollected,
                format!(
                    "only some subnets are joined, and that of {} is not known",
                    party.words()
                ),
            ));
        };
        let named = names.iter().any(|it| it.eq_ignore_ascii_case(&subnet.name));
        if !named {
            return Ok(Some((
                format!(
                    "the peering joins named subnets only, and {} is not one",
                    subnet.name
                ),
                Remedy::Advice(format!("add subnet {} to {}", subnet.name, peering.id)),
            )));
        }
    }
    Ok(None)
}
