//! An audit with a finding of each kind.

use cachewarden_model::*;

use super::{REPLICATION_GROUP, blocked, gap, target, time};

pub(crate) fn finding(policy: &str, severity: Severity, subject: &str) -> Finding {
    Finding {
        policy: policy.into(),
        title: "connections are encrypted".to_owned(),
        verdict: Verdict::Fail,
        severity,
        concern: Concern::Encryption,
        subject: Subject {
            kind: SubjectKind::Cache,
            id: format!("arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:{subject}"),
            name: subject.to_owned(),
            provider: Some(Provider::Aws),
            account: Some("123456789012".into()),
            region: Some("eu-west-1".into()),
        },
        message: "the cache takes plaintext connections only".to_owned(),
        symptom: None,
        evidence: vec![Evidence {
            fact: "cache.transit_encryption".to_owned(),
            value: serde_json::json!("disabled"),
        }],
        blame: vec![],
        witness: None,
        fix: Some(FindingFix::Text {
            summary: "Switch encryption in transit on.".to_owned(),
            command: None,
        }),
        references: vec![
            "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html"
                .to_owned(),
        ],
        controls: vec!["ElastiCache.5".to_owned()],
        fingerprint: "0123456789abcdef".to_owned(),
        waived: None,
        gaps: vec![],
    }
}

/// A finding of each kind.
pub(crate) fn audit() -> Audit {
    let connection = blocked();
    let refused = Finding {
        title: "filters on the cache admit the clients that are meant to connect".to_owned(),
        concern: Concern::Refusal,
        subject: Subject {
            kind: SubjectKind::Connection,
            id: format!("{}->{}", connection.client.id, connection.cache.id),
            name: "checkout -> sessions".to_owned(),
            ..finding("x", Severity::High, "sessions").subject
        },
        message: "checkout cannot reach sessions on port 6379".to_owned(),
        symptom: connection.symptom,
        evidence: vec![],
        blame: connection.blame.clone(),
        witness: connection.witness,
        fix: connection.fix.clone().map(FindingFix::Edits),
        ..finding(
            "cache-filter-admits-intended-clients",
            Severity::High,
            "sessions",
        )
    };
    let denied = gap(
        "ec2:DescribeNetworkAcls",
        GapReason::AccessDenied,
        "eu-west-1",
    );
    let other = gap(
        "ec2:DescribeNetworkAcls",
        GapReason::AccessDenied,
        "eu-central-1",
    );
    let unread = Finding {
        title: "network ACLs let replies return".to_owned(),
        verdict: Verdict::Unknown,
        message: "it is not known whether replies return".to_owned(),
        fix: None,
        gaps: vec![denied.clone()],
        ..finding(
            "network-acl-lets-replies-return",
            Severity::High,
            "sessions",
        )
    };
    let waived = Finding {
        waived: Some(Waived {
            reason: "migration X-12".to_owned(),
            owner: Some("platform".to_owned()),
            until: Some(time("2026-12-31")),
        }),
        ..finding("no-plaintext-port", Severity::Medium, "legacy-1")
    };
    let throttled = gap(
        "elasticache:DescribeUsers",
        GapReason::Throttled,
        "eu-west-1",
    );
    Audit {
        collected_at: time("2026-01-31T08:00:00Z"),
        judged_at: time("2026-01-31T08:00:02Z"),
        targets: vec![target()],
        summary: AuditSummary {
            caches: 1,
            clients: 3,
            connections: ConnectionCounts {
                open: 7,
                partial: 1,
                blocked: 1,
                unknown: 2,
            },
            findings: [(Severity::High, 1), (Severity::Medium, 2)].into(),
            unknown: 1,
            waived: 1,
            gaps: 3,
        },
        caches: vec![CacheSummary {
            id: REPLICATION_GROUP.into(),
            name: "sessions".to_owned(),
            provider: Provider::Aws,
            service: "elasticache",
            account: "123456789012".into(),
            region: "eu-west-1".into(),
            status: Some("available".to_owned()),
            endpoints: vec![Endpoint {
                network: None,
                role: EndpointRole::Primary,
                host: None,
                port: 6379,
                encryption: None,
                nodes: vec!["sessions-001".to_owned()],
                node_ports: vec![],
            }],
            connection_limit: Some(65_000),
            peak_connections: None,
        }],
        findings: vec![
            refused,
            unread,
            finding("transit-encryption-is-on", Severity::Medium, "basket"),
            finding("transit-encryption-is-on", Severity::Medium, "sessions"),
            waived,
        ],
        skipped: vec![Skipped {
            provider: Provider::Aws,
            account: "123456789012".into(),
            region: "eu-west-1".into(),
            id: "arn:aws:elasticache:eu-west-1:123456789012:cluster:pages".into(),
            why: "Memcached".to_owned(),
        }],
        gaps: vec![throttled, denied, other],
    }
}
