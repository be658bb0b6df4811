//! Networks.
//!
//! Source: Compute Engine API v1, "Network".

use std::collections::BTreeMap;

use cachewarden_model::{
    AccountId, AllocatedRange, DnsServers, EncryptionControl, Fact, FirewallOrder, Gap, GapReason,
    GcpNetwork, Network, Provider, PublicAccessBlock, Region, ResourceId,
};
use cachewarden_netset::Cidr;

use super::addresses::range;
use super::{filter, gap, hybrid, odd, policy, read, regions_of_networks};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::{compute, dns};

pub(super) fn networks(estate: &Estate) -> Vec<Result<Network, Box<Gap>>> {
    let regions = regions_of_networks(estate);
    let rows = estate.rows(Operation::Networks);
    rows.map(|(account, value)| {
        let it: compute::Network = read(account, Operation::Networks, value)?;
        let id = estate.ids.resource(&it.self_link, account);
        let own = regions.get(id.as_str());
        let regions: Vec<&Region> = own.into_iter().flatten().collect();
        network(estate, account, id, &it, &regions)
    })
    .collect()
}

fn network(
    estate: &Estate,
    account: &AccountId,
    id: ResourceId,
    it: &compute::Network,
    regions: &[&Region],
) -> Result<Network, Box<Gap>> {
    let order = order(account, it)?;
    let filters: BTreeMap<Region, Fact<Vec<ResourceId>>> = regions
        .iter()
        .map(|region| ((*region).clone(), filter::order(estate, &id, order, region)))
        .collect();
    let list = |operation| estate.missing(operation, account);
    let gcp = GcpNetwork {
        order,
        filters,
        policy_routes: policy::routes(estate, account, &id),
        global_routing: it.routing_config.routing_mode.as_deref() == Some("GLOBAL"),
        hub: hybrid::hub(estate, account, &id),
        allocated: or(list(Operation::GlobalAddresses), || {
            allocated(estate, account, &id)
        }),
        hybrid: hybrid::links(estate, account, &id),
        routers: or(list(Operation::Routers), || {
            hybrid::routers(estate, account, &id)
        }),
        shared_with: match estate.shared.get(account) {
            Some(Ok(projects)) => Fact::Known(projects.clone()),
            Some(Err(gap)) => Fact::Unknown(gap.clone()),
            None => Fact::Default(vec![]),
        },
        legacy: it.range.is_some(),
    };
    let legacy = it.range.as_deref().and_then(range);
    Ok(Network {
        name: it.name.clone(),
        provider: Provider::Gcp,
        account: account.clone(),
        region: Region::from("global"),
        // Ranges belong to subnets, which a legacy network has none of.
        cidrs: legacy.into_iter().collect(),
        dns_resolution: Fact::Known(true),
        dns_host_names: Fact::Known(true),
        dns_servers: or(list(Operation::DnsPolicies), || {
            servers(estate, account, &id)
        }),
        public_access_block: Fact::Default(PublicAccessBlock::Off),
        encryption_control: Fact::Default(EncryptionControl::Off),
        filters: Fact::Default(vec![]),
        internet_gateways: Fact::Default(vec![]),
        gcp: Some(Box::new(gcp)),
        tags: BTreeMap::new(),
        id,
    })
}

/// A fact that is unknown where its list is not whole, or an item of it
/// cannot be read.
pub(super) fn or<T>(missing: Option<Gap>, read: impl FnOnce() -> Result<T, Box<Gap>>) -> Fact<T> {
    match missing {
        Some(gap) => Fact::unknown(gap),
        None => read().map_or_else(Fact::Unknown, Fact::Known),
    }
}

/// Source: Cloud NGFW, "Firewall policy rule evaluation order": after the
/// network's own rules where nothing is said.
fn order(account: &AccountId, it: &compute::Network) -> Result<FirewallOrder, Box<Gap>> {
    match it.network_firewall_policy_enforcement_order.as_deref() {
        None | Some("" | "AFTER_CLASSIC_FIREWALL") => Ok(FirewallOrder::PoliciesLast),
        Some("BEFORE_CLASSIC_FIREWALL") => Ok(FirewallOrder::PoliciesFirst),
        Some(word) => {
            let message = format!(
                "`{word}` is no order of firewalls that this version knows; the network {} is left out",
                it.name
            );
            let mut gap = gap(
                account,
                Operation::Networks,
                GapReason::Unmodelled,
                &message,
            );
            gap.hides = Operation::Networks.hides().to_vec();
            Err(Box::new(gap))
        }
    }
}

/// Ranges that were allocated for services.
///
/// Source: Compute Engine API v1, "Address": `purpose` `VPC_PEERING`.
fn allocated(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Result<Vec<AllocatedRange>, Box<Gap>> {
    let mut all = vec![];
    for value in estate.of(Operation::GlobalAddresses, account) {
        let it: compute::Address = read(account, Operation::GlobalAddresses, value)?;
        let own = it
            .network
            .as_deref()
            .map(|it| estate.ids.resource(it, account));
        if it.purpose.as_deref() != Some("VPC_PEERING") || own.as_ref() != Some(network) {
            continue;
        }
        let address = it.address.as_deref().and_then(|it| it.parse().ok());
        let whole = address.zip(it.prefix_length);
        let Some(range) = whole.and_then(|(it, length)| Cidr::new(it, length).ok()) else {
            let message = "the range of an allocated address cannot be read";
            return Err(Box::new(odd(account, Operation::GlobalAddresses, message)));
        };
        all.push(AllocatedRange {
            id: estate.ids.resource(&it.self_link, account),
            name: it.name,
            range,
        });
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// Whom machines ask for names: other servers where a policy says so.
///
/// Source: Cloud DNS, "Server policies": alternative name servers replace
/// Google's own.
fn servers(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Result<DnsServers, Box<Gap>> {
    for value in estate.of(Operation::DnsPolicies, account) {
        let it: dns::Policy = read(account, Operation::DnsPolicies, value)?;
        let is = |it: &dns::NetworkUrl| estate.ids.resource(&it.network_url, account) == *network;
        let servers = it
            .alternative_name_server_config
            .map(|it| it.target_name_servers);
        let servers = servers.unwrap_or_default();
        if !it.networks.iter().any(is) || servers.is_empty() {
            continue;
        }
        let mut addresses = vec![];
        for text in servers
            .iter()
            .flat_map(|it| [&it.ipv4_address, &it.ipv6_address])
        {
            match text.as_deref().filter(|it| !it.is_empty()).map(str::parse) {
                None => {}
                Some(Ok(address)) => addresses.push(address),
                Some(Err(_)) => {
                    let message = "the address of a name server cannot be read";
                    return Err(Box::new(odd(account, Operation::DnsPolicies, message)));
                }
            }
        }
        return Ok(DnsServers::Custom(addresses));
    }
    Ok(DnsServers::Provider)
}
