//! The routes that a packet takes out of the client's network.
//!
//! Source: Virtual Private Cloud, "Routes" and "Policy-based routes":
//! policy-based routes come first, then routes to subnets of the network and
//! of its peers, then all others; among these the longest prefix, then the
//! lowest priority.

use cachewarden_model::{
    Destination, LinkState, PolicyRoute, PolicyRouteNext, PolicyRouteScope, ResourceId, Route,
    RouteOrigin, RouteState, RouteTarget,
};
use cachewarden_netset::{Cidr, Protocol};

use crate::packet::Packet;
use crate::world::Question;

/// Where a packet gets to.
pub(crate) enum Arrival<'s> {
    /// To an address in the client's network.
    Here,
    /// Into a peering.
    Peering(&'s ResourceId),
    /// Into a peering by a route that the other side offers, which leads on
    /// from there.
    Beyond(&'s ResourceId),
    /// Nobody can tell; the question that decides.
    Open(Question),
    /// To the internet, into a dead end, or to no route at all.
    Nowhere,
}

impl<'s> Packet<'s> {
    /// Where the routes of the client's network lead.
    pub(crate) fn road(&self) -> Arrival<'s> {
        let network = self.network_of(&self.client.network);
        let gcp = network.gcp.as_ref().expect("of Google Cloud");
        let policies = gcp.policy_routes.value().expect("read").iter();
        let policies = policies.filter(|it| self.is_taken(it));
        let mut policies: Vec<&PolicyRoute> = policies.collect();
        policies.sort_by_key(|it| it.priority);
        let lowest = policies.first().map(|it| it.priority);
        policies.retain(|it| Some(it.priority) == lowest);
        let policy = match policies.len() > 1 && self.world.holds(Question::PolicyTie) {
            true => policies.last(),
            false => policies.first(),
        };
        match policy.map(|it| &it.next) {
            None | Some(PolicyRouteNext::Default) => {}
            Some(PolicyRouteNext::LoadBalancer(_) | PolicyRouteNext::Other(_)) => {
                return Arrival::Open(Question::Middlebox);
            }
        }
        let mut tables = self.snapshot.route_tables.iter();
        let table = tables.find(|it| it.network == network.id).expect("a table");
        let routes = table.routes.value().expect("read").iter();
        let (subnets, others): (Vec<&Route>, Vec<&Route>) = routes
            .filter(|it| it.state != RouteState::Filtered)
            .filter(|it| prefix(it).contains(self.address) && self.is_tagged(it))
            .partition(|it| it.origin == RouteOrigin::Local);
        let learns = !gcp.hybrid.value().expect("read").is_empty()
            || !gcp.routers.value().expect("read").is_empty();
        if !subnets.is_empty() && self.may_overlap() {
            if learns && self.world.holds(Question::Overlap) {
                return Arrival::Open(Question::Learned);
            }
            let longer = others.iter().any(|it| prefix(it).prefix_len() > 0);
            if longer && self.world.holds(Question::Overlap) {
                return self.best(others);
            }
        }
        if subnets.is_empty() && learns {
            return Arrival::Open(Question::Learned);
        }
        match subnets.is_empty() {
            true => self.best(others),
            false => self.best(subnets),
        }
    }

    /// Whether a subnet of the network or of a peer holds the address.
    pub(crate) fn is_in_subnet(&self) -> bool {
        let tables = self.snapshot.route_tables.iter();
        let own = tables.filter(|it| it.network == self.client.network);
        let mut routes = own.flat_map(|it| it.routes.value().expect("read"));
        routes.any(|it| it.origin == RouteOrigin::Local && prefix(it).contains(self.address))
    }

    fn is_taken(&self, route: &PolicyRoute) -> bool {
        let whose = match &route.scope {
            PolicyRouteScope::All => true,
            PolicyRouteScope::Tags(tags) => tags.iter().any(|it| self.has_tag(it)),
            PolicyRouteScope::Interconnect(_) => false,
        };
        let what = matches!(route.protocol, Protocol::Any | Protocol::Number(6))
            && route.source.contains(self.source)
            && route.destination.contains(self.address);
        let on = || route.state == LinkState::Active || self.world.holds(Question::PolicyDown);
        whose && what && on()
    }

    fn is_tagged(&self, route: &Route) -> bool {
        route.tags.is_empty() || route.tags.iter().any(|it| self.has_tag(it))
    }

    /// Whether the address is in a subnet that permits more specific routes.
    fn may_overlap(&self) -> bool {
        let subnets = self.snapshot.subnets.iter();
        let mut own = subnets.filter(|it| it.network == self.client.network);
        own.any(|it| {
            let permits = it.gcp.as_ref().is_some_and(|it| it.routes_may_overlap);
            permits && it.cidrs.iter().any(|it| it.contains(self.address))
        })
    }

    /// The longest prefix, then the lowest priority.
    fn best(&self, mut routes: Vec<&'s Route>) -> Arrival<'s> {
        routes.sort_by_key(|it| (std::cmp::Reverse(prefix(it).prefix_len()), it.priority));
        while let Some(first) = routes.first() {
            let key = |it: &Route| (prefix(it), it.priority);
            let of_first = key(first);
            let equal: Vec<&'s Route> = routes
                .iter()
                .copied()
                .filter(|it| key(it) == of_first)
                .collect();
            let taken = match equal.len() > 1 && self.world.holds(Question::Tie) {
                true => equal.last(),
                false => equal.first(),
            };
            let taken = taken.expect("at least one");
            if taken.state == RouteState::Active {
                return arrival(taken);
            }
            if !self.world.holds(Question::PassesOverDead) {
                return Arrival::Nowhere;
            }
            routes.retain(|it| key(it) != of_first || it.state == RouteState::Active);
        }
        Arrival::Nowhere
    }
}

fn prefix(route: &Route) -> Cidr {
    match route.destination {
        Destination::Cidr(range) => range,
        Destination::PrefixList(_) => panic!("no such route is made"),
    }
}

fn arrival(route: &Route) -> Arrival<'_> {
    match &route.target {
        RouteTarget::Local => Arrival::Here,
        // Networks of the cloud's services lead nowhere else.
        RouteTarget::Peering(id)
            if route.origin == RouteOrigin::Local || !id.as_str().contains("/peerings/to-") =>
        {
            Arrival::Peering(id)
        }
        RouteTarget::Peering(id) => Arrival::Beyond(id),
        RouteTarget::Internet | RouteTarget::Drop => Arrival::Nowhere,
        RouteTarget::Interface(_)
        | RouteTarget::Appliance(_)
        | RouteTarget::Endpoint(_)
        | RouteTarget::VpnGateway(_)
        | RouteTarget::TransitRouter(_) => Arrival::Open(Question::Middlebox),
        target => panic!("no such target is made: {target:?}"),
    }
}
