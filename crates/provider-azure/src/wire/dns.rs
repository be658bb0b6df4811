//! Private DNS: zones, links and records, version 2024-06-01.

use serde::Deserialize;

use super::{Reference, nullable};

/// Properties of a link between a zone and a virtual network.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Link {
    pub(crate) virtual_network: Reference,
    #[serde(default)]
    pub(crate) virtual_network_link_state: Option<String>,
    #[serde(default)]
    pub(crate) resolution_policy: Option<String>,
}

/// A record set, of whatever type.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RecordSet {
    pub(crate) name: String,
    /// `Microsoft.Network/privateDnsZones/A`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) properties: Records,
}

/// Properties of a record set.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Records {
    pub(crate) ttl: u32,
    #[serde(default)]
    pub(crate) fqdn: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) a_records: Vec<A>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) aaaa_records: Vec<Aaaa>,
    #[serde(default)]
    pub(crate) cname_record: Option<Cname>,
}

/// An address record.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct A {
    #[serde(rename = "ipv4Address")]
    pub(crate) address: String,
}

/// An address record.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Aaaa {
    #[serde(rename = "ipv6Address")]
    pub(crate) address: String,
}

/// An alias.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Cname {
    pub(crate) cname: String,
}

/// Properties of a zone group of a private endpoint.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ZoneGroup {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) private_dns_zone_configs: Vec<ZoneConfig>,
}

/// One zone of a group.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ZoneConfig {
    pub(crate) properties: ZoneConfigProperties,
}

/// Properties of one zone of a group.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ZoneConfigProperties {
    #[serde(default)]
    pub(crate) private_dns_zone_id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) record_sets: Vec<KeptRecord>,
}

/// A record that the group keeps.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptRecord {
    #[serde(default)]
    pub(crate) fqdn: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) ip_addresses: Vec<String>,
}
