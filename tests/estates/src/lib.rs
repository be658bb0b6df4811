//! Made-up estates: snapshots that tests and benchmarks start from.
//!
//! | Module | Holds |
//! |---|---|
//! | [`noun`] | one network, group, interface, cache, link, as AWS makes them by default |
//! | [`Estate`] | a snapshot under construction |
//! | [`base`](mod@base) | the estate in which everything works, and its neighbours: peered, routed, dual-stack, serverless |
//! | [`change`] | one function per thing that somebody may do to it |
//! | [`demo`](mod@demo) | a small company with a case of each kind |
//! | [`large`](mod@large) | an estate of any size |
//! | [`azure`] | the same for Azure: a base and what may be done to it |
//! | [`gcp`] | the same for Google Cloud |
//!
//! ```
//! use cachewarden_estates::{base, change::inbound, ids::*, noun::{group, tcp}};
//!
//! // The rule of the cache's group names another port.
//! let snapshot = base().with(inbound(SG_CACHE, [tcp(6380).from(group(SG_APP))])).build();
//! assert_eq!(snapshot.caches.len(), 1);
//! ```
//!
//! Nothing here decides anything: what an estate lets through is said by the
//! tests that use it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: a wrong id in a test is to stop it"
)]

pub mod azure;
pub mod base;
pub mod change;
pub mod demo;
mod estate;
pub mod gcp;
pub mod ids;
pub mod large;
pub mod noun;
mod place;

pub use base::base;
pub use demo::demo;
pub use estate::Estate;
pub use large::large;
pub use place::{Place, zone};
