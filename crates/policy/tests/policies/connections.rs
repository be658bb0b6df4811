//! Intended connections that are not open: whatever stops one, a policy says
//! so.

use cachewarden_model::*;
use cachewarden_netset::{Flow, PortRange, PortSet};

use crate::estate::{ACCOUNT, CACHE, Estate, REGION, gap, sound};

const STAGES: [Stage; 15] = [
    Stage::ClientFilter,
    Stage::ClientSubnet,
    Stage::Route,
    Stage::Link,
    Stage::Dns,
    Stage::PrivateEndpoint,
    Stage::CacheSubnet,
    Stage::CacheFilter,
    Stage::ServiceFirewall,
    Stage::PublicAccess,
    Stage::Port,
    Stage::Tls,
    Stage::Auth,
    Stage::Status,
    Stage::Limit,
];

fn connection(outcome: Outcome) -> Connection {
    Connection {
        client: ClientRef {
            id: "eni-1".into(),
            name: "checkout".into(),
            kind: ClientKind::Interface("machine".into()),
            attached_to: None,
            state: None,
            addresses: vec!["10.0.1.5".parse().unwrap()],
            network: Some("vpc-a".into()),
            subnet: Some("subnet-1".into()),
            provider: Provider::Aws,
            account: Some(ACCOUNT.into()),
            region: Some(REGION.into()),
        },
        cache: CacheRef {
            id: CACHE.into(),
            name: "sessions".into(),
            provider: Provider::Aws,
            account: ACCOUNT.into(),
            region: REGION.into(),
        },
        endpoint: EndpointRef {
            role: EndpointRole::Primary,
            host: Some("sessions.example.net".into()),
            port: 6379,
        },
        intended: Some(Intent::Rule),
        outcome,
        symptom: (outcome != Outcome::Unknown).then_some(Symptom::Timeout),
        source_ports: PortSet::from(PortRange::EPHEMERAL_WINDOWS),
        trace: vec![],
        blame: vec![],
        witness: None,
        fix: None,
        gaps: vec![],
    }
}

fn blame(leg: Leg, stage: Stage) -> Blame {
    Blame {
        kind: "network-acl".into(),
        resource: "acl-1".into(),
        region: None,
        rule: Some("100 egress".into()),
        leg,
        stage,
        detail: "lets back 49152-65535 only".into(),
        address: None,
        nearest: None,
    }
}

fn step(leg: Leg, stage: Stage, effect: Effect) -> Step {
    Step {
        leg,
        stage,
        resource: None,
        rule: None,
        effect,
        detail: String::new(),
    }
}

fn refused(connections: Vec<Connection>) -> Estate {
    let mut estate = sound();
    estate.reachability.refused = connections;
    estate
}

#[test]
fn every_stage_and_leg_has_a_policy() {
    for stage in STAGES {
        for leg in [Leg::Request, Leg::Reply] {
            for outcome in [Outcome::Blocked, Outcome::Partial] {
                let mut connection = connection(outcome);
                connection.blame = vec![blame(leg, stage)];
                let audit = refused(vec![connection]).audit();
                let names: Vec<&str> = audit.findings.iter().map(|it| it.policy.as_str()).collect();
                assert_eq!(names.len(), 1, "{stage:?} {leg:?} {outcome:?}: {names:?}");
                let finding = &audit.findings[0];
                assert_eq!(finding.verdict, Verdict::Fail);
                assert_eq!(finding.symptom, Some(Symptom::Timeout));
                assert_eq!(finding.blame, [blame(leg, stage)]);
                assert_ne!(finding.policy.as_str(), "intended-connection-is-open");
            }
        }
    }
}

#[test]
fn a_stage_that_only_the_trace_names_counts_too() {
    let mut connection = connection(Outcome::Blocked);
    connection.trace = vec![
        step(Leg::Request, Stage::Route, Effect::Allow),
        step(Leg::Request, Stage::CacheFilter, Effect::Deny),
    ];
    assert_eq!(
        refused(vec![connection]).verdicts(),
        [("cache-filter-admits-client".to_owned(), Verdict::Fail)]
    );
}

#[test]
fn an_outcome_that_is_not_known_is_one_unknown() {
    let mut connection = connection(Outcome::Unknown);
    connection.trace = vec![
        step(Leg::Request, Stage::ClientSubnet, Effect::Unknown),
        step(Leg::Reply, Stage::CacheSubnet, Effect::Unknown),
    ];
    connection.gaps = vec![gap("ec2:DescribeNetworkAcls")];
    let audit = refused(vec![connection]).audit();
    assert_eq!(audit.findings.len(), 1);
    let finding = &audit.findings[0];
    assert_eq!(finding.policy.as_str(), "intended-connection-is-open");
    assert_eq!(finding.verdict, Verdict::Unknown);
    assert_eq!(
        finding.message,
        "cannot be told: `connection.outcome` is not known"
    );
    assert_eq!(finding.gaps, [gap("ec2:DescribeNetworkAcls")]);
    assert_eq!(finding.symptom, None);
    assert_eq!(audit.summary.unknown, 1);
}

#[test]
fn nothing_to_blame_is_still_a_finding() {
    let connection = connection(Outcome::Blocked);
    assert_eq!(
        refused(vec![connection]).verdicts(),
        [("intended-connection-is-open".to_owned(), Verdict::Fail)]
    );
}

#[test]
fn what_could_not_be_seen_beside_a_blocker_is_told() {
    let mut connection = connection(Outcome::Blocked);
    connection.blame = vec![blame(Leg::Request, Stage::Route)];
    connection.trace = vec![step(Leg::Request, Stage::CacheFilter, Effect::Unknown)];
    connection.gaps = vec![gap("ec2:DescribeSecurityGroupRules")];
    assert_eq!(
        refused(vec![connection]).verdicts(),
        [
            ("cache-filter-admits-client".to_owned(), Verdict::Unknown),
            ("route-leads-to-cache".to_owned(), Verdict::Fail),
        ]
    );
}

#[test]
fn endpoints_of_one_cache_make_one_finding() {
    let mut primary = connection(Outcome::Blocked);
    primary.blame = vec![blame(Leg::Request, Stage::CacheFilter)];
    let mut reader = connection(Outcome::Blocked);
    reader.endpoint.role = EndpointRole::Reader;
    let other = Blame {
        rule: None,
        ..blame(Leg::Request, Stage::CacheFilter)
    };
    reader.blame = vec![blame(Leg::Request, Stage::CacheFilter), other.clone()];
    let audit = refused(vec![primary, reader]).audit();
    assert_eq!(audit.findings.len(), 1);
    assert_eq!(
        audit.findings[0].blame,
        [blame(Leg::Request, Stage::CacheFilter), other]
    );
}

#[test]
fn blame_witness_and_fix_are_the_engines() {
    let flow = Flow {
        source: "10.0.1.5".parse().unwrap(),
        source_port: 32_768,
        destination: "10.0.2.7".parse().unwrap(),
        port: 6379,
    };
    let mut connection = connection(Outcome::Partial);
    connection.blame = vec![
        blame(Leg::Request, Stage::Route),
        blame(Leg::Reply, Stage::CacheSubnet),
    ];
    connection.witness = Some(Witness {
        flow,
        leg: Leg::Reply,
    });
    connection.fix = Some(Fix {
        advice: Some("wait".into()),
        ..Fix::default()
    });
    let audit = refused(vec![connection]).audit();
    let of = |id: &str| audit.findings.iter().find(|it| it.policy == id).unwrap();
    let reply = of("network-acl-lets-replies-return");
    assert_eq!(reply.blame, [blame(Leg::Reply, Stage::CacheSubnet)]);
    assert_eq!(
        reply.witness,
        Some(Witness {
            flow,
            leg: Leg::Reply
        })
    );
    assert!(matches!(&reply.fix, Some(FindingFix::Edits(fix)) if fix.advice.is_some()));
    assert!(
        reply.message.ends_with("those that work are 49152-65535"),
        "{}",
        reply.message
    );
    let request = of("route-leads-to-cache");
    assert_eq!(request.blame, [blame(Leg::Request, Stage::Route)]);
    assert_eq!(request.witness, None);
    let expected = r#"[{"fact":"connection.request.route","value":"partial"},{"fact":"connection.settled","value":true}]"#;
    let evidence: Vec<serde_json::Value> = request
        .evidence
        .iter()
        .map(|it| serde_json::json!({"fact": it.fact, "value": it.value}))
        .collect();
    assert_eq!(serde_json::to_string(&evidence).unwrap(), expected);
    assert_eq!(request.subject.id, format!("eni-1->{CACHE}"));
    assert_eq!(request.subject.name, "checkout -> sessions");
}
