//! Idle connections, at the server and on the way.

use cachewarden_model::*;

use super::{cannot_tell, changed, fails};
use crate::estate::{Estate, gap};

#[test]
fn idle_connections() {
    let parameter = |it: &mut Estate, name: &str, value: &str| {
        let mut parameters = it.cache().parameters.value().unwrap().clone();
        parameters.insert(name.into(), value.into());
        it.cache().parameters = Fact::Known(parameters);
    };
    let path = |it: &mut Estate, trackers: Vec<Tracker>| {
        let facts = PathFacts {
            clients: 2,
            trackers,
        };
        it.reachability
            .paths
            .insert(crate::estate::CACHE.into(), facts);
    };
    let tracker = |kind, machine_type: Option<&str>, stated_seconds| Tracker {
        kind,
        certain: true,
        provider: Provider::Aws,
        stated_seconds,
        machine_type: machine_type.map(str::to_owned),
        id: "eni-1".into(),
        name: "app".into(),
    };
    let machine = |name| tracker(TrackerKind::Interface, Some(name), None);
    let untyped = || tracker(TrackerKind::Interface, None, None);
    fails(&["server-keeps-idle-connections"], |it| {
        parameter(it, "timeout", "60")
    });
    cannot_tell(&["server-keeps-idle-connections"], |it| {
        parameter(it, "timeout", "soon")
    });
    let policy = ["keepalive-beats-idle-limits"];
    // The estate's keepalive is 300 seconds.
    for trackers in [
        vec![],
        vec![machine("m8i.large")],
        vec![machine("m5.large"), untyped()],
        vec![tracker(TrackerKind::PrivateEndpoint, None, None)],
        vec![tracker(TrackerKind::NatGateway, None, None)],
        vec![tracker(
            TrackerKind::Interface,
            Some("m8i.large"),
            Some(600),
        )],
    ] {
        fails(&[], |it| path(it, trackers.clone()));
    }
    for trackers in [
        vec![tracker(TrackerKind::Interface, Some("m5.large"), Some(300))],
        vec![tracker(TrackerKind::Interface, None, Some(60)), untyped()],
    ] {
        fails(&policy, |it| path(it, trackers.clone()));
    }
    // Its owner may have set less.
    cannot_tell(&policy, |it| {
        path(it, vec![tracker(TrackerKind::LoadBalancer, None, None)])
    });
    for (keepalive, trackers) in [
        ("0", vec![machine("m5.large")]),
        ("0", vec![untyped()]),
        ("350", vec![machine("m8i.large"), untyped()]),
        ("600", vec![tracker(TrackerKind::NatGateway, None, None)]),
    ] {
        fails(&policy, |it| {
            parameter(it, "tcp-keepalive", keepalive);
            path(it, trackers.clone());
        });
    }
    fails(&[], |it| {
        parameter(it, "tcp-keepalive", "600");
        path(it, vec![machine("m5.large")]);
    });
    let perhaps = || Tracker {
        certain: false,
        ..tracker(TrackerKind::NatGateway, None, None)
    };
    for unknown in [untyped(), machine("m10z.large"), perhaps()] {
        cannot_tell(&policy, |it| {
            parameter(it, "tcp-keepalive", "600");
            path(it, vec![machine("m5.large"), unknown.clone()]);
        });
    }
    // It beats whatever may be on the way; without any nothing is settled.
    fails(&[], |it| path(it, vec![perhaps()]));
    cannot_tell(&policy, |it| {
        parameter(it, "tcp-keepalive", "0");
        path(it, vec![perhaps()]);
    });
}

#[test]
fn clients_that_may_be_meant() {
    let policy = ["keepalive-beats-idle-limits"];
    let nobody = |it: &mut Estate| {
        let mut parameters = it.cache().parameters.value().unwrap().clone();
        parameters.insert("tcp-keepalive".into(), "0".into());
        it.cache().parameters = Fact::Known(parameters);
        it.reachability.paths.clear();
    };
    fails(&[], nobody);
    let verdict = |change: &dyn Fn(&mut Estate)| {
        let found = changed(|it| {
            nobody(it);
            change(it);
        });
        let mut own = found.into_iter().filter(|(id, _)| id == policy[0]);
        own.next().map(|(_, verdict)| verdict)
    };
    let unread = || gap("ec2:DescribeSomething");
    let hidden = verdict(&|it| {
        it.snapshot.gaps = vec![Gap {
            hides: vec![Noun::Interfaces],
            ..unread()
        }];
    });
    assert_eq!(hidden, Some(Verdict::Unknown));
    let filters = verdict(&|it| it.cache().filters = Fact::unknown(unread()));
    assert_eq!(filters, Some(Verdict::Unknown));
    let rules = verdict(&|it| it.snapshot.filters[0].rules = Fact::unknown(unread()));
    assert_eq!(rules, Some(Verdict::Unknown));
}
