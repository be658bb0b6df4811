//! Facts of a cache about encryption and logins.

use cachewarden_model::Provider;
use cachewarden_model::cache::{Authentication, Cache};

use super::cache::fact;
use super::words;
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, List, Word};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.transit_encryption",
        Word(words::TRANSIT),
        "whether connections are encrypted: `preferred` takes plaintext too",
        |_, it| {
            FactValue::of(&it.transit_encryption, |it| {
                FactValue::text(words::transit(*it))
            })
        },
    ),
    fact(
        "cache.at_rest_encryption",
        Word(words::AT_REST),
        "whether data on disk is encrypted, and whose key it is",
        |_, it| {
            FactValue::of(&it.at_rest_encryption, |it| {
                FactValue::text(words::at_rest(it))
            })
        },
    ),
    fact(
        "cache.authentication.token",
        Bool,
        "whether one secret serves all clients",
        |_, it| authentication(it, |how| FactValue::Bool(how.token)),
    ),
    fact(
        "cache.authentication.groups",
        List,
        "groups of users that it admits",
        |_, it| {
            authentication(it, |how| {
                FactValue::list(how.groups.iter().map(|id| id.as_str()))
            })
        },
    ),
    fact(
        "cache.authentication.identity",
        Bool,
        "whether tokens of the cloud's identity service are taken",
        |_, it| authentication(it, |how| FactValue::Bool(how.identity)),
    ),
    fact(
        "cache.anonymous_access",
        Bool,
        "whether a client that brings nothing is let in",
        |_, it| FactValue::of(&it.anonymous_access, |open| FactValue::Bool(*open)),
    ),
    fact(
        "cache.public_access",
        Word(words::PUBLIC_ACCESS),
        "whether it has an address on the internet",
        |_, it| {
            FactValue::of(&it.public_access, |it| {
                FactValue::text(words::public_access(*it))
            })
        },
    ),
    fact(
        "cache.tls_min",
        Word(words::TLS),
        "the lowest TLS version that it takes: as the cloud states it, else as its manual does; on \
         Azure, whose service no longer obeys old settings, whichever is higher",
        tls_min,
    ),
    fact(
        "cache.stated_tls_min",
        Word(words::TLS),
        "the lowest TLS version as its setting states it, also where the service no longer obeys it",
        |_, it| FactValue::of(&it.tls_min, |version| FactValue::text(version.as_str())),
    ),
];

fn authentication<'a>(
    cache: &'a Cache,
    read: impl FnOnce(&'a Authentication) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::of(&cache.authentication, read)
}

/// The stated version, else that of the manual. On Azure whichever is higher:
/// a cache may keep an old setting that the service no longer obeys.
///
/// Source: Azure Cache for Redis, "Remove TLS 1.0 and 1.1": every instance was
/// moved to 1.2, whatever its setting.
fn tls_min<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let published = world.tables.tls_minimum(
        cache.service,
        cache.engine.value().copied(),
        cache.engine_version.value(),
        world.judged_at,
    );
    let azure = cache.provider == Provider::Azure;
    match (cache.tls_min.get(), published) {
        (Ok(stated), Some(published)) if azure => FactValue::text(published.max(*stated).as_str()),
        (Ok(stated), _) => FactValue::text(stated.as_str()),
        (Err(_), Some(version)) => FactValue::text(version.as_str()),
        (Err(gap), None) => FactValue::unknown(gap.clone()),
    }
}
