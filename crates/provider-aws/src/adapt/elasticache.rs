//! Replication groups and stand-alone nodes of ElastiCache.
//!
//! A replication group tells neither its security groups, subnet group,
//! parameter group, engine version nor maintenance window: those come from
//! its member clusters, which share them.
//! Source: ElastiCache API Reference, `ReplicationGroup` and `CacheCluster`.

mod alone;
mod facts;
mod members;
mod nodes;

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};
use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{Cache, Fact, Gap, Service};

use self::facts::{
    at_rest, cluster_mode, failover, group_endpoints, logs, multi_zone, sizes, transit_encryption,
};
use self::members::Members;
use super::Around;
use super::admission;
use super::cache::{blank, engine, families, stated, status, tls_min};
use super::metric::metrics;
use super::placement::CacheInterfaces;
use super::upkeep;
use crate::collect::Measured;
use crate::operation::Operation;
use crate::place::Place;

pub(super) use alone::stand_alone;
pub(super) use facts::backup_days;
pub(super) use nodes::subnets;

/// A replication group.
///
/// # Errors
///
/// If it has no id.
pub(super) fn group(
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    group: &ReplicationGroup,
) -> Result<Cache, Box<Gap>> {
    let operation = Operation::DescribeReplicationGroups;
    let place = around.place;
    let name = group
        .replication_group_id()
        .ok_or_else(|| place.broken(operation, "a replication group", "ReplicationGroupId"))?;
    let id = group.arn().unwrap_or(name);
    let members = Members::of_group(around, name, group);
    let mut cache = blank(place, operation, Service::ElastiCache, id, name);
    cache.engine = engine(place, operation, group.engine().or(members.engine()));
    fill_from_members(&mut cache, around, &members);
    cache.nodes = members.nodes_of_group(around, interfaces, group);
    cache.node_type = group
        .cache_node_type()
        .map_or(cache.node_type, |it| Fact::Known(it.to_owned()));
    cache.status = members.status(status(place, operation, "Status", group.status()));
    let network_type = group
        .network_type()
        .map(|it| it.as_str())
        .or(members.network_type());
    cache.families = families(place, operation, network_type);
    cache.cluster_mode = cluster_mode(place, group);
    fill_security(&mut cache, around, &members, group);
    cache.automatic_failover = failover(place, group);
    cache.multi_zone = multi_zone(place, group);
    (cache.shards, cache.replicas) = sizes(place, group);
    cache.backup_days = backup_days(place, operation, group.snapshot_retention_limit());
    let upgrades = group
        .auto_minor_version_upgrade()
        .or(members.minor_upgrades());
    cache.minor_upgrades = stated(place, operation, "AutoMinorVersionUpgrade", upgrades);
    cache.pending = members.pending(place, group.pending_modified_values().map(upkeep::of_group));
    cache.updates = upkeep::updates(around, name);
    cache.endpoints = group_endpoints(group, &cache);
    cache.aws = Some(aws_of_group(place, &members, group));
    Ok(cache)
}

/// Encryption, and what a client must bring.
fn fill_security(
    cache: &mut Cache,
    around: &Around<'_>,
    members: &Members<'_>,
    group: &ReplicationGroup,
) {
    let (place, operation) = (around.place, Operation::DescribeReplicationGroups);
    cache.transit_encryption = transit_encryption(
        place,
        operation,
        group.transit_encryption_enabled().or(members.tls()),
        group
            .transit_encryption_mode()
            .map(|it| it.as_str())
            .or(members.tls_mode()),
    );
    cache.at_rest_encryption = at_rest(place, group);
    let rotating = group
        .pending_modified_values()
        .and_then(|it| it.auth_token_status());
    let admission = admission::of_elasticache(
        around,
        group.user_group_ids(),
        group.auth_token_enabled().or(members.token()),
        rotating.map(|it| it.as_str()),
        &cache.engine,
    );
    (cache.authentication, cache.anonymous_access) =
        (admission.authentication, admission.anonymous);
}

/// What all members share.
fn fill_from_members(cache: &mut Cache, around: &Around<'_>, members: &Members<'_>) {
    let place = around.place;
    let operation = Operation::DescribeCacheClusters;
    cache.engine_version = members.engine_version(place);
    cache.node_type = members.fact(place, "CacheNodeType", |it| {
        it.cache_node_type().map(str::to_owned)
    });
    (cache.network, cache.subnets) = members.network(around);
    cache.filters = members.filters(place);
    cache.tls_min = tls_min(around, operation, &cache.engine, &cache.engine_version);
    cache.maintenance_window = members.fact(place, "PreferredMaintenanceWindow", |it| {
        it.preferred_maintenance_window().map(str::to_owned)
    });
    cache.parameter_group = members.parameter_group(place);
    let group = cache
        .parameter_group
        .value()
        .and_then(|it| it.as_ref())
        .map(|it| it.name.as_str());
    cache.parameters = match cache.parameter_group.gap() {
        Some(gap) => Fact::unknown(gap.clone()),
        None => upkeep::parameters(
            around,
            Operation::DescribeCacheParameters,
            &around.details.parameters,
            group,
            cache.node_type.value().map(String::as_str),
        ),
    };
    let measured: Vec<_> = members
        .names()
        .map(|name| (Measured::Node(name.to_owned()), Some(members.node_id(name))))
        .collect();
    cache.metrics = metrics(around, &measured);
}

/// What AWS alone has, of a replication group.
fn aws_of_group(place: &Place, members: &Members<'_>, group: &ReplicationGroup) -> AwsCache {
    let of_members = members.aws(place);
    let global = group.global_replication_group_info();
    let id = global.and_then(|it| it.global_replication_group_id());
    let role = global.and_then(|it| it.global_replication_group_member_role());
    let discovery = group.ip_discovery().map(|it| it.as_str().to_owned());
    AwsCache {
        replication_group: true,
        global_datastore: id.map(str::to_owned),
        global_role: role.map(str::to_owned),
        ip_discovery: discovery.or(of_members.ip_discovery),
        logs: logs(group.log_delivery_configurations()).unwrap_or(of_members.logs),
        data_tiering: group.data_tiering().and_then(|it| match it.as_str() {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        }),
        ..of_members
    }
}

/// What AWS alone has, of one cluster.
fn aws_of(cluster: &CacheCluster) -> AwsCache {
    let names = cluster
        .cache_security_groups()
        .iter()
        .filter_map(|it| it.cache_security_group_name());
    let mut classic: Vec<String> = names.map(str::to_owned).collect();
    classic.sort();
    AwsCache {
        subnet_group: cluster.cache_subnet_group_name().map(str::to_owned),
        cache_security_groups: classic,
        ip_discovery: cluster.ip_discovery().map(|it| it.as_str().to_owned()),
        logs: logs(cluster.log_delivery_configurations()).unwrap_or_default(),
        notification_topic: cluster
            .notification_configuration()
            .and_then(|it| it.topic_arn())
            .map(str::to_owned),
        ..AwsCache::default()
    }
}
