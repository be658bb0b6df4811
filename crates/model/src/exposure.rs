//! Who can open a connection to an endpoint, as sets of addresses.

use std::fmt;

use cachewarden_netset::AddressSet;
use serde::Serialize;

use crate::connection::Fix;
use crate::filter::{Action, Direction, FilterKind};
use crate::gap::Gap;
use crate::id::{ResourceId, RuleId};

/// Where addresses sit. Private ranges overlap, so that an address alone
/// says nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// Public addresses.
    Internet,
    /// One network.
    Network(ResourceId),
    /// What lies behind a VPN, a private line or an unread network.
    OnPremises,
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internet => f.write_str("internet"),
            Self::Network(id) => write!(f, "{id}"),
            Self::OnPremises => f.write_str("on-premises"),
        }
    }
}

/// Addresses by where they sit, sorted by zone; a zone without addresses is
/// left out.
pub type SourceSet = Vec<(Zone, AddressSet)>;

/// Who can open a connection to one endpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// The cache.
    pub cache: ResourceId,
    /// Which of its endpoints, counted from 0.
    pub endpoint: usize,
    /// Sources that certainly can.
    pub certain: SourceSet,
    /// Superset of `certain`: adds what was not readable.
    pub possible: SourceSet,
    /// Addresses that the filters on the cache admit on its port, wherever
    /// they sit and whether or not a route exists; each source that a rule
    /// names by CIDR or prefix list. Group members are not in it.
    pub admitted: AddressSet,
    /// What keeps `certain` and `possible` apart, sorted.
    pub gaps: Vec<Gap>,
}

/// One rule on a filter that guards a cache, and what it is good for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleUse {
    /// The filter.
    pub filter: ResourceId,
    /// Its name.
    pub filter_name: String,
    /// What the filter is.
    pub filter_kind: FilterKind,
    /// The rule.
    pub rule: RuleId,
    /// Which packets it judges.
    pub direction: Direction,
    /// What it does.
    pub action: Action,
    /// Its protocol, ports and peers in words: `tcp 6379 from sg-app`.
    pub text: String,
    /// Caches that the filter guards, sorted.
    pub guards: Vec<ResourceId>,
    /// Whether it covers the port of one of them.
    pub covers_cache_port: bool,
    /// Whether it covers ports or protocols that none of them uses.
    pub covers_other_ports: bool,
    /// Addresses that it names by CIDR or prefix list; saturating.
    pub addresses: u64,
    /// Public addresses among them; saturating.
    pub public_addresses: u64,
    /// Whether it covers every public address of a family.
    pub world: bool,
    /// Whether it covers the whole of a network or more.
    pub whole_network: bool,
    /// Client interfaces among its sources; none where that is not known.
    pub clients: Option<u64>,
    /// Why it does nothing; none if it does something.
    pub dead: Option<DeadRule>,
    /// Whether it may match no packet of a cache for a reason that was not
    /// read; the gaps tell it.
    pub may_be_inert: bool,
    /// The tightest sources that keep every client that it admits today;
    /// none where it is as tight as it can be, or where that is not known.
    pub tightest: Option<AddressSet>,
    /// What keeps the above from being known, sorted.
    pub gaps: Vec<Gap>,
}

/// Works out how a rule could be narrowed.
///
/// Whoever analyses a snapshot knows how, and takes its time over it; whoever
/// judges rules asks about those that a finding is about.
pub trait Narrow: fmt::Debug {
    /// The tightest rules in a rule's place that keep every connection which
    /// is known today, tried on a copy; none where there are none, or where
    /// something that decides is not known.
    fn narrow(&self, rule: &RuleUse) -> Option<Fix>;
}

/// Why a rule does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadRule {
    /// Earlier or other rules decide every packet that it would match.
    Shadowed {
        /// Those rules, sorted.
        by: Vec<RuleId>,
    },
    /// It names a group that nobody carries.
    NamesNobody,
    /// It names a group that does not exist, or that the link to it does not
    /// let it name.
    Stale {
        /// Why.
        detail: String,
    },
    /// It can match no packet of the caches it guards.
    Inert {
        /// Why.
        detail: String,
    },
}

impl DeadRule {
    /// The name that policies and formats use.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Shadowed { .. } => "shadowed",
            Self::NamesNobody => "names-nobody",
            Self::Stale { .. } => "stale",
            Self::Inert { .. } => "inert",
        }
    }
}
