//! Dates and numbers that the clouds publish: limits, retirement dates,
//! default ports. They stand in `policies/data/*.yaml`, each table with its
//! source and the day on which it was read; none stands in code.

mod rows;
#[cfg(test)]
mod tests;

use cachewarden_model::{Engine, Service, Timestamp, TlsVersion, Version};
use cachewarden_netset::AddressSet;
use serde::de::DeserializeOwned;

use rows::{LimitRow, PortRow, RangeTable, SupportRow, Table, TlsRow, UpdateRow, UpdateTable};

use crate::mistake::{Mistake, Text};

/// All tables.
#[derive(Debug)]
pub(crate) struct Tables {
    limits: Table<LimitRow>,
    support: Table<SupportRow>,
    tls: Table<TlsRow>,
    ports: Table<PortRow>,
    updates: UpdateTable,
    /// Public addresses of the internet: all but those set aside.
    pub(crate) public: AddressSet,
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

const LIMITS: &str = include_str!("../../../policies/data/connection-limits.yaml");
const SUPPORT: &str = include_str!("../../../policies/data/engine-support.yaml");
const TLS: &str = include_str!("../../../policies/data/tls-minimum.yaml");
const PORTS: &str = include_str!("../../../policies/data/ports.yaml");
const UPDATES: &str = include_str!("../../../policies/data/service-updates.yaml");
const RANGES: &str = include_str!("../../../policies/data/public-ranges.yaml");

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
        let updates: Option<UpdateTable> = read("service-updates.yaml", UPDATES, &mut mistakes);
        let ranges: Option<RangeTable> = read("public-ranges.yaml", RANGES, &mut mistakes);
        match (limits, support, tls, ports, updates, ranges) {
            (Some(limits), Some(support), Some(tls), Some(ports), Some(updates), Some(ranges)) => {
                let origin = |file, sources: &[String], read| DataTable {
                    file,
                    sources: sources.to_vec(),
                    read,
                };
                let origins = vec![
                    origin("data/connection-limits.yaml", &limits.source, limits.read),
                    origin("data/engine-support.yaml", &support.source, support.read),
                    origin("data/ports.yaml", &ports.source, ports.read),
                    origin("data/public-ranges.yaml", &ranges.source, ranges.read),
                    origin("data/service-updates.yaml", &updates.source, updates.read),
                    origin("data/tls-minimum.yaml", &tls.source, tls.read),
                ];
                let reserved: AddressSet = ranges.reserved.into_iter().collect();
                let public = ranges.public.into_iter().collect::<AddressSet>();
                let public = public.difference(&reserved);
                Ok(Self {
                    limits,
                    support,
                    tls,
                    ports,
                    updates,
                    public,
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
