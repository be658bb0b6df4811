//! What botocore, AWS's own client, reads from the fake: every member of every answer.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use cachewarden_peers::{Estate, FakeAws, Fault, FaultKind, moto};

/// Runs one of the package's scripts with the Python that moto lives in; its output.
fn python(script: &str, arguments: &[&str], environment: &[(String, String)]) -> String {
    let python = moto::python().unwrap_or_else(|error| panic!("{error}"));
    let output = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
        .args(arguments)
        .envs(environment.iter().cloned())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

#[test]
#[ignore = "needs botocore: run tests/run"]
fn botocore_reads_what_the_estate_says() {
    let text = python("roundtrip.py", &["estate"], &[]);
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("roundtrip.json");
    std::fs::write(&file, &text).unwrap();
    let fake = FakeAws::start(Estate::new(serde_json::from_str(&text).unwrap()));
    fake.page_size(2)
        .fault(Fault::new(FaultKind::AccessDenied).region("denied-1"))
        .fault(Fault::new(FaultKind::Throttle).region("throttled-1"))
        .fault(Fault::new(FaultKind::ExpiredToken).region("expired-1"));
    let file = file.to_str().unwrap();
    let report = python(
        "roundtrip.py",
        &["compare", &fake.endpoint(), file],
        &fake.env(),
    );
    assert!(report.ends_with(" operations\n"), "{report}");
    assert!(
        fake.requests()
            .iter()
            .all(cachewarden_peers::Request::only_reads)
    );
}

/// botocore takes the elements of a list whatever they are called, the Rust SDK does not: their names are
/// only proven here.
#[test]
#[ignore = "needs botocore: run tests/run"]
fn shapes_are_those_of_botocore() {
    let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/shapes.txt");
    python("shapes.py", &["--check", shapes.to_str().unwrap()], &[]);
}
