//! Each change in words.

use cachewarden_model::{
    Destination, Direction, Edit, Narrowing, Peer, Route, RouteOrigin, RouteState, RouteTarget,
    Rule, TransitRoute, TransitRouteKind, Whereabouts,
};
use cachewarden_netset::PortRange;

use super::*;
use crate::sample;

pub(super) fn cidr(text: &str) -> Peer {
    Peer::Cidr(text.parse().unwrap())
}

pub(super) fn destination(text: &str) -> Destination {
    Destination::Cidr(text.parse().unwrap())
}

pub(super) fn route(target: RouteTarget) -> Route {
    Route {
        destination: destination("10.1.0.0/16"),
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: None,
        priority: None,
        tags: vec![],
    }
}

pub(super) fn transit_route(kind: TransitRouteKind) -> TransitRoute {
    TransitRoute {
        destination: destination("10.1.0.0/16"),
        attachments: vec!["tgw-attach-0a".into()],
        state: RouteState::Active,
        kind,
    }
}

pub(super) fn redis(direction: Direction, priority: Option<u32>, peer: Peer) -> Rule {
    sample::rule(direction, priority, PortRange::single(6379), peer)
}

/// A fix whose edits are all made on AWS.
fn on_aws(edits: Vec<Edit>, region: &str) -> Fix {
    let place = Whereabouts {
        provider: Provider::Aws,
        region: Some(region.into()),
    };
    Fix {
        places: edits
            .iter()
            .map(|edit| (edit.resource().clone(), place.clone()))
            .collect(),
        edits,
        ..Fix::default()
    }
}

/// All edits, as summary and command, in one region.
pub(super) fn shown(edits: Vec<Edit>, blame: &[Blame]) -> String {
    let show = |edit: Edit| {
        let wording = words(&on_aws(vec![edit], "eu-west-1"), blame).unwrap();
        format!(
            "{}\n{}",
            wording.summary,
            wording.command.unwrap_or("(no command)".to_owned())
        )
    };
    edits.into_iter().map(show).collect::<Vec<_>>().join("\n\n")
}

fn add(filter: &str, peer: Peer) -> Edit {
    Edit::AddRule {
        filter: filter.into(),
        rule: Box::new(redis(Direction::Ingress, None, peer)),
    }
}

#[test]
fn each_command_has_the_region_of_what_it_changes() {
    let mut fix = on_aws(vec![add("sg-near", cidr("10.0.0.0/16"))], "eu-west-1");
    let far = on_aws(vec![add("sg-far", cidr("10.0.0.0/16"))], "us-east-1");
    fix.edits.extend(far.edits);
    fix.places.extend(far.places);
    let command = |fix: &Fix| words(fix, &[]).unwrap().command;
    let both = command(&fix).unwrap();
    let lines: Vec<&str> = both.lines().collect();
    let [near, far] = lines.as_slice() else {
        panic!("two edits, two commands: {both}")
    };
    assert!(
        near.contains("sg-near") && near.ends_with("--region eu-west-1"),
        "{near}"
    );
    assert!(
        far.contains("sg-far") && far.ends_with("--region us-east-1"),
        "{far}"
    );
    let place = fix.places.get_mut("sg-far").unwrap();
    place.region = None;
    assert!(!command(&fix).unwrap().contains("us-east-1"));
    fix.places.remove("sg-far");
    assert_eq!(command(&fix), None, "whose tool it is cannot be told");
}

#[test]
fn what_narrowing_does_is_told() {
    let narrows = |keeps, closes_addresses, closes_ports| {
        sentence::narrows(Narrowing {
            keeps,
            closes_addresses,
            closes_ports,
        })
    };
    insta::assert_snapshot!(
        [
            narrows(0, 1, false),
            narrows(1, 65_535, false),
            narrows(12, u64::MAX, true),
            narrows(3, 0, true),
        ]
        .join("\n"),
        @"
    No known connection gets through it today; it closes 1 address at which no client is known, and opens nothing (tried on a copy).
    This keeps the 1 connection that gets through it today; it closes 65535 addresses at which no client is known, and opens nothing (tried on a copy).
    This keeps all 12 connections that get through it today; it closes all other addresses, at which no client is known and those of its ports that no cache behind it uses, and opens nothing (tried on a copy).
    This keeps all 3 connections that get through it today; it closes those of its ports that no cache behind it uses, and opens nothing (tried on a copy).
    "
    );
}

#[test]
fn values_of_strangers_stay_words() {
    let edit = add("sg-0'; rm -rf ~; '", sample::group("$(reboot)"));
    let fix = on_aws(vec![edit], "eu-west-1; reboot");
    let command = words(&fix, &[]).unwrap().command.unwrap();
    let expected = r"aws ec2 authorize-security-group-ingress --group-id 'sg-0'\''; rm -rf ~; '\''' --protocol tcp --port 6379 --source-group '$(reboot)' --region 'eu-west-1; reboot'";
    assert_eq!(command, expected);
}

#[test]
fn half_a_change_is_no_command() {
    let good = sample::blocked().fix.unwrap().edits.remove(0);
    let bad = Edit::AddRoute {
        table: "rtb-0a".into(),
        route: route(RouteTarget::Drop),
    };
    let fix = Fix {
        advice: Some("Ask the owner of the network.".to_owned()),
        ..on_aws(vec![good.clone(), bad], "eu-west-1")
    };
    let wording = words(&fix, &[]).unwrap();
    assert_eq!(wording.command, None);
    assert!(
        wording
            .summary
            .ends_with("nowhere. Ask the owner of the network."),
        "{}",
        wording.summary
    );
    let mut elsewhere = on_aws(vec![good], "eu-west-1");
    for place in elsewhere.places.values_mut() {
        place.provider = Provider::Gcp;
    }
    assert_eq!(words(&elsewhere, &[]).unwrap().command, None);
    assert_eq!(words(&Fix::default(), &[]), None);
}
