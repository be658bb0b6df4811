//! Order, numbers and fingerprints of an audit.

use cachewarden_model::*;
use cachewarden_policy::Selection;

use crate::estate::{Estate, cache, gap, measure, sound};

#[test]
fn a_sound_estate_fails_nothing() {
    let audit = sound().audit();
    assert_eq!(audit.findings, []);
    assert_eq!(audit.summary.caches, 1);
    assert_eq!(audit.summary.clients, 2);
    assert_eq!(audit.summary.findings.values().sum::<u64>(), 0);
    assert_eq!(audit.summary.findings.len(), 5);
    assert_eq!(audit.caches[0].connection_limit, Some(65_000));
    assert_eq!(audit.caches[0].peak_connections, Some(0));
    assert_eq!(audit.caches[0].status.as_deref(), Some("available"));
}

fn busy() -> Estate {
    let mut estate = sound();
    for number in 0..3 {
        let mut more = cache(&format!("cache-{number}"));
        more.id = format!("arn:cache-{number}").into();
        estate.add(more);
    }
    let caches = &mut estate.snapshot.caches;
    caches[1].transit_encryption = Fact::Known(TransitEncryption::Disabled);
    caches[2].transit_encryption = Fact::unknown(gap("elasticache:DescribeReplicationGroups"));
    caches[2].replicas = Fact::Known(0);
    caches[3].replicas = Fact::Known(0);
    measure(
        &mut caches[3],
        "CurrConnections",
        Fact::unknown(gap("cloudwatch:GetMetricData")),
    );
    estate.snapshot.gaps = vec![gap("b"), gap("a"), gap("a")];
    estate
}

#[test]
fn the_worst_comes_first() {
    let audit = busy().audit();
    let found: Vec<(&str, Severity, Verdict, &str)> = audit
        .findings
        .iter()
        .map(|it| {
            (
                it.policy.as_str(),
                it.severity,
                it.verdict,
                it.subject.id.as_str(),
            )
        })
        .collect();
    use Severity::{High, Medium};
    use Verdict::{Fail, Unknown};
    assert_eq!(
        found,
        [
            ("transit-encryption-is-on", High, Fail, "arn:cache-0"),
            (
                "peak-connections-leave-headroom",
                High,
                Unknown,
                "arn:cache-2"
            ),
            ("transit-encryption-is-on", High, Unknown, "arn:cache-1"),
            ("cache-has-replica", Medium, Fail, "arn:cache-1"),
            ("cache-has-replica", Medium, Fail, "arn:cache-2"),
            ("no-plaintext-port", Medium, Unknown, "arn:cache-1"),
        ]
    );
    assert_eq!(audit.summary.findings[&High], 1);
    assert_eq!(audit.summary.findings[&Medium], 2);
    assert_eq!(audit.summary.unknown, 3);
    // Those of the snapshot, and those that keep a verdict from being known.
    let gaps = [
        "a",
        "b",
        "cloudwatch:GetMetricData",
        "elasticache:DescribeReplicationGroups",
    ];
    assert_eq!(audit.gaps, gaps.map(gap));
    assert_eq!(audit.summary.gaps, 4);
    assert!(audit.caches.is_sorted_by(|a, b| a.id <= b.id));
    assert_eq!(audit.caches.last().unwrap().connection_limit, Some(65_000));
}

#[test]
fn the_same_input_gives_the_same_audit() {
    let estate = busy();
    assert_eq!(estate.audit(), estate.audit());
    let mut turned = busy();
    turned.snapshot.caches.reverse();
    assert_eq!(turned.audit().findings, estate.audit().findings);
}

#[test]
fn a_finding_says_what_decided() {
    let mut estate = sound();
    measure(estate.cache(), "CurrConnections", Fact::Known(60_000.0));
    let audit = estate.audit();
    let finding = &audit.findings[0];
    assert_eq!(finding.policy.as_str(), "peak-connections-leave-headroom");
    assert_eq!(
        finding.message,
        "sessions: a node had 60000 connections of the 65000 that it takes"
    );
    let evidence: Vec<(&str, i64)> = finding
        .evidence
        .iter()
        .map(|it| (it.fact.as_str(), it.value.as_i64().unwrap()))
        .collect();
    assert_eq!(
        evidence,
        [
            ("cache.connection_limit", 65_000),
            ("cache.peak_connections", 60_000),
            ("threshold.connection_headroom_percent", 80),
        ]
    );
    assert_eq!(finding.symptom, Some(Symptom::MaxClients));
    assert_eq!(finding.concern, Concern::Refusal);
    assert!(matches!(
        &finding.fix,
        Some(FindingFix::Text { command: None, .. })
    ));
    assert!(finding.gaps.is_empty());
}

#[test]
fn commands_are_filled_in() {
    let mut estate = sound();
    estate.cache().name = "it's; rm -rf ~".into();
    estate.cache().backup_days = Fact::Known(0);
    let audit = estate.audit();
    let Some(FindingFix::Text {
        command: Some(command),
        ..
    }) = &audit.findings[0].fix
    else {
        panic!("{:?}", audit.findings[0].fix);
    };
    assert_eq!(
        command,
        "aws elasticache modify-replication-group --region eu-west-1 --replication-group-id \
         'it'\\''s; rm -rf ~' --snapshot-retention-limit 7 --apply-immediately"
    );
}

#[test]
fn commands_are_those_of_the_service() {
    let command = |change: fn(&mut Cache)| {
        let mut estate = sound();
        estate.cache().backup_days = Fact::Known(0);
        change(estate.cache());
        let findings = estate.audit().findings;
        let finding = findings
            .into_iter()
            .find(|it| it.policy == "backups-are-kept")
            .unwrap();
        let Some(FindingFix::Text { command, .. }) = finding.fix else {
            panic!("no fix")
        };
        command.unwrap().split(" --").next().unwrap().to_owned()
    };
    assert_eq!(command(|_| {}), "aws elasticache modify-replication-group");
    let alone = command(|it| it.aws.as_mut().unwrap().replication_group = false);
    assert_eq!(alone, "aws elasticache modify-cache-cluster");
    let serverless = command(|it| it.service = Service::ElastiCacheServerless);
    assert_eq!(serverless, "aws elasticache modify-serverless-cache");
    assert_eq!(
        command(|it| it.service = Service::MemoryDb),
        "aws memorydb update-cluster"
    );
}

/// Fingerprints stand in files of those who accept findings: they never change.
#[test]
fn fingerprints_stay_the_same() {
    let mut estate = sound();
    estate.cache().replicas = Fact::Known(0);
    estate.cache().backup_days = Fact::Known(0);
    let found: Vec<(String, String)> = estate
        .audit()
        .findings
        .into_iter()
        .map(|it| (it.policy.as_str().to_owned(), it.fingerprint))
        .collect();
    let expected = [
        ("backups-are-kept", "1594eda1cc71d6bd"),
        ("cache-has-replica", "367e05e79e228b0a"),
    ];
    let expected = expected.map(|(id, print)| (id.to_owned(), print.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn providers_and_services_are_heeded() {
    let mut estate = sound();
    estate.selection = Selection::default();
    let cache = estate.cache();
    cache.provider = Provider::Gcp;
    cache.service = Service::MemorystoreRedis;
    cache.replicas = Fact::Known(0);
    cache.backup_days = Fact::Known(0);
    cache.maintenance_window = Fact::Known("tue:09:00-tue:10:00".into());
    cache.authentication = Fact::Known(Authentication {
        token: true,
        ..Authentication::default()
    });
    let verdicts = estate.verdicts();
    let names: Vec<&str> = verdicts.iter().map(|(name, _)| name.as_str()).collect();
    // The service keeps no backups of its own; its metric and how it is
    // connected were not read.
    assert_eq!(
        names,
        [
            "cache-has-replica",
            "maintenance-avoids-business-hours",
            "peak-connections-leave-headroom",
            "peering-to-cache-is-active"
        ]
    );
}

/// What is sound on each cloud is sound in one audit of all three: nothing of
/// one cloud is asked of another.
#[test]
fn three_clouds_make_one_audit() {
    let mut all = sound();
    for other in [crate::azure::sound(), crate::gcp::sound()] {
        all.snapshot = all.snapshot.merge(other.snapshot);
        all.reachability
            .exposures
            .extend(other.reachability.exposures);
        all.reachability.rules.extend(other.reachability.rules);
        all.reachability.paths.extend(other.reachability.paths);
    }
    all.selection = Selection {
        packs: vec!["strict".into()],
        disable: vec!["service-has-no-end".into()],
        ..Selection::default()
    };
    assert_eq!(all.verdicts(), []);
    assert_eq!(all.audit().summary.caches, 4);
}
