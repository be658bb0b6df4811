//! The way to a public address.

use cachewarden_model::{Destination, Gap, GapReason, Leg, ResourceId, Route, RouteTarget, Stage};
use cachewarden_netset::AddressSet;

use super::{line, table};
use crate::azure::gateway;
use crate::azure::party::{Party, gap};
use crate::estate::Estate;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::route::destination;
use crate::step::{Judged, Recorder};

/// Sends a packet to a public address of Azure that is not known.
///
/// Source: Azure Virtual Network, "Virtual network traffic routing": without
/// a route of the owner's or of a gateway, 0.0.0.0/0 leads to the internet.
pub(crate) fn public<'a>(
    estate: &Estate<'a>,
    from: &Party<'a>,
    to: &Party<'a>,
    record: &mut impl Recorder,
) -> Tri {
    let unknown = |gap: Box<Gap>, id: Option<&ResourceId>, record: &mut dyn FnMut(Judged)| {
        let step = Judged::new(Leg::Request, Stage::Route, "route-table").unknown(gap.clone());
        record(match id {
            Some(id) => step.resource(id),
            None => step,
        });
        Tri::Unknown(gap)
    };
    let table = match table(estate, from) {
        Ok(table) => table,
        Err(gap) => {
            return unknown(gap, None, &mut |step| record.record(|| step));
        }
    };
    let mut whole: Option<(u8, &Route)> = None;
    let mut some: Vec<&Route> = vec![];
    for route in table.iter().flat_map(|it| it.routes) {
        match &route.destination {
            Destination::Cidr(cidr) => {
                let range = AddressSet::from(*cidr);
                if to.addresses.is_subset(&range) {
                    if whole.is_none_or(|(length, _)| cidr.prefix_len() > length) {
                        whole = Some((cidr.prefix_len(), route));
                    }
                } else if !to.addresses.is_disjoint(&range) {
                    some.push(route);
                }
            }
            Destination::PrefixList(_) => some.push(route),
        }
    }
    let id = table.as_ref().map(|it| it.id);
    let target = whole.map_or(&RouteTarget::Internet, |(_, route)| &route.target);
    if let Some(other) = some.iter().find(|it| it.target != *target) {
        let gap = gap(
            id.map_or_else(String::new, ToString::to_string),
            GapReason::NotOffered,
            format!(
                "the cache's public address is not told, and the route to {} may take it",
                destination(&other.destination)
            ),
        );
        return unknown(gap, id, &mut |step| record.record(|| step));
    }
    let propagates = table.as_ref().is_none_or(|it| it.propagation);
    let learned = from
        .network()
        .filter(|_| whole.is_none() && propagates)
        .and_then(|network| gateway::learned(estate, network));
    if let Some(gap) = learned {
        return unknown(gap, id, &mut |step| record.record(|| step));
    }
    let step = || {
        let step = match (id, whole) {
            (Some(id), Some(_)) => {
                Judged::new(Leg::Request, Stage::Route, "route-table").resource(id)
            }
            _ => Judged::new(Leg::Request, Stage::Route, "system-route"),
        };
        step.rule(whole.map(|(_, route)| line(route)))
    };
    match (target, whole) {
        (RouteTarget::Internet, _) => {
            record.record(|| step().allow("to the internet"));
            Tri::Yes
        }
        (RouteTarget::Drop, Some((_, route))) => {
            record.record(|| {
                let range = destination(&route.destination);
                let judged = step().deny(format!("the route to {range} drops packets (None)"));
                match id {
                    Some(id) => judged.remedy(Remedy::RemoveRoute {
                        table: id.clone(),
                        destination: route.destination.clone(),
                    }),
                    None => judged,
                }
            });
            Tri::No
        }
        (other, _) => {
            let through = crate::path::target(other);
            let gap = gap(
                &through,
                GapReason::Unmodelled,
                format!(
                    "packets to the internet go through {through}, whose own rules and address \
                     are not read"
                ),
            );
            record.record(|| step().unknown(gap.clone()));
            Tri::Unknown(gap)
        }
    }
}
