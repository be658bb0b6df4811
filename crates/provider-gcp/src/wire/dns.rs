//! Cloud DNS: zones, records, policies.
//!
//! Source: Cloud DNS API v1.

use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Zone {
    pub(crate) name: String,
    pub(crate) dns_name: String,
    #[serde(default)]
    pub(crate) visibility: Option<String>,
    #[serde(default)]
    pub(crate) private_visibility_config: Networks,
    #[serde(default)]
    pub(crate) forwarding_config: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) peering_config: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) service_directory_config: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) reverse_lookup_config: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Networks {
    #[serde(default)]
    pub(crate) networks: Vec<NetworkUrl>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkUrl {
    pub(crate) network_url: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) ttl: u32,
    #[serde(default)]
    pub(crate) rrdatas: Vec<String>,
    #[serde(default)]
    pub(crate) routing_policy: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Policy {
    #[serde(default)]
    pub(crate) networks: Vec<NetworkUrl>,
    #[serde(default)]
    pub(crate) alternative_name_server_config: Option<Alternative>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Alternative {
    #[serde(default)]
    pub(crate) target_name_servers: Vec<NameServer>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NameServer {
    #[serde(default)]
    pub(crate) ipv4_address: Option<String>,
    #[serde(default)]
    pub(crate) ipv6_address: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResponsePolicy {
    pub(crate) response_policy_name: String,
    #[serde(default)]
    pub(crate) networks: Vec<NetworkUrl>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResponseRule {
    pub(crate) rule_name: String,
    pub(crate) dns_name: String,
    #[serde(default)]
    pub(crate) local_data: Option<LocalData>,
    #[serde(default)]
    pub(crate) behavior: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LocalData {
    #[serde(default)]
    pub(crate) local_datas: Vec<Record>,
}
