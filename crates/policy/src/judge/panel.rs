//! Verdicts of all policies about one kind of subject, each worked out once
//! for all subjects whose facts are alike.

use std::collections::HashMap;
use std::rc::Rc;

use cachewarden_model::{Provider, Service, Verdict};

use crate::facts::{FactId, FactValue, Item, World};
use crate::policy::{Policy, Ruling};

/// Rows that are kept at most: past this, subjects are too different for it
/// to pay.
const ROWS: usize = 1 << 16;

/// The policies about one kind of subject.
pub(super) struct Panel<'p, 'a> {
    seats: Vec<Seat<'p, 'a>>,
    /// The facts that any of them names, sorted by path.
    facts: Vec<FactId>,
    rows: HashMap<RowKey<'a>, Row<'p>>,
}

/// One policy, and its verdicts so far.
struct Seat<'p, 'a> {
    policy: &'p Policy,
    /// Places of its facts among those of the panel.
    facts: Vec<usize>,
    rulings: HashMap<Vec<FactValue<'a>>, Ruling>,
}

/// All that a verdict may depend on.
type RowKey<'a> = (Option<Provider>, Option<Service>, Vec<FactValue<'a>>);

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
            rulings: HashMap::new(),
        };
        let seats = policies.into_iter().map(seat).collect();
        Self {
            seats,
            facts,
            rows: HashMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// What comes of a subject: fails and unknowns, in the order of policies.
    pub(super) fn rule(&mut self, world: &World<'a>, item: &Item<'a>) -> Row<'p> {
        let values = self.facts.iter().map(|id| id.read(world, item)).collect();
        let key = (item.provider(), item.service(), values);
        if let Some(row) = self.rows.get(&key) {
            return Rc::clone(row);
        }
        let row: Row<'p> = self
            .seats
            .iter_mut()
            .filter_map(|seat| {
                seat.rule(&self.facts, &key)
                    .map(|ruling| (seat.policy, ruling))
            })
            .collect();
        if self.rows.len() < ROWS {
            self.rows.insert(key, Rc::clone(&row));
        }
        row
    }
}

impl<'a> Seat<'_, 'a> {
    /// A fail or an unknown; none for a pass and where the policy is not
    /// about the subject.
    fn rule(&mut self, facts: &[FactId], key: &RowKey<'a>) -> Option<Ruling> {
        let (provider, service, values) = key;
        let policy = self.policy;
        if provider
            .is_some_and(|it| !policy.providers.is_empty() && !policy.providers.contains(&it))
            || service
                .is_some_and(|it| !policy.services.is_empty() && !policy.services.contains(&it))
        {
            return None;
        }
        let own: Vec<FactValue<'a>> = self
            .facts
            .iter()
            .filter_map(|place| values.get(*place).cloned())
            .collect();
        let ruling = self
            .rulings
            .entry(own)
            .or_insert_with(|| policy.judge(|id| values.get(facts.binary_search(&id).ok()?)));
        matches!(ruling.verdict, Verdict::Fail | Verdict::Unknown).then(|| ruling.clone())
    }
}
