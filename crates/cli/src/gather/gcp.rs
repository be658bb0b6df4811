//! Google Cloud is read; how far that is shows on the standard error.

use std::time::Duration;

use cachewarden_model::Snapshot;
use cachewarden_provider::{Limits, Provider, Session};
use cachewarden_provider_gcp::{Environment, GcpProvider, Options};

use super::GatherError;
use crate::args::{Manners, Scope};
use crate::clock;
use crate::progress;
use crate::terminal::Terminal;

/// What the credentials may see of Google Cloud.
///
/// # Errors
///
/// If not a single project could be asked, or the scope makes no sense.
pub(super) fn snapshot(
    scope: &Scope,
    manners: Manners,
    terminal: &Terminal,
) -> Result<Snapshot, GatherError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(GatherError::Runtime)?;
    let options = Options {
        projects: scope.gcp_projects.clone(),
        organization: scope.gcp_organization.clone(),
    };
    let limits = Limits::within(Duration::from_secs(u64::from(scope.timeout)));
    let collected = runtime.block_on(async {
        let progress = progress::start(manners, terminal);
        let session = Session::begin(limits, clock::now(), env!("CARGO_PKG_VERSION"), progress);
        let provider = GcpProvider::new(options, Environment::of_process());
        provider.collect(&session).await
    });
    // Calls that still hang are left behind; nothing waits for them.
    runtime.shutdown_background();
    collected.map_err(|error| GatherError::Gcp { error })
}
