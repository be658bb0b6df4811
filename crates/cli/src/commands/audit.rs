//! `audit`: collect, analyse, judge, report.

use std::mem::ManuallyDrop;

use cachewarden_policy::{Judgement, judge};
use cachewarden_reach::{Estate, Narrower, reachability};
use cachewarden_report::Document;

use super::{Context, destinations};
use crate::args::Audit;
use crate::clock;
use crate::config::Loaded;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::policies;

/// # Errors
///
/// If configuration, policies or targets cannot be read, or a report cannot
/// be written.
pub(super) fn run(args: &Audit, context: &Context) -> Result<Exit, Failure> {
    // Mistakes of the user's show before minutes are spent on collecting.
    let loaded = Loaded::find(args.settings.config.as_deref())?;
    let library = policies::library(&args.settings.policies, &loaded)?;
    // To take a large snapshot apart, and what is known of it, takes as long
    // as to judge some of it, and the process is about to end.
    let snapshot = ManuallyDrop::new(context.snapshot(&args.scope)?);
    let expectations = &loaded.config.expect;
    let estate = ManuallyDrop::new(Estate::new(&snapshot));
    let reachability = ManuallyDrop::new(reachability(&estate, expectations));
    let narrower = ManuallyDrop::new(Narrower::new(&estate, expectations));
    let audit = ManuallyDrop::new(judge(
        &library,
        &Judgement {
            snapshot: &snapshot,
            reachability: &reachability,
            narrow: Some(&*narrower),
            expectations,
            waivers: &loaded.config.waivers,
            judged_at: args.at.unwrap_or_else(clock::now),
        },
    ));
    output::report(
        Document::Audit(&audit),
        destinations(&args.output),
        &context.terminal,
    )?;
    Ok(Exit::of_audit(&audit, args.fail_on.severity(), args.strict))
}
