//! The engine against an oracle that follows one packet on Azure, on random
//! estates.
//!
//! | File | Holds |
//! |---|---|
//! | `packet.rs` | one packet from a client's address to the cache |
//! | `names.rs` | what the cache's name leads to |
//! | `groups.rs` | network security groups and administrator rules |
//! | `routes.rs` | routes and peerings |
//! | `world.rs` | what the manuals leave open, and all packets of a connection |
//! | `random.rs` | estates from bytes |
//! | `agreement.rs` | what has to hold between engine and oracle |
//! | `hide.rs` | what has to hold where a fact is missing |
//!
//! The oracle is written from the manuals; it knows no sets and reads nothing
//! of the engine. Where a manual leaves something open it takes the answer
//! from a [`World`](worlds::World): what the engine says for sure has to hold
//! in every one of them.
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
mod groups;
mod hide;
mod names;
mod packet;
mod random;
mod routes;
mod world;
#[path = "../oracle/worlds.rs"]
#[expect(
    dead_code,
    reason = "the other oracle asks whether anything was left open"
)]
mod worlds;
