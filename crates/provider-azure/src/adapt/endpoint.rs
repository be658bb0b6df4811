//! Private endpoints of caches.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{
    AccountId, Fact, Gap, GapReason, PrivateEndpoint, PrivateName, Provider, ResourceId,
};
use serde_json::Value;

use super::addresses::addresses;
use super::connection::state;
use super::{View, gap, name, normalised, row};
use crate::operation::Operation;
use crate::wire::dns::ZoneGroup;
use crate::wire::network as wire;
use crate::wire::{Child, Properties};

const WHAT: Operation = Operation::PrivateEndpoints;

/// A private endpoint of a cache.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn endpoint(view: View<'_>, value: &Value) -> Result<PrivateEndpoint, Box<Gap>> {
    let (account, endpoint) = row::<Properties<wire::PrivateEndpoint>>(WHAT, value)?;
    let wire = &endpoint.own.properties;
    let connection = wire
        .private_link_service_connections
        .iter()
        .chain(&wire.manual_private_link_service_connections)
        .map(|it| &it.properties)
        .find(|it| it.private_link_service_id.is_some());
    let target = connection.and_then(|it| it.private_link_service_id.as_deref());
    let status = connection.and_then(|it| {
        let state = it.private_link_service_connection_state.as_ref();
        state.and_then(|it| it.status.as_deref())
    });
    let sorted = |references: &[crate::wire::Reference]| {
        let mut ids: Vec<_> = references.iter().map(|it| view.ids.id(&it.id)).collect();
        ids.sort();
        ids
    };
    let state = state(status).ok_or_else(|| {
        let message = format!("{} does not tell whether it carries traffic", endpoint.id);
        let mut gap = gap(&account, WHAT, GapReason::Damaged, message);
        gap.hides = WHAT.hides().to_vec();
        Box::new(gap)
    })?;
    let interfaces = Interfaces::of(view, wire);
    let kept = view.estate.zone_groups.get(&endpoint.id.to_lowercase());
    let groups: Vec<ZoneGroup> = kept
        .into_iter()
        .flat_map(|it| &it.items)
        .filter_map(group)
        .collect();
    let zones = match kept {
        Some(listing) if groups.len() == listing.items.len() => match &listing.gap {
            None => Fact::Known(zones(view, &groups)),
            Some(gap) => Fact::unknown(gap.clone()),
        },
        _ => {
            let message = format!("the zone groups of {} were not read", endpoint.id);
            Fact::unknown(gap(
                &account,
                Operation::ZoneGroups,
                GapReason::Damaged,
                message,
            ))
        }
    };
    let mut parts: Vec<String> = connection
        .map(|it| it.group_ids.clone())
        .unwrap_or_default();
    parts.sort();
    let names = names(wire, &groups, &interfaces);
    Ok(PrivateEndpoint {
        id: view.ids.id(&endpoint.id),
        name: name(&endpoint),
        provider: Provider::Azure,
        region: normalised(endpoint.location.as_deref()),
        network: view.ids.network_of(&wire.subnet.id),
        subnets: vec![view.ids.id(&wire.subnet.id)],
        interfaces: sorted(&wire.network_interfaces),
        addresses: all_addresses(&account, &endpoint.id, &interfaces, &names),
        target: target
            .map(|it| view.ids.id(it).to_string())
            .unwrap_or_default(),
        state,
        global_access: None,
        filters: match interfaces.whole() {
            true => Fact::Known(interfaces.filters),
            false => Fact::unknown(unread(&account, &endpoint.id)),
        },
        groups: sorted(&wire.application_security_groups),
        parts,
        names,
        zones,
        account,
    })
}

/// The addresses of its interfaces; where none of those was read, the ones
/// that its names lead to. Where only some were, there may be others.
fn all_addresses(
    account: &AccountId,
    id: &str,
    interfaces: &Interfaces,
    names: &[PrivateName],
) -> Fact<Vec<IpAddr>> {
    let mut all = match interfaces.addresses.is_empty() {
        true => names.iter().flat_map(|it| it.addresses.clone()).collect(),
        false if interfaces.whole() => interfaces.addresses.clone(),
        false => vec![],
    };
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return Fact::unknown(unread(account, id));
    }
    Fact::Known(all)
}

fn unread(account: &AccountId, id: &str) -> Gap {
    let message = format!("the interfaces of {id} were not read");
    let why = GapReason::NotCollected;
    gap(account, Operation::Interfaces, why, message)
}

/// What the interfaces of an endpoint tell.
#[derive(Default)]
struct Interfaces {
    addresses: Vec<IpAddr>,
    filters: Vec<ResourceId>,
    /// Names, and the address that stands beside each.
    names: Vec<(String, IpAddr)>,
    /// How many were read, all of their addresses included, and how many
    /// there are.
    read: usize,
    all: usize,
}

impl Interfaces {
    fn of(view: View<'_>, endpoint: &wire::PrivateEndpoint) -> Self {
        let mut all = Self::default();
        for reference in &endpoint.network_interfaces {
            let row = view
                .rows
                .row(&reference.id)
                .and_then(|it| it.get("properties"));
            let read =
                row.and_then(|it| serde_json::from_value::<wire::Interface>(it.clone()).ok());
            all.all += 1;
            let Some(interface) = read else { continue };
            let group = interface.network_security_group.as_ref();
            all.filters.extend(group.map(|it| view.ids.id(&it.id)));
            let Some(configurations) = interface.ip_configurations else {
                continue;
            };
            let mut told_all = true;
            for configuration in configurations {
                let wire = configuration.properties;
                let Some(address) = wire.address.and_then(|it| it.parse().ok()) else {
                    told_all = false;
                    continue;
                };
                all.addresses.push(address);
                let told = wire.private_link_connection_properties;
                let names = told.map(|it| it.fqdns).unwrap_or_default();
                all.names.extend(names.into_iter().map(|it| (it, address)));
            }
            all.read += usize::from(told_all);
        }
        all.filters.sort();
        all.filters.dedup();
        all
    }

    /// Whether all of them were read, and there is one.
    fn whole(&self) -> bool {
        self.all > 0 && self.read == self.all
    }
}

fn group(value: &Value) -> Option<ZoneGroup> {
    let child: Child<ZoneGroup> = serde_json::from_value(value.clone()).ok()?;
    Some(child.properties)
}

/// Zones of all groups, sorted.
fn zones(view: View<'_>, groups: &[ZoneGroup]) -> Vec<ResourceId> {
    let configs = groups.iter().flat_map(|it| &it.private_dns_zone_configs);
    let zones = configs.filter_map(|it| it.properties.private_dns_zone_id.as_deref());
    let mut ids: Vec<_> = zones.map(|it| view.ids.id(it)).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The names that an endpoint stands for: as it tells itself, else by the
/// records that its zone groups keep, else by its interfaces.
///
/// Source: Azure Private Link, "Private endpoint DNS integration".
fn names(
    wire: &wire::PrivateEndpoint,
    groups: &[ZoneGroup],
    interfaces: &Interfaces,
) -> Vec<PrivateName> {
    let told = wire.custom_dns_configs.iter();
    let told =
        told.filter_map(|it| Some((it.fqdn.as_deref()?, addresses(texts(&it.ip_addresses))?)));
    let told = collected(told);
    if !told.is_empty() {
        return told;
    }
    let records = groups
        .iter()
        .flat_map(|it| &it.private_dns_zone_configs)
        .flat_map(|it| &it.properties.record_sets)
        .filter_map(|it| Some((it.fqdn.as_deref()?, addresses(texts(&it.ip_addresses))?)));
    let kept = collected(records);
    if !kept.is_empty() {
        return kept;
    }
    collected(
        interfaces
            .names
            .iter()
            .map(|(name, address)| (name.as_str(), vec![*address])),
    )
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

fn collected<'a>(pairs: impl Iterator<Item = (&'a str, Vec<IpAddr>)>) -> Vec<PrivateName> {
    let mut names: BTreeMap<String, Vec<IpAddr>> = BTreeMap::new();
    for (name, addresses) in pairs {
        let name = name.trim_end_matches('.').to_lowercase();
        names.entry(name).or_default().extend(addresses);
    }
    let named = names.into_iter().map(|(name, mut addresses)| {
        addresses.sort_unstable();
        addresses.dedup();
        PrivateName { name, addresses }
    });
    named.collect()
}
