//! Which of a network's routes takes a packet, and whether it leads there.

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Gap, GapReason, Noun, Provider, ResourceId, Route, RouteOrigin, RouteState,
    RouteTarget, RuleId,
};

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::party::{Sender, any, gap};
use crate::gcp::peering;
use crate::gcp::route::{Want, line};
use crate::peer::Tri;
use crate::route::destination;

/// What is to be said of a route.
pub(super) struct Said<'a> {
    pub(super) route: Option<&'a Route>,
    pub(super) verdict: Tri,
    pub(super) detail: String,
}

impl<'a> Said<'a> {
    fn no(cause: Cause, text: impl std::fmt::Display) -> Self {
        Self {
            route: None,
            verdict: Tri::No,
            detail: cause.after(text),
        }
    }

    fn yes(text: impl Into<String>) -> Self {
        Self {
            route: None,
            verdict: Tri::Yes,
            detail: text.into(),
        }
    }

    pub(super) fn unknown(gap: Box<Gap>) -> Self {
        Self {
            route: None,
            verdict: Tri::Unknown(gap),
            detail: String::new(),
        }
    }

    /// Either of both: what they agree in is sure.
    pub(super) fn or(self, other: Self, why: &str) -> Self {
        let known = match (&self.verdict, &other.verdict) {
            (Tri::Yes, Tri::Yes) | (Tri::No, Tri::No) => return self,
            (Tri::Unknown(gap), _) | (_, Tri::Unknown(gap)) => gap.clone(),
            _ => gap(
                other
                    .route
                    .or(self.route)
                    .map_or_else(RuleId::default, line),
                GapReason::NotOffered,
                format!("this route {why}, and which one takes a packet is not told"),
            ),
        };
        Self {
            route: self.route,
            ..Self::unknown(known)
        }
    }
}

/// Where routes are to lead.
pub(super) struct Goal<'g, 'a> {
    pub(super) estate: &'g Estate<'a>,
    pub(super) sender: &'g Sender<'a>,
    pub(super) to: IpAddr,
    pub(super) want: Want<'g>,
}

impl<'a> Goal<'_, 'a> {
    /// The longest prefix, then the lowest priority. Equal routes share packets
    /// by a hash; whether a dead next hop is passed over is not told.
    pub(super) fn best(&self, routes: &[&'a Route]) -> Said<'a> {
        let key = |route: &Route| (std::cmp::Reverse(length(route)), rank(route));
        let mut fits: Vec<(&'a Route, Tri)> = routes
            .iter()
            .map(|route| (*route, tagged(self.sender, route)))
            .filter(|(_, tri)| *tri != Tri::No)
            .collect();
        fits.sort_by_key(|(route, _)| key(route));
        let Some((first, tri)) = fits.first() else {
            return Said::no(Cause::NoRoute, format!("no route holds {}", self.to));
        };
        let rest = || {
            let others = fits.iter().map(|(route, _)| *route);
            let others: Vec<&Route> = others.filter(|it| !std::ptr::eq(*it, *first)).collect();
            self.best(&others)
        };
        let mut said = self.say(first);
        said.route = Some(*first);
        if let Tri::Unknown(gap) = tri {
            // It may not be for this machine.
            return match (&said.verdict, &rest().verdict) {
                (Tri::Yes, Tri::Yes) | (Tri::No, Tri::No) => said,
                _ => Said {
                    route: Some(*first),
                    ..Said::unknown(gap.clone())
                },
            };
        }
        let equal = fits.get(1).is_some_and(|(it, _)| key(it) == key(first));
        if first.state == RouteState::Blackhole {
            return said.or(rest(), "stands behind one whose next hop is dead");
        }
        match equal {
            true => {
                let twins = fits.iter().skip(1).map(|(route, _)| *route);
                let twins: Vec<&Route> = twins.filter(|it| key(it) == key(first)).collect();
                said.or(self.best(&twins), "has an equal one")
            }
            false => said,
        }
    }

    fn say(&self, route: &'a Route) -> Said<'a> {
        say(self.estate, route, self.to, self.want)
    }
}

fn length(route: &Route) -> u8 {
    match &route.destination {
        Destination::Cidr(cidr) => cidr.prefix_len(),
        Destination::PrefixList(_) => 0,
    }
}

/// The place of a route among those of one prefix: routes of subnets first.
///
/// Source: Compute Engine API, `routes`, `priority`.
fn rank(route: &Route) -> u32 {
    match route.origin {
        RouteOrigin::Local => 0,
        RouteOrigin::Static | RouteOrigin::Propagated => {
            route.priority.unwrap_or(1000).saturating_add(1)
        }
    }
}

/// Whether a route is for the sender: it may be for machines with a tag.
pub(super) fn tagged(sender: &Sender<'_>, route: &Route) -> Tri {
    match route.tags.is_empty() {
        true => Tri::Yes,
        false => any(&route.tags, |tag| sender.has_tag(tag)),
    }
}

/// Whether a route leads where the packet is to go.
fn say<'a>(estate: &Estate<'_>, route: &Route, to: IpAddr, want: Want<'_>) -> Said<'a> {
    let range = destination(&route.destination);
    if route.state == RouteState::Blackhole {
        return Said::no(
            Cause::RouteBlackhole,
            format!("the next hop of the route to {range} is dead"),
        );
    }
    match &route.target {
        RouteTarget::Local => match want {
            Want::Subnet => Said::yes(format!("subnet route to {range}")),
            _ => Said::no(
                Cause::RouteWrongNetwork,
                format!("{to} is an address of a subnet of the client's own network"),
            ),
        },
        RouteTarget::Peering(id) => peered(estate, route, id, to, want),
        RouteTarget::Internet | RouteTarget::InternetGateway(_) => Said::no(
            Cause::PrivateTrafficToInternet,
            format!("only the route to {range} holds {to}, and it leads to the internet"),
        ),
        RouteTarget::Drop => Said::no(
            Cause::RouteBlackhole,
            format!("the route to {range} drops packets"),
        ),
        other => {
            let through = crate::path::target(other);
            Said::unknown(gap(
                &through,
                GapReason::Unmodelled,
                format!(
                    "the route to {range} leads through {through}, and what becomes of packets \
                     there is not read"
                ),
            ))
        }
    }
}

/// What a route by a peering means.
fn peered<'a>(
    estate: &Estate<'_>,
    route: &Route,
    id: &ResourceId,
    to: IpAddr,
    want: Want<'_>,
) -> Said<'a> {
    // A route may outlive its peering.
    let last = id.as_str().rsplit('/').next().unwrap_or_default();
    let name = estate.peering(id).map_or(last, |it| it.name.as_str());
    let unread = estate.hidden(Noun::Peerings, Provider::Gcp, None, None);
    if let (None, Some(gap)) = (estate.peering(id), unread) {
        return Said::unknown(Box::new(gap));
    }
    let far = estate.peering(id).map(|it| &it.accepter.network);
    let wrong = || {
        Said::no(
            Cause::RouteWrongNetwork,
            format!("the route to {to} leads by the peering {name}, behind which the cache is not"),
        )
    };
    match want {
        Want::Peering(right) if right.contains(&id) => {
            Said::yes(format!("peering route by {name}"))
        }
        // Networks of the cloud's services lead nowhere else.
        Want::Foreign(..)
            if route.origin != RouteOrigin::Local && !peering::is_of_the_cloud(name) =>
        {
            Said::unknown(gap(
                id,
                GapReason::Unmodelled,
                "a route that the other side of this peering offers leads on from there, and its way \
             is not read",
            ))
        }
        Want::Foreign(network, _) if far == Some(network) => {
            Said::yes(format!("peering route by {name} into {network}"))
        }
        _ => wrong(),
    }
}
