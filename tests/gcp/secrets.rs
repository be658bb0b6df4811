//! Nothing secret gets out: not into reports, snapshots or logs.

use cachewarden_peers::{FakeGcp, Fault, FaultKind};
use serde_json::json;

use super::{assert_reads, estate, with};
use crate::harness::Bench;

#[test]
fn secrets_appear_nowhere_at_the_highest_log_level() {
    let fake = FakeGcp::start(estate());
    fake.fault(Fault::new(FaultKind::AccessDenied).on("compute.routers.list"));
    fake.fault(Fault::new(FaultKind::TruncatedBody200).on("dns.policies.list"));
    fake.fault(Fault::new(FaultKind::Throttle).every(7));
    let issued = with(Bench::new(), fake.env_without_token());
    let document = json!({
        "type": "service_account", "project_id": "shop", "private_key_id": "canary-key-id",
        "private_key": include_str!("../../crates/provider-gcp/tests/fixtures/key.pem"),
        "client_email": "auditor@shop.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": format!("{}/token", fake.endpoint()),
    });
    let file = issued.file("key.json", document.to_string());
    let issued = issued.with("GOOGLE_APPLICATION_CREDENTIALS", file.to_str().unwrap());
    for bench in [with(Bench::new(), fake.env()), issued] {
        for arguments in [
            &["audit", "gcp", "-vv", "--fail-on", "never"][..],
            &["reach", "gcp", "-vv", "--format", "json"],
            &["collect", "gcp", "-vv", "-o", "-"],
        ] {
            let run = bench.run(arguments).ends_with(0);
            assert!(
                run.stderr.contains("DEBUG") && run.stderr.contains("INFO"),
                "nothing is logged:\n{run}"
            );
            let all = format!("{}{}", run.stdout, run.stderr);
            for text in ["canary", "Bearer", "authorization", "PRIVATE KEY", "eyJ"] {
                assert!(!all.contains(text), "{text} appears:\n{run}");
            }
        }
    }
    assert_reads(&fake);
    // The AUTH string and tokens of caches are never asked for.
    for request in fake.requests() {
        for word in ["authString", "authTokens", "tokenAuthUsers"] {
            assert!(!request.path.contains(word), "{}", request.path);
        }
    }
}
