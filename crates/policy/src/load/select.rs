//! Which policies are in use, and with which severities and thresholds.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{PolicyId, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pack;
use crate::mistake::{Mistake, Problem};
use crate::near;
use crate::policy::{Policy, Threshold};

/// What the configuration says about policies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Packs whose policies are in use.
    pub packs: Vec<String>,
    /// Policies that are not, by id or alias.
    pub disable: Vec<String>,
    /// Severities that replace those of the policies, by id or alias.
    #[schemars(with = "BTreeMap<String, crate::file::SeverityWord>")]
    pub severity: BTreeMap<String, Severity>,
    /// Thresholds that replace the defaults, for all policies that have them.
    pub thresholds: BTreeMap<String, Threshold>,
}

/// The pack `default` and nothing else.
impl Default for Selection {
    fn default() -> Self {
        Self {
            packs: vec!["default".to_owned()],
            disable: vec![],
            severity: BTreeMap::new(),
            thresholds: BTreeMap::new(),
        }
    }
}

/// Applies a selection to all policies. What it names and is not there is
/// noted.
pub(crate) fn apply(
    policies: &mut [Policy],
    packs: &BTreeMap<String, Pack>,
    selection: &Selection,
    mistakes: &mut Vec<Mistake>,
) {
    for pack in packs.values() {
        check(pack, packs, policies, mistakes);
    }
    enable(policies, packs, selection, mistakes);
    for name in &selection.disable {
        match find(policies, name) {
            Some(policy) => policy.enabled = false,
            None => mistakes.push(unknown_policy(policies, name)),
        }
    }
    for (name, severity) in &selection.severity {
        match find(policies, name) {
            Some(policy) => policy.severity = *severity,
            None => mistakes.push(unknown_policy(policies, name)),
        }
    }
    for (name, value) in &selection.thresholds {
        threshold(policies, name, *value, mistakes);
    }
}

/// Notes what a pack names and is not there.
fn check(
    pack: &Pack,
    packs: &BTreeMap<String, Pack>,
    policies: &[Policy],
    mistakes: &mut Vec<Mistake>,
) {
    for name in &pack.file.policies {
        if !policies
            .iter()
            .any(|policy| policy.builtin && policy.id == name.value.as_str())
        {
            let problem = Problem::UnknownPolicy {
                name: name.value.clone(),
            };
            mistakes.push(pack.mistake(name, problem));
        }
    }
    for name in &pack.file.includes {
        if !packs.contains_key(&name.value) {
            let problem = Problem::UnknownPack {
                name: name.value.clone(),
            };
            mistakes.push(pack.mistake(name, problem));
        }
    }
}

fn enable(
    policies: &mut [Policy],
    packs: &BTreeMap<String, Pack>,
    selection: &Selection,
    mistakes: &mut Vec<Mistake>,
) {
    for name in &selection.packs {
        if !packs.contains_key(name) {
            let help = near::hint(name, packs.keys().map(String::as_str)).or_else(|| {
                let names: Vec<&str> = packs.keys().map(String::as_str).collect();
                Some(format!("the packs are {}", names.join(", ")))
            });
            mistakes.push(Mistake::of_selection(
                Problem::UnknownPack { name: name.clone() },
                help,
            ));
        }
    }
    let selected = members(packs, selection.packs.iter().map(String::as_str));
    for policy in policies.iter_mut().filter(|policy| policy.builtin) {
        policy.enabled = selected.contains(policy.id.as_str());
    }
}

/// The policies of packs, those of the packs that they include too.
pub(crate) fn members<'p>(
    packs: &'p BTreeMap<String, Pack>,
    names: impl Iterator<Item = &'p str>,
) -> BTreeSet<&'p str> {
    let mut pending: Vec<&str> = names.collect();
    let mut seen = BTreeSet::new();
    let mut members = BTreeSet::new();
    while let Some(name) = pending.pop() {
        let Some(pack) = packs.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        pending.extend(pack.file.includes.iter().map(|it| it.value.as_str()));
        members.extend(pack.file.policies.iter().map(|it| it.value.as_str()));
    }
    members
}

fn threshold(policies: &mut [Policy], name: &str, value: Threshold, mistakes: &mut Vec<Mistake>) {
    let mut found = false;
    for policy in policies.iter_mut() {
        let Some(own) = policy.thresholds.get_mut(name) else {
            continue;
        };
        *own = match (*own, value) {
            (Threshold::Whole(_), Threshold::Fraction(value)) => {
                if !found {
                    let (name, value) = (name.to_owned(), value.to_string());
                    let problem = Problem::FractionalThreshold { name, value };
                    mistakes.push(Mistake::of_selection(problem, None));
                }
                found = true;
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "thresholds are small")]
            (Threshold::Fraction(_), Threshold::Whole(value)) => Threshold::Fraction(value as f64),
            (_, value) => value,
        };
        found = true;
    }
    if !found {
        let known = policies.iter().flat_map(|policy| policy.thresholds.keys());
        let help = near::hint(name, known.map(String::as_str));
        let problem = Problem::UnknownThreshold {
            name: name.to_owned(),
        };
        mistakes.push(Mistake::of_selection(problem, help));
    }
}

fn find<'p>(policies: &'p mut [Policy], name: &str) -> Option<&'p mut Policy> {
    let named = |policy: &&mut Policy| {
        policy.id == name || policy.aliases.iter().any(|alias| *alias == name)
    };
    policies.iter_mut().find(named)
}

fn unknown_policy(policies: &[Policy], name: &str) -> Mistake {
    let known = policies
        .iter()
        .flat_map(|it| std::iter::once(&it.id).chain(&it.aliases));
    let help = near::hint(name, known.map(PolicyId::as_str));
    Mistake::of_selection(
        Problem::UnknownPolicy {
            name: name.to_owned(),
        },
        help,
    )
}
