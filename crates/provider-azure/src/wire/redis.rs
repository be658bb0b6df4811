//! `Microsoft.Cache/redis`, by the types of `azure_mgmt_redis`.

use azure_mgmt_redis::package_2024_03::models;
use serde::Deserialize;
use serde_json::Value;

pub(crate) use models::redis_common_properties::MinimumTlsVersion;
pub(crate) use models::schedule_entry::DayOfWeek;
pub(crate) use models::sku::Name as Tier;
pub(crate) use models::{
    PrivateEndpointConnection, RedisCacheAccessPolicy, RedisCacheAccessPolicyAssignment,
    RedisFirewallRule, RedisLinkedServerWithProperties, RedisPatchSchedule, RedisResource,
};

/// What the newest version adds to a cache's properties.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Newer {
    #[serde(default)]
    pub(crate) zonal_allocation_policy: Option<String>,
}

/// A cache without what may be secret: keys, which lists do not hold anyhow,
/// and the connection strings of storage accounts. Values of the
/// configuration are made texts, which some answers do not write.
pub(crate) fn stripped(mut value: Value) -> Value {
    let Some(properties) = value.get_mut("properties").and_then(Value::as_object_mut) else {
        return value;
    };
    properties.remove("accessKeys");
    let settings = properties.get_mut("redisConfiguration");
    if let Some(settings) = settings.and_then(Value::as_object_mut) {
        settings.retain(|name, value| !is_secret(name) && !value.is_null());
        for value in settings.values_mut() {
            if value.is_boolean() || value.is_number() {
                *value = Value::String(value.to_string());
            }
        }
    }
    value
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["connection-string", "key", "password", "secret"]
        .iter()
        .any(|it| name.contains(it))
        && name != "notify-keyspace-events"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_dropped_on_reading() {
        let value = stripped(json!({"properties": {
            "accessKeys": {"primaryKey": "canary"},
            "redisConfiguration": {
                "rdb-storage-connection-string": "canary",
                "aof-storage-connection-string-0": "canary",
                "notify-keyspace-events": "KEA",
                "aad-enabled": true,
                "maxclients": 256,
                "maxmemory-policy": null,
            },
        }}));
        assert_eq!(
            value,
            json!({"properties": {"redisConfiguration": {
                "notify-keyspace-events": "KEA", "aad-enabled": "true", "maxclients": "256",
            }}})
        );
    }
}
