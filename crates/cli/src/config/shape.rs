//! The shape of a configuration as it is written.

use cachewarden_model::Expectation;
use cachewarden_policy::{Selection, Waiver};
use schemars::JsonSchema;
use serde::Deserialize;

/// A configuration.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "cachewarden.yaml")]
pub(crate) struct Config {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    pub(crate) version: u32,
    /// What must, or must not, connect.
    #[serde(default)]
    pub(crate) expect: Vec<Expectation>,
    /// Which policies judge, and how.
    #[serde(default)]
    pub(crate) policies: Selection,
    /// Risks that are accepted.
    #[serde(default)]
    pub(crate) waivers: Vec<Waiver>,
}
