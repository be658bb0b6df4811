//! Addresses as plain integers: the bit arithmetic of blocks, once for both families.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Interval, Point};

/// The integer behind the addresses of one family.
pub(super) trait Word: Point {
    /// The address with these bits.
    fn address(self) -> IpAddr;

    /// All words that begin with the same `prefix_len` bits as this one.
    fn block(self, prefix_len: u8) -> Interval<Self>;

    /// The prefix length of the largest block that starts where the run does and stays
    /// inside it.
    fn widest_prefix(run: Interval<Self>) -> u8;
}

/// An unbroken run of addresses, which is always within one family.
#[derive(Clone, Copy)]
pub(super) enum Span {
    V4(Interval<u32>),
    V6(Interval<u128>),
}

impl Span {
    /// From `first` to `last`; `None` if they are the wrong way round or of two families.
    pub(super) fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                Interval::new(first.to_bits(), last.to_bits()).map(Self::V4)
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                Interval::new(first.to_bits(), last.to_bits()).map(Self::V6)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => None,
        }
    }

    /// All addresses that begin with the same `prefix_len` bits as this one.
    pub(super) fn block(address: IpAddr, prefix_len: u8) -> Self {
        match address {
            IpAddr::V4(address) => Self::V4(address.to_bits().block(prefix_len)),
            IpAddr::V6(address) => Self::V6(address.to_bits().block(prefix_len)),
        }
    }

    /// The least address.
    pub(super) fn first(self) -> IpAddr {
        match self {
            Self::V4(run) => run.first().address(),
            Self::V6(run) => run.first().address(),
        }
    }

    /// The greatest address.
    pub(super) fn last(self) -> IpAddr {
        match self {
            Self::V4(run) => run.last().address(),
            Self::V6(run) => run.last().address(),
        }
    }
}

macro_rules! impl_word {
    ($integer:ty, $address:ty) => {
        impl Word for $integer {
            fn address(self) -> IpAddr {
                <$address>::from_bits(self).into()
            }

            fn block(self, prefix_len: u8) -> Interval<Self> {
                // A host's prefix takes all bits: the shift is out of range, none are left.
                let host_bits = <$integer>::MAX
                    .checked_shr(u32::from(prefix_len))
                    .unwrap_or(0);
                Interval::hull(self & !host_bits, self | host_bits)
            }

            #[expect(clippy::cast_possible_truncation, reason = "at most 128")]
            fn widest_prefix(run: Interval<Self>) -> u8 {
                // Only of a whole family the size is out of range.
                let size = (run.last() - run.first()).checked_add(1);
                let host_bits = size
                    .map_or(<$integer>::BITS, <$integer>::ilog2)
                    .min(run.first().trailing_zeros());
                (<$integer>::BITS - host_bits) as u8
            }
        }
    };
}

impl_word!(u32, Ipv4Addr);
impl_word!(u128, Ipv6Addr);
