//! Who may log in by an identity: assignments of access policies.

use std::collections::BTreeMap;

use cachewarden_model::{
    CacheUser, Fact, Gap, GapReason, Noun, Provider, Service, UserAuthentication,
};
use serde_json::Value;

use super::connection::word;
use super::{gap, read, region};
use crate::collect::{Cluster, Redis};
use crate::operation::Operation;
use crate::wire::redis::{RedisCacheAccessPolicy, RedisCacheAccessPolicyAssignment};
use crate::wire::{Child, enterprise};

/// What the built-in policies allow.
///
/// Source: Azure Cache for Redis, "Configure a custom data access policy".
const BUILTIN: [(&str, &str); 3] = [
    ("Data Owner", "+@all allkeys"),
    (
        "Data Contributor",
        "+@all -@dangerous +cluster|info +cluster|nodes +cluster|slots allkeys",
    ),
    (
        "Data Reader",
        "+@read +@connection +cluster|info +cluster|nodes +cluster|slots allkeys",
    ),
];

/// Assignments of an Azure Cache for Redis.
pub(super) fn of_redis(redis: &Redis) -> Vec<Result<CacheUser, Box<Gap>>> {
    let account = &redis.account;
    let own = own_policies(redis);
    let one = |value: &Value| {
        const WHAT: Operation = Operation::PolicyAssignments;
        let wire: RedisCacheAccessPolicyAssignment = read(account, WHAT, value, &[Noun::Users])?;
        let unread = |message: &str| {
            let mut gap = gap(account, WHAT, GapReason::Damaged, message.to_owned());
            gap.hides = WHAT.hides().to_vec();
            gap
        };
        let properties = wire
            .properties
            .ok_or_else(|| Box::new(unread("an assignment lacks its properties")))?;
        let policy = properties.access_policy_name.as_str();
        let builtin = BUILTIN.iter().find(|(name, _)| *name == policy);
        Ok(CacheUser {
            id: wire.proxy_resource.resource.id.unwrap_or_default().into(),
            // What a client logs in with.
            name: properties.object_id.clone(),
            provider: Provider::Azure,
            account: account.clone(),
            region: region(&redis.value),
            service: Service::AzureCache,
            status: properties
                .provisioning_state
                .as_ref()
                .and_then(word)
                .unwrap_or_default(),
            access: match (builtin, own.get(policy)) {
                (Some((_, access)), _) => Fact::Default((*access).to_owned()),
                (None, Some(access)) => Fact::Known(access.clone()),
                (None, None) => Fact::unknown(match &redis.policies.gap {
                    Some(gap) => gap.clone(),
                    None => unread("an assignment names a policy that is not listed"),
                }),
            },
            authentication: Fact::Known(UserAuthentication::Identity),
        })
    };
    redis.assignments.items.iter().map(one).collect()
}

/// What policies of the owner's allow, by their names.
fn own_policies(redis: &Redis) -> BTreeMap<String, String> {
    let policies = redis.policies.items.iter();
    let read = policies.filter_map(|it| {
        let policy: RedisCacheAccessPolicy = serde_json::from_value(it.clone()).ok()?;
        let name = policy.proxy_resource.resource.name?;
        Some((
            super::last(&name).to_owned(),
            policy.properties?.permissions,
        ))
    });
    read.collect()
}

/// Assignments of all databases of a cluster.
pub(super) fn of_cluster(cluster: &Cluster) -> Vec<Result<CacheUser, Box<Gap>>> {
    let account = &cluster.account;
    let one = |value: &Value| {
        const WHAT: Operation = Operation::DatabaseAssignments;
        let wire: Child<enterprise::Assignment> = read(account, WHAT, value, &[Noun::Users])?;
        let properties = wire.properties;
        let full = properties.access_policy_name.as_deref() == Some("default");
        let untold = || {
            let message = "what an assignment allows is not told".to_owned();
            gap(account, WHAT, GapReason::NotOffered, message)
        };
        Ok(CacheUser {
            id: wire.id.unwrap_or_default().into(),
            name: properties.user.object_id,
            provider: Provider::Azure,
            account: account.clone(),
            region: region(&cluster.value),
            service: Service::AzureManaged,
            status: properties.provisioning_state.unwrap_or_default(),
            access: match properties.access_string {
                Some(access) => Fact::Known(access),
                None if full => Fact::Default("+@all allkeys".to_owned()),
                None => Fact::unknown(untold()),
            },
            authentication: Fact::Known(UserAuthentication::Identity),
        })
    };
    let databases = cluster.databases.items.iter();
    databases
        .flat_map(|it| &it.assignments.items)
        .map(one)
        .collect()
}
