//! The algebra over both families at once, and the cover by blocks.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::address::strategy::{address, addresses, cidr};

fn set(blocks: &[&str]) -> AddressSet {
    blocks
        .iter()
        .map(|text| text.parse::<Cidr>().unwrap())
        .collect()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn operations_agree_with_membership(a in addresses(), b in addresses(), x in address()) {
        let ends = a.ranges().chain(b.ranges()).flat_map(|(first, last)| [first, last]);
        for x in ends.chain([x]) {
            prop_assert_eq!(a.union(&b).contains(x), a.contains(x) || b.contains(x));
            prop_assert_eq!(a.intersection(&b).contains(x), a.contains(x) && b.contains(x));
            prop_assert_eq!(a.difference(&b).contains(x), a.contains(x) && !b.contains(x));
            prop_assert_eq!(a.complement().contains(x), !a.contains(x));
        }
    }

    #[test]
    fn the_laws_hold_over_both_families(a in addresses(), b in addresses(), c in addresses()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(
            a.intersection(&b.union(&c)),
            a.intersection(&b).union(&a.intersection(&c))
        );
        prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
        prop_assert_eq!(a.difference(&b), a.intersection(&b.complement()));
        prop_assert_eq!(&a.complement().complement(), &a);
        prop_assert_eq!(a.is_subset(&b), a.union(&b) == b);
        prop_assert_eq!(a.is_disjoint(&b), a.intersection(&b).is_empty());
        prop_assert_eq!(a.is_disjoint(&b), !b.cidrs().any(|block| a.meets(&block)));
        prop_assert_eq!(a.is_full(), a.complement().is_empty());
    }

    #[test]
    fn a_set_is_the_union_of_its_families(a in addresses()) {
        let (v4, v6) = (a.family(Family::V4), a.family(Family::V6));
        prop_assert_eq!(&v4.union(&v6), &a);
        prop_assert_eq!(&v4, &a.intersection(&AddressSet::all(Family::V4)));
        prop_assert_eq!(&v6, &a.intersection(&AddressSet::all(Family::V6)));
        prop_assert_eq!(a.count(), v4.count().saturating_add(v6.count()));
        prop_assert_eq!(a.first(), a.ranges().next().map(|(first, _)| first));
    }

    #[test]
    fn blocks_and_ranges_give_the_set_back(a in addresses()) {
        prop_assert_eq!(&a.cidrs().collect::<AddressSet>(), &a);
        let ranges = a.ranges().map(|(first, last)| AddressSet::range(first, last).unwrap());
        prop_assert_eq!(&ranges.collect::<AddressSet>(), &a);
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(&serde_json::from_str::<AddressSet>(&json).unwrap(), &a);
    }

    /// Blocks are nested or disjoint, so the largest ones inside a set are the fewest.
    #[test]
    fn the_cover_is_sorted_disjoint_and_minimal(a in addresses()) {
        let blocks: Vec<_> = a.cidrs().collect();
        for pair in blocks.windows(2) {
            prop_assert!(pair[0].last() < pair[1].first());
        }
        for block in blocks.into_iter().filter(|block| !block.is_any()) {
            let parent = Cidr::new(block.address(), block.prefix_len() - 1).unwrap();
            prop_assert!(!AddressSet::from(parent).is_subset(&a), "{parent} is inside {a}");
        }
    }

    #[test]
    fn collecting_is_folding(blocks in vec(cidr(), 0..10)) {
        let collected: AddressSet = blocks.iter().copied().collect();
        let sets = || blocks.iter().copied().map(AddressSet::from);
        prop_assert_eq!(&sets().fold(AddressSet::empty(), |all, next| all.union(&next)), &collected);
        prop_assert_eq!(&sets().collect::<AddressSet>(), &collected);
        prop_assert_eq!(&blocks.iter().rev().copied().collect::<AddressSet>(), &collected);
    }

    #[test]
    fn collecting_addresses_is_collecting_hosts(list in vec(address(), 0..10)) {
        let set: AddressSet = list.iter().copied().collect();
        prop_assert_eq!(&set, &list.iter().copied().map(Cidr::from).collect());
        prop_assert_eq!(&set, &list.iter().copied().map(AddressSet::from).collect());
        prop_assert!(list.iter().all(|&address| set.contains(address)));
        prop_assert!(set.count() <= list.len() as u128);
    }
}

#[test]
fn adjacent_blocks_fuse() {
    assert_eq!(
        set(&["10.0.1.0/24", "10.0.0.0/24"]).to_string(),
        "10.0.0.0/23"
    );
    assert_eq!(
        set(&["10.0.1.0/24", "10.0.2.0/24"]).to_string(),
        "10.0.1.0/24, 10.0.2.0/24"
    );
    assert_eq!(
        set(&["0.0.0.0/1", "128.0.0.0/1"]),
        AddressSet::all(Family::V4)
    );
    assert_eq!(set(&["::/1", "8000::/1"]), AddressSet::all(Family::V6));
}

#[test]
fn the_cover_reaches_both_ends() {
    let full = AddressSet::full();
    assert_eq!(
        full.cidrs().collect::<Vec<_>>(),
        [Cidr::ANY_V4, Cidr::ANY_V6]
    );
    let ends = set(&[
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]);
    assert_eq!(ends.count(), 4);
    // One block per bit and side, the halves next to the ends excepted.
    let inner = ends.complement();
    assert_eq!(inner.family(Family::V4).cidrs().count(), 62);
    assert_eq!(inner.family(Family::V6).cidrs().count(), 254);
    assert_eq!(inner.count(), u128::MAX);
    assert_eq!(inner.cidrs().next().unwrap().to_string(), "0.0.0.1/32");
}

#[test]
fn the_complement_holds_the_other_family() {
    let rest = AddressSet::all(Family::V4).complement();
    assert_eq!(rest, AddressSet::all(Family::V6));
    assert_eq!(rest.first(), Some(ip("::")));
    assert_eq!((rest.v4().count(), rest.v6().count()), (0, u128::MAX));
}

#[test]
fn a_range_keeps_to_one_family() {
    let range = AddressSet::range(ip("10.0.0.1"), ip("10.0.0.6")).unwrap();
    assert_eq!(
        range.to_string(),
        "10.0.0.1/32, 10.0.0.2/31, 10.0.0.4/31, 10.0.0.6/32"
    );
    assert_eq!(
        range.ranges().collect::<Vec<_>>(),
        [(ip("10.0.0.1"), ip("10.0.0.6"))]
    );
    assert_eq!(AddressSet::range(ip("10.0.0.6"), ip("10.0.0.1")), None);
    assert_eq!(
        AddressSet::range(ip("10.0.0.6"), ip("::ffff:10.0.0.7")),
        None
    );
}

#[test]
fn text_and_json_are_lists_of_blocks() {
    assert_eq!(AddressSet::default().to_string(), "nothing");
    assert_eq!(serde_json::to_string(&AddressSet::empty()).unwrap(), "[]");
    let mixed = set(&["::1", "10.0.0.9/8"]);
    assert_eq!(mixed.to_string(), "10.0.0.0/8, ::1/128");
    assert_eq!(format!("{mixed:?}"), "{10.0.0.0/8, ::1/128}");
    assert_eq!(
        serde_json::to_string(&mixed).unwrap(),
        "[\"10.0.0.0/8\",\"::1/128\"]"
    );
    assert!(serde_json::from_str::<AddressSet>("[\"10.0.0.0/33\"]").is_err());
    let schema = schemars::schema_for!(AddressSet).to_value();
    assert_eq!(schema["title"], "AddressSet");
    assert_eq!(schema["items"]["$ref"], "#/$defs/Cidr");
}
