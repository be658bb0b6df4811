//! A whole estate becomes a snapshot.

use cachewarden_peers::FakeAzure;

use super::harness::{collect, estate};

#[test]
fn the_shop() {
    let fake = FakeAzure::start(estate());
    let snapshot = collect(&fake);
    insta::assert_json_snapshot!(snapshot);
}

#[test]
fn pages_make_no_difference() {
    let fake = FakeAzure::start(estate());
    let whole = collect(&fake);
    fake.page_size(1);
    assert_eq!(collect(&fake), whole);
}

#[test]
fn nothing_secret_gets_in() {
    let fake = FakeAzure::start(estate());
    let text = serde_json::to_string(&collect(&fake)).unwrap();
    assert!(!text.contains("canary"));
    for request in fake.requests() {
        assert!(request.only_reads(), "{} {}", request.method, request.path);
        assert!(
            !request.path.to_lowercase().contains("key"),
            "{}",
            request.path
        );
    }
}
