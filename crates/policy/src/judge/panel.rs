//! Verdicts of all policies about one kind of subject, each worked out once
//! for all subjects whose facts are alike.
//!
//! An estate has many subjects and few kinds of them: of half a million rules
//! most differ in nothing that a policy asks for. So the facts of a subject
//! are turned into numbers, equal for equal values, and verdicts are kept by
//! these.

mod code;

use std::collections::HashMap;
use std::rc::Rc;

use cachewarden_model::{Provider, Service, Verdict};

use crate::facts::{FactId, FactValue, Item, World};
use crate::policy::{Policy, Ruling};
use code::{Codes, Fast};

/// Rows that are kept at most: past this, subjects are too different for it
/// to pay.
const ROWS: usize = 1 << 14;

/// The policies about one kind of subject.
pub(super) struct Panel<'p, 'a> {
    seats: Vec<Seat<'p>>,
    /// The facts that any of them names, sorted by path.
    facts: Vec<FactId>,
    codes: Codes<'a>,
    rows: HashMap<Box<[u64]>, Row<'p>, Fast>,
    /// Room for the facts of the subject at hand and their numbers.
    values: Vec<FactValue<'a>>,
    key: Vec<u64>,
}

/// One policy, and its verdicts so far.
struct Seat<'p> {
    policy: &'p Policy,
    /// Places of its facts among those of the panel.
    facts: Vec<usize>,
    rulings: HashMap<Box<[u64]>, Ruling, Fast>,
    /// Room for the numbers of its facts.
    key: Vec<u64>,
}

/// The policies that a subject does not pass, and what came of each.
type Row<'p> = Rc<[(&'p Policy, Ruling)]>;

impl<'p, 'a> Panel<'p, 'a> {
    pub(super) fn new(policies: Vec<&'p Policy>) -> Self {
        let mut facts: Vec<FactId> = policies.iter().flat_map(|policy| policy.facts()).collect();
        facts.sort_unstable();
        facts.dedup();
        let place = |id: &FactId| facts.binary_search(id).ok();
        let seat = |policy: &'p Policy| Seat {
            policy,
            facts: policy.facts().iter().filter_map(place).collect(),
            rulings: HashMap::default(),
            key: vec![],
        };
        let seats = policies.into_iter().map(seat).collect();
        let codes = Codes::new(facts.len());
        Self {
            seats,
            facts,
            codes,
            rows: HashMap::default(),
            values: vec![],
            key: vec![],
        }
    }

    /// What comes of a subject: fails and unknowns, in the order of policies.
    pub(super) fn rule(&mut self, world: &World<'a>, item: &Item<'a>) -> Row<'p> {
        let Self {
            seats,
            facts,
            codes,
            rows,
            values,
            key,
        } = self;
        values.clear();
        values.extend(facts.iter().map(|id| id.read(world, item)));
        key.clear();
        codes.add(values, key);
        // What a policy is about may decide too.
        let about = (item.provider(), item.service());
        key.push(about.0.map_or(0, |it| it as u64 + 1));
        key.push(about.1.map_or(0, |it| it as u64 + 1));
        if let Some(row) = rows.get(key.as_slice()) {
            return Rc::clone(row);
        }
        let value = |id: FactId| values.get(facts.binary_search(&id).ok()?);
        let row: Row<'p> = seats
            .iter_mut()
            .filter_map(|seat| seat.rule(about, key, value).map(|it| (seat.policy, it)))
            .collect();
        if rows.len() < ROWS {
            rows.insert(key.as_slice().into(), Rc::clone(&row));
        }
        row
    }
}

impl Seat<'_> {
    /// A fail or an unknown; none for a pass and where the policy is not
    /// about the subject.
    fn rule<'v, 'a: 'v>(
        &mut self,
        (provider, service): (Option<Provider>, Option<Service>),
        codes: &[u64],
        value: impl Fn(FactId) -> Option<&'v FactValue<'a>>,
    ) -> Option<Ruling> {
        let policy = self.policy;
        if !concerns(&policy.providers, provider) || !concerns(&policy.services, service) {
            return None;
        }
        self.key.clear();
        self.key
            .extend(self.facts.iter().filter_map(|place| codes.get(*place)));
        if !self.rulings.contains_key(self.key.as_slice()) {
            self.rulings.insert(
                self.key.as_slice().into(),
                policy.judge(value, &policy.thresholds),
            );
        }
        let ruling = self.rulings.get(self.key.as_slice())?;
        matches!(ruling.verdict, Verdict::Fail | Verdict::Unknown).then(|| ruling.clone())
    }
}

/// Whether a list that names what a policy is about means a thing; an empty
/// one means all, and nothing is said of what belongs to no cloud.
fn concerns<T: PartialEq>(wanted: &[T], thing: Option<T>) -> bool {
    wanted.is_empty() || thing.is_none_or(|thing| wanted.contains(&thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_means_all() {
        assert!(concerns(&[], Some(Provider::Aws)));
        assert!(concerns(&[Provider::Aws], Some(Provider::Aws)));
        assert!(!concerns(&[Provider::Gcp], Some(Provider::Aws)));
        assert!(concerns(&[Provider::Gcp], None));
    }
}
