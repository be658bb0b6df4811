//! `cachewarden`: audits managed Redis and Valkey. The binary alone wires the
//! libraries together, reads files, environment and clock, and says how it
//! ended.

mod args;
mod clock;
mod commands;
mod config;
mod exit;
mod failure;
mod file;
mod gather;
mod logs;
mod output;
mod policies;
#[cfg(feature = "aws")]
mod progress;
mod snapshot_file;
mod terminal;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;
use crate::exit::Exit;
use crate::terminal::Terminal;

fn main() -> ExitCode {
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

fn run() -> Exit {
    let cli = Cli::parse();
    let terminal = Terminal::of_process(cli.manners.color);
    logs::start(cli.manners.verbose, terminal.err.color);
    match commands::run(&cli, terminal) {
        Ok(exit) => exit,
        Err(failure) => {
            failure.tell(&terminal);
            Exit::Error
        }
    }
}
