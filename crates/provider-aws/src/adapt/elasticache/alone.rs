//! Nodes that are in no replication group.

use aws_sdk_elasticache::types::CacheCluster;
use cachewarden_model::{
    AtRestEncryption, Cache, ClusterMode, EndpointRole, Fact, Failover, Gap, Service,
};

use super::facts::{backup_days, transit_encryption};
use super::fill_from_members;
use super::members::Members;
use crate::adapt::cache::{blank, endpoint, engine, families, stated, status};
use crate::adapt::placement::CacheInterfaces;
use crate::adapt::{Around, admission, upkeep};
use crate::operation::Operation;

/// A node that is in no replication group.
///
/// # Errors
///
/// If it has no id.
pub(in crate::adapt) fn stand_alone(
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    cluster: &CacheCluster,
) -> Result<Cache, Box<Gap>> {
    let operation = Operation::DescribeCacheClusters;
    let place = around.place;
    let name = cluster
        .cache_cluster_id()
        .ok_or_else(|| place.broken(operation, "a cache cluster", "CacheClusterId"))?;
    let members = Members::alone(name, cluster);
    let mut cache = blank(
        place,
        operation,
        Service::ElastiCache,
        cluster.arn().unwrap_or(name),
        name,
    );
    cache.engine = engine(place, operation, cluster.engine());
    fill_from_members(&mut cache, around, &members);
    cache.nodes = members.nodes(around, interfaces);
    cache.status = status(
        place,
        operation,
        "CacheClusterStatus",
        cluster.cache_cluster_status(),
    );
    cache.families = families(
        place,
        operation,
        cluster.network_type().map(|it| it.as_str()),
    );
    cache.cluster_mode = Fact::Default(ClusterMode::Disabled);
    fill_security(&mut cache, around, cluster);
    // Nothing can take over from a node that stands alone.
    cache.automatic_failover = Fact::Default(Failover::Disabled);
    cache.multi_zone = Fact::Default(false);
    cache.shards = Fact::Default(1);
    cache.replicas = Fact::Default(0);
    cache.backup_days = backup_days(place, operation, cluster.snapshot_retention_limit());
    let upgrades = cluster.auto_minor_version_upgrade();
    cache.minor_upgrades = stated(place, operation, "AutoMinorVersionUpgrade", upgrades);
    cache.pending = members.pending(place, None);
    cache.updates = upkeep::updates(around, name);
    let ids: Vec<String> = cache.nodes.iter().map(|node| node.id.clone()).collect();
    let first = cluster
        .cache_nodes()
        .first()
        .and_then(|node| node.endpoint());
    cache.endpoints = first
        .and_then(|it| endpoint(EndpointRole::Primary, it.address(), it.port(), &ids))
        .into_iter()
        .collect();
    cache.aws = Some(members.aws(place));
    Ok(cache)
}

/// Encryption, and what a client must bring.
fn fill_security(cache: &mut Cache, around: &Around<'_>, cluster: &CacheCluster) {
    let (place, operation) = (around.place, Operation::DescribeCacheClusters);
    cache.transit_encryption = transit_encryption(
        place,
        operation,
        cluster.transit_encryption_enabled(),
        cluster.transit_encryption_mode().map(|it| it.as_str()),
    );
    cache.at_rest_encryption = match cluster.at_rest_encryption_enabled() {
        Some(false) => Fact::Known(AtRestEncryption::Disabled),
        None => Fact::Default(AtRestEncryption::Disabled),
        Some(true) => place.not_offered(operation, "the answer does not say whose key encrypts"),
    };
    let rotating = cluster
        .pending_modified_values()
        .and_then(|it| it.auth_token_status());
    let admission = admission::of_elasticache(
        around,
        &[],
        cluster.auth_token_enabled(),
        rotating.map(|it| it.as_str()),
        &cache.engine,
    );
    (cache.authentication, cache.anonymous_access) =
        (admission.authentication, admission.anonymous);
}
