//! Connections, stage by stage, in the order in which a packet meets them.

use cachewarden_model::{CacheRef, ClientRef, Connection, Leg, Outcome, ReachReport, Step};

use super::finding::fix_lines;
use super::gaps;
use super::page::{Ink, Page};
use super::phrase::{blame, effect_mark, outcome_ink, symptom, witness};
use super::reach;
use crate::fix::words;

pub(super) fn render(report: &ReachReport, page: &mut Page) {
    for connection in &report.connections {
        one(connection, page);
    }
    if report.connections.is_empty() {
        page.text(0, &[("no connection to show", Ink::Plain)]);
    }
    gaps::section(&report.gaps, page);
    reach::sum(report, page);
}

fn one(connection: &Connection, page: &mut Page) {
    let Connection {
        client,
        cache,
        endpoint,
        outcome,
        ..
    } = connection;
    page.blank();
    page.text(
        0,
        &[
            (&outcome.as_str().to_uppercase(), outcome_ink(*outcome)),
            ("  ", Ink::Plain),
            (&client.name, Ink::Strong),
            (" -> ", Ink::Plain),
            (&cache.name, Ink::Strong),
            (
                &format!(" {} port {}", endpoint.role.as_str(), endpoint.port),
                Ink::Plain,
            ),
        ],
    );
    page.field_in_full(2, "client", (&client_text(client), Ink::Plain));
    let account = format!(
        "{} in {} {} {}",
        cache.id, cache.provider, cache.account, cache.region
    );
    page.field_in_full(2, "cache", (&account, Ink::Plain));
    if let Some(host) = &endpoint.host {
        page.field(
            2,
            "endpoint",
            &[(&format!("{host}:{}", endpoint.port), Ink::Plain)],
        );
    }
    let intended = match connection.intended {
        Some(cachewarden_model::Intent::Declared) => "yes, the configuration says so",
        Some(cachewarden_model::Intent::Rule) => "yes, a rule on the cache's side names the client",
        None => "by nobody",
    };
    page.field(2, "intended", &[(intended, Ink::Plain)]);
    trace(connection, page);
    page.blank();
    verdict(connection, page);
}

fn client_text(client: &ClientRef) -> String {
    let mut text = client.id.to_string();
    if client.id.as_str() != client.kind.as_str() {
        text.push_str(&format!(" ({}", client.kind.as_str()));
        if let Some(attached) = &client.attached_to {
            text.push_str(&format!(" {attached}"));
        }
        if let Some(state) = &client.state {
            text.push_str(&format!(", {state}"));
        }
        text.push(')');
    }
    let addresses: Vec<String> = client.addresses.iter().map(ToString::to_string).collect();
    if !addresses.is_empty() && addresses.first().map(String::as_str) != Some(client.id.as_str()) {
        text.push_str(&format!(" {}", addresses.join(", ")));
    }
    for place in [&client.subnet, &client.network].into_iter().flatten() {
        text.push_str(&format!(", {place}"));
    }
    text
}

fn trace(connection: &Connection, page: &mut Page) {
    let mut leg = None;
    for step in &connection.trace {
        if leg != Some(step.leg) {
            leg = Some(step.leg);
            page.blank();
            let title = match step.leg {
                Leg::Request => "request, from the client to the cache",
                Leg::Reply => "reply, from the cache back to the client",
            };
            page.text(2, &[(title, Ink::Strong)]);
        }
        stage(step, &connection.cache, page);
    }
}

/// One stage; the cache's own id stands at the top and is not said again.
fn stage(step: &Step, cache: &CacheRef, page: &mut Page) {
    let (ascii, unicode, ink) = effect_mark(step.effect);
    let mark = page.mark(ascii, unicode);
    let mut what = String::new();
    match &step.resource {
        Some(resource) if *resource == cache.id => what.push_str(&cache.name),
        Some(resource) => what.push_str(resource.as_str()),
        None => {}
    }
    if let Some(rule) = &step.rule {
        what.push_str(&format!(" rule {rule}"));
    }
    if !what.is_empty() {
        what.push_str(": ");
    }
    what.push_str(&step.detail);
    page.row(2, (mark, ink), step.stage.as_str(), &[(&what, Ink::Plain)]);
}

/// Who is to blame, what the client sees, one flow, what to do.
fn verdict(connection: &Connection, page: &mut Page) {
    for blocker in &connection.blame {
        page.field(2, "blame", &[(&blame(blocker), Ink::Plain)]);
        if let Some(near) = &blocker.nearest {
            let text = format!("nearest: {}", near.detail);
            page.field(2, "", &[(&text, Ink::Faint)]);
        }
    }
    for gap in &connection.gaps {
        page.field(2, "not seen", &[(&gap.to_string(), Ink::Plain)]);
    }
    if connection.outcome == Outcome::Partial {
        let ports = format!("{} get through", connection.source_ports);
        page.field(2, "ports", &[(&ports, Ink::Plain)]);
    }
    if let Some(seen) = connection.symptom {
        page.field(2, "symptom", &[(&symptom(seen), Ink::Plain)]);
    }
    if let Some(flow) = &connection.witness {
        let stopped = connection.outcome != Outcome::Open;
        page.field(2, "witness", &[(&witness(flow, stopped), Ink::Plain)]);
    }
    let Some(fix) = &connection.fix else { return };
    let Some(wording) = words(fix, &connection.blame) else {
        return;
    };
    fix_lines(2, &wording, page);
    let Some(proof) = &fix.proof else { return };
    let then = match proof.outcome {
        Some(outcome) => format!(
            "tried on a copy: the connection is then {}",
            outcome.as_str()
        ),
        None => "tried on a copy: the connection is then gone".to_owned(),
    };
    let others = |list: &[String], total: usize, verb: &str| match (list, total) {
        (_, 0) => format!("{verb} no other"),
        ([only], 1) => format!("{verb} {only}"),
        ([first, ..], total) => format!("{verb} {total} others, such as {first}"),
        ([], total) => format!("{verb} {total} others"),
    };
    if proof.others_not_judged {
        let text = format!(
            "{then}; it touches what many other connections share, which were not judged here: \
             ask `why` for this client and cache alone"
        );
        page.field(2, "proof", &[(&text, Ink::Plain)]);
        return;
    }
    let text = format!(
        "{then}; it {}, and {}",
        others(&proof.also_opens, proof.also_opens_total, "opens"),
        others(&proof.closes, proof.closes_total, "closes"),
    );
    page.field(2, "proof", &[(&text, Ink::Plain)]);
}
