//! That the set of ports is the set of numbers it wraps, and how it is written.

use proptest::prelude::*;

use super::*;
use crate::interval::strategy::{point, set};

fn ports(ranges: &[(u16, u16)]) -> PortSet {
    let ranges = ranges
        .iter()
        .map(|&(first, last)| PortRange::new(first, last).unwrap());
    ranges.collect()
}

proptest! {
    #[test]
    fn operations_are_those_of_the_numbers(a in set(), b in set(), x in point()) {
        let (left, right) = (PortSet(a.clone()), PortSet(b.clone()));
        prop_assert_eq!(left.union(&right).0, a.union(&b));
        prop_assert_eq!(left.intersection(&right).0, a.intersection(&b));
        prop_assert_eq!(left.difference(&right).0, a.difference(&b));
        prop_assert_eq!(left.complement().0, a.complement());
        prop_assert_eq!(left.is_subset(&right), a.is_subset(&b));
        prop_assert_eq!(left.is_disjoint(&right), a.is_disjoint(&b));
        prop_assert_eq!(left.contains(x), a.contains(x));
        prop_assert_eq!((left.first(), left.last()), (a.first(), a.last()));
        prop_assert_eq!((left.is_empty(), left.is_full()), (a.is_empty(), a.is_full()));
        prop_assert_eq!(u128::from(left.count()), a.count());
    }

    #[test]
    fn ranges_and_json_give_the_set_back(numbers in set()) {
        let set = PortSet(numbers);
        prop_assert_eq!(&set.ranges().collect::<PortSet>(), &set);
        prop_assert_eq!(&set.ranges().rev().collect::<PortSet>(), &set);
        let json = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(&serde_json::from_str::<PortSet>(&json).unwrap(), &set);
    }
}

#[test]
fn text_lists_ranges_in_order() {
    let set = ports(&[(61_000, 61_000), (40_000, 49_151), (32_768, 39_999)]);
    assert_eq!(set.to_string(), "32768-49151, 61000");
    assert_eq!(format!("{set:?}"), "{32768-49151, 61000}");
    assert_eq!(PortSet::default().to_string(), "nothing");
    assert_eq!(PortSet::full().to_string(), "0-65535");
}

#[test]
fn json_lists_pairs() {
    let set = ports(&[(22, 22), (80, 443)]);
    assert_eq!(serde_json::to_string(&set).unwrap(), "[[22,22],[80,443]]");
    assert_eq!(
        serde_json::from_str::<PortSet>("[[100,443],[80,200],[22,22]]").unwrap(),
        set
    );
    assert!(serde_json::from_str::<PortSet>("[[2,1]]").is_err());
    let schema = schemars::schema_for!(PortSet).to_value();
    assert_eq!(schema["title"], "PortSet");
    assert_eq!(schema["items"]["$ref"], "#/$defs/PortRange");
    assert_eq!(schema["$defs"]["PortRange"]["items"]["maximum"], 65_535);
}

#[test]
fn the_ephemeral_ranges_lie_in_the_widest() {
    let widest = PortSet::from(PortRange::EPHEMERAL);
    let [linux, windows] = [PortRange::EPHEMERAL_LINUX, PortRange::EPHEMERAL_WINDOWS];
    assert!(PortSet::from_iter([linux, windows]).is_subset(&widest));
    assert_eq!(widest.complement(), ports(&[(0, 1023)]));
    assert_eq!(PortSet::from(PortRange::ALL).count(), 65_536);
}
