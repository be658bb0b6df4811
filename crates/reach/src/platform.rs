//! Traffic of Azure's own around a cache that is injected into a network:
//! whether the filter and the routes of its subnet let it pass.
//!
//! With the default rules of a network security group everything here
//! passes; only a rule of the owner's or a route takes something away.

mod found;
mod lines;
mod rules;

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{
    Action, Cache, Destination, Direction, DnsServers, Fact, Filter, Gap, GapReason,
    PlatformTraffic, ResourceId, RouteTarget, RuleId, Subnet,
};
use cachewarden_netset::{AddressSet, Cidr};

use crate::estate::Estate;
use found::Found;
use lines::{Far, LINES, Line};
use rules::{Decision, decide, segments};

/// What becomes of the traffic that the cloud needs, for each injected cache.
pub(crate) fn platform(estate: &Estate<'_>) -> BTreeMap<ResourceId, PlatformTraffic> {
    let caches = estate.snapshot().caches.iter();
    caches
        .filter_map(|cache| {
            let subnet = cache.azure.as_ref()?.injected_subnet.as_ref()?;
            Some((cache.id.clone(), traffic(estate, cache, subnet)))
        })
        .collect()
}

/// A far side as addresses or tag, with its name.
pub(crate) enum End {
    /// These addresses, within the network or joined to it.
    Addresses(AddressSet),
    /// The address of the platform's probes.
    Probes,
    /// Public addresses that a service tag stands for.
    Tag(&'static str),
    /// Public addresses of which no list is known.
    Public,
}

fn traffic(estate: &Estate<'_>, cache: &Cache, id: &ResourceId) -> PlatformTraffic {
    let mut found = Found::default();
    let Some(subnet) = estate.subnet(id) else {
        let gap = unread(cache, id);
        for line in LINES.iter().filter(|line| !matches!(line.far, Far::Geo)) {
            found.doubt(line, line.ports, gap.clone());
        }
        return found.traffic();
    };
    for line in LINES {
        match ends(estate, cache, subnet, line.far) {
            Ok(Some(end)) => judge(estate, cache, subnet, line, &end, &mut found),
            Ok(None) => {}
            Err(gap) => found.doubt(line, line.ports, *gap),
        }
    }
    found.traffic()
}

/// What a line's far side is for a cache; none where it has none.
fn ends(
    estate: &Estate<'_>,
    cache: &Cache,
    subnet: &Subnet,
    far: Far,
) -> Result<Option<End>, Box<Gap>> {
    Ok(Some(match far {
        Far::Own => End::Addresses(subnet.cidrs.iter().copied().collect()),
        Far::Probes => End::Probes,
        Far::Tag(tag) => End::Tag(tag),
        Far::Public => End::Public,
        // Filters never see the cloud's own name servers, unless a rule names
        // their tag.
        Far::Names => {
            let network = estate.network(&subnet.network);
            let network = network.ok_or_else(|| Box::new(unread(cache, &subnet.network)))?;
            match &network.dns_servers {
                Fact::Unknown(gap) => return Err(gap.clone()),
                Fact::Known(DnsServers::Custom(servers))
                | Fact::Default(DnsServers::Custom(servers)) => {
                    End::Addresses(servers.iter().map(|it| Cidr::from(*it)).collect())
                }
                Fact::Known(DnsServers::Provider) | Fact::Default(DnsServers::Provider) => {
                    return Ok(None);
                }
            }
        }
        Far::Geo => return geo(estate, cache),
    }))
}

/// The subnets of the caches that it is geo-replicated with.
fn geo(estate: &Estate<'_>, cache: &Cache) -> Result<Option<End>, Box<Gap>> {
    let linked = cache.azure.as_ref().map(|azure| azure.linked.get());
    let linked = match linked {
        Some(Ok(linked)) if !linked.is_empty() => linked,
        Some(Err(gap)) => return Err(Box::new(gap.clone())),
        _ => return Ok(None),
    };
    let mut addresses = AddressSet::empty();
    for other in linked {
        let mut caches = estate.snapshot().caches.iter();
        let peer = caches.find(|it| it.id == other.id);
        let peer = peer.ok_or_else(|| Box::new(unread(cache, &other.id)))?;
        let Some(id) = peer
            .azure
            .as_ref()
            .and_then(|it| it.injected_subnet.as_ref())
        else {
            continue;
        };
        let subnet = estate
            .subnet(id)
            .ok_or_else(|| Box::new(unread(cache, id)))?;
        addresses = addresses.union(&subnet.cidrs.iter().copied().collect());
    }
    Ok((!addresses.is_empty()).then_some(End::Addresses(addresses)))
}

fn judge(
    estate: &Estate<'_>,
    cache: &Cache,
    subnet: &Subnet,
    line: &Line,
    end: &End,
    found: &mut Found,
) {
    let by_route = (line.direction == Direction::Egress && !matches!(end, End::Addresses(_)))
        .then(|| routed(estate, cache, subnet))
        .flatten();
    match by_route {
        Some(Ok((table, rule))) => {
            found.stop(line, line.ports, (table, rule));
            return;
        }
        Some(Err(gap)) => {
            found.doubt(line, line.ports, gap);
            return;
        }
        None => {}
    }
    if let Some(gap) = above(estate, subnet) {
        found.doubt(line, line.ports, gap);
        return;
    }
    let filter = match subnet_filter(estate, cache, subnet) {
        Ok(Some(filter)) => filter,
        Ok(None) => return,
        Err(gap) => {
            found.doubt(line, line.ports, *gap);
            return;
        }
    };
    let rules = match filter.rules.get() {
        Ok(rules) => rules,
        Err(gap) => {
            found.doubt(line, line.ports, gap.clone());
            return;
        }
    };
    for ports in segments(rules, line) {
        match decide(rules, line, end, ports, &subnet.cidrs) {
            Decision::Passes => {}
            Decision::Stopped(rule) => found.stop(line, ports, (filter.id.clone(), Some(rule))),
            Decision::Open => {
                let message = format!(
                    "whether a rule of {} judges the platform's traffic cannot be told",
                    filter.name
                );
                found.doubt(line, ports, gap(cache, &filter.id, message));
            }
        }
    }
}

/// The filter of a subnet; none where it has none.
fn subnet_filter<'a>(
    estate: &Estate<'a>,
    cache: &Cache,
    subnet: &'a Subnet,
) -> Result<Option<&'a Filter>, Box<Gap>> {
    match subnet.filter.get() {
        Err(gap) => Err(Box::new(gap.clone())),
        Ok(None) => Ok(None),
        Ok(Some(id)) => match estate.filter(id) {
            Some(filter) => Ok(Some(filter)),
            None => Err(Box::new(unread(cache, id))),
        },
    }
}

/// Why rules above those of the subnet may decide: whether such rules are
/// deployed to a network cannot be read.
fn above(estate: &Estate<'_>, subnet: &Subnet) -> Option<Gap> {
    let network = estate.network(&subnet.network)?;
    let ids = match network.filters.get() {
        Ok(ids) => ids,
        Err(gap) => return Some(gap.clone()),
    };
    ids.iter().find_map(|id| {
        let filter = estate.filter(id);
        let rules = match filter.map(|it| it.rules.get()) {
            Some(Ok(rules)) => rules,
            Some(Err(gap)) => return Some(gap.clone()),
            None => return None,
        };
        let decides = rules.iter().any(|rule| rule.action == Action::Deny);
        decides.then(|| Gap {
            provider: subnet.provider,
            account: Some(subnet.account.clone()),
            region: Some(subnet.region.clone()),
            what: id.to_string(),
            why: GapReason::NotOffered,
            message: "whether these administrator rules are deployed to the network is not told"
                .to_owned(),
            hides: vec![],
        })
    })
}

/// What a user route does with everything that leaves for the internet: the
/// route that drops it, or why it is not known where it comes out. None where
/// it leaves as the cloud means it to.
///
/// Source: Azure Cache for Redis, "Configure virtual network support", forced
/// tunnelling: the subnet needs a route to the internet of its own.
fn routed(
    estate: &Estate<'_>,
    cache: &Cache,
    subnet: &Subnet,
) -> Option<Result<(ResourceId, Option<RuleId>), Gap>> {
    let association = match subnet.route_table.get() {
        Ok(association) => association.as_ref()?,
        Err(gap) => return Some(Err(gap.clone())),
    };
    let Some(table) = estate.table(&association.table) else {
        return Some(Err(unread(cache, &association.table)));
    };
    let routes = match table.routes.get() {
        Ok(routes) => routes,
        Err(gap) => return Some(Err(gap.clone())),
    };
    let everything =
        |to: &Destination| matches!(to, Destination::Cidr(range) if *range == Cidr::ANY_V4);
    let route = routes.iter().find(|route| everything(&route.destination))?;
    match &route.target {
        RouteTarget::Internet => None,
        RouteTarget::Drop => {
            let name = route.name.as_deref().map(RuleId::from);
            Some(Ok((table.id.clone(), name)))
        }
        _ => {
            let message = format!(
                "everything that leaves the subnet goes by {}, whose rules are not known",
                route.name.as_deref().unwrap_or("a route of its owner's")
            );
            Some(Err(gap(cache, &table.id, message)))
        }
    }
}

fn unread(cache: &Cache, id: &ResourceId) -> Gap {
    Gap {
        why: GapReason::NotCollected,
        ..gap(cache, id, format!("{id} is not in the snapshot"))
    }
}

fn gap(cache: &Cache, id: &ResourceId, message: String) -> Gap {
    Gap {
        provider: cache.provider,
        account: Some(cache.account.clone()),
        region: Some(cache.region.clone()),
        what: id.to_string(),
        why: GapReason::Unmodelled,
        message,
        hides: vec![],
    }
}

/// The address from which the platform probes, and where it answers names.
///
/// Source: Azure Virtual Network, "What is IP address 168.63.129.16".
pub(crate) fn probe() -> IpAddr {
    IpAddr::from([168, 63, 129, 16])
}
