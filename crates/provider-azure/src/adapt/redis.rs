//! Azure Cache for Redis: Basic, Standard, Premium.

mod facts;
mod maintenance;
mod ports;

use cachewarden_model::{
    AccountId, AzureCache, Cache, Discipline, Engine, Fact, Filter, FilterKind, Gap, GapReason,
    IpFamilies, LinkedCache, Provider, ResourceId, Service, Tracking, Version,
};
use serde_json::Value;

use self::facts::Facts;
use super::connection::{connections, word};
use super::monitor::{listed, logs};
use super::{View, gap, last, normalised, read};
use crate::collect::Redis;
use crate::operation::Operation;
use crate::wire::Properties;
use crate::wire::redis::{Newer, RedisLinkedServerWithProperties, RedisResource};

const WHAT: Operation = Operation::Redis;

/// A cache.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn cache(view: View<'_>, redis: &Redis) -> Result<Cache, Box<Gap>> {
    let account = &redis.account;
    let wire: RedisResource = read(account, WHAT, &redis.value, WHAT.hides())?;
    let newer = newer(account, &redis.value)?;
    let id = id(view, redis);
    let facts = Facts::new(account, &redis.value, &wire, &newer);
    let (properties, created) = (&wire.properties, &wire.properties.redis_create_properties);
    let common = &created.redis_common_properties;
    let injected = created.subnet_id.as_deref().filter(|it| !it.is_empty());
    let tags = wire
        .tracked_resource
        .tags
        .as_ref()
        .and_then(Value::as_object);
    Ok(Cache {
        name: last(id.as_str()).to_owned(),
        provider: Provider::Azure,
        service: Service::AzureCache,
        account: account.clone(),
        region: normalised(Some(&wire.tracked_resource.location)),
        tags: Fact::Known(
            tags.into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
                .collect(),
        ),
        engine: Fact::Known(Engine::Redis),
        engine_version: match &common.redis_version {
            Some(version) => Fact::Known(Version(version.clone())),
            None => Fact::unknown(facts.untold("redisVersion")),
        },
        node_type: facts.node_type(),
        status: facts.status(),
        network: match injected {
            Some(subnet) => Fact::Known(view.ids.network_of(subnet)),
            None => Fact::unknown(no_network(account)),
        },
        subnets: Fact::Known(injected.map(|it| view.ids.id(it)).into_iter().collect()),
        filters: Fact::Known(vec![firewall_id(&id)]),
        families: Fact::Default(IpFamilies::Ipv4),
        nodes: ports::nodes(view, &wire),
        endpoints: ports::endpoints(&wire),
        cluster_mode: facts.cluster_mode(),
        transit_encryption: facts.transit_encryption(),
        tls_min: facts.tls_min(),
        at_rest_encryption: facts.at_rest_encryption(),
        authentication: facts.authentication(),
        anonymous_access: facts.anonymous_access(),
        public_access: facts.public_access(),
        automatic_failover: facts.failover(),
        multi_zone: facts.multi_zone(),
        shards: facts.shards(),
        replicas: facts.replicas(),
        backup_days: Fact::unknown(facts.not_offered("how long backups are kept")),
        minor_upgrades: Fact::Default(true),
        maintenance_window: maintenance::maintenance(redis),
        parameter_group: Fact::Default(None),
        parameters: Fact::Known(facts.parameters()),
        pending: Default::default(),
        updates: Fact::Default(vec![]),
        metrics: super::metrics(view, id.as_str()),
        authority_expires: None,
        aws: None,
        azure: Some(AzureCache {
            tier: word(&created.sku.name),
            capacity: None,
            injected_subnet: injected.map(|it| view.ids.id(it)),
            injected_address: created.static_ip.as_deref().and_then(|it| it.parse().ok()),
            public_network_access: facts.stated_access(),
            connections: connections(
                view,
                account,
                WHAT,
                &properties.private_endpoint_connections,
                "redisCache",
            ),
            linked: linked(view, redis),
            clustering_policy: None,
            zones: facts.zones(),
            zone_allocation: newer.zonal_allocation_policy,
            update_channel: common.update_channel.as_ref().and_then(word),
            resource_state: None,
            identity: super::identity(&redis.value),
            migrated_endpoint: None,
            logs: listed(logs(account, &redis.settings)),
        }),
        gcp: None,
        id,
    })
}

/// Gaps of the lists that hang on a cache, where no fact of its own holds them.
pub(super) fn gaps(redis: &Redis) -> Vec<Gap> {
    let lists = [
        &redis.firewall,
        &redis.schedules,
        &redis.links,
        &redis.assignments,
        &redis.policies,
        &redis.settings,
    ];
    lists.iter().filter_map(|it| it.gap.clone()).collect()
}

/// The service's own firewall. A cache without rules admits everybody, which
/// is a filter without rules.
///
/// Source: Azure Cache for Redis, "Configure network security", firewall.
pub(super) fn firewall(view: View<'_>, redis: &Redis) -> Option<Filter> {
    let id = id(view, redis);
    let wire = redis.firewall.items.iter().map(ports::firewall_rule);
    let rules = match (&redis.firewall.gap, wire.collect::<Option<Vec<_>>>()) {
        (Some(gap), _) => Fact::unknown(gap.clone()),
        (None, Some(mut rules)) => {
            rules.sort_by(|one, other| one.id.cmp(&other.id));
            Fact::Known(rules)
        }
        (None, None) => {
            let message = format!("a firewall rule of {id} is not in a known form");
            let why = GapReason::Damaged;
            Fact::unknown(gap(&redis.account, Operation::FirewallRules, why, message))
        }
    };
    (!id.is_empty()).then(|| Filter {
        id: firewall_id(&id),
        name: format!("firewall of {}", last(id.as_str())),
        provider: Provider::Azure,
        account: redis.account.clone(),
        region: super::region(&redis.value),
        kind: FilterKind::ServiceFirewall,
        network: None,
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        builtin: false,
        rules,
    })
}

fn firewall_id(cache: &ResourceId) -> ResourceId {
    format!("{cache}/firewallRules").into()
}

fn id(view: View<'_>, redis: &Redis) -> ResourceId {
    let id = redis.value.get("id").and_then(Value::as_str);
    view.ids.id(id.unwrap_or_default())
}

/// What the SDK's types do not hold yet.
fn newer(account: &AccountId, value: &Value) -> Result<Newer, Box<Gap>> {
    let wire: Properties<Newer> = read(account, WHAT, value, WHAT.hides())?;
    Ok(wire.properties)
}

/// A cache outside every network of its owner's.
pub(super) fn no_network(account: &cachewarden_model::AccountId) -> Gap {
    let message = "it sits in no network of its owner's".to_owned();
    gap(account, WHAT, GapReason::NotOffered, message)
}

/// Caches that it is geo-replicated with.
fn linked(view: View<'_>, redis: &Redis) -> Fact<Vec<LinkedCache>> {
    if let Some(gap) = &redis.links.gap {
        return Fact::unknown(gap.clone());
    }
    let one = |value: &Value| {
        let wire: RedisLinkedServerWithProperties = serde_json::from_value(value.clone()).ok()?;
        let properties = wire.properties?;
        let link = properties.redis_linked_server_create_properties;
        Some(LinkedCache {
            id: view.ids.id(&link.linked_redis_cache_id),
            role: word(&link.server_role),
            state: properties.provisioning_state,
            primary_host: link.geo_replicated_primary_host_name,
        })
    };
    let links = redis
        .links
        .items
        .iter()
        .map(one)
        .collect::<Option<Vec<_>>>();
    match links {
        Some(mut links) => {
            links.sort_by(|one, other| one.id.cmp(&other.id));
            Fact::Known(links)
        }
        None => {
            let message = "a link is not in a known form".to_owned();
            let why = GapReason::Damaged;
            Fact::unknown(gap(&redis.account, Operation::LinkedServers, why, message))
        }
    }
}
