//! Which projects are read.

use cachewarden_model::{GapReason, Noun, Snapshot};
use cachewarden_peers::FakeGcp;
use cachewarden_provider_gcp::{GcpError, Options};
use serde_json::json;

use super::harness::{Told, collect, collect_with, estate, gaps, hasty};

fn of(names: &[&str]) -> Options {
    Options {
        projects: names.iter().map(|it| (*it).to_owned()).collect(),
        organization: None,
    }
}

fn with(fake: &FakeGcp, options: Options) -> Result<(Snapshot, Told), GcpError> {
    collect_with(fake, options, hasty())
}

fn accounts(snapshot: &Snapshot) -> Vec<String> {
    let targets = snapshot.targets.iter();
    targets.map(|it| it.account.to_string()).collect()
}

#[test]
fn by_id_or_number() {
    let fake = FakeGcp::start(estate());
    for name in ["shop-net", "222"] {
        let (snapshot, _) = with(&fake, of(&[name])).unwrap();
        assert_eq!(accounts(&snapshot), ["shop-net"], "{name}");
        // The other one may hold machines and more of the network.
        let left = gaps(&snapshot, "resourcemanager.projects.get");
        let named = |it: &&&cachewarden_model::Gap| it.account.as_ref().unwrap().as_str() == "shop";
        let gap = left.iter().find(named).unwrap();
        assert_eq!(gap.why, GapReason::NotCollected);
        assert!(gap.hides.contains(&Noun::PrivateEndpoints), "{gap:?}");
    }
}

#[test]
fn one_that_is_being_deleted_is_not_asked_and_said_to_be() {
    let fake = FakeGcp::start(estate());
    let snapshot = collect(&fake);
    assert_eq!(accounts(&snapshot), ["shop", "shop-net"]);
    let mut going = gaps(&snapshot, "resourcemanager.projects.get");
    going.retain(|it| it.account.as_ref().unwrap().as_str() == "shop-old");
    assert_eq!(going.len(), 1);
    assert!(going[0].message.contains("being deleted"), "{}", going[0]);
    assert!(fake.requests().iter().all(|it| it.project != "shop-old"));
    assert!(matches!(
        with(&fake, of(&["shop-old"])),
        Err(GcpError::NoProject { .. } | GcpError::NobodyCouldBeAsked { .. })
    ));
}

/// A network of a Shared VPC whose host nobody sees, and an endpoint of
/// somebody else's, are not as if they were absent.
#[test]
fn projects_that_are_named_and_not_seen_are_gaps() {
    let fake = FakeGcp::start(estate());
    let unseen = |snapshot: &Snapshot| -> Vec<String> {
        let mut all = gaps(snapshot, "resourcemanager.projects.get");
        all.retain(|it| it.message.contains("was not read"));
        for gap in &all {
            assert!(gap.hides.contains(&Noun::PrivateEndpoints), "{gap:?}");
        }
        all.iter()
            .map(|it| it.account.as_ref().unwrap().to_string())
            .collect()
    };
    assert_eq!(unseen(&collect(&fake)), ["444"]);
    // The host is not even listed.
    let estate = estate().without_project("shop-net");
    assert_eq!(
        unseen(&collect(&FakeGcp::start(estate))),
        ["222", "shop-net"]
    );
}

#[test]
fn what_is_not_seen_is_an_error_or_a_gap() {
    let fake = FakeGcp::start(estate());
    let error = with(&fake, of(&["nowhere"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credentials see no project `nowhere`"
    );
    let (snapshot, _) = with(&fake, of(&["shop", "nowhere"])).unwrap();
    let unseen = gaps(&snapshot, "resourcemanager.projects.get");
    let nowhere = unseen
        .iter()
        .find(|it| it.account.as_ref().unwrap().as_str() == "nowhere")
        .unwrap();
    assert_eq!(nowhere.why, GapReason::AccessDenied);
    assert!(nowhere.hides.contains(&Noun::Caches));
}

/// Where Resource Manager says nothing, a project that was named is read all
/// the same.
#[test]
fn a_project_that_is_named_is_read_without_the_list() {
    let fake = FakeGcp::start(estate());
    fake.deny("resourcemanager.projects.get");
    let (snapshot, _) = with(&fake, of(&["shop-net"])).unwrap();
    assert_eq!(accounts(&snapshot), ["shop-net"]);
    assert_eq!(snapshot.caches.len(), 5);
    assert!(matches!(
        with(&fake, Options::default()),
        Err(GcpError::NobodyCouldBeAsked { .. })
    ));
}

#[test]
fn an_organization_with_its_folders() {
    let other = json!({"name": "projects/555", "projectId": "elsewhere", "state": "ACTIVE",
        "parent": "organizations/8"});
    let fake = FakeGcp::start(estate().with_project(other));
    let options = || Options {
        projects: vec![],
        organization: Some("9".to_owned()),
    };
    let (snapshot, _) = with(&fake, options()).unwrap();
    assert_eq!(accounts(&snapshot), ["shop", "shop-net"]);
    assert_eq!(fake.calls("resourcemanager.folders.list"), 2);
    // A folder that cannot be listed may hold further projects.
    fake.deny("resourcemanager.folders.list");
    let (snapshot, _) = with(&fake, options()).unwrap();
    assert_eq!(accounts(&snapshot), ["shop-net"]);
    let refused = gaps(&snapshot, "resourcemanager.folders.list");
    assert!(refused[0].hides.contains(&Noun::Caches), "{refused:?}");
    let wrong = Options {
        projects: vec![],
        organization: Some("example.com".to_owned()),
    };
    assert!(matches!(with(&fake, wrong), Err(GcpError::Scope { .. })));
}
