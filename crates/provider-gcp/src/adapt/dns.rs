//! Private zones, and response policies as zones of the one name that each of
//! their rules is for.
//!
//! Source: Cloud DNS API v1; Cloud DNS, "Name resolution order": response
//! policies come first, then the private zone with the longest suffix.

use cachewarden_model::{
    AccountId, DnsRecord, DnsZone, Fact, Gap, Provider, ResolutionPolicy, ResourceId, ZoneLink,
};
use serde_json::Value;

use super::{odd, read};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::dns;

pub(super) fn zones(estate: &Estate) -> Vec<Result<DnsZone, Box<Gap>>> {
    let zones = estate.rows(Operation::Zones);
    let mut all: Vec<_> = zones
        .filter_map(|(account, value)| zone(estate, account, value).transpose())
        .collect();
    for (account, value) in estate.rows(Operation::ResponsePolicies) {
        match response_policy(estate, account, value) {
            Ok(zones) => all.extend(zones.into_iter().map(Ok)),
            Err(gap) => all.push(Err(gap)),
        }
    }
    all
}

/// Without the final dot.
fn bare(name: &str) -> String {
    name.trim_end_matches('.').to_owned()
}

fn links(estate: &Estate, account: &AccountId, networks: &[dns::NetworkUrl]) -> Vec<ZoneLink> {
    let mut links: Vec<ZoneLink> = networks
        .iter()
        .map(|it| ZoneLink {
            id: None,
            network: estate.ids.resource(&it.network_url, account),
            effective: true,
            resolution: ResolutionPolicy::Default,
        })
        .collect();
    links.sort_by(|a, b| a.network.cmp(&b.network));
    links
}

/// A private zone; none for public ones, which hold no addresses of caches
/// that a network alone would see.
fn zone(estate: &Estate, account: &AccountId, value: &Value) -> Result<Option<DnsZone>, Box<Gap>> {
    let it: dns::Zone = read(account, Operation::Zones, value)?;
    if it.visibility.as_deref() != Some("private") {
        return Ok(None);
    }
    let id = format!("projects/{account}/managedZones/{}", it.name);
    let elsewhere = [
        (
            it.forwarding_config.is_some(),
            "name servers of the owner's",
        ),
        (it.peering_config.is_some(), "the zones of another network"),
        (it.service_directory_config.is_some(), "Service Directory"),
        (it.reverse_lookup_config.is_some(), "reverse look-ups"),
    ];
    let elsewhere = elsewhere.iter().find(|(is, _)| *is);
    let records = match elsewhere {
        Some((_, whom)) => {
            let message = format!("the zone is answered by {whom}");
            Fact::unknown(odd(account, Operation::Zones, &message))
        }
        None => records(estate, account, &id),
    };
    Ok(Some(DnsZone {
        id: ResourceId::from(id),
        name: bare(&it.dns_name),
        provider: Provider::Gcp,
        account: account.clone(),
        links: Fact::Known(links(
            estate,
            account,
            &it.private_visibility_config.networks,
        )),
        records,
    }))
}

/// Address and alias records of a zone; none where no network sees it.
fn records(estate: &Estate, account: &AccountId, zone: &str) -> Fact<Vec<DnsRecord>> {
    let Some(found) = estate.records.get(zone) else {
        return Fact::Default(vec![]);
    };
    if let Some(gap) = found.gaps.first() {
        return Fact::unknown(gap.clone());
    }
    let mut all = vec![];
    for value in &found.items {
        match read(account, Operation::Records, value).and_then(|it| record(account, &it)) {
            Ok(record) => all.extend(record),
            Err(gap) => return Fact::Unknown(gap),
        }
    }
    sort(&mut all);
    Fact::Known(all)
}

fn sort(records: &mut [DnsRecord]) {
    records.sort_by(|a, b| (&a.name, &a.kind).cmp(&(&b.name, &b.kind)));
}

/// A record of a kind that leads to an address.
fn record(account: &AccountId, it: &dns::Record) -> Result<Option<DnsRecord>, Box<Gap>> {
    if !["A", "AAAA", "CNAME"].contains(&it.kind.as_str()) {
        return Ok(None);
    }
    if it.routing_policy.is_some() {
        let message = format!("{} is answered by a routing policy", bare(&it.name));
        return Err(Box::new(odd(account, Operation::Records, &message)));
    }
    let alias = it.kind == "CNAME";
    let value = |text: &String| if alias { bare(text) } else { text.clone() };
    let mut values: Vec<String> = it.rrdatas.iter().map(value).collect();
    values.sort();
    Ok(Some(DnsRecord {
        name: bare(&it.name),
        kind: it.kind.clone(),
        ttl: it.ttl,
        values,
    }))
}

/// Each rule of a response policy is a zone of its name alone. Rules for all
/// names below one make what is below unknown.
fn response_policy(
    estate: &Estate,
    account: &AccountId,
    value: &Value,
) -> Result<Vec<DnsZone>, Box<Gap>> {
    let it: dns::ResponsePolicy = read(account, Operation::ResponsePolicies, value)?;
    let id = format!(
        "projects/{account}/responsePolicies/{}",
        it.response_policy_name
    );
    let links = links(estate, account, &it.networks);
    let Some(found) = estate.records.get(&id) else {
        return Ok(vec![]);
    };
    let zone = |id: String, name: String, records: Fact<Vec<DnsRecord>>| DnsZone {
        id: ResourceId::from(id),
        name,
        provider: Provider::Gcp,
        account: account.clone(),
        links: Fact::Known(links.clone()),
        records,
    };
    // What of it was not read is a gap that hides zones.
    let mut zones = vec![];
    for value in &found.items {
        let rule: dns::ResponseRule = read(account, Operation::ResponseRules, value)?;
        if rule.behavior.as_deref() == Some("bypassResponsePolicy") {
            continue;
        }
        let name = bare(&rule.dns_name);
        let id = format!("{id}/rules/{}", rule.rule_name);
        let records = match name.strip_prefix("*.") {
            Some(_) => {
                let message = format!("a response policy answers for {name}");
                Fact::unknown(odd(account, Operation::ResponseRules, &message))
            }
            None => local(account, &rule),
        };
        let name = name.strip_prefix("*.").unwrap_or(&name).to_owned();
        zones.push(zone(id, name, records));
    }
    Ok(zones)
}

fn local(account: &AccountId, rule: &dns::ResponseRule) -> Fact<Vec<DnsRecord>> {
    let data = rule.local_data.iter().flat_map(|it| &it.local_datas);
    let read: Result<Vec<_>, _> = data.map(|it| record(account, it)).collect();
    match read {
        Ok(records) => {
            let mut records: Vec<DnsRecord> = records.into_iter().flatten().collect();
            sort(&mut records);
            Fact::Known(records)
        }
        Err(gap) => Fact::Unknown(gap),
    }
}
