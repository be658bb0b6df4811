//! What a collection tells while it runs.

use cachewarden_model::{AccountId, Gap, Provider, Region};

/// Is told how a collection gets on. Called from several tasks at once.
pub trait Progress: Send + Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);
}

/// What happens in a collection.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It is known whose credentials are used.
    Credentials {
        /// The cloud.
        provider: Provider,
        /// Where they come from, in a few words; holds no secret.
        source: &'a str,
    },
    /// An account is known, and the regions that will be asked in it.
    Account {
        /// The account.
        account: &'a AccountId,
        /// Its regions.
        regions: &'a [Region],
    },
    /// A region of an account was searched for caches.
    Searched {
        /// The account.
        account: &'a AccountId,
        /// The region.
        region: &'a Region,
        /// How many caches were found.
        caches: usize,
    },
    /// All that will be read of a region's networks was read.
    Read {
        /// The account.
        account: &'a AccountId,
        /// The region.
        region: &'a Region,
    },
    /// Services that an account does not use: their APIs are off, and it has
    /// none of their things.
    Off {
        /// The account.
        account: &'a AccountId,
        /// The services, as the cloud names them.
        services: &'a [&'a str],
    },
    /// A call, or one page of it, was answered.
    Answered {
        /// The call, as the cloud names it.
        what: &'a str,
    },
    /// Something could not be learned.
    Gap(&'a Gap),
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _: Event<'_>) {}
}
