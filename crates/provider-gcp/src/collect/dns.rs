//! Records of private zones, and rules of response policies.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::Value;

use super::ask::{Ask, List, Shape};
use super::{Estate, Found};
use crate::operation::Operation;
use crate::wire::dns::{ResponsePolicy, Zone};

/// By the id of the zone or policy: one list each, of those alone that a
/// network sees.
pub(super) async fn records(ask: &Ask<'_>, estate: &Estate) -> BTreeMap<String, Found<Value>> {
    let zones = estate
        .rows(Operation::Zones)
        .filter_map(|(account, value)| {
            let zone = Zone::deserialize(value).ok()?;
            let seen = zone.visibility.as_deref() == Some("private")
                && !zone.private_visibility_config.networks.is_empty();
            let path = format!("projects/{account}/managedZones/{}", zone.name);
            seen.then_some((account, path, Operation::Records, "rrsets"))
        });
    let policies = estate.rows(Operation::ResponsePolicies);
    let policies = policies.filter_map(|(account, value)| {
        let policy = ResponsePolicy::deserialize(value).ok()?;
        let path = format!(
            "projects/{account}/responsePolicies/{}",
            policy.response_policy_name
        );
        let seen = !policy.networks.is_empty();
        seen.then_some((account, path, Operation::ResponseRules, "rules"))
    });
    let read = zones
        .chain(policies)
        .map(|(account, id, operation, list)| async move {
            let Some(project) = estate.projects.iter().find(|it| it.id == *account) else {
                return (id, Found::default());
            };
            let shape = match operation {
                Operation::ResponseRules => Shape::Named("responsePolicyRules"),
                _ => Shape::Named("rrsets"),
            };
            let list = List {
                operation,
                path: format!("{id}/{list}"),
                query: vec![],
                shape,
            };
            (id, ask.list(project, &list).await)
        });
    join_all(read).await.into_iter().collect()
}
