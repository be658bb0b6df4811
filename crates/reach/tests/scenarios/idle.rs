//! What remembers the connections of a cache's clients on their way.
//!
//! Source: Amazon EC2 User Guide, "Security group connection tracking";
//! Amazon VPC User Guide, "NAT gateways".

use cachewarden_estates::base::{peered, serverless};
use cachewarden_estates::change::{add_route, client, drop_route, inbound};
use cachewarden_estates::ids::{CLIENT, CLIENT_B, RTB_B, S1, SB, SG_APP, SG_CACHE};
use cachewarden_estates::noun::{function, route};
use cachewarden_estates::{Estate, Place, base};
use cachewarden_model::{Fact, Gap, InterfaceKind, PathFacts, RouteTarget, TrackerKind};

use crate::expect::facts;

/// Of the only cache.
fn paths(estate: Estate) -> PathFacts {
    let mut paths = facts(estate).paths.into_values();
    paths.next().expect("there is a cache")
}

fn refused(operation: &str) -> Gap {
    Place::HOME.refused(operation, &[])
}

/// Kind, seconds, machine type and id of each.
fn trackers(paths: &PathFacts) -> Vec<(TrackerKind, Option<u32>, Option<&str>, &str)> {
    let all = paths.trackers.iter();
    all.map(|it| {
        let machine = it.machine_type.as_deref();
        (it.kind, it.stated_seconds, machine, it.id.as_str())
    })
    .collect()
}

#[test]
fn d12_a_machines_tracking_has_its_type() {
    let paths = paths(base());
    assert_eq!(paths.clients, 1);
    let expected = [(TrackerKind::Interface, None, Some("m7g.large"), CLIENT)];
    assert_eq!(trackers(&paths), expected);
    let set = base().with(client(CLIENT, |it| it.tracking_idle_seconds = Some(60)));
    let set = self::paths(set);
    let expected = [(TrackerKind::Interface, Some(60), Some("m7g.large"), CLIENT)];
    assert_eq!(trackers(&set), expected);
}

#[test]
fn of_alike_trackers_one_is_told() {
    let more = |estate: &mut Estate| {
        estate.add_machine(
            S1,
            "eni-0f00000000000001",
            "twin",
            &["10.0.1.11"],
            &[SG_APP],
        );
        let shared = "eni-0f00000000000002";
        let subnet = estate.subnet(S1);
        let lambda = function(subnet, shared, "jobs", "10.0.1.12", &[SG_APP]);
        estate.snapshot.interfaces.push(lambda);
    };
    let paths = paths(base().with(more));
    assert_eq!(paths.clients, 3);
    let expected = [
        (TrackerKind::Interface, None, None, "eni-0f00000000000002"),
        (TrackerKind::Interface, None, Some("m7g.large"), CLIENT),
    ];
    assert_eq!(trackers(&paths), expected);
}

#[test]
fn a_load_balancer_has_a_limit_of_its_own() {
    let balanced = base().with(client(CLIENT, |it| it.kind = InterfaceKind::LoadBalancer));
    let paths = paths(balanced);
    assert_eq!(
        trackers(&paths),
        [(TrackerKind::LoadBalancer, None, None, CLIENT)]
    );
}

#[test]
fn a_serverless_cache_is_met_through_its_private_endpoint() {
    let kinds = |paths: &PathFacts| -> Vec<TrackerKind> {
        paths.trackers.iter().map(|it| it.kind).collect()
    };
    let met = paths(base().with(serverless));
    let expected = [TrackerKind::Interface, TrackerKind::PrivateEndpoint];
    assert_eq!(kinds(&met), expected);
    let by_nobody = paths(base().with(serverless).with(inbound(SG_CACHE, [])));
    assert_eq!((by_nobody.clients, kinds(&by_nobody)), (0, vec![]));
}

#[test]
fn a_nat_gateway_remembers_what_goes_through_it() {
    let nat = || RouteTarget::NatGateway("nat-0b00000000000001".into());
    let gateways = |paths: &PathFacts| -> Vec<String> {
        let all = paths.trackers.iter();
        all.filter(|it| it.kind == TrackerKind::NatGateway)
            .map(|it| it.id.to_string())
            .collect()
    };
    // The way to the internet alone is none to the cache.
    let beside = base()
        .with(peered)
        .with(add_route(RTB_B, route("0.0.0.0/0", nat())));
    let beside = paths(beside);
    assert_eq!(beside.clients, 2);
    assert_eq!(gateways(&beside), [""; 0]);
    let through = base()
        .with(peered)
        .with(drop_route(RTB_B, "10.0.0.0/16"))
        .with(add_route(RTB_B, route("10.0.0.0/16", nat())));
    assert_eq!(gateways(&paths(through)), ["nat-0b00000000000001"]);
    let own = |it: &(TrackerKind, Option<u32>, Option<&str>, &str)| it.3 == CLIENT_B;
    assert!(
        !trackers(&beside).iter().any(own),
        "alike ones are told once"
    );
}

#[test]
fn a_gateway_on_a_way_that_was_not_read_is_possible() {
    let nat = || RouteTarget::NatGateway("nat-0b00000000000001".into());
    let uncertain = |estate: Estate| -> Vec<String> {
        let paths = paths(estate);
        let all = paths.trackers.iter().filter(|it| !it.certain);
        all.inspect(|it| assert_eq!(it.kind, TrackerKind::NatGateway))
            .map(|it| it.id.to_string())
            .collect()
    };
    let unread = |estate: &mut Estate| {
        let tables = &mut estate.snapshot.route_tables;
        let table = tables.iter_mut().find(|it| it.id.as_str() == RTB_B);
        table.expect("there is such a table").routes =
            Fact::unknown(refused("ec2:DescribeRouteTables"));
    };
    let untold = |estate: &mut Estate| {
        let subnet = estate.snapshot.subnets.iter_mut();
        let mut of_client = subnet.filter(|it| it.id.as_str() == SB);
        of_client
            .next()
            .expect("there is such a subnet")
            .route_table = Fact::unknown(refused("ec2:DescribeRouteTables"));
    };
    let gone = |estate: &mut Estate| {
        let tables = &mut estate.snapshot.route_tables;
        tables.retain(|it| it.id.as_str() != RTB_B);
    };
    assert_eq!(uncertain(base().with(peered)), [""; 0]);
    assert_eq!(uncertain(base().with(peered).with(unread)), [SB]);
    assert_eq!(uncertain(base().with(peered).with(untold)), [SB]);
    assert_eq!(uncertain(base().with(peered).with(gone)), [SB]);
    // Where the cache's nodes are was not read: a gateway may be on the way
    // only if there is a way to one.
    let nodes = |estate: &mut Estate| {
        for node in &mut estate.snapshot.caches[0].nodes {
            node.subnets = Fact::unknown(refused("elasticache:DescribeCacheSubnetGroups"));
        }
    };
    assert_eq!(uncertain(base().with(peered).with(nodes)), [""; 0]);
    let leads = base()
        .with(peered)
        .with(add_route(RTB_B, route("0.0.0.0/0", nat())));
    assert_eq!(uncertain(leads.with(nodes)), [SB]);
}
