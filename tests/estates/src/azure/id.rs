//! Ids as Azure Resource Manager writes them.

use super::SUBSCRIPTION;

/// The zone of Azure Cache for Redis.
pub const REDIS_ZONE: &str = "privatelink.redis.cache.windows.net";
/// The zone of Azure Managed Redis.
pub const MANAGED_ZONE: &str = "privatelink.redis.azure.net";
/// The zone of Azure Cache for Redis Enterprise.
pub const ENTERPRISE_ZONE: &str = "privatelink.redisenterprise.cache.azure.net";

/// A resource of a type.
pub fn resource(kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/estate/providers/{kind}/{name}")
}

/// A resource of Microsoft.Network.
pub fn of_network(kind: &str, name: &str) -> String {
    resource(&format!("Microsoft.Network/{kind}"), name)
}

/// A virtual network.
pub fn vnet(name: &str) -> String {
    of_network("virtualNetworks", name)
}

/// A subnet.
pub fn subnet(network: &str, name: &str) -> String {
    format!("{}/subnets/{name}", vnet(network))
}

/// A network security group.
pub fn group(name: &str) -> String {
    of_network("networkSecurityGroups", name)
}

/// An application security group.
pub fn asg(name: &str) -> String {
    of_network("applicationSecurityGroups", name)
}

/// A network interface.
pub fn interface(name: &str) -> String {
    of_network("networkInterfaces", name)
}

/// A private endpoint.
pub fn endpoint(name: &str) -> String {
    of_network("privateEndpoints", name)
}

/// A NAT gateway.
pub fn nat(name: &str) -> String {
    of_network("natGateways", name)
}

/// A route table.
pub fn table(name: &str) -> String {
    of_network("routeTables", name)
}

/// A private DNS zone.
pub fn zone(name: &str) -> String {
    of_network("privateDnsZones", name)
}

/// The link of a zone to a network.
pub fn link(zone_name: &str, network: &str) -> String {
    format!("{}/virtualNetworkLinks/{network}", zone(zone_name))
}

/// The side of a peering that the first network owns.
pub fn peering(own: &str, other: &str) -> String {
    format!("{}/virtualNetworkPeerings/to-{other}", vnet(own))
}

/// A network manager.
pub fn manager(name: &str) -> String {
    of_network("networkManagers", name)
}

/// An Azure Cache for Redis.
pub fn cache(name: &str) -> String {
    resource("Microsoft.Cache/redis", name)
}

/// The firewall of an Azure Cache for Redis.
pub fn firewall(name: &str) -> String {
    format!("{}/firewallRules", cache(name))
}

/// An Enterprise or Managed cluster.
pub fn cluster(name: &str) -> String {
    resource("Microsoft.Cache/redisEnterprise", name)
}

/// The connection of a private endpoint, as the cache sees it.
pub fn connection(cache: &str, endpoint: &str) -> String {
    format!("{cache}/privateEndpointConnections/{endpoint}")
}
