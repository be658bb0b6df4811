//! How many calls a collection sends, and which.

use std::collections::BTreeSet;

use cachewarden_peers::{AzureEstate, FakeAzure};
use serde_json::json;

use super::harness::{collect, estate};

/// Each call stands in the table that the permissions are made from.
#[test]
fn permissions_are_what_is_sent() {
    let fake = FakeAzure::start(estate());
    drop(collect(&fake));
    let allowed: BTreeSet<String> = cachewarden_provider_azure::permissions::actions()
        .iter()
        .map(|it| it.to_lowercase())
        .collect();
    let sent: BTreeSet<String> = fake
        .requests()
        .iter()
        .map(|it| it.action.to_lowercase())
        .collect();
    assert!(sent.is_subset(&allowed), "{:?}", sent.difference(&allowed));
    // The shop has something of almost everything.
    let unsent: Vec<_> = allowed.difference(&sent).collect();
    assert_eq!(unsent, ["microsoft.cache/redis/linkedservers/read"]);
}

/// Two subscriptions, a hundred caches.
#[test]
fn the_number_of_calls_is_a_sum() {
    let subscriptions = [
        "aaaaaaaa-0000-4000-8000-000000000001",
        "aaaaaaaa-0000-4000-8000-000000000002",
    ];
    let cache = |number: usize| {
        let subscription = subscriptions[number % 2];
        json!({
            "id": format!("/subscriptions/{subscription}/resourceGroups/g/providers/Microsoft.Cache/Redis/c{number}"),
            "type": "Microsoft.Cache/Redis", "location": "West Europe",
            "properties": {
                "sku": {"name": "Standard", "family": "C", "capacity": 1}, "provisioningState": "Succeeded",
                "hostName": format!("c{number}.redis.cache.windows.net"), "sslPort": 6380, "port": 6379,
                "redisConfiguration": {}, "linkedServers": [],
            },
        })
    };
    let caches: Vec<_> = (0..100).map(cache).collect();
    let fake = FakeAzure::start(AzureEstate::new(json!({
        "subscriptions": subscriptions, "resources": caches,
    })));
    let snapshot = collect(&fake);
    assert_eq!((snapshot.caches.len(), snapshot.gaps.len()), (100, 0));
    let of_all = 1 + 13; // subscriptions; types in Resource Graph
    let of_a_subscription = 4; // permissions, two kinds of caches, networks
    let of_a_cache = 3; // firewall, schedule, diagnostic settings
    let metrics = 100; // with a token that was handed over, one by one
    let sum = of_all + 2 * of_a_subscription + 100 * of_a_cache + metrics;
    assert_eq!(fake.requests().len(), sum);
}
