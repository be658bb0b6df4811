//! An audit: findings from the worst on, caches, what was not seen, and the
//! sum.

use cachewarden_model::{Audit, CacheSummary, Finding, Severity, Verdict};

use super::finding;
use super::gaps;
use super::page::{Ink, Page};
use super::phrase::count;

/// Caches up to which they are listed; the sum is always there.
const CACHES_SHOWN: usize = 30;

pub(super) fn render(audit: &Audit, page: &mut Page) {
    let times = format!(
        "collected {}, judged {}",
        audit.collected_at, audit.judged_at
    );
    gaps::head("Audit", &audit.targets, &times, page);
    let open = |verdict: Verdict| {
        audit
            .findings
            .iter()
            .filter(move |it| it.verdict == verdict && it.waived.is_none())
    };
    finding::groups(open(Verdict::Fail), page);
    finding::groups(open(Verdict::Unknown), page);
    waived(audit, page);
    caches(&audit.caches, page);
    skipped(audit, page);
    gaps::section(&audit.gaps, page);
    sum(audit, page);
}

fn waived(audit: &Audit, page: &mut Page) {
    let waived: Vec<&Finding> = audit
        .findings
        .iter()
        .filter(|it| it.waived.is_some())
        .collect();
    if waived.is_empty() {
        return;
    }
    page.blank();
    page.text(0, &[("Waived", Ink::Strong)]);
    for finding in waived {
        let Some(waiver) = &finding.waived else {
            continue;
        };
        let owner = waiver
            .owner
            .as_ref()
            .map(|it| format!(", {it}"))
            .unwrap_or_default();
        let until = waiver
            .until
            .map(|it| format!(", until {it}"))
            .unwrap_or_default();
        let why = format!(": {}{owner}{until}", waiver.reason);
        page.text(
            2,
            &[
                (finding.policy.as_str(), Ink::Plain),
                (" ", Ink::Plain),
                (&finding.subject.name, Ink::Strong),
                (&why, Ink::Plain),
            ],
        );
    }
}

fn caches(caches: &[CacheSummary], page: &mut Page) {
    if caches.is_empty() || caches.len() > CACHES_SHOWN {
        return;
    }
    let number = |it: Option<u64>| it.map_or_else(|| "?".to_owned(), |it| it.to_string());
    // One account for all is in the first line of the report.
    let accounts = caches
        .iter()
        .any(|it| caches.first().is_some_and(|one| one.account != it.account));
    let row = |it: &CacheSummary| {
        let peak = format!(
            "{} of {}",
            number(it.peak_connections),
            number(it.connection_limit)
        );
        let mut cells = vec![it.service.to_owned(), it.name.clone()];
        cells.extend(accounts.then(|| it.account.to_string()));
        cells.push(it.region.to_string());
        cells.push(it.status.clone().unwrap_or_else(|| "?".to_owned()));
        cells.push(peak);
        (Ink::Plain, cells)
    };
    let mut head = vec!["SERVICE", "CACHE"];
    head.extend(accounts.then_some("ACCOUNT"));
    head.extend(["REGION", "STATUS", "PEAK CLIENTS"]);
    let rows: Vec<_> = caches.iter().map(row).collect();
    page.blank();
    page.grid(&head, &rows);
}

fn skipped(audit: &Audit, page: &mut Page) {
    if audit.skipped.is_empty() {
        return;
    }
    page.blank();
    page.text(0, &[("Left out", Ink::Strong)]);
    for it in &audit.skipped {
        let text = format!(
            "{} in {} {} {}: {}",
            it.id, it.provider, it.account, it.region, it.why
        );
        page.text(2, &[(&text, Ink::Plain)]);
    }
}

/// The last lines of the report: where the eye rests.
fn sum(audit: &Audit, page: &mut Page) {
    let summary = &audit.summary;
    page.blank();
    let connections = summary.connections;
    let seen = format!(
        "{}, {}; {} ({} open, {} partial, {} blocked, {} unknown)",
        count(summary.caches, "cache"),
        count(summary.clients, "client"),
        count(connections.total(), "intended connection"),
        connections.open,
        connections.partial,
        connections.blocked,
        connections.unknown,
    );
    page.text(0, &[(&seen, Ink::Plain)]);
    let by_severity: Vec<String> = Severity::WORST_FIRST
        .into_iter()
        .filter_map(|it| {
            summary
                .findings
                .get(&it)
                .filter(|it| **it > 0)
                .map(|number| (it, number))
        })
        .map(|(severity, number)| format!("{number} {}", severity.as_str()))
        .collect();
    let total: u64 = summary.findings.values().sum();
    let waived = match summary.waived {
        0 => String::new(),
        number => format!("; {number} waived"),
    };
    if total == 0 {
        let (mark, ink) = if summary.unknown == 0 && audit.gaps.is_empty() {
            (page.mark("+", "✓"), Ink::Good)
        } else {
            ("?", Ink::Unsure)
        };
        page.text(
            0,
            &[(mark, ink), (&format!(" no finding{waived}"), Ink::Plain)],
        );
    } else {
        let mark = page.mark("x", "✗");
        let text = format!(
            " {} ({}){waived}",
            count(total, "finding"),
            by_severity.join(", ")
        );
        page.text(0, &[(mark, Ink::Bad), (&text, Ink::Plain)]);
    }
    gaps::sentence(&audit.gaps, connections, summary.unknown, page);
}
