//! Facts that only a cache on Azure has.

use cachewarden_model::{
    AzureCache, Cache, GapReason, LinkedCache, Noun, PrivateConnection, PrivateEndpointState,
};

use super::cache::fact;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Int, List, Text};

/// A fact that the API states as a text, or leaves out.
macro_rules! text {
    ($field:ident: $doc:literal) => {
        fact(
            concat!("cache.azure.", stringify!($field)),
            Text,
            $doc,
            |_, it| {
                let value = it.azure.as_ref().and_then(|azure| azure.$field.as_deref());
                FactValue::or_null(value, FactValue::text)
            },
        )
        .or_null()
    };
}

/// Private endpoint connections in one state.
macro_rules! connections {
    ($name:literal, $state:pat, $doc:literal) => {
        fact(concat!("cache.azure.", $name), List, $doc, |_, it| {
            connections(it, |connection| matches!(connection.state, $state))
        })
    };
}

pub(super) static FACTS: &[FactDef] = &[
    text!(tier: "the tier of Azure Cache for Redis: `Basic`, `Standard`, `Premium`"),
    text!(clustering_policy: "`NoCluster`, `OSSCluster` or `EnterpriseCluster`"),
    text!(zone_allocation: "who chooses its zones: `Automatic`, `NoZones`, `UserDefined`"),
    text!(update_channel: "which updates it gets: `Stable`, `Preview`"),
    text!(resource_state: "the state of its cluster: `Running`, `Disabled`, …"),
    text!(migrated_endpoint: "a former host name that leads here since a migration"),
    fact(
        "cache.azure.capacity",
        Int,
        "units of an Enterprise cluster",
        |_, it| {
            let capacity = it.azure.as_ref().and_then(|azure| azure.capacity);
            FactValue::or_null(capacity, FactValue::count)
        },
    )
    .or_null(),
    fact(
        "cache.azure.injected_subnet",
        Text,
        "the subnet that it is injected into",
        |_, it| {
            let subnet = it
                .azure
                .as_ref()
                .and_then(|azure| azure.injected_subnet.as_ref());
            FactValue::or_null(subnet, |id| FactValue::text(id.as_str()))
        },
    )
    .or_null(),
    fact(
        "cache.azure.injected_into",
        Text,
        "the same by name: `NETWORK/SUBNET`",
        |_, it| {
            let azure = it.azure.as_ref();
            let subnet = azure.and_then(|azure| azure.injected_subnet.as_ref());
            FactValue::or_null(subnet, |id| FactValue::text(subnet_name(id.as_str())))
        },
    )
    .or_null(),
    fact(
        "cache.azure.public_network_access",
        Bool,
        "`publicNetworkAccess` as the API states it; null where it says nothing",
        |_, it| {
            let stated = it
                .azure
                .as_ref()
                .and_then(|azure| azure.public_network_access);
            FactValue::or_null(stated, FactValue::Bool)
        },
    )
    .or_null(),
    fact(
        "cache.azure.identity",
        Text,
        "by which identity it shows itself to other services: `None`, `SystemAssigned`, …",
        |_, it| match &it.azure {
            None => FactValue::Null,
            Some(azure) => match &azure.identity {
                Some(kind) => FactValue::text(kind.as_str()),
                None => FactValue::unknown(gap_about(
                    it,
                    "identity",
                    GapReason::NotCollected,
                    "the snapshot does not say whether the cache has an identity".to_owned(),
                )),
            },
        },
    )
    .or_null(),
    fact(
        "cache.azure.zones",
        List,
        "zones that its owner chose",
        |_, it| {
            FactValue::list(
                it.azure
                    .iter()
                    .flat_map(|azure| &azure.zones)
                    .map(String::as_str),
            )
        },
    ),
    fact(
        "cache.azure.resource_group",
        Text,
        "its resource group, as its id says",
        |_, it| FactValue::or_null(resource_group(it.id.as_str()), FactValue::text),
    )
    .or_null(),
    fact(
        "cache.azure.linked",
        List,
        "names of the caches that it is geo-replicated with",
        |_, it| linked(it),
    ),
    fact(
        "cache.azure.broken_links",
        List,
        "those of them whose link the cloud does not call `Linked` or on its way; unknown only if \
         none is known",
        |_, it| broken(it),
    ),
    connections!(
        "approved_connections",
        PrivateEndpointState::Approved,
        "names of its private endpoint connections that carry traffic"
    ),
    connections!(
        "pending_connections",
        PrivateEndpointState::Pending,
        "those that wait for approval"
    ),
    connections!(
        "down_connections",
        PrivateEndpointState::Down(_),
        "those that were rejected or whose other end is gone"
    ),
    fact(
        "cache.azure.logs",
        List,
        "categories of logs, or groups of them, that a diagnostic setting delivers: \
         `ConnectedClientList`, `ConnectionEvents`, `allLogs`, …",
        |_, it| {
            of(it, |azure| {
                FactValue::of(&azure.logs, |all| {
                    FactValue::list(all.iter().map(String::as_str))
                })
            })
        },
    ),
    fact(
        "cache.azure.assignments",
        Int,
        "identities that an access policy is assigned to; unknown if it is none and some may be \
         hidden",
        assignments,
    ),
];

fn of<'a>(cache: &'a Cache, read: impl FnOnce(&'a AzureCache) -> FactValue<'a>) -> FactValue<'a> {
    cache
        .azure
        .as_ref()
        .map_or_else(|| FactValue::List(vec![]), read)
}

fn connections<'a>(cache: &'a Cache, wanted: impl Fn(&PrivateConnection) -> bool) -> FactValue<'a> {
    of(cache, |azure| {
        FactValue::of(&azure.connections, |all| {
            let found = all.iter().filter(|it| wanted(it));
            FactValue::list(found.map(|it| last(it.id.as_str())))
        })
    })
}

/// All caches that it is linked with.
fn linked<'a>(cache: &'a Cache) -> FactValue<'a> {
    of(cache, |azure| {
        FactValue::of(&azure.linked, |all| {
            FactValue::list(all.iter().map(|it| last(it.id.as_str())))
        })
    })
}

/// Those whose link is not sound; unknown only if none is known and one does
/// not tell its state.
fn broken<'a>(cache: &'a Cache) -> FactValue<'a> {
    const SOUND: [&str; 3] = ["Linked", "Linking", "Succeeded"];
    of(cache, |azure| {
        FactValue::of(&azure.linked, |all| {
            let sound = |it: &&LinkedCache| {
                let state = it.state.as_deref();
                state.is_none_or(|it| SOUND.iter().any(|word| word.eq_ignore_ascii_case(it)))
            };
            let broken: Vec<&str> = all
                .iter()
                .filter(|it| !sound(it))
                .map(|it| last(it.id.as_str()))
                .collect();
            match all.iter().find(|it| it.state.is_none()) {
                Some(untold) if broken.is_empty() => {
                    let message = "the state of this link is not told".to_owned();
                    let id = untold.id.as_str();
                    FactValue::unknown(gap_about(cache, id, GapReason::NotOffered, message))
                }
                _ => FactValue::list(broken),
            }
        })
    })
}

fn assignments<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let count = world.assignments(&cache.id);
    let hidden = world.hidden_in(Noun::Users, cache);
    if count == 0 && !hidden.is_empty() {
        return FactValue::Unknown(hidden);
    }
    FactValue::count(count)
}

/// The name at the end of an ARM id.
pub(super) fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Network and subnet of the ARM id of a subnet: `shop/redis`.
fn subnet_name(id: &str) -> String {
    let mut segments = id.rsplit('/');
    match (segments.next(), segments.next(), segments.next()) {
        (Some(subnet), Some(_), Some(network)) => format!("{network}/{subnet}"),
        _ => id.to_owned(),
    }
}

/// The resource group of an ARM id: `/subscriptions/S/resourceGroups/G/…`.
fn resource_group(id: &str) -> Option<&str> {
    let mut segments = id.split('/');
    segments.find(|it| it.eq_ignore_ascii_case("resourceGroups"))?;
    segments.next().filter(|group| !group.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_names() {
        let id = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/\
                  shop/subnets/redis";
        assert_eq!(last(id), "redis");
        assert_eq!(subnet_name(id), "shop/redis");
        assert_eq!(subnet_name("redis"), "redis");
    }

    #[test]
    fn the_resource_group_stands_in_the_id() {
        let id = "/subscriptions/1/resourcegroups/Shared/providers/Microsoft.Cache/redis/a";
        assert_eq!(resource_group(id), Some("Shared"));
        assert_eq!(
            resource_group("arn:aws:elasticache:eu-west-1:1:cluster:a"),
            None
        );
        assert_eq!(resource_group("/subscriptions/1/resourceGroups/"), None);
    }
}
