//! Rules on the groups of a cache.

use cachewarden_model::*;
use cachewarden_policy::Selection;

use super::{cannot_tell, fails};
use crate::estate::{Estate, gap, rule_use, set, sound};

#[test]
fn rules() {
    fails(&["rule-does-not-admit-internet"], |it| {
        it.reachability.rules = vec![RuleUse {
            world: true,
            public_addresses: 1,
            ..rule_use()
        }];
    });
    fails(&["rule-names-no-public-address"], |it| {
        it.reachability.rules = vec![RuleUse {
            public_addresses: 256,
            addresses: 256,
            ..rule_use()
        }];
    });
    fails(
        &[
            "rule-admits-few-private-addresses",
            "rule-does-not-admit-whole-network",
        ],
        |it| {
            it.reachability.rules = vec![RuleUse {
                whole_network: true,
                addresses: 65_536,
                tightest: Some(set(&["10.0.1.4/30"])),
                ..rule_use()
            }];
        },
    );
    fails(&["rule-opens-cache-ports-only"], |it| {
        it.reachability.rules = vec![RuleUse {
            covers_other_ports: true,
            ..rule_use()
        }];
    });
    for (dead, policy) in [
        (
            DeadRule::Shadowed {
                by: vec!["sgr-0".into()],
            },
            "rule-is-not-shadowed",
        ),
        (DeadRule::NamesNobody, "named-group-has-members"),
        (
            DeadRule::Stale {
                detail: "the peering is deleted".into(),
            },
            "named-group-has-members",
        ),
        (
            DeadRule::Inert {
                detail: "ipv6 alone".into(),
            },
            "rule-can-match",
        ),
    ] {
        fails(&[policy], |it| {
            it.reachability.rules = vec![RuleUse {
                dead: Some(dead),
                ..rule_use()
            }]
        });
    }
    cannot_tell(&["named-group-has-members"], |it| {
        let gaps = vec![gap("ec2:DescribeNetworkInterfaces")];
        it.reachability.rules = vec![RuleUse {
            clients: None,
            gaps,
            ..rule_use()
        }];
    });
    cannot_tell(&["named-group-has-members", "rule-can-match"], |it| {
        it.reachability.rules = vec![RuleUse {
            may_be_inert: true,
            gaps: vec![gap("ec2:DescribeSubnets")],
            ..rule_use()
        }];
    });
}

#[test]
fn egress_rules_ask_for_no_clients() {
    fails(&[], |it| {
        let egress = RuleUse {
            direction: Direction::Egress,
            clients: None,
            world: true,
            covers_other_ports: true,
            ..rule_use()
        };
        it.reachability.rules = vec![egress];
    });
}

#[test]
fn a_rule_is_to_blame_itself() {
    let mut estate = sound();
    estate.reachability.rules = vec![RuleUse {
        world: true,
        ..rule_use()
    }];
    let audit = estate.audit();
    let blame = &audit.findings[0].blame[0];
    assert_eq!(
        (blame.kind.as_str(), blame.stage),
        ("security-group", Stage::CacheFilter)
    );
    assert_eq!(blame.rule, Some("sgr-1".into()));
    assert_eq!(audit.findings[0].subject.id, "sg-cache/sgr-1");
    let Some(FindingFix::Text {
        command: Some(command),
        ..
    }) = &audit.findings[0].fix
    else {
        panic!("{:?}", audit.findings[0].fix);
    };
    assert_eq!(
        command,
        "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-cache \
         --security-group-rule-ids sgr-1"
    );
}

#[test]
fn a_group_that_nobody_is_known_to_carry() {
    let verdict = |change: &dyn Fn(&mut Estate)| {
        let mut estate = sound();
        estate.selection = Selection {
            packs: vec!["hygiene".into()],
            ..Selection::default()
        };
        let mut spare = estate.snapshot.filters[0].clone();
        spare.id = "sg-spare".into();
        estate.snapshot.filters.push(spare);
        change(&mut estate);
        let found = estate.verdicts().into_iter();
        let mut own = found.filter(|(id, _)| id == "security-group-is-attached");
        own.next().map(|(_, verdict)| verdict)
    };
    assert_eq!(verdict(&|_| {}), Some(Verdict::Fail));
    let interface = verdict(&|it| {
        let mut more = crate::estate::interface("eni-more", &[]);
        more.filters = Fact::unknown(gap("ec2:DescribeNetworkInterfaces"));
        it.snapshot.interfaces.push(more);
    });
    assert_eq!(interface, Some(Verdict::Unknown));
    let cache = verdict(&|it| {
        let mut more = it.cache().clone();
        more.id = "more".into();
        more.filters = Fact::unknown(gap("elasticache:DescribeCacheClusters"));
        it.snapshot.caches.push(more);
    });
    assert_eq!(cache, Some(Verdict::Unknown));
}
