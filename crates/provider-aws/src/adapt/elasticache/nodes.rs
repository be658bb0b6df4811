//! The nodes behind a cache, and where they may be.

use aws_sdk_elasticache::types::ReplicationGroup;
use cachewarden_model::{Fact, Node};

use super::members::{Members, OPERATION};
use crate::adapt::Around;
use crate::adapt::cache::not_listed;
use crate::adapt::placement::{CacheInterfaces, Subnets};
use crate::operation::Operation;

impl Members<'_> {
    /// The nodes of every member.
    pub(super) fn nodes(&self, around: &Around<'_>, interfaces: &CacheInterfaces<'_>) -> Vec<Node> {
        let seats: Vec<_> = self
            .names
            .iter()
            .map(|name| Seat {
                cluster: name,
                shard: None,
                zone: None,
                host: None,
            })
            .collect();
        self.seated(around, interfaces, &seats)
    }

    /// The nodes of a replication group, with their shards.
    pub(super) fn nodes_of_group(
        &self,
        around: &Around<'_>,
        interfaces: &CacheInterfaces<'_>,
        group: &ReplicationGroup,
    ) -> Vec<Node> {
        let of_shards = group.node_groups().iter().flat_map(|shard| {
            shard.node_group_members().iter().filter_map(|member| {
                Some(Seat {
                    cluster: member.cache_cluster_id()?,
                    shard: shard.node_group_id(),
                    zone: member.preferred_availability_zone(),
                    host: member.read_endpoint().and_then(|it| it.address()),
                })
            })
        });
        let mut seats: Vec<_> = of_shards.collect();
        for name in &self.names {
            if !seats.iter().any(|seat| seat.cluster == *name) {
                seats.push(Seat {
                    cluster: name,
                    shard: None,
                    zone: None,
                    host: None,
                });
            }
        }
        self.seated(around, interfaces, &seats)
    }

    fn seated(
        &self,
        around: &Around<'_>,
        interfaces: &CacheInterfaces<'_>,
        seats: &[Seat<'_>],
    ) -> Vec<Node> {
        let subnets = match self.listed.is_empty() {
            true => self.unlisted(around.place),
            false => subnets(around, self.subnet_group()),
        };
        let mut nodes: Vec<_> = seats
            .iter()
            .map(|seat| {
                let cluster = self.cluster(seat.cluster);
                let node = cluster.and_then(|it| it.cache_nodes().first());
                let zone = node.and_then(|it| it.customer_availability_zone());
                // A single cluster states its zone itself, if not that of its node.
                let zone = zone
                    .or(seat.zone)
                    .or(cluster.and_then(|it| it.preferred_availability_zone()));
                let zone = zone.filter(|zone| *zone != "Multiple");
                let (at, addresses) = interfaces.place(around.place, seat.cluster, zone, &subnets);
                let host = node
                    .and_then(|it| it.endpoint())
                    .and_then(|it| it.address());
                Node {
                    id: self.node_id(seat.cluster),
                    shard: seat.shard.map(str::to_owned),
                    zone: zone.map(str::to_owned),
                    subnets: at,
                    addresses,
                    host: host.or(seat.host).map(str::to_owned),
                    status: node
                        .and_then(|it| it.cache_node_status())
                        .map(str::to_owned),
                }
            })
            .collect();
        nodes.sort_by(|one, other| one.id.cmp(&other.id));
        nodes
    }
}

/// Where a node sits in a group.
struct Seat<'a> {
    cluster: &'a str,
    shard: Option<&'a str>,
    zone: Option<&'a str>,
    host: Option<&'a str>,
}

/// The subnets of a subnet group, with their zones.
pub(in crate::adapt) fn subnets(around: &Around<'_>, name: Option<&str>) -> Subnets {
    let operation = Operation::DescribeCacheSubnetGroups;
    let Some(name) = name else {
        return around.place.unstated(OPERATION, "CacheSubnetGroupName");
    };
    let groups = &around.details.subnet_groups;
    let group = groups
        .items
        .iter()
        .find(|it| it.cache_subnet_group_name() == Some(name));
    let Some(group) = group else {
        return not_listed(around.place, operation, groups.gap.as_ref(), name);
    };
    let pairs = group.subnets().iter().filter_map(|subnet| {
        let zone = subnet.subnet_availability_zone().and_then(|it| it.name());
        Some((
            subnet.subnet_identifier()?.to_owned(),
            zone.map(str::to_owned),
        ))
    });
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() {
        return around.place.unstated(operation, "Subnets");
    }
    Fact::Known(pairs)
}
