//! The shop's own network: most clients, most caches.

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    Cache, Engine, Fact, FilterKind, PendingChanges, Statistic, TransitEncryption, Version,
};

use super::{Seat, add_fleet, id};
use crate::noun::{self, all, allow, any, deny, group, metric, tcp};
use crate::{Estate, Place, change};

/// The network's subnets: name, zone, range.
const SUBNETS: [(&str, u8, &str); 12] = [
    ("apps-a", 1, "10.20.1.0/24"),
    ("apps-b", 2, "10.20.2.0/24"),
    ("apps-c", 3, "10.20.3.0/24"),
    ("caches-a", 1, "10.20.11.0/24"),
    ("caches-b", 2, "10.20.12.0/24"),
    ("caches-c", 3, "10.20.13.0/24"),
    ("catalogue-a", 1, "10.20.21.0/24"),
    ("catalogue-b", 2, "10.20.22.0/24"),
    ("guarded-c", 3, "10.20.33.0/24"),
    ("shared-a", 1, "10.20.41.0/24"),
    ("shared-b", 2, "10.20.42.0/24"),
    ("shared-c", 3, "10.20.43.0/24"),
];

/// Groups of the clients.
const CLIENT_GROUPS: [&str; 5] = ["checkout", "storefront", "recommender", "billing", "batch"];

pub(super) fn add(estate: &mut Estate) {
    let network = id("vpc-", "shop");
    estate.add_network(Place::HOME, &network, "shop", &["10.20.0.0/16"]);
    for (name, zone, range) in SUBNETS {
        estate.add_subnet(&network, &id("subnet-", name), name, zone, &[range]);
    }
    for name in CLIENT_GROUPS {
        estate.add_group(&network, &id("sg-", name), name, []);
    }
    add_clients(estate);
    add_sessions(estate);
    add_catalogue(estate);
    add_recommendations(estate);
    add_carts(estate);
    add_payments(estate);
}

fn add_clients(estate: &mut Estate) {
    let fleets: [(&str, &[Seat<'_>], &str); 4] = [
        (
            "checkout",
            &[
                ("apps-a", "10.20.1.11"),
                ("apps-b", "10.20.2.11"),
                ("apps-c", "10.20.3.11"),
            ],
            "m7g.large",
        ),
        (
            "storefront",
            &[("apps-a", "10.20.1.21"), ("apps-b", "10.20.2.21")],
            "c7g.xlarge",
        ),
        (
            "recommender",
            &[("apps-a", "10.20.1.31"), ("apps-c", "10.20.3.31")],
            "r7g.large",
        ),
        ("billing", &[("apps-b", "10.20.2.41")], "t4g.medium"),
    ];
    for (name, places, machine_type) in fleets {
        add_fleet(estate, name, name, places, machine_type);
    }
    // What stands in a name is no business of whoever reads it.
    let hostile = "\u{1b}[31mreport\u{202e}gpj.exe\u{7}\n<img src=x onerror=alert(1)> `$(reboot)`";
    let interface = id("eni-", "batch");
    let of = id("subnet-", "apps-b");
    estate.add_machine(
        &of,
        &interface,
        hostile,
        &["10.20.2.51"],
        &[&id("sg-", "batch")],
    );
    let functions = noun::function(
        estate.subnet(&id("subnet-", "apps-c")),
        &id("eni-", "thumbnails"),
        "thumbnails",
        "10.20.3.77",
        &[&id("sg-", "storefront")],
    );
    estate.snapshot.interfaces.push(functions);
}

/// A group around a cache, and the cache in it.
pub(super) fn place(
    estate: &mut Estate,
    cache: Cache,
    lines: impl IntoIterator<Item = noun::Line>,
) {
    let name = format!("{}-cache", cache.name);
    let network = cache.network.value().cloned().unwrap_or_default();
    let group = id("sg-", &name);
    let lines: Vec<_> = lines
        .into_iter()
        .map(|line| line.described("redis"))
        .collect();
    estate.add_group(network.as_str(), &group, &name, lines);
    estate.add_cache(cache, &[&group]);
}

/// Three subnets of the shop by their names, with an address in each.
fn of<'a>(estate: &'a Estate, names: [&str; 3]) -> [&'a cachewarden_model::Subnet; 3] {
    names.map(|name| estate.subnet(&id("subnet-", name)))
}

fn add_sessions(estate: &mut Estate) {
    let [a, b, c] = of(estate, ["caches-a", "caches-b", "caches-c"]);
    let mut cache = noun::replication_group(
        Place::HOME,
        "sessions",
        &[
            (a, &["10.20.11.5"]),
            (b, &["10.20.12.5"]),
            (c, &["10.20.13.5"]),
            (b, &["10.20.12.6"]),
            (c, &["10.20.13.6"]),
            (a, &["10.20.11.6"]),
        ],
    );
    // Each shard has a replica in another zone.
    for (node, shard) in cache
        .nodes
        .iter_mut()
        .zip(["0001", "0002", "0003"].iter().cycle())
    {
        node.shard = Some((*shard).to_owned());
    }
    cache.shards = Fact::Known(3);
    cache.replicas = Fact::Known(1);
    place(
        estate,
        cache,
        [tcp(6379).from(group(&id("sg-", "checkout")))],
    );
}

/// Its network ACL lets replies back to some ports only.
fn add_catalogue(estate: &mut Estate) {
    let [a, b] = ["catalogue-a", "catalogue-b"].map(|name| estate.subnet(&id("subnet-", name)));
    let mut cache = noun::replicated(
        Place::HOME,
        "catalogue",
        &[(a, &["10.20.21.5"]), (b, &["10.20.22.5"])],
    );
    cache.engine = Fact::Known(Engine::Redis);
    cache.engine_version = Fact::Known(Version("7.1.0".to_owned()));
    place(
        estate,
        cache,
        [tcp(6379).from(group(&id("sg-", "storefront")))],
    );
    let acl = id("acl-", "catalogue");
    let subnets = ["catalogue-a", "catalogue-b"].map(|name| id("subnet-", name));
    change::network_acl(
        &acl,
        [subnets[0].as_str(), subnets[1].as_str()],
        &[allow(100, tcp(6379), "10.20.0.0/16")],
        &[allow(100, tcp(49_152..=65_535), "10.20.0.0/16")],
    )(estate);
}

/// One of its subnets has a list of its own, which denies the port.
fn add_recommendations(estate: &mut Estate) {
    let [a, b, c] = of(estate, ["caches-a", "caches-b", "guarded-c"]);
    let mut cache = noun::replication_group(
        Place::HOME,
        "recommendations",
        &[
            (a, &["10.20.11.15"]),
            (b, &["10.20.12.15"]),
            (c, &["10.20.33.15"]),
        ],
    );
    set(
        &mut cache,
        "NetworkConntrackAllowanceExceeded",
        Statistic::Sum,
        412.0,
    );
    place(
        estate,
        cache,
        [tcp(6379).from(group(&id("sg-", "recommender")))],
    );
    let acl = id("acl-", "guarded");
    change::network_acl(
        &acl,
        [id("subnet-", "guarded-c").as_str()],
        &[
            deny(90, tcp(6000..=6999), "10.20.0.0/16"),
            allow(100, all(), "0.0.0.0/0"),
        ],
        &[allow(100, all(), "0.0.0.0/0")],
    )(estate);
    debug_assert!(estate.filter_mut(&acl).kind == FilterKind::NetworkAcl);
}

fn add_carts(estate: &mut Estate) {
    let [a, b, c] = of(estate, ["shared-a", "shared-b", "shared-c"]);
    let cache = noun::serverless(
        Place::HOME,
        "carts",
        &[
            (a, &["10.20.41.7"]),
            (b, &["10.20.42.7"]),
            (c, &["10.20.43.7"]),
        ],
    );
    place(
        estate,
        cache,
        [tcp(6379).from(group(&id("sg-", "storefront")))],
    );
}

/// What the clients may send to was written for the port of another cache,
/// and so was a rule on this side.
fn add_payments(estate: &mut Estate) {
    let [a, b, _] = of(estate, ["shared-a", "shared-b", "shared-c"]);
    let mut cache = noun::replicated(
        Place::HOME,
        "payments",
        &[(a, &["10.20.41.25"]), (b, &["10.20.42.25"])],
    );
    cache.transit_encryption = Fact::Known(TransitEncryption::Preferred);
    cache.pending = PendingChanges {
        transit_encryption: Some(TransitEncryption::Required),
        ..PendingChanges::default()
    };
    if let Some(AwsCache { logs, .. }) = &mut cache.aws {
        logs.clear();
    }
    place(
        estate,
        cache,
        [
            tcp(6379).from(group(&id("sg-", "billing"))),
            tcp(6379).from(group(&id("sg-", "batch"))),
            tcp(6380).from(group(&id("sg-", "storefront"))),
        ],
    );
    let billing = id("sg-", "billing");
    change::outbound(&billing, [tcp(443).to(any()), tcp(6380).to(any())])(estate);
}

/// A metric has this value.
pub(super) fn set(cache: &mut Cache, name: &str, statistic: Statistic, value: f64) {
    cache.metrics.retain(|it| it.name != name);
    let node = cache.nodes.first().map(|node| node.id.clone());
    let mut measured = metric(name, statistic, value);
    measured.node = node;
    cache.metrics.push(measured);
    cache
        .metrics
        .sort_by(|one, other| one.name.cmp(&other.name));
}
