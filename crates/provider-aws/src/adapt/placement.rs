//! Where the nodes of caches are: candidate subnets by zone, the exact one
//! and the addresses where an interface says that it is the node's.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use aws_sdk_ec2::types::{NetworkInterface, NetworkInterfaceType, VpcEndpoint};
use aws_sdk_elasticache::types::ServerlessCache;
use cachewarden_model::{Fact, Gap, GapReason, ResourceId};

use super::Around;
use super::cache::not_listed;
use super::interface::addresses;
use crate::collect::Network;
use crate::operation::Operation;
use crate::place::Place;

/// The subnets of a cache and their zones.
pub(super) type Subnets = Fact<Vec<(String, Option<String>)>>;

/// The interfaces of a region that may be of caches.
#[derive(Debug, Default)]
pub(super) struct CacheInterfaces<'a> {
    /// By each word of the description. Interfaces of machines and of other
    /// kinds than the plain one are not in it.
    by_word: BTreeMap<&'a str, Vec<&'a NetworkInterface>>,
    by_id: BTreeMap<&'a str, &'a NetworkInterface>,
    endpoints: Vec<&'a VpcEndpoint>,
    /// Those that belong to nodes of caches, and the nodes' names.
    of_nodes: BTreeMap<&'a str, &'a str>,
    /// Why there may be more.
    gap: Option<Gap>,
}

impl<'a> CacheInterfaces<'a> {
    /// Finds the interfaces of all nodes of a region.
    ///
    /// An interface is a node's if its description has the id of the node's
    /// cache cluster as a word, it is attached to no machine, and it lies in
    /// a subnet of the cache's subnet group. Who asked for the interface is
    /// not looked at.
    /// Source: Amazon ElastiCache User Guide, "Troubleshooting connections";
    /// the exact text of the description is not documented.
    pub(super) fn find(around: &Around<'a>) -> Self {
        let Some(network) = around.network else {
            return Self::default();
        };
        let mut found = Self::index(network);
        let nodes = around.caches.clusters.items.iter().filter_map(|cluster| {
            let subnets = super::elasticache::subnets(around, cluster.cache_subnet_group_name());
            Some((cluster.cache_cluster_id()?, subnets))
        });
        let clusters = around.caches.memorydb.items.iter();
        let memorydb = clusters.flat_map(|cluster| {
            let subnets = super::memorydb::subnets(around, cluster.subnet_group_name());
            let nodes = cluster.shards().iter().flat_map(|shard| shard.nodes());
            nodes.filter_map(move |node| Some((node.name()?, subnets.clone())))
        });
        let mut of_nodes = BTreeMap::new();
        for (name, subnets) in nodes.chain(memorydb) {
            let its = found.of_node(name, &subnets);
            let ids = its
                .iter()
                .filter_map(|interface| interface.network_interface_id());
            of_nodes.extend(ids.map(|id| (id, name)));
        }
        found.of_nodes = of_nodes;
        found
    }

    fn index(network: &'a Network) -> Self {
        let mut index = Self {
            gap: network.clients.interfaces.gap.clone(),
            ..Self::default()
        };
        for interface in &network.clients.interfaces.items {
            let Some(id) = interface.network_interface_id() else {
                continue;
            };
            index.by_id.insert(id, interface);
            let attached = interface
                .attachment()
                .is_some_and(|it| it.instance_id().is_some());
            let plain = interface.interface_type() == Some(&NetworkInterfaceType::Interface);
            if plain && !attached {
                for word in words(interface.description().unwrap_or_default()) {
                    let list = index.by_word.entry(word).or_default();
                    list.push(interface);
                }
            }
        }
        index.endpoints = network.clients.endpoints.items.iter().collect();
        index
    }

    /// The interfaces of one node. Where its subnets could not be read, the
    /// name alone counts, on interfaces that a service made.
    fn of_node(&self, name: &str, subnets: &Subnets) -> Vec<&'a NetworkInterface> {
        let is_its = |interface: &&&NetworkInterface| match subnets.value() {
            Some(subnets) => interface
                .subnet_id()
                .is_some_and(|id| subnets.iter().any(|(each, _)| each == id)),
            None => interface.requester_managed() == Some(true),
        };
        let named = self.by_word.get(name).into_iter().flatten();
        named.filter(is_its).copied().collect()
    }

    /// The node that an interface belongs to.
    pub(super) fn node_of(&self, id: &str) -> Option<&'a str> {
        self.of_nodes.get(id).copied()
    }

    /// The addresses of some interfaces, by their ids; unknown if one of them
    /// was not read.
    pub(super) fn addresses_of(&self, place: &Place, ids: &[String]) -> Fact<Vec<IpAddr>> {
        let mut interfaces = vec![];
        for id in ids {
            match self.by_id.get(id.as_str()) {
                Some(interface) => interfaces.push(*interface),
                None => {
                    let operation = Operation::DescribeNetworkInterfaces;
                    return not_listed(place, operation, self.gap.as_ref(), id);
                }
            }
        }
        Fact::Known(self.addresses(&interfaces).unwrap_or_default())
    }

    /// Subnets and addresses of a node.
    ///
    /// Without an interface that names it, these are the subnets of the
    /// subnet group in the node's zone: AWS tells the zone, not the subnet.
    pub(super) fn place(
        &self,
        place: &Place,
        name: &str,
        zone: Option<&str>,
        subnets: &Subnets,
    ) -> (Fact<Vec<ResourceId>>, Fact<Vec<IpAddr>>) {
        let interfaces = self.of_node(name, subnets);
        let ids = super::words::ids(interfaces.iter().filter_map(|it| it.subnet_id()));
        if let Some(addresses) = self.addresses(&interfaces) {
            return (Fact::Known(ids), Fact::Known(addresses));
        }
        let unknown = self.gap.clone().unwrap_or_else(|| {
            place.gap(
                Operation::DescribeNetworkInterfaces.action(),
                GapReason::NotOffered,
                format!("no interface in the cache's subnets names `{name}` in its description"),
            )
        });
        (candidates(subnets, zone), Fact::unknown(unknown))
    }

    /// All addresses of some interfaces, sorted; none if there are none.
    fn addresses(&self, interfaces: &[&NetworkInterface]) -> Option<Vec<IpAddr>> {
        let mut all: Vec<_> = interfaces.iter().flat_map(|it| addresses(it)).collect();
        all.sort();
        all.dedup();
        Some(all).filter(|all| !all.is_empty())
    }

    /// The interfaces of a serverless cache by subnet: those of the endpoint
    /// that answers to the cache's name, or else of the only endpoint that
    /// the service placed into just these subnets with just these groups.
    ///
    /// Source: Amazon ElastiCache User Guide, "Getting started": the service
    /// makes a VPC endpoint in the subnets, guarded by the groups.
    pub(super) fn serverless(&self, cache: &ServerlessCache) -> BTreeMap<&'a str, Vec<IpAddr>> {
        let endpoint = self.endpoint_of(cache);
        let ids = endpoint
            .into_iter()
            .flat_map(|it| it.network_interface_ids());
        let mut by_subnet: BTreeMap<&str, Vec<IpAddr>> = BTreeMap::new();
        for interface in ids.filter_map(|id| self.by_id.get(id.as_str())) {
            if let Some(subnet) = interface.subnet_id() {
                by_subnet
                    .entry(subnet)
                    .or_default()
                    .extend(addresses(interface));
            }
        }
        by_subnet
    }

    fn endpoint_of(&self, cache: &ServerlessCache) -> Option<&'a VpcEndpoint> {
        let host = cache.endpoint().and_then(|it| it.address());
        let answers = |endpoint: &&&VpcEndpoint| {
            let names = endpoint.dns_entries().iter().filter_map(|it| it.dns_name());
            host.is_some_and(|host| names.into_iter().any(|name| name == host))
        };
        if let Some(named) = self.endpoints.iter().find(answers) {
            return Some(named);
        }
        let sorted = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let subnets = sorted(cache.subnet_ids().iter().map(String::as_str).collect());
        let groups = sorted(
            cache
                .security_group_ids()
                .iter()
                .map(String::as_str)
                .collect(),
        );
        let mut alike = self.endpoints.iter().filter(|endpoint| {
            let service = endpoint.service_name().unwrap_or_default();
            let of_service = service.contains("elasticache.serverless");
            let its_subnets = endpoint.subnet_ids().iter().map(String::as_str).collect();
            let its_groups = endpoint
                .groups()
                .iter()
                .filter_map(|it| it.group_id())
                .collect();
            of_service && sorted(its_subnets) == subnets && sorted(its_groups) == groups
        });
        let only = alike.next()?;
        alike.next().is_none().then_some(*only)
    }

    /// Why interfaces may be missing.
    pub(super) fn gap(&self) -> Option<&Gap> {
        self.gap.as_ref()
    }
}

/// The subnets of the node's zone; all of them if none of its zone is known.
fn candidates(subnets: &Subnets, zone: Option<&str>) -> Fact<Vec<ResourceId>> {
    subnets.clone().map(|all| {
        let of_zone = |(_, each): &&(String, Option<String>)| each.as_deref() == zone;
        let near: Vec<&str> = all
            .iter()
            .filter(of_zone)
            .map(|(id, _)| id.as_str())
            .collect();
        let all = all.iter().map(|(id, _)| id.as_str());
        if zone.is_none() || near.is_empty() {
            super::words::ids(all)
        } else {
            super::words::ids(near)
        }
    })
}

/// The words of a description: runs of letters, digits and hyphens, which is
/// what ids of caches are made of. `cache-1` is no word of `cache-10`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|each: char| !(each.is_ascii_alphanumeric() || each == '-'))
        .filter(|word| !word.is_empty())
}
