//! Values for tests: one of each kind that a report shows.

mod audit;
mod connection;

use cachewarden_model::*;
use cachewarden_netset::{PortRange, Protocol};

pub(crate) use audit::{audit, finding};
pub(crate) use connection::{blocked, open, partial, reach, unknown};

pub(crate) const REPLICATION_GROUP: &str =
    "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:sessions";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn target() -> Target {
    Target {
        provider: Provider::Aws,
        account: "123456789012".into(),
        regions: vec!["eu-central-1".into(), "eu-west-1".into()],
    }
}

pub(crate) fn gap(what: &str, why: GapReason, region: &str) -> Gap {
    Gap {
        provider: Provider::Aws,
        account: Some("123456789012".into()),
        region: Some(region.into()),
        what: what.to_owned(),
        why,
        message: "the credentials may not make this call".to_owned(),
        hides: vec![Noun::NetworkAcls],
    }
}

pub(crate) fn rule(
    direction: Direction,
    priority: Option<u32>,
    ports: PortRange,
    peer: Peer,
) -> Rule {
    Rule {
        gcp: None,
        id: priority.map_or("new".into(), |it| {
            format!("{it} {}", direction.as_str()).into()
        }),
        direction,
        action: Action::Allow,
        priority,
        protocol: Protocol::TCP,
        ports: vec![ports],
        peers: vec![peer],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    }
}

pub(crate) fn group(id: &str) -> Peer {
    Peer::Group {
        group: id.into(),
        account: None,
        network: None,
        link: None,
    }
}
