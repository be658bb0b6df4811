//! Made-up estates on Google Cloud.
//!
//! | Project | Network | Subnets |
//! |---|---|---|
//! | `net-host`, host of a Shared VPC | `vpc-a` | `apps` with the clients `web` and `node`, `endpoints`, `serverless` with the service `api`, `connect` with a connector; in another region `remote` with the client `far` |
//! | `data` | `vpc-b` | `jobs` with the client `batch` |
//!
//! The machines of `vpc-a` are those of the service project `shop`. Both
//! networks are peered; what comes with either is an organization's policy,
//! with `vpc-a` a global and a regional one, all of which leave everything to
//! the next filter.
//!
//! | Cache | How it is reached |
//! |---|---|
//! | `sessions`, Redis | by a peering of its own of `vpc-a`, plain |
//! | `cart`, Redis in `shop` | by private services access of `vpc-a`, encrypted, with a read endpoint |
//! | `catalog`, Redis Cluster | by two connections in `vpc-a` |
//! | `orders`, Valkey without cluster mode | by two connections in `vpc-a`: primary and reader |
//! | `search`, Valkey cluster | by two connections in `vpc-a`, encrypted |
//!
//! The client of `vpc-b` reaches none of them: peering is not transitive, and
//! no endpoint is used across one.

mod cache;
pub mod change;
mod client;
pub mod id;
mod link;
mod network;
mod psc;
mod rule;

use cachewarden_model::{AllocatedRange, ClusterMode, Fact, Provider, Region, Service, Target};

use crate::Estate;

pub use cache::{
    NODE_PORTS, behind_services, cluster, connect, encrypted, redis, valkey, with_reader,
};
pub use client::{connector, machine, service};
pub use link::{add_peering, add_peerings, peering};
pub use network::{
    add_network, add_subnet, guarded, network, peering_route, route, subnet, subnet_route, table,
};
pub use psc::{add_connected, connection_policy, endpoints, zone};
pub use rule::{
    Draft, account, cidr, egress, firewalls, ingress, line, policy, premade, unresolved,
};

use id::{APPS, CONNECT, ENDPOINTS, JOBS, REMOTE, SERVERLESS, VPC_A, VPC_B};
use psc::{attachment_of, rule_of};

/// The host project of the Shared VPC.
pub const HOST: &str = "net-host";
/// Its service project.
pub const SHOP: &str = "shop";
/// The project of the neighbour.
pub const DATA: &str = "data";
/// The region of the caches.
pub const HOME: &str = "europe-west1";
/// The other region of `vpc-a`.
pub const ABROAD: &str = "europe-west3";
/// The service account of the client `web`.
pub const WEB_ACCOUNT: &str = "web@shop.iam.gserviceaccount.com";
/// The network of the service's own behind `sessions`.
pub const REDIS_TENANT: &str = "projects/redis-tenant-1/global/networks/redis-net";
/// The network of the service's own behind private services access.
pub const SERVICE_TENANT: &str = "projects/services-tenant-1/global/networks/servicenetworking";

/// Projects in which there is nothing.
pub fn empty() -> Estate {
    let at = "2026-11-01T08:00:00Z".parse().expect("a time");
    let mut snapshot = cachewarden_model::Snapshot::new(at, "0.1.0");
    for project in id::PROJECTS {
        snapshot.targets.push(Target {
            provider: Provider::Gcp,
            account: project.into(),
            regions: id::REGIONS.iter().map(|it| Region::from(*it)).collect(),
        });
    }
    Estate { snapshot }
}

/// The estate in which everything works.
pub fn base() -> Estate {
    empty()
        .with(networks)
        .with(filters)
        .with(clients)
        .with(instances)
        .with(clusters)
}

fn networks(estate: &mut Estate) {
    for id in [VPC_A, VPC_B] {
        add_network(estate, id);
    }
    for (network, id, primary, secondary) in [
        (VPC_A, APPS, "10.1.1.0/24", &[("pods", "10.1.128.0/20")][..]),
        (VPC_A, ENDPOINTS, "10.1.2.0/24", &[]),
        (VPC_A, SERVERLESS, "10.1.4.0/26", &[]),
        (VPC_A, CONNECT, "10.1.5.0/28", &[]),
        (VPC_A, REMOTE, "10.2.1.0/24", &[("pods", "10.2.128.0/20")]),
        (VPC_B, JOBS, "10.20.1.0/24", &[]),
    ] {
        add_subnet(estate, subnet(network, id, primary, secondary));
    }
    add_peerings(estate, VPC_A, VPC_B);
    change::on_network(VPC_A, |gcp| {
        gcp.shared_with = Fact::Known(vec![SHOP.into()]);
        gcp.allocated = Fact::Known(vec![AllocatedRange {
            id: format!("projects/{HOST}/global/addresses/services").into(),
            name: "services".to_owned(),
            range: network::range("10.70.0.0/16"),
        }]);
    })(estate);
}

fn filters(estate: &mut Estate) {
    for id in [id::ORG_POLICY, id::GLOBAL_POLICY, id::REGIONAL_POLICY] {
        estate.snapshot.filters.push(policy(id, premade()));
    }
    let own = id::firewalls(VPC_A);
    for (region, regional) in [(HOME, Some(id::REGIONAL_POLICY)), (ABROAD, None)] {
        let mut order = vec![id::ORG_POLICY, own.as_str(), id::GLOBAL_POLICY];
        order.extend(regional);
        guarded(estate.network_mut(VPC_A), region, &order);
    }
    let own = id::firewalls(VPC_B);
    guarded(estate.network_mut(VPC_B), HOME, &[id::ORG_POLICY, &own]);
    let inside = ingress("allow-internal", 65_534, cachewarden_model::Action::Allow);
    change::firewall(VPC_A, [inside.far(&["10.0.0.0/8"])])(estate);
}

fn clients(estate: &mut Estate) {
    let web = machine(
        estate,
        APPS,
        id::WEB,
        "10.1.1.10",
        &["redis-client"],
        Some(WEB_ACCOUNT),
    );
    let mut node = machine(estate, APPS, id::NODE, "10.1.1.11", &["gke-shop"], None);
    node.prefixes = vec![network::range("10.1.128.0/24")];
    let far = machine(
        estate,
        REMOTE,
        id::FAR,
        "10.2.1.10",
        &["redis-client"],
        None,
    );
    let batch = machine(estate, JOBS, id::BATCH, "10.20.1.10", &[], None);
    let link = connector(estate, CONNECT, id::CONNECTOR);
    let api = service(estate, SERVERLESS, id::RUN, "10.1.4.0/26", &["run"]);
    let all = [web, node, far, batch, link, api];
    estate.snapshot.interfaces.extend(all);
}

/// Instances behind peerings.
fn instances(estate: &mut Estate) {
    for (name, tenant, range) in [
        (id::REDIS_PEER, REDIS_TENANT, "10.60.0.0/29"),
        (id::SERVICE_PEER, SERVICE_TENANT, "10.70.0.0/24"),
    ] {
        let peering = peering(VPC_A, name, tenant, &[network::range(range)]);
        add_peering(estate, peering);
    }
    let sessions = redis(id::SESSIONS, VPC_A, "10.60.0.3", "10.60.0.0/29");
    let cart = behind_services(id::CART, VPC_A, "10.70.0.4", "services");
    let cart = encrypted(with_reader(cart, "10.70.0.5"));
    estate.snapshot.caches.extend([sessions, cart]);
    estate.snapshot.dns_zones.push(zone(
        HOST,
        "shop.internal",
        &[VPC_A],
        &[("sessions.shop.internal", "10.60.0.3")],
    ));
}

/// Clusters and Valkey instances behind connections.
fn clusters(estate: &mut Estate) {
    for (cache, addresses) in [
        (cluster(id::CATALOG), ["10.1.2.10", "10.1.2.11"]),
        (
            valkey(id::ORDERS, ClusterMode::Disabled),
            ["10.1.2.20", "10.1.2.21"],
        ),
        (
            encrypted(valkey(id::SEARCH, ClusterMode::Enabled)),
            ["10.1.2.30", "10.1.2.31"],
        ),
    ] {
        add_connected(estate, cache, VPC_A, ENDPOINTS, addresses);
    }
    for service in [Service::MemorystoreCluster, Service::MemorystoreValkey] {
        let valkey = service == Service::MemorystoreValkey;
        let all = estate.snapshot.private_endpoints.iter();
        let made: Vec<_> = all
            .filter(|it| it.name.contains("catalog") != valkey)
            .collect();
        let policy = connection_policy(VPC_A, ENDPOINTS, service, &made);
        estate.snapshot.connection_policies.push(policy);
    }
}

#[cfg(test)]
mod tests;
