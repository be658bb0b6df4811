//! Nothing secret gets out: not into reports, snapshots or logs.

use cachewarden_peers::{FakeAws, Fault, FaultKind};

use super::{account, assert_reads, bench_at};

const SECRETS: [(&str, &str); 2] = [
    ("AWS_SECRET_ACCESS_KEY", "canary-secret-key"),
    ("AWS_SESSION_TOKEN", "canary-session-token"),
];

#[test]
fn secrets_appear_nowhere_at_the_highest_log_level() {
    let fake = FakeAws::start(account::estate());
    fake.fault(Fault::new(FaultKind::AccessDenied).on("ec2:DescribeNetworkAcls"));
    fake.fault(Fault::new(FaultKind::TruncatedBody200).on("ec2:DescribeRouteTables"));
    fake.fault(Fault::new(FaultKind::Throttle).every(7));
    let bench = SECRETS
        .iter()
        .fold(bench_at(&fake), |it, (name, value)| it.with(name, value));
    for arguments in [
        &["audit", "aws", "-vv", "--fail-on", "never"][..],
        &["reach", "aws", "-vv", "--format", "json"],
        &["collect", "aws", "-vv", "-o", "-"],
    ] {
        let run = bench.run(arguments).ends_with(0);
        assert!(
            run.stderr.contains("DEBUG") && run.stderr.contains("INFO"),
            "nothing is logged:\n{run}"
        );
        let all = format!("{}{}", run.stdout, run.stderr);
        for text in [
            "canary",
            "AWS4-HMAC",
            "X-Amz-Security-Token",
            "x-amz-security-token",
            "Signature=",
        ] {
            assert!(!all.contains(text), "{text} appears:\n{run}");
        }
    }
    assert_reads(&fake);
}
