//! Numbers that can be counted through ([`Point`]) and unbroken runs of them
//! ([`Interval`]). Sets of such runs are in `set.rs`, the walks over two of them in
//! `sweep.rs`.

mod set;
#[cfg(test)]
pub(crate) mod strategy;
mod sweep;
#[cfg(test)]
mod tests;

use std::fmt::{self, Debug};
use std::hash::Hash;

pub use set::IntervalSet;

/// A number with a least and a greatest value and nothing between neighbours.
///
/// Sets are built on `next` and `prev` alone, never on `+ 1`: both ends of the range
/// are ordinary members and nothing overflows there.
pub trait Point: Copy + Ord + Debug + Hash + 'static {
    /// The least value.
    const MIN: Self;
    /// The greatest value.
    const MAX: Self;

    /// The value after this one; `None` after [`MAX`](Self::MAX).
    fn next(self) -> Option<Self>;

    /// The value before this one; `None` before [`MIN`](Self::MIN).
    fn prev(self) -> Option<Self>;

    /// Steps from `first` up to `last`, which is one less than the values from one to
    /// the other; 0 if `last` is not the greater.
    fn distance(first: Self, last: Self) -> u128;
}

macro_rules! impl_point {
    ($($integer:ty),*) => {$(
        impl Point for $integer {
            const MIN: Self = <$integer>::MIN;
            const MAX: Self = <$integer>::MAX;

            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }

            fn prev(self) -> Option<Self> {
                self.checked_sub(1)
            }

            fn distance(first: Self, last: Self) -> u128 {
                u128::from(last.saturating_sub(first))
            }
        }
    )*};
}

impl_point!(u8, u16, u32, u128);

/// All values from `first` to `last`, both included; never empty.
///
/// Ordered by first value, then by last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval<T> {
    first: T,
    last: T,
}

impl<T: Point> Interval<T> {
    /// From `first` to `last`, both included; `None` if they are the wrong way round.
    pub fn new(first: T, last: T) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// A single value.
    pub const fn point(value: T) -> Self {
        Self {
            first: value,
            last: value,
        }
    }

    /// The shortest interval that holds both values, given in either order.
    pub fn hull(one: T, other: T) -> Self {
        Self {
            first: one.min(other),
            last: one.max(other),
        }
    }

    /// All values there are.
    pub const fn full() -> Self {
        Self {
            first: T::MIN,
            last: T::MAX,
        }
    }

    /// The least value.
    pub const fn first(&self) -> T {
        self.first
    }

    /// The greatest value.
    pub const fn last(&self) -> T {
        self.last
    }

    /// Whether the value lies within.
    pub fn contains(&self, value: T) -> bool {
        self.first <= value && value <= self.last
    }

    /// The values in both; `None` if there are none.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Number of values; [`u128::MAX`] also for the one interval that has one more.
    pub fn count(&self) -> u128 {
        T::distance(self.first, self.last).saturating_add(1)
    }

    /// Grows over an interval that begins no earlier, and says so; leaves it alone if
    /// there is a gap between the two.
    fn absorb(&mut self, next: &Self) -> bool {
        // Without a number after it, this one reaches the end of all numbers.
        let touches = self.last.next().is_none_or(|gap| next.first <= gap);
        if touches {
            self.last = self.last.max(next.last);
        }
        touches
    }
}

/// Written as a Rust range, `80..=443`.
impl<T: Debug> Debug for Interval<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}..={:?}", self.first, self.last)
    }
}
