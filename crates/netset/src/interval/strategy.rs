//! Random intervals and sets, crowded at both ends of the range: that is where
//! neighbours meet and arithmetic overflows.

use std::iter::successors;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Interval, IntervalSet, Point};

/// A number, mostly within a few steps of the least or the greatest.
pub(crate) fn point<T: Point + Arbitrary>() -> impl Strategy<Value = T> {
    prop_oneof![
        3 => (0..20_usize).prop_map(|steps| walk(T::MIN, T::next, steps)),
        3 => (0..20_usize).prop_map(|steps| walk(T::MAX, T::prev, steps)),
        2 => any::<T>(),
    ]
}

/// An interval, often short.
pub(crate) fn interval<T: Point + Arbitrary>() -> impl Strategy<Value = Interval<T>> {
    prop_oneof![
        (point(), 0..4_usize)
            .prop_map(|(from, steps)| Interval::hull(from, walk(from, T::next, steps))),
        (point(), point()).prop_map(|(one, other)| Interval::hull(one, other)),
    ]
}

/// A set of a few intervals; now and then nothing or everything.
pub(crate) fn set<T: Point + Arbitrary>() -> impl Strategy<Value = IntervalSet<T>> {
    prop_oneof![
        1 => Just(IntervalSet::full()),
        12 => vec(interval(), 0..8).prop_map(IntervalSet::from_iter),
        12 => vec(interval(), 0..8).prop_map(|list| IntervalSet::from_iter(list).complement()),
    ]
}

fn walk<T: Point>(from: T, step: fn(T) -> Option<T>, steps: usize) -> T {
    successors(Some(from), |at| step(*at))
        .take(steps + 1)
        .last()
        .unwrap_or(from)
}
