//! One packet on Google Cloud, from a client's address to an address and port
//! of a cache, as the manuals have it.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, HubSpoke, Interface, InterfaceKind, LinkState, Network, PrivateEndpointState,
    ResourceId, RunState, Service, Snapshot,
};

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
        let sent = self.is_sent();
        let let_out = self.is_let_out();
        let attached = match self.cache.service {
            Service::MemorystoreRedis => self.to_instance(),
            _ => self.to_endpoint(),
        };
        sent && let_out && attached
    }

    pub(crate) fn network_of(&self, id: &ResourceId) -> &'s Network {
        let mut all = self.snapshot.networks.iter();
        all.find(|it| it.id == *id).expect("a network")
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
        if *home != self.client.network {
            return self.across(home);
        }
        let gcp = self.cache.gcp.as_ref().expect("a cache of Google Cloud");
        let services = gcp.connect_mode.as_deref() == Some("PRIVATE_SERVICE_ACCESS");
        let source = self.is_answered(services);
        let near =
            self.client.region == self.cache.region || self.world.holds(Question::OtherRegion);
        let arrives = match self.road() {
            Arrival::Peering(id) => {
                let mut peerings = self.snapshot.peerings.iter();
                let peering = peerings.find(|it| it.id == *id);
                peering.is_some_and(|it| {
                    let own = match services {
                        true => it.name == "servicenetworking-googleapis-com",
                        false => it.name.starts_with("redis-peer-"),
                    };
                    own && it.state == LinkState::Active
                })
            }
            Arrival::Open(question) => self.world.holds(question),
            Arrival::Here | Arrival::Nowhere => false,
        };
        source && near && arrives
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
        if *there != self.client.network {
            return self.across(there);
        }
        let gcp = self.cache.gcp.as_ref().expect("a cache of Google Cloud");
        let mut connections = gcp.connections.value().expect("read").iter();
        let connection = connections
            .find(|it| it.network == *there && it.address == Some(self.address))
            .expect("its connection");
        let rule = connection.rule.as_ref().expect("its forwarding rule");
        let mut rules = self.snapshot.private_endpoints.iter();
        let serves = rules.find(|it| it.id == *rule).is_some_and(|it| {
            let accepted = it.state == PrivateEndpointState::Approved;
            accepted && (it.global_access != Some(false) || it.region == self.client.region)
        });
        let arrives = match self.road() {
            Arrival::Here => true,
            Arrival::Open(question) => self.world.holds(question),
            Arrival::Peering(_) | Arrival::Nowhere => false,
        };
        serves && arrives
    }

    /// A client in another network: peerings carry its packets no further
    /// than their other side, and to no endpoint. A machine on the way or a
    /// hub may.
    fn across(&self, there: &ResourceId) -> bool {
        let by_hub = self.joined_by_hub(there) && self.world.holds(Question::Hub);
        let by_machine = match self.road() {
            Arrival::Open(question) => self.world.holds(question),
            Arrival::Here | Arrival::Peering(_) | Arrival::Nowhere => false,
        };
        by_hub || by_machine
    }

    fn joined_by_hub(&self, there: &ResourceId) -> bool {
        let hub = |id: &ResourceId| -> Option<HubSpoke> {
            let gcp = self.network_of(id).gcp.as_ref().expect("of Google Cloud");
            gcp.hub.value().expect("read").clone()
        };
        let (Some(one), Some(other)) = (hub(&self.client.network), hub(there)) else {
            return false;
        };
        let in_force = |it: &HubSpoke| it.state == LinkState::Active;
        let psc = self.cache.service != Service::MemorystoreRedis;
        let offered = !psc || *one.exports_psc.value().expect("read");
        one.hub == other.hub && in_force(&one) && in_force(&other) && offered
    }
}
