//! Accepted risks.

use cachewarden_model::*;
use cachewarden_policy::Waiver;

use crate::estate::{Estate, gap, sound};

fn waiver(policy: &str, subject: &str, until: &str) -> Waiver {
    let yaml =
        format!("{{ policy: {policy}, subject: '{subject}', reason: X-12, until: {until} }}");
    serde_saphyr::from_str(&yaml).unwrap()
}

fn estate(waivers: Vec<Waiver>) -> Estate {
    let mut estate = sound();
    estate.cache().replicas = Fact::Known(0);
    estate.waivers = waivers;
    estate
}

#[test]
fn a_waiver_accepts_what_it_names() {
    for (policy, subject) in [
        ("cache-has-replica", "sess*"),
        ("cache-has-replica", "arn:aws:elasticache:*:sessions"),
        ("single-node-without-replica", "*"),
    ] {
        let audit = estate(vec![waiver(policy, subject, "2026-12-31")]).audit();
        assert_eq!(audit.findings.len(), 1, "{policy} {subject}");
        assert_eq!(audit.findings[0].waived.as_ref().unwrap().reason, "X-12");
        assert_eq!(audit.summary.waived, 1);
        assert_eq!(audit.summary.findings[&Severity::Medium], 0);
    }
}

#[test]
fn an_expired_waiver_accepts_nothing_and_is_a_finding() {
    let estate = estate(vec![waiver("cache-has-replica", "*", "2026-11-19")]);
    let audit = estate.audit();
    let names: Vec<&str> = audit.findings.iter().map(|it| it.policy.as_str()).collect();
    assert_eq!(names, ["cache-has-replica", "waiver-has-not-expired"]);
    assert!(audit.findings.iter().all(|it| it.waived.is_none()));
    let subject = &audit.findings[1].subject;
    assert_eq!(
        (subject.kind, subject.id.as_str()),
        (SubjectKind::Waiver, "cache-has-replica *")
    );
    assert_eq!(subject.provider, None);
}

#[test]
fn a_waiver_that_fits_nothing_is_a_finding() {
    let waivers = vec![
        waiver("cache-has-replica", "other", "2026-12-31"),
        waiver("cache-has-replca", "sessions", "2026-12-31"),
    ];
    let mut estate = estate(waivers);
    let names: Vec<String> = estate
        .verdicts()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "cache-has-replica",
            "waiver-matches-finding",
            "waiver-matches-finding"
        ]
    );
    let hidden = Gap {
        hides: vec![Noun::Caches],
        ..gap("elasticache:DescribeReplicationGroups")
    };
    estate.snapshot.gaps = vec![hidden];
    let of_waivers = estate
        .verdicts()
        .into_iter()
        .skip(1)
        .map(|(_, verdict)| verdict);
    assert!(of_waivers.eq([Verdict::Unknown, Verdict::Unknown]));
}

#[test]
fn a_waiver_in_force_counts_before_one_that_expired() {
    let waivers = vec![
        waiver("cache-has-replica", "*", "2026-11-01"),
        waiver("cache-has-replica", "*", "2026-12-31"),
    ];
    let audit = estate(waivers).audit();
    assert_eq!(audit.summary.waived, 1);
    assert_eq!(audit.findings.len(), 2);
}
