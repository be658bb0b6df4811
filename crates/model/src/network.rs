//! Networks and their subnets.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_netset::Cidr;
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::gap::{Gap, GapReason};
use crate::id::{AccountId, Provider, Region, ResourceId};
use crate::link::LinkState;

pub mod gcp;

pub use gcp::{
    AllocatedRange, CloudRouter, FirewallOrder, GcpInterface, GcpNetwork, GcpRule, GcpSubnet,
    HubSpoke, HybridKind, HybridLink, PolicyRoute, PolicyRouteNext, PolicyRouteScope,
};

/// A VPC, virtual network or VPC network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region, `global` on Google Cloud.
    pub region: Region,
    /// Address ranges, sorted.
    pub cidrs: Vec<Cidr>,
    /// Whether the cloud's resolver answers in this network.
    pub dns_resolution: Fact<bool>,
    /// Whether the cloud gives host names to machines of this network.
    pub dns_host_names: Fact<bool>,
    /// The name servers that its machines are told to ask.
    pub dns_servers: Fact<DnsServers>,
    /// A switch that keeps the internet out, whatever the rules say.
    pub public_access_block: Fact<PublicAccessBlock>,
    /// Whether traffic that is not encrypted is dropped.
    pub encryption_control: Fact<EncryptionControl>,
    /// Filters that are asked before those of subnets and interfaces, in
    /// that order: administrator rules of Azure. Empty where the cloud has
    /// none; on Google Cloud, whose filters differ by region, they stand in
    /// `gcp`.
    #[serde(default = "no_filters", skip_serializing_if = "has_no_filters")]
    pub filters: Fact<Vec<ResourceId>>,
    /// Internet gateways that are attached to it, or are about to be; sorted
    /// by id. Empty where there is none: a route to one leads nowhere then.
    /// Unknown in snapshots that were written before this field was.
    #[serde(default = "InternetGateway::unread")]
    pub internet_gateways: Fact<Vec<InternetGateway>>,
    /// What only Google Cloud has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gcp: Option<Box<GcpNetwork>>,
    /// Labels, as their owner wrote them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// A snapshot that says nothing was taken where there are no such filters.
fn no_filters() -> Fact<Vec<ResourceId>> {
    Fact::Default(vec![])
}

fn has_no_filters(filters: &Fact<Vec<ResourceId>>) -> bool {
    *filters == no_filters()
}

impl Network {
    /// Whether an internet gateway that routes name carries traffic of this
    /// network; none where it is not attached to it.
    ///
    /// Source: Amazon VPC User Guide, "Internet gateways": a gateway serves
    /// the network that it is attached to, and no other.
    ///
    /// # Errors
    ///
    /// The gap, where it is not known what is attached.
    pub fn internet_gateway(&self, id: &ResourceId) -> Result<Option<&LinkState>, &Gap> {
        let attached = self.internet_gateways.get()?;
        Ok(attached.iter().find(|it| it.id == *id).map(|it| &it.state))
    }
}

/// An internet gateway, as the network sees it that it is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InternetGateway {
    /// The cloud's id.
    pub id: ResourceId,
    /// Whether the attachment carries traffic.
    pub state: LinkState,
}

impl InternetGateway {
    /// The gateways of a network whose snapshot does not speak of them.
    fn unread() -> Fact<Vec<Self>> {
        Fact::unknown(Gap {
            provider: Provider::Aws,
            account: None,
            region: None,
            what: "ec2:DescribeInternetGateways".to_owned(),
            why: GapReason::NotCollected,
            message: "the snapshot does not say which gateways are attached".to_owned(),
            hides: vec![],
        })
    }
}

/// Whom a network's machines ask for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DnsServers {
    /// The cloud's own resolver.
    Provider,
    /// Servers of the owner's.
    Custom(Vec<IpAddr>),
}

/// VPC Block Public Access and its like.
///
/// Source: Amazon VPC User Guide, "Block public access to VPCs and subnets".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PublicAccessBlock {
    /// Not in force.
    Off,
    /// Connections from the internet are dropped.
    Ingress,
    /// Connections from and to the internet are dropped.
    Bidirectional,
}

/// VPC Encryption Controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EncryptionControl {
    /// Not in force.
    Off,
    /// Watched, not enforced.
    Monitor,
    /// Traffic that is not encrypted is dropped.
    Enforce,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The network that it is part of.
    pub network: ResourceId,
    /// The availability zone; none where subnets span zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneName>,
    /// Address ranges, sorted.
    pub cidrs: Vec<Cidr>,
    /// The network ACL or NSG at its edge; none where it has none.
    pub filter: Fact<Option<ResourceId>>,
    /// The route table that its machines use; none where the cloud's
    /// built-in routes alone apply.
    pub route_table: Fact<Option<TableAssociation>>,
    /// What only Azure has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure: Option<AzureSubnet>,
    /// What only Google Cloud has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gcp: Option<Box<GcpSubnet>>,
    /// Labels, as their owner wrote them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// An availability zone. The name differs between accounts of AWS, the id
/// does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZoneName {
    /// As the owner's account sees it: `eu-west-1a`.
    pub name: String,
    /// The same for all accounts: `euw1-az1`; none if it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Which table, and by what right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableAssociation {
    /// The route table.
    pub table: ResourceId,
    /// True if the subnet names it, false if it is the network's main table.
    pub explicit: bool,
}

/// What only a subnet on Azure has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AzureSubnet {
    /// What is judged of the packets to its private endpoints.
    #[serde(deserialize_with = "crate::fact::or_plain")]
    pub private_endpoint_policies: Fact<PrivateEndpointPolicies>,
    /// The NAT gateway that its machines leave by; none if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat_gateway: Option<ResourceId>,
    /// Services that it is handed to (`Microsoft.Web/serverFarms`), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<String>,
    /// Whether machines without any other way out get one from the cloud
    /// (`defaultOutboundAccess`); none where the API says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_outbound: Option<bool>,
}

/// `privateEndpointNetworkPolicies`: what is judged of packets to the private
/// endpoints of a subnet. Absent means `Disabled`.
///
/// Source: Azure Private Link, "Manage network policies for private endpoints".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PrivateEndpointPolicies {
    /// Neither the subnet's filter nor routes.
    Disabled,
    /// The filter alone (`NetworkSecurityGroupEnabled`).
    Filters,
    /// Routes alone (`RouteTableEnabled`).
    Routes,
    /// Both.
    Enabled,
}

impl PrivateEndpointPolicies {
    /// Whether the subnet's filter is asked.
    pub fn filters(self) -> bool {
        matches!(self, Self::Filters | Self::Enabled)
    }

    /// Whether a shorter prefix of the owner's may override the endpoint's
    /// own route.
    pub fn routes(self) -> bool {
        matches!(self, Self::Routes | Self::Enabled)
    }
}
