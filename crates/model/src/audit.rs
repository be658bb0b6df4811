//! Everything that a report shows.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cache::Endpoint;
use crate::connection::{Connection, Outcome};
use crate::exposure::{Exposure, RuleUse};
use crate::finding::{Finding, Severity};
use crate::gap::Gap;
use crate::id::{AccountId, Provider, Region, ResourceId};
use crate::path::PathFacts;
use crate::platform::PlatformTraffic;
use crate::snapshot::{Skipped, Target};
use crate::time::Timestamp;

/// What follows from a snapshot alone: who reaches what.
///
/// Policies read it; they never see the engine that made it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Reachability {
    /// Client interfaces of the snapshot.
    pub clients: u64,
    /// Intended connections by outcome.
    pub counts: ConnectionCounts,
    /// Intended connections that are not open, sorted by client, cache and
    /// endpoint. Those that are open only count.
    pub refused: Vec<Connection>,
    /// One per endpoint, in the order of the snapshot.
    pub exposures: Vec<Exposure>,
    /// Rules of filters that guard caches.
    pub rules: Vec<RuleUse>,
    /// What became of each expectation, in the order of the configuration.
    pub expectations: Vec<ExpectationResult>,
    /// Facts of the paths to each cache, by cache.
    pub paths: BTreeMap<ResourceId, PathFacts>,
    /// What becomes of the traffic that the cloud needs around a cache, by
    /// cache; caches that need none are left out.
    pub platform: BTreeMap<ResourceId, PlatformTraffic>,
}

/// What became of one expectation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpectationResult {
    /// Which expectation, counted from 0.
    pub expectation: usize,
    /// How many clients it means.
    pub clients: u64,
    /// Caches that it means, sorted.
    pub caches: Vec<ResourceId>,
    /// Its connections by outcome.
    pub counts: ConnectionCounts,
    /// Those that are not as expected, or not known to be; sorted.
    pub unmet: Vec<Connection>,
    /// Why it may mean further clients or caches, of which what it asks for
    /// (a label, a group, a network, an address) is not known; sorted, empty
    /// if it is known whom it means among those that were seen.
    pub gaps: Vec<Gap>,
}

/// Connections by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ConnectionCounts {
    /// Open ones.
    pub open: u64,
    /// Partial ones.
    pub partial: u64,
    /// Blocked ones.
    pub blocked: u64,
    /// Unknown ones.
    pub unknown: u64,
}

impl ConnectionCounts {
    /// Counts some more.
    pub fn add(&mut self, outcome: Outcome, how_many: u64) {
        let count = match outcome {
            Outcome::Open => &mut self.open,
            Outcome::Partial => &mut self.partial,
            Outcome::Blocked => &mut self.blocked,
            Outcome::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(how_many);
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.open + self.partial + self.blocked + self.unknown
    }
}

/// An audit: everything that its report shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// When the snapshot was taken; the oldest, where there are several.
    pub collected_at: Timestamp,
    /// The time as of which it was judged.
    pub judged_at: Timestamp,
    /// What was asked.
    pub targets: Vec<Target>,
    /// In numbers.
    pub summary: AuditSummary,
    /// The caches, sorted by id.
    pub caches: Vec<CacheSummary>,
    /// What fails or is not known, worst first, then by policy and subject.
    pub findings: Vec<Finding>,
    /// What was recognised and left out.
    pub skipped: Vec<Skipped>,
    /// What was not seen, sorted.
    pub gaps: Vec<Gap>,
}

/// An audit in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AuditSummary {
    /// Caches.
    pub caches: u64,
    /// Client interfaces.
    pub clients: u64,
    /// Intended connections by outcome.
    pub connections: ConnectionCounts,
    /// Findings that fail and are not waived, by severity.
    pub findings: BTreeMap<Severity, u64>,
    /// Findings whose verdict is unknown and that are not waived.
    pub unknown: u64,
    /// Findings that are waived.
    pub waived: u64,
    /// Gaps.
    pub gaps: u64,
}

/// One cache of an audit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CacheSummary {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The service's name.
    pub service: &'static str,
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The cloud's word for its state; none if it is not known.
    pub status: Option<String>,
    /// What a client may connect to.
    pub endpoints: Vec<Endpoint>,
    /// How many clients one node takes; none if it is not known.
    pub connection_limit: Option<u64>,
    /// The most connections that one node had; none if it is not known.
    pub peak_connections: Option<u64>,
}

/// Connections and their outcomes: what `reach` and `why` show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReachReport {
    /// When the snapshot was taken; the oldest, where there are several.
    pub collected_at: Timestamp,
    /// What was asked.
    pub targets: Vec<Target>,
    /// Caches of the snapshot.
    pub caches: u64,
    /// Client interfaces of the snapshot.
    pub clients: u64,
    /// The connections below by outcome.
    pub counts: ConnectionCounts,
    /// The connections, worst outcome first.
    pub connections: Vec<Connection>,
    /// What was not seen, sorted.
    pub gaps: Vec<Gap>,
}
