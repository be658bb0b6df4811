//! The commands. Each parses nothing and decides nothing itself: it calls the
//! libraries and says how it ended.

mod audit;
mod collect;
mod completions;
mod permissions;
mod policy;
mod reach;
mod schema;
mod why;

use std::io::{self, Write};

use cachewarden_model::Snapshot;
use cachewarden_report::inert;

use crate::args::{Cli, Command, Manners, Output, Scope};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gather;
use crate::output::Destination;
use crate::terminal::Terminal;

/// What every command needs.
pub(crate) struct Context {
    pub(crate) manners: Manners,
    pub(crate) terminal: Terminal,
}

impl Context {
    fn snapshot(&self, scope: &Scope) -> Result<Snapshot, Failure> {
        Ok(gather::snapshot(scope, self.manners, &self.terminal)?)
    }

    /// Says something on the standard error, unless the user wants quiet.
    fn note(&self, text: &str) {
        if !self.manners.quiet {
            let _ = writeln!(io::stderr(), "{}", inert(text, self.terminal.err.charset));
        }
    }
}

/// Runs a command.
///
/// # Errors
///
/// If it could not do its work.
pub(crate) fn run(cli: &Cli, terminal: Terminal) -> Result<Exit, Failure> {
    let context = Context {
        manners: cli.manners,
        terminal,
    };
    match &cli.command {
        Command::Audit(args) => audit::run(args, &context),
        Command::Reach(args) => reach::run(args, &context),
        Command::Why(args) => why::run(args, &context),
        Command::Collect(args) => collect::run(args, &context),
        Command::Policy(args) => policy::run(args, &context),
        Command::Schema(args) => schema::run(args),
        Command::Permissions(args) => permissions::run(args),
        Command::Completions(args) => completions::run(args),
    }
}

/// The first report and all further ones.
fn destinations(output: &Output) -> impl Iterator<Item = Destination<'_>> {
    let first = Destination::new(output.format, output.out.as_deref());
    let further = output
        .further
        .iter()
        .map(|it| Destination::new(it.format, Some(&it.file)));
    std::iter::once(first).chain(further)
}
