//! Users and groups of users. Never a password.

use aws_sdk_elasticache::types::{User, UserGroup as ElastiCacheGroup};
use aws_sdk_memorydb::types::{Acl, User as MemoryDbUser};
use cachewarden_model::{CacheUser, Fact, Gap, Provider, Service, UserAuthentication, UserGroup};

use super::cache::{count, stated};
use super::words::ids;
use crate::operation::Operation;
use crate::place::Place;

/// What a user or group is called and in which state it is, in whatever
/// service.
struct Told<'a> {
    place: &'a Place,
    operation: Operation,
    service: Service,
    /// The field with its id, and the id.
    id: (&'static str, Option<&'a str>),
    status: Option<&'a str>,
}

impl Told<'_> {
    fn id(&self, element: &str) -> Result<&str, Box<Gap>> {
        let (field, id) = self.id;
        id.ok_or_else(|| self.place.broken(self.operation, element, field))
    }

    fn status(&self) -> String {
        self.status.unwrap_or("not-stated").to_owned()
    }

    /// A user.
    ///
    /// # Errors
    ///
    /// If it has no id.
    fn user(
        &self,
        name: Option<&str>,
        access: Option<&str>,
        kind: Option<&str>,
        passwords: Option<i32>,
    ) -> Result<CacheUser, Box<Gap>> {
        let id = self.id("a user")?;
        let access = access.map(without_secrets);
        Ok(CacheUser {
            id: id.into(),
            name: name.unwrap_or(id).to_owned(),
            provider: Provider::Aws,
            account: self.place.account.clone(),
            region: self.place.region.clone(),
            service: self.service,
            status: self.status(),
            access: stated(self.place, self.operation, "AccessString", access),
            authentication: proof(self.place, self.operation, kind, passwords),
        })
    }

    /// A group of users; the lists are of its members, of those that are
    /// added and of those that are removed.
    ///
    /// # Errors
    ///
    /// If it has no id.
    fn group(
        &self,
        element: &str,
        engine: Option<&str>,
        [users, adding, removing]: [&[String]; 3],
    ) -> Result<UserGroup, Box<Gap>> {
        let list = |texts: &[String]| ids(texts.iter().map(String::as_str));
        Ok(UserGroup {
            id: self.id(element)?.into(),
            provider: Provider::Aws,
            account: self.place.account.clone(),
            region: self.place.region.clone(),
            service: self.service,
            engine: engine.map(str::to_owned),
            status: self.status(),
            users: list(users),
            adding: list(adding),
            removing: list(removing),
        })
    }
}

/// A user of ElastiCache.
///
/// # Errors
///
/// If it has no id.
pub(super) fn user(place: &Place, user: &User) -> Result<CacheUser, Box<Gap>> {
    let authentication = user.authentication();
    let told = Told {
        place,
        operation: Operation::DescribeElastiCacheUsers,
        service: Service::ElastiCache,
        id: ("UserId", user.user_id()),
        status: user.status(),
    };
    told.user(
        user.user_name(),
        user.access_string(),
        authentication.and_then(|it| Some(it.r#type()?.as_str())),
        authentication.and_then(|it| it.password_count()),
    )
}

/// A user of MemoryDB.
///
/// # Errors
///
/// If it has no name.
pub(super) fn memorydb_user(place: &Place, user: &MemoryDbUser) -> Result<CacheUser, Box<Gap>> {
    let authentication = user.authentication();
    let told = Told {
        place,
        operation: Operation::DescribeMemoryDbUsers,
        service: Service::MemoryDb,
        id: ("Name", user.name()),
        status: user.status(),
    };
    told.user(
        user.name(),
        user.access_string(),
        authentication.and_then(|it| Some(it.r#type()?.as_str())),
        authentication.and_then(|it| it.password_count()),
    )
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
    let changes = group.pending_changes();
    let told = Told {
        place,
        operation: Operation::DescribeUserGroups,
        service: Service::ElastiCache,
        id: ("UserGroupId", group.user_group_id()),
        status: group.status(),
    };
    let lists = [
        group.user_ids(),
        changes.map_or(&[], |it| it.user_ids_to_add()),
        changes.map_or(&[], |it| it.user_ids_to_remove()),
    ];
    told.group("a user group", group.engine(), lists)
}

/// An access control list of MemoryDB.
///
/// # Errors
///
/// If it has no name.
pub(super) fn acl(place: &Place, acl: &Acl) -> Result<UserGroup, Box<Gap>> {
    let changes = acl.pending_changes();
    let told = Told {
        place,
        operation: Operation::DescribeAcls,
        service: Service::MemoryDb,
        id: ("Name", acl.name()),
        status: acl.status(),
    };
    let lists = [
        acl.user_names(),
        changes.map_or(&[], |it| it.user_names_to_add()),
        changes.map_or(&[], |it| it.user_names_to_remove()),
    ];
    told.group("an access control list", None, lists)
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
