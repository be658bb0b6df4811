//! Facts of a cache about what joins its networks to others: the peering that
//! it sits behind, hubs, links to machines elsewhere, Shared VPC.

use std::borrow::Cow;
use std::net::IpAddr;

use cachewarden_model::{
    Cache, GapReason, GcpNetwork, LinkState, Network, Noun, Peering, ResourceId, Service,
};
use cachewarden_netset::{AddressSet, Cidr};

use super::hubs::hubs;
use super::{last, project};
use crate::facts::cache::fact;
use crate::facts::world::{Gaps, gap_about};
use crate::facts::{FactDef, FactType, FactValue, World};

use FactType::{Bool, Float, Int, List};

pub(in crate::facts) static FACTS: &[FactDef] = &[
    fact(
        "cache.gcp.peerings",
        List,
        "peerings of its network that may lead to it; empty behind Private Service Connect",
        |world, it| match leading(world, it) {
            Ok(found) => FactValue::list(found.into_iter().flatten().map(|it| it.name.as_str())),
            Err(gaps) => FactValue::Unknown(gaps),
        },
    ),
    fact(
        "cache.gcp.peering_active",
        Bool,
        "whether the peering that leads to it carries traffic, false if there is none; null behind \
         Private Service Connect",
        active,
    )
    .or_null(),
    fact(
        "cache.gcp.peering_exports_routes",
        Bool,
        "whether its network offers custom routes to the service over that peering; null behind \
         Private Service Connect, or if there is none",
        exports,
    )
    .or_null(),
    fact(
        "cache.gcp.hybrid_links",
        Int,
        "VPN tunnels and interconnect attachments of its network",
        |world, it| {
            of_network(world, it, |gcp| {
                FactValue::of(&gcp.hybrid, |links| FactValue::count(links.len()))
            })
        },
    ),
    fact(
        "cache.gcp.sharing_projects",
        List,
        "projects that use its network by Shared VPC",
        |world, it| {
            of_network(world, it, |gcp| {
                FactValue::of(&gcp.shared_with, |all| {
                    FactValue::list(all.iter().map(|project| project.as_str()))
                })
            })
        },
    ),
    fact(
        "cache.gcp.exporting_hubs",
        List,
        "hubs that offer addresses of its Private Service Connect connections to other networks; \
         unknown only if none is known",
        hubs,
    ),
    fact(
        "cache.gcp.allocated_percent",
        Float,
        "how much of the ranges that it may take addresses from is in use by services, in percent; \
         null but for private services access",
        allocated,
    )
    .or_null(),
];

fn of_network<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl FnOnce(&'a GcpNetwork) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::of(&cache.network, |id| match network(world, cache, id) {
        Ok(gcp) => read(gcp),
        Err(gaps) => FactValue::Unknown(gaps),
    })
}

pub(super) fn network<'a>(
    world: &World<'a>,
    cache: &Cache,
    id: &ResourceId,
) -> Result<&'a GcpNetwork, Gaps<'a>> {
    let known = world
        .network(id)
        .and_then(|it: &'a Network| it.gcp.as_deref());
    known.ok_or_else(|| world.missing(Noun::Networks, cache, id))
}

/// The peerings that may lead to a cache; none where it is not behind one.
///
/// Source: Memorystore for Redis, "Networking": a direct peering is named
/// `redis-peer-` and a number, private services access uses one peering for
/// all services.
fn leading<'a>(world: &World<'a>, cache: &'a Cache) -> Result<Option<Vec<&'a Peering>>, Gaps<'a>> {
    if cache.service != Service::MemorystoreRedis {
        return Ok(None);
    }
    let mode = cache
        .gcp
        .as_ref()
        .and_then(|gcp| gcp.connect_mode.as_deref());
    let named: fn(&str) -> bool = match mode {
        Some("DIRECT_PEERING") => |name| name.starts_with("redis-peer-"),
        Some("PRIVATE_SERVICE_ACCESS") => |name| name == "servicenetworking-googleapis-com",
        other => {
            let message = format!(
                "the connect mode `{}` is not understood",
                other.unwrap_or("")
            );
            let gap = gap_about(cache, "connect mode", GapReason::Unmodelled, message);
            return Err(vec![Cow::Owned(gap)]);
        }
    };
    let id = cache
        .network
        .get()
        .map_err(|gap| vec![Cow::Borrowed(gap)])?;
    let all = world.peerings_from(id).iter().copied();
    let candidates: Vec<&Peering> = all.filter(|it| named(&it.name)).collect();
    let hidden = world.hidden_at(Noun::Peerings, project(id.as_str()), None);
    if candidates.is_empty() && !hidden.is_empty() {
        return Err(hidden);
    }
    let leads = |peering: &&Peering| addresses(cache).any(|it| covers(&peering.accepter.cidrs, it));
    let right: Vec<&Peering> = candidates.iter().copied().filter(leads).collect();
    Ok(Some(if right.is_empty() { candidates } else { right }))
}

fn addresses(cache: &Cache) -> impl Iterator<Item = IpAddr> {
    let hosts = cache.endpoints.iter().filter_map(|it| it.host.as_ref());
    hosts.filter_map(|host| host.parse().ok())
}

fn covers(ranges: &[Cidr], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(address))
}

fn active<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let found = match leading(world, cache) {
        Ok(Some(found)) => found,
        Ok(None) => return FactValue::Null,
        Err(gaps) => return FactValue::Unknown(gaps),
    };
    let up = found
        .iter()
        .filter(|it| it.state == LinkState::Active)
        .count();
    if up == found.len() || up == 0 {
        return FactValue::Bool(up > 0);
    }
    let message = "several peerings may lead to the cache, and not all carry traffic".to_owned();
    FactValue::unknown(gap_about(cache, "peering", GapReason::NotOffered, message))
}

fn exports<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let found = match leading(world, cache) {
        Ok(found) => found.unwrap_or_default(),
        Err(gaps) => return FactValue::Unknown(gaps),
    };
    let told: Vec<Option<bool>> = found.iter().map(|it| it.requester.exports_routes).collect();
    if told.is_empty() {
        FactValue::Null
    } else if told.contains(&Some(true)) {
        FactValue::Bool(true)
    } else if told.contains(&None) {
        let message = "the peering does not say whether it exports custom routes".to_owned();
        FactValue::unknown(gap_about(
            cache,
            "peering",
            GapReason::NotCollected,
            message,
        ))
    } else {
        FactValue::Bool(false)
    }
}

/// What the peering of private services access has of the allocated ranges.
///
/// Source: Memorystore for Redis, "Networking": an instance takes a range of
/// its own from those that are allocated for the connection.
fn allocated<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let mode = cache
        .gcp
        .as_ref()
        .and_then(|gcp| gcp.connect_mode.as_deref());
    if mode != Some("PRIVATE_SERVICE_ACCESS") {
        return FactValue::Null;
    }
    let peerings = match leading(world, cache) {
        Ok(found) => found.unwrap_or_default(),
        Err(gaps) => return FactValue::Unknown(gaps),
    };
    let used: AddressSet = peerings
        .iter()
        .flat_map(|it| it.accepter.cidrs.iter().copied())
        .collect();
    if !addresses(cache).any(|address| used.contains(address)) {
        let message = "the routes of the peering do not show the cache's own range".to_owned();
        return FactValue::unknown(gap_about(cache, "routes", GapReason::NotCollected, message));
    }
    of_network(world, cache, |gcp| {
        FactValue::of(&gcp.allocated, |ranges| {
            let named = cache
                .gcp
                .as_ref()
                .and_then(|gcp| gcp.reserved_range.as_deref());
            let named = named.map(last);
            let mine = ranges.iter().filter(|it| Some(it.name.as_str()) == named);
            let mut own: AddressSet = mine.map(|it| it.range).collect();
            if own.is_empty() {
                own = ranges.iter().map(|it| it.range).collect();
            }
            share(&used, &own)
        })
    })
}

#[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
fn share<'a>(used: &AddressSet, of: &AddressSet) -> FactValue<'a> {
    if of.is_empty() {
        return FactValue::Null;
    }
    let used = used.intersection(of).count() as f64;
    FactValue::Float(used / of.count() as f64 * 100.0)
}
