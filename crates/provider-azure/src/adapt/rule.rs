//! Rules of network security groups and of Virtual Network Manager.

use cachewarden_model::{Action, Direction, Peer, Rule};
use cachewarden_netset::{Cidr, PortRange, Protocol};
use serde_json::Value;

use super::View;
use super::addresses::cidr;
use crate::wire::network::{AdminAddress, AdminRule, SecurityRule};
use crate::wire::{Child, Reference};

/// A rule of a security group; none if it is not in a known form.
///
/// Source: Azure Virtual Network, "Network security groups", security rules.
pub(super) fn security_rule(view: View<'_>, value: &Value) -> Option<Rule> {
    let wire: Child<SecurityRule> = serde_json::from_value(value.clone()).ok()?;
    let rule = &wire.properties;
    let source = peers(
        view,
        rule.source_address_prefix.as_deref(),
        &rule.source_address_prefixes,
        &rule.source_application_security_groups,
    )?;
    let destination = peers(
        view,
        rule.destination_address_prefix.as_deref(),
        &rule.destination_address_prefixes,
        &rule.destination_application_security_groups,
    )?;
    let action = match rule.access.to_ascii_lowercase().as_str() {
        "allow" => Action::Allow,
        "deny" => Action::Deny,
        _ => return None,
    };
    let name = wire.name.as_deref().unwrap_or_default();
    Some(Rule {
        ports: ports(one_and_many(
            &rule.destination_port_range,
            &rule.destination_port_ranges,
        ))?,
        source_ports: source_ports(one_and_many(
            &rule.source_port_range,
            &rule.source_port_ranges,
        ))?,
        ..assembled(
            name,
            &rule.direction,
            action,
            &rule.protocol,
            source,
            destination,
            rule.priority,
        )?
    })
    .map(|it| Rule {
        description: rule.description.clone().unwrap_or_default(),
        ..it
    })
}

/// A rule of Virtual Network Manager. `Allow` leaves the packet to the
/// security groups, `AlwaysAllow` passes them by.
///
/// Source: Azure Virtual Network Manager, "Security admin rules".
pub(super) fn admin_rule(value: &Value) -> Option<Rule> {
    let wire: Child<AdminRule> = serde_json::from_value(value.clone()).ok()?;
    let rule = &wire.properties;
    let action = match rule.access.to_ascii_lowercase().as_str() {
        "allow" => Action::Next,
        "alwaysallow" => Action::AlwaysAllow,
        "deny" => Action::Deny,
        _ => return None,
    };
    let all = |list: &[AdminAddress]| {
        let peers = list.iter().map(admin_peer);
        let peers: Vec<Peer> = peers.collect::<Vec<_>>().concat();
        // Nobody named is everybody.
        if peers.is_empty() { anybody() } else { peers }
    };
    let destination_ports = rule.destination_port_ranges.iter().map(String::as_str);
    let source_ports_of = rule.source_port_ranges.iter().map(String::as_str);
    let ports_or_all = |found: Vec<PortRange>| {
        if found.is_empty() {
            vec![PortRange::ALL]
        } else {
            found
        }
    };
    let name = wire
        .name
        .as_deref()
        .or(wire.id.as_deref())
        .unwrap_or_default();
    Some(Rule {
        ports: ports_or_all(merged(destination_ports)?),
        source_ports: source_ports(source_ports_of.collect())?,
        description: rule.description.clone().unwrap_or_default(),
        ..assembled(
            name,
            &rule.direction,
            action,
            &rule.protocol,
            all(&rule.sources),
            all(&rule.destinations),
            rule.priority,
        )?
    })
}

fn admin_peer(address: &AdminAddress) -> Vec<Peer> {
    let kind = address.address_prefix_type.as_deref().unwrap_or_default();
    if kind.eq_ignore_ascii_case("NetworkGroup") {
        vec![Peer::Other(address.address_prefix.clone())]
    } else {
        named(&address.address_prefix)
    }
}

/// All of a rule but its ports and its author's words.
fn assembled(
    name: &str,
    direction: &str,
    action: Action,
    protocol: &str,
    source: Vec<Peer>,
    destination: Vec<Peer>,
    priority: u32,
) -> Option<Rule> {
    let (direction, peers, local) = match direction.to_ascii_lowercase().as_str() {
        "inbound" => (Direction::Ingress, source, destination),
        "outbound" => (Direction::Egress, destination, source),
        _ => return None,
    };
    Some(Rule {
        gcp: None,
        id: cachewarden_model::RuleId::from(name),
        direction,
        action,
        priority: Some(priority),
        protocol: self::protocol(protocol)?,
        ports: vec![],
        peers,
        local,
        source_ports: vec![],
        description: String::new(),
    })
}

fn protocol(word: &str) -> Option<Protocol> {
    Some(match word.to_ascii_lowercase().as_str() {
        "*" | "any" => Protocol::Any,
        "tcp" => Protocol::TCP,
        "udp" => Protocol::UDP,
        "icmp" => Protocol::ICMP,
        "esp" => Protocol::Number(50),
        "ah" => Protocol::Number(51),
        _ => return None,
    })
}

/// The forms for one and for many; what is set in either counts.
fn one_and_many<'a>(one: &'a Option<String>, many: &'a [String]) -> Vec<&'a str> {
    let one = one.as_deref().filter(|it| !it.is_empty());
    one.into_iter()
        .chain(many.iter().map(String::as_str))
        .collect()
}

/// Ports; a rule that names none is not understood.
fn ports(texts: Vec<&str>) -> Option<Vec<PortRange>> {
    merged(texts).filter(|it| !it.is_empty())
}

/// Ports of the client; empty stands for all.
fn source_ports(texts: Vec<&str>) -> Option<Vec<PortRange>> {
    let found = merged(texts)?;
    Some(if found.contains(&PortRange::ALL) {
        vec![]
    } else {
        found
    })
}

fn merged<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<PortRange>> {
    let mut ranges = texts
        .into_iter()
        .map(port_range)
        .collect::<Option<Vec<_>>>()?;
    ranges.sort_unstable();
    ranges.dedup();
    Some(ranges)
}

/// `*`, `6380` or `6379-6380`.
fn port_range(text: &str) -> Option<PortRange> {
    let text = text.trim();
    if text == "*" {
        return Some(PortRange::ALL);
    }
    match text.split_once('-') {
        Some((first, last)) => {
            PortRange::new(first.trim().parse().ok()?, last.trim().parse().ok()?)
        }
        None => Some(PortRange::single(text.parse().ok()?)),
    }
}

/// Whom one side of a rule names; none if it names nobody.
fn peers(
    view: View<'_>,
    one: Option<&str>,
    many: &[String],
    groups: &[Reference],
) -> Option<Vec<Peer>> {
    let one = one.filter(|it| !it.is_empty());
    let texts = one.into_iter().chain(many.iter().map(String::as_str));
    let mut peers: Vec<Peer> = texts.flat_map(named).collect();
    peers.extend(groups.iter().map(|group| Peer::Group {
        group: view.ids.id(&group.id),
        account: None,
        network: None,
        link: None,
    }));
    peers.sort_unstable();
    peers.dedup();
    Some(peers).filter(|it| !it.is_empty())
}

fn anybody() -> Vec<Peer> {
    vec![Peer::Cidr(Cidr::ANY_V4), Peer::Cidr(Cidr::ANY_V6)]
}

/// `*`, a range, an address, or a service tag.
fn named(text: &str) -> Vec<Peer> {
    let text = text.trim();
    if text == "*" || text.eq_ignore_ascii_case("any") {
        return anybody();
    }
    vec![match cidr(text) {
        Some(range) => Peer::Cidr(range),
        // An address in a form that is not understood may be any.
        None if text.contains(['/', ':']) => Peer::Other(text.to_owned()),
        None => Peer::ServiceTag(text.to_owned()),
    }]
}
