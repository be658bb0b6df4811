//! What somebody may do to an estate on Azure, one function each.

use cachewarden_model::network::AzureSubnet;
use cachewarden_model::{
    Cache, Destination, DnsServers, Fact, Filter, Gap, GapReason, Noun, Peering, PrivateEndpoint,
    PrivateEndpointPolicies, PrivateEndpointState, Provider, PublicAccess, Route, RouteOrigin,
    RouteState, RouteTarget, Rule, TableAssociation,
};

use super::{SUBSCRIPTION, connection, id, record, table};
use crate::Estate;

/// A private endpoint with a record for its cache in a zone, whose name is
/// that of the cache's host with the zone's in place of its suffix.
pub fn connect(mut endpoint: PrivateEndpoint, zone: &str) -> impl FnOnce(&mut Estate) {
    let zone = zone.to_owned();
    move |estate| {
        let host = endpoint.names.first().map(|it| it.name.clone());
        let host = host.expect("a host name");
        let address = endpoint.addresses.value().and_then(|it| it.first());
        let address = address.expect("an address").to_string();
        let suffix = zone.strip_prefix("privatelink.").expect("a private zone");
        let labels = host
            .strip_suffix(suffix)
            .expect("a name of the zone's service");
        let name = format!("{labels}{zone}");
        records(estate, &zone).push(record(&name, &address));
        endpoint.zones = Fact::Known(vec![id::zone(&zone).into()]);
        attach(endpoint)(estate);
    }
}

/// A private endpoint, without a record.
pub fn attach(endpoint: PrivateEndpoint) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let mut caches = estate.snapshot.caches.iter_mut();
        let cache = caches.find(|it| it.id.as_str() == endpoint.target);
        let azure = cache.and_then(|it| it.azure.as_mut()).expect("its cache");
        known(&mut azure.connections).push(connection(&endpoint));
        estate.snapshot.private_endpoints.push(endpoint);
    }
}

fn known<T>(fact: &mut Fact<T>) -> &mut T {
    match fact {
        Fact::Known(value) | Fact::Default(value) => value,
        Fact::Unknown(gap) => panic!("`{gap}` hides it"),
    }
}

/// A private endpoint goes, from the cache's side too.
pub fn detach(name: &str) -> impl FnOnce(&mut Estate) {
    let id = id::endpoint(name);
    move |estate| {
        let before = estate.snapshot.private_endpoints.len();
        estate.snapshot.private_endpoints.retain(|it| it.id != *id);
        assert_ne!(before, estate.snapshot.private_endpoints.len(), "`{id}`");
        for cache in &mut estate.snapshot.caches {
            if let Some(azure) = &mut cache.azure {
                known(&mut azure.connections)
                    .retain(|it| it.endpoint.as_ref().is_none_or(|it| *it != *id));
            }
        }
    }
}

/// The state of a private endpoint connection, on both sides.
pub fn connection_state(
    name: &str,
    state: PrivateEndpointState,
) -> impl FnOnce(&mut Estate) + use<> {
    let name = name.to_owned();
    move |estate| {
        let own = endpoint_mut(estate, &name);
        own.state = state.clone();
        let id = own.id.clone();
        for cache in &mut estate.snapshot.caches {
            let azure = cache.azure.as_mut().expect("a cache of Azure");
            for it in known(&mut azure.connections) {
                if it.endpoint.as_ref() == Some(&id) {
                    it.state = state.clone();
                }
            }
        }
    }
}

/// A private endpoint, to be changed.
pub fn endpoint_mut<'e>(estate: &'e mut Estate, name: &str) -> &'e mut PrivateEndpoint {
    let id = id::endpoint(name);
    let mut all = estate.snapshot.private_endpoints.iter_mut();
    all.find(|it| it.id == *id).expect("a private endpoint")
}

fn zone_mut<'e>(estate: &'e mut Estate, name: &str) -> &'e mut cachewarden_model::DnsZone {
    let id = id::zone(name);
    let mut all = estate.snapshot.dns_zones.iter_mut();
    all.find(|it| it.id == *id).expect("a zone")
}

/// The records of a zone.
pub fn records<'e>(
    estate: &'e mut Estate,
    zone: &str,
) -> &'e mut Vec<cachewarden_model::DnsRecord> {
    known(&mut zone_mut(estate, zone).records)
}

/// The links of a zone.
pub fn links<'e>(estate: &'e mut Estate, zone: &str) -> &'e mut Vec<cachewarden_model::ZoneLink> {
    known(&mut zone_mut(estate, zone).links)
}

/// A zone is linked to a network too.
pub fn link(zone: &str, network: &str) -> impl FnOnce(&mut Estate) {
    let (zone, network) = (zone.to_owned(), network.to_owned());
    move |estate| links(estate, &zone).push(super::zone_link(&zone, &network))
}

/// A zone is no longer linked to a network.
pub fn unlink(zone: &str, network: &str) -> impl FnOnce(&mut Estate) {
    let (zone, network) = (zone.to_owned(), id::vnet(network));
    move |estate| {
        let links = links(estate, &zone);
        let before = links.len();
        links.retain(|it| it.network != *network);
        assert_ne!(before, links.len(), "`{network}` is not linked");
    }
}

/// A zone loses its records.
pub fn empty_zone(zone: &str) -> impl FnOnce(&mut Estate) {
    let zone = zone.to_owned();
    move |estate| records(estate, &zone).clear()
}

/// Rules before the default ones of a group.
pub fn rules(
    group: &str,
    rules: impl IntoIterator<Item = super::Draft>,
) -> impl FnOnce(&mut Estate) {
    let id = id::group(group);
    let rules: Vec<Rule> = rules.into_iter().map(Rule::from).collect();
    move |estate| {
        let all = estate.rules_mut(&id);
        all.splice(0..0, rules);
    }
}

/// What is judged of the packets to private endpoints of a subnet.
pub fn policies(
    network: &str,
    subnet: &str,
    policies: PrivateEndpointPolicies,
) -> impl FnOnce(&mut Estate) {
    on_subnet(network, subnet, move |it| {
        it.private_endpoint_policies = Fact::Known(policies);
    })
}

/// The NAT gateway that a subnet leaves by.
pub fn leaves_by(network: &str, subnet: &str, gateway: Option<&str>) -> impl FnOnce(&mut Estate) {
    let gateway = gateway.map(|it| id::nat(it).into());
    on_subnet(network, subnet, move |it| it.nat_gateway = gateway)
}

/// Changes what only Azure has of a subnet.
pub fn on_subnet(
    network: &str,
    subnet: &str,
    change: impl FnOnce(&mut AzureSubnet),
) -> impl FnOnce(&mut Estate) {
    let id = id::subnet(network, subnet);
    move |estate| {
        let subnet = estate.subnet_mut(&id);
        change(subnet.azure.as_mut().expect("a subnet of Azure"));
    }
}

/// A subnet gets a route table of its own.
pub fn routes(
    network: &str,
    subnet: &str,
    lines: impl IntoIterator<Item = Route>,
) -> impl FnOnce(&mut Estate) {
    let own = table(&format!("{network}-{subnet}"), lines);
    let (network, subnet) = (id::vnet(network), id::subnet(network, subnet));
    move |estate| {
        let mut own = own;
        own.network = network.as_str().into();
        estate.subnet_mut(&subnet).route_table = Fact::Known(Some(TableAssociation {
            table: own.id.clone(),
            explicit: true,
        }));
        estate.snapshot.route_tables.push(own);
    }
}

/// A route of the owner's, with a name.
pub fn route(name: &str, range: &str, target: RouteTarget) -> Route {
    Route {
        destination: Destination::Cidr(range.parse().expect("a range")),
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: Some(name.to_owned()),
        priority: None,
        tags: vec![],
    }
}

/// Name servers of the owner's.
pub fn name_servers(network: &str, servers: &[&str]) -> impl FnOnce(&mut Estate) {
    let network = id::vnet(network);
    let servers = servers.iter().map(|it| it.parse().expect("an address"));
    let servers = Fact::Known(DnsServers::Custom(servers.collect()));
    move |estate| estate.network_mut(&network).dns_servers = servers
}

/// Changes the side of a peering that the first network owns.
pub fn on_peering(
    own: &str,
    other: &str,
    change: impl FnOnce(&mut Peering),
) -> impl FnOnce(&mut Estate) {
    let id = id::peering(own, other);
    move |estate| change(estate.peering_mut(&id))
}

/// Peers two networks, on both sides.
pub fn peer(one: &str, other: &str) -> impl FnOnce(&mut Estate) {
    let (one, other) = (one.to_owned(), other.to_owned());
    move |estate| {
        let both = super::peer(estate, &one, &other);
        estate.snapshot.peerings.extend(both);
    }
}

/// Changes a cache.
pub fn on_cache(name: &str, change: impl FnOnce(&mut Cache)) -> impl FnOnce(&mut Estate) {
    let name = name.to_owned();
    move |estate| change(estate.cache_mut(&name))
}

/// Switches a cache's public network access.
pub fn public_access(name: &str, on: bool) -> impl FnOnce(&mut Estate) {
    on_cache(name, move |cache| {
        cache.public_access = Fact::Known(match on {
            true => PublicAccess::Enabled,
            false => PublicAccess::Disabled,
        });
        if let Some(azure) = &mut cache.azure {
            azure.public_network_access = Some(on);
        }
    })
}

/// The rules of a cache's firewall, in place of those that it has.
pub fn firewall_rules(name: &str, rules: &[(&str, &str, &str)]) -> impl FnOnce(&mut Estate) {
    let rules: Vec<(String, String, String)> = rules
        .iter()
        .map(|(name, first, last)| ((*name).to_owned(), (*first).to_owned(), (*last).to_owned()))
        .collect();
    let name = name.to_owned();
    move |estate| {
        let borrowed: Vec<(&str, &str, &str)> = rules
            .iter()
            .map(|(name, first, last)| (name.as_str(), first.as_str(), last.as_str()))
            .collect();
        let filter = super::firewall(estate.cache_mut(&name), &borrowed);
        let id = filter.id.clone();
        estate.snapshot.filters.retain(|it| it.id != id);
        estate.snapshot.filters.push(filter);
    }
}

/// Administrator rules of a network manager whose scope holds a network.
pub fn administrators(
    network: &str,
    rules: impl IntoIterator<Item = super::Draft>,
) -> impl FnOnce(&mut Estate) {
    let network = id::vnet(network);
    let rules: Vec<Rule> = rules.into_iter().map(Rule::from).collect();
    move |estate| {
        let filter = Filter {
            id: id::manager("central").into(),
            name: "central".to_owned(),
            kind: cachewarden_model::FilterKind::AdminRules,
            rules: Fact::Known(rules),
            ..super::security_group("central", [])
        };
        estate.network_mut(&network).filters = Fact::Known(vec![filter.id.clone()]);
        estate.snapshot.filters.push(filter);
    }
}

/// A refused call that may hide some of these nouns.
pub fn refused(what: &str, hides: &[Noun]) -> impl FnOnce(&mut Estate) {
    let mut hides = hides.to_vec();
    hides.sort();
    let gap = Gap {
        provider: Provider::Azure,
        account: Some(SUBSCRIPTION.into()),
        region: None,
        what: what.to_owned(),
        why: GapReason::AccessDenied,
        message: format!("the credentials may not call {what}"),
        hides,
    };
    move |estate| estate.add_gap(gap)
}
