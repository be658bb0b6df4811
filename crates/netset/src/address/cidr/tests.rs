//! Reading and writing of blocks, and how they lie to each other.

use std::net::IpAddr;

use proptest::prelude::*;

use super::*;
use crate::AddressSet;
use crate::address::strategy::{address, cidr};

fn block(text: &str) -> Cidr {
    text.parse().unwrap()
}

fn refusal(text: &str) -> String {
    text.parse::<Cidr>().unwrap_err().to_string()
}

#[test]
fn host_bits_are_cleared() {
    assert_eq!(block("10.1.2.3/16").to_string(), "10.1.0.0/16");
    assert_eq!(block("10.1.2.3/31").to_string(), "10.1.2.2/31");
    assert_eq!(block("255.255.255.255/0"), Cidr::ANY_V4);
    assert_eq!(block("2001:db8::1/32").to_string(), "2001:db8::/32");
    assert_eq!(block("ffff::/0"), Cidr::ANY_V6);
}

#[test]
fn a_bare_address_is_a_block_of_one() {
    assert_eq!(block("10.0.0.1").to_string(), "10.0.0.1/32");
    assert_eq!(block("::1").to_string(), "::1/128");
    assert_eq!(block("10.0.0.1").last(), block("10.0.0.1").first());
}

#[test]
fn a_mapped_address_stays_ipv6() {
    let mapped = block("::ffff:10.0.0.1/128");
    assert_eq!(mapped.to_string(), "::ffff:10.0.0.1/128");
    assert_eq!(mapped.family(), Family::V6);
    assert!(!block("10.0.0.1").overlaps(&mapped) && !Cidr::ANY_V4.covers(&mapped));
}

#[test]
fn a_refusal_names_the_wrong_part() {
    assert_eq!(refusal(""), "`` is not an ip address");
    assert_eq!(refusal("10.0.0/8"), "`10.0.0` is not an ip address");
    assert_eq!(refusal("10.0.0.256"), "`10.0.0.256` is not an ip address");
    assert_eq!(refusal("010.0.0.1"), "`010.0.0.1` is not an ip address");
    assert_eq!(refusal(" 10.0.0.1"), "` 10.0.0.1` is not an ip address");
    assert_eq!(
        refusal("fe80::1%eth0/64"),
        "`fe80::1%eth0` is not an ip address"
    );
    assert_eq!(refusal("sg-1/8"), "`sg-1` is not an ip address");
    for length in ["33", "300", "", "+8", "-1", "8/8", "255.0.0.0"] {
        let expected = format!("`{length}` is not a prefix length of ipv4, expected 0 to 32");
        assert_eq!(refusal(&format!("10.0.0.0/{length}")), expected);
    }
    let expected = "`129` is not a prefix length of ipv6, expected 0 to 128";
    assert_eq!(refusal("::/129"), expected);
    let made = Cidr::new(Cidr::ANY_V6.address(), 129).unwrap_err();
    assert_eq!(made.to_string(), expected);
}

#[test]
fn json_is_a_string() {
    let json = "[\"10.0.0.0/16\",\"::/0\"]";
    let blocks: Vec<Cidr> = serde_json::from_str(json).unwrap();
    assert_eq!(blocks, [block("10.0.0.0/16"), Cidr::ANY_V6]);
    assert_eq!(serde_json::to_string(&blocks).unwrap(), json);
    let refused = serde_json::from_str::<Cidr>("\"10.0.0.0/40\"").unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("`40` is not a prefix length of ipv4")
    );
    let refused = serde_json::from_str::<Cidr>("10").unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("expected an address block such as `10.0.0.0/16`")
    );
    let schema = schemars::schema_for!(Cidr).to_value();
    assert_eq!([&schema["title"], &schema["format"]], ["Cidr", "cidr"]);
}

#[test]
fn blocks_are_small() {
    assert!(size_of::<Cidr>() <= 24);
}

#[test]
fn a_block_comes_before_those_inside_it() {
    let mut blocks = ["::/0", "10.0.0.0/16", "10.0.0.0/8", "9.0.0.0/8"].map(block);
    blocks.sort();
    assert_eq!(
        blocks,
        ["9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "::/0"].map(block)
    );
}

proptest! {
    #[test]
    fn text_and_json_give_the_block_back(block in cidr()) {
        prop_assert_eq!(block.to_string().parse(), Ok(block));
        let json = serde_json::to_string(&block).unwrap();
        prop_assert_eq!(serde_json::from_str::<Cidr>(&json).unwrap(), block);
    }

    #[test]
    fn any_address_of_a_block_names_it(block in cidr(), other in address()) {
        for address in [block.first(), block.last(), other] {
            prop_assert_eq!(
                block.contains(address),
                Family::from(address) == block.family()
                    && Cidr::new(address, block.prefix_len()) == Ok(block)
            );
        }
        prop_assert!(block.contains(block.first()) && block.contains(block.last()));
    }

    #[test]
    fn blocks_relate_as_their_sets_do(one in cidr(), other in cidr(), address in address()) {
        let (left, right) = (AddressSet::from(one), AddressSet::from(other));
        prop_assert_eq!(one.covers(&other), right.is_subset(&left));
        prop_assert_eq!(one.overlaps(&other), !left.is_disjoint(&right));
        prop_assert_eq!(one.contains(address), left.contains(address));
        prop_assert_eq!(one.is_any(), left == AddressSet::all(one.family()));
        prop_assert_eq!(AddressSet::range(one.first(), one.last()), Some(left));
    }

    #[test]
    fn a_bare_address_is_the_longest_prefix(address in address()) {
        let host = Cidr::from(address);
        prop_assert_eq!(Cidr::new(address, host.family().bits()), Ok(host));
        prop_assert_eq!(address.to_string().parse::<IpAddr>().map(Cidr::from).ok(), Some(host));
    }
}
