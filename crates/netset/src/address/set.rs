//! Sets of addresses of both families.

#[cfg(test)]
mod tests;
mod text;

use std::net::IpAddr;

use super::word::{Span, Word};
use super::{Cidr, Family};
use crate::{Interval, IntervalSet};

/// A set of IPv4 and IPv6 addresses.
///
/// The two families lie side by side, and each operation works on both: the complement
/// of an IPv4 set holds all of IPv6. [`family`](Self::family) restricts to one of them.
/// Costs are those of [`IntervalSet`], with adjacent blocks counted as one range.
///
/// `Ord` is for sorting and for keys. It says nothing about inclusion: for that, see
/// [`is_subset`](Self::is_subset).
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use = "operations leave their operands alone and return a new set"]
pub struct AddressSet {
    v4: IntervalSet<u32>,
    v6: IntervalSet<u128>,
}

impl AddressSet {
    /// The set without addresses.
    pub const fn empty() -> Self {
        Self {
            v4: IntervalSet::empty(),
            v6: IntervalSet::empty(),
        }
    }

    /// All addresses of both families.
    pub fn full() -> Self {
        Self {
            v4: IntervalSet::full(),
            v6: IntervalSet::full(),
        }
    }

    /// All addresses of one family.
    pub fn all(family: Family) -> Self {
        Self::full().family(family)
    }

    /// From `first` to `last`, both included; `None` if they are the wrong way round or
    /// of two families.
    pub fn range(first: IpAddr, last: IpAddr) -> Option<Self> {
        Span::new(first, last).map(|span| Self::from_spans([span]))
    }

    /// The IPv4 addresses as numbers.
    pub const fn v4(&self) -> &IntervalSet<u32> {
        &self.v4
    }

    /// The IPv6 addresses as numbers.
    pub const fn v6(&self) -> &IntervalSet<u128> {
        &self.v6
    }

    /// The addresses that are of this family.
    pub fn family(&self, family: Family) -> Self {
        match family {
            Family::V4 => Self {
                v4: self.v4.clone(),
                v6: IntervalSet::empty(),
            },
            Family::V6 => Self {
                v4: IntervalSet::empty(),
                v6: self.v6.clone(),
            },
        }
    }

    /// Whether there are no addresses.
    pub const fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether all addresses of both families are in the set.
    pub fn is_full(&self) -> bool {
        self.v4.is_full() && self.v6.is_full()
    }

    /// Whether the address is in the set.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(address.to_bits()),
            IpAddr::V6(address) => self.v6.contains(address.to_bits()),
        }
    }

    /// Whether an address of the block is in the set.
    pub fn meets(&self, block: &Cidr) -> bool {
        match block.span() {
            Span::V4(run) => self.v4.meets(run),
            Span::V6(run) => self.v6.meets(run),
        }
    }

    /// What is in at least one of the two.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.intersection(&other.v4),
            v6: self.v6.intersection(&other.v6),
        }
    }

    /// What is in this one and not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.difference(&other.v4),
            v6: self.v6.difference(&other.v6),
        }
    }

    /// All addresses, of both families, that are not in this one.
    pub fn complement(&self) -> Self {
        Self {
            v4: self.v4.complement(),
            v6: self.v6.complement(),
        }
    }

    /// Whether all addresses are in the other one too; so the empty set always is.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether the two have no address in common.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.v4.is_disjoint(&other.v4) && self.v6.is_disjoint(&other.v6)
    }

    /// Number of addresses; [`u128::MAX`] also for any greater one.
    pub fn count(&self) -> u128 {
        self.v4.count().saturating_add(self.v6.count())
    }

    /// The least address, IPv4 before IPv6.
    pub fn first(&self) -> Option<IpAddr> {
        let v4 = self.v4.first().map(Word::address);
        v4.or_else(|| self.v6.first().map(Word::address))
    }

    /// The fewest blocks that make up the set, in ascending order, IPv4 before IPv6.
    pub fn cidrs(&self) -> impl Iterator<Item = Cidr> {
        let v4 = self.v4.intervals().flat_map(Cidr::cover);
        v4.chain(self.v6.intervals().flat_map(Cidr::cover))
    }

    /// The unbroken runs of addresses as first and last one, in ascending order, IPv4
    /// before IPv6.
    pub fn ranges(&self) -> impl Iterator<Item = (IpAddr, IpAddr)> {
        let v4 = self.v4.intervals().map(ends);
        v4.chain(self.v6.intervals().map(ends))
    }

    fn from_spans(spans: impl IntoIterator<Item = Span>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for span in spans {
            match span {
                Span::V4(run) => v4.push(run),
                Span::V6(run) => v6.push(run),
            }
        }
        Self {
            v4: v4.into_iter().collect(),
            v6: v6.into_iter().collect(),
        }
    }
}

impl From<Cidr> for AddressSet {
    fn from(block: Cidr) -> Self {
        Self::from_spans([block.span()])
    }
}

impl From<IpAddr> for AddressSet {
    fn from(address: IpAddr) -> Self {
        Cidr::from(address).into()
    }
}

/// The union of blocks in any order, in O(n log n).
impl FromIterator<Cidr> for AddressSet {
    fn from_iter<I: IntoIterator<Item = Cidr>>(blocks: I) -> Self {
        Self::from_spans(blocks.into_iter().map(Cidr::span))
    }
}

/// The set of addresses in any order, in O(n log n).
impl FromIterator<IpAddr> for AddressSet {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        addresses.into_iter().map(Cidr::from).collect()
    }
}

/// The union of many sets, in O(n log n) of all their ranges: folding
/// [`union`](AddressSet::union) over them would walk what is already there each time.
impl FromIterator<Self> for AddressSet {
    fn from_iter<I: IntoIterator<Item = Self>>(sets: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for set in sets {
            v4.extend(set.v4.intervals());
            v6.extend(set.v6.intervals());
        }
        Self {
            v4: v4.into_iter().collect(),
            v6: v6.into_iter().collect(),
        }
    }
}

fn ends<W: Word>(run: Interval<W>) -> (IpAddr, IpAddr) {
    (run.first().address(), run.last().address())
}
