//! Sets of numbers as sorted intervals. How two sets are walked side by side is in
//! `sweep.rs`.

use std::fmt::{self, Debug};

use super::sweep::{gaps, merged, overlaps};
use super::{Interval, Point};

/// A set of numbers, kept as the fewest intervals that make it up.
///
/// The form is canonical: intervals are sorted, and between two of them at least one
/// number is missing. So equal sets are equal values, whichever way they came about.
/// With n and m intervals, every operation on two sets takes O(n + m) steps,
/// [`contains`](Self::contains) and [`meets`](Self::meets) O(log n), and collecting n intervals O(n log n).
///
/// `Ord` is for sorting and for keys. It says nothing about inclusion: for that, see
/// [`is_subset`](Self::is_subset).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use = "operations leave their operands alone and return a new set"]
pub struct IntervalSet<T> {
    intervals: Vec<Interval<T>>,
}

impl<T: Point> IntervalSet<T> {
    /// The set without members.
    pub const fn empty() -> Self {
        Self {
            intervals: Vec::new(),
        }
    }

    /// The set of all numbers.
    pub fn full() -> Self {
        Self::from(Interval::full())
    }

    /// The set of a single number.
    pub fn point(value: T) -> Self {
        Self::from(Interval::point(value))
    }

    /// Whether there are no members.
    pub const fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether all numbers are members.
    pub fn is_full(&self) -> bool {
        self.intervals == [Interval::full()]
    }

    /// Whether the number is a member.
    pub fn contains(&self, value: T) -> bool {
        let below = self
            .intervals
            .partition_point(|interval| interval.last() < value);
        self.intervals
            .get(below)
            .is_some_and(|interval| interval.contains(value))
    }

    /// Whether a number of the interval is a member.
    pub fn meets(&self, wanted: Interval<T>) -> bool {
        let below = self
            .intervals
            .partition_point(|interval| interval.last() < wanted.first());
        self.intervals
            .get(below)
            .is_some_and(|interval| interval.first() <= wanted.last())
    }

    /// What is in at least one of the two.
    pub fn union(&self, other: &Self) -> Self {
        let mut sorted = Vec::with_capacity(self.intervals.len() + other.intervals.len());
        sorted.extend(merged(self.intervals(), other.intervals()));
        Self::from_sorted(sorted)
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        Self::from_canonical(overlaps(self.intervals(), other.intervals()))
    }

    /// What is in this one and not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        Self::from_canonical(overlaps(self.intervals(), gaps(other.intervals())))
    }

    /// All numbers that are not in this one.
    pub fn complement(&self) -> Self {
        Self::from_canonical(gaps(self.intervals()))
    }

    /// Whether all members are in the other one too; so the empty set always is.
    pub fn is_subset(&self, other: &Self) -> bool {
        overlaps(self.intervals(), gaps(other.intervals()))
            .next()
            .is_none()
    }

    /// Whether the two have no member in common.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        overlaps(self.intervals(), other.intervals())
            .next()
            .is_none()
    }

    /// The intervals that make up the set, in ascending order.
    pub fn intervals(
        &self,
    ) -> impl ExactSizeIterator<Item = Interval<T>> + DoubleEndedIterator + Clone {
        self.intervals.iter().copied()
    }

    /// The least member.
    pub fn first(&self) -> Option<T> {
        self.intervals.first().map(Interval::first)
    }

    /// The greatest member.
    pub fn last(&self) -> Option<T> {
        self.intervals.last().map(Interval::last)
    }

    /// Number of members; [`u128::MAX`] also for the one set that has one more.
    pub fn count(&self) -> u128 {
        self.intervals()
            .fold(0, |sum, interval| sum.saturating_add(interval.count()))
    }

    /// Takes intervals that are sorted and have gaps between them already.
    fn from_canonical(intervals: impl Iterator<Item = Interval<T>>) -> Self {
        Self {
            intervals: intervals.collect(),
        }
    }

    /// Takes intervals that are sorted, but may overlap or touch.
    fn from_sorted(mut intervals: Vec<Interval<T>>) -> Self {
        intervals.dedup_by(|next, held| held.absorb(next));
        Self { intervals }
    }
}

/// The empty set.
impl<T: Point> Default for IntervalSet<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T: Point> From<Interval<T>> for IntervalSet<T> {
    fn from(interval: Interval<T>) -> Self {
        Self {
            intervals: vec![interval],
        }
    }
}

/// The union of intervals that come in any order and may overlap.
impl<T: Point> FromIterator<Interval<T>> for IntervalSet<T> {
    fn from_iter<I: IntoIterator<Item = Interval<T>>>(intervals: I) -> Self {
        let mut sorted: Vec<_> = intervals.into_iter().collect();
        sorted.sort_unstable();
        Self::from_sorted(sorted)
    }
}

/// Written as a set of Rust ranges, `{22..=22, 80..=443}`.
impl<T: Debug> Debug for IntervalSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.intervals).finish()
    }
}
