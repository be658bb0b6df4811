//! Answers of AWS in, snapshot out: over a server on this machine that
//! answers as AWS does.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: what fails ends the test"
)]

mod adapt {
    mod accounts;
    mod calls;
    mod endpoints;
    mod faults;
    mod harness;
    mod secrets;
    mod snapshots;
}
