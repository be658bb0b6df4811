//! Facts of a cache about encryption and logins.

use cachewarden_model::cache::{Authentication, Cache};

use super::cache::fact;
use super::words;
use super::{FactDef, FactType, FactValue};

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
];

fn authentication<'a>(
    cache: &'a Cache,
    read: impl FnOnce(&'a Authentication) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::of(&cache.authentication, read)
}
