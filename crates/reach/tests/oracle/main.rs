//! The engine against an oracle that judges one packet at a time, on random
//! estates.
//!
//! The oracle (`packet.rs` and below) is written from the manuals; it knows no
//! sets and no classes, and reads nothing of the engine.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test support: what is not there is to stop the test"
)]

mod agreement;
mod breaks;
mod choices;
mod fixes;
mod groups;
mod hide;
mod knowledge;
mod lists;
mod narrow;
mod pace;
mod packet;
mod random;
mod routing;
mod ruling;
mod sample;
mod transit;
