//! Those behind VPN tunnels and private lines: what joins them to a network,
//! and whether they get to a cache.
//!
//! What happens on their own side is not seen, so that nothing here is ever
//! certain to arrive. No firewall of the network judges them: rules on the way
//! out judge what leaves machines.
//!
//! Source: Cloud Next Generation Firewall, "Firewall policy rule evaluation
//! order"; Memorystore for Redis, "Networking", on-premises access;
//! Memorystore for Redis Cluster, "Networking".

use std::net::IpAddr;

use cachewarden_model::{
    CloudRouter, Fact, Gap, GapReason, HybridLink, Leg, LinkState, Network, Peering, Region,
    ResourceId, Stage,
};

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::party::gap;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// Why a network may have routes that no table lists: what its Cloud Routers
/// learn. What a hub offers is another matter (`hub`).
pub(crate) fn learned(estate: &Estate<'_>, id: &ResourceId) -> Option<Box<Gap>> {
    let network = estate.network(id).and_then(|it| it.gcp.as_deref());
    let Some(gcp) = network else {
        return Some(gap(
            id,
            GapReason::NotCollected,
            "this network was not read",
        ));
    };
    let some = |what: &str| {
        gap(
            format!("routes of {id}"),
            GapReason::NotOffered,
            format!("the network has {what}, and the routes that these bring are not listed"),
        )
    };
    match (&gcp.hybrid, &gcp.routers, &gcp.hub) {
        (Fact::Unknown(gap), _, _) | (_, Fact::Unknown(gap), _) | (_, _, Fact::Unknown(gap)) => {
            Some(gap.clone())
        }
        (Fact::Known(links) | Fact::Default(links), ..) if !links.is_empty() => {
            Some(some("VPN tunnels or private lines"))
        }
        (_, Fact::Known(routers) | Fact::Default(routers), _) if !routers.is_empty() => {
            Some(some("Cloud Routers"))
        }
        _ => None,
    }
}

/// What an address behind a network leads to.
#[derive(Clone, Copy)]
pub(crate) enum Goal<'g> {
    /// An instance behind private services access, by its peering.
    Services(&'g Peering),
    /// An instance behind a peering of its own.
    Direct(Option<&'g Peering>),
    /// An endpoint in a subnet, in a region; none where its own network alone
    /// knows.
    Endpoint(&'g Region),
}

/// Whether somebody behind a network's VPNs and private lines gets to an
/// address, as far as the network's side goes. Never a certain yes.
pub(crate) fn enter(
    estate: &Estate<'_>,
    id: &ResourceId,
    from: Option<IpAddr>,
    to: IpAddr,
    goal: Goal<'_>,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::Link, kind).resource(id);
    let network = estate.network(id);
    let Some(gcp) = network.and_then(|it| it.gcp.as_deref()) else {
        let gap = gap(
            id,
            GapReason::NotCollected,
            "by what machines elsewhere come into this network was not read",
        );
        record.record(|| step("network").unknown(gap.clone()));
        return Tri::Unknown(gap);
    };
    let links = match gcp.hybrid.get() {
        Ok(links) => links,
        Err(gap) => {
            record.record(|| step("network").unknown(Box::new(gap.clone())));
            return Tri::unknown(gap);
        }
    };
    let live: Vec<&HybridLink> = links
        .iter()
        .filter(|it| it.state == LinkState::Active)
        .collect();
    if live.is_empty() {
        return no_link(estate, network, links, from, record);
    }
    let on_way = match goal {
        Goal::Services(peering) => services(peering, record),
        Goal::Direct(peering) => direct(peering, id, record),
        Goal::Endpoint(_) => Tri::Yes,
    };
    let told = advertised(estate, id, &live, to, goal, record);
    if on_way == Tri::No || told == Tri::No {
        return Tri::No;
    }
    let unseen = gap(
        format!(
            "way from {}",
            from.map_or("elsewhere".to_owned(), |it| it.to_string())
        ),
        GapReason::NotCollected,
        "what lies beyond the VPN tunnels and private lines of the network, and which routes it \
         tells of, is not read",
    );
    record.record(|| step("network").unknown(unseen.clone()));
    match (on_way, told) {
        (Tri::Unknown(gap), _) | (_, Tri::Unknown(gap)) => Tri::Unknown(gap),
        _ => Tri::Unknown(unseen),
    }
}

/// A network that no line and no tunnel leads into. A machine may still
/// stand in for one, where a route leads to what is behind it; so may a hub.
fn no_link(
    estate: &Estate<'_>,
    network: Option<&Network>,
    links: &[HybridLink],
    from: Option<IpAddr>,
    record: &mut impl Recorder,
) -> Tri {
    let Some(network) = network else {
        return Tri::No;
    };
    let step = || Judged::new(Leg::Request, Stage::Link, "network").resource(&network.id);
    if let Some(gap) = by_machine(estate, network, from) {
        record.record(|| step().unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    record.record(|| {
        let why = match links.first() {
            Some(link) => format!("{} carries no traffic", link.id),
            None => "the network has no VPN tunnel and no private line".to_owned(),
        };
        step()
            .deny(Cause::NoRoute.after(why))
            .remedy(Remedy::Advice(format!(
                "join the client's network to {} by Cloud VPN or Interconnect",
                network.id
            )))
    });
    Tri::No
}

/// Why a machine of the network, or a hub, may let others in.
fn by_machine(estate: &Estate<'_>, network: &Network, from: Option<IpAddr>) -> Option<Box<Gap>> {
    use cachewarden_model::{Destination, RouteTarget};
    if let Some(gcp) = network.gcp.as_deref() {
        match &gcp.hub {
            Fact::Unknown(gap) => return Some(gap.clone()),
            Fact::Known(None) | Fact::Default(None) => {}
            Fact::Known(Some(spoke)) | Fact::Default(Some(spoke)) => {
                return Some(gap(
                    &spoke.hub,
                    GapReason::NotCollected,
                    "who comes in by this hub is not read",
                ));
            }
        }
    }
    let table = estate.table(&format!("{}/routes", network.id).into());
    let Some(Ok(routes)) = table.map(|it| it.routes.get()) else {
        return Some(gap(
            format!("{}/routes", network.id),
            GapReason::NotCollected,
            "the routes of this network were not read",
        ));
    };
    let back = routes.iter().find(|route| {
        let holds = match &route.destination {
            Destination::Cidr(cidr) => {
                !cidr.is_any() && from.is_none_or(|from| cidr.contains(from))
            }
            Destination::PrefixList(_) => false,
        };
        holds
            && matches!(
                route.target,
                RouteTarget::Interface(_)
                    | RouteTarget::Appliance(_)
                    | RouteTarget::Endpoint(_)
                    | RouteTarget::VpnGateway(_)
                    | RouteTarget::TransitRouter(_)
                    | RouteTarget::Other(_)
            )
    })?;
    let name = crate::gcp::route::line(back);
    Some(gap(
        &name,
        GapReason::Unmodelled,
        format!(
            "the route {name} leads back to the client, through something whose way is not read"
        ),
    ))
}

/// Private services access wants routes exported and imported.
///
/// Source: Memorystore for Redis, "Networking".
fn services(peering: &Peering, record: &mut impl Recorder) -> Tri {
    let step = || Judged::new(Leg::Reply, Stage::Link, "peering").resource(&peering.id);
    let own = &peering.requester;
    let missing = match (own.exports_routes, own.imports_routes) {
        (Some(true), Some(true)) => {
            record.record(|| step().allow("custom routes are exported and imported"));
            return Tri::Yes;
        }
        (Some(false), _) => "exportCustomRoutes is off: the service knows no way back",
        (_, Some(false)) => "importCustomRoutes is off",
        _ => {
            let gap = gap(
                &peering.id,
                GapReason::NotCollected,
                "whether this peering exports and imports custom routes was not read",
            );
            record.record(|| step().unknown(gap.clone()));
            return Tri::Unknown(gap);
        }
    };
    record.record(|| {
        step()
            .deny(Cause::NoRouteBack.after(missing))
            .remedy(Remedy::Advice(format!(
                "let the peering {} export and import custom routes",
                peering.name
            )))
    });
    Tri::No
}

/// A peering of the instance's own carries no custom routes, unless Google's
/// support had it accept them.
///
/// Source: Memorystore for Redis, "Networking".
fn direct(peering: Option<&Peering>, network: &ResourceId, record: &mut impl Recorder) -> Tri {
    let step = |kind| Judged::new(Leg::Reply, Stage::Link, kind);
    let exports = peering.filter(|it| it.requester.exports_routes != Some(false));
    if let Some(peering) = exports {
        let gap = gap(
            &peering.id,
            GapReason::NotOffered,
            "whether the service accepts the custom routes of this peering is not told",
        );
        record.record(|| step("peering").resource(&peering.id).unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    record.record(|| {
        let judged = match peering {
            Some(peering) => step("peering").resource(&peering.id),
            None => step("network").resource(network),
        };
        judged
            .deny(Cause::NoRouteBack.after(
                "connect mode DIRECT_PEERING: the service knows no way back to machines outside \
                 the network",
            ))
            .remedy(Remedy::Advice(
                "create the instance again with private services access".to_owned(),
            ))
    });
    Tri::No
}

/// Whether a Cloud Router tells the other side of an address. Tunnels without
/// a router have their routes written by hand, which nobody sees.
fn advertised(
    estate: &Estate<'_>,
    id: &ResourceId,
    live: &[&HybridLink],
    to: IpAddr,
    goal: Goal<'_>,
    record: &mut impl Recorder,
) -> Tri {
    let step = || Judged::new(Leg::Request, Stage::Route, "network").resource(id);
    let Some(gcp) = estate.network(id).and_then(|it| it.gcp.as_deref()) else {
        return Tri::Yes;
    };
    let by_hand = live.iter().any(|it| it.router.is_none());
    let routers = match gcp.routers.get() {
        Ok(routers) => routers,
        Err(gap) => {
            record.record(|| step().unknown(Box::new(gap.clone())));
            return Tri::unknown(gap);
        }
    };
    let used = |router: &&CloudRouter| live.iter().any(|it| it.router.as_ref() == Some(&router.id));
    let tells = |router: &CloudRouter| {
        let custom = router.advertises.iter().any(|it| it.contains(to));
        let subnet = match goal {
            Goal::Endpoint(region) => {
                router.advertises_subnets && (gcp.global_routing || router.region == *region)
            }
            Goal::Services(_) | Goal::Direct(_) => false,
        };
        custom || subnet
    };
    let missing = live.iter().find(|link| {
        link.router
            .as_ref()
            .is_some_and(|id| routers.iter().all(|it| it.id != *id))
    });
    if by_hand || missing.is_some() || routers.iter().filter(used).any(tells) {
        record.record(|| step().allow(format!("the other side may be told of {to}")));
        return Tri::Yes;
    }
    record.record(|| {
        let scope = match goal {
            Goal::Endpoint(region) if !gcp.global_routing => {
                format!(", routing is regional and the endpoint is in {region}")
            }
            _ => String::new(),
        };
        step()
            .deny(Cause::NotAdvertised.after(format!(
                "no Cloud Router tells the other side of {to}{scope}"
            )))
            .remedy(Remedy::Advice(format!(
                "let the Cloud Router of the link advertise a range that holds {to}"
            )))
    });
    Tri::No
}
