//! Spaces against a plain list of packets: a world of 6 addresses, 4 protocols and 6
//! ports is small enough to ask for each packet in it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::*;
use crate::{Cidr, PortRange, Protocol};

type Packet = (IpAddr, u8, u16);

const PROTOCOLS: [u8; 4] = [0, 6, 17, 255];
const PORTS: [u16; 6] = [0, 1, 6379, 6380, 65_534, 65_535];

fn addresses() -> Vec<IpAddr> {
    let texts = [
        "0.0.0.0",
        "10.0.0.1",
        "10.0.0.2",
        "255.255.255.255",
        "::",
        "::ffff:10.0.0.1",
    ];
    texts.map(|text| text.parse().unwrap()).to_vec()
}

fn world() -> impl Iterator<Item = Packet> {
    addresses().into_iter().flat_map(|address| {
        PROTOCOLS
            .into_iter()
            .flat_map(move |protocol| PORTS.map(|port| (address, protocol, port)))
    })
}

/// The packets of the world that a box holds.
fn packets(held: &HeaderBox) -> BTreeSet<Packet> {
    let inside = |&(address, protocol, port): &Packet| held.contains(address, protocol, port);
    world().filter(inside).collect()
}

fn space_packets(space: &HeaderSpace) -> BTreeSet<Packet> {
    space.boxes().flat_map(packets).collect()
}

/// A box of some of the world's values; sometimes empty, sometimes wide.
fn header_box() -> impl Strategy<Value = HeaderBox> {
    let addresses = prop_oneof![
        6 => subsequence(addresses(), 0..=6).prop_map(AddressSet::from_iter),
        1 => Just(AddressSet::from(Cidr::ANY_V4)),
        1 => Just(AddressSet::full()),
    ];
    let protocols = prop_oneof![
        4 => subsequence(PROTOCOLS.to_vec(), 0..=4).prop_map(|numbers| {
            numbers.into_iter().map(crate::Interval::point).collect()
        }),
        1 => Just(Protocol::Any.numbers()),
    ];
    let ports = prop_oneof![
        4 => subsequence(PORTS.to_vec(), 0..=6).prop_map(|ports| {
            ports.into_iter().map(PortRange::single).collect()
        }),
        1 => Just(PortSet::from(PortRange::EPHEMERAL)),
    ];
    (addresses, protocols, ports).prop_map(|(addresses, protocols, ports)| HeaderBox {
        addresses,
        protocols,
        ports,
    })
}

/// A space after some additions (`true`) and subtractions.
fn space() -> impl Strategy<Value = HeaderSpace> {
    vec((any::<bool>(), header_box()), 0..8).prop_map(|steps| {
        let mut space = HeaderSpace::empty();
        for (added, next) in steps {
            if added {
                space.add(next)
            } else {
                space.subtract(&next)
            }
        }
        space
    })
}

proptest! {
    #[test]
    fn a_space_holds_what_was_added_and_not_taken_away(
        steps in vec((any::<bool>(), header_box()), 0..10)
    ) {
        let (mut space, mut expected) = (HeaderSpace::empty(), BTreeSet::new());
        for (added, next) in steps {
            let touched = packets(&next);
            if added {
                space.add(next);
                expected.extend(touched);
            } else {
                space.subtract(&next);
                expected.retain(|packet| !touched.contains(packet));
                prop_assert!(!space.intersects(&next));
            }
            prop_assert_eq!(space_packets(&space), expected.clone());
            prop_assert!(space.boxes().all(|held| !held.is_empty()));
            let pairs = space.boxes().enumerate().flat_map(|(index, one)| {
                space.boxes().take(index).map(move |other| one.join(other))
            });
            prop_assert!(pairs.flatten().next().is_none());
        }
    }

    #[test]
    fn pieces_of_a_difference_are_disjoint(a in header_box(), b in header_box()) {
        let pieces = a.difference(&b);
        let sum: usize = pieces.iter().map(|piece| packets(piece).len()).sum();
        let rest: BTreeSet<_> = pieces.iter().flat_map(packets).collect();
        prop_assert_eq!(sum, rest.len());
        prop_assert_eq!(&rest, &packets(&a).difference(&packets(&b)).copied().collect());
        prop_assert!(pieces.len() <= 3);
        prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.is_disjoint(&b)));
        prop_assert_eq!(packets(&a.intersection(&b)), &packets(&a) & &packets(&b));
    }

    #[test]
    fn what_is_left_and_what_is_common_make_the_whole(a in header_box(), b in header_box()) {
        let mut parts = a.difference(&b);
        parts.push(a.intersection(&b));
        prop_assert_eq!(HeaderSpace::from_iter(parts), HeaderSpace::from(a));
    }

    #[test]
    fn questions_agree_with_operations(space in space(), wanted in header_box()) {
        let mut missing = HeaderSpace::from(wanted.clone());
        for held in space.boxes() {
            prop_assert!(space.covers(held) && space.intersects(held));
            missing.subtract(held);
        }
        prop_assert_eq!(space.covers(&wanted), missing.is_empty());
        let mut with = space.clone();
        with.add(wanted.clone());
        prop_assert_eq!(space.covers(&wanted), with == space);
        let mut without = space.clone();
        without.subtract(&wanted);
        prop_assert_eq!(space.intersects(&wanted), without != space);
    }

    #[test]
    fn inclusion_of_boxes_agrees_with_spaces(a in header_box(), b in header_box()) {
        prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
        prop_assert_eq!(a.is_disjoint(&b), a.intersection(&b).is_empty());
        prop_assert_eq!(a.is_subset(&b), HeaderSpace::from(b.clone()).covers(&a));
        prop_assert_eq!(a.is_disjoint(&b), !HeaderSpace::from(b).intersects(&a));
    }

    #[test]
    fn the_order_of_additions_does_not_matter(
        boxes in vec(header_box(), 1..7),
        cut in any::<Index>()
    ) {
        let forwards: HeaderSpace = boxes.iter().cloned().collect();
        let (tail, head) = boxes.split_at(cut.index(boxes.len()));
        let rotated: HeaderSpace = head.iter().chain(tail).rev().cloned().collect();
        prop_assert_eq!(forwards, rotated);
    }

    #[test]
    fn a_space_is_put_back_together(space in space(), cut in header_box()) {
        let mut parts = space.clone();
        parts.subtract(&cut);
        parts.extend(space.boxes().map(|held| held.intersection(&cut)));
        prop_assert_eq!(parts, space);
    }
}

fn redis_from(block: &str) -> HeaderBox {
    HeaderBox {
        addresses: block.parse::<Cidr>().unwrap().into(),
        protocols: Protocol::TCP.numbers(),
        ports: PortRange::single(6379).into(),
    }
}

#[test]
fn rules_for_the_same_port_stay_one_box() {
    let blocks = (0..=255).map(|third| redis_from(&format!("10.0.{third}.0/24")));
    let space: HeaderSpace = blocks.collect();
    assert_eq!(space.boxes().len(), 1);
    assert_eq!(space, redis_from("10.0.0.0/16").into());
}

#[test]
fn joining_goes_on_until_nothing_joins() {
    // Three quarters of a square, and the fourth that makes it whole.
    let quarter = |block: &str, port| HeaderBox {
        ports: PortRange::single(port).into(),
        ..redis_from(block)
    };
    let mut space = HeaderSpace::from(quarter("10.0.0.0/25", 1));
    space.add(quarter("10.0.0.128/25", 2));
    assert_eq!(space.boxes().len(), 2);
    space.add(quarter("10.0.0.0/25", 2));
    space.add(quarter("10.0.0.128/25", 1));
    let whole = HeaderBox {
        ports: PortRange::new(1, 2).unwrap().into(),
        ..redis_from("10.0.0.0/24")
    };
    assert!(space.covers(&whole));
    assert_eq!(space, whole.into());
}

#[test]
fn a_box_is_empty_if_any_side_is() {
    let whole = HeaderBox::full();
    let empty = [
        HeaderBox {
            addresses: AddressSet::empty(),
            ..whole.clone()
        },
        HeaderBox {
            protocols: IntervalSet::empty(),
            ..whole.clone()
        },
        HeaderBox {
            ports: PortSet::empty(),
            ..whole.clone()
        },
    ];
    for nothing in empty {
        assert!(nothing.is_empty() && nothing.is_subset(&redis_from("::/0")));
        assert!(nothing.is_disjoint(&whole) && whole.is_disjoint(&nothing));
        assert!(HeaderSpace::from(nothing.clone()).is_empty());
        assert!(HeaderSpace::empty().covers(&nothing));
        assert!(!HeaderSpace::from(whole.clone()).intersects(&nothing));
        assert_eq!(whole.difference(&nothing), std::slice::from_ref(&whole));
    }
}

#[test]
fn everything_but_one_packet() {
    let hole = redis_from("10.0.0.1");
    let mut space = HeaderSpace::from(HeaderBox::full());
    space.subtract(&hole);
    let address = "10.0.0.1".parse().unwrap();
    let inside = |protocol, port| {
        space
            .boxes()
            .any(|held| held.contains(address, protocol, port))
    };
    assert!(!inside(6, 6379) && inside(6, 6378) && inside(17, 6379));
    assert!(space.covers(&redis_from("10.0.0.2")) && !space.covers(&redis_from("10.0.0.0/30")));
    space.add(hole);
    assert_eq!(space, HeaderBox::full().into());
}
