//! What policies find in the estates: one change to an estate in which
//! everything works, the policy that fails, and a twin one attribute apart in
//! which it does not.
//!
//! The name of a test begins with the row of the table of scenarios that it
//! stands for (`tests/scenarios/README.md`).
#![expect(
    clippy::expect_used,
    reason = "test support: what is not there is to stop the test"
)]

mod azure;
mod expect;
mod exposure;
mod login;
mod service;
