//! What was not seen: each gap, and one sentence for all of them.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{ConnectionCounts, Gap, GapReason, Target};

use super::page::{Ink, Page};
use super::phrase::{count, reason, size, target};

/// Gaps that are shown one by one; JSON has them all.
const SHOWN: usize = 20;

/// What was asked, and when.
pub(super) fn head(what: &str, targets: &[Target], times: &str, page: &mut Page) {
    let mut sorted: Vec<&Target> = targets.iter().collect();
    sorted.sort();
    let asked: Vec<String> = sorted.into_iter().map(target).collect();
    let asked = if asked.is_empty() {
        "nothing".to_owned()
    } else {
        asked.join(", ")
    };
    page.text(0, &[(&format!("{what} of {asked}, {times}"), Ink::Faint)]);
}

/// A section with each gap. Those that differ in account and region only are
/// put together.
pub(super) fn section(gaps: &[Gap], page: &mut Page) {
    let mut places: BTreeMap<(GapReason, &str, &str), BTreeSet<String>> = BTreeMap::new();
    for gap in gaps {
        places
            .entry((gap.why, &gap.what, &gap.message))
            .or_default()
            .insert(place(gap));
    }
    if places.is_empty() {
        return;
    }
    page.blank();
    page.text(0, &[("Not seen", Ink::Strong)]);
    for ((why, what, message), places) in places.iter().take(SHOWN) {
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let place = format!(" in {}", places.join("; "));
        page.text(
            2,
            &[
                ("? ", Ink::Unsure),
                (what, Ink::Plain),
                (" ", Ink::Plain),
                (why.as_str(), Ink::Unsure),
                (&place, Ink::Plain),
            ],
        );
        page.text(4, &[(message, Ink::Faint)]);
    }
    let more = places.len().saturating_sub(SHOWN);
    if more > 0 {
        page.text(
            2,
            &[(
                &format!("and {more} more, which `--format json` lists"),
                Ink::Faint,
            )],
        );
    }
}

fn place(gap: &Gap) -> String {
    let account = gap
        .account
        .as_ref()
        .map(|it| format!(" {it}"))
        .unwrap_or_default();
    let region = gap
        .region
        .as_ref()
        .map(|it| format!(" {it}"))
        .unwrap_or_default();
    format!("{}{account}{region}", gap.provider)
}

/// One sentence: what was not seen, and what is not known because of it.
pub(super) fn sentence(gaps: &[Gap], counts: ConnectionCounts, findings: u64, page: &mut Page) {
    let mut reasons: BTreeMap<GapReason, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for gap in gaps {
        let (number, names) = reasons.entry(gap.why).or_default();
        *number += 1;
        names.insert(&gap.what);
    }
    let mut parts = vec![];
    if !reasons.is_empty() {
        let each: Vec<String> = reasons
            .iter()
            .map(|(why, (number, names))| each(*why, *number, names))
            .collect();
        let number = size(gaps);
        let verb = if number == 1 { "was" } else { "were" };
        parts.push(format!(
            "{} {verb} not seen ({})",
            count(number, "thing"),
            each.join("; ")
        ));
    }
    let mut unknown = vec![];
    if counts.unknown > 0 {
        unknown.push(count(counts.unknown, "connection"));
    }
    if findings > 0 {
        unknown.push(count(findings, "verdict"));
    }
    if !unknown.is_empty() {
        let verb = if counts.unknown + findings == 1 {
            "is"
        } else {
            "are"
        };
        let because = if reasons.is_empty() {
            ""
        } else {
            " because of it"
        };
        parts.push(format!("{} {verb} unknown{because}", unknown.join(" and ")));
    }
    if !parts.is_empty() {
        page.text(0, &[("? ", Ink::Unsure), (&parts.join("; "), Ink::Plain)]);
    }
}

fn each(why: GapReason, number: u64, names: &BTreeSet<&str>) -> String {
    const NAMED: usize = 4;
    let mut listed: Vec<String> = names.iter().take(NAMED).map(ToString::to_string).collect();
    if names.len() > NAMED {
        listed.push(format!("{} more", names.len() - NAMED));
    }
    format!("{number} {}: {}", reason(why), listed.join(", "))
}
