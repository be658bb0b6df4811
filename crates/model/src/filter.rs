//! Filters and their rules: security groups, network ACLs, NSGs, VPC
//! firewalls, service firewalls.

use cachewarden_netset::{Cidr, Family, PortRange, Protocol};
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId, RuleId};

/// A filter: rules, and how they are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Filter {
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
    /// What it is.
    pub kind: FilterKind,
    /// The network that it is part of; none where it is part of no network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<ResourceId>,
    /// How its rules decide.
    pub discipline: Discipline,
    /// Whether answers pass by themselves.
    pub tracking: Tracking,
    /// Whether the cloud made it (`default` group of a VPC, default ACL).
    pub builtin: bool,
    /// Its rules, one for one with the cloud's, in the cloud's order; rules
    /// that the cloud implies without listing them are not in it.
    pub rules: Fact<Vec<Rule>>,
}

/// What a filter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FilterKind {
    /// AWS security group, on interfaces.
    SecurityGroup,
    /// AWS network ACL, at the edge of subnets.
    NetworkAcl,
    /// Azure network security group, on interfaces and subnets.
    NetworkSecurityGroup,
    /// Azure Virtual Network Manager, above network security groups.
    AdminRules,
    /// Google Cloud VPC firewall rules of one network.
    VpcFirewall,
    /// Google Cloud hierarchical or network firewall policy.
    FirewallPolicy,
    /// Address ranges that a cache itself admits.
    ServiceFirewall,
}

impl FilterKind {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecurityGroup => "security-group",
            Self::NetworkAcl => "network-acl",
            Self::NetworkSecurityGroup => "network-security-group",
            Self::AdminRules => "admin-rules",
            Self::VpcFirewall => "vpc-firewall",
            Self::FirewallPolicy => "firewall-policy",
            Self::ServiceFirewall => "service-firewall",
        }
    }
}

/// How the rules of a filter decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Discipline {
    /// Any rule that admits is enough; what no rule admits is dropped.
    AllowList,
    /// Rules in order of `priority`, a denial first among equals; the first
    /// that matches decides. What none matches is dropped, but by filters of
    /// a network (administrator rules, VPC firewalls, firewall policies):
    /// they leave it to the next filter.
    FirstMatch,
}

/// Whether the answers of an admitted connection pass by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Tracking {
    /// They do.
    Stateful,
    /// Each leg is judged on its own.
    Stateless,
}

/// One line of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The cloud's id; `NUMBER ingress` or `NUMBER egress` for a network ACL.
    /// A firewall policy of Google Cloud has no names for rules: there it is
    /// the priority. A rule of Google Cloud that speaks of several protocols
    /// stands in the list once for each, under one id.
    pub id: RuleId,
    /// Which packets it judges, seen from what the filter guards.
    pub direction: Direction,
    /// What it does with them.
    pub action: Action,
    /// Place in the order, lower first; none in an allow-list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
    /// The protocol.
    pub protocol: Protocol,
    /// Destination ports, sorted; read only for TCP and UDP. With another
    /// protocol all ports match, whatever stands here.
    pub ports: Vec<PortRange>,
    /// Whom it names on the far side; one of them is enough.
    pub peers: Vec<Peer>,
    /// Whom it names on the near side; empty means all that the filter guards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub local: Vec<Peer>,
    /// Source ports; empty means all. No rule of AWS names any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_ports: Vec<PortRange>,
    /// What only Google Cloud has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gcp: Option<Box<crate::network::GcpRule>>,
    /// What its author wrote beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// Which packets a rule judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Towards what the filter guards; the peer is the source.
    Ingress,
    /// From what the filter guards; the peer is the destination.
    Egress,
}

impl Direction {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }
}

/// What a rule does with the packets that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Lets them through.
    Allow,
    /// Drops them.
    Deny,
    /// Lets them through past every later filter (Azure `AlwaysAllow`).
    AlwaysAllow,
    /// Leaves them to the next filter (Google Cloud `goto_next`).
    Next,
}

/// Whom a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// A range of addresses.
    Cidr(Cidr),
    /// A range of addresses that is no CIDR block: first and last.
    Range(std::net::IpAddr, std::net::IpAddr),
    /// The private addresses of the interfaces that carry a group.
    Group {
        /// The group.
        group: ResourceId,
        /// Its account; none if it is the filter's own or was not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<AccountId>,
        /// Its network, where the cloud tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        network: Option<ResourceId>,
        /// The link that the reference runs across; none within a network.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<PeerLink>,
    },
    /// Every range of a prefix list.
    PrefixList(ResourceId),
    /// A name that the cloud resolves: `Internet`, `VirtualNetwork`.
    ServiceTag(String),
    /// Machines with a tag (Google Cloud).
    Tag(String),
    /// Machines that run as a service account (Google Cloud).
    ServiceAccount(String),
    /// Something that this version cannot resolve; the cloud's own words.
    /// It may match anything.
    Other(String),
}

/// The link that a group reference runs across, as the rule states it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PeerLink {
    /// The peering.
    pub id: ResourceId,
    /// Its status as the rule states it: `active`, `deleted`; none if the
    /// rule says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A named list of ranges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PrefixList {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it; `AWS` for the cloud's own lists.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// The family of its ranges.
    pub family: Family,
    /// Counts each change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Its ranges, sorted.
    pub entries: Fact<Vec<Cidr>>,
}
