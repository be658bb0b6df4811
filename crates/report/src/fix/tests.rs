//! Each change in words.

use cachewarden_model::{
    Destination, Direction, Peer, Route, RouteOrigin, RouteState, RouteTarget, Rule, TransitRoute,
    TransitRouteKind,
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

/// All edits, as summary and command, with one region for both sides.
pub(super) fn shown(edits: Vec<Edit>, blame: &[Blame]) -> String {
    let region = Region::from("eu-west-1");
    let scene = Scene {
        provider: Some(Provider::Aws),
        client_region: Some(&region),
        cache_region: Some(&region),
        blame,
    };
    let show = |edit: Edit| {
        let fix = Fix {
            edits: vec![edit],
            advice: None,
            proof: None,
        };
        let wording = words(&fix, scene).unwrap();
        format!(
            "{}\n{}",
            wording.summary,
            wording.command.unwrap_or("(no command)".to_owned())
        )
    };
    edits.into_iter().map(show).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_region_is_that_of_the_side_that_changes() {
    let near = Region::from("eu-west-1");
    let far = Region::from("us-east-1");
    let command = |stage, leg| {
        let blame = Blame {
            stage,
            leg,
            ..sample::blocked().blame.remove(0)
        };
        let scene = Scene {
            provider: Some(Provider::Aws),
            client_region: Some(&near),
            cache_region: Some(&far),
            blame: &[blame],
        };
        words(&sample::blocked().fix.unwrap(), scene)
            .unwrap()
            .command
            .unwrap()
    };
    assert!(command(Stage::ClientFilter, Leg::Request).ends_with("--region eu-west-1"));
    assert!(command(Stage::CacheFilter, Leg::Request).ends_with("--region us-east-1"));
    assert!(command(Stage::Route, Leg::Request).ends_with("--region eu-west-1"));
    assert!(command(Stage::Route, Leg::Reply).ends_with("--region us-east-1"));
    assert!(!command(Stage::Link, Leg::Request).contains("--region"));
}

#[test]
fn values_of_strangers_stay_words() {
    let edit = Edit::AddRule {
        filter: "sg-0'; rm -rf ~; '".into(),
        rule: Box::new(redis(Direction::Ingress, None, sample::group("$(reboot)"))),
    };
    let fix = Fix {
        edits: vec![edit],
        advice: None,
        proof: None,
    };
    let scene = Scene {
        provider: Some(Provider::Aws),
        ..Scene::default()
    };
    let command = words(&fix, scene).unwrap().command.unwrap();
    let expected = r"aws ec2 authorize-security-group-ingress --group-id 'sg-0'\''; rm -rf ~; '\''' --protocol tcp --port 6379 --source-group '$(reboot)'";
    assert_eq!(command, expected);
}

#[test]
fn half_a_change_is_no_command() {
    let good = sample::blocked().fix.unwrap().edits.remove(0);
    let bad = Edit::AddRoute {
        table: "rtb-0a".into(),
        route: route(RouteTarget::Drop),
    };
    let advice = Some("Ask the owner of the network.".to_owned());
    let fix = Fix {
        edits: vec![good.clone(), bad],
        advice,
        proof: None,
    };
    let scene = Scene {
        provider: Some(Provider::Aws),
        ..Scene::default()
    };
    let wording = words(&fix, scene).unwrap();
    assert_eq!(wording.command, None);
    assert!(
        wording
            .summary
            .ends_with("nowhere. Ask the owner of the network."),
        "{}",
        wording.summary
    );
    let elsewhere = Scene {
        provider: Some(Provider::Gcp),
        ..Scene::default()
    };
    let fix = Fix {
        edits: vec![good],
        advice: None,
        proof: None,
    };
    assert_eq!(words(&fix, elsewhere).unwrap().command, None);
    assert_eq!(
        words(
            &Fix {
                edits: vec![],
                advice: None,
                proof: None
            },
            scene
        ),
        None
    );
}
