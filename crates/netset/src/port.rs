//! TCP and UDP ports, and which protocols have them: [`PortRange`] here, [`PortSet`] in
//! `set.rs`, [`Protocol`] in `protocol.rs`.

mod protocol;
mod set;

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Interval;

pub use protocol::{Protocol, ProtocolError};
pub use set::PortSet;

/// All ports from `first` to `last`, both included; never empty.
///
/// Ordered by first port, then by last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// All ports, with the reserved port 0.
    pub const ALL: Self = Self {
        first: 0,
        last: u16::MAX,
    };

    /// Client ports that an answer may return to, widest case (NAT gateway, Lambda, load
    /// balancer).
    ///
    /// Source: Amazon VPC User Guide, "Ephemeral ports".
    pub const EPHEMERAL: Self = Self {
        first: 1024,
        last: u16::MAX,
    };

    /// Client ports of a Linux host that was left as installed.
    ///
    /// Source: Linux kernel documentation, "IP Sysctl", default of
    /// `net.ipv4.ip_local_port_range`. The Amazon VPC User Guide rounds up to 61000.
    pub const EPHEMERAL_LINUX: Self = Self {
        first: 32_768,
        last: 60_999,
    };

    /// Client ports of a Windows host that was left as installed: the range that RFC 6335,
    /// section 6, names dynamic.
    ///
    /// Source: Microsoft Support, article 929851; Amazon VPC User Guide, "Ephemeral ports".
    pub const EPHEMERAL_WINDOWS: Self = Self {
        first: 49_152,
        last: u16::MAX,
    };

    /// From `first` to `last`, both included; `None` if they are the wrong way round.
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last {
            Some(Self { first, last })
        } else {
            None
        }
    }

    /// A single port.
    pub const fn single(port: u16) -> Self {
        Self {
            first: port,
            last: port,
        }
    }

    /// The least port.
    pub const fn first(&self) -> u16 {
        self.first
    }

    /// The greatest port.
    pub const fn last(&self) -> u16 {
        self.last
    }

    /// Whether the port lies within.
    pub const fn contains(&self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

impl From<PortRange> for Interval<u16> {
    fn from(range: PortRange) -> Self {
        Self::hull(range.first, range.last)
    }
}

impl From<Interval<u16>> for PortRange {
    fn from(interval: Interval<u16>) -> Self {
        Self {
            first: interval.first(),
            last: interval.last(),
        }
    }
}

/// `6379` for a single port, else `1024-65535`.
impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// As it is shown.
impl fmt::Debug for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for PortRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.first, self.last).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PortRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (first, last) = <(u16, u16)>::deserialize(deserializer)?;
        Self::new(first, last).ok_or_else(|| {
            D::Error::custom(format_args!(
                "port range `[{first}, {last}]` ends before it begins"
            ))
        })
    }
}

impl JsonSchema for PortRange {
    fn schema_name() -> Cow<'static, str> {
        "PortRange".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "integer", "minimum": 0, "maximum": u16::MAX },
            "minItems": 2,
            "maxItems": 2,
            "description": "First and last port, both included.",
            "examples": [[6379, 6379], [1024, 65535]],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_never_empty() {
        assert_eq!(PortRange::new(2, 1), None);
        assert_eq!(PortRange::new(1, 1), Some(PortRange::single(1)));
        assert_eq!(PortRange::new(0, 65_535), Some(PortRange::ALL));
    }

    #[test]
    fn both_ends_are_included() {
        let linux = PortRange::EPHEMERAL_LINUX;
        let found = [32_767, 32_768, 60_999, 61_000].map(|port| linux.contains(port));
        assert_eq!(found, [false, true, true, false]);
        assert!(PortRange::ALL.contains(0) && PortRange::ALL.contains(u16::MAX));
    }

    #[test]
    fn text_names_a_single_port_once() {
        assert_eq!(PortRange::single(6379).to_string(), "6379");
        assert_eq!(PortRange::EPHEMERAL.to_string(), "1024-65535");
        assert_eq!(PortRange::EPHEMERAL_LINUX.to_string(), "32768-60999");
        assert_eq!(PortRange::EPHEMERAL_WINDOWS.to_string(), "49152-65535");
    }

    #[test]
    fn json_is_a_pair() {
        for (range, json) in [
            (PortRange::single(6379), "[6379,6379]"),
            (PortRange::ALL, "[0,65535]"),
        ] {
            assert_eq!(serde_json::to_string(&range).unwrap(), json);
            assert_eq!(serde_json::from_str::<PortRange>(json).unwrap(), range);
        }
        let refusal = |json| {
            serde_json::from_str::<PortRange>(json)
                .unwrap_err()
                .to_string()
        };
        assert!(refusal("[5, 3]").starts_with("port range `[5, 3]` ends before it begins"));
        assert!(refusal("[5, 65536]").contains("65536"));
        assert!(refusal("[5]").contains("length 1"));
        assert!(refusal("[5, 6, 7]").contains("trailing"));
    }
}
