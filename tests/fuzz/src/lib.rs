//! What parsers and everything behind them are fed with: one function per
//! kind of input, which takes any bytes and must come back, seeds to start
//! from, and changes to make to them.
//!
//! The tests of this package make a few thousand changes, the same ones each
//! time; `fuzz/` hands the same functions to libFuzzer.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what must hold and does not is to stop the run"
)]

mod chance;
mod change;
mod feed;
mod seeds;

pub use chance::Chance;
pub use change::{changed, changed_json};
pub use feed::{config, policy, query, snapshot};
pub use seeds::seeds;

/// A kind of input.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name of its fuzz target and of the folder of its seeds.
    pub name: &'static str,
    /// Takes any bytes; stops if something that must hold does not.
    pub feed: fn(&[u8]),
    /// Makes another input of one.
    pub change: fn(&[u8], &mut Chance) -> Vec<u8>,
}

/// All kinds of input.
pub const TARGETS: [Target; 4] = [
    Target {
        name: "snapshot",
        feed: snapshot,
        change: changed_json,
    },
    Target {
        name: "policy",
        feed: policy,
        change: changed,
    },
    Target {
        name: "config",
        feed: config,
        change: changed,
    },
    Target {
        name: "query",
        feed: query,
        change: changed,
    },
];
