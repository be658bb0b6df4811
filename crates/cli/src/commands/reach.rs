//! `reach`: connections and their outcomes.

use cachewarden_reach::{Estate, Query, connections};
use cachewarden_report::Document;

use super::{Context, destinations};
use crate::args::Reach;
use crate::config::Loaded;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// # Errors
///
/// If configuration or targets cannot be read, client or cache are not there,
/// or a report cannot be written.
pub(super) fn run(args: &Reach, context: &Context) -> Result<Exit, Failure> {
    let loaded = Loaded::find(args.config.as_deref())?;
    let snapshot = context.snapshot(&args.scope)?;
    let query = Query {
        client: args.client.as_deref(),
        cache: args.cache.as_deref(),
        all: args.all,
    };
    let report = connections(&Estate::new(&snapshot), &loaded.config.expect, &query)?;
    output::report(
        Document::Reach(&report),
        destinations(&args.output),
        &context.terminal,
    )?;
    Ok(Exit::of_reach(&report, args.strict))
}
