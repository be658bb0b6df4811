//! What belongs to what, worked out when a policy first asks.

use std::borrow::Cow;
use std::collections::HashMap;

use cachewarden_model::{
    Cache, ConnectionPolicy, Filter, Gap, Interface, InterfaceKind, LinkState, Peering,
    PrivateEndpoint, Provider, ResourceId, RuleUse,
};

use super::World;

impl<'a> World<'a> {
    /// Names of the caches on whose nodes a filter is, sorted.
    pub(crate) fn guarded(&self, filter: &Filter) -> &[&'a str] {
        let names = self.guarded.get_or_init(|| {
            let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
            for cache in &self.snapshot.caches {
                for id in cache.filters.value().into_iter().flatten() {
                    names
                        .entry(id.as_str())
                        .or_default()
                        .push(cache.name.as_str());
                }
            }
            names.values_mut().for_each(|names| names.sort_unstable());
            names
        });
        names.get(filter.id.as_str()).map_or(&[], Vec::as_slice)
    }

    /// Why it is not known of all caches which filters are on their nodes.
    pub(crate) fn unclear_caches(&self) -> impl Iterator<Item = Cow<'a, Gap>> {
        let caches = self.snapshot.caches.iter();
        caches
            .filter_map(|it| it.filters.gap())
            .take(1)
            .map(Cow::Borrowed)
    }

    /// Why it is not known of all interfaces of a filter's cloud which filters
    /// they carry.
    pub(crate) fn unclear_interfaces(&self, filter: &Filter) -> impl Iterator<Item = Cow<'a, Gap>> {
        let interfaces = self.snapshot.interfaces.iter();
        let provider = filter.provider;
        interfaces
            .filter(move |it| it.provider == provider)
            .filter_map(|it| it.filters.gap())
            .take(1)
            .map(Cow::Borrowed)
    }

    /// How many interfaces carry a filter.
    pub(crate) fn attached(&self, filter: &Filter) -> u64 {
        let counts = self.attached.get_or_init(|| {
            let mut counts: HashMap<&str, u64> = HashMap::new();
            for interface in &self.snapshot.interfaces {
                for id in interface.filters.value().into_iter().flatten() {
                    *counts.entry(id.as_str()).or_default() += 1;
                }
            }
            counts
        });
        counts.get(filter.id.as_str()).copied().unwrap_or_default()
    }

    /// Interfaces with a public address behind which traffic may be passed
    /// on: machines that forward, or may, and load balancers. Not those of a network
    /// that certainly has no internet gateway: what is not attached carries
    /// nothing, whatever addresses are kept.
    ///
    /// Source: Amazon VPC User Guide, "Internet gateways".
    pub(crate) fn forwarders(&self) -> &[&'a Interface] {
        self.forwarders.get_or_init(|| {
            let forwards = |it: &&Interface| {
                !it.public_addresses.is_empty()
                    && it.kind.is_client()
                    && (it.kind == InterfaceKind::LoadBalancer
                        || it.address_check.value() != Some(&true))
                    && !self.cut_off(it)
            };
            self.snapshot.interfaces.iter().filter(forwards).collect()
        })
    }

    /// Whether the internet certainly has no way into an interface's network.
    fn cut_off(&self, interface: &Interface) -> bool {
        let network = self
            .network(&interface.network)
            .filter(|it| it.provider == Provider::Aws);
        let gateways = network.and_then(|it| it.internet_gateways.value());
        gateways.is_some_and(|list| list.iter().all(|it| matches!(it.state, LinkState::Down(_))))
    }

    /// The caches of a global datastore that are in the snapshot.
    pub(crate) fn siblings(&self, datastore: &str) -> &[&'a Cache] {
        let siblings = self.siblings.get_or_init(|| {
            let mut siblings: HashMap<&str, Vec<&Cache>> = HashMap::new();
            for cache in &self.snapshot.caches {
                let name = cache
                    .aws
                    .as_ref()
                    .and_then(|aws| aws.global_datastore.as_deref());
                if let Some(name) = name {
                    siblings.entry(name).or_default().push(cache);
                }
            }
            siblings
        });
        siblings.get(datastore).map_or(&[], Vec::as_slice)
    }

    /// The rules of the filters that guard a cache.
    pub(crate) fn rules(&self, cache: &ResourceId) -> &[&'a RuleUse] {
        let rules = self.rules.get_or_init(|| {
            let mut rules: HashMap<&str, Vec<&RuleUse>> = HashMap::new();
            for used in &self.reachability.rules {
                for guarded in &used.guards {
                    rules.entry(guarded.as_str()).or_default().push(used);
                }
            }
            rules
        });
        rules.get(cache.as_str()).map_or(&[], Vec::as_slice)
    }

    /// The private endpoints that lead to a cache, in the order of the
    /// snapshot.
    pub(crate) fn private_endpoints(&self, cache: &Cache) -> &[&'a PrivateEndpoint] {
        let endpoints = self.private.get_or_init(|| {
            let target = |it: &'a PrivateEndpoint| it.target.as_str();
            grouped(&self.snapshot.private_endpoints, target)
        });
        endpoints.get(cache.id.as_str()).map_or(&[], Vec::as_slice)
    }

    /// How many peerings a network has.
    pub(crate) fn peerings(&self, network: &ResourceId) -> u64 {
        let counts = self.peerings.get_or_init(|| {
            let mut counts: HashMap<&str, u64> = HashMap::new();
            let ends =
                |it: &'a Peering| [it.requester.network.as_str(), it.accepter.network.as_str()];
            for end in self.snapshot.peerings.iter().flat_map(ends) {
                *counts.entry(end).or_default() += 1;
            }
            counts
        });
        counts.get(network.as_str()).copied().unwrap_or_default()
    }

    /// The peerings that a network owns, in the order of the snapshot.
    pub(crate) fn peerings_from(&self, network: &ResourceId) -> &[&'a Peering] {
        let peerings = self.peerings_from.get_or_init(|| {
            let own = |it: &'a Peering| it.requester.network.as_str();
            grouped(&self.snapshot.peerings, own)
        });
        peerings.get(network.as_str()).map_or(&[], Vec::as_slice)
    }

    /// The policies that place private endpoints into a network, in the order
    /// of the snapshot.
    pub(crate) fn connection_policies(&self, network: &str) -> &[&'a ConnectionPolicy] {
        let policies = self.policies.get_or_init(|| {
            let network = |it: &'a ConnectionPolicy| it.network.as_str();
            grouped(&self.snapshot.connection_policies, network)
        });
        policies.get(network).map_or(&[], Vec::as_slice)
    }

    /// A private endpoint.
    pub(crate) fn endpoint(&self, id: &ResourceId) -> Option<&'a PrivateEndpoint> {
        let endpoints = self.endpoints.get_or_init(|| {
            let all = self.snapshot.private_endpoints.iter();
            all.map(|endpoint| (endpoint.id.as_str(), endpoint))
                .collect()
        });
        endpoints.get(id.as_str()).copied()
    }
}

/// Things by what they belong to, each list in their order.
fn grouped<'a, T>(all: &'a [T], of: impl Fn(&'a T) -> &'a str) -> HashMap<&'a str, Vec<&'a T>> {
    let mut groups: HashMap<&str, Vec<&T>> = HashMap::new();
    for thing in all {
        groups.entry(of(thing)).or_default().push(thing);
    }
    groups
}
