//! Answers of Google Cloud in, snapshot out: over a server on this machine
//! that answers as Google's APIs do.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: what fails ends the test"
)]

mod adapt {
    mod calls;
    mod faults;
    mod harness;
    mod oddities;
    mod projects;
    mod snapshots;
}
