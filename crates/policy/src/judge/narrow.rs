//! Rules that were found too wide, and what they could be.

use std::collections::HashMap;

use cachewarden_model::{Finding, FindingFix, Narrow, ResourceId, RuleId, RuleUse, Verdict};

use crate::library::Library;

/// Facts about how much a rule admits: what narrowing it changes.
const WIDTH: [&str; 8] = [
    "rule.addresses",
    "rule.all_ports",
    "rule.covers_other_ports",
    "rule.private_addresses",
    "rule.public_addresses",
    "rule.tightest",
    "rule.whole_network",
    "rule.world",
];

/// Gives findings about rules that admit too much the narrower rule that was
/// tried, in their order: who narrows may tire, and the worst come first.
pub(super) fn narrow(
    library: &Library,
    narrow: &dyn Narrow,
    rules: &[RuleUse],
    findings: &mut [Finding],
) {
    let mut wide: HashMap<(ResourceId, RuleId), Option<&RuleUse>> = HashMap::new();
    wide.extend(
        findings
            .iter()
            .filter_map(|it| Some((key(library, it)?, None))),
    );
    if wide.is_empty() {
        return;
    }
    for rule in rules {
        if let Some(place) = wide.get_mut(&(rule.filter.clone(), rule.rule.clone())) {
            *place = Some(rule);
        }
    }
    for finding in findings {
        let rule = key(library, finding).and_then(|key| wide.get(&key).copied().flatten());
        if let Some(fix) = rule.and_then(|rule| narrow.narrow(rule)) {
            finding.fix = Some(FindingFix::Edits(fix));
        }
    }
}

/// The rule that a finding says is too wide.
fn key(library: &Library, finding: &Finding) -> Option<(ResourceId, RuleId)> {
    let policy = library.find(finding.policy.as_str())?;
    let wide = || policy.facts().iter().any(|id| WIDTH.contains(&id.path()));
    let about_rule = finding.subject.kind == cachewarden_model::SubjectKind::Rule;
    if !about_rule || finding.verdict != Verdict::Fail || !wide() {
        return None;
    }
    let blame = finding.blame.first()?;
    Some((blame.resource.clone(), blame.rule.clone()?))
}
