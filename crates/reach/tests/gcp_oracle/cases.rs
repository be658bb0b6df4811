//! The oracle itself, on estates made by hand.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{
    dead, endpoint_gone, endpoint_state, firewall, global_access, moved, peering_inactive,
    policies_first, policy, policy_route, route, runs_as, tags, without_peering, without_route,
};
use cachewarden_estates::gcp::{self, WEB_ACCOUNT, base, egress, id, line};
use cachewarden_model::{
    Action, Outcome, PolicyRoute, PolicyRouteNext, PolicyRouteScope, PrivateEndpointState,
    RouteTarget,
};
use cachewarden_netset::Protocol;

use crate::choices::Choices;
use crate::world::truth;
use crate::worlds::Truth;

use Action::{Allow, Deny, Next};

/// What becomes of a client's connection to the n-th endpoint of a cache.
fn ask(estate: Estate, client: &str, cache: &str, endpoint: usize) -> Truth {
    let snapshot = estate.build();
    let mut clients = snapshot.interfaces.iter();
    let client = clients.find(|it| it.id == *client).expect("a client");
    let mut caches = snapshot.caches.iter();
    let cache = caches.find(|it| it.id == *cache).expect("a cache");
    let endpoint = cache.endpoints.get(endpoint).expect("an endpoint");
    truth(&snapshot, client, cache, endpoint)
}

fn is(estate: Estate, client: &str, cache: &str, outcome: Outcome) {
    let truth = ask(estate, client, cache, 0);
    assert!(truth.is(outcome), "{truth:?}");
    assert!(truth.is_settled(), "{truth:?}");
}

fn is_open(estate: Estate, client: &str, cache: &str) {
    is(estate, client, cache, Outcome::Open);
}

fn is_blocked(estate: Estate, client: &str, cache: &str) {
    is(estate, client, cache, Outcome::Blocked);
}

fn is_partial(estate: Estate, client: &str, cache: &str) {
    is(estate, client, cache, Outcome::Partial);
}

fn is_left_open(estate: Estate, client: &str, cache: &str) {
    let truth = ask(estate, client, cache, 0);
    let first = truth.outcomes.first().expect("a world");
    assert!(!truth.is(*first), "{truth:?}");
}

#[test]
fn in_the_base_everything_works() {
    for cache in base().build().caches {
        for endpoint in 0..cache.endpoints.len() {
            let id = cache.id.as_str();
            for client in [id::WEB, id::NODE, id::CONNECTOR, id::RUN] {
                let truth = ask(base(), client, id, endpoint);
                let behind = (client, id) == (id::CONNECTOR, id::CART);
                assert_eq!(truth.is(Outcome::Open), !behind, "{client} {id} {truth:?}");
            }
            let truth = ask(base(), id::BATCH, id, endpoint);
            assert!(truth.is(Outcome::Blocked), "{id} {truth:?}");
        }
    }
    is_open(base(), id::FAR, id::CATALOG);
    is_left_open(base(), id::FAR, id::SESSIONS);
}

#[test]
fn rules_of_the_network() {
    let deny = || egress("deny-redis", 1000, Deny).tcp(6379, 6379);
    let allow = |priority| egress("allow-all", priority, Allow).far(&["10.0.0.0/8"]);
    let with = |rules: Vec<gcp::Draft>| base().with(firewall(id::VPC_A, rules));
    is_blocked(with(vec![deny()]), id::WEB, id::SESSIONS);
    // TLS has another port; a cluster has node ports besides.
    is_open(with(vec![deny()]), id::WEB, id::CART);
    is_partial(with(vec![deny()]), id::WEB, id::CATALOG);
    is_blocked(with(vec![allow(1000), deny()]), id::WEB, id::SESSIONS);
    is_open(with(vec![deny(), allow(999)]), id::WEB, id::SESSIONS);
    let off = allow(999).off("disabled");
    is_blocked(with(vec![deny(), off]), id::WEB, id::SESSIONS);
    let tagged = || vec![deny(), allow(999).tags(&["redis-client"])];
    is_open(with(tagged()), id::WEB, id::SESSIONS);
    is_blocked(with(tagged()), id::NODE, id::SESSIONS);
    is_blocked(
        with(tagged()).with(tags(id::WEB, &["other"])),
        id::WEB,
        id::SESSIONS,
    );
    // Which tags the cloud gives to a connector is not known.
    is_left_open(with(tagged()), id::CONNECTOR, id::SESSIONS);
    let other = || vec![deny().accounts(&["other@shop.iam.gserviceaccount.com"])];
    is_open(with(other()), id::WEB, id::SESSIONS);
    let own = || vec![deny().accounts(&[WEB_ACCOUNT])];
    is_blocked(with(own()), id::WEB, id::SESSIONS);
    is_open(
        with(own()).with(runs_as(id::WEB, None)),
        id::WEB,
        id::SESSIONS,
    );
}

#[test]
fn ports_of_a_cluster() {
    let deny = || egress("deny-all", 65_534, Deny);
    let allow = |first, last, far: &[&str]| egress("allow", 1000, Allow).tcp(first, last).far(far);
    let both = ["10.1.2.10/31"];
    let with = |rules: Vec<gcp::Draft>| base().with(firewall(id::VPC_A, rules));
    let all = vec![
        deny(),
        allow(6379, 6379, &both),
        allow(11_000, 13_047, &both),
    ];
    is_open(with(all), id::WEB, id::CATALOG);
    let first = vec![deny(), allow(6379, 6379, &both)];
    is_partial(with(first), id::WEB, id::CATALOG);
    let one = vec![deny(), allow(6379, 13_047, &["10.1.2.10/32"])];
    is_partial(with(one), id::WEB, id::CATALOG);
    is_blocked(with(vec![deny()]), id::WEB, id::CATALOG);
}

#[test]
fn policies_and_their_order() {
    let deny = || line(100, Deny).tcp(6379, 6379).far(&["10.0.0.0/8"]);
    let own = || egress("allow-all", 1000, Allow);
    let organization = base().with(policy(id::ORG_POLICY, [deny()]));
    let overruled = organization.clone().with(firewall(id::VPC_A, [own()]));
    is_blocked(overruled, id::WEB, id::SESSIONS);
    let next = organization.with(policy(id::ORG_POLICY, [line(90, Next)]));
    is_open(next, id::WEB, id::SESSIONS);
    let hidden = base()
        .with(policy(id::GLOBAL_POLICY, [deny()]))
        .with(firewall(id::VPC_A, [own()]));
    is_open(hidden.clone(), id::WEB, id::SESSIONS);
    is_blocked(
        hidden.with(policies_first(id::VPC_A)),
        id::WEB,
        id::SESSIONS,
    );
    let regional = || base().with(policy(id::REGIONAL_POLICY, [deny()]));
    is_blocked(regional(), id::WEB, id::ORDERS);
    is_open(regional(), id::FAR, id::ORDERS);
    let unresolved = line(100, Deny).peers([gcp::unresolved("fqdn example.com")]);
    is_left_open(
        base().with(policy(id::GLOBAL_POLICY, [unresolved])),
        id::WEB,
        id::SESSIONS,
    );
    let secure = || {
        base().with(policy(
            id::GLOBAL_POLICY,
            [deny().secure_tags(&["tagValues/1"])],
        ))
    };
    is_left_open(secure(), id::WEB, id::SESSIONS);
    is_open(secure(), id::RUN, id::SESSIONS);
    let inspects = line(100, Allow).inspects();
    is_left_open(
        base().with(policy(id::GLOBAL_POLICY, [inspects])),
        id::WEB,
        id::SESSIONS,
    );
    let elsewhere = deny().networks(&[id::VPC_B]);
    is_open(
        base().with(policy(id::ORG_POLICY, [elsewhere])),
        id::WEB,
        id::SESSIONS,
    );
}

#[test]
fn peerings() {
    for (name, cache) in [(id::REDIS_PEER, id::SESSIONS), (id::SERVICE_PEER, id::CART)] {
        let gone = base().with(without_peering(id::VPC_A, name));
        is_blocked(gone, id::WEB, cache);
        let inactive = base().with(peering_inactive(id::VPC_A, name));
        is_blocked(inactive, id::WEB, cache);
    }
    let trap = base().with(moved(id::WEB, "172.17.1.10"));
    is_blocked(trap.clone(), id::WEB, id::SESSIONS);
    is_open(trap, id::WEB, id::CATALOG);
    let public = base().with(moved(id::WEB, "34.10.0.10"));
    is_blocked(public, id::WEB, id::CART);
}

#[test]
fn endpoints() {
    let first = id::endpoint("catalog", 1);
    let second = id::endpoint("catalog", 2);
    let pending = || PrivateEndpointState::Pending;
    is_partial(
        base().with(endpoint_state(&second, pending())),
        id::WEB,
        id::CATALOG,
    );
    let both = base()
        .with(endpoint_state(&first, pending()))
        .with(endpoint_gone(&second));
    is_blocked(both, id::WEB, id::CATALOG);
    let near = || {
        base()
            .with(global_access(&first, false))
            .with(global_access(&second, false))
    };
    is_open(near(), id::WEB, id::CATALOG);
    is_blocked(near(), id::FAR, id::CATALOG);
}

#[test]
fn routes() {
    let dead_end = gcp::route("dead", "10.60.0.0/16", 1000, RouteTarget::Internet);
    // A subnet's route comes first, however short its prefix.
    is_open(
        base().with(route(id::VPC_A, dead_end)),
        id::WEB,
        id::SESSIONS,
    );
    let by = |next| PolicyRoute {
        id: "projects/net-host/locations/global/policyBasedRoutes/r".into(),
        priority: 100,
        source: "0.0.0.0/0".parse().expect("a range"),
        destination: "10.0.0.0/8".parse().expect("a range"),
        protocol: Protocol::Any,
        scope: PolicyRouteScope::Tags(vec!["redis-client".to_owned()]),
        next,
        state: cachewarden_model::LinkState::Active,
    };
    let balancer = || PolicyRouteNext::LoadBalancer([10, 9, 9, 9].into());
    let taken = || base().with(policy_route(id::VPC_A, by(balancer())));
    is_left_open(taken(), id::WEB, id::SESSIONS);
    is_open(taken(), id::NODE, id::SESSIONS);
    let exempt = by(PolicyRouteNext::Default);
    let exempt = PolicyRoute {
        priority: 50,
        ..exempt
    };
    is_open(
        taken().with(policy_route(id::VPC_A, exempt)),
        id::WEB,
        id::SESSIONS,
    );
    // Nothing but the way to the internet is left.
    let gone = base().with(without_route(id::VPC_A, "peering-route-10-60-0-0-29"));
    is_blocked(gone.clone(), id::WEB, id::SESSIONS);
    let router = RouteTarget::Appliance([10, 1, 1, 9].into());
    let by_machine = gcp::route("router", "10.60.0.0/16", 1000, router);
    let by_machine = gone.with(route(id::VPC_A, by_machine));
    is_left_open(by_machine.clone(), id::WEB, id::SESSIONS);
    // With a dead next hop nothing is left, passed over or not.
    let truth = ask(
        by_machine.with(dead(id::VPC_A, "router")),
        id::WEB,
        id::SESSIONS,
        0,
    );
    assert!(truth.is(Outcome::Blocked), "{truth:?}");
}

#[test]
fn the_plainest_estate_works() {
    let snapshot = crate::random::estate(&mut Choices::new(&[])).build();
    assert!(!snapshot.caches.is_empty());
    for cache in &snapshot.caches {
        for endpoint in &cache.endpoints {
            let mut clients = snapshot.interfaces.iter();
            let client = clients.find(|it| it.name == "vm0").expect("a client");
            let truth = truth(&snapshot, client, cache, endpoint);
            assert!(truth.is(Outcome::Open), "{} {truth:?}", cache.name);
        }
    }
}
