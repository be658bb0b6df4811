//! One collection: its clock, its limits, and who is told of its progress.

use std::fmt;
use std::time::Duration;

use cachewarden_model::Timestamp;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::limits::Limits;
use crate::progress::{Event, Progress};

/// One collection. Its time begins when it is made.
pub struct Session {
    /// The limits in force.
    pub limits: Limits,
    /// The time that the snapshot is to carry.
    pub now: Timestamp,
    /// The version of the tool that the snapshot is to carry.
    pub version: String,
    pub(crate) deadline: Instant,
    pub(crate) permits: Semaphore,
    progress: Box<dyn Progress>,
}

impl Session {
    /// Begins a collection; must be called within a tokio runtime.
    pub fn begin(
        limits: Limits,
        now: Timestamp,
        version: impl Into<String>,
        progress: Box<dyn Progress>,
    ) -> Self {
        Self {
            limits,
            now,
            version: version.into(),
            deadline: Instant::now() + limits.total,
            permits: Semaphore::new(limits.concurrency.max(1)),
            progress,
        }
    }

    /// Tells of something that happened.
    pub fn tell(&self, event: Event<'_>) {
        self.progress.event(event);
    }

    /// How much time is left for the whole collection; zero once it is over.
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
