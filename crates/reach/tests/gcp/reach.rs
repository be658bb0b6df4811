//! Questions by name, and which connections are shown.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::firewall;
use cachewarden_estates::gcp::{
    WEB_ACCOUNT, add_subnet, base, connect, egress, endpoints, id, subnet,
};
use cachewarden_model::{Action, Expectation, ExpectedOutcome, Outcome, Selector};
use cachewarden_reach::{Estate as Indexed, Query, connections, reachability};

use crate::expect::ask;

#[test]
fn a_client_by_name_id_or_address() {
    for text in [
        "web",
        id::WEB,
        "projects/shop/zones/europe-west1-b/instances/web",
        "10.1.1.10",
        "vpc-a:10.1.1.10",
    ] {
        let answer = ask(text, "sessions", base());
        assert_eq!(answer.0.client.id, *id::WEB, "{text}");
    }
    // An address of the pods is one of their node's.
    let pod = ask("10.1.128.7", "sessions", base());
    assert_eq!(pod.0.client.id, *id::NODE);
    assert_eq!(pod.0.client.addresses.len(), 1);
}

/// Endpoints of the cluster in both networks, and rules of both that mean it.
fn in_both() -> Estate {
    let mut estate = base();
    let id = "projects/data/regions/europe-west1/subnetworks/endpoints";
    add_subnet(&mut estate, subnet(id::VPC_B, id, "10.20.2.0/24", &[]));
    let cluster = estate.cache_mut("catalog");
    connect(cluster, id::VPC_B, ["10.20.2.10", "10.20.2.11"], false);
    let made = endpoints(&cluster.clone(), id::VPC_B, id);
    estate.snapshot.private_endpoints.extend(made);
    let rule = |far: &str| {
        egress("allow-catalog", 1000, Action::Allow)
            .tcp(6379, 6379)
            .far(&[far])
    };
    estate
        .with(firewall(
            id::VPC_A,
            [rule("10.1.2.10/32").accounts(&[WEB_ACCOUNT])],
        ))
        .with(cachewarden_estates::gcp::change::tags(id::BATCH, &["jobs"]))
        .with(firewall(id::VPC_B, [rule("10.20.2.10/32").tags(&["jobs"])]))
}

#[test]
fn endpoints_of_other_networks_are_not_meant() {
    let snapshot = in_both().build();
    let estate = Indexed::new(&snapshot);
    let meant = connections(&estate, &[], &Query::default()).expect("no name");
    let pairs: Vec<(&str, Option<&str>)> = meant
        .connections
        .iter()
        .map(|it| (it.client.name.as_str(), it.endpoint.host.as_deref()))
        .collect();
    assert_eq!(
        pairs,
        [("batch", Some("10.20.2.10")), ("web", Some("10.1.2.10"))]
    );
    assert!(
        meant
            .connections
            .iter()
            .all(|it| it.outcome == Outcome::Open)
    );
    // Nor are they counted as refused.
    let found = reachability(&estate, &[]);
    assert!(found.refused.is_empty(), "{:#?}", found.refused);
    assert_eq!(found.counts.open, 2);
}

#[test]
fn who_is_to_be_kept_out_is_kept_out_of_all_endpoints() {
    let expects = |outcome| Expectation {
        name: "batch and the catalog".to_owned(),
        client: Selector {
            name: Some("batch".to_owned()),
            ..Selector::default()
        },
        cache: Selector {
            name: Some("catalog".to_owned()),
            ..Selector::default()
        },
        outcome,
        demand: None,
        tls: None,
    };
    let snapshot = in_both().build();
    let estate = Indexed::new(&snapshot);
    let unmet = |outcome| {
        let found = reachability(&estate, &[expects(outcome)]);
        let mut all = found.expectations.into_iter();
        all.next().expect("one").unmet.len()
    };
    assert_eq!(unmet(ExpectedOutcome::Reach), 0);
    assert_eq!(unmet(ExpectedOutcome::NoReach), 1);
}

#[test]
fn a_group_is_a_network_tag_or_a_service_account() {
    let clients = |group: &str| {
        let expectation = Expectation {
            name: "clients of sessions".to_owned(),
            client: Selector {
                group: Some(group.to_owned()),
                ..Selector::default()
            },
            cache: Selector {
                address: Some("10.60.0.3".parse().expect("an address")),
                ..Selector::default()
            },
            outcome: ExpectedOutcome::Reach,
            demand: None,
            tls: None,
        };
        let snapshot = base().build();
        let found = reachability(&Indexed::new(&snapshot), &[expectation]);
        let mut all = found.expectations.into_iter();
        let one = all.next().expect("one");
        // Which tags a connector has is not told.
        assert_eq!(one.gaps.len(), 1, "{:#?}", one.gaps);
        (one.clients, one.caches.len())
    };
    assert_eq!(clients("redis-client"), (2, 1));
    assert_eq!(clients(WEB_ACCOUNT), (1, 1));
    assert_eq!(clients("nobody"), (0, 1));
}
