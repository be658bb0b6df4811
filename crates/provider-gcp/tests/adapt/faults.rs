//! What cannot be had becomes a gap, and no list reads as empty for it.

use std::time::{Duration, Instant};

use cachewarden_model::{GapReason, Noun};
use cachewarden_peers::{FakeGcp, Fault, FaultKind};
use cachewarden_provider::Limits;
use cachewarden_provider_gcp::{GcpError, Options};

use super::harness::{cache, collect, collect_with, estate, gaps, hasty};

/// Refused calls, and what may be missing without them.
const REFUSED: [(&str, &[Noun]); 13] = [
    ("redis.instances.list", &[Noun::Caches]),
    ("redis.clusters.list", &[Noun::Caches]),
    ("memorystore.instances.list", &[Noun::Caches]),
    ("compute.networks.list", &[Noun::Networks, Noun::Peerings]),
    ("compute.subnetworks.list", &[Noun::Subnets]),
    ("compute.instances.list", &[Noun::Interfaces]),
    ("compute.forwardingRules.list", &[Noun::PrivateEndpoints]),
    ("compute.firewalls.list", &[]),
    ("compute.routes.list", &[]),
    (
        "networkconnectivity.serviceConnectionPolicies.list",
        &[Noun::ConnectionPolicies],
    ),
    ("dns.managedZones.list", &[Noun::DnsZones]),
    ("vpcaccess.connectors.list", &[Noun::Interfaces]),
    ("run.services.list", &[Noun::Interfaces]),
];

#[test]
fn each_refusal_is_a_gap_that_hides_what_it_may() {
    let fake = FakeGcp::start(estate());
    for (permission, hides) in REFUSED {
        fake.clear().deny(permission);
        let snapshot = collect(&fake);
        let refused = gaps(&snapshot, permission);
        assert_eq!(refused.len(), 2, "{permission}: one for each project");
        for gap in refused {
            assert_eq!(gap.why, GapReason::AccessDenied, "{gap}");
            assert_eq!(gap.hides, hides, "{permission}");
            assert!(!gap.message.contains("canary"), "{gap}");
        }
    }
}

#[test]
fn facts_are_unknown_where_their_call_was_refused() {
    let fake = FakeGcp::start(estate());
    for permission in [
        "compute.firewalls.list",
        "compute.routes.list",
        "compute.networks.getRegionEffectiveFirewalls",
        "compute.globalAddresses.list",
        "compute.routers.list",
        "compute.vpnTunnels.list",
        "compute.projects.get",
        "networkconnectivity.policyBasedRoutes.list",
        "networkconnectivity.spokes.list",
        "networkconnectivity.hubs.list",
        "networksecurity.addressGroups.get",
        "dns.policies.list",
        "dns.resourceRecordSets.list",
        "redis.clusters.get",
        "memorystore.instances.get",
        "monitoring.timeSeries.list",
    ] {
        let calm = serde_json::to_string(&collect(fake.clear())).unwrap();
        fake.deny(permission);
        let snapshot = collect(&fake);
        let text = serde_json::to_string(&snapshot).unwrap();
        let unknown = |text: &str| text.matches("{\"unknown\":").count();
        assert!(unknown(&text) > unknown(&calm), "{permission}");
        assert!(!gaps(&snapshot, permission).is_empty(), "{permission}");
    }
}

#[test]
fn a_region_that_is_not_reached_is_a_gap_of_that_region() {
    let fake = FakeGcp::start(estate());
    for (permission, noun) in [
        ("redis.instances.list", Noun::Caches),
        ("redis.clusters.list", Noun::Caches),
        ("memorystore.instances.list", Noun::Caches),
        ("compute.subnetworks.list", Noun::Subnets),
        ("compute.instances.list", Noun::Interfaces),
        ("vpcaccess.connectors.list", Noun::Interfaces),
    ] {
        fake.clear().unreachable(permission, "europe-west1");
        let snapshot = collect(&fake);
        let partial = gaps(&snapshot, permission);
        assert_eq!(partial.len(), 2, "{permission}");
        for gap in partial {
            assert_eq!(gap.region.as_ref().unwrap().as_str(), "europe-west1");
            assert_eq!(gap.hides, [noun], "{permission}");
        }
    }
}

/// An item that stands for a region which was not reached is no cache.
#[test]
fn a_place_holder_is_a_gap() {
    let holder = serde_json::json!({"name": "projects/shop/locations/asia-east1/instances/-",
        "statusMessage": "the location is not reachable"});
    let fake = FakeGcp::start(estate().with("redis/projects/shop/instances", holder));
    let snapshot = collect(&fake);
    assert!(snapshot.caches.iter().all(|it| it.name != "-"));
    let partial = gaps(&snapshot, "redis.instances.list");
    assert_eq!(partial.len(), 1);
    assert_eq!(partial[0].region.as_ref().unwrap().as_str(), "asia-east1");
}

/// An API that is off has none of its things: no gap, said once.
#[test]
fn an_api_that_is_off_has_nothing() {
    let fake = FakeGcp::start(estate());
    fake.off("shop", "redis", None)
        .off("shop", "memcache", None);
    let (snapshot, told) = collect_with(&fake, Options::default(), hasty()).unwrap();
    assert!(gaps(&snapshot, "redis.instances.list").is_empty());
    assert!(
        snapshot
            .caches
            .iter()
            .all(|it| it.account.as_str() != "shop")
    );
    let off: Vec<_> = told.iter().filter(|it| it.contains(" off")).collect();
    assert_eq!(
        off,
        ["shop: redis.googleapis.com, memcache.googleapis.com off"]
    );
}

/// One that is off where the quota is counted tells nothing of the project.
#[test]
fn an_api_that_is_off_elsewhere_is_a_gap() {
    let fake = FakeGcp::start(estate());
    fake.off("shop", "redis", Some("projects/999"));
    let snapshot = collect(&fake);
    let gap = gaps(&snapshot, "redis.instances.list");
    assert_eq!(gap.len(), 1);
    assert!(gap[0].message.contains("SERVICE_DISABLED"), "{}", gap[0]);
    assert_eq!(gap[0].hides, [Noun::Caches]);
}

#[test]
fn what_heals_makes_no_difference() {
    let fake = FakeGcp::start(estate());
    let calm = collect(&fake);
    for kind in [
        FaultKind::Throttle,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::ResetBeforeAnswer,
        FaultKind::ResetInBody,
    ] {
        fake.clear().fault(Fault::new(kind).every(3));
        assert_eq!(collect(&fake), calm, "{kind:?}");
        assert!(fake.faulted(kind) > 0);
    }
}

#[test]
fn damaged_answers_are_no_answers() {
    let fake = FakeGcp::start(estate());
    for kind in [
        FaultKind::EmptyBody200,
        FaultKind::TruncatedBody200,
        FaultKind::Html200,
    ] {
        for permission in ["redis.instances.list", "compute.routes.list"] {
            fake.clear().fault(Fault::new(kind).on(permission));
            let snapshot = collect(&fake);
            let damaged = gaps(&snapshot, permission);
            assert_eq!(damaged.len(), 2, "{kind:?} {permission}");
            for gap in damaged {
                assert_eq!(gap.why, GapReason::Damaged, "{kind:?} {gap}");
            }
        }
    }
}

#[test]
fn pages_that_lead_in_a_circle_end() {
    let fake = FakeGcp::start(estate());
    fake.circular();
    let options = Options {
        projects: vec!["shop-net".to_owned()],
        organization: None,
    };
    let (snapshot, _) = collect_with(&fake, options, hasty()).unwrap();
    for permission in ["redis.instances.list", "compute.networks.list"] {
        let gap = gaps(&snapshot, permission);
        assert_eq!(gap[0].why, GapReason::Damaged, "{}", gap[0]);
    }
}

#[test]
fn what_hangs_ends_in_time() {
    let fake = FakeGcp::start(estate());
    fake.fault(Fault::new(FaultKind::Hang).on("compute.routes.list"));
    let start = Instant::now();
    let limits = Limits {
        call: Duration::from_secs(2),
        attempt: Duration::from_secs(1),
        ..hasty()
    };
    let (snapshot, _) = collect_with(&fake, Options::default(), limits).unwrap();
    assert!(start.elapsed() < Duration::from_secs(15));
    let gap = gaps(&snapshot, "compute.routes.list");
    assert_eq!(gap[0].why, GapReason::Timeout);
}

#[test]
fn a_project_that_answers_nothing_is_no_clean_one() {
    let fake = FakeGcp::start(estate());
    fake.deny_project("shop");
    let snapshot = collect(&fake);
    assert_eq!(snapshot.caches.len(), 5);
    let gap = gaps(&snapshot, "redis.instances.list");
    assert_eq!(gap[0].account.as_ref().unwrap().as_str(), "shop");
    fake.deny_project("shop-net");
    let nobody = collect_with(&fake, Options::default(), hasty());
    assert!(matches!(nobody, Err(GcpError::NobodyCouldBeAsked { .. })));
}

/// What a response policy holds that was not read may be about any name.
#[test]
fn a_response_policy_that_is_not_read_may_answer_for_all_names() {
    let fake = FakeGcp::start(estate());
    fake.deny("dns.responsePolicyRules.list");
    let snapshot = collect(&fake);
    let refused = gaps(&snapshot, "dns.responsePolicyRules.list");
    assert_eq!(refused[0].hides, [Noun::DnsZones]);
}

/// The peak of a cache whose project refuses metrics is unknown, never zero.
#[test]
fn what_was_not_measured_is_not_zero() {
    let fake = FakeGcp::start(estate());
    fake.off("shop-net", "monitoring", None);
    let snapshot = collect(&fake);
    for name in ["sessions", "catalog", "cart"] {
        let metric = &cache(&snapshot, name).metrics[0];
        assert!(metric.value.is_unknown(), "{name}");
    }
}
