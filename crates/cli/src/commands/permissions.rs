//! `permissions`: what a cloud must allow, ready to paste.

use crate::args::{Cloud, Permissions};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gather::GatherError;
use crate::output;

/// # Errors
///
/// If this binary does not read the cloud, or the standard output cannot be
/// written.
pub(super) fn run(args: &Permissions) -> Result<Exit, Failure> {
    let document = match args.cloud {
        Cloud::Aws => aws(&args.aws_role_arns)?,
        Cloud::Azure => azure(&args.azure_subscriptions)?,
        Cloud::Gcp => gcp(args.gcp_organization)?,
    };
    output::text(&format!("{}\n", document.trim_end()))?;
    Ok(Exit::Clean)
}

#[cfg(feature = "aws")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "a binary without the feature has an error to tell"
)]
fn aws(role_arns: &[String]) -> Result<String, GatherError> {
    Ok(format!(
        "{:#}",
        cachewarden_provider_aws::permissions::policy(role_arns)
    ))
}

#[cfg(not(feature = "aws"))]
fn aws(_: &[String]) -> Result<String, GatherError> {
    Err(GatherError::WithoutAws)
}

#[cfg(feature = "azure")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "a binary without the feature has an error to tell"
)]
fn azure(subscriptions: &[String]) -> Result<String, GatherError> {
    Ok(format!(
        "{:#}",
        cachewarden_provider_azure::permissions::role(subscriptions)
    ))
}

#[cfg(not(feature = "azure"))]
fn azure(_: &[String]) -> Result<String, GatherError> {
    Err(GatherError::WithoutAzure)
}

#[cfg(feature = "gcp")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "a binary without the feature has an error to tell"
)]
fn gcp(organization: bool) -> Result<String, GatherError> {
    Ok(cachewarden_provider_gcp::permissions::role(organization))
}

#[cfg(not(feature = "gcp"))]
fn gcp(_: bool) -> Result<String, GatherError> {
    Err(GatherError::WithoutGcp)
}
