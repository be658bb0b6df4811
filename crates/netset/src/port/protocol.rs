//! What an IP packet carries.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::IntervalSet;

/// What a filter line says about the protocol of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// Whatever the packet carries.
    Any,
    /// The protocol with this number.
    ///
    /// Source: IANA, "Assigned Internet Protocol Numbers".
    Number(u8),
}

/// Something that names no protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a protocol, expected `tcp`, `udp`, `icmp`, `icmpv6`, `any` or 0 to 255")]
pub struct ProtocolError(String);

impl Protocol {
    /// Internet Control Message Protocol for IPv4.
    pub const ICMP: Self = Self::Number(1);
    /// Transmission Control Protocol.
    pub const TCP: Self = Self::Number(6);
    /// User Datagram Protocol.
    pub const UDP: Self = Self::Number(17);
    /// Internet Control Message Protocol for IPv6.
    pub const ICMPV6: Self = Self::Number(58);

    /// Whether this says at least as much as the other: `Any` covers all, a number only
    /// itself.
    pub fn covers(self, other: Self) -> bool {
        self == Self::Any || self == other
    }

    /// Whether every packet meant has ports: so for TCP and UDP, and not for `Any`.
    pub fn has_ports(self) -> bool {
        self == Self::TCP || self == Self::UDP
    }

    /// The numbers meant; never empty.
    pub fn numbers(self) -> IntervalSet<u8> {
        match self {
            Self::Any => IntervalSet::full(),
            Self::Number(number) => IntervalSet::point(number),
        }
    }
}

/// All names that are read, in lower case; several for [`Protocol::Any`].
const NAMES: [(&str, Protocol); 8] = [
    ("tcp", Protocol::TCP),
    ("udp", Protocol::UDP),
    ("icmp", Protocol::ICMP),
    ("icmpv6", Protocol::ICMPV6),
    ("any", Protocol::Any),
    ("all", Protocol::Any),
    ("*", Protocol::Any),
    ("-1", Protocol::Any),
];

/// Reads a name (`tcp`, `udp`, `icmp`, `icmpv6`), a number, or one of `any`, `all`, `*`
/// and `-1`. Case does not matter.
impl FromStr for Protocol {
    type Err = ProtocolError;

    fn from_str(text: &str) -> Result<Self, ProtocolError> {
        let mut names = NAMES.into_iter();
        if let Some((_, protocol)) = names.find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            return Ok(protocol);
        }
        // Rust's integers may carry a sign, a protocol number may not.
        match text.parse() {
            Ok(number) if !text.starts_with('+') => Ok(Self::Number(number)),
            _ => Err(ProtocolError(text.to_owned())),
        }
    }
}

/// `any`, one of the names `tcp`, `udp`, `icmp` and `icmpv6`, or else the number.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Any => f.pad("any"),
            Self::TCP => f.pad("tcp"),
            Self::UDP => f.pad("udp"),
            Self::ICMP => f.pad("icmp"),
            Self::ICMPV6 => f.pad("icmpv6"),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl Serialize for Protocol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Protocol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ProtocolVisitor)
    }
}

/// Parses from the input in place.
struct ProtocolVisitor;

impl Visitor<'_> for ProtocolVisitor {
    type Value = Protocol;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a protocol such as `tcp`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Protocol, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for Protocol {
    fn schema_name() -> Cow<'static, str> {
        "Protocol".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "IP protocol: `tcp`, `udp`, `icmp`, `icmpv6`, `any`, or its IANA number.",
            "examples": ["tcp", "any", "47"],
        })
    }
}
