//! What goes wrong on the way: the same result, or gaps; never a clean account.

use std::time::{Duration, Instant};

use cachewarden_model::{GapReason, Snapshot};
use cachewarden_peers::{FakeAzure, Fault, FaultKind};
use cachewarden_provider::Limits;
use cachewarden_provider_azure::{AzureError, Options, permissions};

use super::harness::{collect, collect_with, estate, hasty};

#[test]
fn failures_that_pass_leave_no_trace() {
    let fake = FakeAzure::start(estate());
    let calm = collect(&fake);
    for kind in [
        FaultKind::Throttle,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::ResetBeforeAnswer,
        FaultKind::ResetInBody,
        FaultKind::Slow(Duration::from_millis(30)),
        FaultKind::EmptyBody200,
        FaultKind::TruncatedBody200,
        FaultKind::Html200,
    ] {
        fake.clear();
        fake.fault(Fault::new(kind).every(3));
        let snapshot = collect(&fake);
        assert!(fake.faulted(kind) > 0, "{kind:?}");
        assert!(differs_only_by_gaps(&snapshot, &calm), "{kind:?}");
        // A call may meet the fault again and again; then it is a gap.
        let damaged = [
            FaultKind::EmptyBody200,
            FaultKind::TruncatedBody200,
            FaultKind::Html200,
        ];
        if !damaged.contains(&kind) {
            assert_eq!(snapshot, calm, "{kind:?}");
        }
    }
}

/// Whether all that is there is as it would be without failures.
fn differs_only_by_gaps(found: &Snapshot, calm: &Snapshot) -> bool {
    found == calm || (!found.gaps.is_empty() && found.caches.len() <= calm.caches.len())
}

#[test]
fn each_action_that_is_refused_leaves_its_gap() {
    let calm = collect(&FakeAzure::start(estate()));
    assert_eq!(calm.gaps, [], "{:?}", calm.gaps);
    for action in permissions::actions() {
        let fake = FakeAzure::start(estate());
        fake.deny(action);
        let snapshot = match collect_with(&fake, Options::default(), hasty()) {
            Ok(snapshot) => snapshot,
            Err(error) => panic!("{action}: {error}"),
        };
        let unused = ["Microsoft.Cache/redis/linkedServers/read"];
        let listed = [
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Authorization/permissions/read",
        ];
        if unused.contains(&action) || listed.contains(&action) {
            continue;
        }
        let found = snapshot.gaps.iter().find(|it| it.what == action);
        let found = found.unwrap_or_else(|| panic!("{action} left no gap: {:?}", snapshot.gaps));
        assert_eq!(found.why, GapReason::AccessDenied, "{action}");
    }
}

#[test]
fn without_its_own_permissions_nothing_is_known_to_be_whole() {
    let fake = FakeAzure::start(estate());
    let action = "Microsoft.Authorization/permissions/read";
    fake.fault(Fault::new(FaultKind::AccessDenied).on(action));
    let snapshot = collect(&fake);
    let found = snapshot.gaps.iter().find(|it| it.what == action).unwrap();
    assert!(found.hides.contains(&cachewarden_model::Noun::Filters));
    assert!(found.hides.contains(&cachewarden_model::Noun::DnsZones));
}

#[test]
fn subscriptions_that_cannot_be_listed_are_an_error() {
    for kind in [
        FaultKind::AccessDenied,
        FaultKind::ExpiredToken,
        FaultKind::EmptyBody200,
    ] {
        let fake = FakeAzure::start(estate());
        fake.fault(Fault::new(kind).on("Microsoft.Resources/subscriptions/read"));
        let error = collect_with(&fake, Options::default(), hasty()).unwrap_err();
        assert!(
            matches!(error, AzureError::NobodyCouldBeAsked { .. }),
            "{kind:?}: {error}"
        );
    }
}

#[test]
fn credentials_that_expire_on_the_way_leave_gaps() {
    let fake = FakeAzure::start(estate());
    fake.fault(
        Fault::new(FaultKind::ExpiredToken).on("Microsoft.Network/privateDnsZones/ALL/read"),
    );
    let snapshot = collect(&fake);
    let zone = snapshot.dns_zones.first().unwrap();
    assert!(zone.records.is_unknown());
    assert!(zone.links.value().is_some());
}

#[test]
fn what_hangs_ends_with_the_time_limit() {
    let fake = FakeAzure::start(estate());
    let action = "Microsoft.Network/networkSecurityGroups/read";
    fake.fault(Fault::new(FaultKind::Hang).on("microsoft.network/networksecuritygroups/read"));
    let limits = Limits {
        total: Duration::from_secs(4),
        ..hasty()
    };
    let start = Instant::now();
    let snapshot = collect_with(&fake, Options::default(), limits).unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    let found = snapshot.gaps.iter().find(|it| it.what == action).unwrap();
    assert_eq!(found.why, GapReason::Timeout);
    assert!(!found.hides.is_empty());
}

#[test]
fn a_service_that_says_no_more_leaves_no_clean_account() {
    let fake = FakeAzure::start(estate());
    for action in permissions::actions() {
        let lower = action.to_lowercase();
        if lower.starts_with("microsoft.cache/") {
            fake.fault(Fault::new(FaultKind::Status(500)).on(action));
        }
    }
    let error = collect_with(&fake, Options::default(), hasty()).unwrap_err();
    assert!(
        matches!(error, AzureError::NobodyCouldBeAsked { .. }),
        "{error}"
    );
}
