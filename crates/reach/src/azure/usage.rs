//! Rules that guard caches on Azure, and what they are good for: those of a
//! cache's own firewall, and those of the groups at the subnets of private
//! endpoints and of injected caches. Default rules, which nobody can change,
//! are left out.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{
    Action, Cache, DeadRule, Direction, Filter, FilterKind, Gap, Noun, Peer, Provider,
    PublicAccess, ResourceId, Rule, RuleId, RuleUse, Subnet,
};
use cachewarden_netset::{AddressSet, Family, PortSet, Protocol};

use crate::azure::firewall::firewall_of;
use crate::azure::party::covers_port;
use crate::azure::sides;
use crate::client::Client;
use crate::estate::Estate;
use crate::peer::Tri;
use crate::rules::words;
use crate::selector::is_client;

/// Where the rules begin that every group ends with.
///
/// Source: Azure Virtual Network, "Network security groups", default rules.
const DEFAULTS: u32 = 65_000;

/// All rules, in the order of filters and rules in the snapshot.
pub(crate) fn uses(estate: &Estate<'_>) -> Vec<RuleUse> {
    let guarded = guarded(estate);
    let mut uses = vec![];
    for filter in &estate.snapshot().filters {
        let Some(guarded) = guarded.get(&filter.id) else {
            continue;
        };
        let rules = filter.rules.value().map_or(&[][..], Vec::as_slice);
        for rule in rules {
            if rule.priority.is_some_and(|it| it >= DEFAULTS) {
                continue;
            }
            let context = Context {
                estate,
                filter,
                rules,
                guarded,
            };
            uses.push(match filter.kind {
                FilterKind::ServiceFirewall => context.firewall(rule),
                _ => context.group(rule),
            });
        }
    }
    uses
}

/// What a filter guards.
#[derive(Default)]
struct Guarded<'a> {
    caches: BTreeMap<&'a ResourceId, &'a Cache>,
    /// Subnets at whose edge it stands.
    subnets: BTreeMap<&'a ResourceId, &'a Subnet>,
    /// Whether it judges packets to one of the caches at all.
    judges: bool,
    /// Why it may.
    unclear: Option<&'a Gap>,
}

fn guarded<'a>(estate: &Estate<'a>) -> BTreeMap<&'a ResourceId, Guarded<'a>> {
    let mut all: BTreeMap<&ResourceId, Guarded<'_>> = BTreeMap::new();
    for cache in &estate.snapshot().caches {
        if cache.provider != Provider::Azure {
            continue;
        }
        if let Some(id) = firewall_of(estate, cache) {
            let entry = all.entry(id).or_default();
            entry.caches.insert(&cache.id, cache);
            entry.judges = true;
        }
        let azure = cache.azure.as_ref();
        let injected = azure.and_then(|it| it.injected_subnet.as_ref());
        let endpoints = estate.endpoints_of(&cache.id);
        let at_endpoints = endpoints.iter().flat_map(|it| &it.subnets);
        let ids: Vec<(&ResourceId, bool)> = injected
            .into_iter()
            .map(|id| (id, true))
            .chain(at_endpoints.map(|id| (id, false)))
            .collect();
        for (id, always) in ids {
            let Some(subnet) = estate.subnet(id) else {
                continue;
            };
            let Some(Some(group)) = subnet.filter.value() else {
                continue;
            };
            let policies = subnet.azure.as_ref();
            let asks = policies.map(|it| it.private_endpoint_policies.get());
            let entry = all.entry(group).or_default();
            entry.caches.insert(&cache.id, cache);
            entry.subnets.insert(&subnet.id, subnet);
            match asks {
                _ if always => entry.judges = true,
                Some(Ok(asks)) => entry.judges |= asks.filters(),
                Some(Err(gap)) => entry.unclear = Some(gap),
                None => {}
            }
        }
    }
    // A group that judges no private endpoint and guards machines is theirs.
    all.retain(|id, guarded| {
        guarded.judges || guarded.unclear.is_some() || !serves_others(estate, id)
    });
    all
}

/// Whether clients carry a group, or sit in a subnet that does.
fn serves_others(estate: &Estate<'_>, id: &ResourceId) -> bool {
    let carried = estate.carriers(id).iter();
    let mut carried = carried.filter_map(|index| estate.interface(*index));
    let mut subnets = estate.snapshot().subnets.iter().filter(|it| {
        let own = it.filter.value();
        own.is_some_and(|own| own.as_ref() == Some(id))
    });
    carried.any(is_client) || subnets.any(|it| !estate.clients_in(&it.id).is_empty())
}

struct Context<'c, 'a> {
    estate: &'c Estate<'a>,
    filter: &'a Filter,
    rules: &'a [Rule],
    guarded: &'c Guarded<'a>,
}

impl Context<'_, '_> {
    fn blank(&self, rule: &Rule, addresses: &AddressSet, text: String) -> RuleUse {
        let internet = AddressSet::internet();
        let public = addresses.intersection(internet);
        let whole = |family| {
            let all = internet.family(family);
            all.is_subset(addresses)
        };
        RuleUse {
            filter: self.filter.id.clone(),
            filter_name: self.filter.name.clone(),
            filter_kind: self.filter.kind,
            rule: rule.id.clone(),
            direction: rule.direction,
            action: rule.action,
            text,
            guards: self.guarded.caches.keys().map(|it| (*it).clone()).collect(),
            covers_cache_port: true,
            // The edge of a subnet serves all that is in it.
            covers_other_ports: false,
            addresses: u64::try_from(addresses.count()).unwrap_or(u64::MAX),
            public_addresses: u64::try_from(public.count()).unwrap_or(u64::MAX),
            world: whole(Family::V4) || whole(Family::V6),
            whole_network: false,
            clients: None,
            dead: None,
            may_be_inert: false,
            tightest: None,
            gaps: vec![],
        }
    }

    /// A rule of a cache's own firewall. Who comes from public addresses is
    /// not told, so that its clients are not counted.
    fn firewall(&self, rule: &Rule) -> RuleUse {
        let addresses = named(&rule.peers);
        let ranges: Vec<String> = addresses
            .ranges()
            .map(|(first, last)| format!("{first}-{last}"))
            .collect();
        let text = format!("admits {}", ranges.join(", "));
        let mut found = self.blank(rule, &addresses, text);
        let injected = |cache: &&&Cache| {
            let azure = cache.azure.as_ref();
            azure.is_some_and(|it| it.injected_subnet.is_some())
        };
        let mut caches = self.guarded.caches.values();
        let public = !caches.any(|it| injected(&it));
        let closed = |cache: &&Cache| cache.public_access.value() == Some(&PublicAccess::Disabled);
        let all_closed = self.guarded.caches.values().all(closed);
        let wider = self.rules.iter().find(|other| {
            let range = named(&other.peers);
            other.id != rule.id
                && addresses.is_subset(&range)
                && (range != addresses || other.id < rule.id)
        });
        found.dead = if public && all_closed {
            inert("public network access is off, so that no rule has a say")
        } else if public && addresses.is_disjoint(AddressSet::internet()) {
            inert("it names no public address, and the cache sees no others")
        } else {
            wider.map(|other| DeadRule::Shadowed {
                by: vec![other.id.clone()],
            })
        };
        found
    }

    fn group(&self, rule: &Rule) -> RuleUse {
        let addresses = named(&rule.peers);
        let mut found = self.blank(rule, &addresses, words(rule));
        let caches = self.guarded.caches.values();
        let mut ports = caches.flat_map(|it| &it.endpoints).map(|it| it.port);
        found.covers_cache_port = ports.any(|port| covers_port(rule, port));
        let tags: BTreeSet<String> = rule
            .peers
            .iter()
            .filter_map(|peer| match peer {
                Peer::ServiceTag(tag) => Some(tag.to_ascii_lowercase()),
                _ => None,
            })
            .collect();
        if tags.contains("internet") {
            found.world = true;
        }
        found.whole_network = tags.contains("virtualnetwork") || self.holds_network(&addresses);
        let shadows: Vec<RuleId> = self.shadows(rule).into_iter().collect();
        if let (false, Some(gap)) = (self.guarded.judges, self.guarded.unclear) {
            found.gaps.push(gap.clone());
            found.may_be_inert = true;
        }
        found.dead = if !self.guarded.judges && self.guarded.unclear.is_none() {
            inert(
                "network policies are off at the subnet: no network security group judges its \
                 private endpoints",
            )
        } else if !shadows.is_empty() {
            Some(DeadRule::Shadowed { by: shadows })
        } else {
            self.names_nobody(rule, &mut found.gaps)
        };
        if rule.direction == Direction::Ingress && rule.action != Action::Deny {
            found.clients = self.clients(rule, &mut found.gaps);
        }
        found.gaps.sort();
        found.gaps.dedup();
        found
    }

    fn holds_network(&self, addresses: &AddressSet) -> bool {
        let subnets = self.guarded.subnets.values();
        let mut networks = subnets.filter_map(|it| self.estate.network(&it.network));
        networks.any(|network| {
            let own: AddressSet = network.cidrs.iter().copied().collect();
            !own.is_empty() && own.is_subset(addresses)
        })
    }

    /// An earlier rule that decides all packets of a rule by itself.
    fn shadows(&self, rule: &Rule) -> Option<RuleId> {
        let covers = |other: &&Rule| {
            other.direction == rule.direction
                && other.priority < rule.priority
                && other.source_ports.is_empty()
                && (other.protocol == Protocol::Any || other.protocol == rule.protocol)
                && ports_of(rule).is_subset(&ports_of(other))
                && peers_cover(&other.peers, &rule.peers)
                && (other.local.is_empty()
                    || is_anybody(&other.local)
                    || peers_cover(&other.local, &rule.local))
        };
        self.rules.iter().find(covers).map(|it| it.id.clone())
    }

    /// Whether all that a rule names is a group that nobody carries.
    fn names_nobody(&self, rule: &Rule, gaps: &mut Vec<Gap>) -> Option<DeadRule> {
        for peer in &rule.peers {
            let Peer::Group { group, .. } = peer else {
                return None;
            };
            if !self.estate.carriers(group).is_empty() {
                return None;
            }
        }
        if let Some(gap) = self.hidden() {
            gaps.push(gap);
            return None;
        }
        (!rule.peers.is_empty()).then_some(DeadRule::NamesNobody)
    }

    /// Why there may be clients that were not read.
    fn hidden(&self) -> Option<Gap> {
        let filter = self.filter;
        let account = Some(&filter.account);
        let own = self
            .estate
            .hidden(Noun::Interfaces, Provider::Azure, account, None);
        own.or_else(|| {
            self.estate
                .hidden(Noun::Interfaces, Provider::Azure, None, None)
        })
    }

    /// Clients of networks that are joined to the guarded subnets and that a
    /// rule certainly names; none where that is not known of some.
    fn clients(&self, rule: &Rule, gaps: &mut Vec<Gap>) -> Option<u64> {
        if let Some(gap) = self.hidden() {
            gaps.push(gap);
            return None;
        }
        let estate = self.estate;
        let subnet = self.guarded.subnets.values().next()?;
        let mut networks: BTreeSet<&str> = BTreeSet::new();
        for subnet in self.guarded.subnets.values() {
            networks.insert(subnet.network.as_str());
            networks.extend(
                estate
                    .joins()
                    .get(subnet.network.as_str())
                    .into_iter()
                    .flatten(),
            );
        }
        let home = crate::azure::party::Home {
            network: Some(&subnet.network),
            subnet: Some(subnet),
            assumed: None,
        };
        let mut count = 0;
        for index in networks.iter().flat_map(|it| estate.clients_of(it)) {
            let Some(interface) = estate.interface(*index) else {
                continue;
            };
            let client = Client::of(estate, interface);
            let mut parties = vec![];
            for address in &client.addresses {
                parties.push(sides::party(estate, &client, *address));
            }
            let whole: AddressSet = interface.prefixes.iter().copied().collect();
            if let (Some(first), false) = (whole.first(), whole.is_empty()) {
                let mut party = sides::party(estate, &client, first);
                party.addresses = whole;
                parties.push(party);
            }
            let named = |party| crate::azure::party::named(estate, &rule.peers, party, home);
            for party in &parties {
                match named(party) {
                    Tri::Yes => {
                        count += 1;
                        break;
                    }
                    Tri::No => {}
                    Tri::Unknown(gap) => {
                        gaps.push(*gap);
                        return None;
                    }
                }
            }
        }
        Some(count)
    }
}

fn inert(detail: &str) -> Option<DeadRule> {
    Some(DeadRule::Inert {
        detail: detail.to_owned(),
    })
}

/// Addresses that peers name by range.
fn named(peers: &[Peer]) -> AddressSet {
    let mut all = AddressSet::empty();
    for peer in peers {
        all = all.union(&match peer {
            Peer::Cidr(cidr) => AddressSet::from(*cidr),
            Peer::Range(first, last) => AddressSet::range(*first, *last).unwrap_or_default(),
            _ => continue,
        });
    }
    all
}

fn ports_of(rule: &Rule) -> PortSet {
    match rule.ports.is_empty() {
        true => PortSet::full(),
        false => rule.ports.iter().copied().collect(),
    }
}

fn is_anybody(peers: &[Peer]) -> bool {
    named(peers) == AddressSet::full()
}

/// Whether some peers name all that others do.
fn peers_cover(wide: &[Peer], narrow: &[Peer]) -> bool {
    if narrow.is_empty() {
        return wide.is_empty() || is_anybody(wide);
    }
    let ranges = named(wide);
    narrow.iter().all(|peer| {
        wide.contains(peer)
            || is_anybody(wide)
            || match peer {
                Peer::Cidr(_) | Peer::Range(..) => {
                    named(std::slice::from_ref(peer)).is_subset(&ranges)
                }
                _ => false,
            }
    })
}
