//! Users and groups of users. Never a password.

use aws_sdk_elasticache::types::{User, UserGroup as ElastiCacheGroup};
use aws_sdk_memorydb::types::{Acl, User as MemoryDbUser};
use cachewarden_model::{CacheUser, Fact, Gap, Provider, Service, UserAuthentication, UserGroup};

use super::cache::{count, stated};
use super::words::ids;
use crate::operation::Operation;
use crate::place::Place;

/// A user of ElastiCache.
///
/// # Errors
///
/// If it has no id.
pub(super) fn user(place: &Place, user: &User) -> Result<CacheUser, Box<Gap>> {
    let operation = Operation::DescribeElastiCacheUsers;
    let id = user
        .user_id()
        .ok_or_else(|| place.broken(operation, "a user", "UserId"))?;
    let authentication = user.authentication();
    Ok(CacheUser {
        id: id.into(),
        name: user.user_name().unwrap_or(id).to_owned(),
        provider: Provider::Aws,
        account: place.account.clone(),
        region: place.region.clone(),
        service: Service::ElastiCache,
        status: user.status().unwrap_or("not-stated").to_owned(),
        access: stated(
            place,
            operation,
            "AccessString",
            user.access_string().map(without_secrets),
        ),
        authentication: proof(
            place,
            operation,
            authentication
                .and_then(|it| it.r#type())
                .map(|it| it.as_str()),
            authentication.and_then(|it| it.password_count()),
        ),
    })
}

/// A user of MemoryDB.
///
/// # Errors
///
/// If it has no name.
pub(super) fn memorydb_user(place: &Place, user: &MemoryDbUser) -> Result<CacheUser, Box<Gap>> {
    let operation = Operation::DescribeMemoryDbUsers;
    let name = user
        .name()
        .ok_or_else(|| place.broken(operation, "a user", "Name"))?;
    let authentication = user.authentication();
    Ok(CacheUser {
        id: name.into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        account: place.account.clone(),
        region: place.region.clone(),
        service: Service::MemoryDb,
        status: user.status().unwrap_or("not-stated").to_owned(),
        access: stated(
            place,
            operation,
            "AccessString",
            user.access_string().map(without_secrets),
        ),
        authentication: proof(
            place,
            operation,
            authentication
                .and_then(|it| it.r#type())
                .map(|it| it.as_str()),
            authentication.and_then(|it| it.password_count()),
        ),
    })
}

/// How a user proves itself.
fn proof(
    place: &Place,
    operation: Operation,
    kind: Option<&str>,
    passwords: Option<i32>,
) -> Fact<UserAuthentication> {
    match (kind, count(passwords)) {
        (Some("password"), Some(count)) => Fact::Known(UserAuthentication::Password { count }),
        (Some("password"), None) => place.unstated(operation, "Authentication.PasswordCount"),
        (Some("no-password"), _) => Fact::Known(UserAuthentication::NoPassword),
        (Some("iam"), _) => Fact::Known(UserAuthentication::Identity),
        (Some(word), _) => Fact::Known(UserAuthentication::Other(word.to_owned())),
        (None, _) => place.unstated(operation, "Authentication.Type"),
    }
}

/// An access string without the words by which Redis takes passwords and
/// their hashes (`>secret`, `<secret`, `#hash`, `!hash`). AWS does not
/// return any; should that change, none is to pass here.
///
/// Source: Redis documentation, "ACL", "Commands, keys and passwords".
fn without_secrets(access: &str) -> String {
    let plain = |word: &&str| !word.starts_with(['>', '<', '#', '!']);
    access
        .split_ascii_whitespace()
        .filter(plain)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A user group of ElastiCache.
///
/// # Errors
///
/// If it has no id.
pub(super) fn group(place: &Place, group: &ElastiCacheGroup) -> Result<UserGroup, Box<Gap>> {
    let operation = Operation::DescribeUserGroups;
    let id = group.user_group_id();
    let id = id.ok_or_else(|| place.broken(operation, "a user group", "UserGroupId"))?;
    let changes = group.pending_changes();
    Ok(UserGroup {
        id: id.into(),
        provider: Provider::Aws,
        account: place.account.clone(),
        region: place.region.clone(),
        service: Service::ElastiCache,
        engine: group.engine().map(str::to_owned),
        status: group.status().unwrap_or("not-stated").to_owned(),
        users: list(group.user_ids()),
        adding: changes
            .map(|it| list(it.user_ids_to_add()))
            .unwrap_or_default(),
        removing: changes
            .map(|it| list(it.user_ids_to_remove()))
            .unwrap_or_default(),
    })
}

/// An access control list of MemoryDB.
///
/// # Errors
///
/// If it has no name.
pub(super) fn acl(place: &Place, acl: &Acl) -> Result<UserGroup, Box<Gap>> {
    let operation = Operation::DescribeAcls;
    let name = acl
        .name()
        .ok_or_else(|| place.broken(operation, "an access control list", "Name"))?;
    let changes = acl.pending_changes();
    Ok(UserGroup {
        id: name.into(),
        provider: Provider::Aws,
        account: place.account.clone(),
        region: place.region.clone(),
        service: Service::MemoryDb,
        engine: None,
        status: acl.status().unwrap_or("not-stated").to_owned(),
        users: list(acl.user_names()),
        adding: changes
            .map(|it| list(it.user_names_to_add()))
            .unwrap_or_default(),
        removing: changes
            .map(|it| list(it.user_names_to_remove()))
            .unwrap_or_default(),
    })
}

fn list(texts: &[String]) -> Vec<cachewarden_model::ResourceId> {
    ids(texts.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_passes() {
        assert_eq!(
            without_secrets("on >hunter2 #5e88 <old !gone ~app:* &* +@all nopass"),
            "on ~app:* &* +@all nopass"
        );
    }
}
