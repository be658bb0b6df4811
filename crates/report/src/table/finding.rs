//! Findings, grouped by policy: those that are equal but for their subject
//! are told once.

use cachewarden_model::{Blame, Finding, Leg, RuleId, Verdict};

use super::page::{Ink, Page};
use super::phrase::{blame, count, severity_ink, size, symptom, witness};
use crate::fix::{Wording, finding_words};

/// Blocks of one policy that are shown; JSON has them all.
const BLOCKS_SHOWN: usize = 20;
/// Subjects of one block that are shown.
const SUBJECTS_SHOWN: usize = 10;

/// Findings of one policy and verdict, neighbours in the order of the report.
pub(super) fn groups<'a>(findings: impl Iterator<Item = &'a Finding>, page: &mut Page) {
    let findings: Vec<&Finding> = findings.collect();
    let same = |a: &&Finding, b: &&Finding| a.policy == b.policy && a.severity == b.severity;
    for group in findings.chunk_by(same) {
        one_policy(group, page);
    }
}

/// Findings with one cause and one remedy.
struct Block<'a> {
    first: &'a Finding,
    fix: Option<Wording>,
    subjects: Vec<&'a Finding>,
}

impl Block<'_> {
    /// Whether something is the same in all its findings.
    fn agree<T: PartialEq>(&self, part: impl Fn(&Finding) -> T) -> bool {
        self.subjects.iter().all(|it| part(it) == part(self.first))
    }
}

/// A blocker without the words about one connection.
type Cause<'a> = (&'a str, &'a str, Option<&'a RuleId>, Leg);

fn cause<'a>(blame: &'a [Blame]) -> impl Iterator<Item = Cause<'a>> {
    blame.iter().map(|it| {
        (
            it.kind.as_str(),
            it.resource.as_str(),
            it.rule.as_ref(),
            it.leg,
        )
    })
}

fn one_policy(group: &[&Finding], page: &mut Page) {
    let Some(first) = group.first() else { return };
    let word = match first.verdict {
        Verdict::Unknown => format!("UNKNOWN ({})", first.severity.as_str()),
        Verdict::Fail | Verdict::Pass | Verdict::NotApplicable => {
            first.severity.as_str().to_uppercase()
        }
    };
    let ink = match first.verdict {
        Verdict::Unknown => Ink::Unsure,
        Verdict::Fail | Verdict::Pass | Verdict::NotApplicable => severity_ink(first.severity),
    };
    page.blank();
    page.text(
        0,
        &[
            (&word, ink),
            ("  ", Ink::Plain),
            (&first.title, Ink::Strong),
        ],
    );
    let number = count(size(group), first.subject.kind.as_str());
    let line = format!("{} | {} | {number}", first.policy, first.concern.as_str());
    page.text(2, &[(&line, Ink::Faint)]);

    let blocks = blocks(group);
    for block in blocks.iter().take(BLOCKS_SHOWN) {
        show(block, page);
    }
    let more: usize = blocks
        .iter()
        .skip(BLOCKS_SHOWN)
        .map(|it| it.subjects.len())
        .sum();
    if more > 0 {
        let text = format!("and {more} more, which `--format json` lists");
        page.text(2, &[(&text, Ink::Faint)]);
    }
}

fn blocks<'a>(group: &[&'a Finding]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = vec![];
    for &finding in group {
        let fix = finding_words(finding);
        let equal = |block: &&mut Block<'a>| {
            let other = block.first;
            // What blames nothing has its message alone to say what is wrong.
            let told = !finding.blame.is_empty() || other.message == finding.message;
            told && other.symptom == finding.symptom
                && cause(&other.blame).eq(cause(&finding.blame))
                && other.gaps == finding.gaps
                && block.fix == fix
        };
        // Equal ones are neighbours more often than not; looking back at a
        // few keeps the cost of many in bounds.
        match blocks.iter_mut().rev().take(8).find(equal) {
            Some(block) => block.subjects.push(finding),
            None => blocks.push(Block {
                first: finding,
                fix,
                subjects: vec![finding],
            }),
        }
    }
    blocks
}

fn show(block: &Block<'_>, page: &mut Page) {
    let finding = block.first;
    let (mark, ink) = match finding.verdict {
        Verdict::Unknown => ("?", Ink::Unsure),
        Verdict::Fail | Verdict::Pass | Verdict::NotApplicable => {
            (page.mark("x", "✗"), severity_ink(finding.severity))
        }
    };
    page.blank();
    let one_message = block.agree(|it| it.message.clone());
    for subject in block.subjects.iter().take(SUBJECTS_SHOWN) {
        subject_lines(subject, mark, ink, page);
        if !one_message {
            page.text(4, &[(&subject.message, Ink::Plain)]);
        }
    }
    let more = block.subjects.len().saturating_sub(SUBJECTS_SHOWN);
    if more > 0 {
        let text = format!("and {more} more, which `--format json` lists");
        page.text(4, &[(&text, Ink::Faint)]);
    }
    if one_message {
        page.text(4, &[(&finding.message, Ink::Plain)]);
    }
    if let Some(seen) = finding.symptom {
        page.field(4, "symptom", &[(&symptom(seen), Ink::Plain)]);
    }
    let alike = if block.agree(|it| it.blame.clone()) {
        ""
    } else {
        " (alike for the others)"
    };
    for blocker in &finding.blame {
        page.field(
            4,
            "blame",
            &[(&blame(blocker), Ink::Plain), (alike, Ink::Faint)],
        );
        if let Some(near) = &blocker.nearest {
            let text = format!("nearest: {}", near.detail);
            page.field(4, "", &[(&text, Ink::Faint)]);
        }
    }
    if let Some(flow) = &finding.witness {
        let text = witness(flow, !finding.blame.is_empty());
        page.field(4, "witness", &[(&text, Ink::Plain)]);
    }
    for gap in &finding.gaps {
        page.field(4, "not seen", &[(&gap.to_string(), Ink::Plain)]);
    }
    if let Some(fix) = &block.fix {
        fix_lines(4, fix, page);
    }
}

fn subject_lines(finding: &Finding, mark: &str, ink: Ink, page: &mut Page) {
    let subject = &finding.subject;
    let region = subject
        .region
        .as_ref()
        .map(|it| format!(" in {it}"))
        .unwrap_or_default();
    page.text(
        2,
        &[
            (mark, ink),
            (" ", Ink::Plain),
            (&subject.name, Ink::Strong),
            (&region, Ink::Plain),
        ],
    );
    if subject.id != subject.name {
        page.text_in_full(4, (&subject.id, Ink::Faint));
    }
}

/// A fix, its command on lines of its own.
pub(super) fn fix_lines(indent: usize, fix: &Wording, page: &mut Page) {
    page.field(indent, "fix", &[(&fix.summary, Ink::Plain)]);
    if let Some(command) = &fix.command {
        page.command(indent + 2, command);
    }
}
