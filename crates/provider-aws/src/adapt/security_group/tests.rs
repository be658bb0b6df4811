//! Rules that are odd, and rules that are broken.

use super::*;
use crate::adapt::tests::World;

fn adapted(rule: SecurityGroupRule) -> Result<Rule, Box<Gap>> {
    super::rule(&World::new().place, &"123456789012".into(), &rule)
}

fn builder(protocol: &str) -> aws_sdk_ec2::types::builders::SecurityGroupRuleBuilder {
    SecurityGroupRule::builder()
        .security_group_rule_id("sgr-1")
        .is_egress(false)
        .ip_protocol(protocol)
}

#[test]
fn ports_are_those_of_tcp_and_udp_alone() {
    let ports = |protocol: &str, from, to| {
        let rule = builder(protocol)
            .set_from_port(from)
            .set_to_port(to)
            .cidr_ipv4("10.0.0.0/8");
        adapted(rule.build()).unwrap().ports
    };
    let six = PortRange::single(6379);
    assert_eq!(ports("tcp", Some(6379), Some(6379)), [six]);
    assert_eq!(ports("17", Some(6379), Some(6379)), [six]);
    assert_eq!(ports("tcp", Some(-1), Some(-1)), [PortRange::ALL]);
    assert_eq!(ports("tcp", None, None), [PortRange::ALL]);
    // Type and code are no ports; of other protocols all ports match anyway.
    assert_eq!(ports("icmp", Some(3), Some(4)), []);
    assert_eq!(ports("-1", Some(6379), Some(6379)), []);
    assert_eq!(ports("47", Some(0), Some(0)), []);
}

#[test]
fn a_rule_that_makes_no_sense_is_not_guessed_at() {
    assert!(adapted(builder("tcp").from_port(2).to_port(1).build()).is_err());
    assert!(adapted(builder("tcp").from_port(0).to_port(70_000).build()).is_err());
    assert!(adapted(builder("smoke").build()).is_err());
    assert!(adapted(SecurityGroupRule::builder().ip_protocol("tcp").build()).is_err());
}

#[test]
fn one_rule_that_cannot_be_read_hides_those_of_its_group() {
    let world = World::new();
    let group = SecurityGroup::builder().group_id("sg-1").build();
    let (good, bad) = (builder("tcp").build(), builder("smoke").build());
    let rules =
        |rules: &[&SecurityGroupRule]| filter(&world.place, &group, "sg-1", rules, None).rules;
    assert_eq!(rules(&[&good]).value().unwrap().len(), 1);
    assert!(rules(&[&good, &bad]).is_unknown());
}

#[test]
fn a_peer_that_cannot_be_read_may_be_anybody() {
    let peer = |rule: SecurityGroupRule| adapted(rule).unwrap().peers.remove(0);
    let other = |text: &str| Peer::Other(text.to_owned());
    assert_eq!(
        peer(builder("tcp").cidr_ipv4("everywhere").build()),
        other("everywhere")
    );
    assert_eq!(peer(builder("tcp").build()), other("no peer is stated"));
    let stale = ReferencedSecurityGroup::builder()
        .group_id("sg-2")
        .peering_status("deleted")
        .build();
    let stale = peer(builder("tcp").referenced_group_info(stale).build());
    assert_eq!(
        stale,
        other("sg-2 over a peering that is deleted and not named")
    );
}

#[test]
fn a_group_of_the_same_account_needs_no_account() {
    let group = |user: &str| {
        ReferencedSecurityGroup::builder()
            .group_id("sg-2")
            .user_id(user)
            .build()
    };
    let peer = |user: &str| {
        adapted(builder("tcp").referenced_group_info(group(user)).build())
            .unwrap()
            .peers
            .remove(0)
    };
    let named = |account: Option<&str>| Peer::Group {
        group: "sg-2".into(),
        account: account.map(AccountId::from),
        network: None,
        link: None,
    };
    assert_eq!(peer("123456789012"), named(None));
    assert_eq!(peer("222222222222"), named(Some("222222222222")));
}
