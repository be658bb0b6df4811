//! Caches, and what hangs on each of them.

use cachewarden_model::AccountId;
use cachewarden_provider::Listing;
use futures_util::future::join_all;
use serde_json::Value;

use super::Gathered;
use super::ask::{Absent, Ask};
use crate::operation::Operation;
use crate::wire::redis::stripped;

/// An Azure Cache for Redis, and the lists that hang on it.
#[derive(Debug, Clone)]
pub(crate) struct Redis {
    pub(crate) account: AccountId,
    pub(crate) value: Value,
    pub(crate) firewall: Listing<Value>,
    pub(crate) schedules: Listing<Value>,
    /// Asked for only where the cache names links.
    pub(crate) links: Listing<Value>,
    /// Asked for only where identities are admitted.
    pub(crate) assignments: Listing<Value>,
    /// Asked for only where an assignment names a policy of the owner's.
    pub(crate) policies: Listing<Value>,
    /// Diagnostic settings.
    pub(crate) settings: Listing<Value>,
}

/// A cluster of Redis Enterprise or Azure Managed Redis.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) account: AccountId,
    pub(crate) value: Value,
    pub(crate) databases: Listing<Database>,
}

/// A database of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Database {
    pub(crate) value: Value,
    /// Asked for only in Azure Managed Redis; the former service has none.
    pub(crate) assignments: Listing<Value>,
    /// Diagnostic settings: logs of a cluster are those of its databases.
    ///
    /// Source: Azure Monitor, supported logs of
    /// `Microsoft.Cache/redisEnterprise/databases`.
    pub(crate) settings: Listing<Value>,
}

/// Where the diagnostic settings of a resource are listed.
///
/// Source: Azure Monitor REST API, "Diagnostic Settings - List".
const SETTINGS: &str = "providers/Microsoft.Insights/diagnosticSettings";

/// Policies that every cache has.
///
/// Source: Azure Cache for Redis, "Configure a custom data access policy".
pub(crate) const BUILTIN_POLICIES: [&str; 3] = ["Data Owner", "Data Contributor", "Data Reader"];

/// All caches of Azure Cache for Redis.
pub(super) async fn redis(ask: &Ask<'_>, accounts: &[AccountId]) -> Gathered<Redis> {
    let kind = "Microsoft.Cache/redis";
    let listed = ask.everywhere(Operation::Redis, kind, accounts).await;
    let read = listed
        .items
        .into_iter()
        .map(|(account, value)| one_redis(ask, account, value));
    Gathered {
        items: join_all(read).await,
        gaps: listed.gaps,
    }
}

async fn one_redis(ask: &Ask<'_>, account: AccountId, value: Value) -> Redis {
    let value = stripped(value);
    let child = async |operation: Operation, name: &str, wanted: bool, absent: Absent| {
        let id = value.get("id").and_then(Value::as_str);
        match id.filter(|_| wanted) {
            Some(id) => {
                let path = format!("{id}/{name}");
                ask.list(operation, &account, &path, absent).await
            }
            None => Listing::empty(),
        }
    };
    let links = value.pointer("/properties/linkedServers");
    let linked = links
        .and_then(Value::as_array)
        .is_some_and(|it| !it.is_empty());
    let (firewall, schedules, links, assignments, settings) = tokio::join!(
        child(
            Operation::FirewallRules,
            "firewallRules",
            true,
            Absent::IsAnError
        ),
        // A cache without a schedule answers 404.
        child(
            Operation::PatchSchedules,
            "patchSchedules",
            true,
            Absent::IsEmpty
        ),
        child(
            Operation::LinkedServers,
            "linkedServers",
            linked,
            Absent::IsAnError
        ),
        child(
            Operation::PolicyAssignments,
            "accessPolicyAssignments",
            admits_identities(&value),
            Absent::IsAnError
        ),
        child(
            Operation::DiagnosticSettings,
            SETTINGS,
            true,
            Absent::IsAnError
        ),
    );
    let own = assignments.items.iter().any(|it| {
        let policy = it.pointer("/properties/accessPolicyName");
        policy
            .and_then(Value::as_str)
            .is_some_and(|it| !BUILTIN_POLICIES.contains(&it))
    });
    let policies = child(
        Operation::AccessPolicies,
        "accessPolicies",
        own,
        Absent::IsAnError,
    )
    .await;
    Redis {
        account,
        firewall,
        schedules,
        links,
        assignments,
        policies,
        settings,
        value,
    }
}

/// `aad-enabled`, a text that is `true` or `True`.
pub(crate) fn admits_identities(value: &Value) -> bool {
    value
        .pointer("/properties/redisConfiguration/aad-enabled")
        .is_some_and(|it| match it {
            Value::String(text) => text.eq_ignore_ascii_case("true"),
            other => other == &Value::Bool(true),
        })
}

/// All clusters of Redis Enterprise and Azure Managed Redis.
pub(super) async fn clusters(ask: &Ask<'_>, accounts: &[AccountId]) -> Gathered<Cluster> {
    let kind = "Microsoft.Cache/redisEnterprise";
    let listed = ask.everywhere(Operation::Enterprise, kind, accounts).await;
    let read = listed
        .items
        .into_iter()
        .map(|(account, value)| one_cluster(ask, account, value));
    Gathered {
        items: join_all(read).await,
        gaps: listed.gaps,
    }
}

async fn one_cluster(ask: &Ask<'_>, account: AccountId, value: Value) -> Cluster {
    let Some(id) = value.get("id").and_then(Value::as_str) else {
        let databases = Listing::empty();
        return Cluster {
            account,
            value,
            databases,
        };
    };
    let path = format!("{id}/databases");
    let listing = ask
        .list(Operation::Databases, &account, &path, Absent::IsAnError)
        .await;
    let managed = is_managed(&value);
    let account = &account;
    let read = listing.items.into_iter().map(|it| async move {
        let id = it.get("id").and_then(Value::as_str);
        let child = async |operation: Operation, name: &str, wanted: bool| match id {
            Some(id) if wanted => {
                let path = format!("{id}/{name}");
                ask.list(operation, account, &path, Absent::IsAnError).await
            }
            _ => Listing::empty(),
        };
        let (assignments, settings) = tokio::join!(
            child(
                Operation::DatabaseAssignments,
                "accessPolicyAssignments",
                managed
            ),
            child(Operation::DiagnosticSettings, SETTINGS, true),
        );
        Database {
            assignments,
            settings,
            value: it,
        }
    });
    let databases = Listing {
        items: join_all(read).await,
        gap: listing.gap,
    };
    Cluster {
        account: account.clone(),
        value,
        databases,
    }
}

/// Whether a cluster is one of Azure Managed Redis, by the name of its size:
/// `kind` is told by newer versions alone.
pub(crate) fn is_managed(value: &Value) -> bool {
    let size = value.pointer("/sku/name").and_then(Value::as_str);
    size.is_some_and(|it| !it.starts_with("Enterprise_") && !it.starts_with("EnterpriseFlash_"))
}
