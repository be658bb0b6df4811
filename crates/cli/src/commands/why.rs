//! `why`: one connection, stage by stage.

use cachewarden_reach::{Estate, Query, connections};
use cachewarden_report::Document;

use super::{Context, destinations};
use crate::args::Why;
use crate::config::Loaded;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// # Errors
///
/// If configuration or targets cannot be read, client or cache are not there,
/// or a report cannot be written.
pub(super) fn run(args: &Why, context: &Context) -> Result<Exit, Failure> {
    let loaded = Loaded::find(args.config.as_deref())?;
    let snapshot = context.snapshot(&args.scope)?;
    let query = Query {
        client: Some(&args.client),
        cache: Some(&args.cache),
        all: true,
    };
    let report = connections(&Estate::new(&snapshot), &loaded.config.expect, &query)?;
    output::report(
        Document::Why(&report),
        destinations(&args.output),
        &context.terminal,
    )?;
    Ok(Exit::of_why(&report))
}
