//! How many clients a node takes, where it may depend on more than one thing.

use cachewarden_model::{Service, Version};

use super::Tables;
use super::rows::LimitRow;

/// What a limit may depend on, as far as it is known of a cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size<'c> {
    pub(crate) service: Service,
    pub(crate) node_type: Option<&'c str>,
    pub(crate) encrypted: Option<bool>,
    pub(crate) version: Option<&'c Version>,
}

/// What is not known of a cache and decides about its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Undecided {
    pub(crate) node_type: bool,
    pub(crate) encrypted: bool,
    pub(crate) version: bool,
}

impl Undecided {
    fn any(self) -> bool {
        self.node_type || self.encrypted || self.version
    }

    fn or(self, other: Self) -> Self {
        Self {
            node_type: self.node_type || other.node_type,
            encrypted: self.encrypted || other.encrypted,
            version: self.version || other.version,
        }
    }
}

impl LimitRow {
    /// What is not known and decides whether the row fits; none where it
    /// certainly does not.
    fn fits(&self, size: &Size<'_>) -> Option<Undecided> {
        let node_type = size
            .node_type
            .map(|name| self.node_types.iter().any(|it| it == name));
        let encrypted = size.encrypted.map(|on| self.encrypted == Some(on));
        let older = |below| size.version.map(|version| version < below);
        let version = self.below.as_ref().map(older);
        let no = Some(false);
        let named = !self.node_types.is_empty();
        if named && node_type == no
            || self.encrypted.is_some() && encrypted == no
            || version == Some(no)
        {
            return None;
        }
        Some(Undecided {
            node_type: named && node_type.is_none(),
            encrypted: self.encrypted.is_some() && encrypted.is_none(),
            version: version == Some(None),
        })
    }
}

impl Tables {
    /// What the first row that fits says; none where none does. Of rows that
    /// may fit, all must say the same.
    pub(super) fn of_limits<T: PartialEq>(
        &self,
        size: &Size<'_>,
        read: impl Fn(&LimitRow) -> T,
    ) -> Result<Option<T>, Undecided> {
        let own = |row: &&LimitRow| row.services.contains(&size.service);
        let (mut said, mut open) = (vec![], Undecided::default());
        for row in self.limits.rows.iter().filter(own) {
            let Some(undecided) = row.fits(size) else {
                continue;
            };
            said.push(Some(read(row)));
            open = open.or(undecided);
            if !undecided.any() {
                return agreed(said, open);
            }
        }
        said.push(None);
        agreed(said, open)
    }
}

fn agreed<T: PartialEq>(said: Vec<Option<T>>, open: Undecided) -> Result<Option<T>, Undecided> {
    let alike = said.windows(2).all(|pair| match pair {
        [one, other] => one == other,
        _ => true,
    });
    if alike {
        Ok(said.into_iter().next().flatten())
    } else {
        Err(open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: [&str; 4] = ["3.2", "6.x", "7.0", "7.2"];

    /// Every size of Google Cloud, with all that may decide known.
    fn sizes(versions: &[Version]) -> Vec<Size<'_>> {
        let types = [
            (Service::MemorystoreRedis, ["M1", "M2", "M3", "M4", "M5"]),
            (
                Service::MemorystoreCluster,
                [
                    "REDIS_SHARED_CORE_NANO",
                    "REDIS_STANDARD_SMALL",
                    "REDIS_HIGHCPU_MEDIUM",
                    "REDIS_HIGHMEM_XLARGE",
                    "REDIS_NEW_TYPE",
                ],
            ),
            (
                Service::MemorystoreValkey,
                [
                    "SHARED_CORE_NANO",
                    "CUSTOM_PICO",
                    "STANDARD_LARGE",
                    "HIGHMEM_2XLARGE",
                    "NEW",
                ],
            ),
        ];
        let mut sizes = vec![];
        for (service, names) in types {
            for name in names {
                for (encrypted, version) in versions.iter().flat_map(|it| [(true, it), (false, it)])
                {
                    sizes.push(Size {
                        service,
                        node_type: Some(name),
                        encrypted: Some(encrypted),
                        version: Some(version),
                    });
                }
            }
        }
        sizes
    }

    #[test]
    fn limits_of_google_cloud_are_those_of_the_manual() {
        let tables = Tables::load().unwrap();
        let versions = VERSIONS.map(|it| Version(it.to_owned()));
        for size in sizes(&versions) {
            let old = size.version.is_some_and(|it| *it < versions[2]);
            let expected = match size.node_type.unwrap() {
                "M1" if old && size.encrypted == Some(true) => Some(1_000),
                "M2" if old && size.encrypted == Some(true) => Some(2_500),
                "M3" if old && size.encrypted == Some(true) => Some(15_000),
                "M4" if old && size.encrypted == Some(true) => Some(30_000),
                "M1" | "M2" | "M3" | "M4" | "M5" => Some(65_000),
                "SHARED_CORE_NANO" | "REDIS_SHARED_CORE_NANO" => Some(5_000),
                "CUSTOM_PICO" | "REDIS_STANDARD_SMALL" => Some(16_000),
                "STANDARD_LARGE" | "REDIS_HIGHCPU_MEDIUM" => Some(32_000),
                "HIGHMEM_2XLARGE" | "REDIS_HIGHMEM_XLARGE" => Some(64_000),
                _ => None,
            };
            assert_eq!(tables.connection_limit(&size), Ok(expected), "{size:?}");
        }
    }

    /// What is not known never makes another number.
    #[test]
    fn hiding_what_decides_changes_no_answer() {
        let tables = Tables::load().unwrap();
        let versions = VERSIONS.map(|it| Version(it.to_owned()));
        let (mut told, mut untold) = (0, 0);
        for size in sizes(&versions) {
            let whole = tables.connection_limit(&size);
            for hidden in 1..8 {
                let some = Size {
                    node_type: size.node_type.filter(|_| hidden & 1 == 0),
                    encrypted: size.encrypted.filter(|_| hidden & 2 == 0),
                    version: size.version.filter(|_| hidden & 4 == 0),
                    ..size
                };
                match tables.connection_limit(&some) {
                    Ok(limit) => {
                        assert_eq!(Ok(limit), whole, "{some:?}");
                        told += 1;
                    }
                    Err(undecided) => {
                        assert!(undecided.any(), "{some:?}");
                        assert!(!undecided.node_type || some.node_type.is_none());
                        assert!(!undecided.encrypted || some.encrypted.is_none());
                        assert!(!undecided.version || some.version.is_none());
                        untold += 1;
                    }
                }
            }
        }
        assert!(told > 0 && untold > 0);
    }
}
