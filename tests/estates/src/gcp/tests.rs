use std::collections::BTreeSet;

use cachewarden_model::{Destination, Fact, RouteTarget, Snapshot};

use super::{base, change, id};

#[test]
fn the_base_can_be_saved() {
    let snapshot = base().build();
    let text = serde_json::to_vec(&snapshot).expect("JSON");
    assert_eq!(Snapshot::from_json(&text).expect("a snapshot"), snapshot);
}

#[test]
fn what_the_base_names_is_there() {
    let it = base().build();
    let networks: BTreeSet<_> = it.networks.iter().map(|it| &it.id).collect();
    let filters: BTreeSet<_> = it.filters.iter().map(|it| &it.id).collect();
    let peerings: BTreeSet<_> = it.peerings.iter().map(|it| &it.id).collect();
    let rules: BTreeSet<_> = it.private_endpoints.iter().map(|it| &it.id).collect();
    for network in &it.networks {
        let gcp = network.gcp.as_ref().expect("of Google Cloud");
        let named = gcp.filters.values().flat_map(|it| it.value());
        for filter in named.flatten() {
            assert!(filters.contains(filter), "{filter}");
        }
        let subnets = it.subnets.iter().filter(|it| it.network == network.id);
        for region in subnets.map(|it| &it.region) {
            assert!(gcp.filters.contains_key(region), "{} {region}", network.id);
        }
    }
    for subnet in &it.subnets {
        assert!(networks.contains(&subnet.network), "{}", subnet.id);
        let table = subnet.route_table.value().and_then(Option::as_ref);
        let table = &table.expect("a table").table;
        let table = it.route_tables.iter().find(|it| it.id == *table);
        let routes = table.and_then(|it| it.routes.value()).expect("its routes");
        for range in &subnet.cidrs {
            let own = Destination::Cidr(*range);
            assert!(routes.iter().any(|it| it.destination == own), "{range}");
        }
    }
    for route in it.route_tables.iter().flat_map(|it| it.routes.value()) {
        for target in route.iter().map(|it| &it.target) {
            if let RouteTarget::Peering(id) = target {
                assert!(peerings.contains(id), "{id}");
            }
        }
    }
    for client in &it.interfaces {
        let subnet = it.subnets.iter().find(|it| it.id == client.subnet);
        let subnet = subnet.expect("its subnet");
        let inside = |address| subnet.cidrs.iter().any(|it| it.contains(address));
        assert!(client.addresses.iter().all(|it| inside(*it)));
        assert!(client.prefixes.iter().all(|it| inside(it.address())));
        assert_eq!(
            (&client.network, &client.region),
            (&subnet.network, &subnet.region)
        );
    }
    for cache in &it.caches {
        let network = cache.network.value().expect("its network");
        assert!(networks.contains(network), "{}", cache.id);
        let gcp = cache.gcp.as_ref().expect("of Google Cloud");
        for connection in gcp.connections.value().into_iter().flatten() {
            let rule = connection.rule.as_ref().expect("its rule");
            assert!(rules.contains(rule), "{rule}");
            let attachment = connection.attachment.as_ref().expect("its attachment");
            assert!(gcp.attachments.contains(attachment));
        }
    }
}

#[test]
fn constants_are_what_the_functions_make() {
    assert_eq!(id::VPC_A, id::network(super::HOST, "vpc-a"));
    assert_eq!(id::APPS, id::subnet(super::HOST, super::HOME, "apps"));
    assert_eq!(
        id::SESSIONS,
        id::redis(super::HOST, super::HOME, "sessions")
    );
    assert_eq!(
        id::CATALOG,
        id::cluster(super::HOST, super::HOME, "catalog")
    );
    assert_eq!(id::ORDERS, id::valkey(super::HOST, super::HOME, "orders"));
    let web = id::instance(super::SHOP, "europe-west1-b", "web");
    assert_eq!(id::WEB, format!("{web}/nic0"));
    let caches = base().build().caches;
    let catalog = caches.iter().find(|it| it.name == "catalog");
    let gcp = catalog.and_then(|it| it.gcp.as_ref()).expect("a cluster");
    let first = gcp.connections.value().and_then(|it| it.first());
    let rule = first.and_then(|it| it.rule.clone());
    assert_eq!(rule.expect("a rule").as_str(), id::endpoint("catalog", 1));
}

#[test]
fn policies_change_places_with_own_rules() {
    let estate = base().with(change::policies_first(id::VPC_A));
    let gcp = estate.network(id::VPC_A).gcp.as_ref().expect("its order");
    let home = gcp.filters.get("europe-west1").and_then(Fact::value);
    let names = home.expect("its filters").iter().map(|it| it.as_str());
    let own = id::firewalls(id::VPC_A);
    let expected = [id::ORG_POLICY, id::GLOBAL_POLICY, id::REGIONAL_POLICY, &own];
    assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn a_peering_without_other_side_has_no_routes() {
    let estate = base().with(change::without_peering(id::VPC_A, id::REDIS_PEER));
    let snapshot = estate.build();
    let table = snapshot
        .route_tables
        .iter()
        .find(|it| it.network == *id::VPC_A);
    let routes = table.and_then(|it| it.routes.value()).expect("its routes");
    let gone = RouteTarget::Peering(id::peering(id::VPC_A, id::REDIS_PEER).into());
    assert!(routes.iter().all(|it| it.target != gone));
}
