//! The three walks that all set operations are made of. Each goes once through sorted
//! intervals with gaps between them, lazily: a question ends at its first witness.

use std::iter;

use super::{Interval, Point};

/// The intervals of both lists, sorted; they may overlap.
pub(super) fn merged<T: Point>(
    left: impl Iterator<Item = Interval<T>>,
    right: impl Iterator<Item = Interval<T>>,
) -> impl Iterator<Item = Interval<T>> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    iter::from_fn(move || match (left.peek(), right.peek()) {
        (Some(one), Some(other)) if other < one => right.next(),
        (Some(_), _) => left.next(),
        (None, _) => right.next(),
    })
}

/// What the two lists have in common.
///
/// Gaps stay: two neighbouring numbers that are in both lists are in one interval of
/// each, and so in one overlap.
pub(super) fn overlaps<T: Point>(
    left: impl Iterator<Item = Interval<T>>,
    right: impl Iterator<Item = Interval<T>>,
) -> impl Iterator<Item = Interval<T>> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    iter::from_fn(move || {
        loop {
            let (one, other) = (*left.peek()?, *right.peek()?);
            // What ends first can meet nothing further on.
            if one.last() <= other.last() {
                left.next();
            } else {
                right.next();
            }
            if let Some(overlap) = one.intersection(&other) {
                return Some(overlap);
            }
        }
    })
}

/// What the list leaves out.
pub(super) fn gaps<T: Point>(
    mut intervals: impl Iterator<Item = Interval<T>>,
) -> impl Iterator<Item = Interval<T>> {
    // The first number not yet accounted for; `None` once there is no more.
    let mut start = Some(T::MIN);
    iter::from_fn(move || {
        loop {
            let from = start?;
            let Some(interval) = intervals.next() else {
                start = None;
                return Interval::new(from, T::MAX);
            };
            start = interval.last().next();
            let before = interval.first().prev();
            // No gap before an interval that begins with the least number.
            if let Some(gap) = before.and_then(|to| Interval::new(from, to)) {
                return Some(gap);
            }
        }
    })
}
