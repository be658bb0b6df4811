//! Made-up estates on Azure.
//!
//! | Network | Subnets |
//! |---|---|
//! | `hub`, 10.0.0.0/16 | `shared` |
//! | `shop`, 10.1.0.0/16 | `apps` with the client `web`, `endpoints`, `redis` |
//! | `data`, 10.2.0.0/16 | `jobs` with the client `batch` |
//!
//! Both spokes are peered with the hub, and not with each other.
//!
//! | Cache | How it is reached |
//! |---|---|
//! | `sessions`, Standard | by a private endpoint in `shop`; closed to the public |
//! | `catalog`, Standard | publicly, from the NAT gateway of `apps` |
//! | `cart`, Azure Managed Redis | by a private endpoint in `shop` |
//! | `legacy`, Premium | in the subnet `redis` of `shop` |

mod cache;
pub mod change;
pub mod id;
mod link;
mod network;
mod private;
mod rule;

use cachewarden_model::{Provider, Region, Snapshot, Target};

use crate::Estate;

pub use cache::{enterprise, firewall, injected, managed, redis, standard};
pub use link::{peer, peering};
pub use network::{machine, nat_gateway, network, scale_set, security_group, subnet, table};
pub use private::{connection, private_endpoint, record, zone, zone_link};
pub use rule::{Draft, any, asg, cidr, defaults, inbound, outbound, tag};

/// The subscription of the base.
pub const SUBSCRIPTION: &str = "11111111-1111-1111-1111-111111111111";
/// The region of the base.
pub const REGION: &str = "westeurope";

/// Where the client `web` leaves for the internet.
pub const NAT_ADDRESS: &str = "20.50.0.10";

/// A subscription in which there is nothing.
pub fn empty() -> Estate {
    let at = "2026-11-01T08:00:00Z".parse().expect("a time");
    let mut snapshot = Snapshot::new(at, "0.1.0");
    snapshot.targets.push(Target {
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        regions: vec![Region::from("global"), REGION.into()],
    });
    Estate { snapshot }
}

/// The estate in which everything works.
pub fn base() -> Estate {
    empty()
        .with(networks)
        .with(clients)
        .with(sessions)
        .with(catalog)
        .with(cart)
        .with(legacy)
}

fn networks(estate: &mut Estate) {
    for (name, range) in [
        ("hub", "10.0.0.0/16"),
        ("shop", "10.1.0.0/16"),
        ("data", "10.2.0.0/16"),
    ] {
        estate.snapshot.networks.push(network(name, &[range]));
    }
    for (network, name, range, group) in [
        ("hub", "shared", "10.0.1.0/24", None),
        ("shop", "apps", "10.1.1.0/24", Some("apps")),
        ("shop", "endpoints", "10.1.2.0/24", Some("endpoints")),
        ("shop", "redis", "10.1.3.0/24", Some("redis")),
        ("data", "jobs", "10.2.1.0/24", Some("jobs")),
    ] {
        if let Some(group) = group {
            estate.snapshot.filters.push(security_group(group, []));
        }
        let subnet = subnet(network, name, &[range], group);
        estate.snapshot.subnets.push(subnet);
    }
    for spoke in ["shop", "data"] {
        let both = peer(estate, "hub", spoke);
        estate.snapshot.peerings.extend(both);
    }
    let gateway = nat_gateway("leave", &[NAT_ADDRESS]);
    estate.snapshot.nat_gateways.push(gateway);
    change::leaves_by("shop", "apps", Some("leave"))(estate);
}

fn clients(estate: &mut Estate) {
    let web = machine(estate, "shop", "apps", "web", &["10.1.1.4"]);
    let batch = machine(estate, "data", "jobs", "batch", &["10.2.1.4"]);
    estate.snapshot.interfaces.extend([web, batch]);
}

fn sessions(estate: &mut Estate) {
    let cache = standard("sessions", false);
    let host = cache.endpoints.first().and_then(|it| it.host.clone());
    estate.snapshot.caches.push(cache);
    estate
        .snapshot
        .dns_zones
        .push(zone(id::REDIS_ZONE, &["hub", "shop"]));
    let host = host.expect("a host name");
    let endpoint = private_endpoint("shop", "endpoints", "sessions", &host, "10.1.2.4");
    change::connect(endpoint, id::REDIS_ZONE)(estate);
}

fn catalog(estate: &mut Estate) {
    let cache = standard("catalog", true);
    let filter = firewall(&cache, &[("shop", NAT_ADDRESS, NAT_ADDRESS)]);
    estate.snapshot.caches.push(cache);
    estate.snapshot.filters.push(filter);
}

fn cart(estate: &mut Estate) {
    let cache = managed("cart", Some(false));
    let host = cache.endpoints.first().and_then(|it| it.host.clone());
    estate.snapshot.caches.push(cache);
    estate
        .snapshot
        .dns_zones
        .push(zone(id::MANAGED_ZONE, &["hub", "shop"]));
    let host = host.expect("a host name");
    let endpoint = private_endpoint("shop", "endpoints", "cart", &host, "10.1.2.5");
    change::connect(endpoint, id::MANAGED_ZONE)(estate);
}

fn legacy(estate: &mut Estate) {
    let cache = injected("legacy", "shop", "redis", "10.1.3.10");
    estate.snapshot.filters.push(firewall(&cache, &[]));
    estate.snapshot.caches.push(cache);
}
