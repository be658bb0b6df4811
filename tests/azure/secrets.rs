//! Nothing secret gets out: not into reports, snapshots or logs.

use cachewarden_peers::{FakeAzure, Fault, FaultKind};

use super::{assert_reads, estate, with};
use crate::harness::Bench;

#[test]
fn secrets_appear_nowhere_at_the_highest_log_level() {
    let fake = FakeAzure::start(estate());
    fake.fault(Fault::new(FaultKind::AccessDenied).on("Microsoft.Network/routeTables/read"));
    fake.fault(Fault::new(FaultKind::TruncatedBody200).on("Microsoft.Network/natGateways/read"));
    fake.fault(Fault::new(FaultKind::Throttle).every(7));
    let secret = [
        ("AZURE_TENANT_ID", "99999999-0000-4000-8000-000000000000"),
        ("AZURE_CLIENT_ID", "88888888-0000-4000-8000-000000000000"),
        ("AZURE_CLIENT_SECRET", "canary-client-secret"),
    ];
    let issued = secret.iter().fold(
        with(Bench::new(), fake.env_without_token()),
        |it, (name, value)| it.with(name, value),
    );
    for bench in [with(Bench::new(), fake.env()), issued] {
        for arguments in [
            &["audit", "azure", "-vv", "--fail-on", "never"][..],
            &["reach", "azure", "-vv", "--format", "json"],
            &["collect", "azure", "-vv", "-o", "-"],
        ] {
            let run = bench.run(arguments).ends_with(0);
            assert!(
                run.stderr.contains("DEBUG") && run.stderr.contains("INFO"),
                "nothing is logged:\n{run}"
            );
            let all = format!("{}{}", run.stdout, run.stderr);
            for text in ["canary", "Bearer", "authorization", "client_secret"] {
                assert!(!all.contains(text), "{text} appears:\n{run}");
            }
        }
    }
    assert_reads(&fake);
}
