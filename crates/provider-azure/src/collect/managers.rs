//! Virtual Network Manager: administrator rules that stand above security
//! groups.

use cachewarden_model::AccountId;
use cachewarden_provider::Listing;
use futures_util::future::join_all;
use serde_json::Value;

use super::Estate;
use super::ask::{Absent, Ask};
use crate::operation::Operation;

/// A network manager that may give administrator rules.
#[derive(Debug, Clone)]
pub(crate) struct Manager {
    pub(crate) account: AccountId,
    pub(crate) value: Value,
    /// Its rules, all configurations and collections together; a gap where
    /// some could not be read.
    pub(crate) rules: Listing<Value>,
    /// How many configurations it has; none if they could not be read.
    pub(crate) configurations: Option<usize>,
}

/// The managers with the feature `SecurityAdmin`, and their rules.
///
/// Source: Azure Virtual Network Manager, "Security admin rules".
pub(super) async fn read(ask: &Ask<'_>, estate: &Estate) -> Vec<Manager> {
    let rows = estate.graph.rows(Operation::NetworkManagers).iter();
    let asked = rows.filter(|it| may_rule(it)).filter_map(|row| {
        let id = row.get("id")?.as_str()?;
        let account = AccountId::from(row.get("subscriptionId")?.as_str()?);
        Some(async move {
            let (configurations, rules) = rules(ask, &account, id).await;
            Manager {
                account,
                value: row.clone(),
                rules,
                configurations,
            }
        })
    });
    join_all(asked).await
}

/// Whether a manager has the feature; what does not tell may have it.
fn may_rule(row: &Value) -> bool {
    let accesses = row
        .pointer("/properties/networkManagerScopeAccesses")
        .and_then(Value::as_array);
    accesses.is_none_or(|list| {
        list.iter()
            .filter_map(Value::as_str)
            .any(|it| it.eq_ignore_ascii_case("SecurityAdmin"))
    })
}

async fn rules(ask: &Ask<'_>, account: &AccountId, id: &str) -> (Option<usize>, Listing<Value>) {
    let path = format!("{id}/securityAdminConfigurations");
    let operation = Operation::AdminConfigurations;
    let configurations = ask.list(operation, account, &path, Absent::IsAnError).await;
    let count = configurations
        .gap
        .is_none()
        .then_some(configurations.items.len());
    let collections = below(
        ask,
        account,
        Operation::AdminCollections,
        configurations,
        "ruleCollections",
    )
    .await;
    let rules = below(ask, account, Operation::AdminRules, collections, "rules").await;
    (count, rules)
}

/// The children of all that was listed; one gap makes the whole incomplete.
async fn below(
    ask: &Ask<'_>,
    account: &AccountId,
    operation: Operation,
    parents: Listing<Value>,
    name: &str,
) -> Listing<Value> {
    let ids = parents.items.iter().filter_map(|it| it.get("id")?.as_str());
    let asked = ids.map(|id| async move {
        let path = format!("{id}/{name}");
        ask.list(operation, account, &path, Absent::IsAnError).await
    });
    let mut all = Listing {
        items: vec![],
        gap: parents.gap,
    };
    for listing in join_all(asked).await {
        all.items.extend(listing.items);
        all.gap = all.gap.or(listing.gap);
    }
    all
}
