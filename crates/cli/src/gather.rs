//! Targets become one snapshot.

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "azure")]
mod azure;
mod demo;
#[cfg(feature = "gcp")]
mod gcp;

use std::path::Path;

use cachewarden_model::{Snapshot, SnapshotError};
use miette::Diagnostic;

use crate::args::{Cloud, Manners, Scope, Target};
use crate::snapshot_file::{self, SnapshotFileError};
use crate::terminal::Terminal;

/// The targets could not be read.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum GatherError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] SnapshotFileError),
    #[cfg(not(feature = "aws"))]
    #[error("this binary was built without `aws`")]
    #[diagnostic(help(
        "it reads saved snapshots; collect one with a binary that has the feature `aws`"
    ))]
    WithoutAws,
    #[cfg(feature = "aws")]
    #[error("{error}")]
    #[diagnostic(help("{}", error.remedy()))]
    Aws {
        error: cachewarden_provider_aws::AwsError,
    },
    #[cfg(not(feature = "azure"))]
    #[error("this binary was built without `azure`")]
    #[diagnostic(help(
        "it reads saved snapshots; collect one with a binary that has the feature `azure`"
    ))]
    WithoutAzure,
    #[cfg(feature = "azure")]
    #[error("{error}")]
    #[diagnostic(help("{}", error.remedy()))]
    Azure {
        error: cachewarden_provider_azure::AzureError,
    },
    #[cfg(not(feature = "gcp"))]
    #[error("this binary was built without `gcp`")]
    #[diagnostic(help(
        "it reads saved snapshots; collect one with a binary that has the feature `gcp`"
    ))]
    WithoutGcp,
    #[cfg(feature = "gcp")]
    #[error("{error}")]
    #[diagnostic(help("{}", error.remedy()))]
    Gcp {
        error: cachewarden_provider_gcp::GcpError,
    },
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
    #[error("the collection cannot be started: {0}")]
    Runtime(#[source] std::io::Error),
    #[error("the estate inside this binary is damaged: {0}")]
    Demo(#[source] SnapshotError),
}

/// One snapshot of all targets, as if they had been read in one go.
///
/// # Errors
///
/// If one of them cannot be read at all. What could be read in part comes
/// with its gaps.
pub(crate) fn snapshot(
    scope: &Scope,
    manners: Manners,
    terminal: &Terminal,
) -> Result<Snapshot, GatherError> {
    let mut whole: Option<Snapshot> = None;
    for target in &scope.targets {
        let part = match target {
            Target::File(path) => file(path)?,
            Target::Demo => demo::snapshot()?,
            Target::Cloud(Cloud::Aws) => aws(scope, manners, terminal)?,
            Target::Cloud(Cloud::Azure) => azure(scope, manners, terminal)?,
            Target::Cloud(Cloud::Gcp) => gcp(scope, manners, terminal)?,
        };
        whole = Some(match whole {
            Some(rest) => rest.merge(part),
            None => part,
        });
    }
    // The command line asks for a target at least.
    let nothing = || Snapshot::new(crate::clock::now(), env!("CARGO_PKG_VERSION"));
    let mut whole = whole.unwrap_or_else(nothing);
    whole.sort();
    Ok(whole)
}

fn file(path: &Path) -> Result<Snapshot, GatherError> {
    Ok(snapshot_file::read(path)?)
}

#[cfg(feature = "aws")]
fn aws(scope: &Scope, manners: Manners, terminal: &Terminal) -> Result<Snapshot, GatherError> {
    aws::snapshot(scope, manners, terminal)
}

#[cfg(not(feature = "aws"))]
fn aws(_: &Scope, _: Manners, _: &Terminal) -> Result<Snapshot, GatherError> {
    Err(GatherError::WithoutAws)
}

#[cfg(feature = "azure")]
fn azure(scope: &Scope, manners: Manners, terminal: &Terminal) -> Result<Snapshot, GatherError> {
    azure::snapshot(scope, manners, terminal)
}

#[cfg(not(feature = "azure"))]
fn azure(_: &Scope, _: Manners, _: &Terminal) -> Result<Snapshot, GatherError> {
    Err(GatherError::WithoutAzure)
}

#[cfg(feature = "gcp")]
fn gcp(scope: &Scope, manners: Manners, terminal: &Terminal) -> Result<Snapshot, GatherError> {
    gcp::snapshot(scope, manners, terminal)
}

#[cfg(not(feature = "gcp"))]
fn gcp(_: &Scope, _: Manners, _: &Terminal) -> Result<Snapshot, GatherError> {
    Err(GatherError::WithoutGcp)
}
