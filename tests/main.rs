//! The binary from outside.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: what goes wrong in them ends the test"
)]

mod architecture;
#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "azure")]
mod azure;
mod cli;
#[cfg(feature = "gcp")]
mod gcp;
mod harness;
mod scenarios;
