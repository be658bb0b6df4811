//! Memorystore for Redis.
//!
//! Source: `google/cloud/redis/v1/cloud_redis.proto`, "Instance".

use cachewarden_model::{
    AccountId, Authentication, Authority, Cache, Endpoint, EndpointRole, Fact, Failover, Gap, Node,
    Service, TransitEncryption, Version,
};
use google_cloud_redis_v1::model::Instance;
use google_cloud_redis_v1::model::instance::Tier;

use super::cache::{View, endpoint};
use super::untold;
use super::words::{sorted, status, time, version, window, windows};
use crate::collect::Estate;
use crate::operation::Operation;

pub(super) fn caches(estate: &Estate) -> impl Iterator<Item = Cache> {
    estate
        .redis
        .iter()
        .map(|(account, it)| cache(estate, account, it))
}

fn cache(estate: &Estate, account: &AccountId, it: &Instance) -> Cache {
    let view = View {
        estate,
        account,
        operation: Operation::Redis,
        service: Service::MemorystoreRedis,
        name: &it.name,
    };
    let mut cache = view.blank();
    cache.tags = Fact::Known(sorted(&it.labels));
    cache.engine_version = match version(&it.redis_version) {
        Some(text) => Fact::Known(Version(text)),
        None => view.odd("version", &it.redis_version),
    };
    cache.node_type = match capacity(it.memory_size_gb) {
        Some(tier) => Fact::Known(tier.to_owned()),
        None => view.untold("the API does not tell the size"),
    };
    cache.status = status(&it.state.to_string(), !it.suspension_reasons.is_empty());
    cache.network = if it.authorized_network.is_empty() {
        view.untold("the API tells no authorized network")
    } else {
        Fact::Known(estate.ids.resource(&it.authorized_network, account))
    };
    view.encrypt(&mut cache, &it.transit_encryption_mode.to_string());
    let token = Authentication {
        token: it.auth_enabled,
        groups: vec![],
        identity: false,
    };
    // False is left out.
    view.authenticate(&mut cache, Fact::Known(token));
    view.sign(&mut cache, certificates(view, it));
    view.key(&mut cache, &it.customer_managed_key);
    cache.nodes = nodes(account, it);
    cache.endpoints = endpoints(&cache, it);
    spread(view, &mut cache, it);
    cache.maintenance_window = maintenance(view, it);
    cache.parameters = Fact::Known(sorted(&it.redis_configs));
    describe(&mut cache, it);
    cache
}

/// Capacity tiers, by which limits are set.
///
/// Source: Memorystore for Redis, "Redis tier capabilities".
fn capacity(gigabytes: i32) -> Option<&'static str> {
    match gigabytes {
        1..=4 => Some("M1"),
        5..=10 => Some("M2"),
        11..=35 => Some("M3"),
        36..=100 => Some("M4"),
        101.. => Some("M5"),
        _ => None,
    }
}

fn certificates(view: View<'_>, it: &Instance) -> Fact<Vec<Authority>> {
    let read: Option<Vec<Authority>> = it
        .server_ca_certs
        .iter()
        .map(|it| {
            Some(Authority {
                expires: time(it.expire_time.map(|it| it.seconds()))?,
                begins: time(it.create_time.map(|it| it.seconds())),
                serial: Some(it.serial_number.clone()).filter(|it| !it.is_empty()),
            })
        })
        .collect();
    match read {
        Some(all) if !all.is_empty() => Fact::Known(all),
        _ => view.untold("the API does not tell when the authorities end"),
    }
}

fn nodes(account: &AccountId, it: &Instance) -> Vec<Node> {
    let address = || -> Gap {
        untold(
            account,
            Operation::Redis,
            "the API tells no addresses of nodes",
        )
    };
    let mut nodes: Vec<Node> = it
        .nodes
        .iter()
        .map(|it| Node {
            id: it.id.clone(),
            shard: None,
            zone: Some(it.zone.clone()).filter(|it| !it.is_empty()),
            subnets: Fact::Default(vec![]),
            addresses: Fact::unknown(address()),
            host: None,
            status: None,
        })
        .collect();
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    nodes
}

/// The primary, and where there is one the endpoint of all replicas.
fn endpoints(cache: &Cache, it: &Instance) -> Vec<Endpoint> {
    // Source: Memorystore for Redis, "Connect to a Redis instance".
    let usual = match cache.transit_encryption.value() {
        Some(TransitEncryption::Required) => 6378,
        _ => 6379,
    };
    let port = |number: i32| match u16::try_from(number) {
        Ok(0) | Err(_) => usual,
        Ok(port) => port,
    };
    let nodes: Vec<String> = cache.nodes.iter().map(|it| it.id.clone()).collect();
    let with = |role, host: &str, number| Endpoint {
        nodes: nodes.clone(),
        ..endpoint(role, host, port(number))
    };
    let mut all = vec![with(EndpointRole::Primary, &it.host, it.port)];
    if !it.read_endpoint.is_empty() {
        all.push(with(
            EndpointRole::Reader,
            &it.read_endpoint,
            it.read_endpoint_port,
        ));
    }
    all
}

/// Replicas and zones. The basic tier has neither.
fn spread(view: View<'_>, cache: &mut Cache, it: &Instance) {
    let replicas = u32::try_from(it.replica_count).unwrap_or(0);
    match it.tier {
        Tier::Basic => {
            cache.replicas = Fact::Known(0);
            cache.automatic_failover = Fact::Default(Failover::Disabled);
            cache.multi_zone = Fact::Default(false);
        }
        Tier::StandardHa => {
            // One that takes over is always there, counted or not.
            cache.replicas = Fact::Known(replicas.max(1));
            cache.automatic_failover = Fact::Default(Failover::Enabled);
            let zones: Vec<&String> = it.nodes.iter().map(|it| &it.zone).collect();
            let several = zones.iter().any(|zone| Some(zone) != zones.first());
            cache.multi_zone = match it.nodes.len() {
                // Source: Memorystore for Redis, "High availability": the
                // replica stands in another zone.
                0 => Fact::Default(true),
                _ => Fact::Known(several),
            };
        }
        _ => {
            let word = it.tier.to_string();
            cache.replicas = view.odd("tier", &word);
            cache.automatic_failover = view.odd("tier", &word);
            cache.multi_zone = view.odd("tier", &word);
        }
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
fn describe(cache: &mut Cache, it: &Instance) {
    let Some(gcp) = &mut cache.gcp else { return };
    let text = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
    let told = |word: String| Some(word).filter(|it| !it.ends_with("_UNSPECIFIED"));
    // Source: `cloud_redis.proto`, "ConnectMode": direct peering where unset.
    let direct = || Some("DIRECT_PEERING".to_owned());
    gcp.connect_mode = told(it.connect_mode.to_string()).or_else(direct);
    gcp.reserved_range = text(&it.reserved_ip_range);
    gcp.secondary_range = text(&it.secondary_ip_range);
    gcp.suspension_reasons = it
        .suspension_reasons
        .iter()
        .map(ToString::to_string)
        .collect();
    gcp.suspension_reasons.sort();
    gcp.tier = told(it.tier.to_string());
    gcp.memory_gb = u32::try_from(it.memory_size_gb).ok().filter(|it| *it > 0);
    gcp.status_message = text(&it.status_message);
    let schedule = it.maintenance_schedule.as_ref();
    gcp.maintenance_starts = time(schedule.and_then(|it| it.start_time).map(|it| it.seconds()));
}
