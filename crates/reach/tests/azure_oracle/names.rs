//! What a cache's name leads to in a client's network.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, DnsRecord, DnsZone, PrivateEndpoint, PrivateEndpointState, ResolutionPolicy, Subnet,
    ZoneLink,
};

use crate::packet::Packet;
use crate::world::Question;

/// Where a name leads.
pub(crate) enum Led<'s> {
    /// To a private endpoint of the cache.
    Endpoint(&'s PrivateEndpoint, IpAddr),
    /// To an address at which nothing of the cache is.
    Stray(IpAddr),
    /// To a cache in a subnet of the owner's.
    Injected(&'s Subnet),
    /// To the cache's public address.
    Public,
    /// There is no such name.
    Nowhere,
}

impl<'s> Packet<'s> {
    /// Everything that the name leads to at once.
    pub(crate) fn look_up(&self) -> Vec<Led<'s>> {
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        if let Some(subnet) = &azure.injected_subnet {
            return vec![Led::Injected(self.subnet(subnet))];
        }
        if !self.is_bent() {
            return vec![Led::Public];
        }
        let (zone_name, name) = private_name(self.cache);
        let mut zones = self.snapshot.dns_zones.iter();
        let Some(zone) = zones.find(|it| it.name == zone_name) else {
            return vec![Led::Public];
        };
        let Some(link) = self.link(zone) else {
            return vec![Led::Public];
        };
        let records = zone.records.value().expect("read").iter();
        let own: Vec<&DnsRecord> = records.filter(|it| it.name == name).collect();
        if own.is_empty() {
            return match link.resolution {
                ResolutionPolicy::Default => vec![Led::Nowhere],
                ResolutionPolicy::PublicFallback => vec![Led::Public],
            };
        }
        let values = own.iter().flat_map(|it| &it.values);
        let addresses = values.map(|it| it.parse::<IpAddr>().expect("an address"));
        addresses.map(|it| self.led_to(it)).collect()
    }

    /// Whether public DNS bends the name to the private one.
    fn is_bent(&self) -> bool {
        let azure = self.cache.azure.as_ref().expect("a cache of Azure");
        let connections = azure.connections.value().expect("read");
        let approved = PrivateEndpointState::Approved;
        connections.iter().any(|it| it.state == approved)
            || (!connections.is_empty() && self.world.holds(Question::PendingBends))
    }

    fn link(&self, zone: &'s DnsZone) -> Option<&'s ZoneLink> {
        let mut links = zone.links.value().expect("read").iter();
        links.find(|it| it.network == self.client.network && it.effective)
    }

    fn led_to(&self, address: IpAddr) -> Led<'s> {
        let id = self.cache.id.as_str();
        let endpoints = self.snapshot.private_endpoints.iter();
        let mut own = endpoints.filter(|it| it.target == id);
        let holds = |it: &&PrivateEndpoint| it.addresses.value().expect("read").contains(&address);
        match own.find(holds) {
            Some(endpoint) => Led::Endpoint(endpoint, address),
            None => Led::Stray(address),
        }
    }
}

/// The zone of a cache's service, and the cache's name in it.
fn private_name(cache: &Cache) -> (String, String) {
    let host = cache.endpoints.first().and_then(|it| it.host.clone());
    let host = host.expect("a host name");
    let suffix = ["redis.cache.windows.net", "redis.azure.net"]
        .into_iter()
        .find(|it| host.ends_with(it))
        .expect("a known service");
    let zone = format!("privatelink.{suffix}");
    let name = host.replace(suffix, &zone);
    (zone, name)
}
