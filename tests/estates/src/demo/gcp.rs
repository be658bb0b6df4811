//! What the company has on Google Cloud: a parcel service, and the network of
//! a partner that is peered with it.
//!
//! | Cache | Case |
//! |---|---|
//! | drivers | a policy of the network denies before its own rule allows |
//! | routing | a cluster; the rule of its clients lacks the ports of its nodes |
//! | depots | encrypted, and the rule of its clients names the port without TLS |
//! | labels | meant for the partner, whose network is peered: that is not passed on |
//! | tracking | a cluster whose endpoints are asked for across the same peering |
//! | scans | asks nobody for a login, and speaks no TLS |

use cachewarden_model::{
    Action, Authentication, Cache, ClusterMode, Fact, Region, Snapshot, Target,
};

use crate::Estate;
use crate::gcp::change::{firewall, policies_first};
use crate::gcp::{
    Draft, HOME, add_connected, add_network, add_peering, add_peerings, add_subnet, cluster,
    connection_policy, egress, empty, encrypted, guarded, id, line, machine, peering, policy,
    premade, redis, subnet, valkey,
};

const PARCELS: &str = "projects/parcels/global/networks/parcels";
const PARTNER: &str = "projects/partner/global/networks/partner";
const APPS: &str = "projects/parcels/regions/europe-west1/subnetworks/apps";
const ENDPOINTS: &str = "projects/parcels/regions/europe-west1/subnetworks/endpoints";
const DESKS: &str = "projects/partner/regions/europe-west1/subnetworks/desks";
const GUARD: &str = "projects/parcels/global/firewallPolicies/guard";

/// What the company has on Google Cloud: a parcel service with a case of each
/// kind.
pub fn on_google_cloud() -> Snapshot {
    let mut estate = empty();
    estate.snapshot.targets = ["parcels", "partner"]
        .map(|project| Target {
            provider: cachewarden_model::Provider::Gcp,
            account: project.into(),
            regions: [HOME, "global"].map(Region::from).to_vec(),
        })
        .to_vec();
    networks(&mut estate);
    clients(&mut estate);
    instances(&mut estate);
    clusters(&mut estate);
    rules(&mut estate);
    estate.build()
}

fn networks(estate: &mut Estate) {
    for network in [PARCELS, PARTNER] {
        add_network(estate, network);
    }
    for (network, id, range) in [
        (PARCELS, APPS, "10.90.1.0/24"),
        (PARCELS, ENDPOINTS, "10.90.2.0/24"),
        (PARTNER, DESKS, "10.95.1.0/24"),
    ] {
        add_subnet(estate, subnet(network, id, range, &[]));
    }
    add_peerings(estate, PARCELS, PARTNER);
    let tenant = "projects/redis-tenant-9/global/networks/redis";
    let range = "10.91.0.0/26".parse().expect("a range");
    add_peering(estate, peering(PARCELS, "redis-peer-9", tenant, &[range]));
    estate.snapshot.filters.push(policy(GUARD, premade()));
    let own = id::firewalls(PARCELS);
    guarded(estate.network_mut(PARCELS), HOME, &[&own, GUARD]);
    policies_first(PARCELS)(estate);
    let own = id::firewalls(PARTNER);
    guarded(estate.network_mut(PARTNER), HOME, &[&own]);
}

fn clients(estate: &mut Estate) {
    for (subnet, project, name, address, tag) in [
        (APPS, "parcels", "dispatch-1", "10.90.1.10", "dispatch"),
        (APPS, "parcels", "planner-1", "10.90.1.20", "planner"),
        (APPS, "parcels", "depot-1", "10.90.1.30", "depot"),
        (DESKS, "partner", "desk-1", "10.95.1.10", "desk"),
    ] {
        let id = format!("{}/nic0", id::instance(project, &format!("{HOME}-b"), name));
        let own = machine(estate, subnet, &id, address, &[tag], None);
        estate.snapshot.interfaces.push(own);
    }
}

/// The cache asks for a login, and tells whose it is.
fn owned(mut cache: Cache) -> Cache {
    cache.authentication = Fact::Known(Authentication {
        token: true,
        ..Authentication::default()
    });
    cache.anonymous_access = Fact::Known(false);
    cache.tags = Fact::Known([("team".to_owned(), "parcels".to_owned())].into());
    cache
}

fn instances(estate: &mut Estate) {
    let at = |name: &str, address: &str, range: &str| {
        redis(&id::redis("parcels", HOME, name), PARCELS, address, range)
    };
    let caches = [
        owned(at("drivers", "10.91.0.3", "10.91.0.0/29")),
        owned(encrypted(at("depots", "10.91.0.11", "10.91.0.8/29"))),
        owned(at("labels", "10.91.0.19", "10.91.0.16/29")),
        at("scans", "10.91.0.27", "10.91.0.24/29"),
    ];
    estate.snapshot.caches.extend(caches);
}

fn clusters(estate: &mut Estate) {
    let routing = encrypted(owned(cluster(&id::cluster("parcels", HOME, "routing"))));
    let valkey_id = id::valkey("parcels", HOME, "tracking");
    let tracking = encrypted(owned(valkey(&valkey_id, ClusterMode::Enabled)));
    for (mut cache, addresses) in [
        (routing, ["10.90.2.10", "10.90.2.11"]),
        (tracking, ["10.90.2.20", "10.90.2.21"]),
    ] {
        // Clusters know no token; they take identities.
        cache.authentication = Fact::Known(Authentication {
            identity: true,
            ..Authentication::default()
        });
        let (name, service) = (cache.name.clone(), cache.service);
        add_connected(estate, cache, PARCELS, ENDPOINTS, addresses);
        let all = estate.snapshot.private_endpoints.iter();
        let made: Vec<_> = all.filter(|it| it.name.contains(&name)).collect();
        let policy = connection_policy(PARCELS, ENDPOINTS, service, &made);
        estate.snapshot.connection_policies.push(policy);
    }
}

fn rules(estate: &mut Estate) {
    let allow = |name: &str, port: u16, far: &[&str], tag: &str| -> Draft {
        egress(name, 1000, Action::Allow)
            .tcp(port, port)
            .far(far)
            .tags(&[tag])
    };
    let office = line(500, Action::Deny)
        .tcp(6379, 6379)
        .far(&["10.91.0.0/29"]);
    crate::gcp::change::policy(GUARD, [office])(estate);
    let both = ["10.90.2.10/32", "10.90.2.11/32"];
    firewall(
        PARCELS,
        [
            allow("dispatch-to-drivers", 6379, &["10.91.0.3/32"], "dispatch"),
            allow("dispatch-to-scans", 6379, &["10.91.0.27/32"], "dispatch"),
            allow("planner-to-routing", 6379, &both, "planner"),
            allow("depot-to-depots", 6379, &["10.91.0.11/32"], "depot"),
            egress("deny-all", 65_534, Action::Deny),
        ],
    )(estate);
    firewall(
        PARTNER,
        [
            allow("desks-to-labels", 6379, &["10.91.0.19/32"], "desk"),
            allow("desks-to-tracking", 6379, &["10.90.2.20/32"], "desk"),
        ],
    )(estate);
}
