//! Blocks as text: parsing, display, serde, JSON schema.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Cidr;
use crate::Family;

/// Why something is not an address block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    /// What should be an address is none.
    #[error("`{0}` is not an ip address")]
    Address(String),
    /// The prefix length is not a number, or the addresses have fewer bits.
    #[error("`{length}` is not a prefix length of {family}, expected 0 to {}", family.bits())]
    Length {
        /// What stands in its place.
        length: String,
        /// The family of the address before it.
        family: Family,
    },
}

/// Reads `10.0.0.0/16`. Host bits may be set and are cleared; a bare address is the
/// block of that one address.
impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let parse = |address: &str| -> Result<IpAddr, CidrError> {
            address
                .parse()
                .map_err(|_| CidrError::Address(address.to_owned()))
        };
        let Some((address, length)) = text.split_once('/') else {
            return parse(text).map(Self::from);
        };
        let address = parse(address)?;
        // Rust's integers may carry a sign, a prefix length may not.
        match length.parse() {
            Ok(bits) if !length.starts_with('+') => Self::new(address, bits),
            _ => Err(CidrError::Length {
                length: length.to_owned(),
                family: address.into(),
            }),
        }
    }
}

/// Always with its length, `10.0.0.1/32`.
impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_len)
    }
}

/// As it is shown.
impl fmt::Debug for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Cidr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(CidrVisitor)
    }
}

/// Parses from the input in place: a snapshot holds many thousands of blocks.
struct CidrVisitor;

impl Visitor<'_> for CidrVisitor {
    type Value = Cidr;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address block such as `10.0.0.0/16`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cidr, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for Cidr {
    fn schema_name() -> Cow<'static, str> {
        "Cidr".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "cidr",
            "description": "Block of IPv4 or IPv6 addresses in prefix notation. \
                Host bits are cleared; a bare address is a block of one.",
            "examples": ["10.0.0.0/16", "2001:db8::/32"],
        })
    }
}
