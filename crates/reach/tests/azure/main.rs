//! What each cause of a refusal on Azure looks like: one change to an estate
//! in which everything works, the answer, and a twin one attribute apart that
//! has the other one.
//!
//! The name of a test begins with the row of the table of scenarios that it
//! stands for (`s1` to `s58`, `tests/scenarios/AZURE.md`).
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what is not there is to stop the test"
)]

mod expect;
mod firewall;
mod groups;
mod injected;
mod knowledge;
mod links;
mod names;
mod private;
mod reach;
mod routes;
mod rows;
mod service;
