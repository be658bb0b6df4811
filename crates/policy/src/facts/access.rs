//! Facts of a cache about who may log in, and about the other members of its
//! global datastore.

use std::collections::BTreeSet;

use cachewarden_model::cache::Cache;
use cachewarden_model::{Fact, Gap, GapReason};

use super::cache::fact;
use super::user::switched_on;
use super::world::{Gaps, gap_about};
use super::{FactDef, FactType, FactValue, World};

use FactType::{Int, List, Words};

/// In what the members of a global datastore may differ for a client.
const DIFFERENCES: &[&str] = &[
    "transit_encryption",
    "authentication",
    "port",
    "engine_version",
];

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.users",
        List,
        "names of the users that its groups hold",
        |world, it| match world.cache_users(it) {
            Ok(users) => {
                let names: BTreeSet<&str> = users.iter().map(|user| user.name.as_str()).collect();
                FactValue::list(names)
            }
            Err(gaps) => FactValue::Unknown(gaps),
        },
    ),
    fact(
        "cache.enabled_users",
        Int,
        "how many of these users are switched on; unknown only if none is known to be",
        enabled_users,
    ),
    fact(
        "cache.global.differences",
        Words(DIFFERENCES),
        "in what members of its global datastore differ for a client; null if it is in none",
        differences,
    )
    .or_null(),
];

fn enabled_users<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let users = match world.cache_users(cache) {
        Ok(users) => users,
        Err(gaps) => return FactValue::Unknown(gaps),
    };
    let mut enabled = 0_u32;
    let mut unknown: Gaps<'a> = vec![];
    for user in users {
        match user.access.get() {
            Ok(access) => enabled += u32::from(switched_on(access)),
            Err(gap) => unknown.push(std::borrow::Cow::Borrowed(gap)),
        }
    }
    if enabled == 0 && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    FactValue::count(enabled)
}

/// Source: Amazon ElastiCache User Guide, "Global datastores": after a
/// failover clients meet what was a secondary.
fn differences<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let Some(name) = cache
        .aws
        .as_ref()
        .and_then(|aws| aws.global_datastore.as_deref())
    else {
        return FactValue::Null;
    };
    let others: Vec<&Cache> = world
        .siblings(name)
        .iter()
        .copied()
        .filter(|other| other.id != cache.id)
        .collect();
    if others.is_empty() {
        let message = format!("no other member of the global datastore {name} is in the snapshot");
        return FactValue::unknown(gap_about(cache, name, GapReason::NotCollected, message));
    }
    let mut found = BTreeSet::new();
    let mut unknown: Gaps<'a> = vec![];
    for other in others {
        let mut compare = |what: &'static str, same: Result<bool, &'a Gap>| match same {
            Ok(true) => {}
            Ok(false) => {
                found.insert(what);
            }
            Err(gap) => unknown.push(std::borrow::Cow::Borrowed(gap)),
        };
        compare(
            "transit_encryption",
            equal(&cache.transit_encryption, &other.transit_encryption),
        );
        compare(
            "engine_version",
            equal(&cache.engine_version, &other.engine_version),
        );
        let logins = cache.authentication.get().and_then(|own| {
            let other = other.authentication.get()?;
            Ok(own.token == other.token
                && own.groups.is_empty() == other.groups.is_empty()
                && own.identity == other.identity)
        });
        compare("authentication", logins);
        let ports = |cache: &Cache| {
            cache
                .endpoints
                .iter()
                .map(|it| it.port)
                .collect::<BTreeSet<u16>>()
        };
        compare("port", Ok(ports(cache) == ports(other)));
    }
    if found.is_empty() && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    FactValue::list(found)
}

fn equal<'a, T: PartialEq>(left: &'a Fact<T>, right: &'a Fact<T>) -> Result<bool, &'a Gap> {
    Ok(left.get()? == right.get()?)
}
