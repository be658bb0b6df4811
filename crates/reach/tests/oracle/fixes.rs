//! A fix does what its proof says, and nothing else.

use std::collections::BTreeSet;

use cachewarden_model::{Cache, Connection, Interface, Outcome, Proof, ReachReport, Snapshot};
use cachewarden_reach::apply;
use proptest::prelude::*;

use crate::agreement::{any_estate, ask, bytes, key, show};
use crate::breaks::Breaks;
use crate::choices::Choices;
use crate::ruling::Verdict;
use crate::sample::Sample;

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_does_what_it_says(bytes in bytes()) {
        let snapshot = any_estate(&mut Choices::new(&bytes));
        let before = ask(&snapshot);
        for connection in &before.connections {
            let Some(fix) = &connection.fix else { continue };
            if fix.edits.is_empty() {
                prop_assert!(fix.advice.is_some(), "an empty fix: {}", show(connection));
                prop_assert_eq!(&fix.proof, &None);
                continue;
            }
            let proof = fix.proof.as_ref().ok_or_else(|| TestCaseError::fail("no proof"))?;
            let edited = apply(&snapshot, &fix.edits);
            let after = ask(&edited);
            let is = after.connections.iter().find(|it| key(it) == key(connection));
            prop_assert_eq!(is.map(|it| it.outcome), proof.outcome, "{}", show(connection));
            let changes = Changes::of(&snapshot, &edited, connection);
            if let Err(why) = changes.told_by(proof, &unclear(&before)) {
                let text = outcomes(&before, &after) + &show(connection);
                return Err(TestCaseError::fail(format!("{why}\n{text}{proof:?}")));
            }
        }
    }
}

/// Connections of which the engine does not know all before an edit: what is
/// known of them after it may be told, whatever it is.
fn unclear(before: &ReachReport) -> BTreeSet<String> {
    let unknown = before
        .connections
        .iter()
        .filter(|it| it.outcome == Outcome::Unknown || !it.gaps.is_empty());
    unknown
        .map(|it| format!("{} -> {}", it.client.name, it.cache.name))
        .collect()
}

/// All outcomes before and after.
fn outcomes(before: &ReachReport, after: &ReachReport) -> String {
    let mut text = String::new();
    for was in &before.connections {
        let is = after.connections.iter().find(|it| key(it) == key(was));
        let is = is.map(|it| it.outcome.as_str());
        let (client, cache) = (&was.client.name, &was.cache.name);
        text += &format!("{client} -> {cache}: {} to {is:?}\n", was.outcome.as_str());
    }
    text
}

/// What an edit changes for other connections, by their names.
#[derive(Debug, Default)]
struct Changes {
    /// Packets that were dropped get through.
    surely_opens: BTreeSet<String>,
    /// Packets that were dropped get through or may get through.
    perhaps_opens: BTreeSet<String>,
    /// Packets that got through are dropped.
    surely_closes: BTreeSet<String>,
    /// Packets that got through are dropped or may be dropped.
    perhaps_closes: BTreeSet<String>,
}

impl Changes {
    fn of(before: &Snapshot, after: &Snapshot, subject: &Connection) -> Self {
        let breaks = Breaks::new(before).and(Breaks::new(after));
        let mut changes = Self::default();
        for (client, cache) in pairs(before) {
            if client.id == subject.client.id && cache.id == subject.cache.id {
                continue;
            }
            for endpoint in &cache.endpoints {
                let was = Sample::of(before, &breaks, client, cache, endpoint);
                let is = Sample::of(after, &breaks, client, cache, endpoint);
                let name = format!("{} -> {}", client.name, cache.name);
                let sure = was.has_packets();
                for ((was, _), is) in was.verdicts().zip(is.verdicts()) {
                    changes.note(&name, was, is, sure);
                }
            }
        }
        changes
    }

    fn note(&mut self, name: &str, was: Verdict, (is, doubts): (Verdict, bool), sure: bool) {
        let (surely, perhaps) = match was {
            Verdict::Dropped => (&mut self.surely_opens, &mut self.perhaps_opens),
            Verdict::Allowed => (&mut self.surely_closes, &mut self.perhaps_closes),
            Verdict::Unknown => return,
        };
        if was != is || doubts {
            perhaps.insert(name.to_owned());
        }
        if was != is && sure && is != Verdict::Unknown {
            surely.insert(name.to_owned());
        }
    }

    /// Every sure change is told, and nothing is told that does not change.
    fn told_by(&self, proof: &Proof, unclear: &BTreeSet<String>) -> Result<(), String> {
        let opens: BTreeSet<String> = proof.also_opens.iter().cloned().collect();
        let closes: BTreeSet<String> = proof.closes.iter().cloned().collect();
        let sure = self.surely_opens.is_subset(&opens) && self.surely_closes.is_subset(&closes);
        let may = |told: &BTreeSet<String>, perhaps: &BTreeSet<String>| {
            told.iter()
                .all(|it| perhaps.contains(it) || unclear.contains(it))
        };
        let possible = may(&opens, &self.perhaps_opens) && may(&closes, &self.perhaps_closes);
        let counted = (opens.len(), closes.len()) == (proof.also_opens_total, proof.closes_total);
        if sure && possible && counted {
            Ok(())
        } else {
            Err(format!(
                "sure: {sure}, possible: {possible}, counted: {counted}: {self:?}"
            ))
        }
    }
}

fn pairs(snapshot: &Snapshot) -> impl Iterator<Item = (&Interface, &Cache)> {
    let clients = snapshot.interfaces.iter().filter(|it| it.kind.is_client());
    clients.flat_map(|client| snapshot.caches.iter().map(move |cache| (client, cache)))
}
