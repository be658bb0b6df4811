//! Policies.

use cachewarden_model::Provider;

use super::page::{Ink, Page};
use super::phrase::{count, severity_ink, size};
use crate::{PolicyDetail, PolicyEntry};

pub(super) fn list(entries: &[PolicyEntry], page: &mut Page) {
    let row = |it: &PolicyEntry| {
        let severity = if it.enabled {
            it.severity.as_str()
        } else {
            "off"
        };
        let ink = if it.enabled {
            severity_ink(it.severity)
        } else {
            Ink::Faint
        };
        (
            ink,
            vec![severity.to_owned(), it.id.to_string(), it.title.clone()],
        )
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    page.grid(&["SEVERITY", "POLICY", "WHAT MUST HOLD"], &rows);
    let on: Vec<&PolicyEntry> = entries.iter().filter(|it| it.enabled).collect();
    page.blank();
    let text = match size(entries) {
        1 => "1 policy".to_owned(),
        number => format!("{number} policies"),
    };
    page.text(
        0,
        &[(&format!("{text}, {} of them on", on.len()), Ink::Plain)],
    );
}

pub(super) fn one(policy: &PolicyDetail, page: &mut Page) {
    let entry = &policy.entry;
    page.text(
        0,
        &[
            (
                &entry.severity.as_str().to_uppercase(),
                severity_ink(entry.severity),
            ),
            ("  ", Ink::Plain),
            (&entry.title, Ink::Strong),
        ],
    );
    let providers: Vec<&str> = entry
        .providers
        .iter()
        .copied()
        .map(Provider::as_str)
        .collect();
    let state = if entry.enabled { "on" } else { "off" };
    let line = format!(
        "{} | {} | {} | {} | {state}",
        entry.id,
        entry.concern.as_str(),
        entry.subject.as_str(),
        providers.join(", "),
    );
    page.text(2, &[(&line, Ink::Faint)]);
    for (label, text) in &policy.sections {
        page.blank();
        page.text(2, &[(label, Ink::Strong)]);
        for line in text.lines() {
            page.text(4, &[(line, Ink::Plain)]);
        }
    }
    if !entry.controls.is_empty() {
        page.blank();
        let controls = count(size(&entry.controls), "control");
        page.text(
            2,
            &[(&format!("the same elsewhere ({controls})"), Ink::Strong)],
        );
        page.text(4, &[(&entry.controls.join(", "), Ink::Plain)]);
    }
}
