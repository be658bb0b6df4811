//! Rules on the way out that bear on caches of Google Cloud, and what they
//! are good for. Rules on the way in judge no packet to a cache, and are left
//! out.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{
    Action, Cache, DeadRule, Direction, Filter, Gap, Noun, Peer, Provider, Region, ResourceId,
    Rule, RuleId, RuleUse,
};
use cachewarden_netset::{AddressSet, Family, PortSet, Protocol};

use crate::estate::Estate;
use crate::gcp::doors::addresses;
use crate::gcp::egress::in_order;
use crate::gcp::index::entrances;
use crate::gcp::party::{Packet, Sender, is_off};
use crate::peer::Tri;
use crate::rules::words;

/// Where a filter is asked: networks and regions, and its place among the
/// others.
type Place<'a> = (&'a ResourceId, &'a Region, usize);

/// All rules, in the order of filters and rules in the snapshot.
pub(crate) fn uses(estate: &Estate<'_>) -> Vec<RuleUse> {
    let mut guarded: BTreeMap<&ResourceId, Vec<&Cache>> = BTreeMap::new();
    for cache in &estate.snapshot().caches {
        if cache.provider == Provider::Gcp {
            for network in entrances(cache) {
                guarded.entry(network).or_default().push(cache);
            }
        }
    }
    let mut places: BTreeMap<&ResourceId, Vec<Place<'_>>> = BTreeMap::new();
    for network in &estate.snapshot().networks {
        for (region, filters) in network.gcp.iter().flat_map(|it| &it.filters) {
            for (place, id) in filters.value().into_iter().flatten().enumerate() {
                places
                    .entry(id)
                    .or_default()
                    .push((&network.id, region, place));
            }
        }
    }
    let mut uses = vec![];
    for filter in &estate.snapshot().filters {
        let Some(places) = places.get(&filter.id) else {
            continue;
        };
        let context = Context {
            estate,
            filter,
            places,
            guarded: &guarded,
        };
        let rules = filter.rules.value().into_iter().flatten();
        uses.extend(rules.filter_map(|rule| context.of(rule)));
    }
    uses
}

struct Context<'c, 'a> {
    estate: &'c Estate<'a>,
    filter: &'a Filter,
    places: &'c [Place<'a>],
    guarded: &'c BTreeMap<&'a ResourceId, Vec<&'a Cache>>,
}

impl<'a> Context<'_, 'a> {
    /// What a rule is good for; none if it bears on no cache.
    fn of(&self, rule: &'a Rule) -> Option<RuleUse> {
        if rule.direction != Direction::Egress
            || rule.action == Action::Next
            || !rule.protocol.covers(Protocol::TCP)
        {
            return None;
        }
        let guards = self.guards(rule);
        if guards.is_empty() {
            return None;
        }
        let addresses = named(self.estate, &rule.peers).0;
        let internet = AddressSet::internet();
        let public = addresses.intersection(internet);
        let world = |family| internet.family(family).is_subset(&addresses);
        let mut gaps = vec![];
        let dead = self.dead(rule, &mut gaps);
        gaps.sort();
        gaps.dedup();
        Some(RuleUse {
            filter: self.filter.id.clone(),
            filter_name: self.filter.name.clone(),
            filter_kind: self.filter.kind,
            rule: rule.id.clone(),
            direction: rule.direction,
            action: rule.action,
            text: words(rule),
            guards: guards.into_iter().cloned().collect(),
            covers_cache_port: true,
            // A network's rules serve all that its machines do.
            covers_other_ports: false,
            addresses: u64::try_from(addresses.count()).unwrap_or(u64::MAX),
            public_addresses: u64::try_from(public.count()).unwrap_or(u64::MAX),
            world: world(Family::V4) || world(Family::V6),
            whole_network: false,
            clients: None,
            dead,
            may_be_inert: false,
            tightest: None,
            gaps,
        })
    }

    /// Caches of the networks where it is asked that a rule may name.
    fn guards(&self, rule: &Rule) -> BTreeSet<&'a ResourceId> {
        let (addresses, whole) = named(self.estate, &rule.peers);
        let ports = ports_of(rule);
        let networks: BTreeSet<&ResourceId> = self.places.iter().map(|it| it.0).collect();
        let mut guards = BTreeSet::new();
        for network in networks {
            for cache in self.guarded.get(network).into_iter().flatten() {
                let meets = cache.endpoints.iter().any(|endpoint| {
                    let here = endpoint.network.as_ref().is_none_or(|own| own == network);
                    let mut own = self::addresses(cache, endpoint).into_iter();
                    let port = ports.contains(endpoint.port)
                        || endpoint
                            .node_ports
                            .iter()
                            .any(|it| !PortSet::from(*it).is_disjoint(&ports));
                    here && port && own.any(|it| !whole || addresses.contains(it))
                });
                if meets {
                    guards.insert(&cache.id);
                }
            }
        }
        guards
    }

    fn dead(&self, rule: &'a Rule, gaps: &mut Vec<Gap>) -> Option<DeadRule> {
        let inert = |detail: &str| {
            Some(DeadRule::Inert {
                detail: detail.to_owned(),
            })
        };
        let off = rule.gcp.as_ref().and_then(|it| it.off.as_deref());
        match off {
            Some("disabled") => return inert("it is disabled"),
            Some(_) => return inert("none of the tags that it names is in effect"),
            None => {}
        }
        if let Some(by) = self.before(rule).or_else(|| self.hidden(rule)) {
            return Some(DeadRule::Shadowed { by: vec![by] });
        }
        self.names_nobody(rule, gaps)
    }

    /// A rule of the same filter that decides all of its packets before it.
    fn before(&self, rule: &Rule) -> Option<RuleId> {
        let rules = in_order(self.estate, self.filter);
        let earlier = rules
            .into_iter()
            .take_while(|other| !std::ptr::eq(*other, rule));
        let mut covering = earlier.filter(|other| covers(self.estate, other, rule));
        covering.next().map(|it| it.id.clone())
    }

    /// A rule that decides all of its packets in an earlier filter, wherever
    /// this one is asked: under the usual order the network's own rules come
    /// before network policies, so that what they allow no policy denies.
    ///
    /// Source: Cloud Next Generation Firewall, "Firewall policy rule
    /// evaluation order".
    fn hidden(&self, rule: &Rule) -> Option<RuleId> {
        let mut found = None;
        for (network, region, place) in self.places {
            let gcp = self.estate.network(network)?.gcp.as_deref()?;
            let filters = gcp.filters.get(*region)?.value()?;
            let earlier = filters.iter().take(*place);
            let by = earlier
                .filter_map(|id| self.estate.filter(id))
                .find_map(|other| self.decides(other, rule))?;
            found = found.or(Some(by));
        }
        found
    }

    /// A rule of another filter that certainly decides all packets of one.
    fn decides(&self, other: &'a Filter, rule: &Rule) -> Option<RuleId> {
        let rules = in_order(self.estate, other).into_iter();
        let mut before = rules.take_while(|it| it.action != Action::Next || is_off(it));
        let covering = before.find(|it| covers(self.estate, it, rule));
        covering.map(|it| it.id.clone())
    }

    /// Whether no machine carries what a rule's targets name.
    fn names_nobody(&self, rule: &Rule, gaps: &mut Vec<Gap>) -> Option<DeadRule> {
        let plain = |it: &Peer| matches!(it, Peer::Tag(_) | Peer::ServiceAccount(_));
        if rule.local.is_empty() || !rule.local.iter().all(plain) {
            return None;
        }
        let estate = self.estate;
        let networks: BTreeSet<&ResourceId> = self.places.iter().map(|it| it.0).collect();
        // One machine that has them is enough, whatever is not known of others.
        let mut untold = vec![];
        for network in networks {
            for index in estate.clients_of(network.as_str()) {
                let interface = estate.interface(*index)?;
                let sender = Sender {
                    address: interface.addresses.first().copied().unwrap_or(NOWHERE),
                    network: &interface.network,
                    region: &interface.region,
                    subnet: None,
                    interface: Some(interface),
                };
                let packet = Packet {
                    sender: &sender,
                    to: NOWHERE,
                    port: 0,
                };
                let target = packet.parts(estate, rule).into_iter();
                let target = target.filter(|(part, _)| *part == "target");
                for (_, tri) in target {
                    match tri {
                        Tri::Yes => return None,
                        Tri::Unknown(gap) => untold.push(*gap),
                        Tri::No => {}
                    }
                }
            }
        }
        if !untold.is_empty() {
            gaps.append(&mut untold);
            return None;
        }
        // Machines of any project may be in a shared network.
        let unread = estate
            .snapshot()
            .gaps
            .iter()
            .find(|gap| gap.provider == Provider::Gcp && gap.hides.contains(&Noun::Interfaces));
        if let Some(gap) = unread {
            gaps.push(gap.clone());
            return None;
        }
        Some(DeadRule::NamesNobody)
    }
}

const NOWHERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

/// Addresses that peers name by range, and whether that is all they name.
fn named(estate: &Estate<'_>, peers: &[Peer]) -> (AddressSet, bool) {
    let mut all = AddressSet::empty();
    let mut whole = true;
    for peer in peers {
        all = all.union(&match peer {
            Peer::Cidr(cidr) => AddressSet::from(*cidr),
            Peer::Range(first, last) => AddressSet::range(*first, *last).unwrap_or_default(),
            Peer::PrefixList(id) => match estate.list(id).and_then(|it| it.entries.value()) {
                Some(entries) => entries.iter().copied().collect(),
                None => {
                    whole = false;
                    continue;
                }
            },
            _ => {
                whole = false;
                continue;
            }
        });
    }
    (all, whole)
}

fn ports_of(rule: &Rule) -> PortSet {
    match rule.ports.is_empty() || rule.protocol == Protocol::Any {
        true => PortSet::full(),
        false => rule.ports.iter().copied().collect(),
    }
}

/// Whether a rule decides every TCP packet that another matches.
fn covers(estate: &Estate<'_>, wide: &Rule, narrow: &Rule) -> bool {
    let gcp = |rule: &Rule| rule.gcp.as_deref().cloned().unwrap_or_default();
    let (own, other) = (gcp(wide), gcp(narrow));
    let among = |wide: &[Peer], narrow: &[Peer]| {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|it| wide.contains(it)))
    };
    let networks = own.networks.is_empty()
        || (!other.networks.is_empty()
            && other.networks.iter().all(|it| own.networks.contains(it)));
    let (narrow_set, whole) = named(estate, &narrow.peers);
    wide.action != Action::Next
        && !is_off(wide)
        && !own.inspects
        && wide.protocol.covers(Protocol::TCP)
        && networks
        && among(&wide.local, &narrow.local)
        && among(&own.near, &other.near)
        && ports_of(narrow).is_subset(&ports_of(wide))
        && (among(&wide.peers, &narrow.peers) && !wide.peers.is_empty()
            || whole && narrow_set.is_subset(&named(estate, &wide.peers).0))
}

#[cfg(test)]
mod tests;
