//! What only Google Cloud is looked up by: forwarding rules, caches, zones.

use std::collections::HashMap;
use std::net::IpAddr;

use cachewarden_model::{Cache, DnsZone, PrivateEndpoint, Provider, ResourceId, Service, Snapshot};

use crate::estate::Estate;

/// What only Google Cloud is looked up by, as places in the snapshot's lists.
#[derive(Default)]
pub(crate) struct Index {
    /// Forwarding rules by id.
    rules: HashMap<ResourceId, u32>,
    /// Forwarding rules by network and address.
    addresses: HashMap<(ResourceId, IpAddr), u32>,
    /// Caches by id.
    caches: HashMap<ResourceId, u32>,
    /// Caches by each network that clients reach them from.
    entered: HashMap<ResourceId, Vec<u32>>,
}

impl Index {
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        let mut index = Self::default();
        for (place, rule) in (0_u32..).zip(&snapshot.private_endpoints) {
            if rule.provider != Provider::Gcp {
                continue;
            }
            index.rules.insert(rule.id.clone(), place);
            for address in rule.addresses.value().into_iter().flatten() {
                let key = (rule.network.clone(), *address);
                index.addresses.insert(key, place);
            }
        }
        for (place, cache) in (0_u32..).zip(&snapshot.caches) {
            if cache.provider != Provider::Gcp {
                continue;
            }
            index.caches.insert(cache.id.clone(), place);
            for network in entrances(cache) {
                index
                    .entered
                    .entry(network.clone())
                    .or_default()
                    .push(place);
            }
        }
        index
    }
}

/// Networks whose clients reach a cache, sorted: that of a Redis instance,
/// those that have endpoints of a cluster.
pub(crate) fn entrances(cache: &Cache) -> Vec<&ResourceId> {
    let mut networks: Vec<&ResourceId> = cache
        .endpoints
        .iter()
        .filter_map(|it| it.network.as_ref())
        .collect();
    if cache.service == Service::MemorystoreRedis {
        networks.extend(cache.network.value());
    }
    networks.sort();
    networks.dedup();
    networks
}

impl<'a> Estate<'a> {
    /// A forwarding rule of Google Cloud.
    pub(crate) fn forwarding_rule(&self, id: &ResourceId) -> Option<&'a PrivateEndpoint> {
        let place = *self.gcp().rules.get(id)?;
        self.forwarding_rule_in(place)
    }

    /// The forwarding rule with an address in a network.
    pub(crate) fn forwarding_rule_at(
        &self,
        network: &ResourceId,
        address: IpAddr,
    ) -> Option<&'a PrivateEndpoint> {
        let place = *self.gcp().addresses.get(&(network.clone(), address))?;
        self.forwarding_rule_in(place)
    }

    fn forwarding_rule_in(&self, place: u32) -> Option<&'a PrivateEndpoint> {
        let found = self.snapshot().private_endpoints.get(place as usize)?;
        let edited = self
            .patch()
            .and_then(|patch| patch.private_endpoint(&found.id));
        Some(edited.unwrap_or(found))
    }

    /// A cache of Google Cloud.
    pub(crate) fn gcp_cache(&self, id: &ResourceId) -> Option<&'a Cache> {
        self.cache(*self.gcp().caches.get(id)?)
    }

    /// Caches of Google Cloud that clients of a network reach.
    pub(crate) fn entered_from(&self, network: &ResourceId) -> &[u32] {
        self.gcp().entered.get(network).map_or(&[], Vec::as_slice)
    }

    /// Private zones of Google Cloud.
    pub(crate) fn gcp_zones(&self) -> impl Iterator<Item = &'a DnsZone> {
        let zones = self.snapshot().dns_zones.iter();
        zones.filter(|it| it.provider == Provider::Gcp)
    }
}
