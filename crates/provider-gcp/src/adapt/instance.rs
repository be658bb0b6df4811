//! Machines: one interface for each of their network interfaces.
//!
//! Source: Compute Engine API v1, "Instance".

use std::net::IpAddr;

use cachewarden_model::{
    AccountId, Attachment, Fact, Gap, GcpInterface, Interface, InterfaceKind, Platform, Provider,
    ResourceId, RunState,
};

use super::addresses::range;
use super::{last, odd, read, untold};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::compute::{AccessConfig, Instance, NetworkInterface};

pub(super) fn interfaces(estate: &Estate) -> Vec<Result<Interface, Box<Gap>>> {
    let mut all = vec![];
    for (account, value) in estate.rows(Operation::Instances) {
        match read::<Instance>(account, Operation::Instances, value) {
            Ok(it) => {
                let nics = it.network_interfaces.iter();
                all.extend(nics.map(|nic| interface(estate, account, &it, nic)));
            }
            Err(gap) => all.push(Err(gap)),
        }
    }
    all
}

fn interface(
    estate: &Estate,
    account: &AccountId,
    it: &Instance,
    nic: &NetworkInterface,
) -> Result<Interface, Box<Gap>> {
    let zone = last(&it.zone);
    let own = ResourceId::from(format!(
        "projects/{account}/zones/{zone}/instances/{}",
        it.name
    ));
    let wrong = |what: &str| {
        let message = format!("{what} of the machine {} cannot be read", it.name);
        let mut gap = odd(account, Operation::Instances, &message);
        gap.hides = Operation::Instances.hides().to_vec();
        Box::new(gap)
    };
    let parse = |text: &Option<String>| -> Result<Option<IpAddr>, Box<Gap>> {
        match text.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| wrong("an address")),
        }
    };
    let mut addresses: Vec<IpAddr> = parse(&nic.address)?.into_iter().collect();
    addresses.extend(parse(&nic.ipv6_address)?);
    let mut public: Vec<IpAddr> = vec![];
    for config in nic.access_configs.iter().chain(&nic.ipv6_access_configs) {
        let AccessConfig {
            address,
            external_ipv6,
        } = config;
        public.extend(parse(address)?);
        public.extend(parse(external_ipv6)?);
    }
    public.sort();
    let aliases = nic.alias_ip_ranges.iter();
    let prefixes =
        aliases.map(|it| range(&it.ip_cidr_range).ok_or_else(|| wrong("an alias range")));
    let identity = it.service_accounts.first();
    let mut scopes = identity.map(|it| it.scopes.clone()).unwrap_or_default();
    scopes.sort();
    let mut network_tags = it.tags.items.clone();
    network_tags.sort();
    // Without a subnet in legacy networks alone.
    let subnet = nic.subnetwork.as_deref().unwrap_or_default();
    Ok(Interface {
        id: ResourceId::from(format!("{own}/{}", nic.name)),
        name: it.name.clone(),
        provider: Provider::Gcp,
        account: account.clone(),
        region: super::place_of_zone(zone),
        network: estate.ids.resource(&nic.network, account),
        subnet: estate.ids.resource(subnet, account),
        kind: InterfaceKind::Machine,
        attached_to: Some(Attachment {
            id: own,
            name: it.name.clone(),
            state: state(account, it),
            platform: platform(account, it),
            machine_type: it.machine_type.as_deref().map(|it| last(it).to_owned()),
        }),
        addresses,
        prefixes: prefixes.collect::<Result<_, _>>()?,
        public_addresses: public,
        filters: Fact::Default(vec![]),
        groups: vec![],
        network_tags,
        service_account: identity.map(|it| it.email.clone()),
        gcp: Some(Box::new(GcpInterface {
            scopes,
            egress: None,
            tags_unread: None,
        })),
        address_check: Fact::Known(!it.can_ip_forward),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: it.labels.clone(),
    })
}

/// Source: Compute Engine, "Instance life cycle".
fn state(account: &AccountId, it: &Instance) -> Fact<RunState> {
    match it.status.as_deref() {
        None | Some("") => Fact::unknown(untold(
            account,
            Operation::Instances,
            "the API does not tell whether the machine runs",
        )),
        Some("RUNNING") => Fact::Known(RunState::Running),
        Some("TERMINATED" | "STOPPED" | "SUSPENDED") => Fact::Known(RunState::Stopped),
        Some(word) => Fact::Known(RunState::Other(word.to_owned())),
    }
}

/// By what the boot disk was made from.
fn platform(account: &AccountId, it: &Instance) -> Fact<Platform> {
    let boot = it.disks.iter().find(|it| it.boot);
    let features = boot.into_iter().flat_map(|it| &it.guest_os_features);
    let windows = features.into_iter().any(|it| it.kind == "WINDOWS");
    let licensed = boot.is_some_and(|it| !it.licenses.is_empty());
    if windows {
        Fact::Known(Platform::Windows)
    } else if licensed {
        Fact::Known(Platform::Linux)
    } else {
        let message = "the API does not tell the operating system";
        Fact::unknown(untold(account, Operation::Instances, message))
    }
}
