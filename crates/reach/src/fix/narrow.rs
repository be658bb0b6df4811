//! Rules that admit more than anybody needs: the tightest rule in their
//! place, tried on a copy, and told only if no known connection changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Mutex;

use cachewarden_model::{
    Action, Cache, Direction, Edit, Expectation, ExpectedOutcome, Filter, FilterKind, Fix,
    Interface, InterfaceKind, Narrow, Narrowing, Outcome, Peer, Proof, ResourceId, Rule, RuleId,
    RuleUse,
};
use cachewarden_netset::{AddressSet, Cidr, PortRange, PortSet, Protocol};

use crate::client::Client;
use crate::endpoint::{Abilities, outcome};
use crate::estate::Estate;
use crate::fix::{Workshop, places};
use crate::rules::hidden;
use crate::selector::at_declared_address;

/// How many rules are tried for one audit: each costs as much as the
/// connections that it can touch.
const TRIES: usize = 256;

/// How many ranges the new rule may name. Each counts as a rule, of which a
/// group may have 60.
///
/// Source: Amazon VPC User Guide, "Amazon VPC quotas", security groups.
const MOST_RANGES: usize = 20;

/// How many interfaces of networks that nothing known joins to the caches'
/// are looked at for one rule.
const MOST_FAR: usize = 512;

/// Narrows rules when it is asked to, and remembers what came of each.
pub struct Narrower<'e, 'a> {
    workshop: Workshop<'e, 'a>,
    /// Addresses that are to connect and belong to no interface.
    declared: Vec<Client<'a>>,
    /// Interfaces from which connections may come, by network.
    senders: BTreeMap<&'a str, Vec<&'a Interface>>,
    tried: Mutex<HashMap<(ResourceId, RuleId), Option<Fix>>>,
}

impl fmt::Debug for Narrower<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Narrower").finish_non_exhaustive()
    }
}

impl<'e, 'a> Narrower<'e, 'a> {
    /// For the rules of an estate, of which the expectations tell what is
    /// meant to connect besides its interfaces.
    pub fn new(estate: &'e Estate<'a>, expectations: &[Expectation]) -> Self {
        let wanted = expectations
            .iter()
            .filter(|it| it.outcome == ExpectedOutcome::Reach);
        let mut senders: BTreeMap<&str, Vec<&Interface>> = BTreeMap::new();
        for interface in estate.snapshot().interfaces.iter().filter(|it| sends(it)) {
            let of_network = senders.entry(interface.network.as_str());
            of_network.or_default().push(interface);
        }
        Self {
            workshop: Workshop::for_rules(estate),
            declared: wanted
                .flat_map(|it| at_declared_address(estate, &it.client))
                .collect(),
            senders,
            tried: Mutex::new(HashMap::new()),
        }
    }

    fn attempt(&self, used: &RuleUse) -> Option<Fix> {
        let estate = self.workshop.estate;
        let filter = estate.filter(&used.filter)?;
        let mut rules = filter.rules.value()?.iter();
        let rule = rules.find(|it| it.id == used.rule)?;
        let narrowable = filter.kind == FilterKind::SecurityGroup
            && rule.direction == Direction::Ingress
            && rule.action == Action::Allow
            && used.dead.is_none();
        if !narrowable || !guards_caches_alone(estate, filter) {
            return None;
        }
        let caches: Vec<&'a Cache> = estate
            .guarded(&filter.id)
            .iter()
            .filter_map(|index| estate.cache(*index))
            .collect();
        let used_ports = used_ports(rule, &caches)?;
        let others: Vec<&Rule> = filter
            .rules
            .value()?
            .iter()
            .filter(|it| it.id != rule.id && !admitted(it, &used_ports).is_empty())
            .collect();
        let sources = self.sources(rule, &used_ports, &others, &caches);
        let mut kept_by: BTreeSet<&RuleId> = BTreeSet::new();
        let closes_ports = rule.protocol != Protocol::TCP || covered(rule)? != used_ports;
        let closes_addresses = sources.as_ref().map_or(0, |it| it.closed);
        if closes_addresses == 0 && !closes_ports {
            return None;
        }
        if let Some(sources) = &sources {
            kept_by.extend(&sources.kept_by);
        }
        let tight = sources.as_ref().map(|it| &it.tight);
        let new = narrowed(rule, tight, &used_ports);
        let filter = filter.id.clone();
        // What another rule admits already must not be asked for twice.
        let twice = others
            .iter()
            .find(|it| it.peers == new.peers && admitted(it, &used_ports) == used_ports);
        kept_by.extend(twice.map(|it| &it.id));
        let edits = vec![if new.peers.is_empty() || twice.is_some() {
            Edit::RemoveRule {
                filter,
                rule: rule.id.clone(),
            }
        } else {
            Edit::ReplaceRule {
                filter,
                rule: rule.id.clone(),
                with: vec![new],
            }
        }];
        let survey = self.workshop.survey(&edits, &self.declared, &caches)?;
        if survey.change.opens || survey.change.closes {
            return None;
        }
        Some(Fix {
            places: places(estate, &edits),
            edits,
            advice: keep(&kept_by),
            proof: Some(Proof {
                narrows: Some(Narrowing {
                    keeps: survey.passing,
                    closes_addresses,
                    closes_ports,
                }),
                ..Proof::default()
            }),
        })
    }

    /// The tightest ranges that keep every known source that a rule names and
    /// others do not, and what comes of the rest; none where the rule names
    /// groups, is as tight as it can be, or names sources of
    /// which not all were read.
    fn sources(
        &self,
        rule: &Rule,
        ports: &PortSet,
        others: &[&Rule],
        caches: &[&'a Cache],
    ) -> Option<Sources> {
        let estate = self.workshop.estate;
        let named = named(estate, rule)?;
        // What other rules admit on some of the ports, and on all of them.
        let (mut partly, mut wholly) = (AddressSet::empty(), vec![]);
        for other in others {
            let mut peers = other.peers.iter();
            if peers.all(|it| matches!(it, Peer::Group { .. })) {
                continue;
            }
            let more = self::named(estate, other)?;
            partly = partly.union(&more);
            if admitted(other, ports) == *ports {
                wholly.push((&other.id, more));
            }
        }
        let mut networks: BTreeSet<&str> = BTreeSet::new();
        for cache in caches {
            let home = cache.network.value()?;
            networks.insert(home.as_str());
            networks.extend(estate.joins().get(home.as_str()).into_iter().flatten());
        }
        if networks
            .iter()
            .any(|id| hidden(estate, &(*id).into()).is_some())
        {
            return None;
        }
        let mut single: Vec<Cidr> = vec![];
        let mut subnets: Vec<Cidr> = vec![];
        let mut use_it = |interface: &Interface, own: Vec<Cidr>| {
            single.extend(own);
            let subnet = estate.subnet(&interface.subnet);
            subnets.extend(subnet.into_iter().flat_map(|it| &it.cidrs));
        };
        let mut far = vec![];
        for (network, senders) in &self.senders {
            let near = networks.contains(network);
            for interface in senders {
                let own: Vec<Cidr> = ranges(interface).filter(|it| named.meets(it)).collect();
                if own.is_empty() {
                    continue;
                }
                if near {
                    use_it(interface, own);
                } else if far.len() < MOST_FAR {
                    far.push((*interface, own));
                } else {
                    return None;
                }
            }
        }
        // What no known link joins may still be joined by an unknown one.
        for (interface, own) in far {
            if !self.is_blocked(interface, caches) {
                use_it(interface, own);
            }
        }
        let declared = self.declared.iter().flat_map(|it| &it.addresses);
        let declared: Vec<Cidr> = declared.copied().map(Cidr::from).collect();
        single.extend(&declared);
        subnets.extend(&declared);
        let tight = |ranges: Vec<Cidr>| ranges.into_iter().collect::<AddressSet>();
        let fits = |set: &AddressSet| set.cidrs().count() <= MOST_RANGES;
        let tightest = [tight(single), tight(subnets)]
            .map(|set| set.intersection(&named))
            .into_iter()
            .find(fits)?;
        // What nobody uses is better removed than narrowed.
        if tightest.is_empty() {
            return None;
        }
        let closed = named.difference(&tightest).difference(&partly).count();
        let closed = u64::try_from(closed).unwrap_or(u64::MAX);
        if closed == 0 {
            return None;
        }
        let mut sources = Sources {
            tight: tightest,
            closed,
            kept_by: vec![],
        };
        for (id, admitted) in wholly {
            if !sources.tight.is_disjoint(&admitted) {
                sources.tight = sources.tight.difference(&admitted);
                sources.kept_by.push(id.clone());
            }
        }
        Some(sources)
    }
}

impl<'a> Narrower<'_, 'a> {
    /// Whether an interface surely reaches none of these caches today.
    fn is_blocked(&self, interface: &'a Interface, caches: &[&'a Cache]) -> bool {
        let estate = self.workshop.estate;
        let client = Client::of(estate, interface);
        let able = Abilities::default();
        caches.iter().all(|cache| {
            cache.endpoints.iter().all(|endpoint| {
                outcome(estate, &client, cache, endpoint, &able).0 == Outcome::Blocked
            })
        })
    }
}

/// Sources of a narrowed rule.
struct Sources {
    /// Whom it is to name.
    tight: AddressSet,
    /// How many addresses nobody admits then.
    closed: u64,
    /// Rules that admit the known sources which it names no more.
    kept_by: Vec<RuleId>,
}

/// Rules that must stay: each of two that admit the same client can go, both
/// cannot.
fn keep(rules: &BTreeSet<&RuleId>) -> Option<String> {
    let names: Vec<String> = rules.iter().map(|it| format!("`{it}`")).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!(
            "Keep {one}, which admits clients of this rule too."
        )),
        all => Some(format!(
            "Keep {}, which admit clients of this rule too.",
            all.join(", ")
        )),
    }
}

impl Narrow for Narrower<'_, '_> {
    fn narrow(&self, rule: &RuleUse) -> Option<Fix> {
        let key = (rule.filter.clone(), rule.rule.clone());
        let mut tried = self.tried.lock().ok()?;
        if let Some(known) = tried.get(&key) {
            return known.clone();
        }
        if tried.len() >= TRIES {
            return None;
        }
        let fix = self.attempt(rule);
        tried.insert(key, fix.clone());
        fix
    }
}

/// Whether nothing but nodes of caches stands behind a group: what else does
/// may need what no cache needs.
fn guards_caches_alone(estate: &Estate<'_>, filter: &Filter) -> bool {
    let interface = |index: &u32| estate.interface(*index);
    let is_node = |it: &Interface| it.kind == InterfaceKind::CacheNode;
    let here = |network: &ResourceId| filter.network.as_ref().is_none_or(|own| own == network);
    let mut carriers = estate.carriers(&filter.id).iter().filter_map(interface);
    let mut unclear = estate.unclear().iter().filter_map(interface);
    let mut caches = estate.snapshot().caches.iter();
    let unread = estate.hidden(
        cachewarden_model::Noun::Interfaces,
        filter.provider,
        Some(&filter.account),
        Some(&filter.region),
    );
    unread.is_none()
        && carriers.all(is_node)
        && !unclear.any(|it| here(&it.network))
        && !caches.any(|it| it.filters.is_unknown() && it.network.value().is_none_or(here))
}

/// Whether packets to a cache may bear an interface's address: those of
/// clients, and of gateways that put their own in the place of others'.
fn sends(interface: &Interface) -> bool {
    interface.kind.is_client() || interface.kind == InterfaceKind::NatGateway
}

fn ranges(interface: &Interface) -> impl Iterator<Item = Cidr> {
    let single = interface.addresses.iter().copied().map(Cidr::from);
    single.chain(interface.prefixes.iter().copied())
}

/// The addresses that a rule names; none where it names anything else, or a
/// list that was not read.
fn named(estate: &Estate<'_>, rule: &Rule) -> Option<AddressSet> {
    let mut named = AddressSet::empty();
    for peer in &rule.peers {
        let more = match peer {
            Peer::Cidr(cidr) => AddressSet::from(*cidr),
            Peer::Range(first, last) => AddressSet::range(*first, *last)?,
            Peer::PrefixList(id) => estate.list(id)?.entries.value()?.iter().copied().collect(),
            _ => return None,
        };
        named = named.union(&more);
    }
    Some(named)
}

/// The TCP ports that a rule covers; none where it covers none.
fn covered(rule: &Rule) -> Option<PortSet> {
    match rule.protocol {
        Protocol::Any => Some([PortRange::ALL].into_iter().collect()),
        protocol if protocol == Protocol::TCP => Some(rule.ports.iter().copied().collect()),
        Protocol::Number(_) => None,
    }
}

/// Those of them that a cache uses; none where there are none.
fn used_ports(rule: &Rule, caches: &[&Cache]) -> Option<PortSet> {
    let endpoints = caches.iter().flat_map(|cache| &cache.endpoints);
    let own: PortSet = endpoints
        .flat_map(|it| {
            let front = PortRange::single(it.port);
            std::iter::once(front).chain(it.node_ports.iter().copied())
        })
        .collect();
    let used = covered(rule)?.intersection(&own);
    (!used.is_empty()).then_some(used)
}

/// The ports among these on which a rule lets in whom it names.
fn admitted(rule: &Rule, ports: &PortSet) -> PortSet {
    let admits = rule.direction == Direction::Ingress && rule.action == Action::Allow;
    let covered = covered(rule).filter(|_| admits).unwrap_or_default();
    covered.intersection(ports)
}

fn narrowed(rule: &Rule, sources: Option<&AddressSet>, ports: &PortSet) -> Rule {
    Rule {
        id: RuleId::new(format!("narrowed {}", rule.id)),
        protocol: Protocol::TCP,
        ports: ports.ranges().collect(),
        peers: sources.map_or_else(
            || rule.peers.clone(),
            |sources| sources.cidrs().map(Peer::Cidr).collect(),
        ),
        ..rule.clone()
    }
}
