//! AWS is read; how far that is shows on the standard error.

use std::time::Duration;

use cachewarden_model::Snapshot;
use cachewarden_provider::{Limits, Provider, Session};
use cachewarden_provider_aws::{AwsProvider, Options};

use super::GatherError;
use crate::args::{Manners, Scope};
use crate::clock;
use crate::progress;
use crate::terminal::Terminal;

/// What the credentials may see of AWS.
///
/// # Errors
///
/// If not a single account could be asked, or the scope makes no sense.
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
        profiles: scope.aws_profiles.clone(),
        regions: scope.aws_regions.clone(),
        role_arns: scope.aws_role_arns.clone(),
    };
    let limits = Limits::within(Duration::from_secs(u64::from(scope.timeout)));
    let collected = runtime.block_on(async {
        let progress = progress::start(manners, terminal);
        let session = Session::begin(limits, clock::now(), env!("CARGO_PKG_VERSION"), progress);
        AwsProvider::new(options).collect(&session).await
    });
    // Calls that still hang are left behind; nothing waits for them.
    runtime.shutdown_background();
    collected.map_err(|error| GatherError::Aws { error })
}
