//! `Microsoft.Network`, and what of machines and apps shows in networks.

use serde::Deserialize;

use super::{Child, Reference, nullable};

/// Properties of a virtual network.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VirtualNetwork {
    pub(crate) address_space: AddressSpace,
    #[serde(default)]
    pub(crate) dhcp_options: Option<DhcpOptions>,
    /// None where the answer does not tell.
    #[serde(default)]
    pub(crate) subnets: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    pub(crate) virtual_network_peerings: Option<Vec<serde_json::Value>>,
}

/// Address ranges.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressSpace {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) address_prefixes: Vec<String>,
}

/// Name servers of a virtual network.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DhcpOptions {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) dns_servers: Vec<String>,
}

/// Properties of a subnet.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subnet {
    #[serde(default)]
    pub(crate) address_prefix: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) address_prefixes: Vec<String>,
    #[serde(default)]
    pub(crate) network_security_group: Option<Reference>,
    #[serde(default)]
    pub(crate) route_table: Option<Reference>,
    #[serde(default)]
    pub(crate) nat_gateway: Option<Reference>,
    #[serde(default)]
    pub(crate) private_endpoint_network_policies: Option<String>,
    #[serde(default)]
    pub(crate) default_outbound_access: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) delegations: Vec<Child<Delegation>>,
}

/// A service that a subnet is handed to.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delegation {
    #[serde(default)]
    pub(crate) service_name: Option<String>,
}

/// Properties of a peering.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Peering {
    pub(crate) remote_virtual_network: Reference,
    pub(crate) peering_state: String,
    #[serde(default)]
    pub(crate) peering_sync_level: Option<String>,
    #[serde(default)]
    pub(crate) allow_virtual_network_access: Option<bool>,
    #[serde(default)]
    pub(crate) allow_forwarded_traffic: Option<bool>,
    #[serde(default)]
    pub(crate) allow_gateway_transit: Option<bool>,
    #[serde(default)]
    pub(crate) use_remote_gateways: Option<bool>,
    #[serde(default)]
    pub(crate) peer_complete_vnets: Option<bool>,
    #[serde(default, rename = "enableOnlyIPv6Peering")]
    pub(crate) only_ipv6: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) local_subnet_names: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) remote_subnet_names: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) remote_address_space: AddressSpace,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) remote_virtual_network_address_space: AddressSpace,
}

/// Properties of a network security group.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecurityGroup {
    /// None where the answer does not tell.
    #[serde(default)]
    pub(crate) security_rules: Option<Vec<serde_json::Value>>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) default_security_rules: Vec<serde_json::Value>,
}

/// Properties of a rule. Each field has a form for one and a form for many;
/// all that are set count.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecurityRule {
    pub(crate) protocol: String,
    pub(crate) access: String,
    pub(crate) direction: String,
    pub(crate) priority: u32,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) source_port_range: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) source_port_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) destination_port_range: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) destination_port_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) source_address_prefix: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) source_address_prefixes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) source_application_security_groups: Vec<Reference>,
    #[serde(default)]
    pub(crate) destination_address_prefix: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) destination_address_prefixes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) destination_application_security_groups: Vec<Reference>,
}

/// A rule of Virtual Network Manager.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminRule {
    pub(crate) protocol: String,
    pub(crate) access: String,
    pub(crate) direction: String,
    pub(crate) priority: u32,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) sources: Vec<AdminAddress>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) destinations: Vec<AdminAddress>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) source_port_ranges: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) destination_port_ranges: Vec<String>,
}

/// Whom an administrator rule names.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminAddress {
    pub(crate) address_prefix: String,
    #[serde(default)]
    pub(crate) address_prefix_type: Option<String>,
}

/// Properties of a network manager.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkManager {
    #[serde(default)]
    pub(crate) network_manager_scopes: Option<ManagerScopes>,
}

/// Which subscriptions a manager is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManagerScopes {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) subscriptions: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) management_groups: Vec<String>,
}

/// Properties of a route table.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RouteTable {
    /// None where the answer does not tell.
    #[serde(default)]
    pub(crate) routes: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    pub(crate) disable_bgp_route_propagation: Option<bool>,
}

/// Properties of a route.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Route {
    pub(crate) address_prefix: String,
    pub(crate) next_hop_type: String,
    #[serde(default)]
    pub(crate) next_hop_ip_address: Option<String>,
}

/// Properties of a network interface.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Interface {
    #[serde(default)]
    pub(crate) ip_configurations: Option<Vec<Child<IpConfiguration>>>,
    #[serde(default)]
    pub(crate) network_security_group: Option<Reference>,
    #[serde(default, rename = "enableIPForwarding")]
    pub(crate) forwards: Option<bool>,
    #[serde(default)]
    pub(crate) virtual_machine: Option<Reference>,
    #[serde(default)]
    pub(crate) private_endpoint: Option<Reference>,
    #[serde(default)]
    pub(crate) private_link_service: Option<Reference>,
    #[serde(default)]
    pub(crate) linked_resource_type: Option<String>,
}

/// One address of an interface.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IpConfiguration {
    #[serde(default, rename = "privateIPAddress")]
    pub(crate) address: Option<String>,
    #[serde(default, rename = "privateIPAddressPrefixLength")]
    pub(crate) prefix_length: Option<u8>,
    #[serde(default, rename = "publicIPAddress")]
    pub(crate) public: Option<Reference>,
    #[serde(default)]
    pub(crate) primary: Option<bool>,
    #[serde(default)]
    pub(crate) subnet: Option<Reference>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) application_security_groups: Vec<Reference>,
    #[serde(default)]
    pub(crate) private_link_connection_properties: Option<LinkProperties>,
}

/// What the interface of a private endpoint stands for.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LinkProperties {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) fqdns: Vec<String>,
}

/// Properties of a private endpoint.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PrivateEndpoint {
    pub(crate) subnet: Reference,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) network_interfaces: Vec<Reference>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) application_security_groups: Vec<Reference>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) custom_dns_configs: Vec<DnsConfig>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) private_link_service_connections: Vec<Child<ServiceConnection>>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) manual_private_link_service_connections: Vec<Child<ServiceConnection>>,
}

/// A name that a private endpoint stands for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DnsConfig {
    #[serde(default)]
    pub(crate) fqdn: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) ip_addresses: Vec<String>,
}

/// A private endpoint's connection to a service.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceConnection {
    #[serde(default)]
    pub(crate) private_link_service_id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) group_ids: Vec<String>,
    #[serde(default)]
    pub(crate) private_link_service_connection_state: Option<ConnectionState>,
}

/// Whether a connection was accepted.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ConnectionState {
    #[serde(default)]
    pub(crate) status: Option<String>,
}

/// Properties of a NAT gateway.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NatGateway {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) public_ip_addresses: Vec<Reference>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) public_ip_prefixes: Vec<Reference>,
    #[serde(default, rename = "publicIpAddressesV6", deserialize_with = "nullable")]
    pub(crate) addresses_v6: Vec<Reference>,
    #[serde(default, rename = "publicIpPrefixesV6", deserialize_with = "nullable")]
    pub(crate) prefixes_v6: Vec<Reference>,
}

/// A scale set, as far as it is asked for.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ScaleSet {
    #[serde(default)]
    pub(crate) mode: Option<String>,
    #[serde(default)]
    pub(crate) os: Option<String>,
    #[serde(default)]
    pub(crate) interfaces: Option<Vec<Child<ScaleSetInterface>>>,
}

/// The interfaces that each machine of a scale set gets.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScaleSetInterface {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) ip_configurations: Vec<Child<ScaleSetAddress>>,
    #[serde(default)]
    pub(crate) network_security_group: Option<Reference>,
    #[serde(default, rename = "enableIPForwarding")]
    pub(crate) forwards: Option<bool>,
}

/// One address of such an interface.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScaleSetAddress {
    #[serde(default)]
    pub(crate) subnet: Option<Reference>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) application_security_groups: Vec<Reference>,
}

/// An app or an environment of apps, as far as it is asked for.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct App {
    #[serde(default)]
    pub(crate) subnet: Option<String>,
    #[serde(default)]
    pub(crate) state: Option<String>,
}
