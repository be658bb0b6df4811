//! `completions`: for a shell.

use clap::CommandFactory;

use crate::args::{Cli, Completions};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// # Errors
///
/// If the standard output cannot be written.
pub(super) fn run(args: &Completions) -> Result<Exit, Failure> {
    let mut text = vec![];
    clap_complete::generate(args.shell, &mut Cli::command(), "cachewarden", &mut text);
    output::stdout(|out| out.write_all(&text))?;
    Ok(Exit::Clean)
}
