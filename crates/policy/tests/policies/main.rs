//! The library and its verdicts, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod azure;
mod builtin;
mod connections;
mod estate;
mod gcp;
mod golden;
mod judging;
mod loading;
mod narrowing;
mod networks;
mod selecting;
mod subjects;
mod waiving;
