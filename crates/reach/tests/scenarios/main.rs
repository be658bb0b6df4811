//! What each cause of a refusal looks like: one change to an estate in which
//! everything works, the answer, and a twin one attribute apart that has the
//! other one.
//!
//! The name of a test begins with the row of the table of scenarios that it
//! stands for (`a1` to `f8`, `tests/scenarios/README.md`).
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what is not there is to stop the test"
)]

mod access_lists;
mod encryption;
mod expect;
mod exposure;
mod families;
mod groups;
mod groups_across;
mod idle;
mod knowledge;
mod narrow;
mod routes;
mod service;
mod transit;
