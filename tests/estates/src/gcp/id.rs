//! Ids as the snapshot writes them for Google Cloud: relative names with the
//! project's id, caches by their full resource name.

use super::{ABROAD, DATA, HOME, HOST, SHOP};

/// The Shared VPC network with the caches, in the host project.
pub const VPC_A: &str = "projects/net-host/global/networks/vpc-a";
/// Its neighbour, peered with it, in a project of its own.
pub const VPC_B: &str = "projects/data/global/networks/vpc-b";

/// Subnet of machines, 10.1.1.0/24, pods 10.1.128.0/20.
pub const APPS: &str = "projects/net-host/regions/europe-west1/subnetworks/apps";
/// Subnet of endpoints, 10.1.2.0/24.
pub const ENDPOINTS: &str = "projects/net-host/regions/europe-west1/subnetworks/endpoints";
/// Subnet of Cloud Run, 10.1.4.0/26.
pub const SERVERLESS: &str = "projects/net-host/regions/europe-west1/subnetworks/serverless";
/// Subnet of the connector, 10.1.5.0/28.
pub const CONNECT: &str = "projects/net-host/regions/europe-west1/subnetworks/connect";
/// Subnet of machines in the other region, 10.2.1.0/24, pods 10.2.128.0/20.
pub const REMOTE: &str = "projects/net-host/regions/europe-west3/subnetworks/remote";
/// Subnet of the neighbour's machines, 10.20.1.0/24.
pub const JOBS: &str = "projects/data/regions/europe-west1/subnetworks/jobs";

/// The policy of the organization.
pub const ORG_POLICY: &str = "locations/global/firewallPolicies/1001";
/// The global policy of `vpc-a`.
pub const GLOBAL_POLICY: &str = "projects/net-host/global/firewallPolicies/guard";
/// The regional policy of `vpc-a` in the home region.
pub const REGIONAL_POLICY: &str = "projects/net-host/regions/europe-west1/firewallPolicies/local";

/// The client `web`, 10.1.1.10, with the tag `redis-client`.
pub const WEB: &str = "projects/shop/zones/europe-west1-b/instances/web/nic0";
/// The client `node`, 10.1.1.11, with pods in 10.1.128.0/24.
pub const NODE: &str = "projects/shop/zones/europe-west1-b/instances/node/nic0";
/// The client `remote`, 10.2.1.10, in the other region.
pub const FAR: &str = "projects/shop/zones/europe-west3-b/instances/far/nic0";
/// The client `batch` of the neighbour, 10.20.1.10.
pub const BATCH: &str = "projects/data/zones/europe-west1-b/instances/batch/nic0";
/// The serverless connector.
pub const CONNECTOR: &str = "projects/shop/locations/europe-west1/connectors/link";
/// The Cloud Run service with Direct VPC egress.
pub const RUN: &str = "projects/shop/locations/europe-west1/services/api#serverless";

/// Redis behind a peering of its own, plain, 10.60.0.3.
pub const SESSIONS: &str =
    "//redis.googleapis.com/projects/net-host/locations/europe-west1/instances/sessions";
/// Redis behind private services access, TLS, 10.70.0.4 and 10.70.0.5.
pub const CART: &str = "//redis.googleapis.com/projects/shop/locations/europe-west1/instances/cart";
/// Redis Cluster, 10.1.2.10 and 10.1.2.11.
pub const CATALOG: &str =
    "//redis.googleapis.com/projects/net-host/locations/europe-west1/clusters/catalog";
/// Valkey without cluster mode, 10.1.2.20 and 10.1.2.21.
pub const ORDERS: &str =
    "//memorystore.googleapis.com/projects/net-host/locations/europe-west1/instances/orders";
/// Valkey with cluster mode, 10.1.2.30 and 10.1.2.31.
pub const SEARCH: &str =
    "//memorystore.googleapis.com/projects/net-host/locations/europe-west1/instances/search";

/// The peering of `sessions`.
pub const REDIS_PEER: &str = "redis-peer-1";
/// The peering of private services access.
pub const SERVICE_PEER: &str = "servicenetworking-googleapis-com";

/// A network.
pub fn network(project: &str, name: &str) -> String {
    format!("projects/{project}/global/networks/{name}")
}

/// A subnet.
pub fn subnet(project: &str, region: &str, name: &str) -> String {
    format!("projects/{project}/regions/{region}/subnetworks/{name}")
}

/// A forwarding rule.
pub fn forwarding_rule(project: &str, region: &str, name: &str) -> String {
    format!("projects/{project}/regions/{region}/forwardingRules/{name}")
}

/// A machine.
pub fn instance(project: &str, zone: &str, name: &str) -> String {
    format!("projects/{project}/zones/{zone}/instances/{name}")
}

/// A service attachment of a producer's project.
pub fn attachment(region: &str, name: &str) -> String {
    format!("projects/778899001122/regions/{region}/serviceAttachments/{name}")
}

/// The one filter that holds a network's own rules.
pub fn firewalls(network: &str) -> String {
    format!("{network}/firewalls")
}

/// The one route table of a network.
pub fn routes(network: &str) -> String {
    format!("{network}/routes")
}

/// The side of a peering that the network owns.
pub fn peering(network: &str, name: &str) -> String {
    format!("{network}/peerings/{name}")
}

/// A Redis instance.
pub fn redis(project: &str, region: &str, name: &str) -> String {
    format!("//redis.googleapis.com/projects/{project}/locations/{region}/instances/{name}")
}

/// A Redis Cluster.
pub fn cluster(project: &str, region: &str, name: &str) -> String {
    format!("//redis.googleapis.com/projects/{project}/locations/{region}/clusters/{name}")
}

/// A Valkey instance.
pub fn valkey(project: &str, region: &str, name: &str) -> String {
    format!("//memorystore.googleapis.com/projects/{project}/locations/{region}/instances/{name}")
}

/// The forwarding rule of a cache's connection in the home region, counted
/// from 1.
pub fn endpoint(cache: &str, number: u8) -> String {
    forwarding_rule(HOST, HOME, &format!("sca-auto-fr-{cache}-{number}"))
}

/// What stands behind `projects/` in an id, empty where nothing does.
pub fn project_of(id: &str) -> &str {
    after(id, "projects/")
}

/// The region in an id; `global` where it has none.
pub fn region_of(id: &str) -> &str {
    match after(id, "/regions/") {
        "" => "global",
        region => region,
    }
}

/// The last part of an id.
pub fn name_of(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn after<'a>(id: &'a str, mark: &str) -> &'a str {
    let rest = id.split_once(mark).map_or("", |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// All projects of the base.
pub(super) const PROJECTS: [&str; 3] = [DATA, HOST, SHOP];
/// All regions of the base.
pub(super) const REGIONS: [&str; 3] = [HOME, ABROAD, "global"];
