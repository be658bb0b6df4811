//! How many calls a collection sends, and which.

use std::collections::BTreeSet;

use cachewarden_peers::{FakeGcp, GcpEstate};
use serde_json::json;

use super::harness::{collect, estate};

/// Each call stands in the table that the permissions are made from.
#[test]
fn permissions_are_what_is_sent() {
    let fake = FakeGcp::start(estate());
    drop(collect(&fake));
    let allowed: BTreeSet<String> = cachewarden_provider_gcp::permissions::permissions(false)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let sent: BTreeSet<String> = fake
        .requests()
        .iter()
        .map(|it| it.permission.clone())
        .collect();
    // The shop has something of everything.
    assert_eq!(sent, allowed);
}

/// Two projects, a hundred caches.
#[test]
fn the_number_of_calls_is_a_sum() {
    let mut estate = GcpEstate::new(json!({"projects": [
        {"name": "projects/1", "projectId": "one", "state": "ACTIVE"},
        {"name": "projects/2", "projectId": "two", "state": "ACTIVE"},
    ]}));
    for project in ["one", "two"] {
        let network = format!("projects/{project}/global/networks/main");
        estate = estate
            .with(
                &format!("compute/projects/{project}/networks"),
                json!({"name": "main", "selfLink": network}),
            )
            .with(
                &format!("compute/projects/{project}/subnetworks"),
                json!({"name": "a", "selfLink": format!("projects/{project}/regions/us-east1/subnetworks/a"),
                    "network": network, "region": "regions/us-east1", "ipCidrRange": "10.0.0.0/24"}),
            );
        for number in 0..25 {
            let place = format!("projects/{project}/locations/us-east1");
            estate = estate
                .with(
                    &format!("redis/projects/{project}/instances"),
                    json!({"name": format!("{place}/instances/r{number}"), "state": "READY", "tier": "BASIC",
                        "memorySizeGb": 1, "redisVersion": "REDIS_7_2", "authorizedNetwork": network}),
                )
                .with(
                    &format!("redis/projects/{project}/clusters"),
                    json!({"name": format!("{place}/clusters/c{number}"), "state": "ACTIVE", "shardCount": 1,
                        "transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
                        "serverCaMode": "SERVER_CA_MODE_GOOGLE_MANAGED_SHARED_CA"}),
                );
        }
    }
    let fake = FakeGcp::start(estate);
    let snapshot = collect(&fake);
    assert_eq!(snapshot.caches.len(), 100);
    let projects = 1; // one search
    let caches = 3; // Redis, Redis Cluster, Valkey
    let compute = 10; // lists of networks, subnets, firewalls, routes, machines, …
    let others = 1 + 4 + 3 + 2; // Memcached; connectivity; DNS; connectors and Cloud Run
    let network = 1 + 1; // firewalls in force in its one region; who shares the project
    let authority = 1; // that all clusters of the region share
    let metrics = 2; // one for Redis, one for Redis Cluster
    let of_a_project = caches + compute + others + network + authority + metrics;
    assert_eq!(fake.requests().len(), projects + 2 * of_a_project);
    // Of those whose quota is 60 a minute: their list and the authority.
    let clusters = |it: &cachewarden_peers::GcpRequest| it.permission.starts_with("redis.clusters");
    let of_clusters = fake.requests().into_iter().filter(clusters).count();
    assert_eq!(of_clusters, 2 * (1 + 1));
}
