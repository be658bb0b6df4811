//! Policies × subjects → findings, and the audit that they make.

mod finding;
mod items;
mod narrow;
mod panel;
mod summary;

use std::collections::BTreeMap;
use std::num::NonZero;

use cachewarden_model::{
    Audit, Expectation, Finding, Narrow, Reachability, Snapshot, SubjectKind, Timestamp, Verdict,
    Waived,
};

use crate::facts::{Item, WaiverItem, World};
use crate::library::Library;
use crate::policy::Policy;
use crate::waiver::Waiver;
use panel::Panel;

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct Judgement<'a> {
    /// What was learned of the clouds.
    pub snapshot: &'a Snapshot,
    /// What follows from it.
    pub reachability: &'a Reachability,
    /// How rules could be narrowed; none where nobody knows, and findings
    /// about wide rules have the advice of their policies alone.
    pub narrow: Option<&'a dyn Narrow>,
    /// What must or must not connect, as the reachability counts them.
    pub expectations: &'a [Expectation],
    /// Accepted risks.
    pub waivers: &'a [Waiver],
    /// The time as of which dates are judged.
    pub judged_at: Timestamp,
}

/// Judges a snapshot by the policies in use.
///
/// The same input gives the same audit. What passes is not in it.
pub fn judge(library: &Library, input: &Judgement<'_>) -> Audit {
    let Judgement {
        snapshot,
        reachability,
        expectations,
        judged_at,
        narrow,
        ..
    } = *input;
    let world = World::new(
        snapshot,
        reachability,
        expectations,
        judged_at,
        &library.tables,
    );
    let mut findings = vec![];
    for kind in items::KINDS {
        let policies = in_use(library, kind);
        if !policies.is_empty() {
            judge_all(&policies, &world, items::of(kind, &world), &mut findings);
        }
    }
    let mut findings = merged(findings);
    let matches = waive(library, &mut findings, input);
    let waivers = input.waivers.iter().zip(matches);
    let items = waivers.map(|(waiver, matches)| Item::Waiver(WaiverItem { waiver, matches }));
    let policies = in_use(library, SubjectKind::Waiver);
    let mut of_waivers = vec![];
    judge_all(&policies, &world, items, &mut of_waivers);
    findings.extend(merged(of_waivers));
    sort(&mut findings);
    if let Some(engine) = narrow {
        narrow::narrow(library, engine, &reachability.rules, &mut findings);
    }
    summary::audit(&world, findings)
}

fn in_use(library: &Library, kind: SubjectKind) -> Vec<&Policy> {
    library
        .policies()
        .filter(|policy| policy.enabled && policy.subject == kind)
        .collect()
}

/// How many things of a kind are judged on one core at least: less is not
/// worth a thread, and what was found of one helps with the next.
const SHARE: usize = 512;

/// Judges things of one kind, on all cores where there are many; findings
/// come in the order of things.
fn judge_all<'a>(
    policies: &[&Policy],
    world: &World<'a>,
    items: impl Iterator<Item = Item<'a>>,
    findings: &mut Vec<Finding>,
) {
    let items: Vec<Item<'a>> = items.collect();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(SHARE);
    let mut shares = items.chunks(share);
    let first = shares.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .map(|share| scope.spawn(|| judge_some(policies, world, share)))
            .collect();
        findings.extend(judge_some(policies, world, first));
        for other in others {
            match other.join() {
                Ok(found) => findings.extend(found),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
}

fn judge_some<'a>(policies: &[&Policy], world: &World<'a>, items: &[Item<'a>]) -> Vec<Finding> {
    let mut panel = Panel::new(policies.to_vec());
    let mut findings = vec![];
    for item in items {
        for (policy, ruling) in panel.rule(world, item).iter() {
            findings.push(finding::new(policy, ruling, world, item));
        }
    }
    findings
}

/// One finding for each policy and subject: a client may be refused at
/// several endpoints of one cache. What fails outweighs what is not known.
fn merged(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: BTreeMap<(String, String), Finding> = BTreeMap::new();
    findings.sort_by_key(|finding| finding.verdict);
    for finding in findings {
        let key = (
            finding.policy.as_str().to_owned(),
            finding.subject.id.clone(),
        );
        match merged.get_mut(&key) {
            Some(first) => finding::absorb(first, finding),
            None => {
                merged.insert(key, finding);
            }
        }
    }
    merged.into_values().collect()
}

/// Marks the findings that waivers accept; tells how many each waiver fits,
/// whether or not it still holds.
fn waive(library: &Library, findings: &mut [Finding], input: &Judgement<'_>) -> Vec<u64> {
    let mut matches = vec![0_u64; input.waivers.len()];
    if input.waivers.is_empty() {
        return matches;
    }
    for finding in findings {
        let Some(policy) = library.find(finding.policy.as_str()) else {
            continue;
        };
        for (waiver, matches) in input.waivers.iter().zip(&mut matches) {
            let named = Library::means(policy, &waiver.policy);
            if !named || !waiver.names(&finding.subject.id, &finding.subject.name) {
                continue;
            }
            *matches += 1;
            if finding.waived.is_none() && !waiver.expired(input.judged_at) {
                finding.waived = Some(Waived {
                    reason: waiver.reason.clone(),
                    owner: waiver.owner.clone(),
                    until: waiver.until,
                });
            }
        }
    }
    matches
}

/// Worst severity first, then what fails before what is not known, then by
/// policy and subject.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let rank = |it: &Finding| (std::cmp::Reverse(it.severity), it.verdict != Verdict::Fail);
        rank(a)
            .cmp(&rank(b))
            .then_with(|| a.policy.cmp(&b.policy))
            .then_with(|| a.subject.id.cmp(&b.subject.id))
    });
}
