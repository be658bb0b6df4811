//! Numbers of enums, as the APIs of caches write them where they are asked to.
//!
//! Source: the protos of the three services. The same word has another number in another product.

use serde_json::Value;

/// Collection, field, words in the order of their numbers; `-` where there is none. Numbers begin with 1.
const ENUMS: &[(&str, &str, &[&str])] = &[
    (
        "redis/instances",
        "state",
        &[
            "CREATING",
            "READY",
            "UPDATING",
            "DELETING",
            "REPAIRING",
            "MAINTENANCE",
            "-",
            "IMPORTING",
            "FAILING_OVER",
        ],
    ),
    ("redis/instances", "tier", &["BASIC", "-", "STANDARD_HA"]),
    (
        "redis/instances",
        "connectMode",
        &["DIRECT_PEERING", "PRIVATE_SERVICE_ACCESS"],
    ),
    (
        "redis/instances",
        "transitEncryptionMode",
        &["SERVER_AUTHENTICATION", "DISABLED"],
    ),
    (
        "redis/instances",
        "readReplicasMode",
        &["READ_REPLICAS_DISABLED", "READ_REPLICAS_ENABLED"],
    ),
    (
        "redis/instances",
        "suspensionReasons",
        &["CUSTOMER_MANAGED_KEY_ISSUE"],
    ),
    (
        "redis/clusters",
        "state",
        &["CREATING", "ACTIVE", "UPDATING", "DELETING"],
    ),
    (
        "redis/clusters",
        "authorizationMode",
        &[
            "AUTH_MODE_IAM_AUTH",
            "AUTH_MODE_DISABLED",
            "AUTH_MODE_TOKEN_AUTH",
        ],
    ),
    (
        "redis/clusters",
        "transitEncryptionMode",
        &[
            "TRANSIT_ENCRYPTION_MODE_DISABLED",
            "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
        ],
    ),
    (
        "redis/clusters",
        "serverCaMode",
        &[
            "SERVER_CA_MODE_GOOGLE_MANAGED_PER_INSTANCE_CA",
            "SERVER_CA_MODE_GOOGLE_MANAGED_SHARED_CA",
            "SERVER_CA_MODE_CUSTOMER_MANAGED_CAS_CA",
        ],
    ),
    (
        "redis/clusters",
        "nodeType",
        &[
            "REDIS_SHARED_CORE_NANO",
            "REDIS_HIGHMEM_MEDIUM",
            "REDIS_HIGHMEM_XLARGE",
            "REDIS_STANDARD_SMALL",
        ],
    ),
    (
        "redis/clusters",
        "pscConnectionStatus",
        &[
            "PSC_CONNECTION_STATUS_ACTIVE",
            "PSC_CONNECTION_STATUS_NOT_FOUND",
        ],
    ),
    (
        "redis/clusters",
        "connectionType",
        &[
            "CONNECTION_TYPE_DISCOVERY",
            "CONNECTION_TYPE_PRIMARY",
            "CONNECTION_TYPE_READER",
        ],
    ),
    (
        "redis/clusters",
        "clusterRole",
        &["NONE", "PRIMARY", "SECONDARY"],
    ),
    (
        "memorystore/instances",
        "state",
        &[
            "CREATING",
            "ACTIVE",
            "UPDATING",
            "DELETING",
            "-",
            "MIGRATING",
        ],
    ),
    (
        "memorystore/instances",
        "authorizationMode",
        &["AUTH_DISABLED", "IAM_AUTH", "TOKEN_AUTH"],
    ),
    (
        "memorystore/instances",
        "transitEncryptionMode",
        &["TRANSIT_ENCRYPTION_DISABLED", "SERVER_AUTHENTICATION"],
    ),
    (
        "memorystore/instances",
        "nodeType",
        &[
            "SHARED_CORE_NANO",
            "HIGHMEM_MEDIUM",
            "HIGHMEM_XLARGE",
            "STANDARD_SMALL",
        ],
    ),
    (
        "memorystore/instances",
        "mode",
        &["STANDALONE", "CLUSTER", "-", "CLUSTER_DISABLED"],
    ),
    (
        "memorystore/instances",
        "pscConnectionStatus",
        &["ACTIVE", "NOT_FOUND"],
    ),
    (
        "memorystore/instances",
        "connectionType",
        &[
            "CONNECTION_TYPE_DISCOVERY",
            "CONNECTION_TYPE_PRIMARY",
            "CONNECTION_TYPE_READER",
        ],
    ),
    (
        "*",
        "kmsKeyPrimaryState",
        &[
            "ENABLED",
            "PERMISSION_DENIED",
            "DISABLED",
            "DESTROYED",
            "DESTROY_SCHEDULED",
        ],
    ),
    ("*", "automatedBackupMode", &["DISABLED", "ENABLED"]),
    (
        "*",
        "day",
        &[
            "MONDAY",
            "TUESDAY",
            "WEDNESDAY",
            "THURSDAY",
            "FRIDAY",
            "SATURDAY",
            "SUNDAY",
        ],
    ),
];

/// Puts numbers in place of words, all through an item of a collection (`redis/instances`).
pub(super) fn number(collection: &str, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| number(collection, it)),
        Value::Object(fields) => {
            for (field, value) in fields {
                match value {
                    Value::String(_) => replace(collection, field, value),
                    Value::Array(items) if items.iter().all(Value::is_string) => {
                        items
                            .iter_mut()
                            .for_each(|it| replace(collection, field, it));
                    }
                    _ => number(collection, value),
                }
            }
        }
        _ => {}
    }
}

fn replace(collection: &str, field: &str, value: &mut Value) {
    let of = |(its, known, _): &&(&str, &str, &[&str])| {
        (*its == collection || *its == "*") && *known == field
    };
    let Some((_, _, words)) = ENUMS.iter().find(of) else {
        return;
    };
    if let Some(at) = words.iter().position(|it| value == it) {
        *value = (at + 1).into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_differ_by_product() {
        let of = |collection: &str, mut value: Value| {
            number(collection, &mut value);
            value
        };
        let tls = json!({"transitEncryptionMode": "SERVER_AUTHENTICATION", "name": "READY", "state": "READY"});
        assert_eq!(
            of("redis/instances", tls.clone()),
            json!({"transitEncryptionMode": 1, "name": "READY", "state": 2})
        );
        assert_eq!(of("memorystore/instances", tls)["transitEncryptionMode"], 2);
        let nested = json!({"endpoints": [{"connections": [{"pscConnection": {"pscConnectionStatus": "ACTIVE"}}]}]});
        let found = of("memorystore/instances", nested);
        assert_eq!(
            found["endpoints"][0]["connections"][0]["pscConnection"]["pscConnectionStatus"],
            1
        );
    }
}
