//! Connections, one row each.

use cachewarden_model::{Connection, Outcome, ReachReport};

use super::gaps;
use super::page::{Ink, Page};
use super::phrase::{blame, count, outcome_ink};

pub(super) fn render(report: &ReachReport, page: &mut Page) {
    let times = format!("collected {}", report.collected_at);
    gaps::head("Connections", &report.targets, &times, page);
    page.blank();
    if report.connections.is_empty() {
        let all = "nobody is known to mean any connection; `--all` shows every pair";
        let text = if report.caches > 0 && report.clients > 0 {
            all
        } else {
            "no connection"
        };
        page.text(0, &[(text, Ink::Plain)]);
    } else {
        let rows: Vec<_> = report.connections.iter().map(row).collect();
        page.grid(&["OUTCOME", "CLIENT", "CACHE", "DECIDED BY"], &rows);
    }
    gaps::section(&report.gaps, page);
    sum(report, page);
}

fn row(connection: &Connection) -> (Ink, Vec<String>) {
    let Connection {
        client,
        cache,
        endpoint,
        ..
    } = connection;
    let id = if client.name == client.id.as_str() {
        client
            .addresses
            .iter()
            .map(ToString::to_string)
            .next()
            .unwrap_or_default()
    } else {
        client.id.to_string()
    };
    let client = if id == client.name {
        id
    } else {
        format!("{} {id}", client.name)
    };
    let cells = vec![
        connection.outcome.as_str().to_owned(),
        client,
        format!(
            "{} {}:{}",
            cache.name,
            endpoint.role.as_str(),
            endpoint.port
        ),
        decided(connection),
    ];
    (outcome_ink(connection.outcome), cells)
}

/// What decides, in one cell: the first blocker, or the first gap.
fn decided(connection: &Connection) -> String {
    let mut text = match connection.outcome {
        Outcome::Open => return String::new(),
        Outcome::Unknown => connection
            .gaps
            .first()
            .map(ToString::to_string)
            .unwrap_or_default(),
        Outcome::Partial | Outcome::Blocked => {
            connection.blame.first().map(blame).unwrap_or_default()
        }
    };
    if let Some(symptom) = connection.symptom {
        text = format!("{}; {text}", symptom.as_str());
    }
    let more = match connection.outcome {
        Outcome::Unknown => connection.gaps.len(),
        _ => connection.blame.len(),
    };
    if more > 1 {
        text.push_str(&format!(" (and {} more)", more - 1));
    }
    text
}

/// The last lines: all connections by outcome, and what was not seen.
pub(super) fn sum(report: &ReachReport, page: &mut Page) {
    let counts = report.counts;
    page.blank();
    let text = format!(
        "{}, {} in the snapshot; {} shown ({} open, {} partial, {} blocked, {} unknown)",
        count(report.caches, "cache"),
        count(report.clients, "client"),
        count(counts.total(), "connection"),
        counts.open,
        counts.partial,
        counts.blocked,
        counts.unknown,
    );
    page.text(0, &[(&text, Ink::Plain)]);
    gaps::sentence(&report.gaps, counts, 0, page);
}
