//! The order of entries, and entries that cannot be read.

use aws_sdk_ec2::types::{PortRange as Ports, RuleAction};
use cachewarden_netset::PortRange;

use super::*;
use crate::adapt::tests::World;

fn builder(number: i32, egress: bool) -> aws_sdk_ec2::types::builders::NetworkAclEntryBuilder {
    let builder = NetworkAclEntry::builder()
        .rule_number(number)
        .egress(egress);
    builder
        .rule_action(RuleAction::Allow)
        .protocol("6")
        .cidr_block("10.0.0.0/16")
}

fn adapted(entries: Vec<NetworkAclEntry>) -> Fact<Vec<Rule>> {
    rules(
        &World::new().place,
        &NetworkAcl::builder().set_entries(Some(entries)).build(),
    )
}

#[test]
fn entries_are_read_in_the_order_of_their_numbers() {
    let ports = Ports::builder().from(6379).to(6380).build();
    let entries = vec![
        builder(32_767, true)
            .rule_action(RuleAction::Deny)
            .protocol("-1")
            .build(),
        builder(200, false).build(),
        builder(100, false).port_range(ports).build(),
    ];
    let rules = adapted(entries);
    let rules = rules.value().unwrap();
    let ids: Vec<_> = rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["100 ingress", "200 ingress", "32767 egress"]);
    assert_eq!(rules[0].ports, [PortRange::new(6379, 6380).unwrap()]);
    assert_eq!(rules[1].ports, [PortRange::ALL]);
    assert_eq!(rules[2].ports, []);
    assert_eq!(
        (rules[2].action, rules[2].priority),
        (Action::Deny, Some(32_767))
    );
}

#[test]
fn one_entry_that_cannot_be_read_hides_them_all() {
    let broken = [
        builder(-1, false).build(),
        builder(100, false).set_egress(None).build(),
        builder(100, false)
            .rule_action(RuleAction::from("maybe"))
            .build(),
        builder(100, false).set_protocol(None).build(),
        builder(100, false).cidr_block("here").build(),
        builder(100, false).set_cidr_block(None).build(),
    ];
    for entry in broken {
        let text = format!("{entry:?}");
        assert!(
            adapted(vec![builder(90, false).build(), entry]).is_unknown(),
            "{text}"
        );
    }
}
