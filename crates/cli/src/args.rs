//! The command line.

mod output;
mod scope;

use std::path::PathBuf;

use cachewarden_model::{Severity, Timestamp};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use output::{Output, PolicyOutput};
#[cfg(feature = "azure")]
pub(crate) use scope::AzureCloud;
pub(crate) use scope::{Cloud, Scope, Target};

/// Audits managed Redis and Valkey: who is refused, who gets in who should not
///
/// Only reads: no cloud is changed, and no secret is asked for.
#[derive(Debug, Parser)]
#[command(
    name = "cachewarden",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Exit codes: 0 clean, 1 a finding at or above the threshold, 2 the tool could \
not do its work, 3 nothing failed but something is unknown (with --strict)."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) manners: Manners,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How the tool behaves on a terminal.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Terminal")]
pub(crate) struct Manners {
    /// When to colour: `auto` heeds NO_COLOR, CLICOLOR_FORCE and CLICOLOR
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN", global = true)]
    pub(crate) color: ColorChoice,
    /// Say nothing on the standard error but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Log what happens; twice: each call
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Audit(Audit),
    Reach(Reach),
    Why(Why),
    Collect(Collect),
    /// The policies that an audit judges by
    #[command(subcommand)]
    Policy(Policy),
    Schema(Schema),
    Permissions(Permissions),
    Completions(Completions),
}

/// Judge caches and connections: findings, worst first
#[derive(Debug, Args)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Exit with 1 if a finding has this severity or a worse one
    #[arg(long, value_enum, default_value_t = FailOn::High, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Exit with 3 if nothing failed but something is unknown
    #[arg(long)]
    pub(crate) strict: bool,
    /// Judge as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,
}

/// Show every intended connection, or all, and its outcome
#[derive(Debug, Args)]
pub(crate) struct Reach {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Only this client: an interface, its name, what it is attached to, or an address
    #[arg(long)]
    pub(crate) client: Option<String>,
    /// Only this cache: its id or name
    #[arg(long)]
    pub(crate) cache: Option<String>,
    /// Every pair of a client and a cache, not only the intended ones
    #[arg(long)]
    pub(crate) all: bool,
    /// Configuration [default: cachewarden.yaml, looked for upwards from the working directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Exit with 3 if something is unknown
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Explain one connection, stage by stage, with blame and fix
///
/// Exits with 0 where every connection that matches is open, with 1 where one
/// is blocked or partial, else with 3.
#[derive(Debug, Args)]
pub(crate) struct Why {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// The client: an interface, its name, what it is attached to, or an address
    ///
    /// A public address stands for the internet; a private one is written
    /// NETWORK:ADDRESS.
    #[arg(long)]
    pub(crate) client: String,
    /// The cache: its id or name
    #[arg(long)]
    pub(crate) cache: String,
    /// Configuration [default: cachewarden.yaml, looked for upwards from the working directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Save a snapshot, to be judged later or elsewhere
#[derive(Debug, Args)]
pub(crate) struct Collect {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Where to: `.json`, `.json.zst`, or `-` for the standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Exit with 3 if something could not be read
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// List the policies, and whether the configuration selects them
    List {
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        output: PolicyOutput,
    },
    /// Show one policy in full
    Show {
        /// Its id
        id: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Run the cases of the built-in policies and of those in these folders
    ///
    /// Exits with 1 if a case does not come out as it expects.
    Test {
        /// Folders with further policies
        #[arg(value_name = "DIR")]
        folders: Vec<PathBuf>,
    },
}

/// Where requirements come from.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Configuration [default: cachewarden.yaml, looked for upwards from the working directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// A folder with further policies; repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
}

/// Print the JSON Schema of a document
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which document
    #[arg(value_enum)]
    pub(crate) document: SchemaName,
}

/// A document that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    Snapshot,
    Report,
    Reach,
    Policies,
    Policy,
    Config,
}

/// Print the least read-only permissions of a cloud, ready to paste
#[derive(Debug, Args)]
pub(crate) struct Permissions {
    /// Which cloud
    pub(crate) cloud: Cloud,
    /// A role that is assumed to read; repeatable
    #[arg(long = "aws-role-arn", value_name = "ARN")]
    pub(crate) aws_role_arns: Vec<String>,
    /// A subscription that the role is to be assignable in; repeatable
    #[arg(long = "azure-subscription", value_name = "ID")]
    pub(crate) azure_subscriptions: Vec<String>,
    /// With what a whole organization of Google Cloud takes besides
    #[arg(long = "gcp-organization")]
    pub(crate) gcp_organization: bool,
}

/// Print completions for a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// From which severity on an audit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Never,
}

impl FailOn {
    /// The mildest severity that fails; none if nothing does.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Never => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
