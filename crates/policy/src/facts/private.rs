//! Facts of a cache about its private endpoints and the names that lead to
//! them.

mod records;

use std::borrow::Cow;

use cachewarden_model::{
    Cache, GapReason, Noun, PrivateEndpoint, PrivateEndpointState, ResourceId, Rule,
};

use super::cache::fact;
use super::world::{Gaps, gap_about};
use super::{FactDef, FactType, FactValue, World};
use records::{aliases, longest_ttl, stale};

use FactType::{Int, List};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.private_endpoints.without_zones",
        List,
        "private endpoints that carry traffic and of which the cloud keeps records in no zone; \
         unknown only if none is known",
        |world, it| {
            each(world, it, |endpoint| {
                let zones = endpoint
                    .zones
                    .get()
                    .map_err(|gap| vec![Cow::Borrowed(gap)])?;
                Ok(zones.is_empty().then(|| endpoint.name.clone()))
            })
        },
    ),
    fact(
        "cache.private_endpoints.misplaced",
        List,
        "private endpoints that carry traffic and whose records the cloud keeps in zones none of \
         which stands for the cache's host name; unknown only if none is known",
        |world, it| each(world, it, |endpoint| misplaced(world, it, endpoint)),
    ),
    fact(
        "cache.private_endpoints.ignored_filters",
        List,
        "filters with rules of their owner's on subnets of its private endpoints in which no \
         filter judges the packets to those; unknown only if none is known",
        |world, it| each(world, it, |endpoint| ignored(world, it, endpoint)),
    ),
    fact(
        "cache.private_endpoints.stale_records",
        List,
        "records of its name in private zones with addresses of none of its private endpoints; \
         unknown only if none is known",
        stale,
    ),
    fact(
        "cache.private_endpoints.record_ttl",
        Int,
        "the most seconds for which a record of its name in a private zone may be kept; null if \
         there is no such record",
        longest_ttl,
    )
    .or_null(),
    fact(
        "cache.aliases",
        List,
        "names in private zones that are aliases of its host name; unknown only if none is known",
        aliases,
    ),
];

/// What the private endpoints of a cache contribute that carry traffic; what
/// is known of one is not hidden by what is not known of another.
fn each<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl Fn(&'a PrivateEndpoint) -> Result<Option<String>, Gaps<'a>>,
) -> FactValue<'a> {
    let (mut found, mut unknown) = (vec![], unseen(world, cache));
    for endpoint in world.private_endpoints(cache) {
        if endpoint.state != PrivateEndpointState::Approved {
            continue;
        }
        match read(endpoint) {
            Ok(item) => found.extend(item),
            Err(gaps) => unknown.extend(gaps),
        }
    }
    if found.is_empty() && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    found.sort();
    found.dedup();
    FactValue::list(found)
}

/// Why not all private endpoints of a cache are in the snapshot; empty where
/// they are. One may belong to a subscription that was not read.
fn unseen<'a>(world: &World<'a>, cache: &'a Cache) -> Gaps<'a> {
    let Some(azure) = &cache.azure else {
        return vec![];
    };
    let connections = match azure.connections.get() {
        Ok(connections) => connections,
        Err(gap) => return vec![Cow::Borrowed(gap)],
    };
    let known = world.private_endpoints(cache);
    let carries = connections
        .iter()
        .filter(|it| it.state == PrivateEndpointState::Approved);
    let mut missing = carries.filter(|it| {
        let id = it.endpoint.as_ref();
        id.is_none_or(|id| !known.iter().any(|endpoint| endpoint.id == *id))
    });
    match missing.next() {
        Some(it) => {
            let id = it.endpoint.as_ref().unwrap_or(&it.id);
            world.missing(Noun::PrivateEndpoints, cache, id)
        }
        None => vec![],
    }
}

/// A private endpoint of which no zone has the right name.
///
/// Source: Azure Private Link, "Private endpoint DNS configuration": the
/// Enterprise tiers and Azure Managed Redis have zones of different names,
/// though their endpoints lead to a part of the same name.
fn misplaced<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    endpoint: &'a PrivateEndpoint,
) -> Result<Option<String>, Gaps<'a>> {
    let zones = endpoint
        .zones
        .get()
        .map_err(|gap| vec![Cow::Borrowed(gap)])?;
    if zones.is_empty() {
        return Ok(None);
    }
    let hosts = cache.endpoints.iter().filter_map(|it| it.host.as_deref());
    let expected: Vec<&str> = hosts
        .filter_map(|host| world.tables.private_zone(cache.service, host))
        .map(|(zone, _)| zone)
        .collect();
    if expected.is_empty() {
        let message = "no private zone is published for the cache's host name".to_owned();
        let gap = gap_about(cache, "private DNS zone", GapReason::Unmodelled, message);
        return Err(vec![Cow::Owned(gap)]);
    }
    let names: Vec<&str> = zones.iter().map(|id| zone_name(world, id)).collect();
    let fits = |name: &&str| expected.iter().any(|it| it.eq_ignore_ascii_case(name));
    let right = names.iter().any(fits);
    Ok((!right).then(|| format!("{} ({})", endpoint.name, names.join(", "))))
}

/// The name of a zone, which is also the last part of its id.
fn zone_name<'a>(world: &World<'a>, id: &'a ResourceId) -> &'a str {
    match world.zone(id) {
        Some(zone) => &zone.name,
        None => id.as_str().rsplit('/').next().unwrap_or_default(),
    }
}

/// Source: Azure Private Link, "Manage network policies for private
/// endpoints": where they are off, which is the default, a network security
/// group on the subnet is not asked.
fn ignored<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    endpoint: &'a PrivateEndpoint,
) -> Result<Option<String>, Gaps<'a>> {
    for id in &endpoint.subnets {
        let subnet = world
            .subnet(id)
            .ok_or_else(|| world.missing(Noun::Subnets, cache, id))?;
        let filter = subnet
            .filter
            .get()
            .map_err(|gap| vec![Cow::Borrowed(gap)])?;
        let Some(id) = filter else { continue };
        let filter = world
            .filter(id)
            .ok_or_else(|| world.missing(Noun::Filters, cache, id))?;
        let rules = filter.rules.get().map_err(|gap| vec![Cow::Borrowed(gap)])?;
        if rules.iter().all(is_default) {
            continue;
        }
        let Some(azure) = &subnet.azure else { continue };
        let policies = azure.private_endpoint_policies.get();
        let policies = policies.map_err(|gap| vec![Cow::Borrowed(gap)])?;
        if !policies.filters() {
            return Ok(Some(filter.name.clone()));
        }
    }
    Ok(None)
}

/// Whether a rule of a network security group is one of those that the cloud
/// adds and nobody can remove.
///
/// Source: Azure Virtual Network, "Network security groups", default rules:
/// their priorities begin at 65000, those of the owner's end at 4096.
pub(crate) fn is_default(rule: &Rule) -> bool {
    rule.priority.is_some_and(|priority| priority >= 65_000)
}
