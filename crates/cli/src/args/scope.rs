//! What is looked at.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

/// What is looked at.
#[derive(Debug, Clone, Args)]
pub(crate) struct Scope {
    /// `aws`, `azure`, `gcp`, `demo` (an estate inside this binary), or the path of a snapshot
    ///
    /// Several targets make one audit. A file that is called `aws` is written
    /// `./aws`.
    #[arg(value_name = "TARGET", required = true)]
    pub(crate) targets: Vec<Target>,
    /// A profile of the AWS configuration; repeatable
    #[arg(long = "aws-profile", value_name = "NAME", help_heading = "Collection")]
    pub(crate) aws_profiles: Vec<String>,
    /// A region to read; repeatable [default: every region that is enabled]
    #[arg(
        long = "aws-region",
        value_name = "REGION",
        help_heading = "Collection"
    )]
    pub(crate) aws_regions: Vec<String>,
    /// A role to assume from the first credentials; repeatable
    #[arg(long = "aws-role-arn", value_name = "ARN", help_heading = "Collection")]
    pub(crate) aws_role_arns: Vec<String>,
    /// A subscription to read, by its id or name; repeatable [default: all that are seen]
    #[arg(
        long = "azure-subscription",
        value_name = "SUBSCRIPTION",
        help_heading = "Collection"
    )]
    pub(crate) azure_subscriptions: Vec<String>,
    /// Which of the clouds that Azure is
    #[arg(long, value_enum, default_value_t = AzureCloud::Public, value_name = "CLOUD",
        help_heading = "Collection")]
    pub(crate) azure_cloud: AzureCloud,
    /// A project of Google Cloud to read, by its id or number; repeatable [default: all that are seen]
    #[arg(
        long = "gcp-project",
        value_name = "PROJECT",
        help_heading = "Collection"
    )]
    pub(crate) gcp_projects: Vec<String>,
    /// An organization of Google Cloud, by its number: all projects below it
    #[arg(
        long = "gcp-organization",
        value_name = "NUMBER",
        help_heading = "Collection"
    )]
    pub(crate) gcp_organization: Option<String>,
    /// End the collection after this time; what was not read by then is unknown
    #[arg(long, value_name = "SECONDS", default_value_t = 900, help_heading = "Collection",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) timeout: u32,
}

/// One of the clouds that Azure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AzureCloud {
    Public,
    #[value(name = "usgov")]
    UsGov,
    China,
}

/// A cloud, by the name that the command line uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cloud {
    Aws,
    Azure,
    Gcp,
}

/// Where a snapshot comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A cloud is read.
    Cloud(Cloud),
    /// The estate inside the binary.
    Demo,
    /// A file.
    File(PathBuf),
}

impl FromStr for Target {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "aws" => Self::Cloud(Cloud::Aws),
            "azure" => Self::Cloud(Cloud::Azure),
            "gcp" => Self::Cloud(Cloud::Gcp),
            "demo" => Self::Demo,
            path => Self::File(path.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_names_are_clouds() {
        assert_eq!("aws".parse(), Ok(Target::Cloud(Cloud::Aws)));
        for path in ["./aws", "aws.json", "AWS"] {
            assert_eq!(path.parse(), Ok(Target::File(path.into())), "{path}");
        }
    }
}
