//! Which findings are given a narrower rule.

use cachewarden_model::*;

use crate::estate::{Estate, sound};

/// Narrows every rule to nothing, and says of which it was asked.
#[derive(Debug, Default)]
struct Always(std::sync::Mutex<Vec<RuleId>>);

impl Always {
    fn fix() -> Fix {
        Fix {
            edits: vec![Edit::RemoveRule {
                filter: "sg-1".into(),
                rule: "sgr-1".into(),
            }],
            ..Fix::default()
        }
    }
}

impl Narrow for Always {
    fn narrow(&self, rule: &RuleUse) -> Option<Fix> {
        self.0.lock().unwrap().push(rule.rule.clone());
        (rule.public_addresses == 0).then(Self::fix)
    }
}

#[test]
fn only_a_rule_that_admits_too_much_is_narrowed() {
    let mut estate = sound();
    let rule = estate.reachability.rules.remove(0);
    let wide = RuleUse {
        whole_network: true,
        ..rule.clone()
    };
    let public = RuleUse {
        public_addresses: 300,
        ..wide.clone()
    };
    let dead = RuleUse {
        dead: Some(DeadRule::Shadowed { by: vec![] }),
        ..rule
    };
    let fixes = |estate: &Estate, policy: &str| -> Vec<Option<FindingFix>> {
        let asked = Always::default();
        let audit = estate.audit_narrowing(&estate.library(), Some(&asked));
        let findings = audit.findings.into_iter();
        let found = findings.filter(|it| it.policy == policy);
        found.map(|it| it.fix).collect()
    };
    let (network, internet) = (
        "rule-does-not-admit-whole-network",
        "rule-names-no-public-address",
    );
    estate.reachability.rules = vec![wide];
    assert_eq!(
        fixes(&estate, network),
        [Some(FindingFix::Edits(Always::fix()))]
    );
    // Where nobody knows how, the policy has its own advice.
    estate.reachability.rules = vec![public];
    for policy in [network, internet] {
        let fixes = fixes(&estate, policy);
        assert!(
            matches!(fixes.as_slice(), [Some(FindingFix::Text { .. })]),
            "{fixes:?}"
        );
    }
    // What is wrong with a shadowed rule is not its width.
    estate.reachability.rules = vec![dead];
    let asked = Always::default();
    let audit = estate.audit_narrowing(&estate.library(), Some(&asked));
    assert!(
        audit
            .findings
            .iter()
            .any(|it| it.policy == "rule-is-not-shadowed")
    );
    assert_eq!(*asked.0.lock().unwrap(), [""; 0]);
}
