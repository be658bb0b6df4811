//! Dates and numbers that the clouds publish: limits, retirement dates,
//! default ports. They stand in `policies/data/*.yaml`, each table with its
//! source and the day on which it was read; none stands in code.

mod limits;
mod reader;
mod rows;
#[cfg(test)]
mod tests;

use cachewarden_model::{Engine, Service, Timestamp, TlsVersion, Tracker, Version};

pub(crate) use limits::{Size, Undecided};
use reader::Reader;
pub(crate) use rows::ConditionRow;
use rows::{
    IdleRow, LimitRow, MemoryRow, PortRow, RetirementRow, ServerIdleRow, SupportRow, Table, TlsRow,
    UpdateRow, UpdateTable, ZoneRow,
};

use crate::mistake::Mistake;

/// All tables.
#[derive(Debug)]
pub(crate) struct Tables {
    conditions: Table<ConditionRow>,
    limits: Table<LimitRow>,
    support: Table<SupportRow>,
    retirement: Table<RetirementRow>,
    tls: Table<TlsRow>,
    ports: Table<PortRow>,
    zones: Table<ZoneRow>,
    memory: Table<MemoryRow>,
    server_idle: Table<ServerIdleRow>,
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

/// When a service is switched off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retirement<'t> {
    /// Its last day.
    pub(crate) day: Timestamp,
    /// What takes its place.
    pub(crate) successor: &'t str,
    /// What else is to be known of it.
    pub(crate) note: &'t str,
}

/// The text of a table, embedded.
macro_rules! text {
    ($name:literal) => {
        (
            concat!("data/", $name),
            include_str!(concat!("../../../policies/data/", $name)),
        )
    };
}

impl Tables {
    /// Reads the embedded tables.
    ///
    /// # Errors
    ///
    /// What is wrong with them: one mistake per damaged table.
    pub(crate) fn load() -> Result<Self, Vec<Mistake>> {
        let mut reader = Reader::default();
        let tables = (|| {
            Some(Self {
                conditions: reader.table(text!("conditions.yaml"))?,
                limits: reader.table(text!("connection-limits.yaml"))?,
                support: reader.table(text!("engine-support.yaml"))?,
                idle: reader.table(text!("idle-limits.yaml"))?,
                memory: reader.table(text!("memory-sizes.yaml"))?,
                ports: reader.table(text!("ports.yaml"))?,
                zones: reader.table(text!("private-zones.yaml"))?,
                retirement: reader.table(text!("retirement.yaml"))?,
                server_idle: reader.table(text!("server-idle.yaml"))?,
                updates: reader.updates(text!("service-updates.yaml"))?,
                tls: reader.table(text!("tls-minimum.yaml"))?,
                origins: vec![],
            })
        })();
        match tables {
            Some(tables) => Ok(Self {
                origins: reader.origins,
                ..tables
            }),
            None => Err(reader.mistakes),
        }
    }

    /// Where the numbers are from, sorted by file.
    pub(crate) fn origins(&self) -> &[DataTable] {
        &self.origins
    }

    /// The catalogue of conditions, in its order.
    pub(crate) fn conditions(&self) -> &[ConditionRow] {
        &self.conditions.rows
    }

    /// How many clients one node takes; none where nothing is published.
    ///
    /// # Errors
    ///
    /// What is not known of the cache and decides.
    pub(crate) fn connection_limit(&self, size: &Size<'_>) -> Result<Option<u64>, Undecided> {
        self.of_limits(size, |row| row.clients).map(Option::flatten)
    }

    /// Over at most how many parts its clients are spread, where the metric
    /// counts each part and the limit is that of the whole; else 1.
    ///
    /// # Errors
    ///
    /// What is not known of the cache and decides.
    pub(crate) fn connection_parts(&self, size: &Size<'_>) -> Result<u32, Undecided> {
        let parts = self.of_limits(size, |row| row.parts)?;
        Ok(parts.unwrap_or(1))
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

    /// Whether anything is published about versions of a service.
    pub(crate) fn supports(&self, service: Service) -> bool {
        let mut rows = self.support.rows.iter();
        rows.any(|row| row.services.contains(&service))
    }

    /// When a service is switched off; none where no date was published.
    pub(crate) fn retirement(&self, service: Service) -> Option<Retirement<'_>> {
        let mut rows = self.retirement.rows.iter();
        let row = rows.find(|row| row.services.contains(&service))?;
        Some(Retirement {
            day: row.retires,
            successor: &row.successor,
            note: &row.note,
        })
    }

    /// Megabytes of one node or shard; none where nothing is published.
    pub(crate) fn memory(&self, service: Service, node_type: &str) -> Option<u32> {
        let fits = |row: &&MemoryRow| row.services.contains(&service) && row.node_type == node_type;
        self.memory.rows.iter().find(fits).map(|row| row.megabytes)
    }

    /// After how many idle seconds a service closes a connection of its own
    /// accord, and whether a cache may have another time; none where nothing
    /// is published.
    pub(crate) fn server_idle(&self, service: Service) -> Option<(u32, bool)> {
        let mut rows = self.server_idle.rows.iter();
        let row = rows.find(|row| row.services.contains(&service))?;
        Some((row.seconds, row.settable))
    }

    /// The private zone that stands for a cache's host name, and the name of
    /// the cache in it; none where no zone is published for such a name.
    pub(crate) fn private_zone(&self, service: Service, host: &str) -> Option<(&str, String)> {
        self.zones.rows.iter().find_map(|row| {
            let host = host.to_ascii_lowercase();
            let own = host.strip_suffix(&row.suffix)?.strip_suffix('.')?;
            let name = format!("{own}.{}", row.zone);
            row.services
                .contains(&service)
                .then_some((row.zone.as_str(), name))
        })
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

    /// The lowest TLS version that is taken at a time, whatever the setting
    /// says; none where nothing is published. Engine and version matter with
    /// some services only.
    pub(crate) fn tls_minimum(
        &self,
        service: Service,
        engine: Option<Engine>,
        version: Option<&Version>,
        at: Timestamp,
    ) -> Option<TlsVersion> {
        let fits = |row: &&TlsRow| {
            row.services.contains(&service)
                && row.engine.is_none_or(|it| engine == Some(it))
                && row
                    .from
                    .as_ref()
                    .is_none_or(|from| version.is_some_and(|version| from <= version))
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
