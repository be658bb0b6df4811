//! Reads Azure Cache for Redis, Azure Managed Redis and the networks around
//! them from Azure into a [`Snapshot`](cachewarden_model::Snapshot).
//!
//! [`AzureProvider`] collects; [`permissions`] says what it needs to be
//! allowed. It only reads, and no call that it sends can return a secret.

mod adapt;
mod client;
mod cloud;
mod collect;
mod environment;
mod error;
mod operation;
pub mod permissions;
mod wire;

pub use cloud::CloudName;
pub use collect::{AzureProvider, Options};
pub use environment::Environment;
pub use error::AzureError;
