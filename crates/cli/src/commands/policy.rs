//! `policy`: what an audit judges by.

use cachewarden_policy::{CaseResult, FixFor, Library, Policy, Threshold};
use cachewarden_report::{Document, Format, PolicyDetail, PolicyEntry, inert};

use super::Context;
use crate::args::{Policy as Command, Settings};
use crate::config::Loaded;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, Destination};
use crate::policies;

/// # Errors
///
/// If configuration or policies cannot be read, there is no such policy, or
/// the list cannot be written.
pub(super) fn run(args: &Command, context: &Context) -> Result<Exit, Failure> {
    match args {
        Command::List { settings, output } => {
            let library = library(settings)?;
            let entries: Vec<PolicyEntry> = library.policies().map(entry).collect();
            let markdown = library.coverage_markdown();
            let document = Document::Policies {
                entries: &entries,
                markdown: &markdown,
            };
            let destination = Destination::new(output.format, output.out.as_deref());
            output::report(document, [destination], &context.terminal)?;
            Ok(Exit::Clean)
        }
        Command::Show { id, settings } => {
            let library = library(settings)?;
            let policy = find(&library, id)?;
            let detail = PolicyDetail {
                entry: entry(policy),
                sections: sections(policy),
            };
            let destination = Destination::new(Format::Table, None);
            output::report(Document::Policy(&detail), [destination], &context.terminal)?;
            Ok(Exit::Clean)
        }
        Command::Test { folders } => {
            let library = policies::library(folders, &Loaded::default())?;
            test(&library, context)
        }
    }
}

fn library(settings: &Settings) -> Result<Library, Failure> {
    let loaded = Loaded::find(settings.config.as_deref())?;
    policies::library(&settings.policies, &loaded)
}

fn find<'l>(library: &'l Library, id: &str) -> Result<&'l Policy, Failure> {
    library.find(id).ok_or_else(|| {
        let near: Vec<String> = library
            .near(id)
            .iter()
            .map(|it| format!("`{it}`"))
            .collect();
        let hint = if near.is_empty() {
            "`cachewarden policy list` lists them".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        Failure::NoPolicy {
            id: id.to_owned(),
            hint,
        }
    })
}

fn entry(policy: &Policy) -> PolicyEntry {
    PolicyEntry {
        id: policy.id.clone(),
        title: policy.title.clone(),
        concern: policy.concern,
        severity: policy.severity,
        subject: policy.subject,
        providers: policy.providers.clone(),
        controls: policy.controls.clone(),
        enabled: policy.enabled,
    }
}

fn sections(policy: &Policy) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = vec![];
    let mut say = |label: &str, text: String| {
        if !text.trim().is_empty() {
            sections.push((label.to_owned(), text.trim().to_owned()));
        }
    };
    say("why", policy.why.clone());
    say("applies if", policy.applies_if.clone().unwrap_or_default());
    say("requires", policy.require.clone());
    say("facts", policy.fact_paths().join("\n"));
    let thresholds = policy
        .thresholds
        .iter()
        .map(|(name, value)| threshold(name, *value));
    say("thresholds", thresholds.collect::<Vec<_>>().join("\n"));
    for (whose, summary, command) in policy.fixes() {
        let label = match whose {
            FixFor::Aws => "fix on aws",
            FixFor::Azure => "fix on azure",
            FixFor::Gcp => "fix on gcp",
            FixFor::Any => "fix",
        };
        say(
            label,
            format!("{}\n{}", summary.trim(), command.unwrap_or_default()),
        );
    }
    say("cases", cases(policy));
    say("references", policy.references.join("\n"));
    say("file", policy.file.clone());
    sections
}

fn threshold(name: &str, value: Threshold) -> String {
    match value {
        Threshold::Whole(value) => format!("{name}: {value}"),
        Threshold::Fraction(value) => format!("{name}: {value}"),
    }
}

fn cases(policy: &Policy) -> String {
    let line = |it: &cachewarden_policy::Case| format!("{}: {}", it.expect.as_str(), it.name);
    policy.cases.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Runs all cases and tells of those that come out otherwise.
fn test(library: &Library, context: &Context) -> Result<Exit, Failure> {
    let results = library.test();
    let wrong: Vec<&CaseResult> = results.iter().filter(|it| !it.passed()).collect();
    let mut lines = vec![];
    for it in &wrong {
        lines.push(format!(
            "{}: {}, case `{}`: expected {}, got {}{}",
            it.file,
            it.policy,
            it.case,
            it.expected.as_str(),
            it.got.as_str(),
            it.broken
                .as_ref()
                .map(|why| format!(" ({why})"))
                .unwrap_or_default()
        ));
    }
    let policies = library.policies().count();
    lines.push(match wrong.len() {
        0 => format!(
            "{} cases of {policies} policies came out as expected",
            results.len()
        ),
        number => format!(
            "{number} of {} cases of {policies} policies did not come out as expected",
            results.len()
        ),
    });
    let charset = context.terminal.out.charset;
    let text: String = lines
        .iter()
        .map(|it| format!("{}\n", inert(it, charset)))
        .collect();
    output::text(&text)?;
    Ok(Exit::of_cases(wrong.is_empty()))
}
