//! `cachewarden`: audits managed Redis and Valkey. This package alone wires
//! the libraries together, reads files, environment and clock, and says how it
//! ended.
//!
//! It is a library so that tests can hold against its parsers what no command
//! line can carry; the binary calls [`main`] and nothing else.

mod args;
mod clock;
mod commands;
mod config;
mod exit;
mod failure;
mod file;
mod gather;
// Only who talks to a cloud has something to log.
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod logs;
mod output;
mod policies;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod progress;
mod snapshot_file;
mod terminal;
mod underline;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use cachewarden_report::Look;
use clap::Parser;

use crate::args::Cli;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Runs the command line of this process, and says how it ended.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        // What a panic says may hold values of the user's; where it stands
        // does not.
        let place = panic
            .location()
            .map(|it| format!(" at {it}"))
            .unwrap_or_default();
        let _ = writeln!(
            io::stderr(),
            "error: internal error{place}\nhelp: this is a bug; please report it with the command that you ran"
        );
    }));
    // A panic anywhere is an error of the tool's, with its exit code.
    panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or(Exit::Error)
        .into()
}

/// What is wrong with a configuration, as it is said on the standard error of
/// a terminal without colours; none if it can be used. `name` is its path.
pub fn configuration_mistakes(name: &str, text: &str) -> Option<String> {
    let error = config::Loaded::parse(name, text.to_owned()).err()?;
    Some(failure::Failure::from(error).text(Look::PLAIN))
}

fn run() -> Exit {
    let cli = Cli::parse();
    let terminal = Terminal::of_process(cli.manners.color);
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
    logs::start(cli.manners.verbose, terminal.err.color);
    match commands::run(&cli, terminal) {
        Ok(exit) => exit,
        Err(failure) => {
            failure.tell(&terminal);
            Exit::Error
        }
    }
}
