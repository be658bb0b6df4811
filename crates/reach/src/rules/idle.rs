//! What remembers the connections of a cache's clients on their way. After
//! how many quiet seconds it forgets them is not decided here.

use std::collections::BTreeMap;

use cachewarden_model::{
    Cache, Intent, Interface, InterfaceKind, PathFacts, ResourceId, Route, RouteTarget, Service,
    Tracker, TrackerKind,
};

use crate::estate::Estate;
use crate::route::{Choice, choose};

/// What tells trackers apart: kind, seconds that its owner set, machine type.
type Sort<'a> = (TrackerKind, Option<u32>, Option<&'a str>);

/// What the clients that mean to connect to a cache have of trackers; the
/// same for every cache that the same clients mean to connect to.
pub(crate) struct Paths<'a> {
    clients: u64,
    found: BTreeMap<Sort<'a>, Tracker>,
    /// One client of each subnet, in the order of subnets.
    subnets: BTreeMap<&'a ResourceId, &'a Interface>,
}

impl<'a> Paths<'a> {
    pub(crate) fn new(estate: &Estate<'a>, intended: &BTreeMap<u32, Intent>) -> Self {
        let mut paths = Self {
            clients: 0,
            found: BTreeMap::new(),
            subnets: BTreeMap::new(),
        };
        for interface in intended.keys().filter_map(|index| estate.interface(*index)) {
            paths.clients += 1;
            add(&mut paths.found, sort(interface), interface);
            paths.subnets.entry(&interface.subnet).or_insert(interface);
        }
        paths
    }

    /// What the paths of these clients to one cache have in common.
    pub(crate) fn to(&self, estate: &Estate<'a>, cache: &'a Cache) -> PathFacts {
        let mut found = self.found.clone();
        // A cache behind a private endpoint is met through it alone.
        if self.clients > 0 && cache.service == Service::ElastiCacheServerless {
            let tracker = Tracker {
                kind: TrackerKind::PrivateEndpoint,
                certain: true,
                provider: cache.provider,
                stated_seconds: None,
                machine_type: None,
                id: cache.id.clone(),
                name: cache.name.clone(),
            };
            found.insert((TrackerKind::PrivateEndpoint, None, None), tracker);
        }
        let clients = self.subnets.values();
        let gateways = clients.filter_map(|client| nat_gateway(estate, cache, client));
        // The first, and one that is certain before one that is not.
        let gateway = gateways.min_by_key(|it| !it.certain);
        found.extend(gateway.map(|it| ((TrackerKind::NatGateway, None, None), it)));
        let mut trackers: Vec<Tracker> = found.into_values().collect();
        trackers.sort();
        PathFacts {
            clients: self.clients,
            trackers,
        }
    }
}

/// What an interface has of a tracker. A load balancer has a limit of its
/// own; whatever else sends from an interface has that of its filters.
fn sort(interface: &Interface) -> Sort<'_> {
    if interface.kind == InterfaceKind::LoadBalancer && interface.tracking_idle_seconds.is_none() {
        return (TrackerKind::LoadBalancer, None, None);
    }
    let machine = interface.attached_to.as_ref();
    (
        TrackerKind::Interface,
        interface.tracking_idle_seconds,
        machine.and_then(|it| it.machine_type.as_deref()),
    )
}

/// Of alike ones the first in the order of the snapshot is named.
fn add<'a>(
    found: &mut BTreeMap<Sort<'a>, Tracker>,
    sort @ (kind, stated_seconds, machine_type): Sort<'a>,
    interface: &Interface,
) {
    found.entry(sort).or_insert_with(|| Tracker {
        kind,
        certain: true,
        provider: interface.provider,
        stated_seconds,
        machine_type: machine_type.map(str::to_owned),
        id: interface.id.clone(),
        name: interface.name.clone(),
    });
}

/// The gateway through which a client's subnet sends what is meant for a
/// cache of another network; one that is not certain where what leads to it
/// was not read. Within a network the local route counts.
///
/// Source: Amazon VPC User Guide, "Route tables" and "NAT gateways".
fn nat_gateway(estate: &Estate<'_>, cache: &Cache, client: &Interface) -> Option<Tracker> {
    if cache.network.value() == Some(&client.network) {
        return None;
    }
    let tracker = |certain, id: &ResourceId| Tracker {
        kind: TrackerKind::NatGateway,
        certain,
        provider: client.provider,
        stated_seconds: None,
        machine_type: None,
        id: id.clone(),
        name: id.to_string(),
    };
    let unread = || Some(tracker(false, &client.subnet));
    let Some(subnet) = estate.subnet(&client.subnet) else {
        return unread();
    };
    let table = match subnet.route_table.value() {
        Some(Some(association)) => estate.table(&association.table),
        // A subnet for sure without a table has no way to a gateway.
        Some(None) => return None,
        None => None,
    };
    let Some(routes) = table.and_then(|it| it.routes.value()) else {
        return unread();
    };
    let leads_out = |target: &RouteTarget| matches!(target, RouteTarget::NatGateway(_));
    if !routes.iter().any(|route| leads_out(&route.target)) {
        return None;
    }
    match of_nodes(estate, cache, routes) {
        Through::Gateway(id) => Some(tracker(cache.network.value().is_some(), id)),
        Through::Unknown => unread(),
        Through::None => None,
    }
}

/// Through which gateway routes lead to a cache's nodes.
enum Through<'a> {
    Gateway(&'a ResourceId),
    None,
    Unknown,
}

fn of_nodes<'a>(estate: &Estate<'a>, cache: &Cache, routes: &'a [Route]) -> Through<'a> {
    let mut through = match cache.network.value() {
        Some(_) => Through::None,
        None => Through::Unknown,
    };
    for node in &cache.nodes {
        let Some(ids) = node.subnets.value() else {
            through = Through::Unknown;
            continue;
        };
        for id in ids {
            let Some(subnet) = estate.subnet(id) else {
                through = Through::Unknown;
                continue;
            };
            for cidr in &subnet.cidrs {
                match choose(estate, routes, cidr.first()) {
                    Choice::Route(route) => {
                        if let RouteTarget::NatGateway(id) = &route.target {
                            return Through::Gateway(id);
                        }
                    }
                    Choice::None => {}
                    Choice::Unknown(_) => through = Through::Unknown,
                }
            }
        }
    }
    through
}
