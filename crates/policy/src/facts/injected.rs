//! Facts of a cache that is injected into a network of its owner's.

use cachewarden_model::{
    Action, Cache, Direction, GapReason, Noun, Peer, PlatformNeed, PlatformTraffic, Rule, Subnet,
};
use cachewarden_netset::Protocol;

use super::azure::last;
use super::cache::fact;
use super::private::is_default;
use super::world::{Gaps, gap_about};
use super::{FactDef, FactType, FactValue, World};

use FactType::{Bool, List};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.platform.stopped",
        List,
        "traffic that the cloud needs around it, health probes apart, and that filters or routes \
         of its subnet stop; unknown only if none is known",
        |world, it| stopped(world, it, |need| !need.probe),
    ),
    fact(
        "cache.platform.stopped_probes",
        List,
        "health probes of the cloud's load balancer that they stop; unknown only if none is known",
        |world, it| stopped(world, it, |need| need.probe),
    ),
    fact(
        "cache.admitted_by_default",
        Bool,
        "whether its subnet admits the whole virtual network and all that is joined to it, \
         because no rule of the owner's denies it; null if it is not injected",
        |world, it| match injected(world, it) {
            Ok(None) => FactValue::Null,
            Ok(Some(subnet)) => by_default(world, it, subnet),
            Err(gaps) => FactValue::Unknown(gaps),
        },
    )
    .or_null(),
];

fn stopped<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    wanted: impl Fn(&PlatformNeed) -> bool,
) -> FactValue<'a> {
    let Some(traffic) = world.reachability.platform.get(&cache.id) else {
        return not_worked_out(cache);
    };
    let stopped: Vec<String> = traffic
        .stopped
        .iter()
        .filter(|it| wanted(it))
        .map(words)
        .collect();
    if stopped.is_empty() && traffic.unsettled.iter().any(wanted) {
        return unsettled(cache, traffic);
    }
    FactValue::list(stopped)
}

/// What is not known to be stopped; some of it may have no gap of the
/// snapshot's.
fn unsettled<'a>(cache: &Cache, traffic: &'a PlatformTraffic) -> FactValue<'a> {
    if traffic.gaps.is_empty() {
        return not_worked_out(cache);
    }
    FactValue::gaps(&traffic.gaps)
}

/// Only an injected cache depends on such rules.
fn not_worked_out<'a>(cache: &Cache) -> FactValue<'a> {
    let injected = cache
        .azure
        .as_ref()
        .is_some_and(|azure| azure.injected_subnet.is_some());
    if !injected {
        return FactValue::List(vec![]);
    }
    let message = "it is not known what becomes of the cloud's own traffic".to_owned();
    FactValue::unknown(gap_about(
        cache,
        "ports of the platform",
        GapReason::Unmodelled,
        message,
    ))
}

/// One need in words: `inbound tcp 8443 from the cache's subnet (nodes among
/// themselves), stopped by DenyAll of data`.
fn words(need: &PlatformNeed) -> String {
    let way = match need.direction {
        Direction::Ingress => "inbound",
        Direction::Egress => "outbound",
    };
    let link = match need.direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    let by = match (&need.by, &need.rule) {
        (Some(by), Some(rule)) => format!(", stopped by {rule} of {}", last(by.as_str())),
        (Some(by), None) => format!(", stopped by {}", last(by.as_str())),
        (None, _) => String::new(),
    };
    format!(
        "{way} {} {link} {} ({}){by}",
        need.traffic, need.peer, need.purpose
    )
}

fn injected<'a>(world: &World<'a>, cache: &'a Cache) -> Result<Option<&'a Subnet>, Gaps<'a>> {
    let Some(id) = cache
        .azure
        .as_ref()
        .and_then(|azure| azure.injected_subnet.as_ref())
    else {
        return Ok(None);
    };
    match world.subnet(id) {
        Some(subnet) => Ok(Some(subnet)),
        None => Err(world.missing(Noun::Subnets, cache, id)),
    }
}

/// Source: Azure Virtual Network, "Network security groups": the default rule
/// `AllowVnetInBound` admits the network, all networks that are peered with
/// it and what is connected on premises; without a group everything is
/// admitted.
fn by_default<'a>(world: &World<'a>, cache: &'a Cache, subnet: &'a Subnet) -> FactValue<'a> {
    FactValue::of(&subnet.filter, |id| {
        let Some(id) = id else {
            return FactValue::Bool(true);
        };
        let Some(filter) = world.filter(id) else {
            return FactValue::Unknown(world.missing(Noun::Filters, cache, id));
        };
        FactValue::of(&filter.rules, |rules| {
            let ports: Vec<u16> = cache.endpoints.iter().map(|it| it.port).collect();
            let closes = |rule: &Rule| !is_default(rule) && denies(rule, &ports);
            FactValue::Bool(!rules.iter().any(closes))
        })
    })
}

/// Whether a rule denies everybody in the virtual network the ports of a
/// cache.
fn denies(rule: &Rule, ports: &[u16]) -> bool {
    let everybody = rule.peers.iter().any(|peer| match peer {
        Peer::Cidr(range) => range.is_any(),
        Peer::ServiceTag(tag) => tag.eq_ignore_ascii_case("VirtualNetwork"),
        _ => false,
    });
    let covers = |port: &u16| {
        rule.ports.is_empty() && rule.protocol == Protocol::Any
            || rule.ports.iter().any(|range| range.contains(*port))
    };
    let traffic = rule.protocol == Protocol::Any || rule.protocol == Protocol::TCP;
    rule.direction == Direction::Ingress
        && rule.action == Action::Deny
        && everybody
        && traffic
        && rule.source_ports.is_empty()
        && ports.iter().all(covers)
}
