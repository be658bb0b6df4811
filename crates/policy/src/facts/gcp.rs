//! Facts that only a cache on Google Cloud has, as its own API states them.

pub(super) mod connections;
mod hubs;
pub(super) mod networks;
pub(super) mod policies;

use cachewarden_model::{Authority, Cache, GapReason, GcpCache, Provider};

use super::cache::fact;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Int, List, Text};

/// A fact that the API states as a text, or leaves out.
macro_rules! text {
    ($field:ident: $doc:literal) => {
        fact(
            concat!("cache.gcp.", stringify!($field)),
            Text,
            $doc,
            |_, it| {
                let value = it.gcp.as_ref().and_then(|gcp| gcp.$field.as_deref());
                FactValue::or_null(value, FactValue::text)
            },
        )
        .or_null()
    };
}

pub(super) static FACTS: &[FactDef] = &[
    text!(connect_mode: "`DIRECT_PEERING` or `PRIVATE_SERVICE_ACCESS`; null behind Private Service Connect"),
    text!(tier: "`BASIC` or `STANDARD_HA`; null for clusters and Valkey"),
    text!(reserved_range: "its allocated range, or the name of one"),
    text!(secondary_range: "the range of read replicas that were added later, its name or `auto`"),
    text!(authority_mode: "who signs the server's certificates (`serverCaMode`)"),
    text!(key_state: "the state of its owner's encryption key: `ENABLED`, `DISABLED`, …"),
    text!(replication_role: "its part in a replication across regions: `NONE`, `PRIMARY`, `SECONDARY`"),
    text!(migration: "the state of a migration into it"),
    text!(status_message: "what the cloud says beside its state"),
    fact(
        "cache.gcp.key_enabled",
        Bool,
        "whether that key can be used; null if there is none, unknown where its state is not \
         understood",
        |_, it| {
            let state = it.gcp.as_ref().and_then(|gcp| gcp.key_state.as_deref());
            told(it, "state of its key", state, &["ENABLED"], UNUSABLE)
        },
    )
    .or_null(),
    fact(
        "cache.gcp.migrating",
        Bool,
        "whether a migration into it is under way; null if there is none, unknown where its state \
         is not understood",
        |_, it| {
            let state = it.gcp.as_ref().and_then(|gcp| gcp.migration.as_deref());
            told(
                it,
                "state of its migration",
                state,
                UNDER_WAY,
                &["MIGRATED", "ROLLED_BACK"],
            )
        },
    )
    .or_null(),
    fact(
        "cache.gcp.memory_gb",
        Int,
        "its memory in GB; null for clusters and Valkey, whose node type says it",
        |_, it| {
            let memory = it.gcp.as_ref().and_then(|gcp| gcp.memory_gb);
            FactValue::or_null(memory, FactValue::count)
        },
    )
    .or_null(),
    fact(
        "cache.gcp.suspension_reasons",
        List,
        "why it is suspended",
        |_, it| {
            list(it, |gcp| {
                FactValue::list(gcp.suspension_reasons.iter().map(String::as_str))
            })
        },
    ),
    fact(
        "cache.gcp.deletion_protection",
        Bool,
        "whether it is protected from deletion; null where the API says nothing, which means that \
         it is not",
        |_, it| {
            let on = it.gcp.as_ref().and_then(|gcp| gcp.deletion_protection);
            FactValue::or_null(on, FactValue::Bool)
        },
    )
    .or_null(),
    fact(
        "cache.gcp.maintenance_starts",
        Text,
        "when maintenance that is announced begins; null where none is",
        |_, it| {
            let starts = it.gcp.as_ref().and_then(|gcp| gcp.maintenance_starts);
            FactValue::or_null(starts, |at| FactValue::text(at.to_string()))
        },
    )
    .or_null(),
    fact(
        "cache.gcp.maintenance_days_left",
        Int,
        "days until then, negative once it has begun",
        |world, it| {
            let starts = it.gcp.as_ref().and_then(|gcp| gcp.maintenance_starts);
            FactValue::or_null(starts, |at| FactValue::Int(world.judged_at.days_until(at)))
        },
    )
    .or_null(),
    fact(
        "cache.gcp.authorities",
        Int,
        "how many certificate authorities it lists that have not ended",
        |world, it| authorities(world, it, |valid| FactValue::count(valid.len())),
    ),
    fact(
        "cache.gcp.first_authority_days_left",
        Int,
        "days until the first of them ends, which clients may trust alone; null if it lists none",
        |world, it| {
            authorities(world, it, |valid| {
                let first = valid.iter().map(|authority| authority.expires).min();
                FactValue::or_null(first, |at| FactValue::Int(world.judged_at.days_until(at)))
            })
        },
    )
    .or_null(),
];

/// States of a key in which nothing can be read with it.
///
/// Source: `google/cloud/redis/cluster/v1/cloud_redis_cluster.proto`,
/// "EncryptionInfo.KmsKeyState".
const UNUSABLE: &[&str] = &[
    "BILLING_DISABLED",
    "DESTROYED",
    "DESTROY_SCHEDULED",
    "DISABLED",
    "EKM_KEY_UNREACHABLE_DETECTED",
    "PERMISSION_DENIED",
];

/// States of a migration that has not ended.
///
/// Source: `google/cloud/memorystore/v1/memorystore.proto`, "MigrationConfig.State".
const UNDER_WAY: &[&str] = &["REPLICATION_ESTABLISHED", "ROLLING_BACK"];

/// Whether a word of the cloud is one of those that mean yes, or no; null
/// where there is none.
fn told<'a>(
    cache: &'a Cache,
    what: &str,
    word: Option<&str>,
    yes: &[&str],
    no: &[&str],
) -> FactValue<'a> {
    FactValue::or_null(word, |word| {
        if yes.contains(&word) || no.contains(&word) {
            return FactValue::Bool(yes.contains(&word));
        }
        let message = format!("the word `{word}` is not understood");
        FactValue::unknown(gap_about(cache, what, GapReason::Unmodelled, message))
    })
}

/// What `read` makes of what only Google Cloud has; an empty list where the
/// cache is of another cloud.
fn list<'a>(cache: &'a Cache, read: impl FnOnce(&'a GcpCache) -> FactValue<'a>) -> FactValue<'a> {
    cache
        .gcp
        .as_ref()
        .map_or_else(|| FactValue::List(vec![]), read)
}

/// What `read` makes of the authorities that have not ended.
fn authorities<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl FnOnce(Vec<&'a Authority>) -> FactValue<'a>,
) -> FactValue<'a> {
    match &cache.gcp {
        None => read(vec![]),
        Some(gcp) => FactValue::of(&gcp.authorities, |all| {
            let valid = all.iter().filter(|it| world.judged_at <= it.expires);
            read(valid.collect())
        }),
    }
}

/// The end after which no authority of a cache is valid: none where the
/// provider renews them without the client's doing, unknown where they were
/// not read.
pub(super) fn authority_end<'a>(
    cache: &'a Cache,
    read: impl FnOnce(cachewarden_model::Timestamp) -> FactValue<'a>,
) -> FactValue<'a> {
    let unread = cache.gcp.as_ref().and_then(|gcp| gcp.authorities.gap());
    match (cache.authority_expires, unread) {
        (Some(end), _) => read(end),
        (None, Some(gap)) => FactValue::Unknown(vec![std::borrow::Cow::Borrowed(gap)]),
        (None, None) => FactValue::Null,
    }
}

/// Whether a cache is on Google Cloud.
fn on_gcp(cache: &Cache) -> bool {
    cache.provider == Provider::Gcp
}

/// The last part of a name: `net-1` of `projects/shop/global/networks/net-1`.
fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// The project of a relative name: `shop` of `projects/shop/global/…`.
fn project(id: &str) -> Option<&str> {
    let mut parts = id.split('/');
    parts.find(|part| *part == "projects")?;
    parts.next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_project_and_a_last_part() {
        let network = "projects/shop/global/networks/net-1";
        assert_eq!((project(network), last(network)), (Some("shop"), "net-1"));
        let cache = "//redis.googleapis.com/projects/shop/locations/europe-west1/instances/a";
        assert_eq!((project(cache), last(cache)), (Some("shop"), "a"));
        let policy = "locations/global/firewallPolicies/1";
        assert_eq!((project(policy), last(policy)), (None, "1"));
        assert_eq!((project("projects/"), last("projects/")), (None, ""));
    }
}
