//! One packet on Google Cloud, from a client's address to an address and port
//! of a cache, as the manuals have it.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, HubSpoke, Interface, InterfaceKind, LinkState, Network, Phase, PrivateEndpointState,
    ResourceId, RunState, Service, Snapshot,
};
use cachewarden_netset::Cidr;

use crate::road::Arrival;
use crate::world::Question;
use crate::worlds::World;

/// One client at one address, one address and port of a cache.
pub(crate) struct Packet<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) client: &'s Interface,
    pub(crate) source: IpAddr,
    pub(crate) cache: &'s Cache,
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    /// The network of the endpoint, where the cache has several.
    pub(crate) network: Option<&'s ResourceId>,
    pub(crate) world: &'s World,
}

impl<'s> Packet<'s> {
    /// Whether it arrives. All stages are asked, so that what one leaves open
    /// is noticed though another drops the packet.
    pub(crate) fn arrives(&self) -> bool {
        let serves = self.is_serving();
        let sent = self.is_sent();
        let let_out = self.is_let_out();
        let joined = self.is_joined();
        serves && sent && let_out && joined
    }

    /// Whether it arrives but for what the client's own side lets out.
    pub(crate) fn is_joined(&self) -> bool {
        match self.cache.service {
            Service::MemorystoreRedis => self.to_instance(),
            _ => self.to_endpoint(),
        }
    }

    pub(crate) fn network_of(&self, id: &ResourceId) -> &'s Network {
        let mut all = self.snapshot.networks.iter();
        all.find(|it| it.id == *id).expect("a network")
    }

    fn is_serving(&self) -> bool {
        match self.cache.status.value().expect("read").phase {
            Phase::Serving | Phase::Changing | Phase::Impaired => true,
            Phase::Creating | Phase::Gone => false,
            Phase::Unclear => self.world.holds(Question::State),
        }
    }

    /// Whether the client can send at all: a connector has to be ready.
    fn is_sent(&self) -> bool {
        let attachment = self.client.attached_to.as_ref().expect("what is behind it");
        let state = attachment.state.value().expect("read");
        self.client.kind != InterfaceKind::Connector || *state == RunState::Running
    }

    /// An instance behind a peering: clients are in the authorized network,
    /// and the peering is that of the instance's kind.
    fn to_instance(&self) -> bool {
        let home = self.cache.network.value().expect("read");
        let gcp = self.cache.gcp.as_ref().expect("a cache of Google Cloud");
        let services = gcp.connect_mode.as_deref() == Some("PRIVATE_SERVICE_ACCESS");
        let peerings = self.snapshot.peerings.iter();
        let mut right = peerings.filter(|it| {
            let kind = match services {
                true => it.name == "servicenetworking-googleapis-com",
                false => it.name.starts_with("redis-peer-"),
            };
            kind && it.requester.network == *home
        });
        let peering = right.next();
        let active = peering.is_some_and(|it| it.state == LinkState::Active);
        if *home != self.client.network {
            return self.across(home) && active;
        }
        let source = self.is_answered(services);
        let served = !services || self.is_served(home) || self.world.holds(Question::Behind);
        let near =
            self.client.region == self.cache.region || self.world.holds(Question::OtherRegion);
        let arrives = match self.road() {
            Arrival::Peering(id) | Arrival::Beyond(id) => peering.is_some_and(|it| it.id == *id),
            Arrival::Open(question) => self.world.holds(question),
            Arrival::Here | Arrival::Nowhere => false,
        };
        source && served && near && arrives && active
    }

    /// Whether an instance serves whatever sends by the client. Of what sends
    /// by a connector an instance outside the host project serves Cloud Run,
    /// and neither functions nor App Engine.
    ///
    /// Source: Memorystore for Redis, "Supported environments", Shared VPC.
    fn is_served(&self, home: &ResourceId) -> bool {
        let host = &self.network_of(home).account;
        self.client.kind != InterfaceKind::Connector || self.cache.account == *host
    }

    /// Whether an instance answers the client's address: the service uses
    /// 172.17.0.0/16 itself, and knows no way to public addresses that are
    /// used privately.
    fn is_answered(&self, services: bool) -> bool {
        let IpAddr::V4(source) = self.source else {
            return false;
        };
        if source.octets().starts_with(&[172, 17]) {
            return false;
        }
        let private = source.is_private();
        private || (!services && self.world.holds(Question::PublicSource))
    }

    /// An endpoint of a cluster: clients are in its network, its forwarding
    /// rule is accepted, and in the client's region or open to all.
    fn to_endpoint(&self) -> bool {
        let there = self.network.expect("an endpoint's network");
        let gcp = self.cache.gcp.as_ref().expect("a cache of Google Cloud");
        let mut connections = gcp.connections.value().expect("read").iter();
        let connection = connections
            .find(|it| it.network == *there && it.address == Some(self.address))
            .expect("its connection");
        let rule = connection.rule.as_ref().expect("its forwarding rule");
        let mut rules = self.snapshot.private_endpoints.iter();
        let rule = rules.find(|it| it.id == *rule);
        let accepted = rule.is_some_and(|it| it.state == PrivateEndpointState::Approved);
        if *there != self.client.network {
            return self.across(there) && accepted;
        }
        let near = rule
            .is_some_and(|it| it.global_access != Some(false) || it.region == self.client.region);
        let arrives = match self.road() {
            Arrival::Here => true,
            Arrival::Open(question) => self.world.holds(question),
            Arrival::Peering(_) | Arrival::Beyond(_) | Arrival::Nowhere => false,
        };
        accepted && near && arrives
    }

    /// A client in another network: peerings carry its packets no further
    /// than their other side, and to no endpoint. A machine on the way or a
    /// hub may.
    fn across(&self, there: &ResourceId) -> bool {
        let road = self.road();
        // What a subnet of the network or of a peer holds goes there.
        let own = matches!(road, Arrival::Here | Arrival::Peering(_)) && self.is_in_subnet();
        let by_hub = !own && self.is_joined_by_hub(there) && self.world.holds(Question::Hub);
        let led_on = match road {
            Arrival::Open(question) => self.world.holds(question),
            Arrival::Beyond(_) => self.world.holds(Question::Middlebox),
            Arrival::Here | Arrival::Peering(_) | Arrival::Nowhere => false,
        };
        let imported = !self.is_in_subnet() && self.imports();
        by_hub || led_on || (imported && self.world.holds(Question::Imported))
    }

    /// Whether the network takes routes that a peer of the owner's offers.
    fn imports(&self) -> bool {
        self.snapshot.peerings.iter().any(|it| {
            it.requester.network == self.client.network
                && it.requester.imports_routes == Some(true)
                && it.name.starts_with("to-")
        })
    }

    /// Whether a hub may carry packets into another network: of endpoints it
    /// carries to those that it offers.
    fn is_joined_by_hub(&self, there: &ResourceId) -> bool {
        let hub = |id: &ResourceId| -> Option<HubSpoke> {
            let gcp = self.network_of(id).gcp.as_ref().expect("of Google Cloud");
            gcp.hub.value().expect("read").clone()
        };
        let (Some(one), Some(other)) = (hub(&self.client.network), hub(there)) else {
            return false;
        };
        let psc = self.cache.service != Service::MemorystoreRedis;
        let carries = |it: &HubSpoke| {
            let offers = !psc || *it.exports_psc.value().expect("read");
            it.state == LinkState::Active && offers
        };
        let holds = |ranges: &[Cidr]| ranges.iter().any(|it| it.contains(self.address));
        let included = other.included.is_empty() || holds(&other.included);
        let offered = !psc || (included && !holds(&other.excluded));
        one.hub == other.hub && carries(&one) && carries(&other) && offered
    }
}
