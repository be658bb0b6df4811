//! What the clouds share on the way to a [`Snapshot`]: time limits, the one
//! way in which a call is sent, paged and retried, and how a refusal becomes
//! a gap. Knows no cloud.

pub mod call;
pub mod failure;
mod limits;
mod progress;
mod session;

use std::future::Future;

use cachewarden_model::Snapshot;

pub use call::{Listing, Page, Question};
pub use failure::{CloudError, Failure, FailureKind};
pub use limits::Limits;
pub use progress::{Event, Progress, Silent};
pub use session::Session;

/// A cloud that can be read.
pub trait Provider: Send + Sync {
    /// Why nothing at all could be collected.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Reads what the credentials may see.
    ///
    /// What could not be read stands in [`Snapshot::gaps`]; the snapshot is
    /// sorted.
    ///
    /// # Errors
    ///
    /// Only if not a single account could be asked, or the scope that was
    /// given makes no sense.
    fn collect(
        &self,
        session: &Session,
    ) -> impl Future<Output = Result<Snapshot, Self::Error>> + Send;
}
