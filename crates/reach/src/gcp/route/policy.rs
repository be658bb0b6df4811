//! Policy-based routes: asked before all others.

use std::net::IpAddr;

use cachewarden_model::{
    GapReason, Leg, LinkState, PolicyRoute, PolicyRouteNext, PolicyRouteScope, Stage,
};
use cachewarden_netset::Protocol;

use crate::estate::Estate;
use crate::gcp::party::{Sender, any, gap};
use crate::peer::Tri;
use crate::step::{Judged, Recorder};

/// What policy-based routes make of a packet.
pub(super) enum Choice {
    /// None takes it.
    None,
    /// One leaves it to the other routes.
    Default,
    /// One takes it elsewhere, or may.
    Elsewhere(Tri),
}

/// Chooses a policy-based route: the lowest priority alone decides.
///
/// Source: Virtual Private Cloud, "Policy-based routes".
pub(super) fn choose<'a>(
    estate: &Estate<'a>,
    sender: &Sender<'a>,
    to: IpAddr,
    record: &mut impl Recorder,
) -> Choice {
    let step = || Judged::new(Leg::Request, Stage::Route, "policy-based-route");
    let network = estate.network(sender.network);
    let Some(gcp) = network.and_then(|it| it.gcp.as_deref()) else {
        // Said where the network's filters are asked for.
        return Choice::None;
    };
    let routes = match gcp.policy_routes.get() {
        Ok(routes) => routes,
        Err(gap) => {
            record.record(|| {
                step()
                    .resource(sender.network)
                    .unknown(Box::new(gap.clone()))
            });
            return Choice::Elsewhere(Tri::unknown(gap));
        }
    };
    let mut fits: Vec<(&PolicyRoute, Tri)> = routes
        .iter()
        .map(|route| (route, takes(sender, route, to)))
        .filter(|(_, tri)| *tri != Tri::No)
        .collect();
    fits.sort_by_key(|(route, _)| route.priority);
    let sure = fits.iter().position(|(_, tri)| *tri == Tri::Yes);
    let lowest = sure.and_then(|at| fits.get(at)).map(|(it, _)| it.priority);
    // Those that certainly or possibly decide, equal ones included.
    fits.retain(|(route, _)| lowest.is_none_or(|lowest| route.priority <= lowest));
    if fits
        .iter()
        .all(|(route, _)| route.next == PolicyRouteNext::Default)
    {
        return match fits.first() {
            None => Choice::None,
            Some((route, _)) => {
                record.record(|| {
                    step()
                        .resource(&route.id)
                        .not_applicable("leaves it to the other routes")
                });
                Choice::Default
            }
        };
    }
    let Some((route, tri)) = fits
        .iter()
        .find(|(route, _)| route.next != PolicyRouteNext::Default)
    else {
        return Choice::None;
    };
    let through = match &route.next {
        PolicyRouteNext::LoadBalancer(address) => format!("the load balancer {address}"),
        PolicyRouteNext::Other(word) => word.clone(),
        PolicyRouteNext::Default => String::new(),
    };
    let gap = match tri {
        Tri::Unknown(gap) => gap.clone(),
        Tri::Yes | Tri::No => gap(
            &route.id,
            GapReason::Unmodelled,
            format!(
                "this policy-based route sends packets to {through}, and what becomes of them \
                 there is not read"
            ),
        ),
    };
    record.record(|| step().resource(&route.id).unknown(gap.clone()));
    Choice::Elsewhere(Tri::Unknown(gap))
}

/// Whether a policy-based route takes a packet of a machine.
fn takes(sender: &Sender<'_>, route: &PolicyRoute, to: IpAddr) -> Tri {
    let covers = route.destination.contains(to)
        && route.source.contains(sender.address)
        && route.protocol.covers(Protocol::TCP);
    if !covers {
        return Tri::No;
    }
    let scope = match &route.scope {
        PolicyRouteScope::All => Tri::Yes,
        PolicyRouteScope::Tags(tags) => any(tags, |tag| sender.has_tag(tag)),
        PolicyRouteScope::Interconnect(_) => Tri::No,
    };
    match (&route.state, scope) {
        (LinkState::Down(word) | LinkState::Pending(word), Tri::Yes) => Tri::Unknown(gap(
            &route.id,
            GapReason::NotOffered,
            format!(
                "the state of this policy-based route is {word}, and whether it takes packets is not told"
            ),
        )),
        (_, scope) => scope,
    }
}
