//! Facts of a cache about its Private Service Connect connections: as the
//! cache sees them, and as their forwarding rules do where those were read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use cachewarden_model::{
    Cache, ClusterMode, GapReason, GcpCache, PrivateEndpointState, PscConnection,
};
use cachewarden_netset::AddressSet;

use super::{last, list, on_gcp, project};
use crate::facts::cache::fact;
use crate::facts::world::{Gaps, gap_about};
use crate::facts::{FactDef, FactType, FactValue, World};

use FactType::{Int, List};

pub(in crate::facts) static FACTS: &[FactDef] = &[
    fact(
        "cache.gcp.automatic_connections",
        Int,
        "how many Private Service Connect connections a service connection policy made for it",
        |_, it| counted(it, |connection| connection.automatic),
    ),
    fact(
        "cache.gcp.registered_connections",
        List,
        "connections that somebody made by hand and registered with it",
        |_, it| {
            of(it, |all| {
                FactValue::list(all.iter().filter(|it| !it.automatic).map(words))
            })
        },
    ),
    fact(
        "cache.gcp.foreign_connections",
        List,
        "connections in networks other than its own, made by other projects than its own",
        |_, it| {
            let foreign = |connection: &&PscConnection| is_foreign(it, connection);
            of(it, |all| {
                FactValue::list(all.iter().filter(foreign).map(words))
            })
        },
    ),
    fact(
        "cache.gcp.down_connections",
        List,
        "automatic connections that carry nothing: the cache does not find their forwarding rule, \
         or the service has not accepted it; unknown only if none is known",
        |world, it| down(world, it, true),
    ),
    fact(
        "cache.gcp.stale_connections",
        List,
        "connections made by hand that carry nothing, likewise; unknown only if none is known",
        |world, it| down(world, it, false),
    ),
    fact(
        "cache.gcp.incomplete_networks",
        List,
        "networks that have a connection to some of its service attachments and not to all: a \
         client of a cluster needs all; none where it is no cluster",
        |_, it| {
            list(it, |gcp| {
                FactValue::of(&gcp.connections, |all| incomplete(it, gcp, all))
            })
        },
    ),
    fact(
        "cache.gcp.public_addresses",
        List,
        "public addresses by which it is reached",
        |_, it| public(it),
    ),
];

fn of<'a>(
    cache: &'a Cache,
    read: impl FnOnce(&'a [PscConnection]) -> FactValue<'a>,
) -> FactValue<'a> {
    list(cache, |gcp| {
        FactValue::of(&gcp.connections, |all| read(all))
    })
}

fn counted<'a>(cache: &'a Cache, wanted: impl Fn(&PscConnection) -> bool) -> FactValue<'a> {
    match &cache.gcp {
        None => FactValue::Int(0),
        Some(gcp) => FactValue::of(&gcp.connections, |all| {
            FactValue::count(all.iter().filter(|it| wanted(it)).count())
        }),
    }
}

/// A connection in words: `10.0.2.5 in net-1 of shop`.
fn words(connection: &PscConnection) -> String {
    let what = match (&connection.address, &connection.rule) {
        (Some(address), _) => address.to_string(),
        (None, Some(rule)) => last(rule.as_str()).to_owned(),
        (None, None) => "a connection without an address".to_owned(),
    };
    let network = connection.network.as_str();
    let of = project(network).map(|it| format!(" of {it}"));
    format!("{what} in {}{}", last(network), of.unwrap_or_default())
}

/// The endpoint of a network of one's own counts as one's own, whichever
/// project of a Shared VPC made it.
fn is_foreign(cache: &Cache, connection: &PscConnection) -> bool {
    let own = cache.network.value() == Some(&connection.network);
    let by = connection.project.as_ref().map(|it| it.as_str());
    let by = by.or_else(|| project(connection.network.as_str()));
    let shared = project(connection.network.as_str()) == Some(cache.account.as_str());
    !own && !shared && by.is_some_and(|it| it != cache.account.as_str())
}

/// Connections that carry nothing, made automatically or not.
///
/// Source: `google/cloud/memorystore/v1/memorystore.proto`,
/// "PscConnectionStatus": it is refreshed from time to time; Compute Engine
/// API, `forwardingRules`, `pscConnectionStatus`: only `ACCEPTED` serves.
fn down<'a>(world: &World<'a>, cache: &'a Cache, automatic: bool) -> FactValue<'a> {
    of(cache, |all| {
        let (mut found, mut unknown): (Vec<String>, Gaps<'a>) = (vec![], vec![]);
        for connection in all.iter().filter(|it| it.automatic == automatic) {
            match state(world, connection) {
                Ok(None) => {}
                Ok(Some(why)) => found.push(format!("{} ({why})", words(connection))),
                Err((reason, why)) => {
                    let what = "state of a Private Service Connect connection";
                    unknown.push(Cow::Owned(gap_about(cache, what, reason, why)));
                }
            }
        }
        if found.is_empty() && !unknown.is_empty() {
            return FactValue::Unknown(unknown);
        }
        FactValue::list(found)
    })
}

/// Why a connection carries nothing; none where it does. The forwarding rule
/// knows better than the cache. Else why that is not known.
fn state(
    world: &World<'_>,
    connection: &PscConnection,
) -> Result<Option<String>, (GapReason, String)> {
    let rule = connection.rule.as_ref().and_then(|id| world.endpoint(id));
    match rule.map(|endpoint| &endpoint.state) {
        Some(PrivateEndpointState::Approved) => return Ok(None),
        Some(PrivateEndpointState::Pending) => return Ok(Some("PENDING".to_owned())),
        Some(PrivateEndpointState::Down(word)) => return Ok(Some(word.clone())),
        None => {}
    }
    match connection.status.as_deref() {
        Some("ACTIVE") => Ok(None),
        Some("NOT_FOUND") => Ok(Some("NOT_FOUND".to_owned())),
        Some(word) => {
            let message = format!("the state `{word}` of a connection is not understood");
            Err((GapReason::Unmodelled, message))
        }
        None => {
            let message = "neither the cache nor a forwarding rule tells of it".to_owned();
            Err((GapReason::NotCollected, message))
        }
    }
}

/// Source: Memorystore for Redis Cluster, "Networking": one endpoint for each
/// service attachment, and clients use both addresses.
fn incomplete<'a>(cache: &'a Cache, gcp: &'a GcpCache, all: &'a [PscConnection]) -> FactValue<'a> {
    let mut networks: BTreeMap<&str, Vec<&PscConnection>> = BTreeMap::new();
    for connection in all {
        let of_network = networks.entry(connection.network.as_str()).or_default();
        of_network.push(connection);
    }
    let complete = |connections: &[&PscConnection]| {
        // By name: a URL may or may not stand before it.
        let named: BTreeSet<&str> = connections
            .iter()
            .filter_map(|it| it.attachment.as_deref().map(last))
            .collect();
        let unnamed = connections.iter().filter(|it| it.attachment.is_none());
        let missing = gcp
            .attachments
            .iter()
            .filter(|it| !named.contains(last(it)));
        missing.count() <= unnamed.count()
    };
    let lacking = networks.iter().filter(|(_, all)| !complete(all));
    let lacking: Vec<&str> = lacking.map(|(network, _)| last(network)).collect();
    if lacking.is_empty() {
        return FactValue::list(lacking);
    }
    FactValue::of(&cache.cluster_mode, |mode| match mode {
        ClusterMode::Disabled => FactValue::List(vec![]),
        ClusterMode::Enabled | ClusterMode::Compatible => FactValue::list(lacking),
    })
}

fn public(cache: &Cache) -> FactValue<'_> {
    if !on_gcp(cache) {
        return FactValue::List(vec![]);
    }
    of(cache, |all| {
        let own = cache.endpoints.iter();
        let own = own.filter_map(|endpoint| endpoint.host.as_ref()?.parse::<IpAddr>().ok());
        let addresses: BTreeSet<IpAddr> =
            all.iter().filter_map(|it| it.address).chain(own).collect();
        let internet = AddressSet::internet();
        let public = addresses.into_iter().filter(|it| internet.contains(*it));
        FactValue::list(public.map(|it| it.to_string()))
    })
}
