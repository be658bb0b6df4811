//! Answers of Azure in, snapshot out: over a server on this machine that
//! answers as Azure Resource Manager does.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: what fails ends the test"
)]

mod adapt {
    mod access;
    mod calls;
    mod faults;
    mod harness;
    mod links;
    mod oddities;
    mod snapshots;
    mod subscriptions;
}
