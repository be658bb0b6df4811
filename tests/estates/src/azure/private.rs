//! Private endpoints and private zones.

use cachewarden_model::{
    DnsRecord, DnsZone, Fact, PrivateConnection, PrivateEndpoint, PrivateEndpointState,
    PrivateName, Provider, ResolutionPolicy, ZoneLink,
};

use super::{REGION, SUBSCRIPTION, id};

/// An approved private endpoint named after the cache that it leads to, which
/// is an Azure Cache for Redis unless its host name says otherwise.
pub fn private_endpoint(
    network: &str,
    subnet: &str,
    cache: &str,
    host: &str,
    address: &str,
) -> PrivateEndpoint {
    let classic = host.contains(".redis.cache.");
    let (target, part) = match classic {
        true => (id::cache(cache), "redisCache"),
        false => (id::cluster(cache), "redisEnterprise"),
    };
    let address = address.parse().expect("an address");
    PrivateEndpoint {
        id: id::endpoint(cache).into(),
        name: cache.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        region: REGION.into(),
        network: id::vnet(network).into(),
        subnets: vec![id::subnet(network, subnet).into()],
        interfaces: vec![],
        addresses: Fact::Known(vec![address]),
        target,
        state: PrivateEndpointState::Approved,
        global_access: None,
        filters: Fact::Known(vec![]),
        groups: vec![],
        parts: vec![part.to_owned()],
        names: vec![PrivateName {
            name: host.to_owned(),
            addresses: vec![address],
        }],
        zones: Fact::Known(vec![]),
    }
}

/// The connection of a private endpoint, as the cache sees it.
pub fn connection(endpoint: &PrivateEndpoint) -> PrivateConnection {
    PrivateConnection {
        id: id::connection(&endpoint.target, &endpoint.name).into(),
        endpoint: Some(endpoint.id.clone()),
        state: PrivateEndpointState::Approved,
        provisioning: Some("Succeeded".to_owned()),
        parts: endpoint.parts.clone(),
    }
}

/// A zone without records that is linked to these networks.
pub fn zone(name: &str, networks: &[&str]) -> DnsZone {
    DnsZone {
        id: id::zone(name).into(),
        name: name.to_owned(),
        provider: Provider::Azure,
        account: SUBSCRIPTION.into(),
        links: Fact::Known(networks.iter().map(|it| zone_link(name, it)).collect()),
        records: Fact::Known(vec![]),
    }
}

/// The link of a zone to a network, in force.
pub fn zone_link(zone: &str, network: &str) -> ZoneLink {
    ZoneLink {
        id: Some(id::link(zone, network).into()),
        network: id::vnet(network).into(),
        effective: true,
        resolution: ResolutionPolicy::Default,
    }
}

/// An address record.
pub fn record(name: &str, address: &str) -> DnsRecord {
    let kind = if address.contains(':') { "AAAA" } else { "A" };
    DnsRecord {
        name: name.to_owned(),
        kind: kind.to_owned(),
        ttl: 10,
        values: vec![address.to_owned()],
    }
}
