//! Facts of a cache about the service connection policies by which the cloud
//! places its connections into networks.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cachewarden_model::{Cache, ConnectionPolicy, Gap, GapReason, Noun, PolicyConnection, Service};

use super::{last, list, project};
use crate::facts::cache::fact;
use crate::facts::world::{Gaps, gap_about};
use crate::facts::{FactDef, FactType, FactValue, World};

use FactType::List;

pub(in crate::facts) static FACTS: &[FactDef] = &[
    fact(
        "cache.gcp.connection_policies",
        List,
        "service connection policies of its region and service for the networks of its automatic \
         connections; unknown only if none is known",
        |world, it| {
            each(world, it, |policy| {
                Some(last(policy.id.as_str()).to_owned())
            })
        },
    ),
    fact(
        "cache.gcp.networks_without_policy",
        List,
        "networks of its automatic connections for which its region has no such policy; unknown \
         only if none is known",
        without,
    ),
    fact(
        "cache.gcp.full_connection_policies",
        List,
        "those of these policies whose limit leaves no room for the two connections of one more \
         cache; unknown only if none is known",
        |world, it| each(world, it, full),
    ),
    fact(
        "cache.gcp.failed_policy_connections",
        List,
        "connections that these policies did not manage to make, with the cloud's reason; unknown \
         only if none is known",
        |world, it| match each(world, it, failed) {
            FactValue::List(none) if none.is_empty() => unclear(world, it),
            found => found,
        },
    ),
];

/// The class of services that a policy must be for.
///
/// Source: Memorystore for Redis Cluster, "Networking", service connection
/// policies; gcloud reference, `network-connectivity
/// service-connection-policies create`.
fn class(service: Service) -> Option<&'static str> {
    match service {
        Service::MemorystoreCluster => Some("gcp-memorystore-redis"),
        Service::MemorystoreValkey => Some("gcp-memorystore"),
        _ => None,
    }
}

/// Networks of the automatic connections of a cache.
fn networks(cache: &Cache) -> Result<BTreeSet<&str>, &Gap> {
    let Some(gcp) = &cache.gcp else {
        return Ok(BTreeSet::new());
    };
    let automatic = gcp.connections.get()?.iter().filter(|it| it.automatic);
    Ok(automatic.map(|it| it.network.as_str()).collect())
}

/// The policies for a network, in the cache's region and for its service; one
/// policy at most.
fn policies<'w, 'a: 'w>(
    world: &'w World<'a>,
    cache: &'w Cache,
    network: &str,
) -> impl Iterator<Item = &'a ConnectionPolicy> + use<'w, 'a> {
    let class = class(cache.service);
    let of_network = world.connection_policies(network).iter().copied();
    of_network
        .filter(move |it| it.region == cache.region && Some(it.service_class.as_str()) == class)
}

/// Why a policy for a network may be missing from the snapshot.
fn hidden<'a>(world: &World<'a>, cache: &Cache, network: &str) -> Gaps<'a> {
    world.hidden_at(
        Noun::ConnectionPolicies,
        project(network),
        Some(&cache.region),
    )
}

/// What the policies of a cache contribute.
fn each<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl Fn(&ConnectionPolicy) -> Option<String>,
) -> FactValue<'a> {
    list(cache, |_| {
        let networks = match networks(cache) {
            Ok(networks) => networks,
            Err(gap) => return FactValue::Unknown(vec![Cow::Borrowed(gap)]),
        };
        let (mut found, mut unknown): (BTreeSet<String>, Gaps<'a>) = Default::default();
        for network in networks {
            let mut policies = policies(world, cache, network).peekable();
            if policies.peek().is_none() {
                unknown.extend(hidden(world, cache, network));
            }
            found.extend(policies.filter_map(&read));
        }
        if found.is_empty() && !unknown.is_empty() {
            return FactValue::Unknown(unknown);
        }
        FactValue::list(found)
    })
}

fn without<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    list(cache, |_| {
        let networks = match networks(cache) {
            Ok(networks) => networks,
            Err(gap) => return FactValue::Unknown(vec![Cow::Borrowed(gap)]),
        };
        let (mut found, mut unknown): (Vec<String>, Gaps<'a>) = Default::default();
        for network in networks {
            if policies(world, cache, network).next().is_some() {
                continue;
            }
            let hidden = hidden(world, cache, network);
            if hidden.is_empty() {
                found.push(last(network).to_owned());
            }
            unknown.extend(hidden);
        }
        if found.is_empty() && !unknown.is_empty() {
            return FactValue::Unknown(unknown);
        }
        FactValue::list(found)
    })
}

/// Source: Memorystore for Redis Cluster, "Networking": a cluster takes two
/// addresses of each network, and the limit counts them.
fn full(policy: &ConnectionPolicy) -> Option<String> {
    let limit = policy.limit?;
    let used = u64::try_from(policy.connections.len()).unwrap_or(u64::MAX);
    let room = limit.saturating_sub(used) >= 2;
    (!room).then(|| format!("{} ({used} of {limit})", last(policy.id.as_str())))
}

/// States in which a connection was made, or is about to be made or removed.
///
/// Source: `google/cloud/networkconnectivity/v1/cross_network_automation.proto`,
/// "PscConnection.State".
const SOUND: [&str; 3] = ["ACTIVE", "CREATING", "DELETING"];

/// States in which making or removing it failed.
const FAILED: [&str; 3] = ["FAILED", "CREATE_REPAIRING", "DELETE_REPAIRING"];

fn has_failed(connection: &PolicyConnection) -> bool {
    FAILED.contains(&connection.state.as_str()) || connection.error.is_some()
}

fn failed(policy: &ConnectionPolicy) -> Option<String> {
    let failed = policy.connections.iter().filter(|it| has_failed(it));
    let words = failed.map(|it| {
        let error = it.error.as_deref().map(|error| format!(": {error}"));
        format!("{}{}", it.state, error.unwrap_or_default())
    });
    let words: BTreeSet<String> = words.collect();
    let all: Vec<String> = words.into_iter().collect();
    (!all.is_empty()).then(|| format!("{} ({})", last(policy.id.as_str()), all.join("; ")))
}

/// No failure is known; unknown where a state is not understood.
fn unclear<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let odd = each(world, cache, |policy| {
        let mut all = policy.connections.iter();
        let odd = all.find(|it| !has_failed(it) && !SOUND.contains(&it.state.as_str()))?;
        Some(odd.state.clone())
    });
    let FactValue::List(words) = odd else {
        return odd;
    };
    match words.first() {
        None => FactValue::List(words),
        Some(word) => {
            let message = format!("the state `{word}` of a connection is not understood");
            let what = "connections of a service connection policy";
            FactValue::unknown(gap_about(cache, what, GapReason::Unmodelled, message))
        }
    }
}
