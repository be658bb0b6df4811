//! Network security groups, and the administrator rules above them.
//!
//! Source: Azure Virtual Network, "Network security groups"; Azure Virtual
//! Network Manager, "Security admin rules".

use std::net::{IpAddr, Ipv4Addr};

use cachewarden_model::{Action, Direction, Filter, Peer, ResourceId, Rule, Subnet};
use cachewarden_netset::Protocol;

use crate::packet::{End, Packet};
use crate::world::Question;

/// Where load balancers probe from.
pub(crate) const PLATFORM: IpAddr = IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16));

impl<'s> Packet<'s> {
    /// The groups on the client's side.
    pub(crate) fn leaves(&self, to: &End<'s>) -> bool {
        let home = self.subnet(&self.client.subnet);
        let from = self.client_end();
        let direction = Direction::Egress;
        match self.administered(home, direction, &from, to) {
            Some(decided) => decided,
            None => {
                let own = self.client.filters.value().expect("read").iter();
                let own: Vec<bool> = own
                    .map(|id| self.passes(self.filter(id), direction, &from, to, home))
                    .collect();
                self.at_edge(home, direction, &from, to) && own.iter().all(|it| *it)
            }
        }
    }

    /// The group of the cache's subnet, where it judges such packets.
    pub(crate) fn comes_in(&self, subnet: &'s Subnet, cache: &End<'s>, judges: bool) -> bool {
        let client = self.client_end();
        self.guards(subnet, Direction::Ingress, cache, &client, judges)
    }

    /// Administrator rules, then the group at the edge of a subnet.
    pub(crate) fn guards(
        &self,
        subnet: &'s Subnet,
        direction: Direction,
        near: &End<'s>,
        far: &End<'s>,
        judges: bool,
    ) -> bool {
        match self.administered(subnet, direction, near, far) {
            Some(decided) => decided,
            None => !judges || self.at_edge(subnet, direction, near, far),
        }
    }

    /// What administrator rules of a subnet's network decide; none if they
    /// leave it to the groups. Whether they are deployed is not told.
    fn administered(
        &self,
        subnet: &'s Subnet,
        direction: Direction,
        near: &End<'s>,
        far: &End<'s>,
    ) -> Option<bool> {
        let network = self.network(&subnet.network);
        let number = network.name.chars().last().and_then(|it| it.to_digit(10));
        for id in network.filters.value().expect("read") {
            let first = self.first(self.filter(id), direction, near, far, subnet);
            let decides = match first.map(|it| it.action) {
                None | Some(Action::Allow | Action::Next) => continue,
                Some(Action::Deny) => false,
                Some(Action::AlwaysAllow) => true,
            };
            let deployed = Question::Deployed(number.expect("a number"), direction);
            if self.world.holds(deployed) {
                return Some(decides);
            }
        }
        None
    }

    fn at_edge(
        &self,
        subnet: &'s Subnet,
        direction: Direction,
        near: &End<'s>,
        far: &End<'s>,
    ) -> bool {
        let group = subnet.filter.value().expect("read").as_ref();
        group.is_none_or(|id| self.passes(self.filter(id), direction, near, far, subnet))
    }

    fn passes(
        &self,
        filter: &'s Filter,
        direction: Direction,
        near: &End<'s>,
        far: &End<'s>,
        home: &'s Subnet,
    ) -> bool {
        let first = self.first(filter, direction, near, far, home);
        first.is_some_and(|it| it.action == Action::Allow)
    }

    /// The rule that decides.
    fn first(
        &self,
        filter: &'s Filter,
        direction: Direction,
        near: &End<'s>,
        far: &End<'s>,
        home: &'s Subnet,
    ) -> Option<&'s Rule> {
        let rules = filter.rules.value().expect("read").iter();
        let mut rules: Vec<&Rule> = rules.filter(|it| it.direction == direction).collect();
        rules.sort_by_key(|it| it.priority);
        let named = |peers: &[Peer], end: &End<'s>| {
            peers.is_empty() || peers.iter().any(|it| self.names(it, end, &home.network))
        };
        // Clients use high source ports; at a private endpoint source ports
        // of rules count for all.
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        let at_endpoint = direction == Direction::Ingress && azure.injected_subnet.is_none();
        rules.into_iter().find(|rule| {
            let protocol = matches!(rule.protocol, Protocol::Any) || rule.protocol == Protocol::TCP;
            let port = rule.ports.is_empty() || rule.ports.iter().any(|it| it.contains(self.port));
            let source = at_endpoint
                || rule.source_ports.is_empty()
                || rule.source_ports.iter().any(|it| it.contains(40_000));
            protocol && port && source && named(&rule.peers, far) && named(&rule.local, near)
        })
    }

    fn names(&self, peer: &Peer, end: &End<'s>, home: &ResourceId) -> bool {
        let probe = end.address == PLATFORM;
        match peer {
            Peer::Cidr(cidr) => cidr.contains(end.address),
            Peer::Group { group, .. } => end.groups.contains(group),
            Peer::ServiceTag(tag) => match tag.as_str() {
                "VirtualNetwork" => probe || self.is_virtual_network(end, home),
                "AzureLoadBalancer" => probe,
                "Internet" => {
                    !probe
                        && !self.is_virtual_network(end, home)
                        && (end.subnet.is_none() || self.world.holds(Question::InternetIsAll))
                }
                "AzureCloud" => !probe && end.subnet.is_none(),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_virtual_network(&self, end: &End<'s>, home: &ResourceId) -> bool {
        let joined = end
            .network()
            .is_some_and(|network| network == home || self.is_peered(home, network));
        let subnets = self.snapshot.subnets.iter();
        let mut prefixes = subnets
            .filter(|it| it.network == *home)
            .flat_map(|it| self.routes(it));
        joined
            || (prefixes.any(|(cidr, _)| cidr.contains(end.address))
                && self.world.holds(Question::RoutesWiden))
    }
}
