//! Address blocks in prefix notation. How they are read and written is in `text.rs`.

#[cfg(test)]
mod tests;
mod text;

use std::iter::from_fn;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Family;
use super::word::{Span, Word};
use crate::Interval;

pub use text::CidrError;

/// A block of addresses with a common prefix, `10.0.0.0/16`.
///
/// Host bits are cleared when a block is made: whichever of its addresses it was
/// written with, the same block is the same value. Two blocks are nested or disjoint,
/// never anything between.
///
/// Ordered by first address, IPv4 before IPv6, and a block before those inside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    address: IpAddr,
    prefix_len: u8,
}

impl Cidr {
    /// All IPv4 addresses, `0.0.0.0/0`.
    pub const ANY_V4: Self = Self {
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        prefix_len: 0,
    };

    /// All IPv6 addresses, `::/0`.
    pub const ANY_V6: Self = Self {
        address: IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        prefix_len: 0,
    };

    /// The block of all addresses that begin with the same `prefix_len` bits as
    /// `address`.
    ///
    /// # Errors
    ///
    /// [`CidrError::Length`] if an address of this family has fewer bits.
    pub fn new(address: IpAddr, prefix_len: u8) -> Result<Self, CidrError> {
        let family = Family::from(address);
        if prefix_len > family.bits() {
            let length = prefix_len.to_string();
            return Err(CidrError::Length { length, family });
        }
        Ok(Self {
            address: Span::block(address, prefix_len).first(),
            prefix_len,
        })
    }

    /// The least address, which names the block; same as [`first`](Self::first).
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// Number of leading bits that all addresses of the block share.
    pub const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// The family of all addresses of the block.
    pub fn family(&self) -> Family {
        self.address.into()
    }

    /// The least address.
    pub const fn first(&self) -> IpAddr {
        self.address
    }

    /// The greatest address: of an IPv4 subnet, its broadcast address.
    pub fn last(&self) -> IpAddr {
        self.span().last()
    }

    /// Whether the address is in the block.
    pub fn contains(&self, address: IpAddr) -> bool {
        // All of IPv4 is ordered before all of IPv6: families never mix.
        self.first() <= address && address <= self.last()
    }

    /// Whether the other block is inside this one, or the same.
    pub fn covers(&self, other: &Self) -> bool {
        self.prefix_len <= other.prefix_len && self.contains(other.address)
    }

    /// Whether the two have an address in common: one of them covers the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// Whether the block is a whole family.
    pub const fn is_any(&self) -> bool {
        self.prefix_len == 0
    }

    /// The block as numbers.
    pub(super) fn span(self) -> Span {
        Span::block(self.address, self.prefix_len)
    }

    /// The fewest blocks that make up the run, in ascending order.
    pub(super) fn cover<W: Word>(run: Interval<W>) -> impl Iterator<Item = Self> {
        let mut rest = Some(run);
        from_fn(move || {
            let run = rest?;
            let prefix_len = W::widest_prefix(run);
            let block = run.first().block(prefix_len);
            rest = block
                .last()
                .next()
                .and_then(|next| Interval::new(next, run.last()));
            Some(Self {
                address: block.first().address(),
                prefix_len,
            })
        })
    }
}

/// The block of one address.
impl From<IpAddr> for Cidr {
    fn from(address: IpAddr) -> Self {
        Self {
            address,
            prefix_len: Family::from(address).bits(),
        }
    }
}
