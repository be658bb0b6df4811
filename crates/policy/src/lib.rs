//! Policies: what must hold of caches, of who can reach them and of who can
//! log in, as files of YAML with an expression each.
//!
//! [`Library::load`] makes valid policies of texts, [`judge`] compares a
//! snapshot and what follows from it with them. All built-in policies are
//! files under `policies/`, embedded; there is no check in code. Nothing here
//! reads a file, a clock or the environment.
//!
//! | File | Holds |
//! |---|---|
//! | `file.rs` | the shape of a policy as it is written |
//! | `load.rs` | texts → valid policies; all mistakes at once |
//! | `facts.rs` | the registry of facts: path, type, how it is read |
//! | `expr.rs` | expressions in three values, checked against the registry |
//! | `judge.rs` | policies × subjects → findings |
//! | `data.rs` | limits, dates and ports that the clouds publish |

mod builtin;
mod coverage;
mod data;
mod expr;
mod facts;
mod file;
mod glob;
mod judge;
mod library;
mod load;
mod mistake;
mod near;
mod place;
mod policy;
mod schema;
mod template;
mod test;
mod waiver;

pub use coverage::Coverage;
pub use data::DataTable;
pub use judge::{Judgement, judge};
pub use library::{Library, PackSummary, Source};
pub use load::Selection;
pub use mistake::{Mistake, PolicyErrors, Problem};
pub use policy::{CacheKind, Case, FixFor, Policy, Threshold};
pub use schema::policy_schema;
pub use test::CaseResult;
pub use waiver::Waiver;
