//! What opens connections on Azure: rules, records, links, approvals.

use std::collections::BTreeSet;

use cachewarden_model::{
    Action, Cache, Direction, Edit, FilterKind, Peer, Provider, ResourceId, Rule, RuleId, Subnet,
};
use cachewarden_netset::{AddressSet, PortRange, Protocol};

use crate::estate::Estate;
use crate::fix::Pair;
use crate::remedy::Remedy;
use crate::selector::is_client;

/// The priorities that an owner may give.
///
/// Source: Azure Virtual Network, "Network security groups", security rules.
const PRIORITIES: std::ops::RangeInclusive<u32> = 100..=4096;

/// How far apart owners usually keep priorities.
const STRIDE: u32 = 10;

/// Edits for a remedy of Azure; none for any other.
pub(super) fn propose(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    remedy: &Remedy,
    already: &[Edit],
) -> Option<Result<Vec<Edit>, String>> {
    let edits = match remedy {
        Remedy::Unblock { .. } => return Some(unblock(estate, pair, remedy, already)),
        Remedy::AdmitOutward { filter, addresses } => admit(estate, filter, addresses),
        Remedy::RemoveRoute { table, destination } => vec![Edit::RemoveRoute {
            table: table.clone(),
            destination: destination.clone(),
        }],
        Remedy::Approve {
            cache,
            endpoint,
            connection,
        } => vec![Edit::ApproveConnection {
            cache: cache.clone(),
            endpoint: endpoint.clone(),
            connection: connection.clone(),
        }],
        Remedy::EnablePublicAccess(cache) => vec![Edit::EnablePublicAccess {
            cache: cache.clone(),
        }],
        Remedy::LinkZone { zone, network } => vec![Edit::LinkZone {
            zone: zone.clone(),
            network: network.clone(),
        }],
        Remedy::AddRecord {
            zone,
            name,
            addresses,
        }
        | Remedy::ReplaceRecord {
            zone,
            name,
            addresses,
        } => vec![Edit::SetRecord {
            zone: zone.clone(),
            name: name.clone(),
            addresses: addresses.clone(),
        }],
        Remedy::AllowPeerAccess(peering) => vec![Edit::AllowPeerAccess {
            peering: peering.clone(),
        }],
        Remedy::SyncPeering(peering) => vec![Edit::SyncPeering {
            peering: peering.clone(),
        }],
        _ => return None,
    };
    Some(Ok(edits))
}

/// A rule before the one that drops the flow: from one end to the other, on
/// the ports that are needed.
fn unblock(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    remedy: &Remedy,
    already: &[Edit],
) -> Result<Vec<Edit>, String> {
    let Remedy::Unblock {
        filter,
        direction,
        near,
        far,
        public,
        port,
        before,
    } = remedy
    else {
        return Ok(vec![]);
    };
    let found = estate
        .filter(filter)
        .ok_or_else(|| format!("read the rules of {filter} first"))?;
    let rules = found.rules.value().map_or(&[][..], Vec::as_slice);
    let added = already.iter().filter_map(|edit| match edit {
        Edit::AddRule { filter: own, rule } if own == filter => Some(&**rule),
        _ => None,
    });
    let own: Vec<&Rule> = rules
        .iter()
        .chain(added)
        .filter(|it| it.direction == *direction)
        .collect();
    let ranges = &pair.endpoint.node_ports;
    let ports = match ranges.iter().find(|it| it.contains(*port)) {
        Some(range) if *port != pair.endpoint.port => *range,
        _ => PortRange::single(*port),
    };
    let peers = match public {
        true => vec![Peer::ServiceTag("AzureCloud".to_owned())],
        false => cidrs(far),
    };
    let local = cidrs(near);
    let twin = own.iter().any(|it| {
        it.action == Action::Allow
            && it.peers == peers
            && it.local == local
            && it.ports.iter().any(|range| range.contains(*port))
    });
    if twin {
        return Ok(vec![]);
    }
    let (mut edits, priority) = match free(&own, *before) {
        Some(priority) => (vec![], priority),
        None => pushed(filter, &own, *before, already).ok_or_else(|| {
            format!(
                "renumber the rules of {filter}: there is no free priority before the one that \
                 denies"
            )
        })?,
    };
    edits.push(Edit::AddRule {
        filter: filter.clone(),
        rule: Box::new(Rule {
            gcp: None,
            id: name(&own, &format!("AllowRedis{}", ports.first())),
            direction: *direction,
            action: Action::Allow,
            priority: Some(priority),
            protocol: Protocol::TCP,
            ports: vec![ports],
            peers,
            local,
            source_ports: vec![],
            description: String::new(),
        }),
    });
    Ok(edits)
}

/// How many rules a fix pushes back at most.
const PUSHED: usize = 8;

/// Makes room before the rule that denies, where all lower priorities are
/// taken: it and those right behind it move back by one, the last one first,
/// so that their order stays and no two ever have the same priority.
fn pushed(
    filter: &ResourceId,
    rules: &[&Rule],
    before: Option<u32>,
    already: &[Edit],
) -> Option<(Vec<Edit>, u32)> {
    let before = before.filter(|it| PRIORITIES.contains(it))?;
    let moved = |edit: &Edit| matches!(edit, Edit::MoveRule { filter: own, .. } if own == filter);
    if already.iter().any(moved) {
        return None;
    }
    let mut run = vec![];
    let mut place = before;
    while let Some(rule) = rules.iter().find(|it| it.priority == Some(place)) {
        place += 1;
        run.push(Edit::MoveRule {
            filter: filter.clone(),
            rule: rule.id.clone(),
            priority: place,
        });
    }
    if run.is_empty() || run.len() > PUSHED || !PRIORITIES.contains(&place) {
        return None;
    }
    run.reverse();
    Some((run, before))
}

fn cidrs(set: &AddressSet) -> Vec<Peer> {
    set.cidrs().map(Peer::Cidr).collect()
}

/// A name that no rule has yet.
fn name(rules: &[&Rule], wanted: &str) -> RuleId {
    let taken = |name: &str| rules.iter().any(|it| it.id == *name);
    let numbered = (2_u32..).map(|number| format!("{wanted}_{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names
        .find(|it| !taken(it))
        .unwrap_or_default()
        .as_str()
        .into()
}

/// A priority that no rule has and that comes before the one that denies:
/// behind all others where that will do.
fn free(rules: &[&Rule], before: Option<u32>) -> Option<u32> {
    let taken: BTreeSet<u32> = rules.iter().filter_map(|it| it.priority).collect();
    let limit = before.unwrap_or(u32::MAX);
    let last = taken.iter().rev().find(|it| PRIORITIES.contains(it));
    let behind = last.map_or(*PRIORITIES.start(), |last| last + STRIDE);
    if behind < limit && PRIORITIES.contains(&behind) {
        return Some(behind);
    }
    PRIORITIES
        .rev()
        .find(|it| *it < limit && !taken.contains(it))
}

/// A firewall rule for each run of addresses.
fn admit(estate: &Estate<'_>, filter: &ResourceId, addresses: &AddressSet) -> Vec<Edit> {
    let rules = estate.filter(filter).and_then(|it| it.rules.value());
    let rules: Vec<&Rule> = rules.into_iter().flatten().collect();
    let edits = addresses.ranges().map(|(first, last)| {
        let text = first.to_string().replace(['.', ':'], "_");
        Edit::AddRule {
            filter: filter.clone(),
            rule: Box::new(Rule {
                gcp: None,
                id: name(&rules, &format!("client_{text}")),
                direction: Direction::Ingress,
                action: Action::Allow,
                priority: None,
                protocol: Protocol::Any,
                ports: vec![],
                peers: vec![Peer::Range(first, last)],
                local: vec![],
                source_ports: vec![],
                description: String::new(),
            }),
        }
    });
    edits.collect()
}

/// Clients and caches whose connections an edit of something on Azure can
/// touch; none if it is of another cloud.
pub(super) fn touched(estate: &Estate<'_>, edit: &Edit) -> Option<BTreeSet<(u32, u32)>> {
    let mut touched = Touched {
        estate,
        pairs: BTreeSet::new(),
    };
    let network = |id: &ResourceId| {
        let id = id.clone();
        move |it: &Subnet| it.network == id
    };
    match edit {
        Edit::AddRule { filter: id, .. }
        | Edit::ReplaceRule { filter: id, .. }
        | Edit::MoveRule { filter: id, .. }
        | Edit::RemoveRule { filter: id, .. } => {
            let filter = estate.filter(id)?;
            (filter.provider == Provider::Azure).then_some(())?;
            if filter.kind == FilterKind::ServiceFirewall {
                touched.caches(|cache| cache.filters.value().is_none_or(|it| it.contains(id)));
                return Some(touched.pairs);
            }
            touched.carriers(id);
            touched.subnets(|it| {
                let own = it.filter.value();
                own.is_none_or(|own| own.as_ref() == Some(id))
            });
        }
        Edit::AddRoute { table: id, .. }
        | Edit::ReplaceRoute { table: id, .. }
        | Edit::RemoveRoute { table: id, .. } => {
            (estate.table(id)?.provider == Provider::Azure).then_some(())?;
            // A route also widens the tag VirtualNetwork of its network.
            let uses = |it: &&Subnet| {
                let own = it.route_table.value();
                own.is_none_or(|own| own.as_ref().is_some_and(|own| own.table == *id))
            };
            let subnets = estate.snapshot().subnets.iter();
            let networks: BTreeSet<&ResourceId> =
                subnets.filter(uses).map(|it| &it.network).collect();
            touched.subnets(|it| networks.contains(&it.network));
        }
        Edit::SetPeeringState { peering: id, .. }
        | Edit::AllowPeerAccess { peering: id }
        | Edit::SyncPeering { peering: id } => {
            let peering = estate.peering(id)?;
            (peering.provider == Provider::Azure).then_some(())?;
            touched.subnets(network(&peering.requester.network));
            touched.subnets(network(&peering.accepter.network));
        }
        Edit::LinkZone { network: id, .. } => touched.clients(|it| it.network == *id),
        Edit::SetRecord { zone, .. } => {
            let links = estate.zone(zone)?.links.value();
            touched.clients(|it| {
                links.is_none_or(|links| links.iter().any(|link| link.network == it.network))
            });
        }
        Edit::ApproveConnection { cache: id, .. } | Edit::EnablePublicAccess { cache: id } => {
            touched.caches(|cache| cache.id == *id)
        }
        _ => return None,
    }
    Some(touched.pairs)
}

struct Touched<'t, 'a> {
    estate: &'t Estate<'a>,
    pairs: BTreeSet<(u32, u32)>,
}

impl Touched<'_, '_> {
    fn all(&self) -> impl Iterator<Item = (u32, &Cache)> {
        let caches = (0_u32..).zip(&self.estate.snapshot().caches);
        caches.filter(|(_, it)| it.provider == Provider::Azure)
    }

    /// Some clients, with every cache.
    fn clients(&mut self, fits: impl Fn(&cachewarden_model::Interface) -> bool) {
        let interfaces = (0_u32..).zip(&self.estate.snapshot().interfaces);
        let clients = interfaces
            .filter(|(_, it)| it.provider == Provider::Azure && is_client(it) && fits(it));
        let clients: Vec<u32> = clients.map(|(index, _)| index).collect();
        let caches: Vec<u32> = self.all().map(|(index, _)| index).collect();
        for client in clients {
            self.pairs
                .extend(caches.iter().map(|cache| (client, *cache)));
        }
    }

    /// Some caches, with every client.
    fn caches(&mut self, fits: impl Fn(&Cache) -> bool) {
        let caches = self.all().filter(|(_, it)| fits(it));
        let caches: Vec<u32> = caches.map(|(index, _)| index).collect();
        let interfaces = (0_u32..).zip(&self.estate.snapshot().interfaces);
        for (client, interface) in interfaces {
            if interface.provider == Provider::Azure && is_client(interface) {
                self.pairs
                    .extend(caches.iter().map(|cache| (client, *cache)));
            }
        }
    }

    /// Those who carry a group on their own interface.
    fn carriers(&mut self, group: &ResourceId) {
        self.clients(|it| it.filters.value().is_none_or(|all| all.contains(group)));
    }

    /// What sits in some subnets: clients, private endpoints, caches.
    fn subnets(&mut self, fits: impl Fn(&Subnet) -> bool) {
        let estate = self.estate;
        let subnets = estate.snapshot().subnets.iter().filter(|it| fits(it));
        let ids: BTreeSet<&ResourceId> = subnets.map(|it| &it.id).collect();
        self.clients(|it| ids.contains(&it.subnet));
        self.caches(|cache| {
            let endpoints = estate.endpoints_of(&cache.id);
            let azure = cache.azure.as_ref();
            let injected = azure.and_then(|it| it.injected_subnet.as_ref());
            injected.is_some_and(|it| ids.contains(it))
                || endpoints
                    .iter()
                    .any(|it| it.subnets.iter().any(|id| ids.contains(id)))
        });
    }
}
