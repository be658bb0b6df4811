//! The network of a cluster, and where its nodes may be.

use aws_sdk_memorydb::types::Cluster;
use cachewarden_model::{Fact, Node, ResourceId};

use super::OPERATION;
use crate::adapt::Around;
use crate::adapt::cache::{not_listed, stated};
use crate::adapt::placement::{CacheInterfaces, Subnets};
use crate::operation::Operation;

/// The network that its subnet group is over.
pub(super) fn network(around: &Around<'_>, cluster: &Cluster) -> Fact<ResourceId> {
    let Some(name) = cluster.subnet_group_name() else {
        return around.place.unstated(OPERATION, "SubnetGroupName");
    };
    let operation = Operation::DescribeSubnetGroups;
    let groups = &around.details.memorydb.subnet_groups;
    match groups.items.iter().find(|it| it.name() == Some(name)) {
        Some(group) => stated(
            around.place,
            operation,
            "VpcId",
            group.vpc_id().map(ResourceId::from),
        ),
        None => not_listed(around.place, operation, groups.gap.as_ref(), name),
    }
}

/// The subnets of a subnet group, with their zones.
pub(in crate::adapt) fn subnets(around: &Around<'_>, name: Option<&str>) -> Subnets {
    let Some(name) = name else {
        return around.place.unstated(OPERATION, "SubnetGroupName");
    };
    let operation = Operation::DescribeSubnetGroups;
    let groups = &around.details.memorydb.subnet_groups;
    let Some(group) = groups.items.iter().find(|it| it.name() == Some(name)) else {
        return not_listed(around.place, operation, groups.gap.as_ref(), name);
    };
    let pairs = group.subnets().iter().filter_map(|subnet| {
        let zone = subnet.availability_zone().and_then(|it| it.name());
        Some((subnet.identifier()?.to_owned(), zone.map(str::to_owned)))
    });
    let pairs: Vec<_> = pairs.collect();
    stated(
        around.place,
        operation,
        "Subnets",
        Some(pairs).filter(|pairs| !pairs.is_empty()),
    )
}

/// Its nodes, sorted by name.
pub(super) fn nodes(
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    cluster: &Cluster,
    subnets: &Subnets,
) -> Vec<Node> {
    let seats = cluster
        .shards()
        .iter()
        .flat_map(|shard| shard.nodes().iter().map(move |node| (shard, node)));
    let mut nodes: Vec<_> = seats
        .filter_map(|(shard, node)| {
            let name = node.name()?;
            let zone = node.availability_zone();
            let (at, addresses) = interfaces.place(around.place, name, zone, subnets);
            Some(Node {
                id: name.to_owned(),
                shard: shard.name().map(str::to_owned),
                zone: zone.map(str::to_owned),
                subnets: at,
                addresses,
                host: node
                    .endpoint()
                    .and_then(|it| it.address())
                    .map(str::to_owned),
                status: node.status().map(str::to_owned),
            })
        })
        .collect();
    nodes.sort_by(|one, other| one.id.cmp(&other.id));
    nodes
}
