//! The shape of the tables as they are written.

use std::collections::BTreeMap;

use cachewarden_model::{Engine, Provider, Service, Timestamp, TlsVersion, TrackerKind, Version};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Rows, and where they are from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table<R> {
    /// Pages that the rows were taken from.
    pub(super) source: Vec<String>,
    /// The day on which they were read.
    #[serde(deserialize_with = "day")]
    pub(super) read: Timestamp,
    /// The rows; the first that fits counts.
    pub(super) rows: Vec<R>,
}

/// How many clients a node takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitRow {
    pub(super) services: Vec<Service>,
    /// Node types that it is for; all where it names none.
    #[serde(default)]
    pub(super) node_types: Vec<String>,
    /// Whether connections are encrypted; either way where it does not say.
    #[serde(default)]
    pub(super) encrypted: Option<bool>,
    /// Versions of the engine below this one; all where it names none.
    #[serde(default)]
    pub(super) below: Option<Version>,
    /// Clients of one node; none where no limit is published.
    #[serde(default)]
    pub(super) clients: Option<u64>,
    /// The cloud's metric for how many a node has.
    pub(super) metric: String,
    /// Over at most how many parts the clients are spread that the metric
    /// counts one by one, where the limit is that of the whole.
    #[serde(default = "one")]
    pub(super) parts: u32,
}

/// Until when a version is cared for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupportRow {
    pub(super) services: Vec<Service>,
    pub(super) engine: Engine,
    /// From this version on.
    pub(super) from: Version,
    /// Below this one.
    pub(super) below: Version,
    /// The last day of standard support.
    #[serde(deserialize_with = "day")]
    pub(super) standard_ends: Timestamp,
    /// The last day of any support.
    #[serde(deserialize_with = "day")]
    pub(super) extended_ends: Timestamp,
}

/// The lowest TLS version that a service takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsRow {
    pub(super) services: Vec<Service>,
    /// The engine that it is for; both where it names none.
    #[serde(default)]
    pub(super) engine: Option<Engine>,
    /// From this version of the engine on; all where it names none.
    #[serde(default)]
    pub(super) from: Option<Version>,
    pub(super) minimum: TlsVersion,
    /// The day from which it holds.
    #[serde(deserialize_with = "day")]
    pub(super) since: Timestamp,
}

/// Ports of a cache whose owner chose none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortRow {
    pub(super) services: Vec<Service>,
    pub(super) ports: Vec<u16>,
}

/// One row of the catalogue of conditions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConditionRow {
    /// `N1`, `U1`, `C1`: what no other tool has, what they have, what refuses
    /// a client.
    pub(crate) id: String,
    /// The condition, in a few words.
    pub(crate) what: String,
    /// The clouds that it concerns.
    pub(crate) clouds: Vec<Provider>,
    /// Why no policy covers it, by cloud.
    #[serde(default)]
    pub(crate) uncovered: BTreeMap<Provider, String>,
}

/// When a service is switched off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetirementRow {
    pub(super) services: Vec<Service>,
    /// Its last day.
    #[serde(deserialize_with = "day")]
    pub(super) retires: Timestamp,
    /// What takes its place.
    pub(super) successor: String,
    /// What else is to be known, conflicting sources too.
    pub(super) note: String,
}

/// Memory of one node or shard.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemoryRow {
    pub(super) services: Vec<Service>,
    pub(super) node_type: String,
    pub(super) megabytes: u32,
}

/// After how many idle seconds a service closes a connection; 0 means never.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerIdleRow {
    pub(super) services: Vec<Service>,
    pub(super) seconds: u32,
    /// Whether the owner of a cache may set another time (`timeout`).
    #[serde(default)]
    pub(super) settable: bool,
}

/// The private zone that stands for host names of a service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneRow {
    pub(super) services: Vec<Service>,
    /// What the host names of caches end with, in lower case.
    pub(super) suffix: String,
    pub(super) zone: String,
}

/// After how many quiet seconds something forgets a connection.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdleRow {
    pub(super) provider: Provider,
    pub(super) tracker: TrackerKind,
    /// Families of machine types that it is for, as a type is written before
    /// its dot; all where it names none.
    #[serde(default)]
    pub(super) machine_families: Vec<String>,
    /// It remembers them at least so long.
    pub(super) at_least: u32,
    /// After so many it has surely forgotten them.
    pub(super) at_most: u32,
}

/// How soon updates are to be applied.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateTable {
    pub(super) source: Vec<String>,
    #[serde(deserialize_with = "day")]
    pub(super) read: Timestamp,
    /// States in which nothing is left to do, in lower case.
    pub(super) done: Vec<String>,
    /// Days for each severity.
    pub(super) rows: Vec<UpdateRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateRow {
    pub(super) severity: String,
    pub(super) days: i64,
}

fn one() -> u32 {
    1
}

/// A date such as `2026-01-31`.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}
