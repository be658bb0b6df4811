//! Network interfaces, and the machines behind them.

use std::net::IpAddr;

use cachewarden_model::{
    AccountId, Attachment, Fact, Gap, GapReason, Interface, InterfaceKind, Platform, Provider,
    ResourceId, RunState,
};
use cachewarden_netset::Cidr;
use serde_json::Value;

use super::nat::public_addresses;
use super::{View, gap, last, name, normalised, row, tags};
use crate::operation::Operation;
use crate::wire::network as wire;
use crate::wire::{Child, Properties};

const WHAT: Operation = Operation::Interfaces;

type Configurations<'a> = &'a [Child<wire::IpConfiguration>];

/// A network interface; none if it is in no subnet.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn interface(view: View<'_>, value: &Value) -> Result<Option<Interface>, Box<Gap>> {
    let (account, resource) = row::<Properties<wire::Interface>>(WHAT, value)?;
    let wire = &resource.own.properties;
    let unclear = |what: &str| {
        let message = format!("{what} of {} is not in a known form", resource.id);
        let mut gap = gap(&account, WHAT, GapReason::Damaged, message);
        gap.hides = WHAT.hides().to_vec();
        Box::new(gap)
    };
    let mut listed = wire
        .ip_configurations
        .clone()
        .ok_or_else(|| unclear("the list of addresses"))?;
    listed.sort_by_key(|it| !it.properties.primary.unwrap_or(false));
    let subnet = listed.iter().find_map(|it| it.properties.subnet.as_ref());
    let Some(subnet) = subnet else {
        return Ok(None);
    };
    let (addresses, prefixes) = addresses(&listed).ok_or_else(|| unclear("an address"))?;
    let mut groups: Vec<ResourceId> = configurations(&listed)
        .flat_map(|it| &it.application_security_groups)
        .map(|it| view.ids.id(&it.id))
        .collect();
    groups.sort();
    groups.dedup();
    let public = configurations(&listed).filter_map(|it| it.public.as_ref());
    let filter = wire.network_security_group.as_ref();
    Ok(Some(Interface {
        gcp: None,
        id: view.ids.id(&resource.id),
        name: name(&resource),
        provider: Provider::Azure,
        region: normalised(resource.location.as_deref()),
        network: view.ids.network_of(&subnet.id),
        subnet: view.ids.id(&subnet.id),
        kind: kind(wire),
        attached_to: wire
            .virtual_machine
            .as_ref()
            .map(|it| machine(view, &account, &it.id)),
        addresses,
        prefixes,
        public_addresses: public_addresses(view, public),
        filters: Fact::Known(filter.map(|it| view.ids.id(&it.id)).into_iter().collect()),
        groups,
        network_tags: vec![],
        service_account: None,
        address_check: match wire.forwards {
            Some(forwards) => Fact::Known(!forwards),
            None => Fact::Default(true),
        },
        tracking_idle_seconds: None,
        description: String::new(),
        tags: tags(&resource),
        account,
    }))
}

fn configurations<'a>(
    listed: Configurations<'a>,
) -> impl Iterator<Item = &'a wire::IpConfiguration> {
    listed.iter().map(|it| &it.properties)
}

/// Single addresses, and blocks that were handed over whole.
fn addresses(listed: Configurations<'_>) -> Option<(Vec<IpAddr>, Vec<Cidr>)> {
    let mut addresses = vec![];
    let mut prefixes = vec![];
    for configuration in configurations(listed) {
        let Some(text) = configuration.address.as_deref().filter(|it| !it.is_empty()) else {
            continue;
        };
        let plain = text.split('/').next().unwrap_or(text);
        let address: IpAddr = plain.parse().ok()?;
        match configuration.prefix_length {
            Some(length) if length < Cidr::from(address).prefix_len() => {
                prefixes.push(Cidr::new(address, length).ok()?);
            }
            _ => addresses.push(address),
        }
    }
    Some((addresses, prefixes))
}

fn kind(wire: &wire::Interface) -> InterfaceKind {
    if wire.private_endpoint.is_some() {
        return InterfaceKind::PrivateEndpoint;
    }
    if wire.private_link_service.is_some() {
        return InterfaceKind::NatGateway;
    }
    match wire.linked_resource_type.as_deref() {
        Some(kind) if wire.virtual_machine.is_none() => InterfaceKind::Service(kind.to_owned()),
        _ => InterfaceKind::Machine,
    }
}

/// The machine that an interface is attached to.
fn machine(view: View<'_>, account: &AccountId, id: &str) -> Attachment {
    let row = view.rows.row(id);
    let told = |field: &str| {
        let value = row.and_then(|it| it.get(field)).and_then(Value::as_str);
        value.filter(|it| !it.is_empty())
    };
    let unread = |what: &str| {
        let message = format!("the {what} of {} was not told", last(id));
        gap(
            account,
            Operation::Machines,
            GapReason::NotCollected,
            message,
        )
    };
    Attachment {
        id: view.ids.id(id),
        name: told("name").unwrap_or_else(|| last(id)).to_owned(),
        state: match told("power") {
            Some(word) => Fact::Known(run_state(word)),
            None => Fact::unknown(unread("state")),
        },
        platform: match told("os").and_then(platform) {
            Some(platform) => Fact::Known(platform),
            None => Fact::unknown(unread("operating system")),
        },
        machine_type: told("size").map(str::to_owned),
    }
}

/// `PowerState/running`.
///
/// Source: Azure Virtual Machines, "States and billing status".
fn run_state(word: &str) -> RunState {
    match last(word).to_ascii_lowercase().as_str() {
        "running" => RunState::Running,
        "stopped" | "deallocated" => RunState::Stopped,
        other => RunState::Other(other.to_owned()),
    }
}

/// `Linux` or `Windows`.
pub(super) fn platform(word: &str) -> Option<Platform> {
    match word.to_ascii_lowercase().as_str() {
        "linux" => Some(Platform::Linux),
        "windows" => Some(Platform::Windows),
        _ => None,
    }
}
