//! Network Connectivity: connection policies, policy-based routes, hubs.

use serde::Deserialize;

/// Source: `google/cloud/networkconnectivity/v1/cross_network_automation.proto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionPolicy {
    pub(crate) name: String,
    pub(crate) network: String,
    pub(crate) service_class: String,
    #[serde(default)]
    pub(crate) psc_config: PscConfig,
    #[serde(default)]
    pub(crate) psc_connections: Vec<PscConnection>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct PscConfig {
    #[serde(default)]
    pub(crate) subnetworks: Vec<String>,
    #[serde(default, deserialize_with = "super::long")]
    pub(crate) limit: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PscConnection {
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) consumer_forwarding_rule: Option<String>,
    #[serde(default)]
    pub(crate) error: Option<Status>,
    #[serde(default)]
    pub(crate) error_info: Option<ErrorInfo>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Status {
    #[serde(default)]
    pub(crate) message: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ErrorInfo {
    #[serde(default)]
    pub(crate) reason: String,
}

/// Source: `google/cloud/networkconnectivity/v1/policy_based_routing.proto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyRoute {
    pub(crate) name: String,
    pub(crate) network: String,
    #[serde(default)]
    pub(crate) priority: Option<u32>,
    pub(crate) filter: Filter,
    #[serde(default)]
    pub(crate) virtual_machine: Option<VirtualMachine>,
    #[serde(default)]
    pub(crate) interconnect_attachment: Option<Attachment>,
    #[serde(default)]
    pub(crate) next_hop_ilb_ip: Option<String>,
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) next_hop_other_routes: Option<String>,
    #[serde(default)]
    pub(crate) warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filter {
    #[serde(default)]
    pub(crate) ip_protocol: Option<String>,
    #[serde(default)]
    pub(crate) src_range: Option<String>,
    #[serde(default)]
    pub(crate) dest_range: Option<String>,
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) protocol_version: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct VirtualMachine {
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Attachment {
    #[serde(default)]
    pub(crate) region: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Warning {
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) code: Option<String>,
}

/// Source: `google/cloud/networkconnectivity/v1/hub.proto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hub {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) export_psc: bool,
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) preset_topology: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Spoke {
    pub(crate) name: String,
    pub(crate) hub: String,
    #[serde(default)]
    pub(crate) group: Option<String>,
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) linked_vpc_network: Option<LinkedNetwork>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkedNetwork {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) include_export_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) exclude_export_ranges: Vec<String>,
}
