//! The laws of set algebra in all four widths, agreement with a plain table of 256
//! answers, and the edges of the range.

use std::hash::{BuildHasher, RandomState};

use proptest::collection::vec;
use proptest::prelude::*;

use super::strategy::{interval, point, set};
use super::{Interval, IntervalSet, Point};

/// Sorted, and between two intervals at least one number is missing.
fn is_canonical<T: Point>(set: &IntervalSet<T>) -> bool {
    let intervals: Vec<_> = set.intervals().collect();
    intervals.iter().all(|held| held.first() <= held.last())
        && intervals.windows(2).all(|pair| {
            let gap = pair[0].last().next();
            gap.is_some_and(|gap| gap < pair[1].first())
        })
}

/// Where membership can change: both ends of each interval and the numbers next to them.
fn landmarks<T: Point>(sets: &[&IntervalSet<T>]) -> Vec<T> {
    let ends = sets.iter().flat_map(|set| set.intervals());
    let ends = ends.flat_map(|held| [held.first(), held.last()]);
    ends.chain([T::MIN, T::MAX])
        .flat_map(|end| [end.prev(), Some(end), end.next()])
        .flatten()
        .collect()
}

macro_rules! laws {
    ($($width:ident),*) => {$(
        mod $width {
            use super::*;

            proptest! {
                #[test]
                fn operations_agree_with_membership(a in set::<$width>(), b in set(), x in point()) {
                    let (union, both) = (a.union(&b), a.intersection(&b));
                    let (rest, outside) = (a.difference(&b), a.complement());
                    let mut samples = landmarks(&[&a, &b]);
                    samples.push(x);
                    for x in samples {
                        prop_assert_eq!(union.contains(x), a.contains(x) || b.contains(x));
                        prop_assert_eq!(both.contains(x), a.contains(x) && b.contains(x));
                        prop_assert_eq!(rest.contains(x), a.contains(x) && !b.contains(x));
                        prop_assert_eq!(outside.contains(x), !a.contains(x));
                    }
                }

                #[test]
                fn membership_is_that_of_some_interval(list in vec(interval::<$width>(), 0..8), x in point()) {
                    let set: IntervalSet<_> = list.iter().copied().collect();
                    let mut samples = landmarks(&[&set]);
                    samples.push(x);
                    for x in samples {
                        let held = list.iter().any(|interval| interval.contains(x));
                        prop_assert_eq!(set.contains(x), held);
                    }
                }

                #[test]
                fn results_are_canonical(a in set::<$width>(), b in set()) {
                    for set in [&a, &a.union(&b), &a.intersection(&b), &a.difference(&b), &a.complement()] {
                        prop_assert!(is_canonical(set), "{set:?}");
                    }
                }

                #[test]
                fn order_and_repetition_do_not_matter(list in vec(interval::<$width>(), 0..8)) {
                    let once: IntervalSet<_> = list.iter().copied().collect();
                    let twice: IntervalSet<_> = list.iter().rev().chain(&list).copied().collect();
                    let folded = list.iter().fold(IntervalSet::empty(), |set, &next| set.union(&next.into()));
                    prop_assert_eq!(&once, &twice);
                    prop_assert_eq!(&once, &folded);
                    prop_assert_eq!(&once, &once.intervals().collect());
                    let hasher = RandomState::new();
                    prop_assert_eq!(hasher.hash_one(&once), hasher.hash_one(&folded));
                }

                #[test]
                fn union_and_intersection_form_a_lattice(a in set::<$width>(), b in set(), c in set()) {
                    prop_assert_eq!(a.union(&b), b.union(&a));
                    prop_assert_eq!(a.intersection(&b), b.intersection(&a));
                    prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
                    prop_assert_eq!(a.intersection(&b).intersection(&c), a.intersection(&b.intersection(&c)));
                    prop_assert_eq!(&a.union(&a), &a);
                    prop_assert_eq!(&a.intersection(&a), &a);
                    prop_assert_eq!(&a.union(&a.intersection(&b)), &a);
                    prop_assert_eq!(&a.intersection(&a.union(&b)), &a);
                }

                #[test]
                fn each_distributes_over_the_other(a in set::<$width>(), b in set(), c in set()) {
                    prop_assert_eq!(
                        a.intersection(&b.union(&c)),
                        a.intersection(&b).union(&a.intersection(&c))
                    );
                    prop_assert_eq!(
                        a.union(&b.intersection(&c)),
                        a.union(&b).intersection(&a.union(&c))
                    );
                }

                #[test]
                fn complement_obeys_de_morgan(a in set::<$width>(), b in set()) {
                    prop_assert_eq!(&a.complement().complement(), &a);
                    prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
                    prop_assert_eq!(a.intersection(&b).complement(), a.complement().union(&b.complement()));
                    prop_assert!(a.union(&a.complement()).is_full());
                    prop_assert!(a.intersection(&a.complement()).is_empty());
                }

                #[test]
                fn difference_is_intersection_with_complement(a in set::<$width>(), b in set()) {
                    prop_assert_eq!(a.difference(&b), a.intersection(&b.complement()));
                    prop_assert_eq!(&a.difference(&b).union(&a.intersection(&b)), &a);
                    prop_assert!(a.difference(&b).is_disjoint(&b));
                }

                #[test]
                fn questions_agree_with_operations(a in set::<$width>(), b in set()) {
                    prop_assert_eq!(a.is_subset(&b), a.union(&b) == b);
                    prop_assert_eq!(a.is_subset(&b), a.intersection(&b) == a);
                    prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
                    prop_assert_eq!(a.is_disjoint(&b), a.intersection(&b).is_empty());
                    let met = b.intervals().any(|interval| a.meets(interval));
                    prop_assert_eq!(a.is_disjoint(&b), !met);
                    prop_assert_eq!(a == b, a.is_subset(&b) && b.is_subset(&a));
                    prop_assert_eq!(a.is_full(), a.complement().is_empty());
                    prop_assert!(a.intersection(&b).is_subset(&a) && a.is_subset(&a.union(&b)));
                }

                #[test]
                fn ends_are_members_and_nothing_lies_beyond(a in set::<$width>()) {
                    let (first, last) = (a.first(), a.last());
                    prop_assert_eq!(first.is_none(), a.is_empty());
                    if let (Some(first), Some(last)) = (first, last) {
                        prop_assert!(a.contains(first) && a.contains(last));
                        prop_assert!(a.is_subset(&Interval::hull(first, last).into()));
                    }
                    prop_assert!(a.intervals().rev().eq(a.intervals().collect::<Vec<_>>().into_iter().rev()));
                }

                #[test]
                fn counts_add_up(a in set::<$width>(), b in set()) {
                    let parts = a.difference(&b).count().checked_add(a.intersection(&b).count());
                    prop_assert_eq!(a.count(), parts.unwrap_or(u128::MAX));
                    let sum = a.count().checked_add(b.count());
                    let regrouped = a.union(&b).count().checked_add(a.intersection(&b).count());
                    // With 128 bits each of the counts may have run into its bound.
                    if let (Some(sum), Some(regrouped)) = (sum, regrouped) {
                        prop_assert!(sum == regrouped || a.union(&b).is_full());
                    }
                }
            }

            #[test]
            fn the_ends_of_the_range_are_ordinary_members() {
                let (min, max) = (IntervalSet::point($width::MIN), IntervalSet::point($width::MAX));
                let ends = min.union(&max);
                assert_eq!(ends.intervals().len(), 2);
                assert_eq!((ends.first(), ends.last()), (Some($width::MIN), Some($width::MAX)));
                let inner = ends.complement();
                assert_eq!(inner, Interval::new(1, $width::MAX - 1).unwrap().into());
                assert!(inner.union(&ends).is_full());
                assert!(inner.union(&max).complement() == min && inner.union(&min).complement() == max);
                assert!(IntervalSet::<$width>::empty().complement().is_full());
                assert!(IntervalSet::<$width>::full().complement().is_empty());
            }
        }
    )*};
}

laws!(u8, u16, u32, u128);

/// All 256 answers of a set of bytes, by asking its intervals one after the other.
fn table(set: &IntervalSet<u8>) -> Vec<bool> {
    (0..=u8::MAX)
        .map(|x| {
            set.intervals()
                .any(|held| held.first() <= x && x <= held.last())
        })
        .collect()
}

proptest! {
    #[test]
    fn bytes_agree_with_a_table_of_all_answers(a in set::<u8>(), b in set::<u8>()) {
        let combine = |rule: fn(bool, bool) -> bool| -> Vec<bool> {
            table(&a).into_iter().zip(table(&b)).map(|(a, b)| rule(a, b)).collect()
        };
        prop_assert_eq!(table(&a.union(&b)), combine(|a, b| a || b));
        prop_assert_eq!(table(&a.intersection(&b)), combine(|a, b| a && b));
        prop_assert_eq!(table(&a.difference(&b)), combine(|a, b| a && !b));
        prop_assert_eq!(table(&a.complement()), combine(|a, _| !a));
        prop_assert_eq!(a.is_subset(&b), combine(|a, b| !a || b).into_iter().all(|held| held));
        prop_assert_eq!(a.is_disjoint(&b), combine(|a, b| !(a && b)).into_iter().all(|held| held));
        prop_assert_eq!(a.count(), table(&a).into_iter().filter(|&held| held).count() as u128);
        prop_assert_eq!((0..=u8::MAX).map(|x| a.contains(x)).collect::<Vec<_>>(), table(&a));
    }
}

#[test]
fn an_interval_is_never_empty() {
    assert_eq!(Interval::new(2_u8, 1), None);
    assert_eq!(Interval::new(1_u8, 1), Some(Interval::point(1)));
    assert_eq!(Interval::hull(9_u8, 3), Interval::hull(3, 9));
    let (low, high) = (Interval::hull(0_u8, 4), Interval::hull(5, 9));
    assert_eq!(low.intersection(&high), None);
    assert_eq!(low.intersection(&Interval::full()), Some(low));
}

#[test]
fn neighbours_fuse_and_gaps_stay() {
    let collect = |list: [(u8, u8); 2]| -> IntervalSet<u8> {
        list.into_iter()
            .map(|(one, other)| Interval::hull(one, other))
            .collect()
    };
    assert_eq!(format!("{:?}", collect([(5, 9), (0, 4)])), "{0..=9}");
    assert_eq!(format!("{:?}", collect([(6, 9), (0, 4)])), "{0..=4, 6..=9}");
    assert_eq!(format!("{:?}", collect([(0, 9), (3, 4)])), "{0..=9}");
    assert_eq!(
        format!("{:?}", collect([(0, 255), (255, 255)])),
        "{0..=255}"
    );
}

#[test]
fn counts_stop_at_their_bound() {
    assert_eq!(IntervalSet::<u8>::full().count(), 256);
    assert_eq!(IntervalSet::<u32>::full().count(), 1 << 32);
    assert_eq!(IntervalSet::<u128>::full().count(), u128::MAX);
    assert_eq!(IntervalSet::point(7_u128).complement().count(), u128::MAX);
    assert_eq!(<u8 as Point>::distance(9, 3), 0);
}

#[test]
fn the_default_is_empty() {
    assert!(IntervalSet::<u16>::default().is_empty());
    assert_eq!(IntervalSet::<u16>::default().first(), None);
}
