//! What the cloud did not tell, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, Provider, Region};

/// Something that was asked and not learned, or that could not be asked.
///
/// A gap is data: it is kept in the snapshot and shown in every report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The cloud that was asked.
    pub provider: Provider,
    /// The account that was asked about; none if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The region that was asked; none if all are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The call or the thing, as the cloud names it: `ec2:DescribeNetworkAcls`.
    pub what: String,
    /// Why it is not known.
    pub why: GapReason,
    /// One sentence for the reader; holds no secret.
    pub message: String,
    /// Nouns of which some may be missing from the snapshot for this reason,
    /// within the account and region above. Sorted; empty where the gap
    /// touches single facts only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hides: Vec<Noun>,
}

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GapReason {
    /// The credentials may not ask.
    AccessDenied,
    /// The cloud kept answering that there were too many requests.
    Throttled,
    /// No answer within the time limit.
    Timeout,
    /// The call failed in another way.
    Failed,
    /// The answer was damaged, cut off, or lacked its own list.
    Damaged,
    /// The cloud has no way to tell.
    NotOffered,
    /// The answer holds something that this version does not understand.
    Unmodelled,
    /// It was not asked: outside the chosen accounts and regions, or left
    /// out on purpose.
    NotCollected,
    /// It will be known only after a change is applied.
    AfterApply,
}

impl GapReason {
    /// The name that all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access-denied",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Failed => "failed",
            Self::Damaged => "damaged",
            Self::NotOffered => "not-offered",
            Self::Unmodelled => "unmodelled",
            Self::NotCollected => "not-collected",
            Self::AfterApply => "after-apply",
        }
    }
}

impl fmt::Display for GapReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.why, self.message)
    }
}

/// A kind of thing in the snapshot of which a gap may hide some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Noun {
    /// Caches.
    Caches,
    /// Networks.
    Networks,
    /// Subnets.
    Subnets,
    /// Interfaces: clients, and the members of groups.
    Interfaces,
    /// Machines behind interfaces: platform and state.
    Machines,
    /// Filters and their rules.
    Filters,
    /// Network ACLs and what they are attached to.
    NetworkAcls,
    /// Route tables.
    RouteTables,
    /// Peerings.
    Peerings,
    /// Transit routers, their attachments and tables.
    TransitRouters,
    /// Prefix lists.
    PrefixLists,
    /// Users and user groups of caches.
    Users,
    /// Private endpoints.
    PrivateEndpoints,
    /// DNS zones.
    DnsZones,
    /// NAT gateways.
    NatGateways,
    /// Measured values.
    Metrics,
    /// Policies that place private endpoints.
    ConnectionPolicies,
}
