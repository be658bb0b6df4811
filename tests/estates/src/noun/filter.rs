//! Security groups, network ACLs, prefix lists, and their lines.

use std::ops::RangeInclusive;

use cachewarden_model::{
    Action, Direction, Discipline, Fact, Filter, FilterKind, Network, Peer, PeerLink, PrefixList,
    Provider, Rule, Tracking,
};
use cachewarden_netset::{Cidr, Family, PortRange, Protocol};

use crate::Place;
use crate::ids::rule_id;

/// A line of a filter that has no id, direction or number yet.
#[derive(Debug, Clone)]
pub struct Line {
    protocol: Protocol,
    ports: Vec<PortRange>,
    peers: Vec<Peer>,
    description: String,
}

/// One port or a range of them.
pub struct Ports(PortRange);

impl From<u16> for Ports {
    fn from(port: u16) -> Self {
        Self(PortRange::single(port))
    }
}

impl From<RangeInclusive<u16>> for Ports {
    fn from(range: RangeInclusive<u16>) -> Self {
        Self(PortRange::new(*range.start(), *range.end()).expect("ports in ascending order"))
    }
}

impl From<PortRange> for Ports {
    fn from(range: PortRange) -> Self {
        Self(range)
    }
}

/// TCP on these ports, from and to nobody yet.
pub fn tcp(ports: impl Into<Ports>) -> Line {
    protocol(Protocol::TCP, ports)
}

/// UDP on these ports, from and to nobody yet.
pub fn udp(ports: impl Into<Ports>) -> Line {
    protocol(Protocol::UDP, ports)
}

/// A protocol and what stands in the port fields beside it.
pub fn protocol(protocol: Protocol, ports: impl Into<Ports>) -> Line {
    Line {
        protocol,
        ports: vec![ports.into().0],
        peers: vec![],
        description: String::new(),
    }
}

/// Every protocol and port.
pub fn all() -> Line {
    Line {
        protocol: Protocol::Any,
        ports: vec![],
        peers: vec![],
        description: String::new(),
    }
}

impl Line {
    /// Names who may connect.
    #[must_use]
    pub fn from(mut self, peer: Peer) -> Self {
        self.peers.push(peer);
        self
    }

    /// Names whom to connect to.
    #[must_use]
    pub fn to(self, peer: Peer) -> Self {
        self.from(peer)
    }

    /// What its author wrote beside it.
    #[must_use]
    pub fn described(mut self, text: &str) -> Self {
        text.clone_into(&mut self.description);
        self
    }

    /// The n-th rule of a group in one direction, counted from 0.
    pub fn of_group(self, group: &str, direction: Direction, number: usize) -> Rule {
        Rule {
            gcp: None,
            id: rule_id(group, direction, number),
            direction,
            action: Action::Allow,
            priority: None,
            protocol: self.protocol,
            ports: self.ports,
            peers: self.peers,
            local: vec![],
            source_ports: vec![],
            description: self.description,
        }
    }
}

/// A range as a peer.
pub fn cidr(text: &str) -> Peer {
    Peer::Cidr(range(text))
}

/// All of IPv4 as a peer.
pub fn any() -> Peer {
    Peer::Cidr(Cidr::ANY_V4)
}

/// The members of a group of the same network as a peer.
pub fn group(id: &str) -> Peer {
    Peer::Group {
        group: id.into(),
        account: None,
        network: None,
        link: None,
    }
}

/// The members of a group across a peering as a peer, with the status that
/// the rule states.
pub fn group_over(id: &str, network: &Network, peering: &str, status: &str) -> Peer {
    Peer::Group {
        group: id.into(),
        account: Some(network.account.clone()),
        network: Some(network.id.clone()),
        link: Some(PeerLink {
            id: peering.into(),
            status: Some(status.to_owned()),
        }),
    }
}

/// A range.
pub(crate) fn range(text: &str) -> Cidr {
    text.parse().expect("a range in prefix notation")
}

/// Ranges in order.
pub fn prefixes(texts: &[&str]) -> Vec<Cidr> {
    let mut ranges: Vec<Cidr> = texts.iter().map(|text| range(text)).collect();
    ranges.sort();
    ranges
}

/// A security group with these lines.
pub fn security_group(
    of: &Network,
    id: &str,
    name: &str,
    inbound: impl IntoIterator<Item = Line>,
    outbound: impl IntoIterator<Item = Line>,
) -> Filter {
    let inbound = inbound.into_iter().enumerate();
    let outbound = outbound.into_iter().enumerate();
    let rules = inbound
        .map(|(number, line)| line.of_group(id, Direction::Ingress, number))
        .chain(outbound.map(|(number, line)| line.of_group(id, Direction::Egress, number)))
        .collect();
    Filter {
        kind: FilterKind::SecurityGroup,
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        ..filter(of, id, name, rules)
    }
}

/// A network ACL with these entries and the last ones that AWS adds in each
/// direction: 32767 for IPv4, 32768 for IPv6 where the network has any.
///
/// Source: Amazon VPC User Guide, "Network ACL rules".
pub fn acl(of: &Network, id: &str, inbound: &[Rule], outbound: &[Rule]) -> Filter {
    let mut rules = vec![];
    for (direction, entries) in [(Direction::Ingress, inbound), (Direction::Egress, outbound)] {
        let last = [
            deny(32_767, all(), "0.0.0.0/0"),
            deny(32_768, all(), "::/0"),
        ];
        let last = last.into_iter().take(if has_ipv6(of) { 2 } else { 1 });
        for mut entry in entries.iter().cloned().chain(last) {
            let number = entry.priority.unwrap_or_default();
            entry.id = format!("{number} {}", direction.as_str()).into();
            entry.direction = direction;
            rules.push(entry);
        }
    }
    Filter {
        kind: FilterKind::NetworkAcl,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateless,
        ..filter(of, id, id, rules)
    }
}

/// The network ACL that comes with a network: it admits everything.
pub fn default_acl(of: &Network, id: &str) -> Filter {
    let mut open = vec![allow(100, all(), "0.0.0.0/0")];
    if has_ipv6(of) {
        open.push(allow(101, all(), "::/0"));
    }
    Filter {
        builtin: true,
        ..acl(of, id, &open, &open)
    }
}

/// An entry of a network ACL that admits.
pub fn allow(number: u32, line: Line, range: &str) -> Rule {
    entry(number, Action::Allow, line, range)
}

/// An entry of a network ACL that drops.
pub fn deny(number: u32, line: Line, range: &str) -> Rule {
    entry(number, Action::Deny, line, range)
}

fn entry(number: u32, action: Action, line: Line, range: &str) -> Rule {
    Rule {
        action,
        priority: Some(number),
        ..line.from(cidr(range)).of_group("", Direction::Ingress, 0)
    }
}

fn filter(of: &Network, id: &str, name: &str, rules: Vec<Rule>) -> Filter {
    Filter {
        id: id.into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        account: of.account.clone(),
        region: of.region.clone(),
        kind: FilterKind::SecurityGroup,
        network: Some(of.id.clone()),
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(rules),
    }
}

/// A prefix list of the owner's.
pub fn prefix_list(place: Place, id: &str, family: Family, ranges: &[&str]) -> PrefixList {
    PrefixList {
        id: id.into(),
        name: id.to_owned(),
        provider: Provider::Aws,
        account: place.account(),
        region: place.region(),
        family,
        version: Some(1),
        entries: Fact::Known(prefixes(ranges)),
    }
}

fn has_ipv6(network: &Network) -> bool {
    network
        .cidrs
        .iter()
        .any(|range| range.family() == Family::V6)
}
