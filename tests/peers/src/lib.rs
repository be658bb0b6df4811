//! Stand-ins for AWS, Azure and Google Cloud that the end-to-end tests talk to, on 127.0.0.1 only. Never part of what
//! is shipped.
//!
//! - [`FakeAws`] answers from an [`Estate`] in the wire formats of EC2, ElastiCache, MemoryDB, CloudWatch and
//!   STS, pages, fails on demand ([`Fault`]) and keeps a record of every [`Request`].
//! - [`FakeAzure`] answers from an [`AzureEstate`] as Azure Resource Manager does, checks tokens and versions,
//!   and fails by the same [`Fault`]s.
//! - [`FakeGcp`] answers from a [`GcpEstate`] as Google's APIs do, with pages, places that were not reached and enums
//!   as numbers, and fails by the same [`Fault`]s.
//! - [`moto`] starts a `moto_server` and builds networks in it, for tests whose EC2 side is to behave
//!   rather than to be written down; [`FakeAws::forward_ec2_to`] joins the two.
//!
//! How names are spelled on the wire stands in `shapes.txt`, written by `shapes.py`; which operations exist,
//! how they page and what they need stands in `operations.rs`. A new operation is a line in each.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "support code of tests: a wrong estate or a port that cannot be bound ends the test; \
              what a JSON value does not have reads as null"
)]

mod answer;
mod azure;
mod connection;
mod document;
mod estate;
mod fake;
mod fault;
mod forward;
mod gcp;
mod http;
mod identity;
mod metrics;
pub mod moto;
mod operations;
mod page;
mod protocol;
mod record;
mod refusal;
mod select;
mod shapes;
mod xml;

pub use azure::{AzureEstate, AzureRequest, FakeAzure};
pub use estate::Estate;
pub use fake::{DEFAULT_ACCOUNT, FakeAws};
pub use fault::{Fault, FaultKind};
pub use gcp::{FakeGcp, GcpEstate, GcpRequest};
pub use record::Request;
