//! Private Service Connect: forwarding rules and the policies that make them;
//! private zones.

use cachewarden_model::{
    Cache, ConnectionPolicy, DnsRecord, DnsZone, Fact, PolicyConnection, PrivateEndpoint,
    PrivateEndpointState, Provider, PscConnection, ResolutionPolicy, ResourceId, Service, ZoneLink,
};

use super::id;
use crate::Estate;

/// The service attachment behind a cache's connection, counted from 1.
pub(super) fn attachment_of(cache: &Cache, number: u8) -> String {
    id::attachment(cache.region.as_str(), &format!("{}-{number}", cache.name))
}

/// The forwarding rule of a cache's connection in a network, counted from 1.
pub(super) fn rule_of(cache: &Cache, network: &str, number: u8) -> String {
    let name = format!("sca-auto-fr-{}-{number}", cache.name);
    id::forwarding_rule(id::project_of(network), cache.region.as_str(), &name)
}

/// The forwarding rules of a cache's connections, in a subnet each network
/// has for them: accepted, and open to clients of other regions.
pub fn endpoints(cache: &Cache, network: &str, subnet: &str) -> Vec<PrivateEndpoint> {
    let gcp = cache.gcp.as_ref().expect("a cache of Google Cloud");
    let all = gcp.connections.value().expect("its connections");
    let own = all.iter().filter(|it| it.network == *network);
    own.map(|it| endpoint(it, subnet)).collect()
}

fn endpoint(connection: &PscConnection, subnet: &str) -> PrivateEndpoint {
    let id = connection.rule.clone().expect("its forwarding rule");
    PrivateEndpoint {
        name: id::name_of(id.as_str()).to_owned(),
        provider: Provider::Gcp,
        account: id::project_of(id.as_str()).into(),
        region: id::region_of(id.as_str()).into(),
        network: connection.network.clone(),
        subnets: vec![subnet.into()],
        interfaces: vec![],
        addresses: Fact::Known(connection.address.into_iter().collect()),
        target: connection.attachment.clone().unwrap_or_default(),
        state: PrivateEndpointState::Approved,
        global_access: Some(true),
        filters: Fact::Default(vec![]),
        groups: vec![],
        parts: vec![],
        names: vec![],
        zones: Fact::Default(vec![]),
        id,
    }
}

/// The policy that makes connections of a service in a network and region,
/// with those that it made.
pub fn connection_policy(
    network: &str,
    subnet: &str,
    service: Service,
    made: &[&PrivateEndpoint],
) -> ConnectionPolicy {
    let class = match service {
        Service::MemorystoreValkey => "gcp-memorystore",
        _ => "gcp-memorystore-redis",
    };
    let (project, region) = (id::project_of(network), id::region_of(subnet));
    let mut connections: Vec<PolicyConnection> = made
        .iter()
        .map(|it| PolicyConnection {
            rule: Some(it.id.clone()),
            state: "ACTIVE".to_owned(),
            error: None,
        })
        .collect();
    connections.sort();
    ConnectionPolicy {
        id: format!("projects/{project}/locations/{region}/serviceConnectionPolicies/{class}")
            .into(),
        provider: Provider::Gcp,
        account: project.into(),
        region: region.into(),
        network: network.into(),
        service_class: class.to_owned(),
        subnets: vec![subnet.into()],
        limit: None,
        connections,
    }
}

/// Adds a cluster or Valkey instance together with two connections in a
/// network and the forwarding rules that carry them.
pub fn add_connected(
    estate: &mut Estate,
    mut cache: Cache,
    network: &str,
    subnet: &str,
    addresses: [&str; 2],
) {
    super::connect(&mut cache, network, addresses, true);
    let made = endpoints(&cache, network, subnet);
    estate.snapshot.private_endpoints.extend(made);
    estate.snapshot.caches.push(cache);
}

/// A private zone that answers in these networks, with address records.
pub fn zone(project: &str, name: &str, networks: &[&str], records: &[(&str, &str)]) -> DnsZone {
    let links = networks.iter().map(|it| ZoneLink {
        id: None,
        network: ResourceId::from(*it),
        effective: true,
        resolution: ResolutionPolicy::Default,
    });
    let records = records.iter().map(|(name, address)| DnsRecord {
        name: (*name).to_owned(),
        kind: if address.contains(':') { "AAAA" } else { "A" }.to_owned(),
        ttl: 300,
        values: vec![(*address).to_owned()],
    });
    DnsZone {
        id: format!("projects/{project}/managedZones/{}", name.replace('.', "-")).into(),
        name: name.to_owned(),
        provider: Provider::Gcp,
        account: project.into(),
        links: Fact::Known(links.collect()),
        records: Fact::Known(records.collect()),
    }
}
