//! Memorystore for Valkey.
//!
//! Source: `google/cloud/memorystore/v1/memorystore.proto`, "Instance".

use cachewarden_model::{AccountId, Cache, ClusterMode, Engine, Fact, Service, Version};
use google_cloud_memorystore_v1::model::Instance;
use google_cloud_memorystore_v1::model::automated_backup_config::AutomatedBackupMode;
use google_cloud_memorystore_v1::model::zone_distribution_config::ZoneDistributionMode;

use super::cache::{View, failover};
use super::connection;
use super::words::{sorted, status, time, version, window, windows};
use crate::collect::Estate;
use crate::operation::Operation;

pub(super) fn caches(estate: &Estate) -> impl Iterator<Item = Cache> {
    estate
        .valkey
        .iter()
        .map(|(account, it)| cache(estate, account, it))
}

fn cache(estate: &Estate, account: &AccountId, it: &Instance) -> Cache {
    let view = View {
        estate,
        account,
        operation: Operation::Valkey,
        service: Service::MemorystoreValkey,
        name: &it.name,
    };
    let mut cache = view.blank();
    cache.tags = Fact::Known(sorted(&it.labels));
    cache.engine = Fact::Known(Engine::Valkey);
    cache.engine_version = match version(&it.engine_version) {
        Some(text) => Fact::Known(Version(text)),
        None => view.odd("version", &it.engine_version),
    };
    let word = it.node_type.to_string();
    if !word.ends_with("UNSPECIFIED") {
        cache.node_type = Fact::Known(word);
    }
    cache.status = status(&it.state.to_string(), false);
    cache.cluster_mode = mode(view, it);
    view.encrypt(&mut cache, &it.transit_encryption_mode.to_string());
    let means = view.authorization(&it.authorization_mode.to_string());
    view.authenticate(&mut cache, means);
    view.sign(&mut cache, view.authorities());
    view.key(&mut cache, it.kms_key.as_deref().unwrap_or_default());
    // Without cluster mode no client needs the ports of nodes; where that is
    // not known, it may.
    let is_cluster = cache.cluster_mode.value() != Some(&ClusterMode::Disabled);
    let connections = connection::of_valkey(&estate.ids, account, it);
    connection::describe(view, &mut cache, connections, is_cluster);
    let replicas = u32::try_from(it.replica_count.unwrap_or(0)).unwrap_or(0);
    cache.replicas = Fact::Known(replicas);
    cache.automatic_failover = failover(replicas);
    cache.shards = match u32::try_from(it.shard_count) {
        Ok(shards) if shards > 0 => Fact::Known(shards),
        _ => view.untold("the API does not tell how many shards there are"),
    };
    cache.multi_zone = zones(view, it);
    cache.backup_days = backups(view, it);
    cache.maintenance_window = maintenance(view, it);
    cache.parameters = Fact::Known(sorted(&it.engine_configs));
    describe(view, &mut cache, it);
    cache
}

fn mode(view: View<'_>, it: &Instance) -> Fact<ClusterMode> {
    match it.mode.to_string().as_str() {
        "CLUSTER" => Fact::Known(ClusterMode::Enabled),
        // `STANDALONE` is the older word.
        "CLUSTER_DISABLED" | "STANDALONE" => Fact::Known(ClusterMode::Disabled),
        "MODE_UNSPECIFIED" => view.untold("the API does not tell whether it is a cluster"),
        other => view.odd("mode", other),
    }
}

/// Source: Memorystore for Valkey, "Zone distribution": spread over zones
/// where nothing else was chosen.
fn zones(view: View<'_>, it: &Instance) -> Fact<bool> {
    match it.zone_distribution_config.as_ref().map(|it| &it.mode) {
        None | Some(ZoneDistributionMode::Unspecified) => Fact::Default(true),
        Some(ZoneDistributionMode::MultiZone) => Fact::Known(true),
        Some(ZoneDistributionMode::SingleZone) => Fact::Known(false),
        Some(other) => view.odd("distribution over zones", &other.to_string()),
    }
}

fn backups(view: View<'_>, it: &Instance) -> Fact<u32> {
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

fn maintenance(view: View<'_>, it: &Instance) -> Fact<String> {
    let policy = it.maintenance_policy.as_ref();
    let all = policy.map(|it| it.weekly_maintenance_window.as_slice());
    let texts = all.unwrap_or_default().iter().map(|it| {
        let start = it.start_time.clone().unwrap_or_default();
        window(&it.day.to_string(), start.hours, start.minutes)
    });
    windows(view.account, view.operation, texts.collect())
}

/// What only Google Cloud has.
fn describe(view: View<'_>, cache: &mut Cache, it: &Instance) {
    let Some(gcp) = &mut cache.gcp else { return };
    let told = |word: String| Some(word).filter(|it| !it.ends_with("UNSPECIFIED"));
    gcp.deletion_protection = Some(it.deletion_protection_enabled.unwrap_or(false));
    let names = it
        .psc_attachment_details
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
    let replication = it.cross_instance_replication_config.as_ref();
    gcp.replication_role = replication.and_then(|it| told(it.instance_role.to_string()));
    let migration = it.migration_config.as_ref();
    gcp.migration = migration.and_then(|it| told(it.state.to_string()));
    let schedule = it.maintenance_schedule.as_ref();
    gcp.maintenance_starts = time(schedule.and_then(|it| it.start_time).map(|it| it.seconds()));
}
