//! What AWS refuses, delays or damages ends in gaps, and never in an answer
//! that was not seen.

use std::time::{Duration, Instant};

use cachewarden_peers::{FakeAws, Fault, FaultKind};
use serde_json::Value;

use super::{account, assert_reads, bench_at};
use crate::harness::{Bench, Run};

fn reach(bench: &Bench) -> Run {
    bench.run(&["reach", "aws", "--format", "json", "--strict"])
}

/// Asserts a gap of this call for this reason, and that nothing is called
/// open.
#[track_caller]
fn assert_gap(run: &Run, what: &str, why: &str) {
    let report = run.json();
    let gaps = report["gaps"].as_array().unwrap();
    let found = gaps
        .iter()
        .any(|gap| gap["what"] == what && gap["why"] == why);
    assert!(found, "no gap {what} {why}:\n{run}");
    assert_eq!(report["summary"]["connections"]["open"], 0, "{run}");
}

#[test]
fn a_refused_call_is_a_gap_and_leaves_its_facts_unknown() {
    for action in [
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroupRules",
        "ec2:DescribeSubnets",
        "elasticache:DescribeCacheSubnetGroups",
        "elasticache:DescribeCacheClusters",
    ] {
        let fake = FakeAws::start(account::estate());
        fake.fault(
            Fault::new(FaultKind::AccessDenied)
                .on(action)
                .region(account::REGION),
        );
        let bench = bench_at(&fake);
        let run = reach(&bench).ends_with(3);
        assert_gap(&run, action, "access-denied");
        assert!(
            run.stderr.contains(&format!("warning: not seen: {action}")),
            "{run}"
        );
        assert_reads(&fake);
    }
}

#[test]
fn credentials_that_may_nothing_are_no_clean_account() {
    let fake = FakeAws::start(account::estate());
    for service in ["ec2", "elasticache", "memorydb", "cloudwatch"] {
        fake.fault(Fault::new(FaultKind::AccessDenied).on(&format!("{service}:*")));
    }
    let bench = bench_at(&fake);
    for arguments in [
        &["audit", "aws"][..],
        &["audit", "aws", "--aws-region", account::REGION],
        &["reach", "aws", "--aws-region", account::REGION],
    ] {
        let run = bench.run(arguments).ends_with(2);
        assert!(format!("{run}").contains("access-denied"), "{run}");
    }
}

#[test]
fn what_is_refused_shows_in_every_report_and_code() {
    let fake = FakeAws::start(account::estate());
    fake.fault(Fault::new(FaultKind::AccessDenied).on("ec2:DescribeNetworkAcls"));
    let bench = bench_at(&fake);
    let why = [
        "why",
        "--client",
        account::CLIENT,
        "--cache",
        "sessions",
        "aws",
    ];
    let run = bench.run(&why).ends_with(3);
    assert!(
        run.stdout.starts_with("UNKNOWN") && run.stdout.contains("ec2:DescribeNetworkAcls"),
        "{run}"
    );
    let run = bench
        .run(&["audit", "aws", "--fail-on", "never"])
        .ends_with(0);
    assert!(
        run.stdout.contains("1 refused: ec2:DescribeNetworkAcls"),
        "{run}"
    );
    bench
        .run(&["audit", "aws", "--fail-on", "never", "--strict"])
        .ends_with(3);
    bench
        .run(&["collect", "aws", "-o", "a.json", "--strict"])
        .ends_with(3);
    // It is not forgotten on disk.
    bench.run(&["reach", "a.json", "--strict"]).ends_with(3);
}

#[test]
fn a_throttled_account_is_read_all_the_same() {
    let snapshot = |bench: &Bench| {
        let run = bench
            .run(&["collect", "aws", "-o", "-", "-q", "--strict"])
            .ends_with(0);
        let mut snapshot = run.json();
        snapshot["collected_at"] = Value::Null;
        snapshot
    };
    let fake = FakeAws::start(account::estate());
    let calm = snapshot(&bench_at(&fake));
    fake.fault(Fault::new(FaultKind::Throttle).every(3));
    assert_eq!(snapshot(&bench_at(&fake)), calm);
    assert!(
        fake.requests()
            .iter()
            .any(|it| it.fault == Some(FaultKind::Throttle))
    );
}

#[test]
fn damaged_answers_are_no_answers() {
    for kind in [
        FaultKind::TruncatedBody200,
        FaultKind::EmptyBody200,
        FaultKind::Html200,
    ] {
        for action in [
            "ec2:DescribeNetworkAcls",
            "elasticache:DescribeReplicationGroups",
        ] {
            let fake = FakeAws::start(account::estate());
            fake.fault(Fault::new(kind).on(action).region(account::REGION));
            let run = reach(&bench_at(&fake));
            // Without a single cache in sight the work is not done at all.
            assert!(run.code == 2 || run.code == 3, "{run}");
            assert_gap(&run, action, "damaged");
        }
    }
}

#[test]
fn a_call_that_hangs_ends_with_the_time_limit() {
    let fake = FakeAws::start(account::estate());
    fake.fault(Fault::new(FaultKind::Hang).on("ec2:DescribeNetworkAcls"));
    let bench = bench_at(&fake);
    let start = Instant::now();
    let run = bench
        .run(&[
            "reach",
            "aws",
            "--format",
            "json",
            "--strict",
            "--timeout",
            "6",
        ])
        .ends_with(3);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    assert_gap(&run, "ec2:DescribeNetworkAcls", "timeout");
}

#[test]
fn credentials_that_are_no_good_are_an_error() {
    let fake = FakeAws::start(account::estate());
    fake.fault(Fault::new(FaultKind::ExpiredToken));
    let run = bench_at(&fake).run(&["audit", "aws"]).ends_with(2);
    assert!(run.stdout.is_empty(), "{run}");
    run.says(&[
        "error: no account could be asked",
        "help: check with `aws sts get-caller-identity`",
    ]);
    let none = Bench::new()
        .with("AWS_ENDPOINT_URL", &fake.endpoint())
        .with("AWS_REGION", "eu-west-1");
    none.run(&["audit", "aws", "--timeout", "20"])
        .ends_with(2)
        .says(&["error: no account could be asked"]);
}

/// Asks for the one connection of the account.
fn why(fake: &FakeAws) -> Run {
    let region = account::REGION;
    let asked = ["--client", account::CLIENT, "--cache", "sessions"];
    let options = ["--aws-region", region, "--timeout", "20", "-q"];
    bench_at(fake).run(&[&["why", "aws"][..], &asked, &options].concat())
}

/// `why` ends with 0 only where it is open.
#[test]
fn whatever_is_refused_opens_nothing_that_is_blocked() {
    why(&FakeAws::start(account::admitting(6379))).ends_with(0);
    why(&FakeAws::start(account::admitting(6380))).ends_with(1);
    let policy = Bench::new()
        .run(&["permissions", "aws"])
        .ends_with(0)
        .json();
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    assert!(actions.len() > 30, "{policy}");
    for action in actions {
        let action = action.as_str().unwrap();
        let fake = FakeAws::start(account::admitting(6380));
        fake.fault(Fault::new(FaultKind::AccessDenied).on(action));
        let run = why(&fake);
        assert!((1..=3).contains(&run.code), "{action}: {run}");
    }
}

#[test]
fn credentials_that_expire_midway_open_nothing() {
    for port in [6379, 6380] {
        let fake = FakeAws::start(account::admitting(port));
        fake.fault(Fault::new(FaultKind::ExpiredToken).on("ec2:DescribeNetworkAcls"));
        fake.fault(Fault::new(FaultKind::ExpiredToken).on("ec2:DescribeRouteTables"));
        let run = reach(&bench_at(&fake)).ends_with(3);
        assert_gap(&run, "ec2:DescribeNetworkAcls", "access-denied");
        let run = why(&fake);
        assert!(run.code == 3 || (port == 6380 && run.code == 1), "{run}");
    }
}

#[test]
fn a_region_that_answers_nothing_is_a_gap_and_no_clean_region() {
    let fake = FakeAws::start(account::estate());
    for service in ["ec2", "elasticache", "memorydb", "cloudwatch", "tag"] {
        let fault = Fault::new(FaultKind::ResetBeforeAnswer).on(&format!("{service}:*"));
        fake.fault(fault.region("us-east-1"));
    }
    let regions = ["--aws-region", account::REGION, "--aws-region", "us-east-1"];
    let arguments = [
        "reach",
        "aws",
        "--format",
        "json",
        "--strict",
        "--timeout",
        "20",
    ];
    let start = Instant::now();
    let run = bench_at(&fake)
        .run(&[&arguments[..], &regions].concat())
        .ends_with(3);
    assert!(start.elapsed() < Duration::from_secs(40), "{run}");
    let report = run.json();
    let gaps = report["gaps"].as_array().unwrap();
    let dark = gaps.iter().filter(|gap| gap["region"] == "us-east-1");
    assert_eq!(dark.count(), 4, "{run}");
    // The other region is judged as ever.
    assert_eq!(report["summary"]["connections"]["open"], 1, "{run}");
}
