//! A whole estate becomes a snapshot.

use cachewarden_peers::FakeGcp;

use super::harness::{collect, estate};

#[test]
fn the_shop() {
    let fake = FakeGcp::start(estate());
    let snapshot = collect(&fake);
    insta::assert_json_snapshot!(snapshot);
}

#[test]
fn pages_make_no_difference() {
    let fake = FakeGcp::start(estate());
    let whole = collect(&fake);
    fake.page_size(1);
    assert_eq!(collect(&fake), whole);
}

#[test]
fn nothing_secret_gets_in() {
    let fake = FakeGcp::start(estate());
    let text = serde_json::to_string(&collect(&fake)).unwrap();
    assert!(!text.contains("canary"));
    let requests = fake.requests();
    assert!(requests.len() > 50, "{}", requests.len());
    for request in requests {
        assert!(request.only_reads(), "{} {}", request.method, request.path);
        for word in ["authString", "authTokens", "tokenAuthUsers"] {
            assert!(!request.path.contains(word), "{}", request.path);
        }
    }
}

/// What holds start-up scripts, keys and environment variables is not sent:
/// the server would send it if it were not masked.
#[test]
fn secrets_of_machines_and_services_are_not_asked_for() {
    let fake = FakeGcp::start(estate());
    drop(collect(&fake));
    let masked = [
        "compute.instances.list",
        "run.services.list",
        "compute.projects.get",
    ];
    for request in fake.requests() {
        let whole = request.path.ends_with("getXpnResources");
        if masked.contains(&request.permission.as_str()) && !whole {
            let mask = request.parameter("fields").unwrap_or_default();
            assert!(!mask.is_empty(), "{}", request.path);
            assert!(!mask.contains("metadata/items"), "{mask}");
            assert!(!mask.contains("containers"), "{mask}");
        }
    }
}
