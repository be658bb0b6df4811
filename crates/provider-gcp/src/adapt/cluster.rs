//! Memorystore for Redis Cluster.
//!
//! Source: `google/cloud/redis/cluster/v1/cloud_redis_cluster.proto`,
//! "Cluster".

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Cache, ClusterMode, Fact, Service};
use google_cloud_redis_cluster_v1::model::Cluster;
use google_cloud_redis_cluster_v1::model::automated_backup_config::AutomatedBackupMode;
use google_cloud_redis_cluster_v1::model::zone_distribution_config::ZoneDistributionMode;
use serde::Deserialize as _;

use super::cache::{View, failover};
use super::connection;
use super::words::{sorted, status, time, window, windows};
use crate::collect::Estate;
use crate::operation::Operation;

pub(super) fn caches(estate: &Estate) -> impl Iterator<Item = Cache> {
    estate
        .clusters
        .iter()
        .map(|(account, it)| cache(estate, account, it))
}

fn cache(estate: &Estate, account: &AccountId, it: &Cluster) -> Cache {
    let view = View {
        estate,
        account,
        operation: Operation::Clusters,
        service: Service::MemorystoreCluster,
        name: &it.name,
    };
    let mut cache = view.blank();
    cache.tags = labels(view, it);
    let word = it.node_type.to_string();
    if !word.ends_with("UNSPECIFIED") {
        cache.node_type = Fact::Known(word);
    }
    cache.status = status(&it.state.to_string(), false);
    cache.cluster_mode = Fact::Default(ClusterMode::Enabled);
    view.encrypt(&mut cache, &it.transit_encryption_mode.to_string());
    let means = view.authorization(&it.authorization_mode.to_string());
    view.authenticate(&mut cache, means);
    view.sign(&mut cache, view.authorities());
    view.key(&mut cache, it.kms_key.as_deref().unwrap_or_default());
    let connections = connection::of_cluster(&estate.ids, account, it);
    connection::describe(view, &mut cache, connections, true);
    let replicas = u32::try_from(it.replica_count.unwrap_or(0)).unwrap_or(0);
    cache.replicas = Fact::Known(replicas);
    cache.automatic_failover = failover(replicas);
    cache.shards = match it.shard_count.map(u32::try_from) {
        Some(Ok(shards)) if shards > 0 => Fact::Known(shards),
        _ => view.untold("the API does not tell how many shards there are"),
    };
    cache.multi_zone = zones(view, it);
    cache.backup_days = backups(view, it);
    cache.maintenance_window = maintenance(view, it);
    cache.parameters = Fact::Known(sorted(&it.redis_configs));
    describe(view, &mut cache, it);
    cache
}

/// Labels, which the crate has no field for: it keeps what it does not know,
/// and writes it again.
fn labels(view: View<'_>, it: &Cluster) -> Fact<BTreeMap<String, String>> {
    let Ok(whole) = serde_json::to_value(it) else {
        return view.untold("the labels of the cache cannot be read");
    };
    match whole.get("labels") {
        // A map without entries is left out.
        None => Fact::Known(BTreeMap::new()),
        Some(labels) => match BTreeMap::deserialize(labels) {
            Ok(labels) => Fact::Known(labels),
            Err(_) => view.odd("form of labels", "labels"),
        },
    }
}

/// Source: Memorystore for Redis Cluster, "Zone distribution": spread over
/// zones where nothing else was chosen.
fn zones(view: View<'_>, it: &Cluster) -> Fact<bool> {
    match it.zone_distribution_config.as_ref().map(|it| &it.mode) {
        None | Some(ZoneDistributionMode::Unspecified) => Fact::Default(true),
        Some(ZoneDistributionMode::MultiZone) => Fact::Known(true),
        Some(ZoneDistributionMode::SingleZone) => Fact::Known(false),
        Some(other) => view.odd("distribution over zones", &other.to_string()),
    }
}

fn backups(view: View<'_>, it: &Cluster) -> Fact<u32> {
    let Some(config) = &it.automated_backup_config else {
        return Fact::Default(0);
    };
    match &config.automated_backup_mode {
        AutomatedBackupMode::Unspecified | AutomatedBackupMode::Disabled => Fact::Known(0),
        AutomatedBackupMode::Enabled => {
            let seconds = config.retention.map(|it| it.seconds());
            match seconds.map(|it| u32::try_from(it / 86_400)) {
                Some(Ok(days)) => Fact::Known(days),
                _ => view.untold("the API does not tell for how long backups are kept"),
            }
        }
        other => view.odd("mode of backups", &other.to_string()),
    }
}

fn maintenance(view: View<'_>, it: &Cluster) -> Fact<String> {
    let policy = it.maintenance_policy.as_ref();
    let all = policy.map(|it| it.weekly_maintenance_window.as_slice());
    let texts = all.unwrap_or_default().iter().map(|it| {
        let start = it.start_time.clone().unwrap_or_default();
        window(&it.day.to_string(), start.hours, start.minutes)
    });
    windows(view.account, view.operation, texts.collect())
}

/// What only Google Cloud has.
fn describe(view: View<'_>, cache: &mut Cache, it: &Cluster) {
    let Some(gcp) = &mut cache.gcp else { return };
    let told = |word: String| Some(word).filter(|it| !it.ends_with("UNSPECIFIED"));
    gcp.deletion_protection = Some(it.deletion_protection_enabled.unwrap_or(false));
    let names = it
        .psc_service_attachments
        .iter()
        .map(|it| &it.service_attachment);
    gcp.attachments = connection::attachments(&view.estate.ids, view.account, names);
    gcp.authority_mode = it
        .server_ca_mode
        .as_ref()
        .and_then(|it| told(it.to_string()))
        .map(|it| it.replace("SERVER_CA_MODE_", ""));
    let encryption = it.encryption_info.as_ref();
    gcp.key_state = encryption.and_then(|it| told(it.kms_key_primary_state.to_string()));
    let replication = it.cross_cluster_replication_config.as_ref();
    gcp.replication_role = replication
        .and_then(|it| told(it.cluster_role.to_string()))
        .map(|it| it.replace("CLUSTER_ROLE_", ""));
    let schedule = it.maintenance_schedule.as_ref();
    gcp.maintenance_starts = time(schedule.and_then(|it| it.start_time).map(|it| it.seconds()));
}
