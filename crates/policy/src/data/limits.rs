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
