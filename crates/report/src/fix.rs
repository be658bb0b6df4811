//! Changes in words: one sentence, and the command that makes them.

mod aws;
mod azure;
mod gcp;
mod sentence;
mod shell;
#[cfg(test)]
mod tests;

use cachewarden_model::{Blame, Finding, FindingFix, Fix, Provider};

pub(crate) use shell::split as split_command;

/// A change in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// A sentence per change.
    pub summary: String,
    /// A command per line, quoted for a POSIX shell; none where the cloud's
    /// tool has no command for it.
    pub command: Option<String>,
}

/// A fix in words. None if there is nothing to do about it.
///
/// The blockers that it is to remove tell what a resource is, and which way
/// its rules are read.
pub fn words(fix: &Fix, blame: &[Blame]) -> Option<Wording> {
    let mut sentences: Vec<String> = fix
        .edits
        .iter()
        .map(|edit| sentence::word(edit, blame))
        .collect();
    sentences.extend(fix.advice.clone());
    if sentences.is_empty() {
        return None;
    }
    let narrows = fix.proof.as_ref().and_then(|it| it.narrows);
    sentences.extend(narrows.map(sentence::narrows));
    Some(Wording {
        summary: sentences.join(" "),
        command: command(fix, blame),
    })
}

/// A finding's fix in words; the text of a policy stays as it is.
pub(crate) fn finding_words(finding: &Finding) -> Option<Wording> {
    match finding.fix.as_ref()? {
        FindingFix::Text { summary, command } => Some(Wording {
            summary: summary.clone(),
            command: command.clone(),
        }),
        FindingFix::Edits(fix) => words(fix, &finding.blame),
    }
}

/// All commands, or none at all: half of a change may do harm. Each names the
/// region of what it changes, which need not be the cache's.
fn command(fix: &Fix, blame: &[Blame]) -> Option<String> {
    let mut lines = vec![];
    for edit in &fix.edits {
        let place = fix.places.get(edit.resource())?;
        lines.extend(match place.provider {
            Provider::Aws => aws::commands(edit, place.region.as_ref(), blame)?,
            Provider::Azure => azure::commands(edit, blame)?,
            Provider::Gcp => gcp::commands(edit)?,
        });
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}
