//! One region of one account, and the gaps that name it.

use cachewarden_model::{AccountId, Fact, Gap, GapReason, Noun, Provider, Region};

use crate::operation::Operation;

/// One region of one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
}

impl Place {
    pub(crate) fn new(account: &str, region: &str) -> Self {
        Self {
            account: AccountId::new(account),
            region: Region::new(region),
        }
    }

    /// A gap that belongs here and hides nothing.
    pub(crate) fn gap(&self, what: &str, why: GapReason, message: impl Into<String>) -> Gap {
        Gap {
            provider: Provider::Aws,
            account: Some(self.account.clone()),
            region: Some(self.region.clone()),
            what: what.to_owned(),
            why,
            message: message.into(),
            hides: vec![],
        }
    }

    /// A fact that the answer should have stated and did not.
    pub(crate) fn unstated<T>(&self, operation: Operation, field: &str) -> Fact<T> {
        let message = format!("the answer does not state `{field}`");
        Fact::unknown(self.gap(operation.action(), GapReason::NotOffered, message))
    }

    /// A fact that has no field at all.
    pub(crate) fn not_offered<T>(&self, operation: Operation, message: &str) -> Fact<T> {
        Fact::unknown(self.gap(operation.action(), GapReason::NotOffered, message))
    }

    /// A fact whose value this version does not know.
    pub(crate) fn unmodelled<T>(&self, operation: Operation, field: &str, word: &str) -> Fact<T> {
        let message = format!("`{word}` is no value of `{field}` that this version knows");
        Fact::unknown(self.gap(operation.action(), GapReason::Unmodelled, message))
    }

    /// An element of an answer that lacks what it cannot be without; it is
    /// left out, and what it was may be missing from the snapshot.
    pub(crate) fn broken(&self, operation: Operation, element: &str, field: &str) -> Box<Gap> {
        let message = format!("{element} lacks a readable `{field}` and was left out");
        let mut gap = self.gap(operation.action(), GapReason::Damaged, message);
        gap.hides = operation.hides().to_vec();
        Box::new(gap)
    }

    /// The gap of something that leads here, where nothing was read.
    pub(crate) fn not_collected(&self, what: &str, message: String, hides: &[Noun]) -> Gap {
        let mut gap = self.gap(what, GapReason::NotCollected, message);
        gap.hides = hides.to_vec();
        gap
    }
}
