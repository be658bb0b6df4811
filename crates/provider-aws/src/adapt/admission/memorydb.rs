//! The same of MemoryDB.

use aws_sdk_memorydb::types::{Acl, Cluster, User as MemoryDbUser};
use cachewarden_model::{Authentication, Fact};

use super::{Admission, DEFAULT_USER, is_on};
use crate::adapt::Around;
use crate::adapt::cache::not_listed;
use crate::adapt::words::ids;
use crate::operation::Operation;

/// The access control list that lets everybody in; it cannot be changed.
const OPEN_ACCESS: &str = "open-access";

/// Of a cluster of MemoryDB: its access control list. Without TLS there is
/// only `open-access`.
pub(in crate::adapt) fn of_memorydb(around: &Around<'_>, cluster: &Cluster) -> Admission {
    let operation = Operation::DescribeClusters;
    let Some(name) = cluster.acl_name() else {
        return Admission {
            authentication: around.place.unstated(operation, "ACLName"),
            anonymous: around.place.unstated(operation, "ACLName"),
        };
    };
    let groups = ids([name]);
    if name == OPEN_ACCESS || cluster.tls_enabled() == Some(false) {
        let authentication = Authentication {
            groups,
            ..Authentication::default()
        };
        return Admission {
            authentication: Fact::Known(authentication),
            anonymous: Fact::Known(true),
        };
    }
    match acl_users(around, name) {
        Err(gap) => Admission {
            authentication: gap.clone().map(|()| Authentication::default()),
            anonymous: gap.map(|()| false),
        },
        Ok(users) => {
            let identity = users.iter().any(|user| memorydb_kind(user) == Some("iam"));
            let authentication = Authentication {
                token: false,
                groups,
                identity,
            };
            Admission {
                authentication: Fact::Known(authentication),
                anonymous: memorydb_default_user(around, &users),
            }
        }
    }
}

fn acl_users<'a>(around: &Around<'a>, name: &str) -> Result<Vec<&'a MemoryDbUser>, Fact<()>> {
    let details = &around.details.memorydb;
    let acl = details
        .acls
        .items
        .iter()
        .find(|it: &&Acl| it.name() == Some(name));
    let acl = acl.ok_or_else(|| {
        not_listed(
            around.place,
            Operation::DescribeAcls,
            details.acls.gap.as_ref(),
            name,
        )
    })?;
    let found = acl.user_names().iter().map(|id| {
        let user = details
            .users
            .items
            .iter()
            .find(|it| it.name() == Some(id.as_str()));
        let operation = Operation::DescribeMemoryDbUsers;
        user.ok_or_else(|| not_listed(around.place, operation, details.users.gap.as_ref(), id))
    });
    found.collect()
}

fn memorydb_kind(user: &MemoryDbUser) -> Option<&str> {
    user.authentication()?.r#type().map(|it| it.as_str())
}

/// Whether the list lets in a client without a name; it need not have a
/// user `default`, and an empty one lets nobody in.
fn memorydb_default_user(around: &Around<'_>, users: &[&MemoryDbUser]) -> Fact<bool> {
    let operation = Operation::DescribeMemoryDbUsers;
    let Some(user) = users.iter().find(|user| user.name() == Some(DEFAULT_USER)) else {
        return Fact::Known(false);
    };
    match (memorydb_kind(user), user.access_string()) {
        (Some("no-password"), Some(access)) => Fact::Known(is_on(access)),
        (Some("no-password"), None) => around.place.unstated(operation, "AccessString"),
        (Some("password" | "iam"), _) => Fact::Known(false),
        (Some(word), _) => around
            .place
            .unmodelled(operation, "Authentication.Type", word),
        (None, _) => around.place.unstated(operation, "Authentication.Type"),
    }
}
