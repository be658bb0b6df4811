//! Clusters of MemoryDB.

use aws_sdk_memorydb::types::Cluster;
use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    AtRestEncryption, Cache, ClusterMode, EndpointRole, Fact, Failover, Gap, Node, ParameterGroup,
    PendingChanges, ResourceId, Service, TlsVersion, TransitEncryption, Version,
};

use super::cache::{
    blank, count, endpoint, engine, families, length, not_listed, stated, status, word,
};
use super::elasticache::backup_days;
use super::metric::metrics;
use super::placement::{CacheInterfaces, Subnets};
use super::words::ids;
use super::{Around, admission, upkeep};
use crate::collect::Measured;
use crate::operation::Operation;

const OPERATION: Operation = Operation::DescribeClusters;

/// A cluster of MemoryDB.
///
/// # Errors
///
/// If it has no name.
pub(super) fn cluster(
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    cluster: &Cluster,
) -> Result<Cache, Box<Gap>> {
    let place = around.place;
    let name = cluster
        .name()
        .ok_or_else(|| place.broken(OPERATION, "a cluster", "Name"))?;
    let mut cache = blank(
        place,
        OPERATION,
        Service::MemoryDb,
        cluster.arn().unwrap_or(name),
        name,
    );
    cache.engine = engine(place, OPERATION, cluster.engine());
    let version = cluster.engine_patch_version().or(cluster.engine_version());
    cache.engine_version = stated(
        place,
        OPERATION,
        "EngineVersion",
        version.map(|it| Version(it.to_owned())),
    );
    cache.node_type = stated(
        place,
        OPERATION,
        "NodeType",
        cluster.node_type().map(str::to_owned),
    );
    cache.status = status(place, OPERATION, "Status", cluster.status());
    cache.network = network(around, cluster);
    let subnets = subnets(around, cluster.subnet_group_name());
    cache.subnets = subnets
        .clone()
        .map(|list| ids(list.iter().map(|(id, _)| id.as_str())));
    let groups = ids(cluster
        .security_groups()
        .iter()
        .filter_map(|it| it.security_group_id()));
    let groups = Some(groups).filter(|groups| !groups.is_empty());
    cache.filters = stated(place, OPERATION, "SecurityGroups", groups);
    cache.families = families(
        place,
        OPERATION,
        cluster.network_type().map(|it| it.as_str()),
    );
    cache.nodes = nodes(around, interfaces, cluster, &subnets);
    cache.cluster_mode = Fact::Default(ClusterMode::Enabled);
    cache.transit_encryption = stated(
        place,
        OPERATION,
        "TLSEnabled",
        cluster.tls_enabled().map(encryption),
    );
    // Since 2023-07-20.
    // Source: MemoryDB Developer Guide, "In-transit encryption".
    cache.tls_min = Fact::Default(TlsVersion::V1_2);
    cache.at_rest_encryption = match cluster.kms_key_id().filter(|key| !key.is_empty()) {
        Some(key) => Fact::Known(AtRestEncryption::CustomerKey(key.into())),
        None => Fact::Default(AtRestEncryption::ServiceKey),
    };
    let admission = admission::of_memorydb(around, cluster);
    (cache.authentication, cache.anonymous_access) =
        (admission.authentication, admission.anonymous);
    cache.multi_zone = word(
        place,
        OPERATION,
        "AvailabilityMode",
        cluster.availability_mode().map(|it| it.as_str()),
        || place.unstated(OPERATION, "AvailabilityMode"),
        |text| match text {
            "multiaz" => Some(true),
            "singleaz" => Some(false),
            _ => None,
        },
    );
    let shards = cluster.shards();
    let shard_count = count(cluster.number_of_shards());
    cache.shards = stated(
        place,
        OPERATION,
        "NumberOfShards",
        shard_count.or_else(|| Some(length(shards.len())).filter(|shards| *shards > 0)),
    );
    let replicas = shards
        .iter()
        .filter_map(|it| count(it.number_of_nodes()))
        .min();
    cache.replicas = stated(
        place,
        OPERATION,
        "NumberOfNodes",
        replicas.map(|nodes| nodes.saturating_sub(1)),
    );
    cache.automatic_failover = failover(&cache.replicas);
    cache.backup_days = backup_days(place, OPERATION, cluster.snapshot_retention_limit());
    let upgrades = cluster.auto_minor_version_upgrade();
    cache.minor_upgrades = stated(place, OPERATION, "AutoMinorVersionUpgrade", upgrades);
    cache.maintenance_window = stated(
        place,
        OPERATION,
        "MaintenanceWindow",
        cluster.maintenance_window().map(str::to_owned),
    );
    let group = cluster.parameter_group_name();
    cache.parameter_group = stated(
        place,
        OPERATION,
        "ParameterGroupName",
        group.map(|name| {
            let status = cluster
                .parameter_group_status()
                .unwrap_or("not-stated")
                .to_owned();
            Some(ParameterGroup {
                name: name.to_owned(),
                status,
            })
        }),
    );
    cache.parameters = match cache.parameter_group.gap() {
        Some(gap) => Fact::unknown(gap.clone()),
        None => upkeep::parameters(
            around,
            Operation::DescribeParameters,
            &around.details.memorydb.parameters,
            group,
            cluster.node_type(),
        ),
    };
    cache.pending = pending(cluster);
    cache.updates = upkeep::memorydb_updates(around, name);
    let nodes: Vec<String> = cache.nodes.iter().map(|node| node.id.clone()).collect();
    let entry = cluster.cluster_endpoint();
    cache.endpoints = entry
        .and_then(|it| {
            endpoint(
                EndpointRole::Configuration,
                it.address(),
                Some(it.port()),
                &nodes,
            )
        })
        .into_iter()
        .collect();
    cache.metrics = metrics(around, &[(Measured::MemoryDb(name.to_owned()), None)]);
    cache.aws = Some(aws(cluster));
    Ok(cache)
}

/// TLS has no middle way here.
fn encryption(enabled: bool) -> TransitEncryption {
    if enabled {
        TransitEncryption::Required
    } else {
        TransitEncryption::Disabled
    }
}

/// A replica takes over where there is one.
///
/// Source: MemoryDB Developer Guide, "Minimizing downtime with Multi-AZ".
fn failover(replicas: &Fact<u32>) -> Fact<Failover> {
    match replicas.get() {
        Ok(0) => Fact::Default(Failover::Disabled),
        Ok(_) => Fact::Default(Failover::Enabled),
        Err(gap) => Fact::unknown(gap.clone()),
    }
}

/// The only change that bears on clients is that of the access control list.
fn pending(cluster: &Cluster) -> PendingChanges {
    let coming = cluster
        .pending_updates()
        .and_then(|it| it.acls()?.acl_to_apply());
    let leaving = cluster.acl_name().filter(|_| coming.is_some());
    PendingChanges {
        groups_added: ids(coming),
        groups_removed: ids(leaving),
        ..PendingChanges::default()
    }
}

fn aws(cluster: &Cluster) -> AwsCache {
    AwsCache {
        subnet_group: cluster.subnet_group_name().map(str::to_owned),
        global_datastore: cluster.multi_region_cluster_name().map(str::to_owned),
        ip_discovery: cluster.ip_discovery().map(|it| it.as_str().to_owned()),
        data_tiering: cluster.data_tiering().and_then(|it| match it.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }),
        notification_topic: cluster.sns_topic_arn().map(str::to_owned),
        ..AwsCache::default()
    }
}

fn network(around: &Around<'_>, cluster: &Cluster) -> Fact<ResourceId> {
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
pub(super) fn subnets(around: &Around<'_>, name: Option<&str>) -> Subnets {
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

fn nodes(
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
