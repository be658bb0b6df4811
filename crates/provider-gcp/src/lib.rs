//! Reads Memorystore for Redis, Redis Cluster and Valkey, and the networks
//! around them, from Google Cloud into a
//! [`Snapshot`](cachewarden_model::Snapshot).
//!
//! [`GcpProvider`] collects; [`permissions`] says what it needs to be
//! allowed. It only reads, and no call that it sends can return a secret.

mod adapt;
mod client;
mod collect;
mod environment;
mod error;
mod operation;
pub mod permissions;
mod wire;

pub use collect::{GcpProvider, Options};
pub use environment::{Environment, Secret};
pub use error::GcpError;
