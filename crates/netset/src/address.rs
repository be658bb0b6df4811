//! IP addresses: the two families, and below them blocks ([`Cidr`], `cidr.rs`) and sets
//! ([`AddressSet`], `set.rs`).
//!
//! An address belongs to the family it is written in. An IPv4-mapped IPv6 address is an
//! IPv6 address: on the wire and in a filter the two never meet.

mod cidr;
mod set;
mod space;
#[cfg(test)]
pub(crate) mod strategy;
mod word;

use std::fmt;
use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use cidr::{Cidr, CidrError};
pub use set::AddressSet;

/// One of the two kinds of IP address.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Family {
    /// Addresses of 32 bits, `10.0.0.1`.
    #[serde(rename = "ipv4")]
    V4,
    /// Addresses of 128 bits, `2001:db8::1`.
    #[serde(rename = "ipv6")]
    V6,
}

impl Family {
    /// Bits in an address, which is the prefix length of a single host.
    pub const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }
}

impl From<IpAddr> for Family {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

/// As in JSON, `ipv4` or `ipv6`.
impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::V4 => "ipv4",
            Self::V6 => "ipv6",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_reads_in_json_as_it_is_shown() {
        for family in [Family::V4, Family::V6] {
            let json = serde_json::to_string(&family).unwrap();
            assert_eq!(json, format!("\"{family}\""));
            assert_eq!(serde_json::from_str::<Family>(&json).unwrap(), family);
        }
    }

    #[test]
    fn a_mapped_address_is_ipv6() {
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert_eq!(Family::from(mapped), Family::V6);
    }
}
