//! Compute Engine: networks, subnets, routes, machines, forwarding rules.
//!
//! Source: Compute Engine API v1. Resource references are URLs.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Network {
    pub(crate) name: String,
    pub(crate) self_link: String,
    #[serde(default)]
    pub(crate) peerings: Vec<serde_json::Value>,
    #[serde(default)]
    pub(crate) routing_config: RoutingConfig,
    #[serde(default)]
    pub(crate) network_firewall_policy_enforcement_order: Option<String>,
    /// Of legacy networks alone.
    #[serde(default, rename = "IPv4Range")]
    pub(crate) range: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoutingConfig {
    #[serde(default)]
    pub(crate) routing_mode: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Peering {
    pub(crate) name: String,
    pub(crate) network: String,
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) state_details: Option<String>,
    #[serde(default)]
    pub(crate) export_custom_routes: bool,
    #[serde(default)]
    pub(crate) import_custom_routes: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subnet {
    pub(crate) name: String,
    pub(crate) self_link: String,
    pub(crate) network: String,
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) ip_cidr_range: Option<String>,
    #[serde(default)]
    pub(crate) secondary_ip_ranges: Vec<SecondaryRange>,
    #[serde(default)]
    pub(crate) internal_ipv6_prefix: Option<String>,
    #[serde(default)]
    pub(crate) external_ipv6_prefix: Option<String>,
    #[serde(default)]
    pub(crate) purpose: Option<String>,
    #[serde(default)]
    pub(crate) allow_subnet_cidr_routes_overlap: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecondaryRange {
    pub(crate) range_name: String,
    pub(crate) ip_cidr_range: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Route {
    pub(crate) name: String,
    pub(crate) network: String,
    pub(crate) dest_range: String,
    #[serde(default)]
    pub(crate) priority: Option<u32>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    pub(crate) next_hop_gateway: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_instance: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_ip: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_ilb: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_vpn_tunnel: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_peering: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_network: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_hub: Option<String>,
    #[serde(default)]
    pub(crate) next_hop_interconnect_attachment: Option<String>,
    #[serde(default)]
    pub(crate) route_status: Option<String>,
    #[serde(default)]
    pub(crate) warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Warning {
    #[serde(default)]
    pub(crate) code: String,
}

/// One line of `networks.listPeeringRoutes`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PeeringRoute {
    pub(crate) dest_range: String,
    #[serde(default)]
    pub(crate) imported: bool,
    #[serde(default)]
    pub(crate) priority: Option<u32>,
    #[serde(default, rename = "type")]
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) zone: String,
    #[serde(default)]
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) machine_type: Option<String>,
    #[serde(default)]
    pub(crate) network_interfaces: Vec<NetworkInterface>,
    #[serde(default)]
    pub(crate) tags: Tags,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) service_accounts: Vec<ServiceAccount>,
    #[serde(default)]
    pub(crate) can_ip_forward: bool,
    #[serde(default)]
    pub(crate) disks: Vec<Disk>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Tags {
    #[serde(default)]
    pub(crate) items: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ServiceAccount {
    pub(crate) email: String,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Disk {
    #[serde(default)]
    pub(crate) boot: bool,
    #[serde(default)]
    pub(crate) guest_os_features: Vec<Feature>,
    #[serde(default)]
    pub(crate) licenses: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Feature {
    #[serde(default, rename = "type")]
    pub(crate) kind: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkInterface {
    pub(crate) name: String,
    pub(crate) network: String,
    #[serde(default)]
    pub(crate) subnetwork: Option<String>,
    #[serde(default, rename = "networkIP")]
    pub(crate) address: Option<String>,
    #[serde(default)]
    pub(crate) ipv6_address: Option<String>,
    #[serde(default)]
    pub(crate) alias_ip_ranges: Vec<AliasRange>,
    #[serde(default)]
    pub(crate) access_configs: Vec<AccessConfig>,
    #[serde(default)]
    pub(crate) ipv6_access_configs: Vec<AccessConfig>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AliasRange {
    pub(crate) ip_cidr_range: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessConfig {
    #[serde(default, rename = "natIP")]
    pub(crate) address: Option<String>,
    #[serde(default)]
    pub(crate) external_ipv6: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ForwardingRule {
    pub(crate) name: String,
    pub(crate) self_link: String,
    #[serde(default)]
    pub(crate) region: Option<String>,
    #[serde(default, rename = "IPAddress")]
    pub(crate) address: Option<String>,
    #[serde(default)]
    pub(crate) network: Option<String>,
    #[serde(default)]
    pub(crate) subnetwork: Option<String>,
    #[serde(default)]
    pub(crate) psc_connection_status: Option<String>,
    #[serde(default)]
    pub(crate) allow_psc_global_access: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Address {
    pub(crate) name: String,
    pub(crate) self_link: String,
    #[serde(default)]
    pub(crate) address: Option<String>,
    #[serde(default)]
    pub(crate) prefix_length: Option<u8>,
    #[serde(default)]
    pub(crate) purpose: Option<String>,
    #[serde(default)]
    pub(crate) network: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Router {
    pub(crate) self_link: String,
    pub(crate) region: String,
    pub(crate) network: String,
    #[serde(default)]
    pub(crate) bgp: Option<Bgp>,
    #[serde(default)]
    pub(crate) bgp_peers: Vec<Bgp>,
}

/// What a router, or one session of it, tells the other side.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bgp {
    #[serde(default)]
    pub(crate) advertise_mode: Option<String>,
    #[serde(default)]
    pub(crate) advertised_groups: Vec<String>,
    #[serde(default)]
    pub(crate) advertised_ip_ranges: Vec<Advertised>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Advertised {
    pub(crate) range: String,
}

/// A VPN tunnel or an interconnect attachment.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Link {
    pub(crate) self_link: String,
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) router: Option<String>,
    /// Of tunnels.
    #[serde(default)]
    pub(crate) status: Option<String>,
    /// Of attachments.
    #[serde(default)]
    pub(crate) operational_status: Option<String>,
}
