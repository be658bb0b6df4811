//! Measured values.

use serde::{Deserialize, Serialize};

use crate::fact::Fact;

/// One measured value of a cache, over a number of days before the snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// The cloud's name for it: `CurrConnections`.
    pub name: String,
    /// How the values of the days were put together.
    pub statistic: Statistic,
    /// Over how many days before the snapshot.
    pub days: u32,
    /// The largest value over all nodes, in the cloud's unit; unknown where
    /// it was not read or the cloud had no value. Never zero for want of one.
    pub value: Fact<f64>,
    /// The node that has that value, where the metric is per node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}

/// How values were put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// The largest.
    Maximum,
    /// All together.
    Sum,
    /// The mean.
    Average,
}
