//! Clusters of MemoryDB.

mod place;

use aws_sdk_memorydb::types::Cluster;
use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    AtRestEncryption, Cache, ClusterMode, EndpointRole, Fact, Failover, Gap, ParameterGroup,
    PendingChanges, Service, TlsVersion, TransitEncryption, Version,
};

use self::place::{network, nodes};
use super::cache::{blank, count, endpoint, engine, families, length, stated, status, word};
use super::elasticache::backup_days;
use super::metric::metrics;
use super::placement::CacheInterfaces;
use super::words::ids;
use super::{Around, admission, upkeep};
use crate::collect::Measured;
use crate::operation::Operation;
use crate::place::Place;

pub(super) use place::subnets;

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
    fill_build(&mut cache, place, cluster);
    fill_whereabouts(&mut cache, around, interfaces, cluster);
    fill_security(&mut cache, around, cluster);
    fill_resilience(&mut cache, place, cluster);
    fill_upkeep(&mut cache, around, cluster);
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

/// What it is made of, and its state.
fn fill_build(cache: &mut Cache, place: &Place, cluster: &Cluster) {
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
    cache.cluster_mode = Fact::Default(ClusterMode::Enabled);
}

/// Where it is, and what guards it.
fn fill_whereabouts(
    cache: &mut Cache,
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    cluster: &Cluster,
) {
    let place = around.place;
    cache.network = network(around, cluster);
    let subnets = place::subnets(around, cluster.subnet_group_name());
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
}

/// Encryption, and what a client must bring.
fn fill_security(cache: &mut Cache, around: &Around<'_>, cluster: &Cluster) {
    let place = around.place;
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
}

/// Shards, replicas and zones.
fn fill_resilience(cache: &mut Cache, place: &Place, cluster: &Cluster) {
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
    let sizes = shards.iter().map(|it| count(it.number_of_nodes()));
    let replicas = sizes
        .collect::<Option<Vec<_>>>()
        .and_then(|all| all.into_iter().min());
    cache.replicas = stated(
        place,
        OPERATION,
        "NumberOfNodes",
        replicas.map(|nodes| nodes.saturating_sub(1)),
    );
    cache.automatic_failover = failover(&cache.replicas);
}

/// Backups, versions, maintenance, parameters.
fn fill_upkeep(cache: &mut Cache, around: &Around<'_>, cluster: &Cluster) {
    let place = around.place;
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
