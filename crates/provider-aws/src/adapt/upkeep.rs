//! Parameters, coming changes and updates of a cache.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{
    PendingModifiedValues, ReplicationGroupPendingModifiedValues, TransitEncryptionMode,
};
use cachewarden_model::{Fact, PendingChanges, ServiceUpdate, TransitEncryption};
use cachewarden_provider::Listing;

use super::Around;
use super::cache::not_listed;
use super::words::{ids, time};
use crate::collect::Setting;
use crate::operation::Operation;

/// The parameters that bear on connections; others stay where they are.
const PARAMETERS: [&str; 12] = [
    "client-output-buffer-limit-normal-hard-limit",
    "client-output-buffer-limit-pubsub-hard-limit",
    "client-output-buffer-limit-replica-hard-limit",
    "close-on-replica-write",
    "cluster-allow-reads-when-down",
    "cluster-enabled",
    "cluster-require-full-coverage",
    "maxclients",
    "maxmemory-policy",
    "reserved-memory-percent",
    "tcp-keepalive",
    "timeout",
];

/// The parameters of a cache that bear on connections.
pub(super) fn parameters(
    around: &Around<'_>,
    operation: Operation,
    groups: &BTreeMap<String, Listing<Setting>>,
    group: Option<&str>,
    node_type: Option<&str>,
) -> Fact<BTreeMap<String, String>> {
    let Some(group) = group else {
        return around.place.unstated(operation, "CacheParameterGroup");
    };
    let Some(listing) = groups.get(group) else {
        return not_listed(around.place, operation, None, group);
    };
    if let Some(gap) = &listing.gap {
        return Fact::unknown(gap.clone());
    }
    let wanted = listing
        .items
        .iter()
        .filter(|it| PARAMETERS.contains(&it.name.as_str()));
    let pairs = wanted.filter_map(|setting| {
        let by_type = node_type.and_then(|node_type| setting.by_node_type.get(node_type));
        let value = setting.value.as_ref().or(by_type)?;
        Some((setting.name.clone(), value.clone()))
    });
    Fact::Known(pairs.collect())
}

/// Updates of a replication group or of a stand-alone node.
pub(super) fn updates(around: &Around<'_>, id: &str) -> Fact<Vec<ServiceUpdate>> {
    let listing = &around.details.updates;
    if let Some(gap) = &listing.gap {
        return Fact::unknown(gap.clone());
    }
    let word = |text: Option<&str>| text.unwrap_or("not-stated").to_owned();
    let its = listing.items.iter().filter(|it| {
        it.replication_group_id() == Some(id)
            || it.replication_group_id().is_none() && it.cache_cluster_id() == Some(id)
    });
    let mut updates: Vec<_> = its
        .filter_map(|it| {
            Some(ServiceUpdate {
                name: it.service_update_name()?.to_owned(),
                severity: word(it.service_update_severity().map(|it| it.as_str())),
                kind: word(it.service_update_type().map(|it| it.as_str())),
                status: word(it.update_action_status().map(|it| it.as_str())),
                apply_by: it.service_update_recommended_apply_by_date().and_then(time),
                in_time: it.sla_met().and_then(|met| match met.as_str() {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => None,
                }),
            })
        })
        .collect();
    updates.sort_by(|one, other| one.name.cmp(&other.name));
    Fact::Known(updates)
}

/// Updates of a cluster of MemoryDB, which have no severity.
pub(super) fn memorydb_updates(around: &Around<'_>, name: &str) -> Fact<Vec<ServiceUpdate>> {
    let listing = &around.details.memorydb.updates;
    if let Some(gap) = &listing.gap {
        return Fact::unknown(gap.clone());
    }
    let its = listing
        .items
        .iter()
        .filter(|it| it.cluster_name() == Some(name));
    let mut updates: Vec<_> = its
        .filter_map(|it| {
            Some(ServiceUpdate {
                name: it.service_update_name()?.to_owned(),
                severity: "not-stated".to_owned(),
                kind: it
                    .r#type()
                    .map_or("not-stated", |it| it.as_str())
                    .to_owned(),
                status: it
                    .status()
                    .map_or("not-stated", |it| it.as_str())
                    .to_owned(),
                apply_by: it.auto_update_start_date().and_then(time),
                in_time: None,
            })
        })
        .collect();
    updates.sort_by(|one, other| one.name.cmp(&other.name));
    Fact::Known(updates)
}

/// What encryption will be. A mode that is absent while encryption is
/// switched on means that it is required, as it does for what is in force.
fn encryption(
    enabled: Option<bool>,
    mode: Option<&TransitEncryptionMode>,
) -> Option<TransitEncryption> {
    match (enabled, mode.map(|mode| mode.as_str())) {
        (Some(false), _) => Some(TransitEncryption::Disabled),
        (_, Some("preferred")) => Some(TransitEncryption::Preferred),
        (_, Some("required")) | (Some(true), None) => Some(TransitEncryption::Required),
        _ => None,
    }
}

/// Coming changes of a replication group.
pub(super) fn of_group(pending: &ReplicationGroupPendingModifiedValues) -> PendingChanges {
    let groups = pending.user_groups();
    let texts = |list: &[String]| ids(list.iter().map(String::as_str));
    PendingChanges {
        transit_encryption: encryption(
            pending.transit_encryption_enabled(),
            pending.transit_encryption_mode(),
        ),
        auth_token: pending.auth_token_status().map(|it| it.as_str().to_owned()),
        groups_added: groups
            .map(|it| texts(it.user_group_ids_to_add()))
            .unwrap_or_default(),
        groups_removed: groups
            .map(|it| texts(it.user_group_ids_to_remove()))
            .unwrap_or_default(),
        ..PendingChanges::default()
    }
}

/// Adds the coming changes of one cache cluster; what is already there stays.
pub(super) fn add_of_cluster(
    changes: &mut PendingChanges,
    cluster: &str,
    pending: &PendingModifiedValues,
) {
    let mode = pending.transit_encryption_mode();
    let coming = encryption(pending.transit_encryption_enabled(), mode);
    changes.transit_encryption = changes.transit_encryption.or(coming);
    let add = |to: &mut Option<String>, text: Option<&str>| {
        if to.is_none() {
            *to = text.map(str::to_owned);
        }
    };
    add(
        &mut changes.auth_token,
        pending.auth_token_status().map(|it| it.as_str()),
    );
    add(&mut changes.node_type, pending.cache_node_type());
    add(&mut changes.engine_version, pending.engine_version());
    let removed = pending.cache_node_ids_to_remove().iter();
    changes
        .nodes_removed
        .extend(removed.map(|node| format!("{cluster}/{node}")));
    changes.nodes_removed.sort();
}
