//! Sets of ports.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PortRange;
use crate::{Interval, IntervalSet};

/// A set of TCP or UDP ports.
///
/// Costs are those of [`IntervalSet`]. `Ord` is for sorting and for keys. It says nothing
/// about inclusion: for that, see [`is_subset`](Self::is_subset).
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use = "operations leave their operands alone and return a new set"]
pub struct PortSet(IntervalSet<u16>);

impl PortSet {
    /// The set without ports.
    pub const fn empty() -> Self {
        Self(IntervalSet::empty())
    }

    /// All ports, with the reserved port 0.
    pub fn full() -> Self {
        Self(IntervalSet::full())
    }

    /// Whether there are no ports.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all ports are in the set.
    pub fn is_full(&self) -> bool {
        self.0.is_full()
    }

    /// Whether the port is in the set.
    pub fn contains(&self, port: u16) -> bool {
        self.0.contains(port)
    }

    /// What is in at least one of the two.
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }

    /// What is in this one and not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0))
    }

    /// All ports that are not in this one.
    pub fn complement(&self) -> Self {
        Self(self.0.complement())
    }

    /// Whether all ports are in the other one too; so the empty set always is.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether the two have no port in common.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }

    /// The least port.
    pub fn first(&self) -> Option<u16> {
        self.0.first()
    }

    /// The greatest port.
    pub fn last(&self) -> Option<u16> {
        self.0.last()
    }

    /// Number of ports, at most 65 536.
    pub fn count(&self) -> u32 {
        self.ranges()
            .map(|range| u32::from(range.last() - range.first()) + 1)
            .sum()
    }

    /// The fewest ranges that make up the set, in ascending order.
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = PortRange> + DoubleEndedIterator + Clone {
        self.0.intervals().map(PortRange::from)
    }
}

impl From<PortRange> for PortSet {
    fn from(range: PortRange) -> Self {
        Self(Interval::from(range).into())
    }
}

/// The union of ranges that come in any order and may overlap.
impl FromIterator<PortRange> for PortSet {
    fn from_iter<I: IntoIterator<Item = PortRange>>(ranges: I) -> Self {
        Self(ranges.into_iter().map(Interval::from).collect())
    }
}

/// Ranges with commas between, `32768-49151, 61000`; `nothing` if there are none.
impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ranges = self.ranges();
        let Some(first) = ranges.next() else {
            return f.write_str("nothing");
        };
        write!(f, "{first}")?;
        ranges.try_for_each(|range| write!(f, ", {range}"))
    }
}

/// Written as a set of ranges, `{32768-49151, 61000}`.
impl fmt::Debug for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.ranges()).finish()
    }
}

impl Serialize for PortSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.ranges())
    }
}

/// Reads ranges in any order; they may overlap.
impl<'de> Deserialize<'de> for PortSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<PortRange>::deserialize(deserializer).map(Self::from_iter)
    }
}

impl JsonSchema for PortSet {
    fn schema_name() -> Cow<'static, str> {
        "PortSet".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<PortRange>(),
            "description": "Set of ports as a list of ranges; empty for no ports.",
        })
    }
}
