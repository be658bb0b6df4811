//! What a filter does with one flow, rule by rule.

use cachewarden_model::{
    Action, Direction, Fact, Filter, Gap, Nearest, Peer, ResourceId, Rule, RuleId,
};
use cachewarden_netset::{PortSet, Protocol};

use crate::client::End;
use crate::estate::Estate;
use crate::peer::{Tri, Via, names};

/// What a set of allow-list filters says of one flow.
pub(crate) enum Admission<'a> {
    /// A rule lets it through.
    Allowed(&'a Filter, &'a Rule),
    /// No rule does.
    Denied,
    /// No rule certainly does, and one may.
    Unknown(Box<Gap>),
}

/// Judges one flow by filters that are allow-lists: one rule of one of them
/// is enough.
///
/// Source: Amazon VPC User Guide, "Security group rules": the rules of all
/// groups of an interface count together; with protocol `-1` or a protocol
/// without ports, all ports match.
pub(crate) fn admit<'a>(
    estate: &Estate<'a>,
    filters: &[ResourceId],
    direction: Direction,
    far: &End<'_>,
    port: u16,
    via: Via<'_>,
) -> Admission<'a> {
    let mut unknown: Option<Box<Gap>> = None;
    for id in filters {
        let Some(filter) = estate.filter(id) else {
            unknown.get_or_insert_with(|| Box::new(missing(far, id)));
            continue;
        };
        let rules = match &filter.rules {
            Fact::Known(rules) | Fact::Default(rules) => rules,
            Fact::Unknown(gap) => {
                unknown.get_or_insert_with(|| gap.clone());
                continue;
            }
        };
        for rule in rules {
            if rule.direction != direction
                || rule.action == Action::Deny
                || !covers_port(rule, port)
            {
                continue;
            }
            for peer in &rule.peers {
                match names(estate, peer, far, direction, via) {
                    Tri::Yes => return Admission::Allowed(filter, rule),
                    Tri::No => {}
                    Tri::Unknown(gap) => {
                        unknown.get_or_insert(gap);
                    }
                }
            }
        }
    }
    unknown.map_or(Admission::Denied, Admission::Unknown)
}

fn missing(far: &End<'_>, id: &ResourceId) -> Gap {
    Gap {
        provider: cachewarden_model::Provider::Aws,
        account: far.account.cloned(),
        region: far.region.cloned(),
        what: id.to_string(),
        why: cachewarden_model::GapReason::NotCollected,
        message: format!("the rules of {id} were not read"),
        hides: vec![],
    }
}

/// Whether a rule judges TCP packets to a port.
pub(crate) fn covers_port(rule: &Rule, port: u16) -> bool {
    match rule.protocol {
        Protocol::Any => true,
        protocol if protocol == Protocol::TCP => {
            rule.ports.iter().any(|range| range.contains(port))
        }
        Protocol::Number(_) => false,
    }
}

/// What a first-match filter says of flows that differ in one port set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Ports that certainly pass.
    pub(crate) certain: PortSet,
    /// Ports that may pass.
    pub(crate) possible: PortSet,
    /// The entry that decides most of what does not pass; `default` where
    /// none matches. None if everything passes.
    pub(crate) denied_by: Option<Decider>,
    /// The entry that lets most of the rest through.
    pub(crate) allowed_by: Option<RuleId>,
    /// Why `certain` and `possible` differ.
    pub(crate) gap: Option<Box<Gap>>,
}

/// What stops packets in a first-match filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decider {
    /// An entry of the owner's.
    Entry(RuleId),
    /// The last entry, which denies all that nothing before it matched.
    Last(RuleId),
    /// The implied end of the list.
    Default,
}

impl Decider {
    pub(crate) fn rule(&self) -> RuleId {
        match self {
            Self::Entry(rule) | Self::Last(rule) => rule.clone(),
            Self::Default => RuleId::from("default"),
        }
    }
}

/// Entries from this number on are AWS's own `*`.
///
/// Source: Amazon EC2 API, `NetworkAclEntry`: 32767 for IPv4, 32768 for IPv6.
const LAST_ENTRY: u32 = 32_767;

/// Judges flows by a filter in which the first rule that matches decides.
/// `far` is the address that the rule's peer is compared with; `ports` are
/// destination ports.
///
/// Source: Amazon VPC User Guide, "Network ACL rules": ascending numbers,
/// each family on its own, deny where nothing matches; with `-1` all ports
/// match, with a protocol other than TCP no TCP packet does.
pub(crate) fn pass<'a>(
    estate: &Estate<'a>,
    filter: &'a Filter,
    direction: Direction,
    far: &End<'_>,
    ports: &PortSet,
) -> Passage {
    let mut open = Walk::new(ports);
    for rule in estate.entries(filter, direction).iter() {
        if open.is_done() {
            break;
        }
        let covered = match rule.protocol {
            Protocol::Any => PortSet::full(),
            protocol if protocol == Protocol::TCP => rule.ports.iter().copied().collect(),
            Protocol::Number(_) => continue,
        };
        for peer in &rule.peers {
            match names(estate, peer, far, direction, Via::Other) {
                Tri::Yes => open.decide(rule, &covered),
                Tri::No => {}
                Tri::Unknown(gap) => open.doubt(rule, &covered, gap),
            }
        }
    }
    open.finish(ports)
}

/// The walk down a first-match list, with what is still undecided in the two
/// readings of every unknown match.
pub(crate) struct Walk {
    undecided: PortSet,
    /// Those of the undecided that a rule may already have denied.
    shaky: PortSet,
    certain: PortSet,
    possible: PortSet,
    denied_by: Option<(u32, Decider)>,
    allowed_by: Option<(u32, RuleId)>,
    gap: Option<Box<Gap>>,
}

impl Walk {
    pub(crate) fn new(ports: &PortSet) -> Self {
        Self {
            undecided: ports.clone(),
            shaky: PortSet::empty(),
            certain: PortSet::empty(),
            possible: PortSet::empty(),
            denied_by: None,
            allowed_by: None,
            gap: None,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.undecided.is_empty()
    }

    pub(crate) fn decide(&mut self, rule: &Rule, covered: &PortSet) {
        let matched = self.undecided.intersection(covered);
        if matched.is_empty() {
            return;
        }
        self.undecided = self.undecided.difference(&matched);
        let count = matched.count();
        match rule.action {
            Action::Allow | Action::AlwaysAllow => {
                // Where an earlier rule may already have denied, this only may allow.
                let sure = matched.difference(&self.shaky);
                self.certain = self.certain.union(&sure);
                self.possible = self.possible.union(&matched);
                if self
                    .allowed_by
                    .as_ref()
                    .is_none_or(|(most, _)| *most < count)
                {
                    self.allowed_by = Some((count, rule.id.clone()));
                }
            }
            Action::Deny => {
                if self
                    .denied_by
                    .as_ref()
                    .is_none_or(|(most, _)| *most < count)
                {
                    let decider = if rule.priority.is_some_and(|number| number >= LAST_ENTRY) {
                        Decider::Last(rule.id.clone())
                    } else {
                        Decider::Entry(rule.id.clone())
                    };
                    self.denied_by = Some((count, decider));
                }
            }
            Action::Next => {}
        }
    }

    /// A rule that may match: what it would decide is no longer certain.
    pub(crate) fn doubt(&mut self, rule: &Rule, covered: &PortSet, gap: Box<Gap>) {
        let matched = self.undecided.intersection(covered);
        if matched.is_empty() {
            return;
        }
        self.gap.get_or_insert(gap);
        match rule.action {
            Action::Allow | Action::AlwaysAllow => {
                self.possible = self.possible.union(&matched);
            }
            Action::Deny | Action::Next => self.shaky = self.shaky.union(&matched),
        }
    }

    pub(crate) fn finish(mut self, ports: &PortSet) -> Passage {
        let rest = self.undecided.count();
        if rest > 0 && self.denied_by.as_ref().is_none_or(|(most, _)| *most < rest) {
            self.denied_by = Some((rest, Decider::Default));
        }
        let all_pass = self.certain == *ports;
        Passage {
            denied_by: self
                .denied_by
                .filter(|_| !all_pass)
                .map(|(_, decider)| decider),
            allowed_by: self.allowed_by.map(|(_, rule)| rule),
            gap: self.gap.filter(|_| self.certain != self.possible),
            certain: self.certain,
            possible: self.possible,
        }
    }
}

/// How one rule of an allow-list differs from one that would let a flow
/// through.
pub(crate) struct Miss<'a> {
    pub(crate) filter: &'a Filter,
    pub(crate) rule: &'a Rule,
    /// `protocol`, `port`, `peer`, `family`.
    pub(crate) differs: Vec<&'static str>,
}

/// Every rule of the filters in this direction, by how it misses the flow;
/// nearest first.
pub(crate) fn misses<'a>(
    estate: &Estate<'a>,
    filters: &[ResourceId],
    direction: Direction,
    far: &End<'_>,
    port: u16,
    via: Via<'_>,
) -> Vec<Miss<'a>> {
    let mut misses = vec![];
    for filter in filters.iter().filter_map(|id| estate.filter(id)) {
        for rule in filter.rules.value().into_iter().flatten() {
            if rule.direction != direction || rule.action == Action::Deny {
                continue;
            }
            let mut differs = vec![];
            if !rule.protocol.covers(Protocol::TCP) {
                differs.push("protocol");
            } else if !covers_port(rule, port) {
                differs.push("port");
            }
            let fits = |peer: &Peer| names(estate, peer, far, direction, via) != Tri::No;
            if !rule.peers.iter().any(fits) {
                differs.push(
                    if rule
                        .peers
                        .iter()
                        .all(|peer| other_family(estate, peer, far))
                    {
                        "family"
                    } else {
                        "peer"
                    },
                );
            }
            misses.push(Miss {
                filter,
                rule,
                differs,
            });
        }
    }
    misses.sort_by_key(|miss| {
        let nearness = miss.rule.peers.iter().map(|peer| nearness(peer, far)).max();
        (
            miss.differs.len(),
            std::cmp::Reverse(nearness),
            miss.rule.id.clone(),
        )
    });
    misses
}

/// How many leading bits a peer's range shares with an address; more is nearer.
fn nearness(peer: &Peer, far: &End<'_>) -> u32 {
    match (peer, far.address) {
        (Peer::Cidr(cidr), address) => shared_bits(cidr.address(), address),
        _ => 0,
    }
}

fn shared_bits(one: std::net::IpAddr, other: std::net::IpAddr) -> u32 {
    use std::net::IpAddr::{V4, V6};
    match (one, other) {
        (V4(one), V4(other)) => (u32::from(one) ^ u32::from(other)).leading_zeros(),
        (V6(one), V6(other)) => (u128::from(one) ^ u128::from(other)).leading_zeros(),
        _ => 0,
    }
}

fn other_family(estate: &Estate<'_>, peer: &Peer, far: &End<'_>) -> bool {
    let v4 = far.address.is_ipv4();
    match peer {
        Peer::Cidr(cidr) => cidr.address().is_ipv4() != v4,
        Peer::Range(first, _) => first.is_ipv4() != v4,
        Peer::PrefixList(id) => estate
            .list(id)
            .is_some_and(|list| (list.family == cachewarden_netset::Family::V4) != v4),
        _ => false,
    }
}

/// The rule to blame where none lets a flow through, and the nearest one: a
/// rule is blamed if it alone misses in a single respect; otherwise one is
/// missing.
pub(crate) fn nearest(misses: &[Miss<'_>], port: u16) -> (Option<RuleId>, Option<Nearest>) {
    let Some(first) = misses.first() else {
        return (None, None);
    };
    let single = misses.iter().filter(|miss| miss.differs.len() == 1).count();
    let blamed = (single == 1 && first.differs.len() == 1).then(|| first.rule.id.clone());
    let nearest = Nearest {
        rule: first.rule.id.clone(),
        differs: first.differs.iter().map(|&text| text.to_owned()).collect(),
        detail: format!(
            "{} of {} is {}; it differs in {}",
            first.rule.id,
            first.filter.id,
            crate::rules::words(first.rule),
            first
                .differs
                .iter()
                .map(|&what| match what {
                    "port" => format!("port (not {port})"),
                    "protocol" => "protocol (not tcp)".to_owned(),
                    other => other.to_owned(),
                })
                .collect::<Vec<_>>()
                .join(" and ")
        ),
    };
    (blamed, Some(nearest))
}

#[cfg(test)]
mod tests {
    use super::shared_bits;

    #[test]
    fn addresses_are_near_by_their_leading_bits() {
        let bits =
            |one: &str, other: &str| shared_bits(one.parse().unwrap(), other.parse().unwrap());
        assert_eq!(bits("10.0.0.0", "10.0.0.0"), 32);
        assert_eq!(bits("10.0.0.0", "10.128.0.0"), 8);
        assert_eq!(bits("10.0.0.0", "192.168.0.1"), 0);
        assert_eq!(bits("fd00::", "fd00::1"), 127);
        assert_eq!(bits("fd00::", "fd80::"), 8);
        assert_eq!(bits("10.0.0.0", "::ffff:10.0.0.0"), 0);
    }
}
