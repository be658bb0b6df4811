//! One packet on Azure, from a client's address to where the cache's name
//! leads, as the manuals have it.

use std::net::{IpAddr, Ipv4Addr};

use cachewarden_model::{
    Cache, Direction, Filter, Interface, Network, Peer, PrivateEndpoint, PrivateEndpointState,
    PublicAccess, ResourceId, Snapshot, Subnet,
};

use crate::names::Led;
use crate::world::Question;
use crate::worlds::World;

/// One packet's ends, as rules and routes see them.
pub(crate) struct End<'s> {
    pub(crate) address: IpAddr,
    /// None for public addresses.
    pub(crate) subnet: Option<&'s Subnet>,
    pub(crate) groups: &'s [ResourceId],
}

impl<'s> End<'s> {
    pub(crate) fn network(&self) -> Option<&'s ResourceId> {
        self.subnet.map(|it| &it.network)
    }
}

/// One client at one address, one cache.
pub(crate) struct Packet<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) client: &'s Interface,
    pub(crate) source: IpAddr,
    pub(crate) cache: &'s Cache,
    pub(crate) port: u16,
    pub(crate) world: &'s World,
}

impl<'s> Packet<'s> {
    /// Whether the connection comes about.
    pub(crate) fn arrives(&self, led: &Led<'s>) -> bool {
        match led {
            Led::Nowhere | Led::Stray(_) => false,
            Led::Public => self.to_public(),
            Led::Injected(subnet) => self.to_injected(subnet),
            Led::Endpoint(endpoint, address) => self.to_endpoint(endpoint, *address),
        }
    }

    pub(crate) fn subnet(&self, id: &ResourceId) -> &'s Subnet {
        let mut all = self.snapshot.subnets.iter();
        all.find(|it| it.id == *id).expect("a subnet")
    }

    pub(crate) fn network(&self, id: &ResourceId) -> &'s Network {
        let mut all = self.snapshot.networks.iter();
        all.find(|it| it.id == *id).expect("a network")
    }

    pub(crate) fn filter(&self, id: &ResourceId) -> &'s Filter {
        let mut all = self.snapshot.filters.iter();
        all.find(|it| it.id == *id).expect("a filter")
    }

    pub(crate) fn client_end(&self) -> End<'s> {
        End {
            address: self.source,
            subnet: Some(self.subnet(&self.client.subnet)),
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
        let subnet = self.subnet(endpoint.subnets.first().expect("a subnet"));
        let to = End {
            address,
            subnet: Some(subnet),
            groups: &endpoint.groups,
        };
        let azure = subnet.azure.as_ref().expect("of Azure");
        let policies = azure.private_endpoint_policies.value().expect("read");
        let enters = self.comes_in(subnet, &to, policies.filters());
        let leaves = self.leaves(&to);
        let routed = self.way(&self.client_end(), &to, Some(policies.routes()));
        accepted && leaves && routed && enters
    }

    fn to_public(&self) -> bool {
        let address = match self.world.holds(Question::OtherAddress) {
            false => Ipv4Addr::new(52, 1, 1, 1),
            true => Ipv4Addr::new(9, 9, 9, 9),
        };
        let to = End {
            address: address.into(),
            subnet: None,
            groups: &[],
        };
        let home = self.subnet(&self.client.subnet);
        let azure = home.azure.as_ref().expect("of Azure");
        let gateways = self.snapshot.nat_gateways.iter();
        let mut gateways = gateways.filter(|it| Some(&it.id) == azure.nat_gateway.as_ref());
        let outward = match gateways.next() {
            Some(gateway) => {
                let all = gateway.addresses.value().expect("read");
                *all.first().expect("an address")
            }
            None => match self.world.holds(Question::SeenFromElsewhere) {
                false => [20, 0, 0, 1].into(),
                true => [40, 1, 1, 1].into(),
            },
        };
        let on = self.cache.public_access.value() == Some(&PublicAccess::Enabled);
        let leaves = self.leaves(&to);
        let admitted = self.admits(outward);
        leaves && self.way_out(home, to.address) && on && admitted
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
        let approved = PrivateEndpointState::Approved;
        let bypassed = connections.iter().any(|it| it.state == approved)
            && !self.world.holds(Question::FirewallStays);
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
        let end = |address| End {
            address,
            subnet: Some(subnet),
            groups: &[],
        };
        // The entry is balanced to nodes, which have other addresses.
        let node = end([10, 0, 3, 11].into());
        let seen = end(if front { entry } else { node.address });
        let client = self.client_end();
        let leaves = self.leaves(&seen);
        let there = self.way(&client, &seen, None);
        let back = self.way(&node, &client, None);
        let enters = self.comes_in(subnet, &node, true);
        let probed = self.is_probed(subnet, &node);
        let probed = probed || self.world.holds(Question::ProbesNeedless);
        leaves && there && back && enters && self.admits(self.source) && probed
    }

    /// Whether the platform's load balancer finds the nodes.
    fn is_probed(&self, subnet: &'s Subnet, node: &End<'s>) -> bool {
        [8500, 16_001].into_iter().all(|port| {
            let probe = self.seen_from_platform(port);
            probe.guards(subnet, Direction::Ingress, node, &probe.platform(), true)
        })
    }

    fn seen_from_platform(&self, port: u16) -> Self {
        Self {
            source: crate::groups::PLATFORM,
            port,
            ..*self
        }
    }

    fn platform(&self) -> End<'s> {
        End {
            address: self.source,
            subnet: None,
            groups: &[],
        }
    }
}
