//! One packet on Azure, from a client's name look-up to the cache, as the
//! manuals have it.

use std::net::{IpAddr, Ipv4Addr};

use cachewarden_model::{
    Action, Cache, Destination, Direction, DnsZone, Filter, Interface, LinkState, Network, Peer,
    PrivateEndpoint, PrivateEndpointState, PublicAccess, ResolutionPolicy, ResourceId, RouteTarget,
    Rule, Snapshot, Subnet,
};
use cachewarden_netset::{Cidr, Protocol};

/// What the manuals leave open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    /// Whether VirtualNetwork holds the prefixes of user routes.
    pub(crate) routes_widen: bool,
    /// Whether a cache whose private endpoints all wait has its public name
    /// bent to the private one.
    pub(crate) pending_bends: bool,
    /// Whether the firewall still has a say while there is a private endpoint.
    pub(crate) firewall_stays: bool,
    /// Where a machine without a NAT gateway or address is seen from.
    pub(crate) chosen: Ipv4Addr,
    /// The public address of every cache.
    pub(crate) cache: Ipv4Addr,
    /// Whether Internet holds private addresses outside the network.
    pub(crate) internet_is_all: bool,
    /// Whether a cache without its probes takes new connections.
    pub(crate) probes_needless: bool,
}

impl World {
    /// All combinations.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![];
        for bits in 0..128_u32 {
            let bit = |place: u32| bits >> place & 1 == 1;
            let either = |on, one, other| if on { one } else { other };
            all.push(Self {
                routes_widen: bit(0),
                pending_bends: bit(1),
                firewall_stays: bit(2),
                chosen: either(
                    bit(3),
                    Ipv4Addr::new(20, 0, 0, 1),
                    Ipv4Addr::new(40, 1, 1, 1),
                ),
                cache: either(
                    bit(4),
                    Ipv4Addr::new(52, 1, 1, 1),
                    Ipv4Addr::new(9, 9, 9, 9),
                ),
                internet_is_all: bit(5),
                probes_needless: bit(6),
            });
        }
        all
    }
}

/// Where a name leads.
enum Led<'s> {
    Endpoint(&'s PrivateEndpoint, IpAddr),
    Public,
    Nowhere,
}

/// One packet's ends, as a rule sees them.
struct End<'s> {
    address: IpAddr,
    /// None for public addresses.
    network: Option<&'s ResourceId>,
    groups: &'s [ResourceId],
}

/// One client at one address, one cache.
pub(crate) struct Packet<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) client: &'s Interface,
    pub(crate) source: IpAddr,
    pub(crate) cache: &'s Cache,
    pub(crate) port: u16,
    pub(crate) world: World,
}

impl<'s> Packet<'s> {
    /// Whether the connection comes about.
    pub(crate) fn arrives(&self) -> bool {
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        if let Some(subnet) = &azure.injected_subnet {
            return self.to_injected(self.subnet(subnet));
        }
        match self.look_up() {
            Led::Nowhere => false,
            Led::Public => self.to_public(),
            Led::Endpoint(endpoint, address) => self.to_endpoint(endpoint, address),
        }
    }

    fn subnet(&self, id: &ResourceId) -> &'s Subnet {
        let mut all = self.snapshot.subnets.iter();
        all.find(|it| it.id == *id).expect("a subnet")
    }

    fn network(&self, id: &ResourceId) -> &'s Network {
        let mut all = self.snapshot.networks.iter();
        all.find(|it| it.id == *id).expect("a network")
    }

    fn filter(&self, id: &ResourceId) -> &'s Filter {
        let mut all = self.snapshot.filters.iter();
        all.find(|it| it.id == *id).expect("a filter")
    }

    fn endpoints(&self) -> impl Iterator<Item = &'s PrivateEndpoint> {
        let id = self.cache.id.as_str();
        self.snapshot
            .private_endpoints
            .iter()
            .filter(move |it| it.target == id)
    }

    fn look_up(&self) -> Led<'s> {
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        let connections = azure.connections.value().expect("read");
        let approved = PrivateEndpointState::Approved;
        let bends = match connections.iter().any(|it| it.state == approved) {
            true => true,
            false => !connections.is_empty() && self.world.pending_bends,
        };
        if !bends {
            return Led::Public;
        }
        let host = self.cache.endpoints.first().and_then(|it| it.host.clone());
        let host = host.expect("a host name");
        let suffix = ["redis.cache.windows.net", "redis.azure.net"]
            .into_iter()
            .find(|it| host.ends_with(it))
            .expect("a known service");
        let zone_name = format!("privatelink.{suffix}");
        let name = host.replace(suffix, &zone_name);
        let mut zones = self.snapshot.dns_zones.iter();
        let zone: &DnsZone = match zones.find(|it| it.name == zone_name) {
            Some(zone) => zone,
            None => return Led::Public,
        };
        let mut links = zone.links.value().expect("read").iter();
        let link = links.find(|it| it.network == self.client.network && it.effective);
        let Some(link) = link else {
            return Led::Public;
        };
        let mut records = zone.records.value().expect("read").iter();
        let Some(record) = records.find(|it| it.name == name) else {
            return match link.resolution {
                ResolutionPolicy::Default => Led::Nowhere,
                ResolutionPolicy::PublicFallback => Led::Public,
            };
        };
        let address: IpAddr = record
            .values
            .first()
            .expect("a value")
            .parse()
            .expect("one");
        let found = self.endpoints().find(|it| {
            let own = it.addresses.value().expect("read");
            own.contains(&address)
        });
        match found {
            Some(endpoint) => Led::Endpoint(endpoint, address),
            None => Led::Nowhere,
        }
    }

    fn client_end(&self) -> End<'s> {
        End {
            address: self.source,
            network: Some(&self.client.network),
            groups: &self.client.groups,
        }
    }

    fn to_endpoint(&self, endpoint: &'s PrivateEndpoint, address: IpAddr) -> bool {
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        let connections = azure.connections.value().expect("read");
        let approved = PrivateEndpointState::Approved;
        let accepted = endpoint.state == approved
            && connections
                .iter()
                .any(|it| it.endpoint.as_ref() == Some(&endpoint.id) && it.state == approved);
        let to = End {
            address,
            network: Some(&endpoint.network),
            groups: &endpoint.groups,
        };
        let subnet = self.subnet(endpoint.subnets.first().expect("a subnet"));
        let policies = subnet
            .azure
            .as_ref()
            .expect("of Azure")
            .private_endpoint_policies
            .value()
            .expect("read");
        let enters = !policies.filters() || self.at_edge(subnet, Direction::Ingress, &to);
        accepted && self.leaves(&to) && self.routed(&to, Some(policies.routes())) && enters
    }

    /// The groups on the client's side.
    fn leaves(&self, to: &End<'s>) -> bool {
        let home = self.subnet(&self.client.subnet);
        let own = self.client.filters.value().expect("read");
        let from = self.client_end();
        own.iter()
            .all(|id| self.passes(self.filter(id), Direction::Egress, &from, to, &home.network))
            && self.at_edge(home, Direction::Egress, to)
    }

    /// The group at the edge of a subnet; `cache` is the cache's end.
    fn at_edge(&self, subnet: &Subnet, direction: Direction, cache: &End<'s>) -> bool {
        let Some(group) = subnet.filter.value().expect("read") else {
            return true;
        };
        let client = self.client_end();
        let (near, far) = match direction {
            Direction::Egress => (&client, cache),
            Direction::Ingress => (cache, &client),
        };
        self.passes(self.filter(group), direction, near, far, &subnet.network)
    }

    fn passes(
        &self,
        filter: &Filter,
        direction: Direction,
        near: &End<'s>,
        far: &End<'s>,
        home: &ResourceId,
    ) -> bool {
        let rules = filter.rules.value().expect("read").iter();
        let mut rules: Vec<&Rule> = rules.filter(|it| it.direction == direction).collect();
        rules.sort_by_key(|it| it.priority);
        let named = |peers: &[Peer], end: &End<'s>| {
            peers.is_empty() || peers.iter().any(|it| self.names(it, end, home))
        };
        // Clients use high source ports; at a private endpoint source ports
        // of rules count for all.
        let at_endpoint = direction == Direction::Ingress
            && self
                .cache
                .azure
                .as_ref()
                .is_some_and(|it| it.injected_subnet.is_none());
        let first = rules.into_iter().find(|rule| {
            let protocol = matches!(rule.protocol, Protocol::Any) || rule.protocol == Protocol::TCP;
            let port = rule.ports.is_empty() || rule.ports.iter().any(|it| it.contains(self.port));
            let source = at_endpoint
                || rule.source_ports.is_empty()
                || rule.source_ports.iter().any(|it| it.contains(40_000));
            protocol && port && source && named(&rule.peers, far) && named(&rule.local, near)
        });
        first.is_some_and(|it| it.action == Action::Allow)
    }

    fn names(&self, peer: &Peer, end: &End<'s>, home: &ResourceId) -> bool {
        match peer {
            Peer::Cidr(cidr) => cidr.contains(end.address),
            Peer::Group { group, .. } => end.groups.contains(group),
            Peer::ServiceTag(tag) => match tag.as_str() {
                "VirtualNetwork" => self.is_virtual_network(end, home),
                "Internet" => {
                    !self.is_virtual_network(end, home)
                        && (end.network.is_none() || self.world.internet_is_all)
                }
                "AzureCloud" => end.network.is_none(),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_virtual_network(&self, end: &End<'s>, home: &ResourceId) -> bool {
        let peered = |other: &ResourceId| {
            self.snapshot.peerings.iter().any(|it| {
                let ends = (&it.requester.network, &it.accepter.network);
                ends == (home, other) || ends == (other, home)
            })
        };
        let joined = end
            .network
            .is_some_and(|network| network == home || peered(network));
        let subnets = self.snapshot.subnets.iter();
        let mut prefixes = subnets
            .filter(|it| it.network == *home)
            .flat_map(|it| self.routes(it));
        let widened =
            self.world.routes_widen && prefixes.any(|(cidr, _)| cidr.contains(end.address));
        joined || widened
    }

    fn routes(&self, subnet: &Subnet) -> Vec<(Cidr, RouteTarget)> {
        let Some(association) = subnet.route_table.value().expect("read") else {
            return vec![];
        };
        let mut tables = self.snapshot.route_tables.iter();
        let table = tables
            .find(|it| it.id == association.table)
            .expect("a table");
        let routes = table.routes.value().expect("read").iter();
        routes
            .map(|it| match &it.destination {
                Destination::Cidr(cidr) => (*cidr, it.target.clone()),
                Destination::PrefixList(_) => panic!("none are made"),
            })
            .collect()
    }

    /// The way from the client to a private address; `endpoint` says whether
    /// it is a private endpoint's, and whether its subnet lets routes judge it.
    fn routed(&self, to: &End<'s>, endpoint: Option<bool>) -> bool {
        let there = to.network.expect("a private address");
        let here = &self.client.network;
        let home = self.subnet(&self.client.subnet);
        self.way(home, to.address, here, there, endpoint)
    }

    fn way(
        &self,
        from: &Subnet,
        address: IpAddr,
        here: &ResourceId,
        there: &ResourceId,
        endpoint: Option<bool>,
    ) -> bool {
        let peered = self.snapshot.peerings.iter().any(|it| {
            let ends = (&it.requester.network, &it.accepter.network);
            ends == (here, there) || ends == (there, here)
        });
        let joined = here == there || peered;
        let space = self.network(there).cidrs.iter();
        let space = space.filter(|it| it.contains(address));
        let space = space.map(Cidr::prefix_len).max().expect("its range");
        let counts = |cidr: &Cidr| {
            if !joined {
                return true;
            }
            match endpoint {
                _ if cidr.prefix_len() == 32 => true,
                Some(false) => false,
                Some(true) | None => cidr.prefix_len() >= space,
            }
        };
        let routes = self.routes(from).into_iter();
        let best = routes
            .filter(|(cidr, _)| cidr.contains(address) && counts(cidr))
            .max_by_key(|(cidr, _)| cidr.prefix_len());
        match best {
            Some((_, RouteTarget::Local)) => here == there,
            Some(_) => false,
            None => here == there || (self.side(here, there) && self.side(there, here)),
        }
    }

    fn side(&self, own: &ResourceId, other: &ResourceId) -> bool {
        self.snapshot.peerings.iter().any(|it| {
            it.requester.network == *own
                && it.accepter.network == *other
                && it.state == LinkState::Active
                && it.requester.access == Some(true)
        })
    }

    fn to_public(&self) -> bool {
        let to = End {
            address: IpAddr::V4(self.world.cache),
            network: None,
            groups: &[],
        };
        let home = self.subnet(&self.client.subnet);
        let routes = self.routes(home).into_iter();
        let best = routes
            .filter(|(cidr, _)| cidr.contains(to.address))
            .max_by_key(|(cidr, _)| cidr.prefix_len());
        let way = best.is_none_or(|(_, target)| target == RouteTarget::Internet);
        let azure = home.azure.as_ref().expect("of Azure");
        let gateways = self.snapshot.nat_gateways.iter();
        let mut gateways = gateways.filter(|it| Some(&it.id) == azure.nat_gateway.as_ref());
        let outward = match gateways.next() {
            Some(gateway) => {
                let all = gateway.addresses.value().expect("read");
                *all.first().expect("an address")
            }
            None => IpAddr::V4(self.world.chosen),
        };
        let on = self.cache.public_access.value() == Some(&PublicAccess::Enabled);
        self.leaves(&to) && way && on && self.admits(outward)
    }

    /// The cache's own firewall.
    fn admits(&self, address: IpAddr) -> bool {
        let filters = self.cache.filters.value().expect("read");
        let Some(own) = filters.first() else {
            return true;
        };
        let rules = self.filter(own).rules.value().expect("read");
        let mut peers = rules.iter().flat_map(|it| &it.peers);
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        let connections = azure.connections.value().expect("read");
        let bypassed = connections
            .iter()
            .any(|it| it.state == PrivateEndpointState::Approved)
            && !self.world.firewall_stays;
        rules.is_empty()
            || bypassed
            || peers.any(|it| match it {
                Peer::Range(first, last) => *first <= address && address <= *last,
                _ => false,
            })
    }

    fn to_injected(&self, subnet: &'s Subnet) -> bool {
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        let front = self.cache.endpoints.first().map(|it| it.port) == Some(self.port);
        let entry = azure.injected_address.expect("an address");
        // The entry is balanced to nodes, which have other addresses.
        let node: IpAddr = "10.0.3.11".parse().expect("an address");
        let end = |address| End {
            address,
            network: Some(&subnet.network),
            groups: &[],
        };
        let seen = end(if front { entry } else { node });
        let back = self.way(
            subnet,
            self.source,
            &subnet.network,
            &self.client.network,
            None,
        );
        self.leaves(&seen)
            && self.routed(&seen, None)
            && back
            && self.at_edge(subnet, Direction::Ingress, &end(node))
            && self.admits(self.source)
            && (self.world.probes_needless || self.is_probed(subnet))
    }

    fn is_probed(&self, subnet: &Subnet) -> bool {
        let Some(group) = subnet.filter.value().expect("read") else {
            return true;
        };
        let rules = self.filter(group).rules.value().expect("read").iter();
        let mut rules: Vec<&Rule> = rules
            .filter(|it| it.direction == Direction::Ingress)
            .collect();
        rules.sort_by_key(|it| it.priority);
        let probe: IpAddr = "168.63.129.16".parse().expect("an address");
        let node: IpAddr = "10.0.3.11".parse().expect("an address");
        [8500, 16_001].into_iter().all(|port| {
            let first = rules.iter().find(|rule| {
                let tcp = matches!(rule.protocol, Protocol::Any) || rule.protocol == Protocol::TCP;
                let far = rule.peers.iter().any(|peer| match peer {
                    Peer::Cidr(cidr) => cidr.contains(probe),
                    Peer::ServiceTag(tag) => tag == "AzureLoadBalancer" || tag == "VirtualNetwork",
                    _ => false,
                });
                let near = rule.local.is_empty()
                    || rule.local.iter().any(|peer| match peer {
                        Peer::Cidr(cidr) => cidr.contains(node),
                        Peer::ServiceTag(tag) => tag == "VirtualNetwork",
                        _ => false,
                    });
                let source = rule.source_ports.is_empty();
                let own = rule.ports.is_empty() || rule.ports.iter().any(|it| it.contains(port));
                tcp && far && near && source && own
            });
            first.is_some_and(|it| it.action == Action::Allow)
        })
    }
}
