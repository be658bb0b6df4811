//! What the engine says for sure holds in every world of the oracle.

use std::net::IpAddr;

use cachewarden_model::{
    Connection, DnsServers, Fact, Gap, GapReason, Noun, Outcome, Provider, Snapshot,
};
use cachewarden_reach::{Estate, Query, apply, connections};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::choices::Choices;
use crate::packet::{Packet, World};
use crate::random;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..700)
}

fn ask(snapshot: &Snapshot) -> Vec<Connection> {
    let query = Query {
        all: true,
        ..Query::default()
    };
    let report = connections(&Estate::new(snapshot), &[], &query);
    report.expect("no name is asked for").connections
}

/// In how many of the worlds and flows a connection comes about: none, all,
/// or some.
fn truth(snapshot: &Snapshot, connection: &Connection) -> Option<bool> {
    let mut clients = snapshot.interfaces.iter();
    let client = clients
        .find(|it| it.id == connection.client.id)
        .expect("a client");
    let mut caches = snapshot.caches.iter();
    let cache = caches
        .find(|it| it.id == connection.cache.id)
        .expect("a cache");
    let endpoint = cache.endpoints.first().expect("an endpoint");
    let mut ports = vec![endpoint.port];
    for range in &endpoint.node_ports {
        ports.extend(range.first()..=range.last());
    }
    let mut sources: Vec<IpAddr> = client.addresses.clone();
    for prefix in &client.prefixes {
        let text = prefix.address().to_string();
        let base = text.trim_end_matches('0');
        let some = [4, 5, 77, 254].into_iter();
        sources.extend(some.map(|last| format!("{base}{last}").parse::<IpAddr>().expect("one")));
    }
    let mut found = [false; 2];
    for world in World::all() {
        for source in &sources {
            for port in &ports {
                let packet = Packet {
                    snapshot,
                    client,
                    source: *source,
                    cache,
                    port: *port,
                    world,
                };
                match packet.arrives() {
                    true => found[1] = true,
                    false => found[0] = true,
                }
                if found == [true; 2] {
                    return None;
                }
            }
        }
    }
    Some(found == [false, true])
}

fn check(snapshot: &Snapshot, connection: &Connection) {
    let truth = truth(snapshot, connection);
    let agrees = match connection.outcome {
        Outcome::Open => truth == Some(true),
        Outcome::Blocked => truth == Some(false),
        Outcome::Partial => truth.is_none(),
        Outcome::Unknown => true,
    };
    assert!(
        agrees,
        "{} -> {}: {:?}, and the oracle {truth:?}\n{:#?}",
        connection.client.name, connection.cache.name, connection.outcome, connection.trace
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sure_holds_in_every_world(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        for connection in ask(&snapshot) {
            check(&snapshot, &connection);
        }
    }

    #[test]
    fn hiding_a_fact_never_opens_and_never_closes(bytes in bytes(), which in any::<u8>()) {
        let full = random::estate(&mut Choices::new(&bytes)).build();
        let mut hidden = full.clone();
        hide(&mut hidden, which);
        let before = ask(&full);
        for after in ask(&hidden) {
            let key = |it: &Connection| (it.client.id.clone(), it.cache.id.clone());
            let was = before.iter().find(|it| key(it) == key(&after)).expect("the same pairs");
            let sound = match after.outcome {
                Outcome::Open | Outcome::Blocked => {
                    was.outcome == after.outcome || was.outcome == Outcome::Unknown
                }
                Outcome::Partial | Outcome::Unknown => true,
            };
            prop_assert!(sound, "{:?} became {:?}\n{:#?}", was.outcome, after.outcome, after.trace);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_does_what_its_proof_says(bytes in bytes()) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        for connection in ask(&snapshot) {
            let Some(fix) = connection.fix.as_ref().filter(|it| !it.edits.is_empty()) else {
                continue;
            };
            let edited = apply(&snapshot, &fix.edits);
            let after = ask(&edited);
            let key = |it: &Connection| (it.client.id.clone(), it.cache.id.clone());
            let own = after.iter().find(|it| key(it) == key(&connection)).expect("the pair");
            prop_assert_eq!(own.outcome, Outcome::Open, "{:#?}\n{:#?}", fix, own.trace);
            check(&edited, own);
            let Some(proof) = fix.proof.as_ref().filter(|it| !it.others_not_judged) else {
                continue;
            };
            // What opens besides is named.
            for other in ask(&snapshot) {
                let now = after.iter().find(|it| key(it) == key(&other)).expect("the pair");
                let opens = other.outcome == Outcome::Blocked && now.outcome == Outcome::Open;
                let closes = other.outcome == Outcome::Open && now.outcome != Outcome::Open;
                let name = format!("{} -> {}", other.client.name, other.cache.name);
                if key(&other) == key(&connection) {
                    continue;
                }
                prop_assert!(!opens || proof.also_opens.contains(&name) || proof.also_opens_total > proof.also_opens.len(), "{name}: {fix:#?}");
                prop_assert!(!closes || proof.closes.contains(&name) || proof.closes_total > proof.closes.len(), "{name}: {fix:#?}");
            }
        }
    }
}

/// Takes one thing away.
fn hide(snapshot: &mut Snapshot, which: u8) {
    let gap = Gap {
        provider: Provider::Azure,
        account: Some(cachewarden_estates::azure::SUBSCRIPTION.into()),
        region: None,
        what: "hidden".to_owned(),
        why: GapReason::AccessDenied,
        message: "taken away".to_owned(),
        hides: vec![],
    };
    let place = usize::from(which / 16);
    macro_rules! nth {
        ($list:expr) => {{
            let list = &mut $list;
            let length = list.len().max(1);
            list.get_mut(place % length)
        }};
    }
    let unknown = || gap.clone();
    match which % 16 {
        0 => nth!(snapshot.filters)
            .into_iter()
            .for_each(|it| it.rules = Fact::unknown(unknown())),
        1 => nth!(snapshot.subnets)
            .into_iter()
            .for_each(|it| it.filter = Fact::unknown(unknown())),
        2 => {
            let subnet = nth!(snapshot.subnets);
            subnet
                .into_iter()
                .for_each(|it| it.route_table = Fact::unknown(unknown()));
        }
        3 => {
            let table = nth!(snapshot.route_tables);
            table
                .into_iter()
                .for_each(|it| it.routes = Fact::unknown(unknown()));
        }
        4 => nth!(snapshot.dns_zones)
            .into_iter()
            .for_each(|it| it.links = Fact::unknown(unknown())),
        5 => {
            let zone = nth!(snapshot.dns_zones);
            zone.into_iter()
                .for_each(|it| it.records = Fact::unknown(unknown()));
        }
        6 => {
            let client = nth!(snapshot.interfaces);
            client
                .into_iter()
                .for_each(|it| it.filters = Fact::unknown(unknown()));
        }
        7 => {
            let cache = nth!(snapshot.caches);
            cache
                .into_iter()
                .for_each(|it| it.public_access = Fact::unknown(unknown()));
        }
        8 => nth!(snapshot.caches)
            .into_iter()
            .for_each(|it| it.filters = Fact::unknown(unknown())),
        9 => {
            let azure = nth!(snapshot.caches).and_then(|it| it.azure.as_mut());
            azure
                .into_iter()
                .for_each(|it| it.connections = Fact::unknown(unknown()));
        }
        10 => {
            let gateway = nth!(snapshot.nat_gateways);
            gateway
                .into_iter()
                .for_each(|it| it.addresses = Fact::unknown(unknown()));
        }
        11 => {
            let network = nth!(snapshot.networks);
            network.into_iter().for_each(|it| {
                it.dns_servers = Fact::Known(DnsServers::Custom(vec![[10, 0, 0, 53].into()]));
            });
        }
        12 => {
            snapshot.dns_zones.clear();
            snapshot.gaps.push(Gap {
                hides: vec![Noun::DnsZones],
                ..gap
            });
        }
        13 => {
            snapshot.peerings.clear();
            snapshot.gaps.push(Gap {
                hides: vec![Noun::Peerings],
                ..gap
            });
        }
        14 => {
            snapshot.private_endpoints.clear();
            snapshot.gaps.push(Gap {
                hides: vec![Noun::PrivateEndpoints],
                ..gap
            });
        }
        _ => {
            let endpoint = nth!(snapshot.private_endpoints);
            endpoint
                .into_iter()
                .for_each(|it| it.addresses = Fact::unknown(unknown()));
        }
    }
}

#[test]
fn every_outcome_comes_up_and_most_are_known() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut counts = [0_u32; 4];
    for _ in 0..300 {
        let tree = bytes().new_tree(&mut runner).expect("bytes");
        let snapshot = random::estate(&mut Choices::new(&tree.current())).build();
        for connection in ask(&snapshot) {
            let place = match connection.outcome {
                Outcome::Open => 0,
                Outcome::Partial => 1,
                Outcome::Blocked => 2,
                Outcome::Unknown => 3,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
    }
    let total: u32 = counts.iter().sum();
    assert!(counts.iter().all(|it| *it > 0), "{counts:?}");
    let [.., unknown] = counts;
    assert!(unknown * 3 < total, "{counts:?}");
}
