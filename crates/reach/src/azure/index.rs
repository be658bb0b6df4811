//! What only Azure is looked up by: private endpoints, linked zones, NAT gateways.

use std::collections::{BTreeSet, HashMap};

use cachewarden_model::{
    Cache, DnsZone, NatGateway, PrivateEndpoint, Provider, ResourceId, Snapshot, ZoneLink,
};

use crate::estate::Estate;

/// What only Azure is looked up by, as places in the snapshot's lists.
#[derive(Default)]
pub(crate) struct Index {
    /// Private endpoints by what they lead to.
    by_target: HashMap<String, Vec<u32>>,
    /// Private endpoints by id.
    endpoints: HashMap<ResourceId, u32>,
    /// Zones by each network that they are linked to, in whatever state.
    linked: HashMap<ResourceId, Vec<u32>>,
    /// Zones of which it is not known where they answer.
    unclear: Vec<u32>,
    /// Zones by id.
    zones: HashMap<ResourceId, u32>,
    /// NAT gateways by id.
    gateways: HashMap<ResourceId, u32>,
    /// Caches by id.
    caches: HashMap<ResourceId, u32>,
}

impl Index {
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        let mut index = Self::default();
        for (place, endpoint) in (0_u32..).zip(&snapshot.private_endpoints) {
            if endpoint.provider != Provider::Azure {
                continue;
            }
            let target = endpoint.target.clone();
            index.by_target.entry(target).or_default().push(place);
            index.endpoints.insert(endpoint.id.clone(), place);
        }
        for (place, zone) in (0_u32..).zip(&snapshot.dns_zones) {
            if zone.provider != Provider::Azure {
                continue;
            }
            index.zones.insert(zone.id.clone(), place);
            match zone.links.value() {
                None => index.unclear.push(place),
                Some(links) => {
                    let networks: BTreeSet<_> = links.iter().map(|link| &link.network).collect();
                    for network in networks {
                        index.linked.entry(network.clone()).or_default().push(place);
                    }
                }
            }
        }
        for (place, gateway) in (0_u32..).zip(&snapshot.nat_gateways) {
            index.gateways.insert(gateway.id.clone(), place);
        }
        for (place, cache) in (0_u32..).zip(&snapshot.caches) {
            if cache.provider == Provider::Azure {
                index.caches.insert(cache.id.clone(), place);
            }
        }
        index
    }
}

impl<'a> Estate<'a> {
    /// A cache as the edits of this view leave it.
    pub(crate) fn current(&self, cache: &'a Cache) -> &'a Cache {
        self.patch()
            .and_then(|patch| patch.cache(&cache.id))
            .unwrap_or(cache)
    }

    /// A cache of Azure.
    pub(crate) fn azure_cache(&self, id: &ResourceId) -> Option<&'a Cache> {
        let place = *self.azure().caches.get(id)?;
        self.cache(place)
    }

    /// Private endpoints of Azure that lead to a cache.
    pub(crate) fn endpoints_of(&self, cache: &ResourceId) -> Vec<&'a PrivateEndpoint> {
        let places = self.azure().by_target.get(cache.as_str());
        self.endpoints_at(places)
    }

    fn endpoints_at(&self, places: Option<&Vec<u32>>) -> Vec<&'a PrivateEndpoint> {
        let all = &self.snapshot().private_endpoints;
        let places = places.into_iter().flatten();
        places
            .filter_map(|place| all.get(*place as usize))
            .map(|it| self.current_endpoint(it))
            .collect()
    }

    /// A private endpoint of Azure.
    pub(crate) fn private_endpoint(&self, id: &ResourceId) -> Option<&'a PrivateEndpoint> {
        let place = *self.azure().endpoints.get(id)?;
        let found = self.snapshot().private_endpoints.get(place as usize)?;
        Some(self.current_endpoint(found))
    }

    fn current_endpoint(&self, endpoint: &'a PrivateEndpoint) -> &'a PrivateEndpoint {
        self.patch()
            .and_then(|patch| patch.private_endpoint(&endpoint.id))
            .unwrap_or(endpoint)
    }

    /// A zone of Azure.
    pub(crate) fn zone(&self, id: &ResourceId) -> Option<&'a DnsZone> {
        let place = *self.azure().zones.get(id)?;
        let found = self.snapshot().dns_zones.get(place as usize)?;
        Some(self.current_zone(found))
    }

    fn current_zone(&self, zone: &'a DnsZone) -> &'a DnsZone {
        self.patch()
            .and_then(|patch| patch.zone(&zone.id))
            .unwrap_or(zone)
    }

    /// Zones that are linked to a network, each with its link, in whatever
    /// state; sorted by the zone's id.
    pub(crate) fn zones_of(&self, network: &ResourceId) -> Vec<(&'a DnsZone, &'a ZoneLink)> {
        let all = &self.snapshot().dns_zones;
        let places = self.azure().linked.get(network).into_iter().flatten();
        let known = places.filter_map(|place| all.get(*place as usize));
        let mut zones: Vec<&DnsZone> = known.map(|it| self.current_zone(it)).collect();
        // An edit may have linked one more.
        zones.extend(self.patch().into_iter().flat_map(|patch| patch.zones()));
        zones.sort_by(|one, other| one.id.cmp(&other.id));
        zones.dedup_by(|one, other| one.id == other.id);
        let links = zones.into_iter().flat_map(|zone| {
            let links = zone.links.value().into_iter().flatten();
            links.map(move |link| (zone, link))
        });
        links.filter(|(_, link)| link.network == *network).collect()
    }

    /// Zones of which it is not known where they answer.
    pub(crate) fn unclear_zones(&self) -> impl Iterator<Item = &'a DnsZone> {
        let all = &self.snapshot().dns_zones;
        let places = self.azure().unclear.iter();
        places.filter_map(|place| all.get(*place as usize))
    }

    /// All zones of Azure.
    pub(crate) fn all_zones(&self) -> impl Iterator<Item = &'a DnsZone> {
        let zones = self.snapshot().dns_zones.iter();
        zones
            .filter(|it| it.provider == Provider::Azure)
            .map(|it| self.current_zone(it))
    }

    /// A NAT gateway.
    pub(crate) fn nat_gateway(&self, id: &ResourceId) -> Option<&'a NatGateway> {
        let place = *self.azure().gateways.get(id)?;
        self.snapshot().nat_gateways.get(place as usize)
    }
}
