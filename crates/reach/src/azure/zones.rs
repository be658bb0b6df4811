//! What a network's private zones say of a name.

use cachewarden_model::{
    DnsZone, Gap, GapReason, Noun, Provider, ResolutionPolicy, ResourceId, ZoneLink,
};
use std::net::IpAddr;

use crate::azure::names::is_inside;
use crate::azure::party::gap;
use crate::estate::Estate;

/// What a network's private zones say of a name.
pub(crate) enum Answer<'a> {
    /// A zone holds addresses for it.
    Addresses(&'a DnsZone, Vec<IpAddr>),
    /// A zone that is linked lacks the name: there is no such name.
    Missing(&'a DnsZone, &'a ZoneLink),
    /// A zone that is linked lacks the name, and public DNS is asked.
    Fallback(&'a DnsZone),
    /// No zone answers: public DNS does.
    Public,
    Unknown(Box<Gap>),
}

/// How many aliases are followed.
const ALIASES: usize = 8;

/// Asks the private zones of a network.
///
/// Source: Azure DNS, "What is a private DNS zone": the most specific zone
/// that is linked answers; "Private DNS fallback to internet". A network is
/// linked to at most one zone of a name, so that a link that is there settles
/// which zone answers; one that is missing settles nothing while zones are
/// unread.
pub(crate) fn ask<'a>(
    estate: &Estate<'a>,
    network: &ResourceId,
    name: &str,
    settles: bool,
) -> Answer<'a> {
    let mut name = name.to_owned();
    for _ in 0..ALIASES {
        match step(estate, network, &name, settles) {
            Step::Answer(answer) => return answer,
            Step::Alias(target) => name = target,
        }
    }
    Answer::Unknown(gap(
        name,
        GapReason::Unmodelled,
        "aliases lead on and on from here",
    ))
}

enum Step<'a> {
    Answer(Answer<'a>),
    Alias(String),
}

fn step<'a>(estate: &Estate<'a>, network: &ResourceId, name: &str, settles: bool) -> Step<'a> {
    let mut linked: Vec<(&DnsZone, &ZoneLink)> = estate
        .zones_of(network)
        .into_iter()
        .filter(|(zone, link)| link.effective && is_inside(name, &lower(&zone.name)))
        .collect();
    linked.sort_by_key(|(zone, _)| std::cmp::Reverse(zone.name.len()));
    let Some((zone, link)) = linked.first().copied() else {
        return Step::Answer(match settles.then(|| unread(estate, network, name)) {
            Some(Some(gap)) => Answer::Unknown(gap),
            _ => Answer::Public,
        });
    };
    let twin = linked
        .get(1)
        .filter(|(it, _)| it.name.len() == zone.name.len());
    if let Some((other, _)) = twin {
        return Step::Answer(Answer::Unknown(gap(
            &other.id,
            GapReason::Unmodelled,
            format!("{network} is linked to two zones of this name; which answers is not told"),
        )));
    }
    let records = match zone.records.get() {
        Ok(records) => records,
        Err(gap) => return Step::Answer(Answer::Unknown(Box::new(gap.clone()))),
    };
    let wild = format!("*.{}", lower(&zone.name));
    let exact = records.iter().any(|it| lower(&it.name) == name);
    let wanted = if exact { name } else { &wild };
    let mine = || records.iter().filter(|it| lower(&it.name) == wanted);
    let alias = mine().find(|it| it.kind.eq_ignore_ascii_case("CNAME"));
    if let Some(target) = alias.and_then(|it| it.values.first()) {
        return Step::Alias(lower(target.trim_end_matches('.')));
    }
    let mut addresses: Vec<IpAddr> = mine()
        .flat_map(|it| &it.values)
        .filter_map(|it| it.parse().ok())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    Step::Answer(match (addresses.is_empty(), link.resolution) {
        (false, _) => Answer::Addresses(zone, addresses),
        (true, ResolutionPolicy::Default) => Answer::Missing(zone, link),
        (true, ResolutionPolicy::PublicFallback) => Answer::Fallback(zone),
    })
}

fn lower(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// Why a zone for a name may be linked to a network and not be seen.
pub(crate) fn unread(estate: &Estate<'_>, network: &ResourceId, name: &str) -> Option<Box<Gap>> {
    let unclear = estate
        .unclear_zones()
        .find(|zone| is_inside(name, &lower(&zone.name)));
    if let Some(gap) = unclear.and_then(|zone| zone.links.gap()) {
        return Some(Box::new(gap.clone()));
    }
    let account = estate.network(network).map(|it| &it.account);
    let hidden = estate
        .hidden(Noun::DnsZones, Provider::Azure, None, None)
        .or_else(|| estate.hidden(Noun::DnsZones, Provider::Azure, account, None));
    hidden.map(Box::new)
}
