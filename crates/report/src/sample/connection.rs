//! Connections, one for each outcome.

use std::collections::BTreeMap;

use cachewarden_model::*;
use cachewarden_netset::{Flow, PortRange};

use super::{REPLICATION_GROUP, gap, group, rule, target, time};

fn client(name: &str) -> ClientRef {
    ClientRef {
        id: "eni-0a1b2c3d4e5f60718".into(),
        name: name.to_owned(),
        kind: ClientKind::Interface("machine".to_owned()),
        attached_to: Some("i-0a1b2c3d4e5f60718".into()),
        state: Some("running".to_owned()),
        addresses: vec!["10.0.1.5".parse().unwrap()],
        network: Some("vpc-0a".into()),
        subnet: Some("subnet-0c".into()),
        provider: Provider::Aws,
        account: Some("123456789012".into()),
        region: Some("eu-west-1".into()),
    }
}

fn step(leg: Leg, stage: Stage, resource: &str, effect: Effect, detail: &str) -> Step {
    Step {
        leg,
        stage,
        resource: Some(resource.into()),
        rule: None,
        effect,
        detail: detail.to_owned(),
    }
}

fn witness(leg: Leg) -> Witness {
    let flow = Flow {
        source: "10.0.1.5".parse().unwrap(),
        source_port: 32_768,
        destination: "10.0.2.7".parse().unwrap(),
        port: 6379,
    };
    Witness { flow, leg }
}

/// Where a resource is that a fix changes.
fn at(resource: &str) -> BTreeMap<ResourceId, Whereabouts> {
    let place = Whereabouts {
        provider: Provider::Aws,
        region: Some("eu-west-1".into()),
    };
    BTreeMap::from([(resource.into(), place)])
}

/// Blocked by a group that admits another port.
pub(crate) fn blocked() -> Connection {
    let blame = Blame {
        kind: "security-group".to_owned(),
        resource: "sg-0cache".into(),
        region: Some("eu-west-1".into()),
        rule: Some("sgr-01".into()),
        leg: Leg::Request,
        stage: Stage::CacheFilter,
        detail: "no rule admits tcp 6379 from 10.0.1.5".to_owned(),
        address: None,
        nearest: Some(Nearest {
            rule: "sgr-01".into(),
            differs: vec!["port".to_owned()],
            detail: "sgr-01 admits 6380 alone".to_owned(),
        }),
    };
    let edit = Edit::AddRule {
        filter: "sg-0cache".into(),
        rule: Box::new(rule(
            Direction::Ingress,
            None,
            PortRange::single(6379),
            group("sg-0app"),
        )),
    };
    Connection {
        client: client("checkout"),
        cache: CacheRef {
            id: REPLICATION_GROUP.into(),
            name: "sessions".to_owned(),
            provider: Provider::Aws,
            account: "123456789012".into(),
            region: "eu-west-1".into(),
        },
        endpoint: EndpointRef {
            role: EndpointRole::Primary,
            host: Some("master.sessions.abc123.euw1.cache.amazonaws.com".to_owned()),
            port: 6379,
        },
        intended: Some(Intent::Declared),
        outcome: Outcome::Blocked,
        symptom: Some(Symptom::Timeout),
        source_ports: [].into_iter().collect(),
        trace: vec![
            step(
                Leg::Request,
                Stage::ClientFilter,
                "sg-0app",
                Effect::Allow,
                "allows everything",
            ),
            step(
                Leg::Request,
                Stage::Route,
                "rtb-0a",
                Effect::Allow,
                "10.0.0.0/16 is local",
            ),
            step(
                Leg::Request,
                Stage::CacheFilter,
                "sg-0cache",
                Effect::Deny,
                "no rule admits tcp 6379 from 10.0.1.5",
            ),
            step(
                Leg::Request,
                Stage::Tls,
                REPLICATION_GROUP,
                Effect::Requires,
                "TLS 1.2 or later",
            ),
            step(
                Leg::Reply,
                Stage::ClientSubnet,
                "acl-0c",
                Effect::Unknown,
                "its entries were not readable",
            ),
            step(
                Leg::Reply,
                Stage::Link,
                "pcx-0a",
                Effect::NotApplicable,
                "both sides are in one network",
            ),
        ],
        blame: vec![blame],
        witness: Some(witness(Leg::Request)),
        fix: Some(Fix {
            edits: vec![edit],
            places: at("sg-0cache"),
            advice: None,
            proof: Some(Proof {
                outcome: Some(Outcome::Open),
                also_opens: vec!["billing -> sessions".to_owned()],
                also_opens_total: 1,
                closes: vec![],
                closes_total: 0,
                others_not_judged: false,
                narrows: None,
            }),
        }),
        gaps: vec![],
    }
}

/// Its replies get back to the upper ports only.
pub(crate) fn partial() -> Connection {
    let blame = Blame {
        kind: "network-acl".to_owned(),
        resource: "acl-0b".into(),
        region: None,
        rule: Some("100 egress".into()),
        leg: Leg::Reply,
        stage: Stage::CacheSubnet,
        detail: "lets back 49152-65535 only".to_owned(),
        address: None,
        nearest: None,
    };
    let wider = PortRange::new(32_768, 65_535).unwrap();
    let peer = Peer::Cidr("10.0.1.0/24".parse().unwrap());
    let edit = Edit::ReplaceRule {
        filter: "acl-0b".into(),
        rule: "100 egress".into(),
        with: vec![rule(Direction::Egress, Some(100), wider, peer)],
    };
    Connection {
        client: client("worker"),
        outcome: Outcome::Partial,
        intended: Some(Intent::Rule),
        source_ports: PortRange::new(49_152, 60_999).into_iter().collect(),
        trace: vec![step(
            Leg::Reply,
            Stage::CacheSubnet,
            "acl-0b",
            Effect::Partial,
            "lets back 49152-65535 only",
        )],
        blame: vec![blame],
        witness: Some(witness(Leg::Reply)),
        fix: Some(Fix {
            places: at("acl-0b"),
            edits: vec![edit],
            advice: None,
            proof: None,
        }),
        ..blocked()
    }
}

/// Something that decides was not readable.
pub(crate) fn unknown() -> Connection {
    Connection {
        client: client("batch"),
        outcome: Outcome::Unknown,
        symptom: None,
        blame: vec![],
        witness: None,
        fix: None,
        trace: vec![step(
            Leg::Reply,
            Stage::ClientSubnet,
            "acl-0c",
            Effect::Unknown,
            "not readable",
        )],
        gaps: vec![gap(
            "ec2:DescribeNetworkAcls",
            GapReason::AccessDenied,
            "eu-west-1",
        )],
        ..blocked()
    }
}

/// An address of the internet, let in.
pub(crate) fn open() -> Connection {
    Connection {
        client: ClientRef {
            id: "203.0.113.9".into(),
            name: "203.0.113.9".to_owned(),
            kind: ClientKind::Internet,
            attached_to: None,
            state: None,
            addresses: vec!["203.0.113.9".parse().unwrap()],
            network: None,
            subnet: None,
            provider: Provider::Aws,
            account: None,
            region: None,
        },
        intended: None,
        outcome: Outcome::Open,
        symptom: None,
        source_ports: PortRange::EPHEMERAL.into(),
        blame: vec![],
        fix: None,
        trace: vec![step(
            Leg::Request,
            Stage::CacheFilter,
            "sg-0cache",
            Effect::Allow,
            "admits everybody",
        )],
        witness: None,
        gaps: vec![],
        ..blocked()
    }
}

pub(crate) fn reach(connections: Vec<Connection>) -> ReachReport {
    let mut counts = ConnectionCounts::default();
    for connection in &connections {
        counts.add(connection.outcome, 1);
    }
    let gaps = connections.iter().flat_map(|it| it.gaps.clone()).collect();
    ReachReport {
        collected_at: time("2026-01-31T08:00:00Z"),
        targets: vec![target()],
        caches: 1,
        clients: 3,
        counts,
        connections,
        gaps,
    }
}
