//! Single facts of a cache of ElastiCache.

use aws_sdk_elasticache::types::{CacheCluster, LogDeliveryConfiguration, ReplicationGroup};
use cachewarden_model::{
    AtRestEncryption, Cache, ClusterMode, Endpoint, EndpointRole, Fact, Failover, Phase, Status,
    TransitEncryption,
};

use crate::adapt::cache::{count, endpoint, length, phase, stated, word};
use crate::operation::Operation;
use crate::place::Place;

/// Encryption of connections. Whether it is on is false by default; a mode
/// that is absent while it is on means that it is required: older groups
/// have no other.
///
/// Source: ElastiCache API Reference, `ReplicationGroup`; Amazon ElastiCache
/// User Guide, "Enabling in-transit encryption".
pub(super) fn transit_encryption(
    place: &Place,
    operation: Operation,
    enabled: Option<bool>,
    mode: Option<&str>,
) -> Fact<TransitEncryption> {
    match enabled {
        None => Fact::Default(TransitEncryption::Disabled),
        Some(false) => Fact::Known(TransitEncryption::Disabled),
        Some(true) => word(
            place,
            operation,
            "TransitEncryptionMode",
            mode,
            || Fact::Default(TransitEncryption::Required),
            |text| match text {
                "preferred" => Some(TransitEncryption::Preferred),
                "required" => Some(TransitEncryption::Required),
                _ => None,
            },
        ),
    }
}

/// Encryption on disk. Without the id of a key the service's own is used.
pub(super) fn at_rest(place: &Place, group: &ReplicationGroup) -> Fact<AtRestEncryption> {
    let key = group.kms_key_id().filter(|key| !key.is_empty());
    match (group.at_rest_encryption_enabled(), key) {
        (Some(true), Some(key)) => Fact::Known(AtRestEncryption::CustomerKey(key.into())),
        (Some(true), None) => Fact::Known(AtRestEncryption::ServiceKey),
        (Some(false), _) => Fact::Known(AtRestEncryption::Disabled),
        (None, _) => place.unstated(
            Operation::DescribeReplicationGroups,
            "AtRestEncryptionEnabled",
        ),
    }
}

pub(super) fn cluster_mode(place: &Place, group: &ReplicationGroup) -> Fact<ClusterMode> {
    let operation = Operation::DescribeReplicationGroups;
    let absent = || match group.cluster_enabled() {
        Some(true) => Fact::Known(ClusterMode::Enabled),
        Some(false) => Fact::Known(ClusterMode::Disabled),
        None => place.unstated(operation, "ClusterEnabled"),
    };
    let mode = group.cluster_mode().map(|it| it.as_str());
    word(
        place,
        operation,
        "ClusterMode",
        mode,
        absent,
        |text| match text {
            "enabled" => Some(ClusterMode::Enabled),
            "disabled" => Some(ClusterMode::Disabled),
            "compatible" => Some(ClusterMode::Compatible),
            _ => None,
        },
    )
}

pub(super) fn failover(place: &Place, group: &ReplicationGroup) -> Fact<Failover> {
    let operation = Operation::DescribeReplicationGroups;
    let absent = || place.unstated(operation, "AutomaticFailover");
    let text = group.automatic_failover().map(|it| it.as_str());
    word(
        place,
        operation,
        "AutomaticFailover",
        text,
        absent,
        |text| match text {
            "enabled" => Some(Failover::Enabled),
            "disabled" => Some(Failover::Disabled),
            "enabling" => Some(Failover::Enabling),
            "disabling" => Some(Failover::Disabling),
            _ => None,
        },
    )
}

/// Shards, and the replicas of the shard that has fewest.
pub(super) fn sizes(place: &Place, group: &ReplicationGroup) -> (Fact<u32>, Fact<u32>) {
    let operation = Operation::DescribeReplicationGroups;
    let shards = group.node_groups();
    let replicas = shards
        .iter()
        .map(|it| it.node_group_members().len().saturating_sub(1))
        .min();
    match replicas {
        Some(replicas) if shards.iter().all(|it| !it.node_group_members().is_empty()) => (
            Fact::Known(length(shards.len())),
            Fact::Known(length(replicas)),
        ),
        Some(_) => (
            Fact::Known(length(shards.len())),
            place.unstated(operation, "NodeGroupMembers"),
        ),
        None => (
            place.unstated(operation, "NodeGroups"),
            place.unstated(operation, "NodeGroups"),
        ),
    }
}

/// For how many days backups are kept: 0 by default.
///
/// Source: ElastiCache API Reference, `SnapshotRetentionLimit`.
pub(in crate::adapt) fn backup_days(
    place: &Place,
    operation: Operation,
    days: Option<i32>,
) -> Fact<u32> {
    match days {
        None => Fact::Default(0),
        days => stated(place, operation, "SnapshotRetentionLimit", count(days)),
    }
}

/// The endpoints of a replication group; each may lead to any of its nodes.
///
/// With cluster mode there is one entry for all shards; without, one for
/// whichever node is the primary and one for the replicas.
/// Source: Amazon ElastiCache User Guide, "Finding connection endpoints".
pub(super) fn group_endpoints(group: &ReplicationGroup, cache: &Cache) -> Vec<Endpoint> {
    let nodes: Vec<String> = cache.nodes.iter().map(|node| node.id.clone()).collect();
    let configuration = group
        .configuration_endpoint()
        .and_then(|it| endpoint(EndpointRole::Configuration, it.address(), it.port(), &nodes));
    let of_shards = group.node_groups().iter().flat_map(|shard| {
        let primary = shard.primary_endpoint();
        let reader = shard.reader_endpoint();
        [
            primary.and_then(|it| endpoint(EndpointRole::Primary, it.address(), it.port(), &nodes)),
            reader.and_then(|it| endpoint(EndpointRole::Reader, it.address(), it.port(), &nodes)),
        ]
    });
    let mut endpoints: Vec<_> = configuration
        .into_iter()
        .chain(of_shards.flatten())
        .collect();
    endpoints.sort_by(|one, other| (one.role, &one.host).cmp(&(other.role, &other.host)));
    endpoints
}

/// Log types that are delivered, sorted; none if nothing is said of logs.
pub(super) fn logs(configured: &[LogDeliveryConfiguration]) -> Option<Vec<String>> {
    let active = configured.iter().filter(|it| {
        !matches!(
            it.status().map(|it| it.as_str()),
            Some("error" | "disabling")
        )
    });
    let mut types: Vec<_> = active
        .filter_map(|it| Some(it.log_type()?.as_str().to_owned()))
        .collect();
    types.sort();
    types.dedup();
    Some(types).filter(|types| !types.is_empty())
}

/// The status of a group with members that are worse off than itself.
pub(super) fn worst(of_group: Fact<Status>, members: &[&CacheCluster]) -> Fact<Status> {
    let serving = of_group
        .value()
        .is_some_and(|it| matches!(it.phase, Phase::Serving | Phase::Changing));
    let impaired = members
        .iter()
        .filter_map(|it| it.cache_cluster_status())
        .find(|text| phase(text) == Phase::Impaired);
    match impaired {
        Some(text) if serving => Fact::Known(Status {
            text: text.to_owned(),
            phase: Phase::Impaired,
        }),
        _ => of_group,
    }
}

/// Whether nodes are spread over zones.
pub(super) fn multi_zone(place: &Place, group: &ReplicationGroup) -> Fact<bool> {
    let operation = Operation::DescribeReplicationGroups;
    word(
        place,
        operation,
        "MultiAZ",
        group.multi_az().map(|it| it.as_str()),
        || place.unstated(operation, "MultiAZ"),
        |text| match text {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        },
    )
}
