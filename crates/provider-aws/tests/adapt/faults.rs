//! Calls that fail: each leaves its gap, and nothing is taken for empty.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use cachewarden_model::{GapReason, Noun, Snapshot};
use cachewarden_peers::{FakeAws, Fault, FaultKind};
use cachewarden_provider::Limits;
use cachewarden_provider_aws::{AwsError, Options, permissions};

use super::harness::{collect, collect_with, estate, gaps_of, hasty};

/// Everything but who asks: without that there is nothing to tell.
fn actions() -> impl Iterator<Item = &'static str> {
    permissions::actions()
        .into_iter()
        .filter(|action| *action != "sts:GetCallerIdentity")
}

fn with_fault(kind: FaultKind, action: &str) -> Snapshot {
    let fake = FakeAws::start(estate("configured"));
    fake.fault(Fault::new(kind).on(action));
    collect(&fake)
}

/// The facts of a snapshot as JSON, without its gaps.
fn without_gaps(snapshot: &Snapshot) -> serde_json::Value {
    let mut value = serde_json::to_value(snapshot).unwrap();
    value.as_object_mut().unwrap().remove("gaps");
    value
}

/// Finds the paths whose value is known and was known to be another one.
fn changes(
    path: &str,
    before: &serde_json::Value,
    after: &serde_json::Value,
    found: &mut BTreeSet<String>,
) {
    use serde_json::Value;
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(one), Value::Object(other)) if !other.contains_key("unknown") => {
            let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let none = Value::Null;
                let (one, other) = (
                    one.get(key).unwrap_or(&none),
                    other.get(key).unwrap_or(&none),
                );
                changes(&format!("{path}.{key}"), one, other, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.iter().any(|it| it["id"].is_string()) => {
            let find = |list: &[Value], it: &Value| {
                let same =
                    |each: &&Value| each["id"] == it["id"] && each["service"] == it["service"];
                list.iter().find(same).cloned()
            };
            for element in one {
                match find(other, element) {
                    Some(same) => changes(path, element, &same, found),
                    None => {
                        found.insert(format!("{path}[]"));
                    }
                }
            }
            let new = other.iter().any(|it| find(one, it).is_none());
            assert!(!new, "{path} has a new element");
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                changes(path, one, other, found);
            }
        }
        (_, Value::Object(other)) if other.contains_key("unknown") => {}
        _ => {
            found.insert(path.to_owned());
        }
    }
}

/// What is known without the call and was known otherwise with it: elements
/// of lists that the gap hides (`.caches[]`), what a thing is called where it
/// cannot be looked up, and candidates in place of the exact subnet. All else
/// that hangs on the call has become unknown.
#[test]
fn each_refused_call_leaves_its_gap_and_unknown_facts() {
    let before = without_gaps(&collect(&FakeAws::start(estate("configured"))));
    let mut otherwise = BTreeMap::new();
    // Without the list of regions another one is read, see below.
    for action in actions().filter(|action| *action != "ec2:DescribeRegions") {
        let snapshot = with_fault(FaultKind::AccessDenied, action);
        let gaps = gaps_of(&snapshot, action);
        assert!(!gaps.is_empty(), "{action} left no gap");
        for gap in gaps {
            let denied = "the credentials may not call it (`";
            assert_eq!(gap.why, GapReason::AccessDenied, "{action}");
            assert!(gap.message.starts_with(denied), "{}", gap.message);
        }
        let mut found = BTreeSet::new();
        changes("", &before, &without_gaps(&snapshot), &mut found);
        if !found.is_empty() {
            otherwise.insert(action, found);
        }
    }
    insta::assert_json_snapshot!(otherwise);
}

#[test]
fn a_list_that_could_not_be_read_says_what_it_hides() {
    let hides = |action| {
        let snapshot = with_fault(FaultKind::AccessDenied, action);
        gaps_of(&snapshot, action)[0].hides.clone()
    };
    assert_eq!(
        hides("elasticache:DescribeReplicationGroups"),
        [Noun::Caches]
    );
    assert_eq!(hides("ec2:DescribeNetworkInterfaces"), [Noun::Interfaces]);
    assert_eq!(hides("ec2:DescribeNetworkAcls"), [Noun::NetworkAcls]);
    assert_eq!(hides("ec2:DescribeSecurityGroupRules"), []);
    assert!(hides("ec2:DescribeRegions").contains(&Noun::Caches));
}

#[test]
fn what_was_read_before_a_failure_is_kept() {
    let fake = FakeAws::start(estate("configured"));
    fake.page_size(2);
    fake.fault(
        Fault::new(FaultKind::AccessDenied)
            .on("ec2:DescribeSubnets")
            .nth(2),
    );
    let snapshot = collect(&fake);
    assert_eq!(snapshot.subnets.len(), 2);
    let gap = gaps_of(&snapshot, "ec2:DescribeSubnets")[0];
    assert_eq!(gap.hides, [Noun::Subnets]);
    assert!(
        gap.message
            .ends_with("; the 2 elements that were read before are kept")
    );
}

#[test]
fn a_damaged_answer_is_never_an_empty_list() {
    for kind in [
        FaultKind::EmptyBody200,
        FaultKind::TruncatedBody200,
        FaultKind::Html200,
    ] {
        for action in actions() {
            let snapshot = with_fault(kind, action);
            let gaps = gaps_of(&snapshot, action);
            assert!(!gaps.is_empty(), "{kind:?} of {action} left no gap");
            assert!(
                gaps.iter().all(|gap| gap.why == GapReason::Damaged),
                "{kind:?}: {gaps:?}"
            );
        }
    }
}

#[test]
fn failures_that_pass_leave_no_trace() {
    let whole = collect(&FakeAws::start(estate("configured")));
    let fake = FakeAws::start(estate("configured"));
    fake.fault(Fault::new(FaultKind::Throttle).every(3));
    assert_eq!(collect(&fake), whole, "a third is throttled");
    for kind in [
        FaultKind::Throttle,
        FaultKind::EmptyBody200,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::ResetBeforeAnswer,
        FaultKind::ResetInBody,
    ] {
        let fake = FakeAws::start(estate("configured"));
        for action in permissions::actions() {
            fake.fault(Fault::new(kind).on(action).first(2));
        }
        assert_eq!(collect(&fake), whole, "{kind:?}");
    }
}

#[test]
fn what_keeps_failing_ends_in_a_gap() {
    let action = "ec2:DescribeRouteTables";
    let why = |kind| {
        let snapshot = with_fault(kind, action);
        gaps_of(&snapshot, action)[0].why
    };
    assert_eq!(why(FaultKind::Status(500)), GapReason::Failed);
    assert_eq!(why(FaultKind::Status(400)), GapReason::Failed);
    assert_eq!(why(FaultKind::ResetBeforeAnswer), GapReason::Failed);
    assert_eq!(why(FaultKind::ResetInBody), GapReason::Damaged);
    assert_eq!(why(FaultKind::ExpiredToken), GapReason::AccessDenied);
}

#[test]
fn a_throttled_call_ends_with_its_time() {
    let fake = FakeAws::start(estate("configured"));
    let action = "elasticache:DescribeReplicationGroups";
    fake.fault(Fault::new(FaultKind::Throttle).on(action));
    let limits = Limits {
        call: Duration::from_millis(500),
        ..hasty()
    };
    let snapshot = collect_with(&fake, Options::default(), limits).unwrap();
    assert_eq!(gaps_of(&snapshot, action)[0].why, GapReason::Throttled);
    assert!(fake.calls(action) > 20, "{} attempts", fake.calls(action));
}

#[test]
fn a_call_that_hangs_ends_with_its_time() {
    let fake = FakeAws::start(estate("configured"));
    let action = "ec2:DescribeNetworkAcls";
    fake.fault(Fault::new(FaultKind::Hang).on(action));
    let begun = Instant::now();
    let limits = Limits {
        call: Duration::from_millis(1500),
        attempt: Duration::from_millis(600),
        ..hasty()
    };
    let snapshot = collect_with(&fake, Options::default(), limits).unwrap();
    let gap = gaps_of(&snapshot, action)[0];
    assert_eq!(
        (gap.why, gap.message.as_str()),
        (
            GapReason::Timeout,
            "no answer came in the time for the call"
        )
    );
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        snapshot
            .subnets
            .iter()
            .all(|subnet| subnet.filter.is_unknown())
    );
}

#[test]
fn a_slow_answer_is_an_answer() {
    let whole = collect(&FakeAws::start(estate("configured")));
    let fake = FakeAws::start(estate("configured"));
    let slow = FaultKind::Slow(Duration::from_millis(300));
    fake.fault(Fault::new(slow).on("ec2:DescribeVpcs"));
    assert_eq!(collect(&fake), whole);
}

#[test]
fn the_whole_collection_ends_with_its_time() {
    let fake = FakeAws::start(estate("configured"));
    fake.fault(Fault::new(FaultKind::Hang).on("ec2:*"));
    let limits = Limits {
        total: Duration::from_secs(4),
        ..Limits::default()
    };
    let begun = Instant::now();
    let options = Options {
        regions: vec!["eu-west-1".into()],
        ..Options::default()
    };
    let snapshot = collect_with(&fake, options, limits).unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(snapshot.caches.len(), 5);
    let gap = gaps_of(&snapshot, "ec2:DescribeSubnets")[0];
    assert_eq!(gap.why, GapReason::Timeout);
    assert_eq!(gap.message, "the time for the whole collection was over");
}

#[test]
fn a_region_that_answers_nothing_hides_its_caches_and_no_other() {
    let whole = collect(&FakeAws::start(estate("configured")));
    let fake = FakeAws::start(estate("configured"));
    for service in ["ec2", "elasticache", "memorydb", "cloudwatch"] {
        // The list of regions is asked there, too.
        let fault = Fault::new(FaultKind::ResetBeforeAnswer).on(&format!("{service}:*"));
        fake.fault(fault.region("us-east-1"));
    }
    let options = Options {
        regions: vec!["eu-west-1".into(), "us-east-1".into()],
        ..Options::default()
    };
    let snapshot = collect_with(&fake, options, hasty()).unwrap();
    let dark: Vec<_> = snapshot
        .gaps
        .iter()
        .filter(|gap| !whole.gaps.contains(gap))
        .collect();
    assert_eq!(dark.len(), 4);
    for gap in dark {
        assert_eq!(gap.region.as_ref().unwrap(), &"us-east-1");
        assert_eq!(
            (gap.why, gap.hides.as_slice()),
            (GapReason::Failed, [Noun::Caches].as_slice())
        );
    }
    assert_eq!(without_gaps(&snapshot), without_gaps(&whole));
}

#[test]
fn credentials_that_expire_midway_leave_gaps() {
    let fake = FakeAws::start(estate("configured"));
    fake.fault(
        Fault::new(FaultKind::ExpiredToken)
            .on("ec2:*")
            .region("eu-west-1"),
    );
    let snapshot = collect(&fake);
    assert_eq!(snapshot.caches.len(), 5);
    assert_eq!(snapshot.networks, []);
    let gap = gaps_of(&snapshot, "ec2:DescribeVpcs")[0];
    assert_eq!(
        gap.message,
        "the credentials have expired (`RequestExpired`)"
    );
    assert_eq!(gap.hides, [Noun::Networks]);
}

#[test]
fn nobody_to_ask_is_an_error() {
    for kind in [
        FaultKind::AccessDenied,
        FaultKind::ExpiredToken,
        FaultKind::Html200,
    ] {
        let fake = FakeAws::start(estate("configured"));
        fake.fault(Fault::new(kind).on("sts:GetCallerIdentity"));
        let error = collect_with(&fake, Options::default(), hasty()).unwrap_err();
        assert!(
            matches!(error, AwsError::NobodyCouldBeAsked { .. }),
            "{error}"
        );
        assert!(
            error
                .to_string()
                .starts_with("no account could be asked: sts:GetCallerIdentity (")
        );
    }
}

#[test]
fn without_the_list_of_regions_the_configured_one_is_read() {
    let fake = FakeAws::start(estate("configured"));
    fake.fault(Fault::new(FaultKind::AccessDenied).on("ec2:DescribeRegions"));
    let snapshot = collect(&fake);
    assert_eq!(snapshot.targets[0].regions, ["us-east-1"]);
    let gap = gaps_of(&snapshot, "ec2:DescribeRegions")[0];
    assert!(
        gap.message
            .ends_with("; only us-east-1 was read, other regions can be named with --aws-region")
    );
    assert_eq!(gap.region, None);
}
