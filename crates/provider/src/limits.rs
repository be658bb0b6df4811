//! How long a collection may take, and how much it may ask at once.

use std::time::Duration;

/// How long a collection may take, and how much it may ask at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the whole collection. What was not read by then is a gap.
    pub total: Duration,
    /// For one call with all its retries.
    pub call: Duration,
    /// For one attempt of a call.
    pub attempt: Duration,
    /// Upper bound of the wait before the first retry; it doubles with each
    /// further one.
    pub first_wait: Duration,
    /// Upper bound of the wait before any retry.
    pub longest_wait: Duration,
    /// Attempts of a call that fails in another way than by being throttled.
    /// A throttled call goes on until its time is over.
    pub attempts: u32,
    /// Calls under way at once.
    pub concurrency: usize,
}

impl Default for Limits {
    /// 900 seconds in all, 60 for a call, 20 for an attempt, 16 calls at once.
    fn default() -> Self {
        Self {
            total: Duration::from_secs(900),
            call: Duration::from_secs(60),
            attempt: Duration::from_secs(20),
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(8),
            attempts: 8,
            concurrency: 16,
        }
    }
}

impl Limits {
    /// The usual limits with another one for the whole collection.
    pub fn within(total: Duration) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }
}
