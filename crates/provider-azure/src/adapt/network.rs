//! Virtual networks, their subnets and their peerings.

use std::net::IpAddr;

use cachewarden_model::{
    AccountId, AzurePeering, AzureSubnet, DnsServers, EncryptionControl, Fact, Gap, GapReason,
    LinkState, Network, Noun, Peering, PeeringEnd, PrivateEndpointPolicies, Provider,
    PublicAccessBlock, Region, ResourceId, Subnet, TableAssociation,
};
use serde_json::Value;

use super::addresses::{addresses, cidrs};
use super::admin::above;
use super::{View, gap, last, name, normalised, read, subscription, tags};
use crate::operation::Operation;
use crate::wire::network as wire;
use crate::wire::{Child, Plain};

const WHAT: Operation = Operation::VirtualNetworks;

/// The address at which the cloud's own resolver is asked.
///
/// Source: Azure Virtual Network, "What is IP address 168.63.129.16?".
const RESOLVER: [u8; 4] = [168, 63, 129, 16];

/// A virtual network and what is inside it.
pub(super) struct Parts {
    pub(super) network: Network,
    pub(super) subnets: Vec<Result<Subnet, Box<Gap>>>,
    pub(super) peerings: Vec<Result<Peering, Box<Gap>>>,
    pub(super) gaps: Vec<Gap>,
}

/// A virtual network.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn network(
    view: View<'_>,
    account: &AccountId,
    value: &Value,
) -> Result<Parts, Box<Gap>> {
    let resource: Plain<wire::VirtualNetwork> = read(account, WHAT, value, WHAT.hides())?;
    let wire = &resource.own.properties;
    let unread = |what: &str| {
        let message = format!("the {what} of {} is not in a known form", resource.id);
        gap(account, WHAT, GapReason::Damaged, message)
    };
    let ranges = wire
        .address_space
        .address_prefixes
        .iter()
        .map(String::as_str);
    let mut gaps = vec![];
    let ranges = cidrs(ranges).ok_or_else(|| {
        let mut gap = unread("address space");
        gap.hides = WHAT.hides().to_vec();
        Box::new(gap)
    })?;
    for (list, noun, what) in [
        (&wire.subnets, Noun::Subnets, "list of subnets"),
        (
            &wire.virtual_network_peerings,
            Noun::Peerings,
            "list of peerings",
        ),
    ] {
        if list.is_none() {
            let mut gap = unread(what);
            gap.hides = vec![noun];
            gaps.push(gap);
        }
    }
    let place = Place {
        view,
        account,
        network: view.ids.id(&resource.id),
        region: normalised(resource.location.as_deref()),
    };
    let inside = |list: &Option<Vec<Value>>| list.clone().unwrap_or_default();
    let servers = wire
        .dhcp_options
        .as_ref()
        .map(|it| it.dns_servers.as_slice());
    let network = Network {
        gcp: None,
        id: place.network.clone(),
        name: name(&resource),
        provider: Provider::Azure,
        account: account.clone(),
        region: place.region.clone(),
        cidrs: ranges,
        dns_resolution: Fact::Default(true),
        dns_host_names: Fact::Default(true),
        dns_servers: dns_servers(servers.unwrap_or_default())
            .unwrap_or_else(|| Fact::unknown(unread("list of name servers"))),
        public_access_block: Fact::Default(PublicAccessBlock::Off),
        encryption_control: Fact::Default(EncryptionControl::Off),
        filters: match above(view, account) {
            Ok(filters) if filters.is_empty() => Fact::Default(filters),
            Ok(filters) => Fact::Known(filters),
            Err(gap) => Fact::Unknown(gap),
        },
        internet_gateways: Fact::Default(vec![]),
        tags: tags(&resource),
    };
    Ok(Parts {
        network,
        subnets: inside(&wire.subnets)
            .iter()
            .map(|it| place.subnet(it))
            .collect(),
        peerings: inside(&wire.virtual_network_peerings)
            .iter()
            .map(|it| place.peering(it))
            .collect(),
        gaps,
    })
}

/// Whom machines ask for names; none if an address is none. The cloud's
/// resolver may be named as a server of one's own.
///
/// Source: Azure Virtual Network, "Name resolution for resources".
fn dns_servers(listed: &[String]) -> Option<Fact<DnsServers>> {
    if listed.is_empty() {
        return Some(Fact::Default(DnsServers::Provider));
    }
    let servers = addresses(listed.iter().map(String::as_str))?;
    Some(Fact::Known(if servers == [IpAddr::from(RESOLVER)] {
        DnsServers::Provider
    } else {
        DnsServers::Custom(servers)
    }))
}

/// A virtual network, for what is inside it.
struct Place<'a> {
    view: View<'a>,
    account: &'a AccountId,
    network: ResourceId,
    region: Region,
}

impl Place<'_> {
    fn subnet(&self, value: &Value) -> Result<Subnet, Box<Gap>> {
        let child: Child<wire::Subnet> = read(self.account, WHAT, value, &[Noun::Subnets])?;
        let wire = &child.properties;
        let id = child.id.as_deref().unwrap_or_default();
        let unclear = |what: &str, hides: &[Noun]| {
            let message = format!("the {what} of {id} is not in a known form");
            let mut gap = gap(self.account, WHAT, GapReason::Unmodelled, message);
            gap.hides = hides.to_vec();
            gap
        };
        let ranges = wire.address_prefix.iter().chain(&wire.address_prefixes);
        let ranges = cidrs(ranges.map(String::as_str))
            .ok_or_else(|| Box::new(unclear("address range", &[Noun::Subnets])))?;
        let ids = self.view.ids;
        let group = wire
            .network_security_group
            .as_ref()
            .map(|it| ids.id(&it.id));
        let policies = policies(wire.private_endpoint_network_policies.as_deref());
        let mut delegations: Vec<String> = wire
            .delegations
            .iter()
            .filter_map(|it| it.properties.service_name.clone())
            .collect();
        delegations.sort();
        Ok(Subnet {
            gcp: None,
            id: ids.id(id),
            name: child.name.clone().unwrap_or_else(|| last(id).to_owned()),
            provider: Provider::Azure,
            account: self.account.clone(),
            region: self.region.clone(),
            network: self.network.clone(),
            zone: None,
            cidrs: ranges,
            filter: Fact::Known(group),
            route_table: Fact::Known(wire.route_table.as_ref().map(|it| TableAssociation {
                table: ids.id(&it.id),
                explicit: true,
            })),
            azure: Some(AzureSubnet {
                private_endpoint_policies: policies.unwrap_or_else(|| {
                    Fact::unknown(unclear("private endpoint network policy", &[]))
                }),
                nat_gateway: wire.nat_gateway.as_ref().map(|it| ids.id(&it.id)),
                delegations,
                default_outbound: wire.default_outbound_access,
            }),
            tags: Default::default(),
        })
    }

    /// One side of a peering.
    ///
    /// Source: Azure Virtual Network, "Virtual network peering".
    fn peering(&self, value: &Value) -> Result<Peering, Box<Gap>> {
        let child: Child<wire::Peering> = read(self.account, WHAT, value, &[Noun::Peerings])?;
        let wire = child.properties;
        let id = child.id.unwrap_or_default();
        let remote = &wire.remote_virtual_network.id;
        // The ranges that routes were made of; the newer ones wait for a sync.
        let ranges = [
            &wire.remote_address_space,
            &wire.remote_virtual_network_address_space,
        ];
        let ranges = ranges.iter().find(|it| !it.address_prefixes.is_empty());
        let ranges = ranges
            .map(|it| it.address_prefixes.as_slice())
            .unwrap_or_default();
        let ranges = cidrs(ranges.iter().map(String::as_str)).ok_or_else(|| {
            let message = format!("the remote ranges of {id} are not in a known form");
            let mut gap = gap(self.account, WHAT, GapReason::Damaged, message);
            gap.hides = vec![Noun::Peerings];
            Box::new(gap)
        })?;
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        let state = match wire.peering_state.to_ascii_lowercase().as_str() {
            "connected" => LinkState::Active,
            "disconnected" => LinkState::Down(wire.peering_state),
            "initiated" => LinkState::Pending(wire.peering_state),
            word => {
                let message = format!("this version does not know the state `{word}` of {id}");
                let mut gap = gap(self.account, WHAT, GapReason::Unmodelled, message);
                gap.hides = vec![Noun::Peerings];
                return Err(Box::new(gap));
            }
        };
        Ok(Peering {
            id: self.view.ids.id(&id),
            name: child.name.unwrap_or_else(|| last(&id).to_owned()),
            provider: Provider::Azure,
            state,
            requester: PeeringEnd {
                network: self.network.clone(),
                account: Some(self.account.clone()),
                region: Some(self.region.clone()),
                access: wire.allow_virtual_network_access,
                forwarded: wire.allow_forwarded_traffic,
                ..end(&self.network)
            },
            accepter: PeeringEnd {
                account: Some(AccountId::from(subscription(remote))),
                cidrs: ranges,
                ..end(&self.view.ids.id(remote))
            },
            azure: Some(AzurePeering {
                sync_level: wire.peering_sync_level,
                gateway_transit: wire.allow_gateway_transit,
                remote_gateways: wire.use_remote_gateways,
                complete: wire.peer_complete_vnets,
                local_subnets: sorted(wire.local_subnet_names),
                remote_subnets: sorted(wire.remote_subnet_names),
                only_ipv6: wire.only_ipv6,
            }),
        })
    }
}

/// An end of a peering of which no more than the network is known.
fn end(network: &ResourceId) -> PeeringEnd {
    PeeringEnd {
        network: network.clone(),
        account: None,
        region: None,
        cidrs: vec![],
        access: None,
        forwarded: None,
        exports_routes: None,
        imports_routes: None,
        resolves_names: None,
    }
}

/// Absent means `Disabled`; none if the word is not known.
///
/// Source: Azure Private Link, "Manage network policies for private
/// endpoints".
fn policies(word: Option<&str>) -> Option<Fact<PrivateEndpointPolicies>> {
    let Some(word) = word else {
        return Some(Fact::Default(PrivateEndpointPolicies::Disabled));
    };
    Some(Fact::Known(match word.to_ascii_lowercase().as_str() {
        "disabled" => PrivateEndpointPolicies::Disabled,
        "networksecuritygroupenabled" => PrivateEndpointPolicies::Filters,
        "routetableenabled" => PrivateEndpointPolicies::Routes,
        "enabled" => PrivateEndpointPolicies::Enabled,
        _ => return None,
    }))
}
