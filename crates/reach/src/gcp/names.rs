//! Host names of endpoints: what private zones of a network make of them.
//!
//! Endpoints are addresses as a rule. Where one is a name, only private zones
//! can hold it.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, DnsServers, DnsZone, Gap, GapReason, Leg, Noun, Provider, ResourceId, Stage, Symptom,
};
use cachewarden_netset::Cidr;

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::party::gap;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// How many aliases are followed.
const ALIASES: usize = 8;

/// What a name leads to.
pub(super) enum Answer {
    Addresses(Vec<IpAddr>),
    /// It leads nowhere, or nowhere near the cache.
    Nothing,
    Unknown,
}

/// Asks the private zones of a network for a name.
///
/// Source: Cloud DNS, "Name resolution order": of the zones that are bound to
/// the network the most specific one answers, also where it lacks the name.
pub(super) fn ask(
    estate: &Estate<'_>,
    cache: &Cache,
    network: Option<&ResourceId>,
    host: &str,
    record: &mut impl Recorder,
) -> Answer {
    let step = || Judged::new(Leg::Request, Stage::Dns, "dns-zone");
    let doubt = |gap: Box<Gap>, record: &mut dyn FnMut(Judged)| {
        record(step().unknown(gap));
        Answer::Unknown
    };
    let mut put = |judged: Judged| record.record(|| judged);
    let Some(network) = network else {
        let gap = gap(
            host,
            GapReason::NotCollected,
            "the client's resolver is not read",
        );
        return doubt(gap, &mut put);
    };
    match estate.network(network).map(|it| it.dns_servers.get()) {
        Some(Ok(DnsServers::Provider)) => {}
        Some(Ok(DnsServers::Custom(_))) | None => {
            let gap = gap(
                format!("name servers of {network}"),
                GapReason::NotOffered,
                format!("whether these resolve {host} is not visible"),
            );
            return doubt(gap, &mut put);
        }
        Some(Err(gap)) => return doubt(Box::new(gap.clone()), &mut put),
    }
    let mut name = lower(host);
    for _ in 0..ALIASES {
        let zone = match holding(estate, network, &name) {
            Ok(Some(zone)) => zone,
            Ok(None) => {
                put(unbound(estate, network, &name));
                return Answer::Nothing;
            }
            Err(gap) => return doubt(gap, &mut put),
        };
        let records = match zone.records.get() {
            Ok(records) => records,
            Err(gap) => return doubt(Box::new(gap.clone()), &mut put),
        };
        let wild = format!("*.{}", lower(&zone.name));
        let exact = records.iter().any(|it| lower(&it.name) == name);
        let wanted = if exact { name.clone() } else { wild };
        let mine = || records.iter().filter(|it| lower(&it.name) == wanted);
        let alias = mine().find(|it| it.kind.eq_ignore_ascii_case("CNAME"));
        if let Some(target) = alias.and_then(|it| it.values.first()) {
            name = lower(target);
            continue;
        }
        let mut addresses: Vec<IpAddr> = mine()
            .flat_map(|it| &it.values)
            .filter_map(|it| it.parse().ok())
            .collect();
        addresses.sort_unstable();
        addresses.dedup();
        if addresses.is_empty() {
            put(step()
                .resource(&zone.id)
                .deny(format!("the zone lacks {name}"))
                .symptom(Symptom::Dns)
                .remedy(Remedy::Advice(format!(
                    "add a record {name} to the zone {}",
                    zone.name
                ))));
            return Answer::Nothing;
        }
        let strays = stray(cache, &addresses);
        if let Some(stray) = strays {
            put(Judged::new(Leg::Request, Stage::Dns, "dns-record")
                .resource(&zone.id)
                .rule(Some(name.as_str().into()))
                .deny(Cause::UnknownInternalAddress.after(format!(
                    "the record leads to {stray}, which is outside the range of the cache"
                )))
                .remedy(Remedy::Advice(format!(
                    "let the record {name} lead to the address that the cache has now"
                ))));
            return Answer::Nothing;
        }
        put(step().resource(&zone.id).allow(format!("{name} resolves")));
        return Answer::Addresses(addresses);
    }
    let gap = gap(
        name,
        GapReason::Unmodelled,
        "aliases lead on and on from here",
    );
    doubt(gap, &mut put)
}

/// An address at which the cache cannot be: outside the range that it was
/// given.
fn stray(cache: &Cache, addresses: &[IpAddr]) -> Option<IpAddr> {
    let gcp = cache.gcp.as_ref()?;
    let ranges = [&gcp.reserved_range, &gcp.secondary_range];
    let mut known: Vec<Cidr> = vec![];
    for range in ranges.into_iter().flatten() {
        known.push(range.parse().ok()?);
    }
    if known.is_empty() {
        return None;
    }
    let inside = |it: &&IpAddr| known.iter().any(|range| range.contains(**it));
    addresses.iter().find(|it| !inside(it)).copied()
}

/// The most specific zone for a name that is bound to a network.
///
/// # Errors
///
/// The gap, where there may be one that was not read.
fn holding<'a>(
    estate: &Estate<'a>,
    network: &ResourceId,
    name: &str,
) -> Result<Option<&'a DnsZone>, Box<Gap>> {
    let mut best: Option<&DnsZone> = None;
    for zone in estate.gcp_zones().filter(|it| is_inside(name, it)) {
        let links = zone.links.get().map_err(|gap| Box::new(gap.clone()))?;
        let bound = links
            .iter()
            .any(|it| it.effective && it.network == *network);
        if bound && best.is_none_or(|best| best.name.len() < zone.name.len()) {
            best = Some(zone);
        }
    }
    let account = estate.network(network).map(|it| &it.account);
    match estate.hidden(Noun::DnsZones, Provider::Gcp, account, None) {
        Some(gap) => Err(Box::new(gap)),
        None => Ok(best),
    }
}

/// No zone for the name is bound to the network.
fn unbound(estate: &Estate<'_>, network: &ResourceId, name: &str) -> Judged {
    let zone = estate.gcp_zones().find(|it| is_inside(name, it));
    let judged = Judged::new(Leg::Request, Stage::Dns, "dns-zone").symptom(Symptom::Dns);
    match zone {
        Some(zone) => judged
            .resource(&zone.id)
            .deny(format!("the zone {} is not bound to {network}", zone.name))
            .symptom(Symptom::Dns)
            .remedy(Remedy::Advice(format!(
                "bind the zone {} to {network}",
                zone.name
            ))),
        None => judged
            .resource(network)
            .deny(format!("no private zone of the network holds {name}"))
            .symptom(Symptom::Dns)
            .remedy(Remedy::Advice(format!(
                "add a private zone with {name} and bind it to {network}"
            ))),
    }
}

fn is_inside(name: &str, zone: &DnsZone) -> bool {
    let zone = lower(&zone.name);
    name == zone
        || name
            .strip_suffix(&zone)
            .is_some_and(|labels| labels.ends_with('.'))
}

fn lower(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
