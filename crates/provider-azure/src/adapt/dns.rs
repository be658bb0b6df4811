//! Private zones that can answer for a cache.

use cachewarden_model::{
    AccountId, DnsRecord, DnsZone, Fact, Gap, GapReason, Provider, ResolutionPolicy, ZoneLink,
};
use cachewarden_provider::Listing;
use serde_json::Value;

use super::{View, gap, name, row};
use crate::operation::Operation;
use crate::wire::dns::{Link, RecordSet};
use crate::wire::{Child, Resource};

/// What every zone has besides id and name is not looked at.
#[derive(Debug, serde::Deserialize)]
struct Nothing {}

/// A zone; none if it cannot answer for a cache.
pub(super) fn zone(view: View<'_>, value: &Value) -> Option<Result<DnsZone, Box<Gap>>> {
    const WHAT: Operation = Operation::PrivateZones;
    let (account, zone): (AccountId, Resource<Nothing>) = match row(WHAT, value) {
        Ok(read) => read,
        Err(gap) => return Some(Err(gap)),
    };
    let parts = view.estate.zones.get(&zone.id.to_lowercase())?;
    let called = name(&zone).trim_end_matches('.').to_lowercase();
    let unclear = |operation: Operation| {
        let message = format!("a part of {} is not in a known form", zone.id);
        gap(&account, operation, GapReason::Damaged, message)
    };
    let links = whole(&parts.links, |it| link(view, it));
    let records = whole(&parts.records, |it| record(&called, it));
    let sorted = |links: Vec<Option<ZoneLink>>| {
        let mut links: Vec<_> = links.into_iter().flatten().collect();
        links.sort_by(|one, other| one.id.cmp(&other.id));
        links
    };
    let ordered = |records: Vec<Option<DnsRecord>>| {
        let mut records: Vec<_> = records.into_iter().flatten().collect();
        records.sort_by(|one, other| (&one.name, &one.kind).cmp(&(&other.name, &other.kind)));
        records
    };
    Some(Ok(DnsZone {
        id: view.ids.id(&zone.id),
        provider: Provider::Azure,
        links: links.map_or_else(
            |gap| Fact::Unknown(gap.unwrap_or_else(|| Box::new(unclear(Operation::ZoneLinks)))),
            |it| Fact::Known(sorted(it)),
        ),
        records: records.map_or_else(
            |gap| Fact::Unknown(gap.unwrap_or_else(|| Box::new(unclear(Operation::ZoneRecords)))),
            |it| Fact::Known(ordered(it)),
        ),
        name: called,
        account,
    }))
}

/// All items of a list that was read whole and understood whole; else its
/// gap, or none where an item was not understood.
fn whole<T>(
    listing: &Listing<Value>,
    adapt: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, Option<Box<Gap>>> {
    match &listing.gap {
        Some(gap) => Err(Some(Box::new(gap.clone()))),
        None => listing
            .items
            .iter()
            .map(adapt)
            .collect::<Option<Vec<T>>>()
            .ok_or(None),
    }
}

/// Source: Azure DNS, "What is a virtual network link?" and "Fallback to
/// internet for Azure Private DNS zones".
fn link(view: View<'_>, value: &Value) -> Option<Option<ZoneLink>> {
    let child: Child<Link> = serde_json::from_value(value.clone()).ok()?;
    let wire = &child.properties;
    let resolution = match wire.resolution_policy.as_deref() {
        None => ResolutionPolicy::Default,
        Some(word) if word.eq_ignore_ascii_case("Default") => ResolutionPolicy::Default,
        Some(word) if word.eq_ignore_ascii_case("NxDomainRedirect") => {
            ResolutionPolicy::PublicFallback
        }
        Some(_) => return None,
    };
    // Without its state it is not known whether it answers.
    let state = wire.virtual_network_link_state.as_deref()?;
    Some(Some(ZoneLink {
        id: child.id.as_deref().map(|it| view.ids.id(it)),
        network: view.ids.id(&wire.virtual_network.id),
        effective: state.eq_ignore_ascii_case("Completed"),
        resolution,
    }))
}

/// A record set as a record; `Some(None)` for types that resolve no host.
fn record(zone: &str, value: &Value) -> Option<Option<DnsRecord>> {
    let set: RecordSet = serde_json::from_value(value.clone()).ok()?;
    let kind = super::last(&set.kind).to_uppercase();
    let wire = &set.properties;
    let mut values: Vec<String> = match kind.as_str() {
        "A" => wire.a_records.iter().map(|it| it.address.clone()).collect(),
        "AAAA" => wire
            .aaaa_records
            .iter()
            .map(|it| it.address.clone())
            .collect(),
        "CNAME" => {
            vec![host(&wire.cname_record.as_ref()?.cname)]
        }
        _ => return Some(None),
    };
    values.sort();
    let full = match wire.fqdn.as_deref().map(host).filter(|it| !it.is_empty()) {
        Some(full) => full,
        None if set.name == "@" => zone.to_owned(),
        None => format!("{}.{zone}", set.name.to_lowercase()),
    };
    Some(Some(DnsRecord {
        name: full,
        kind,
        ttl: wire.ttl,
        values,
    }))
}

/// A host name without a final dot, in lower case.
fn host(text: &str) -> String {
    text.trim_end_matches('.').to_lowercase()
}
