//! Whole snapshots: of an estate with a case of each kind, and of one whose
//! answers omit all that an answer can omit.

use cachewarden_model::{Phase, Snapshot};
use cachewarden_peers::{Estate, FakeAws, Fault, FaultKind};
use cachewarden_provider_aws::permissions;
use serde_json::json;

use super::harness::{collect, estate};

#[test]
fn configured() {
    let fake = FakeAws::start(estate("configured"));
    insta::assert_json_snapshot!(collect(&fake));
}

#[test]
fn defaults() {
    let fake = FakeAws::start(estate("defaults"));
    insta::assert_json_snapshot!(collect(&fake));
}

#[test]
fn an_account_without_caches_is_known_to_be_empty() {
    let fake = FakeAws::start(Estate::new(json!({"eu-west-1": {}, "us-east-1": {}})));
    let snapshot = collect(&fake);
    assert_eq!(snapshot.gaps, []);
    assert_eq!(snapshot.caches, []);
    let regions: Vec<_> = snapshot.targets[0]
        .regions
        .iter()
        .map(|it| it.as_str())
        .collect();
    assert_eq!(regions, ["eu-west-1", "us-east-1"]);
}

/// Pages of one element each, and empty ones among them, make the same snapshot.
#[test]
fn pages_make_no_difference() {
    let whole = collect(&FakeAws::start(estate("configured")));
    let fake = FakeAws::start(estate("configured"));
    fake.page_size(1);
    for action in permissions::actions() {
        fake.fault(Fault::new(FaultKind::EmptyPage).on(action).every(3));
    }
    let paged = collect(&fake);
    assert_eq!(paged.gaps, whole.gaps);
    assert_eq!(paged, whole);
    assert!(
        fake.requests().len() > 150,
        "{} requests",
        fake.requests().len()
    );
}

/// What is listed twice while pages shift is there once, as it was last seen.
#[test]
fn a_cache_that_shows_on_two_pages_is_one() {
    let group = |status| json!({"ReplicationGroupId": "g", "ARN": "arn:g", "Status": status});
    let fake = FakeAws::start(Estate::new(json!({"eu-west-1": {
        "elasticache:DescribeReplicationGroups": [group("creating"), group("available")],
    }})));
    let snapshot = collect(&fake);
    assert_eq!(snapshot.caches.len(), 1);
    assert_eq!(
        snapshot.caches[0].status.value().unwrap().phase,
        Phase::Serving
    );
}

#[test]
fn a_snapshot_survives_its_own_format() {
    for name in ["configured", "defaults"] {
        let snapshot = collect(&FakeAws::start(estate(name)));
        let text = serde_json::to_vec(&snapshot).unwrap();
        assert_eq!(Snapshot::from_json(&text).unwrap(), snapshot);
    }
}
