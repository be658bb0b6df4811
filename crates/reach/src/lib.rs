//! Who can reach which cache, and what decides.
//!
//! Pure functions of a snapshot: [`Estate`] indexes it, [`connections`]
//! answers for clients and caches by name, [`reachability`] gathers what
//! policies judge, [`apply`] edits a copy.
//!
//! The engine decides for one client address, one node address and the whole
//! set of the client's source ports at a time (`decide`). Addresses that no
//! rule, route or list tells apart are decided once (`classes`), so that the
//! cost grows with rules and classes of clients, not with pairs.

mod admits;
mod audit;
mod azure;
mod classes;
mod client;
mod cores;
mod decide;
mod endpoint;
mod estate;
mod exposure;
mod filter;
mod fix;
mod gcp;
mod intent;
mod patch;
mod path;
mod peer;
mod place;
mod platform;
mod query;
mod remedy;
mod route;
mod rules;
mod seats;
mod selector;
mod step;
mod target;

pub use audit::{reachability, reachability_one_by_one};
pub use estate::Estate;
pub use fix::Narrower;
pub use patch::apply;
pub use query::{Query, QueryError, connections};
