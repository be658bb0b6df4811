//! Version 1 of the documents. Their shapes are frozen: fields are added, none
//! is renamed or goes. What is not there is `null`, never left out. Here is
//! what several documents show.

mod policies;
mod reach;
mod report;

use cachewarden_model as model;
use cachewarden_model::{Proof, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::fix::Wording;

pub(crate) use policies::Policies;
pub(crate) use reach::Reach;
pub(crate) use report::Report;

/// The program that wrote a document.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Tool<'a> {
    /// `cachewarden`.
    name: &'static str,
    /// Its version.
    version: &'a str,
}

impl<'a> Tool<'a> {
    fn new(version: &'a str) -> Self {
        Self {
            name: "cachewarden",
            version,
        }
    }
}

/// One account that was asked, and where.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Target<'a> {
    #[schemars(extend("enum" = ["aws", "azure", "gcp"]))]
    provider: &'static str,
    account: &'a str,
    /// Sorted.
    regions: Vec<&'a str>,
}

fn targets<'a>(targets: &'a [model::Target]) -> Vec<Target<'a>> {
    let mut sorted: Vec<&model::Target> = targets.iter().collect();
    sorted.sort();
    let target = |it: &'a model::Target| Target {
        provider: it.provider.as_str(),
        account: it.account.as_str(),
        regions: it.regions.iter().map(model::Region::as_str).collect(),
    };
    sorted.into_iter().map(target).collect()
}

/// Connections by outcome.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Counts {
    open: u64,
    partial: u64,
    blocked: u64,
    unknown: u64,
}

impl From<model::ConnectionCounts> for Counts {
    fn from(counts: model::ConnectionCounts) -> Self {
        let model::ConnectionCounts {
            open,
            partial,
            blocked,
            unknown,
        } = counts;
        Self {
            open,
            partial,
            blocked,
            unknown,
        }
    }
}

/// Something that was not seen, and why.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Gap<'a> {
    #[schemars(extend("enum" = ["aws", "azure", "gcp"]))]
    provider: &'static str,
    /// Null if it is not known which.
    account: Option<&'a str>,
    /// Null if all are meant.
    region: Option<&'a str>,
    /// The call or the thing, as the cloud names it.
    what: &'a str,
    /// `access-denied`, `throttled`, `timeout`, `failed`, `damaged`,
    /// `not-offered`, `unmodelled`, `not-collected`, `after-apply`.
    why: &'static str,
    /// One sentence.
    message: &'a str,
}

fn gaps<'a>(gaps: &'a [model::Gap]) -> Vec<Gap<'a>> {
    let mut sorted: Vec<&model::Gap> = gaps.iter().collect();
    sorted.sort();
    let gap = |it: &'a model::Gap| Gap {
        provider: it.provider.as_str(),
        account: it.account.as_ref().map(model::AccountId::as_str),
        region: it.region.as_ref().map(model::Region::as_str),
        what: &it.what,
        why: it.why.as_str(),
        message: &it.message,
    };
    sorted.into_iter().map(gap).collect()
}

/// A blocker.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Blame<'a> {
    /// What it is: `security-group`, `network-acl`, `route-table`, …
    kind: &'a str,
    /// Its id.
    resource: &'a str,
    /// Its region; null where that is not known, or it lies in two.
    region: Option<&'a str>,
    /// The cloud's id of its line that decides; `default` for an implied last
    /// one; null where a line is missing.
    rule: Option<&'a str>,
    #[schemars(extend("enum" = ["request", "reply"]))]
    leg: &'static str,
    stage: &'static str,
    /// Why it decides.
    detail: &'a str,
    /// The plan's address of the resource; null outside of a plan.
    address: Option<&'a str>,
    /// The line that comes nearest to letting the packets through.
    nearest: Option<Nearest<'a>>,
}

/// A line that nearly lets the packets through.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Nearest<'a> {
    rule: &'a str,
    /// In what it differs: `port`, `protocol`, `peer`, `family`.
    differs: &'a [String],
    /// The same as a sentence.
    detail: &'a str,
}

fn blame<'a>(blame: &'a [model::Blame]) -> Vec<Blame<'a>> {
    let blocker = |it: &'a model::Blame| Blame {
        kind: &it.kind,
        resource: it.resource.as_str(),
        region: it.region.as_ref().map(model::Region::as_str),
        rule: it.rule.as_ref().map(model::RuleId::as_str),
        leg: it.leg.as_str(),
        stage: it.stage.as_str(),
        detail: &it.detail,
        address: it.address.as_deref(),
        nearest: it.nearest.as_ref().map(|it| Nearest {
            rule: it.rule.as_str(),
            differs: &it.differs,
            detail: &it.detail,
        }),
    };
    blame.iter().map(blocker).collect()
}

/// One flow that shows an outcome, seen from the client.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Witness {
    /// The client's address.
    source: String,
    source_port: u16,
    /// The cache's address.
    destination: String,
    port: u16,
    /// On which leg it is stopped; `request` where it gets through.
    #[schemars(extend("enum" = ["request", "reply"]))]
    leg: &'static str,
}

impl From<model::Witness> for Witness {
    fn from(witness: model::Witness) -> Self {
        Self {
            source: witness.flow.source.to_string(),
            source_port: witness.flow.source_port,
            destination: witness.flow.destination.to_string(),
            port: witness.flow.port,
            leg: witness.leg.as_str(),
        }
    }
}

/// What to do.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Fix<'a> {
    /// A sentence per change.
    summary: String,
    /// One command of the cloud's own tool per line, quoted for a POSIX shell;
    /// null where there is none.
    command: Option<String>,
    /// What analysing a changed copy showed; null where nothing was tried.
    proof: Option<FixProof<'a>>,
}

/// What a fix does.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FixProof<'a> {
    /// The outcome after it; null where the connection no longer exists, or it
    /// is not meant for one.
    #[schemars(extend("enum" = ["open", "partial", "blocked", "unknown", null]))]
    outcome: Option<&'static str>,
    /// Other connections that it opens, as `client -> cache`; the first ones,
    /// where there are many.
    also_opens: &'a [String],
    /// How many those are in all.
    also_opens_total: usize,
    /// Connections that it closes, as `client -> cache`; the first ones, where
    /// there are many.
    closes: &'a [String],
    /// How many those are in all.
    closes_total: usize,
    /// Whether the fix touches so many other connections that an audit left
    /// them unjudged; `why` for this connection judges them.
    others_not_judged: bool,
    /// What narrowing a rule does; null where the fix does not.
    narrows: Option<Narrowing>,
}

/// What narrowing a rule does.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Narrowing {
    /// Connections of clients that the rule names, as many as get packets
    /// through before and after.
    keeps: u64,
    /// Addresses that the rule named, and that neither it nor another rule of
    /// its filter admits any more.
    closes_addresses: u64,
    /// Whether it covered ports or protocols that no cache behind it uses, and
    /// covers them no more.
    closes_ports: bool,
}

impl<'a> Fix<'a> {
    fn new(wording: Wording, proof: Option<&'a Proof>) -> Self {
        let proof = proof.map(|it| FixProof {
            outcome: it.outcome.map(model::Outcome::as_str),
            also_opens: &it.also_opens,
            also_opens_total: it.also_opens_total,
            closes: &it.closes,
            closes_total: it.closes_total,
            others_not_judged: it.others_not_judged,
            narrows: it.narrows.map(|it| Narrowing {
                keeps: it.keeps,
                closes_addresses: it.closes_addresses,
                closes_ports: it.closes_ports,
            }),
        });
        Self {
            summary: wording.summary,
            command: wording.command,
            proof,
        }
    }
}

/// RFC 3339 in UTC.
fn time(time: Timestamp) -> String {
    time.to_string()
}
