//! An address of a subnet at which no known machine is: it may be anybody's.

use cachewarden_estates::gcp::change::gap;
use cachewarden_model::{Interface, Outcome, Snapshot};
use cachewarden_reach::{Estate, Query, connections};
use proptest::prelude::*;

use crate::choices::Choices;
use crate::cover::bytes;
use crate::random;
use crate::world::truth;

/// A machine of which nothing is known, beside the first one of a network.
fn stranger(snapshot: &Snapshot, place: usize) -> Option<Interface> {
    let mut clients = snapshot.interfaces.iter();
    let mut stranger = clients.find(|it| it.name == format!("vm{place}"))?.clone();
    let address = stranger.addresses.first()?.to_string();
    let (base, _) = address.rsplit_once('.')?;
    stranger.addresses = vec![format!("{base}.77").parse().ok()?];
    stranger.prefixes.clear();
    stranger.network_tags.clear();
    stranger.service_account = None;
    stranger.gcp.as_mut()?.tags_unread = Some(Box::new(gap("nobody", &[])));
    Some(stranger)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn who_is_not_known_may_be_anybody(bytes in bytes(), place in 0_usize..3) {
        let snapshot = random::estate(&mut Choices::new(&bytes)).build();
        let client = stranger(&snapshot, place).expect("a machine");
        let address = client.addresses.first().expect("an address");
        let asked = format!("n{place}:{address}");
        let query = Query {
            client: Some(&asked),
            all: true,
            ..Query::default()
        };
        let report = connections(&Estate::new(&snapshot), &[], &query);
        for connection in report.expect("an address").connections {
            let mut caches = snapshot.caches.iter();
            let cache = caches.find(|it| it.id == connection.cache.id).expect("a cache");
            let named = &connection.endpoint;
            let mut endpoints = cache.endpoints.iter();
            let endpoint = endpoints.find(|it| {
                it.role == named.role && it.host == named.host && it.port == named.port
            });
            let truth = truth(&snapshot, &client, cache, endpoint.expect("an endpoint"));
            let agrees = match connection.outcome {
                Outcome::Unknown => !truth.is_settled(),
                outcome => truth.is(outcome),
            };
            prop_assert!(
                agrees,
                "{address} -> {}: {:?}, and the oracle {truth:?}\n{:#?}",
                cache.name, connection.outcome, connection.trace
            );
        }
    }
}
