//! Firewall rules of networks, policies, and what is in force where.

use serde::Deserialize;

/// A rule of a network.
///
/// Source: Compute Engine API v1, "Firewall".
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Firewall {
    pub(crate) name: String,
    pub(crate) network: String,
    #[serde(default)]
    pub(crate) priority: Option<u32>,
    #[serde(default)]
    pub(crate) direction: Option<String>,
    #[serde(default)]
    pub(crate) disabled: bool,
    #[serde(default)]
    pub(crate) allowed: Vec<Traffic>,
    #[serde(default)]
    pub(crate) denied: Vec<Traffic>,
    #[serde(default)]
    pub(crate) source_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) destination_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) source_tags: Vec<String>,
    #[serde(default)]
    pub(crate) source_service_accounts: Vec<String>,
    #[serde(default)]
    pub(crate) target_tags: Vec<String>,
    #[serde(default)]
    pub(crate) target_service_accounts: Vec<String>,
    #[serde(default)]
    pub(crate) description: Option<String>,
}

/// Protocol and ports; policies spell the protocol otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Traffic {
    #[serde(rename = "IPProtocol", alias = "ipProtocol")]
    pub(crate) protocol: String,
    #[serde(default)]
    pub(crate) ports: Vec<String>,
}

/// What is in force in a network and region.
///
/// Source: Compute Engine API v1,
/// `regionNetworkFirewallPolicies.getEffectiveFirewalls`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Effective {
    #[serde(default, rename = "firewallPolicys")]
    pub(crate) policies: Vec<Policy>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Policy {
    pub(crate) name: String,
    #[serde(default, alias = "shortName")]
    pub(crate) display_name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) rules: Vec<serde_json::Value>,
}

/// A rule of a policy.
///
/// Source: Compute Engine API v1, "FirewallPolicyRule".
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyRule {
    #[serde(default)]
    pub(crate) priority: u32,
    pub(crate) action: String,
    pub(crate) direction: String,
    #[serde(default)]
    pub(crate) disabled: bool,
    #[serde(default)]
    pub(crate) rule_name: Option<String>,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default, rename = "match")]
    pub(crate) matcher: Matcher,
    #[serde(default)]
    pub(crate) target_resources: Vec<String>,
    #[serde(default)]
    pub(crate) target_service_accounts: Vec<String>,
    #[serde(default)]
    pub(crate) target_secure_tags: Vec<SecureTag>,
    #[serde(default)]
    pub(crate) target_type: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Matcher {
    #[serde(default)]
    pub(crate) layer4_configs: Vec<Traffic>,
    #[serde(default)]
    pub(crate) src_ip_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) dest_ip_ranges: Vec<String>,
    #[serde(default)]
    pub(crate) src_address_groups: Vec<String>,
    #[serde(default)]
    pub(crate) dest_address_groups: Vec<String>,
    #[serde(default)]
    pub(crate) src_fqdns: Vec<String>,
    #[serde(default)]
    pub(crate) dest_fqdns: Vec<String>,
    #[serde(default)]
    pub(crate) src_region_codes: Vec<String>,
    #[serde(default)]
    pub(crate) dest_region_codes: Vec<String>,
    #[serde(default)]
    pub(crate) src_threat_intelligences: Vec<String>,
    #[serde(default)]
    pub(crate) dest_threat_intelligences: Vec<String>,
    #[serde(default)]
    pub(crate) src_secure_tags: Vec<SecureTag>,
    #[serde(default)]
    pub(crate) src_networks: Vec<String>,
    #[serde(default, alias = "srcNetworkContext")]
    pub(crate) src_network_type: Option<String>,
    #[serde(default, alias = "destNetworkContext")]
    pub(crate) dest_network_type: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SecureTag {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) state: Option<String>,
}

/// A named list of addresses.
///
/// Source: Network Security API v1, "AddressGroup".
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AddressGroup {
    #[serde(default)]
    pub(crate) items: Vec<String>,
    #[serde(default, rename = "type", deserialize_with = "super::word")]
    pub(crate) kind: Option<String>,
}
