//! The engine against an oracle that follows one packet on Google Cloud, on
//! random estates.
//!
//! | File | Holds |
//! |---|---|
//! | `packet.rs` | one packet from a client's address to an address and port of a cache |
//! | `egress.rs` | the rules that a packet meets on its way out |
//! | `road.rs` | the routes that it takes |
//! | `world.rs` | what the manuals leave open, and all packets that a client needs |
//! | `random.rs`, `random/` | estates from bytes |
//! | `cases.rs` | the oracle itself on estates made by hand |
//! | `cover.rs` | what the random estates come to |
//! | `agreement.rs`, `exposure.rs`, `stranger.rs`, `hide.rs` | what has to hold between engine and oracle |
//!
//! The oracle is written from the manuals; it knows no sets and reads nothing
//! of the engine. Where a manual leaves something open it takes the answer
//! from a [`World`](worlds::World): what the engine says for sure has to hold
//! in every one of them, and where nothing was left open the engine has to be
//! sure.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what is not there is to stop the test"
)]

mod agreement;
mod cases;
#[path = "../oracle/choices.rs"]
#[expect(
    clippy::indexing_slicing,
    reason = "test support: what is not there is to stop the test"
)]
mod choices;
mod cover;
mod egress;
mod exposure;
mod hide;
mod packet;
mod random;
mod road;
mod stranger;
mod world;
#[path = "../oracle/worlds.rs"]
mod worlds;
