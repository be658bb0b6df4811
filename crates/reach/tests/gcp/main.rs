//! What each cause of a refusal on Google Cloud looks like: one change to an
//! estate in which everything works, the answer, and a twin one attribute
//! apart that has the other one.
//!
//! The name of a test begins with the row of the table of scenarios that it
//! stands for (`g1` to `g68`, `tests/scenarios/GCP.md`).
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what is not there is to stop the test"
)]

mod clients;
mod expect;
mod exposure;
mod firewalls;
mod hybrid;
mod intent;
mod knowledge;
mod links;
mod names;
mod policies;
mod psc;
mod reach;
mod routes;
mod rows;
mod service;
mod usage;
