//! What a client must bring to a cache, and whether one that brings nothing
//! is let in.
//!
//! Source: Amazon ElastiCache User Guide, "Authenticating with the AUTH
//! command" and "Role-Based Access Control (RBAC)"; MemoryDB Developer
//! Guide, "Authenticating users with Access Control Lists".

mod memorydb;
#[cfg(test)]
mod tests;

use aws_sdk_elasticache::types::{User, UserGroup};
use cachewarden_model::{Authentication, Engine, Fact};

use super::Around;
use super::cache::not_listed;
use super::words::ids;
use crate::operation::Operation;

pub(super) use memorydb::of_memorydb;

/// The name of the user that a client is without a name.
const DEFAULT_USER: &str = "default";

/// What a client must bring, and whether it may bring nothing.
pub(super) struct Admission {
    pub(super) authentication: Fact<Authentication>,
    pub(super) anonymous: Fact<bool>,
}

/// Of a cache of ElastiCache: a token, or user groups, or neither.
///
/// `token_status` is the change of the token that is under way. A first
/// token that is only rotated in stays optional until it is set; while
/// `ROTATING`, AWS does not tell whether one was set before.
pub(super) fn of_elasticache(
    around: &Around<'_>,
    groups: &[String],
    token: Option<bool>,
    token_status: Option<&str>,
    engine: &Fact<Engine>,
) -> Admission {
    if !groups.is_empty() {
        return of_groups(around, groups, engine);
    }
    let token_set = token.unwrap_or(false);
    let plain = Authentication {
        token: token_set,
        ..Authentication::default()
    };
    let operation = Operation::DescribeReplicationGroups;
    let anonymous = match (token, token_status) {
        (Some(true), Some("ROTATING")) => around.place.not_offered(
            operation,
            "a token is being rotated in; whether one had been set before is not told",
        ),
        (Some(token), _) => Fact::Known(!token),
        (None, _) => Fact::Default(true),
    };
    let authentication = match token {
        Some(_) => Fact::Known(plain),
        None => Fact::Default(plain),
    };
    Admission {
        authentication,
        anonymous,
    }
}

/// By user groups, of which a cache has one.
fn of_groups(around: &Around<'_>, names: &[String], engine: &Fact<Engine>) -> Admission {
    let mut admission = Admission {
        authentication: Fact::Known(Authentication {
            groups: ids(names.iter().map(String::as_str)),
            ..Authentication::default()
        }),
        anonymous: Fact::Known(false),
    };
    for name in names {
        let (group, users) = match members(around, name) {
            Ok(found) => found,
            Err(gap) => {
                return Admission {
                    authentication: gap.clone().map(|()| Authentication::default()),
                    anonymous: gap.map(|()| false),
                };
            }
        };
        let by_identity = users.iter().any(|user| kind(user) == Some("iam"));
        admission.authentication = admission.authentication.map(|mut it| {
            it.identity |= by_identity;
            it
        });
        let its_engine = group.engine().or(engine.value().map(|it| match it {
            Engine::Redis => "redis",
            Engine::Valkey => "valkey",
        }));
        let here = match its_engine {
            // Valkey's groups take no users without password, and switch the
            // default user off where they lack it.
            Some("valkey") => Fact::Known(false),
            Some("redis") => default_user(around, &users),
            Some(word) => around
                .place
                .unmodelled(Operation::DescribeUserGroups, "Engine", word),
            None => around
                .place
                .unstated(Operation::DescribeUserGroups, "Engine"),
        };
        admission.anonymous = either(admission.anonymous, here);
    }
    admission
}

/// True if one of them is; else what is not known; else false.
fn either(one: Fact<bool>, other: Fact<bool>) -> Fact<bool> {
    match (one.value(), other.value()) {
        (Some(true), _) => one,
        (_, Some(true)) => other,
        (None, _) => one,
        _ => other,
    }
}

/// A user group and all of its users.
fn members<'a>(
    around: &Around<'a>,
    name: &str,
) -> Result<(&'a UserGroup, Vec<&'a User>), Fact<()>> {
    let groups = &around.details.user_groups;
    let group = groups
        .items
        .iter()
        .find(|it| it.user_group_id() == Some(name));
    let missing = || {
        not_listed(
            around.place,
            Operation::DescribeUserGroups,
            groups.gap.as_ref(),
            name,
        )
    };
    let group = group.ok_or_else(missing)?;
    let users = &around.details.users;
    let found = group.user_ids().iter().map(|id| {
        let user = users
            .items
            .iter()
            .find(|it| it.user_id() == Some(id.as_str()));
        let operation = Operation::DescribeElastiCacheUsers;
        user.ok_or_else(|| not_listed(around.place, operation, users.gap.as_ref(), id))
    });
    Ok((group, found.collect::<Result<_, _>>()?))
}

fn kind(user: &User) -> Option<&str> {
    user.authentication()?.r#type().map(|it| it.as_str())
}

/// Whether a client without a name is let in by the user `default` of a
/// group for Redis; each such group has one.
fn default_user(around: &Around<'_>, users: &[&User]) -> Fact<bool> {
    let operation = Operation::DescribeElastiCacheUsers;
    let user = users
        .iter()
        .find(|user| user.user_name() == Some(DEFAULT_USER));
    let Some(user) = user else {
        return around
            .place
            .not_offered(operation, "the user group has no user named `default`");
    };
    match (kind(user), user.access_string()) {
        (Some("no-password"), Some(access)) => Fact::Known(is_on(access)),
        (Some("no-password"), None) => around.place.unstated(operation, "AccessString"),
        (Some("password" | "iam"), _) => Fact::Known(false),
        (Some(word), _) => around
            .place
            .unmodelled(operation, "Authentication.Type", word),
        (None, _) => around.place.unstated(operation, "Authentication.Type"),
    }
}

/// Whether an access string lets its user in: `on` has to be said.
///
/// Source: Amazon ElastiCache User Guide, "Specifying permissions using an
/// access string".
fn is_on(access: &str) -> bool {
    let mut switch = access
        .split_ascii_whitespace()
        .filter(|word| matches!(*word, "on" | "off"));
    switch.next_back() == Some("on")
}

/// Of a serverless cache: a user group, or nothing. There is no token.
pub(super) fn of_serverless(
    around: &Around<'_>,
    group: Option<&str>,
    engine: &Fact<Engine>,
) -> Admission {
    match group.filter(|group| !group.is_empty()) {
        Some(group) => of_groups(around, &[group.to_owned()], engine),
        None => Admission {
            authentication: Fact::Known(Authentication::default()),
            anonymous: Fact::Known(true),
        },
    }
}
