//! Reads ElastiCache, MemoryDB and the networks around them from AWS into a
//! [`Snapshot`](cachewarden_model::Snapshot).
//!
//! [`AwsProvider`] collects; [`permissions`] says what it needs to be
//! allowed. It only reads, and no call that it sends can return a secret.

mod adapt;
mod client;
mod collect;
mod error;
mod operation;
pub mod permissions;
mod place;

pub use client::Options;
pub use collect::AwsProvider;
pub use error::AwsError;
