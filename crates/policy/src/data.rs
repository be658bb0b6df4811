//! Dates and numbers that the clouds publish: limits, retirement dates,
//! default ports. They stand in `policies/data/*.yaml`, each table with its
//! source and the day on which it was read; none stands in code.

mod rows;
#[cfg(test)]
mod tests;

use cachewarden_model::{Engine, Service, Timestamp, TlsVersion, Tracker, Version};
use serde::de::DeserializeOwned;

use rows::{IdleRow, LimitRow, PortRow, SupportRow, Table, TlsRow, UpdateRow, UpdateTable};

use crate::mistake::{Mistake, Text};

/// All tables.
#[derive(Debug)]
pub(crate) struct Tables {
    limits: Table<LimitRow>,
    support: Table<SupportRow>,
    tls: Table<TlsRow>,
    ports: Table<PortRow>,
    idle: Table<IdleRow>,
    updates: UpdateTable,
    origins: Vec<DataTable>,
}

/// Where the numbers of a table are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataTable {
    /// Its file, below `policies/`.
    pub file: &'static str,
    /// Pages that it was taken from.
    pub sources: Vec<String>,
    /// The day on which they were read.
    pub read: Timestamp,
}

/// The end of support of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Support {
    /// The last day of standard support.
    pub(crate) standard_ends: Timestamp,
    /// The last day of any support.
    pub(crate) extended_ends: Timestamp,
}

const IDLE: &str = include_str!("../../../policies/data/idle-limits.yaml");
const LIMITS: &str = include_str!("../../../policies/data/connection-limits.yaml");
const SUPPORT: &str = include_str!("../../../policies/data/engine-support.yaml");
const TLS: &str = include_str!("../../../policies/data/tls-minimum.yaml");
const PORTS: &str = include_str!("../../../policies/data/ports.yaml");
const UPDATES: &str = include_str!("../../../policies/data/service-updates.yaml");

impl Tables {
    /// Reads the embedded tables.
    ///
    /// # Errors
    ///
    /// What is wrong with them: one mistake per damaged table.
    pub(crate) fn load() -> Result<Self, Vec<Mistake>> {
        let mut mistakes = vec![];
        let limits: Option<Table<LimitRow>> = read("connection-limits.yaml", LIMITS, &mut mistakes);
        let support: Option<Table<SupportRow>> =
            read("engine-support.yaml", SUPPORT, &mut mistakes);
        let tls: Option<Table<TlsRow>> = read("tls-minimum.yaml", TLS, &mut mistakes);
        let ports: Option<Table<PortRow>> = read("ports.yaml", PORTS, &mut mistakes);
        let idle: Option<Table<IdleRow>> = read("idle-limits.yaml", IDLE, &mut mistakes);
        let updates: Option<UpdateTable> = read("service-updates.yaml", UPDATES, &mut mistakes);
        match (limits, support, tls, ports, idle, updates) {
            (Some(limits), Some(support), Some(tls), Some(ports), Some(idle), Some(updates)) => {
                let origin = |file, sources: &[String], read| DataTable {
                    file,
                    sources: sources.to_vec(),
                    read,
                };
                let origins = vec![
                    origin("data/connection-limits.yaml", &limits.source, limits.read),
                    origin("data/engine-support.yaml", &support.source, support.read),
                    origin("data/idle-limits.yaml", &idle.source, idle.read),
                    origin("data/ports.yaml", &ports.source, ports.read),
                    origin("data/service-updates.yaml", &updates.source, updates.read),
                    origin("data/tls-minimum.yaml", &tls.source, tls.read),
                ];
                Ok(Self {
                    limits,
                    support,
                    tls,
                    ports,
                    idle,
                    updates,
                    origins,
                })
            }
            _ => Err(mistakes),
        }
    }

    /// Where the numbers are from, sorted by file.
    pub(crate) fn origins(&self) -> &[DataTable] {
        &self.origins
    }

    /// How many clients one node takes; none where nothing is published.
    pub(crate) fn connection_limit(&self, service: Service, node_type: &str) -> Option<u64> {
        let fits = |row: &&LimitRow| {
            row.services.contains(&service)
                && (row.node_types.is_empty() || row.node_types.iter().any(|it| it == node_type))
        };
        self.limits.rows.iter().find(fits).map(|row| row.clients)
    }

    /// Whether the limit depends on the size of the nodes.
    pub(crate) fn limit_varies(&self, service: Service) -> bool {
        self.limits
            .rows
            .iter()
            .any(|row| row.services.contains(&service) && !row.node_types.is_empty())
    }

    /// The cloud's metric for how many clients a node has.
    pub(crate) fn connection_metric(&self, service: Service) -> Option<&str> {
        let row = self
            .limits
            .rows
            .iter()
            .find(|row| row.services.contains(&service))?;
        Some(&row.metric)
    }

    /// When a version is no longer cared for; none if no date was published.
    pub(crate) fn support(
        &self,
        service: Service,
        engine: Engine,
        version: &Version,
    ) -> Option<Support> {
        let fits = |row: &&SupportRow| {
            row.services.contains(&service)
                && row.engine == engine
                && row.from <= *version
                && *version < row.below
        };
        self.support.rows.iter().find(fits).map(|row| Support {
            standard_ends: row.standard_ends,
            extended_ends: row.extended_ends,
        })
    }

    /// The lowest TLS version that is taken at a time; none where nothing is
    /// published.
    pub(crate) fn tls_minimum(
        &self,
        service: Service,
        engine: Engine,
        version: &Version,
        at: Timestamp,
    ) -> Option<TlsVersion> {
        let fits = |row: &&TlsRow| {
            row.services.contains(&service)
                && row.engine == engine
                && row.from <= *version
                && row.since <= at
        };
        self.tls.rows.iter().find(fits).map(|row| row.minimum)
    }

    /// Ports of a cache whose owner chose none; empty where nothing is known.
    pub(crate) fn default_ports(&self, service: Service) -> &[u16] {
        let row = self
            .ports
            .rows
            .iter()
            .find(|row| row.services.contains(&service));
        row.map_or(&[], |row| row.ports.as_slice())
    }

    /// After how many quiet seconds something forgets a connection: at least
    /// and at most, alike where its owner set them; none where nothing is
    /// published.
    pub(crate) fn idle_seconds(&self, tracker: &Tracker) -> Option<(u32, u32)> {
        if let Some(seconds) = tracker.stated_seconds {
            return Some((seconds, seconds));
        }
        let machine = tracker.machine_type.as_deref().unwrap_or_default();
        let family = machine.split('.').next().unwrap_or_default();
        let fits = |row: &&IdleRow| {
            row.provider == tracker.provider
                && row.tracker == tracker.kind
                && (row.machine_families.is_empty()
                    || row.machine_families.iter().any(|it| it == family))
        };
        let row = self.idle.rows.iter().find(fits)?;
        Some((row.at_least, row.at_most))
    }

    /// Whether an update in this state leaves nothing to do.
    pub(crate) fn update_done(&self, status: &str) -> bool {
        self.updates
            .done
            .iter()
            .any(|done| done.eq_ignore_ascii_case(status))
    }

    /// How many days the service gives for an update; none for a severity
    /// that it does not name.
    pub(crate) fn update_days(&self, severity: &str) -> Option<i64> {
        let fits = |row: &&UpdateRow| row.severity.eq_ignore_ascii_case(severity);
        self.updates.rows.iter().find(fits).map(|row| row.days)
    }
}

fn read<T: DeserializeOwned>(name: &str, text: &str, mistakes: &mut Vec<Mistake>) -> Option<T> {
    match serde_saphyr::from_str(text) {
        Ok(table) => Some(table),
        Err(error) => {
            let source = Text::new(format!("policies/data/{name}"), text.to_owned());
            mistakes.push(Mistake::yaml(&source, &error));
            None
        }
    }
}
