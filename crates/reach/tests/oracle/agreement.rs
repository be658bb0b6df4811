//! What the engine says is what the oracle says of every packet.

use cachewarden_model::{
    Cache, Connection, Endpoint, EndpointRole, Interface, Leg, Outcome, ReachReport, ResourceId,
    Snapshot,
};
use cachewarden_reach::{Estate, Query, connections};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::breaks::Breaks;
use crate::choices::Choices;
use crate::hide::hide;
use crate::random;
use crate::ruling::Verdict;
use crate::sample::{Sample, judge_flow};

/// Bytes for the choices of one estate.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..500)
}

/// Estates of which now and then something is not known.
pub(crate) fn any_estate(choices: &mut Choices<'_>) -> Snapshot {
    let mut snapshot = random::estate(choices);
    if choices.chance(35) {
        for _ in 0..1 + choices.below(3) {
            hide(choices, &mut snapshot);
        }
        snapshot.sort();
    }
    snapshot
}

/// Every pair.
pub(crate) fn ask(snapshot: &Snapshot) -> ReachReport {
    let query = Query {
        client: None,
        cache: None,
        all: true,
    };
    connections(&Estate::new(snapshot), &[], &query).expect("no name is asked for")
}

/// What tells connections apart.
pub(crate) fn key(connection: &Connection) -> (ResourceId, ResourceId, EndpointRole, u16) {
    (
        connection.client.id.clone(),
        connection.cache.id.clone(),
        connection.endpoint.role,
        connection.endpoint.port,
    )
}

/// A connection in few lines.
pub(crate) fn show(connection: &Connection) -> String {
    let mut text = format!(
        "{} -> {} {}: {} {:?} ports {}\n",
        connection.client.name,
        connection.cache.name,
        connection.endpoint.role.as_str(),
        connection.outcome.as_str(),
        connection.symptom,
        connection.source_ports,
    );
    for step in &connection.trace {
        let parts = (step.leg.as_str(), step.stage.as_str(), step.effect.as_str());
        text += &format!(
            "  {parts:?} {:?} {:?} {}\n",
            step.resource, step.rule, step.detail
        );
    }
    for blame in &connection.blame {
        let parts = (blame.leg.as_str(), blame.stage.as_str(), &blame.kind);
        text += &format!(
            "  blame {parts:?} {} {:?} {}\n",
            blame.resource, blame.rule, blame.detail
        );
    }
    for gap in &connection.gaps {
        text += &format!("  gap {gap}\n");
    }
    text + &format!(
        "  witness {:?}\n  fix {:?}\n",
        connection.witness, connection.fix
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_the_oracle(bytes in bytes()) {
        let snapshot = any_estate(&mut Choices::new(&bytes));
        let breaks = Breaks::new(&snapshot);
        let report = ask(&snapshot);
        for connection in &report.connections {
            let Some((client, cache, endpoint)) = find(&snapshot, connection) else {
                return Err(TestCaseError::fail(format!("of nobody: {}", show(connection))));
            };
            let sample = Sample::of(&snapshot, &breaks, client, cache, endpoint);
            let checked = agrees(connection, &sample)
                .and_then(|()| shows(&snapshot, client, cache, connection, &sample));
            if let Err(why) = checked {
                let nodes: Vec<_> = cache.nodes.iter().map(|it| (&it.subnets, &it.addresses)).collect();
                let text = format!("{why}\n{}{sample}{:?} {nodes:?}", show(connection), cache.families);
                return Err(TestCaseError::fail(text));
            }
        }
        let clients = snapshot.interfaces.iter().filter(|it| it.kind.is_client()).count();
        let endpoints: usize = snapshot.caches.iter().map(|it| it.endpoints.len()).sum();
        prop_assert_eq!(report.connections.len(), clients * endpoints);
    }
}

fn find<'a>(
    snapshot: &'a Snapshot,
    connection: &Connection,
) -> Option<(&'a Interface, &'a Cache, &'a Endpoint)> {
    let mut clients = snapshot.interfaces.iter();
    let client = clients.find(|it| it.id == connection.client.id)?;
    let mut caches = snapshot.caches.iter();
    let cache = caches.find(|it| it.id == connection.cache.id)?;
    let wanted = (connection.endpoint.role, connection.endpoint.port);
    let mut endpoints = cache.endpoints.iter();
    let endpoint = endpoints.find(|it| (it.role, it.port) == wanted)?;
    Some((client, cache, endpoint))
}

/// Outcome and source ports are those of the packets.
fn agrees(connection: &Connection, sample: &Sample) -> Result<(), String> {
    let outcomes = sample.outcomes();
    if !outcomes.contains(&connection.outcome) {
        return Err(format!("expected {outcomes:?}"));
    }
    let open = &connection.source_ports;
    match connection.outcome {
        Outcome::Open | Outcome::Partial => {
            let wrong = sample
                .ports()
                .find(|(port, passes)| open.contains(*port) != *passes);
            wrong.map_or(Ok(()), |(port, passes)| {
                Err(format!("port {port} passes: {passes}"))
            })
        }
        Outcome::Blocked if !open.is_empty() => Err("blocked with open ports".to_owned()),
        Outcome::Blocked if connection.blame.is_empty() => Err("nothing is blamed".to_owned()),
        Outcome::Blocked | Outcome::Unknown => Ok(()),
    }
}

/// The flow that is shown does what it is shown for.
fn shows(
    snapshot: &Snapshot,
    client: &Interface,
    cache: &Cache,
    connection: &Connection,
    sample: &Sample,
) -> Result<(), String> {
    let Some(witness) = connection.witness else {
        let nothing = connection.outcome == Outcome::Unknown || !sample.has_packets();
        return if nothing {
            Ok(())
        } else {
            Err("no flow is shown".to_owned())
        };
    };
    let Some(ruling) = judge_flow(snapshot, client, cache, &witness.flow) else {
        return Err("no node has the address of the flow".to_owned());
    };
    let expected = match connection.outcome {
        Outcome::Open => Verdict::Allowed,
        Outcome::Partial | Outcome::Blocked => Verdict::Dropped,
        Outcome::Unknown => return Err("a flow of which nothing is known".to_owned()),
    };
    if ruling.verdict() != expected {
        return Err(format!("the flow is: {ruling}"));
    }
    let earlier = witness.leg == Leg::Reply && ruling.drops_on(Leg::Request);
    let earlier = earlier && connection.gaps.is_empty();
    if expected == Verdict::Dropped && (earlier || !ruling.drops_on(witness.leg)) {
        return Err(format!("the flow is stopped elsewhere: {ruling}"));
    }
    Ok(())
}

/// The random estates are of some use: every outcome is met often.
#[test]
fn every_outcome_is_met() {
    let mut seen = std::collections::BTreeMap::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..300 {
        let tree = bytes().new_tree(&mut runner).expect("bytes");
        let snapshot = any_estate(&mut Choices::new(&tree.current()));
        let breaks = Breaks::new(&snapshot);
        for cache in &snapshot.caches {
            for (client, endpoint) in snapshot
                .interfaces
                .iter()
                .flat_map(|it| cache.endpoints.iter().map(move |endpoint| (it, endpoint)))
            {
                let sample = Sample::of(&snapshot, &breaks, client, cache, endpoint);
                *seen.entry(sample.outcomes()[0]).or_insert(0) += 1;
            }
        }
    }
    let all: usize = seen.values().sum();
    for outcome in [
        Outcome::Open,
        Outcome::Partial,
        Outcome::Blocked,
        Outcome::Unknown,
    ] {
        let share = seen.get(&outcome).copied().unwrap_or(0);
        assert!(
            share * 20 > all,
            "{outcome:?} in {share} of {all}: {seen:?}"
        );
    }
}
