//! A narrowed rule keeps every packet of every client, and closes what it says.

use cachewarden_model::{
    Action, Cache, Direction, Edit, Fix, Interface, Narrow, Outcome, Peer, Rule, Snapshot,
};
use cachewarden_netset::{AddressSet, PortRange, Protocol};
use cachewarden_reach::{Estate, Narrower, apply, reachability};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::agreement::{any_estate, ask, bytes};
use crate::breaks::Breaks;
use crate::choices::Choices;
use crate::ruling::Verdict;
use crate::sample::Sample;

/// Every rule that can be narrowed, and how.
fn narrowings(snapshot: &Snapshot) -> Vec<Fix> {
    let estate = Estate::new(snapshot);
    let narrower = Narrower::new(&estate, &[]);
    let rules = reachability(&estate, &[]).rules;
    rules
        .iter()
        .filter_map(|rule| narrower.narrow(rule))
        .collect()
}

/// The addresses that peers name by range; none where they name anything else,
/// or a list that was not read.
fn named(snapshot: &Snapshot, peers: &[Peer]) -> Option<AddressSet> {
    let mut named = AddressSet::empty();
    for peer in peers {
        let more = match peer {
            Peer::Cidr(cidr) => AddressSet::from(*cidr),
            Peer::PrefixList(id) => {
                let mut lists = snapshot.prefix_lists.iter();
                let list = lists.find(|it| it.id == *id)?;
                list.entries.value()?.iter().copied().collect()
            }
            _ => return None,
        };
        named = named.union(&more);
    }
    Some(named)
}

/// Whether a rule covers one of the ports that others cover.
fn covers_some(rule: &Rule, others: &[Rule]) -> bool {
    let covers = |rule: &Rule, port: u16| {
        let holds = |it: &PortRange| it.first() <= port && port <= it.last();
        rule.protocol == Protocol::Any
            || (rule.protocol == Protocol::TCP && rule.ports.iter().any(holds))
    };
    // The random estates' caches have no other ports.
    let mut ports = [6379, 6380].into_iter();
    ports.any(|port| covers(rule, port) && others.iter().any(|it| covers(it, port)))
}

fn pairs(snapshot: &Snapshot) -> impl Iterator<Item = (&Interface, &Cache)> {
    let clients = snapshot.interfaces.iter().filter(|it| it.kind.is_client());
    clients.flat_map(|client| snapshot.caches.iter().map(move |cache| (client, cache)))
}

/// What becomes of a packet. Of one that is dropped for sure it does not matter
/// whether a doubt was beside the point.
fn fate((verdict, doubts): (Verdict, bool)) -> (Verdict, bool) {
    (verdict, doubts && verdict != Verdict::Dropped)
}

/// Whether every packet of every client fares as before.
fn keeps_all(before: &Snapshot, after: &Snapshot) -> Result<(), String> {
    let breaks = Breaks::new(before).and(Breaks::new(after));
    for (client, cache) in pairs(before) {
        for endpoint in &cache.endpoints {
            let was = Sample::of(before, &breaks, client, cache, endpoint);
            let is = Sample::of(after, &breaks, client, cache, endpoint);
            if was.verdicts().map(fate).ne(is.verdicts().map(fate)) {
                return Err(format!("{} -> {}: {was} {is}", client.name, cache.name));
            }
        }
    }
    Ok(())
}

/// Whether the fix does what it says.
fn does_what_it_says(snapshot: &Snapshot, fix: &Fix) -> Result<(), String> {
    let (filter, rule, with) = match fix.edits.as_slice() {
        [Edit::ReplaceRule { filter, rule, with }] => (filter, rule, with.as_slice()),
        [Edit::RemoveRule { filter, rule }] => (filter, rule, &[][..]),
        _ => return Err(format!("not one rule is replaced: {fix:?}")),
    };
    let proof = fix.proof.as_ref().ok_or("no proof")?;
    let narrows = proof.narrows.ok_or("nothing is said")?;
    let edited = apply(snapshot, &fix.edits);
    keeps_all(snapshot, &edited)?;
    let mut filters = snapshot.filters.iter();
    let filter = filters.find(|it| it.id == *filter).ok_or("no filter")?;
    let rules = filter.rules.value().ok_or("no rules")?;
    let old = rules.iter().find(|it| it.id == *rule).ok_or("no rule")?;
    for other in rules.iter().filter(|it| it.id != *rule) {
        let traffic = |it: &Rule| (it.protocol, it.ports.clone(), it.peers.clone());
        let twice = |it: &Rule| traffic(it) == traffic(other);
        if other.direction == Direction::Ingress && with.iter().any(twice) {
            return Err(format!("it is there already: {other:?}"));
        }
    }
    let new: Vec<Peer> = with.iter().flat_map(|it| it.peers.clone()).collect();
    let wider = with
        .iter()
        .any(|it| it.protocol != old.protocol || it.ports != old.ports);
    if narrows.closes_ports != wider && !with.is_empty() {
        return Err(format!("{old:?} to {with:?}: {narrows:?}"));
    }
    let Some(was) = named(snapshot, &old.peers) else {
        // Of groups only the ports are narrowed.
        let same = with.is_empty() || (new == old.peers && wider);
        let kept = same && narrows.closes_ports && narrows.closes_addresses == 0;
        return if kept {
            Ok(())
        } else {
            Err(format!("{old:?} to {with:?}: {narrows:?}"))
        };
    };
    let is = named(snapshot, &new).ok_or("the new rule names no ranges")?;
    // What other rules admit on these ports is not closed.
    let mut open = is.clone();
    for other in rules.iter().filter(|it| it.id != *rule) {
        let ingress = other.direction == Direction::Ingress && other.action == Action::Allow;
        if ingress && covers_some(other, with) {
            open = open.union(&named(snapshot, &other.peers).unwrap_or_default());
        }
    }
    let closed = u64::try_from(was.difference(&open).count()).unwrap_or(u64::MAX);
    let told = match narrows.closes_addresses {
        0 => narrows.closes_ports,
        said if with.is_empty() => said <= closed,
        said => said == closed,
    };
    if !is.is_subset(&was) || !told {
        return Err(format!("{was} to {is}, which closes {closed}: {narrows:?}"));
    }
    // Of the connections that pass to the caches behind it, those of clients
    // with an address in its ranges.
    let behind = |id: &_| {
        let mut caches = snapshot.caches.iter();
        let cache = caches.find(|it| it.id == *id).expect("it was asked for");
        cache
            .filters
            .value()
            .is_some_and(|it| it.contains(&filter.id))
    };
    let mut kept: Vec<_> = ask(&edited)
        .connections
        .iter()
        .filter(|it| matches!(it.outcome, Outcome::Open | Outcome::Partial))
        .filter(|it| behind(&it.cache.id))
        .filter(|it| {
            it.client
                .addresses
                .iter()
                .any(|address| was.contains(*address))
        })
        .map(|it| (it.client.id.clone(), it.cache.id.clone()))
        .collect();
    kept.sort();
    kept.dedup();
    if narrows.keeps != kept.len() as u64 {
        return Err(format!("{narrows:?}, but {kept:?} are kept"));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_narrowed_rule_keeps_every_client(bytes in bytes()) {
        let snapshot = any_estate(&mut Choices::new(&bytes));
        for fix in narrowings(&snapshot) {
            if let Err(why) = does_what_it_says(&snapshot, &fix) {
                return Err(TestCaseError::fail(format!("{why}\n{fix:?}")));
            }
        }
    }
}

/// The random estates are of some use: rules are narrowed, by sources and by
/// ports.
#[test]
fn rules_are_narrowed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut by_sources, mut by_ports) = (0, 0);
    for _ in 0..300 {
        let tree = bytes().new_tree(&mut runner).expect("bytes");
        let snapshot = any_estate(&mut Choices::new(&tree.current()));
        for fix in narrowings(&snapshot) {
            let narrows = fix.proof.and_then(|it| it.narrows).expect("it narrows");
            by_sources += u32::from(narrows.closes_addresses > 0);
            by_ports += u32::from(narrows.closes_ports);
        }
    }
    assert!(by_sources > 50 && by_ports > 50, "{by_sources}, {by_ports}");
}
