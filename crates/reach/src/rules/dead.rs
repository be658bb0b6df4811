//! Rules that do nothing: shadowed, stale, without anybody to name.

use cachewarden_model::{
    Action, DeadRule, Direction, Discipline, Filter, Gap, Noun, Peer, Rule, RuleId,
};
use cachewarden_netset::{AddressSet, HeaderBox, HeaderSpace, PortRange, PortSet, Protocol};

use crate::estate::Estate;
use crate::rules::members::hidden;

/// What a rule with ranges covers; none if it names anybody otherwise.
fn space(estate: &Estate<'_>, rule: &Rule) -> Option<HeaderBox> {
    let mut addresses = AddressSet::empty();
    for peer in &rule.peers {
        match peer {
            Peer::Cidr(cidr) => addresses = addresses.union(&AddressSet::from(*cidr)),
            Peer::Range(first, last) => {
                addresses = addresses.union(&AddressSet::range(*first, *last)?);
            }
            Peer::PrefixList(id) => {
                let entries = estate.list(id)?.entries.value()?;
                addresses = addresses.union(&entries.iter().copied().collect());
            }
            _ => return None,
        }
    }
    let ports = if rule.protocol.has_ports() {
        rule.ports.iter().copied().collect()
    } else {
        PortSet::from(PortRange::ALL)
    };
    Some(HeaderBox {
        addresses,
        protocols: rule.protocol.numbers(),
        ports,
    })
}

/// For each rule of a filter those that decide all of its packets before it,
/// or beside it; empty where it decides some itself.
pub(super) fn shadows(estate: &Estate<'_>, filter: &Filter, rules: &[Rule]) -> Vec<Vec<RuleId>> {
    let spaces: Vec<Option<HeaderBox>> = rules.iter().map(|rule| space(estate, rule)).collect();
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|place| rules.get(*place).and_then(|rule| rule.priority));
    (0..rules.len())
        .map(|place| shadow(filter, rules, &spaces, &order, place))
        .collect()
}

fn shadow(
    filter: &Filter,
    rules: &[Rule],
    spaces: &[Option<HeaderBox>],
    order: &[usize],
    place: usize,
) -> Vec<RuleId> {
    let (Some(rule), Some(Some(own))) = (rules.get(place), spaces.get(place)) else {
        return group_twin(rules, place);
    };
    if own.is_empty() || is_last(rule) {
        return vec![];
    }
    let mut rest = HeaderSpace::from(own.clone());
    let mut by = vec![];
    for other in order {
        let (Some(candidate), Some(Some(cover))) = (rules.get(*other), spaces.get(*other)) else {
            continue;
        };
        if *other == place || candidate.direction != rule.direction {
            continue;
        }
        let counts = match filter.discipline {
            Discipline::FirstMatch => candidate.priority < rule.priority,
            // Of two rules that cover each other the first by id stays.
            Discipline::AllowList => {
                candidate.action != Action::Deny
                    && (!cover.is_subset(own) || candidate.id < rule.id || !own.is_subset(cover))
            }
        };
        if counts && !cover.is_disjoint(own) {
            rest.subtract(cover);
            by.push(candidate.id.clone());
            if rest.is_empty() {
                by.sort();
                return by;
            }
        }
    }
    vec![]
}

/// A rule that names a group is doubled by one that names the same group for
/// at least the same traffic.
fn group_twin(rules: &[Rule], place: usize) -> Vec<RuleId> {
    let Some(rule) = rules.get(place) else {
        return vec![];
    };
    let wider = |other: &&Rule| {
        other.id != rule.id
            && other.direction == rule.direction
            && other.action == rule.action
            && rule.peers.iter().all(|peer| other.peers.contains(peer))
            && covers_traffic(other, rule)
            && (!covers_traffic(rule, other) || other.id < rule.id)
    };
    rules
        .iter()
        .find(wider)
        .map(|other| vec![other.id.clone()])
        .unwrap_or_default()
}

fn covers_traffic(wide: &Rule, narrow: &Rule) -> bool {
    if wide.protocol == Protocol::Any {
        return true;
    }
    if wide.protocol != narrow.protocol {
        return false;
    }
    if !wide.protocol.has_ports() {
        return true;
    }
    let wide: PortSet = wide.ports.iter().copied().collect();
    let narrow: PortSet = narrow.ports.iter().copied().collect();
    narrow.is_subset(&wide)
}

/// AWS's own last entry is never shadowed: it cannot be removed.
fn is_last(rule: &Rule) -> bool {
    rule.priority.is_some_and(|number| number >= 32_767)
}

/// Whether every group that a rule names is gone, out of reach, or carried by
/// nobody.
///
/// # Errors
///
/// The gap that keeps it from being known.
pub(super) fn names_nobody(
    estate: &Estate<'_>,
    filter: &Filter,
    rule: &Rule,
) -> Result<Option<DeadRule>, Box<Gap>> {
    let mut worst = None;
    for peer in &rule.peers {
        let Peer::Group {
            group,
            account,
            network,
            link,
        } = peer
        else {
            return Ok(None);
        };
        if let Some(status) = link.as_ref().and_then(|link| link.status.as_deref())
            && status != "active"
        {
            worst = Some(DeadRule::Stale {
                detail: format!("the peering over which it names {group} is {status}"),
            });
            continue;
        }
        let owner = account.as_ref().unwrap_or(&filter.account);
        match estate.filter(group) {
            None => {
                if let Some(gap) = estate.hidden(
                    Noun::Filters,
                    filter.provider,
                    Some(owner),
                    Some(&filter.region),
                ) {
                    return Err(Box::new(gap));
                }
                worst = Some(DeadRule::Stale {
                    detail: format!("{group} does not exist"),
                });
            }
            Some(named) => {
                if !estate.carriers(group).is_empty() || !estate.guarded(group).is_empty() {
                    return Ok(None);
                }
                let home = network.as_ref().or(named.network.as_ref());
                if let Some(gap) = home.and_then(|home| hidden(estate, home)) {
                    return Err(Box::new(gap));
                }
                if let Some(gap) = unclear(estate, home) {
                    return Err(gap);
                }
                worst = worst.or(Some(DeadRule::NamesNobody));
            }
        }
    }
    Ok(worst)
}

/// An interface of the network of which it is not known what it carries.
fn unclear(
    estate: &Estate<'_>,
    network: Option<&cachewarden_model::ResourceId>,
) -> Option<Box<Gap>> {
    estate
        .unclear()
        .iter()
        .filter_map(|index| estate.interface(*index))
        .find(|it| network.is_none_or(|network| it.network == *network))
        .and_then(|it| it.filters.gap())
        .map(|gap| Box::new(gap.clone()))
}

/// Whether a rule can match no packet of the caches that its filter guards,
/// while the filter guards nothing else.
pub(super) fn inert(
    estate: &Estate<'_>,
    filter: &Filter,
    rule: &Rule,
    covers_cache_port: bool,
) -> Option<DeadRule> {
    let allows_in = rule.direction == Direction::Ingress && rule.action != Action::Deny;
    if filter.discipline != Discipline::AllowList || covers_cache_port || !allows_in {
        return None;
    }
    let others = estate
        .carriers(&filter.id)
        .iter()
        .filter_map(|index| estate.interface(*index));
    let serves_others = others.into_iter().any(|it| it.kind.is_client());
    if serves_others || !estate.unclear().is_empty() {
        return None;
    }
    let detail = if rule.protocol.covers(Protocol::TCP) {
        "none of its ports is one of the caches'"
    } else {
        "caches speak TCP only"
    };
    Some(DeadRule::Inert {
        detail: detail.to_owned(),
    })
}
