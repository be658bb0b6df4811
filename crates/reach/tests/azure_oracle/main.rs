//! The engine against an oracle that follows one packet on Azure, on random
//! estates.
//!
//! The oracle (`packet.rs`) is written from the manuals; it knows no sets and
//! reads nothing of the engine. Where a manual leaves something open it takes
//! the answer as a [`World`](packet::World): what the engine says for sure has
//! to hold in every one of them.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what is not there is to stop the test"
)]

mod agreement;
#[path = "../oracle/choices.rs"]
#[expect(
    clippy::indexing_slicing,
    reason = "test support: what is not there is to stop the test"
)]
#[expect(dead_code, reason = "the other oracle makes more choices")]
mod choices;
mod hide;
mod packet;
mod random;
