//! `collect`: targets become a file.

use std::path::Path;

use super::Context;
use crate::args::Collect;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::snapshot_file;

/// # Errors
///
/// If the targets cannot be read or the file cannot be written.
pub(super) fn run(args: &Collect, context: &Context) -> Result<Exit, Failure> {
    let snapshot = context.snapshot(&args.scope)?;
    if args.out == Path::new("-") {
        output::stdout(|out| snapshot_file::json(&snapshot, out))?;
    } else {
        snapshot_file::write(&args.out, &snapshot).map_err(|source| Failure::Write {
            path: args.out.clone(),
            source,
        })?;
    }
    context.note(&format!(
        "{} caches, {} interfaces, {} gaps in `{}`",
        snapshot.caches.len(),
        snapshot.interfaces.len(),
        snapshot.gaps.len(),
        args.out.display()
    ));
    Ok(Exit::of_collection(&snapshot, args.strict))
}
