use cachewarden_estates::gcp::{base, change, egress, id};

use super::*;

fn use_of(rule: &str, tag: &str) -> RuleUse {
    let draft = egress(rule, 900, Action::Allow)
        .tcp(6379, 6379)
        .tags(&[tag]);
    let snapshot = base().with(change::firewall(id::VPC_A, [draft])).build();
    let mut uses = uses(&Estate::new(&snapshot)).into_iter();
    uses.find(|it| it.rule == *rule).unwrap()
}

/// The tags that the cloud gives to a connector are not known; a machine that
/// has the tag settles it.
#[test]
fn one_machine_with_the_tag_is_enough() {
    let found = use_of("allow", "redis-client");
    assert_eq!((found.dead, found.gaps), (None, vec![]));
    let perhaps = use_of("allow", "nobody-has-it");
    assert_eq!(perhaps.dead, None);
    assert!(!perhaps.gaps.is_empty());
}
