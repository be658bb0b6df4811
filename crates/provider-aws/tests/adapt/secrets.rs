//! What must not be seen is not seen: neither in the snapshot, nor in what
//! is told meanwhile, nor in debug output.

use std::sync::Arc;

use cachewarden_peers::{FakeAws, Fault, FaultKind};
use cachewarden_provider_aws::{AwsProvider, Options};

use super::harness::{collect_told, config, estate, hasty};

/// What the fake's credentials and error texts hold.
const CANARIES: [&str; 7] = [
    "secret-of-a-user",
    "secret-of-a-role",
    "session-of-",
    "AKIAPEER",
    "ASIAPEER",
    "user/auditor",
    "Signature",
];

fn assert_clean(text: &str, whence: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{whence} shows `{canary}`: {text}");
    }
}

#[test]
fn no_secret_leaves_a_collection() {
    for kind in [
        FaultKind::AccessDenied,
        FaultKind::ExpiredToken,
        FaultKind::Throttle,
        FaultKind::Status(400),
        FaultKind::Status(500),
        FaultKind::Html200,
        FaultKind::ResetInBody,
    ] {
        let fake = FakeAws::start(estate("configured"));
        fake.fault(Fault::new(kind).on("ec2:*").region("eu-west-1"));
        fake.fault(Fault::new(kind).on("memorydb:*"));
        fake.fault(Fault::new(kind).on("cloudwatch:*"));
        fake.fault(Fault::new(kind).on("elasticache:DescribeUsers"));
        let options = Options {
            role_arns: vec!["arn:aws:iam::123456789012:role/reader".into()],
            ..Options::default()
        };
        let mut limits = hasty();
        limits.call = std::time::Duration::from_millis(400);
        let told = Arc::default();
        let snapshot = collect_told(&fake, options, limits, &told).unwrap();
        assert!(!snapshot.gaps.is_empty());
        assert_clean(&serde_json::to_string(&snapshot).unwrap(), "the snapshot");
        assert_clean(&format!("{snapshot:?}"), "the snapshot's debug output");
        assert_clean(&told.lock().unwrap().join("\n"), "progress");
    }
}

#[test]
fn no_secret_is_in_an_error_or_in_debug_output() {
    let fake = FakeAws::start(estate("configured"));
    fake.fault(Fault::new(FaultKind::AccessDenied).on("sts:*"));
    let error = collect_told(&fake, Options::default(), hasty(), &Arc::default()).unwrap_err();
    assert_clean(&format!("{error} {error:?}"), "the error");
    let provider = AwsProvider::with_config(Options::default(), config(&fake));
    assert_clean(&format!("{provider:?}"), "the provider");
}
