//! Answers that are odd: words that are new, things that are not told.

use cachewarden_model::{Noun, Phase, Region};
use cachewarden_peers::{FakeGcp, GcpEstate};
use serde_json::{Value, json};

use super::harness::{cache, collect, estate, gaps};

const REDIS: &str = "redis/projects/shop-net/instances";
const CLUSTERS: &str = "redis/projects/shop-net/clusters";

fn of(estate: GcpEstate) -> cachewarden_model::Snapshot {
    collect(&FakeGcp::start(estate))
}

/// A word or number that is new is neither up nor down, neither on nor off.
#[test]
fn new_words_of_caches_are_unknown() {
    let snapshot = of(estate().changed(REDIS, "sessions", |it| {
        it["state"] = 77.into();
        it["transitEncryptionMode"] = "MUTUAL".into();
        it["tier"] = 9.into();
        it["redisVersion"] = "".into();
    }));
    let it = cache(&snapshot, "sessions");
    let status = it.status.value().unwrap();
    assert_eq!((status.text.as_str(), status.phase), ("77", Phase::Unclear));
    assert!(it.transit_encryption.is_unknown());
    assert!(it.engine_version.is_unknown());
    assert!(it.replicas.is_unknown() && it.automatic_failover.is_unknown());
    let snapshot = of(estate().changed(CLUSTERS, "catalog", |it| {
        it["authorizationMode"] = 9.into();
        it["transitEncryptionMode"] = 0.into();
    }));
    let it = cache(&snapshot, "catalog");
    assert!(it.authentication.is_unknown() && it.anonymous_access.is_unknown());
}

/// Older answers do not say of each connection what it is for.
#[test]
fn connections_without_their_kind_are_known_by_what_they_lead_to() {
    let discovery = |change: fn(&mut Value)| {
        let snapshot = of(estate().changed(CLUSTERS, "catalog", |it| {
            it["clusterEndpoints"] = json!([]);
            for one in it["pscConnections"].as_array_mut().unwrap() {
                let one = one.as_object_mut().unwrap();
                one.remove("connectionType");
                one.remove("pscConnectionStatus");
            }
            change(it);
        }));
        let it = cache(&snapshot, "catalog").clone();
        let hosts: Vec<_> = it
            .endpoints
            .iter()
            .map(|it| it.host.clone().unwrap())
            .collect();
        assert_eq!(it.gcp.unwrap().connections.value().unwrap().len(), 2);
        hosts
    };
    // By the attachment, or by the address that is told to clients.
    assert_eq!(discovery(|_| ()), ["10.1.2.10"]);
    assert_eq!(
        discovery(|it| it["pscServiceAttachments"] = json!([])),
        ["10.1.2.10"]
    );
    assert_eq!(
        discovery(|it| it["discoveryEndpoints"] = json!([])),
        ["10.1.2.10"]
    );
}

/// A state that is missing says nothing.
#[test]
fn a_state_that_is_not_told_is_unclear() {
    let snapshot = of(estate().changed(REDIS, "sessions", |it| {
        it.as_object_mut().unwrap().remove("state");
    }));
    let status = cache(&snapshot, "sessions").status.value().unwrap();
    assert_eq!(status.phase, Phase::Unclear);
}

/// A status of an endpoint that is not told is neither accepted nor refused.
#[test]
fn an_endpoint_without_a_known_status_is_hidden() {
    let list = "compute/projects/shop-net/forwardingRules";
    for status in [Value::Null, "NEW_WORD".into()] {
        let snapshot = of(estate().changed(list, "sca-auto-fr-1", |it| {
            it["pscConnectionStatus"] = status;
        }));
        assert!(
            snapshot
                .private_endpoints
                .iter()
                .all(|it| it.name != "sca-auto-fr-1")
        );
        let gap = gaps(&snapshot, "compute.forwardingRules.list");
        assert_eq!(gap[0].hides, [Noun::PrivateEndpoints]);
    }
}

#[test]
fn a_peering_without_a_known_state_is_hidden() {
    for state in [Value::Null, "HALF".into()] {
        let networks = "compute/projects/shop-net/networks";
        let snapshot =
            of(estate().changed(networks, "main", |it| it["peerings"][0]["state"] = state));
        assert!(
            snapshot
                .peerings
                .iter()
                .all(|it| it.name != "redis-peer-555")
        );
        let gap = gaps(&snapshot, "compute.networks.list");
        assert!(gap[0].hides.contains(&Noun::Peerings), "{}", gap[0]);
    }
}

/// One rule that cannot be read may be the one that decides.
#[test]
fn one_odd_rule_makes_its_filter_unknown() {
    let firewalls = "compute/projects/shop-net/firewalls";
    for change in [
        (|it: &mut Value| it["allowed"] = json!([{"IPProtocol": "tcp", "ports": ["many"]}]))
            as fn(&mut Value),
        |it| it["allowed"] = Value::Null,
        |it| it["direction"] = "SIDEWAYS".into(),
        |it| it["destinationRanges"] = json!(["everything"]),
        |it| it["priority"] = "high".into(),
    ] {
        let estate = estate().changed(firewalls, "allow-redis", |it| {
            change(it);
            if it["allowed"].is_null() {
                it.as_object_mut().unwrap().remove("allowed");
            }
        });
        let snapshot = of(estate);
        let id = "projects/shop-net/global/networks/main/firewalls";
        let filter = snapshot.filters.iter().find(|it| it.id.as_str() == id);
        assert!(filter.unwrap().rules.is_unknown());
    }
}

#[test]
fn a_policy_in_a_new_form_makes_its_region_or_rules_unknown() {
    let name = "compute/projects/shop-net/regions/europe-west3/firewallPolicies/getEffectiveFirewalls?projects/shop-net/global/networks/main";
    let main = |snapshot: &cachewarden_model::Snapshot| {
        let found = snapshot.networks.iter().find(|it| it.name == "main");
        found.unwrap().gcp.clone().unwrap()
    };
    let snapshot = of(estate().changed_object(name, |it| {
        it["firewallPolicys"][1]["type"] = "NEW".into();
    }));
    let filters = main(&snapshot).filters;
    assert!(filters[&Region::from("europe-west3")].is_unknown());
    assert!(!filters[&Region::from("europe-west1")].is_unknown());
    let snapshot = of(estate().changed_object(name, |it| {
        it["firewallPolicys"][1]["rules"][0]["action"] = "maybe".into();
    }));
    let guard = snapshot
        .filters
        .iter()
        .find(|it| it.name == "guard")
        .unwrap();
    assert!(guard.rules.is_unknown());
    // Nothing at all is an answer: no policies.
    let snapshot = of(estate().changed_object(name, |it| *it = json!({})));
    let filters = main(&snapshot).filters;
    let own = filters[&Region::from("europe-west3")].value().unwrap();
    assert_eq!(own.len(), 1, "the network's own rules");
}

/// One item in a form that is new costs no other.
#[test]
fn an_item_that_cannot_be_read_is_a_gap() {
    let machine = json!({"name": "odd", "zone": 5});
    let fake = FakeGcp::start(estate().with("compute/projects/shop/instances", machine));
    let snapshot = collect(&fake);
    assert!(snapshot.interfaces.iter().any(|it| it.name == "web"));
    let gap = gaps(&snapshot, "compute.instances.list");
    assert_eq!(gap[0].hides, [Noun::Interfaces]);
}

/// A route that cannot be read may be the one that is taken.
#[test]
fn an_odd_route_makes_its_table_unknown() {
    let routes = "compute/projects/shop-net/routes";
    let snapshot =
        of(estate().changed(routes, "to-office", |it| it["destRange"] = "office".into()));
    let id = "projects/shop-net/global/networks/main/routes";
    let table = snapshot.route_tables.iter().find(|it| it.id.as_str() == id);
    assert!(table.unwrap().routes.is_unknown());
}
