//! Rules of security groups and entries of network ACLs as commands.

use cachewarden_model::{Action, Blame, Direction, Peer, Rule, RuleId, Stage};
use cachewarden_netset::{Family, PortRange, Protocol};
use serde_json::{Value, json};

use super::{Call, call, cidr_option};

/// A rule of a group is known by having no place in an order: entries of a
/// network ACL are numbered.
pub(super) fn add(filter: &str, rule: &Rule) -> Option<Call> {
    match rule.priority {
        Some(number) => acl_entry("create-network-acl-entry", filter, number, rule),
        None => group_rule(filter, rule),
    }
}

pub(super) fn replace(filter: &str, old: &RuleId, with: &[Rule]) -> Option<Vec<Call>> {
    let mut calls = vec![];
    let mut replaced = false;
    for rule in with {
        let same = rule
            .priority
            .filter(|number| old.as_str() == format!("{number} {}", rule.direction.as_str()));
        match same {
            Some(number) if !replaced => {
                replaced = true;
                calls.push(acl_entry(
                    "replace-network-acl-entry",
                    filter,
                    number,
                    rule,
                )?);
            }
            _ => calls.push(add(filter, rule)?),
        }
    }
    if !replaced {
        calls.push(remove(
            filter,
            old,
            with.first().map(|rule| rule.direction),
        )?);
    }
    Some(calls)
}

/// Which way the rules of a group are read that stands in the way; none if
/// that cannot be told. The id of a group's rule does not say.
pub(super) fn direction_in_the_way(filter: &str, blame: &[Blame]) -> Option<Direction> {
    let stage = blame.iter().find(|it| it.resource == *filter)?.stage;
    match stage {
        Stage::ClientFilter => Some(Direction::Egress),
        Stage::CacheFilter => Some(Direction::Ingress),
        _ => None,
    }
}

pub(super) fn remove(filter: &str, rule: &RuleId, direction: Option<Direction>) -> Option<Call> {
    if let Some((number, way)) = rule.as_str().split_once(' ') {
        let way = match way {
            "ingress" => "--ingress",
            "egress" => "--egress",
            _ => return None,
        };
        number.parse::<u32>().ok()?;
        let options = [("--network-acl-id", filter), ("--rule-number", number)];
        return Some(call("delete-network-acl-entry", &options).flag(way));
    }
    let operation = match direction? {
        Direction::Ingress => "revoke-security-group-ingress",
        Direction::Egress => "revoke-security-group-egress",
    };
    let options = [
        ("--group-id", filter),
        ("--security-group-rule-ids", rule.as_str()),
    ];
    Some(call(operation, &options))
}

/// An entry names one range of addresses and at most one of ports; what names
/// more is no single entry.
fn acl_entry(operation: &str, acl: &str, number: u32, rule: &Rule) -> Option<Call> {
    let [Peer::Cidr(range)] = rule.peers.as_slice() else {
        return None;
    };
    let action = match rule.action {
        Action::Allow => "allow",
        Action::Deny => "deny",
        Action::AlwaysAllow | Action::Next => return None,
    };
    let way = match rule.direction {
        Direction::Ingress => "--ingress",
        Direction::Egress => "--egress",
    };
    // Names are read for the three common protocols only, numbers for all.
    let protocol = match rule.protocol {
        Protocol::Any => "-1".to_owned(),
        Protocol::TCP | Protocol::UDP => rule.protocol.to_string(),
        Protocol::Number(number) => number.to_string(),
    };
    let mut ports = None;
    if rule.protocol.has_ports() {
        let range = match rule.ports.as_slice() {
            [] => PortRange::ALL,
            [range] => *range,
            _ => return None,
        };
        ports = Some((
            "--port-range",
            format!("From={},To={}", range.first(), range.last()),
        ));
    }
    let number = number.to_string();
    Some(
        call(
            operation,
            &[("--network-acl-id", acl), ("--rule-number", &number)],
        )
        .flag(way)
        .and([("--protocol", protocol)])
        .and(ports)
        .and([cidr_option("--cidr-block", "--ipv6-cidr-block", *range)])
        .and([("--rule-action", action.to_owned())]),
    )
}

/// The short options know one peer and one range of ports, and no description;
/// the rest needs the structure of the API.
fn group_rule(group: &str, rule: &Rule) -> Option<Call> {
    if rule.action != Action::Allow {
        return None;
    }
    let operation = match rule.direction {
        Direction::Ingress => "authorize-security-group-ingress",
        Direction::Egress => "authorize-security-group-egress",
    };
    let call = call(operation, &[("--group-id", group)]);
    let short = match (rule.protocol, rule.ports.as_slice(), rule.peers.as_slice()) {
        (Protocol::TCP | Protocol::UDP, [ports], [peer]) if rule.description.is_empty() => {
            short_peer(peer).map(|peer| (ports, peer))
        }
        _ => None,
    };
    if let Some((ports, peer)) = short {
        let protocol = ("--protocol", rule.protocol.to_string());
        return Some(
            call.and([protocol, ("--port", ports.to_string())])
                .and(peer),
        );
    }
    Some(call.and([("--ip-permissions", permissions(rule)?.to_string())]))
}

fn short_peer(peer: &Peer) -> Option<Vec<(&'static str, String)>> {
    match peer {
        Peer::Cidr(range) if range.family() == Family::V4 => {
            Some(vec![("--cidr", range.to_string())])
        }
        Peer::Group { group, account, .. } => {
            let mut options = vec![("--source-group", group.to_string())];
            options.extend(account.as_ref().map(|it| ("--group-owner", it.to_string())));
            Some(options)
        }
        _ => None,
    }
}

/// The rule as the API's list of `IpPermission`.
fn permissions(rule: &Rule) -> Option<Value> {
    let (mut v4, mut v6, mut groups, mut lists) = (vec![], vec![], vec![], vec![]);
    let described = |mut peer: Value| {
        if let Some(entry) = peer.as_object_mut()
            && !rule.description.is_empty()
        {
            entry.insert("Description".to_owned(), json!(rule.description));
        }
        peer
    };
    for peer in &rule.peers {
        match peer {
            Peer::Cidr(range) if range.family() == Family::V4 => {
                v4.push(described(json!({"CidrIp": range.to_string()})));
            }
            Peer::Cidr(range) => v6.push(described(json!({"CidrIpv6": range.to_string()}))),
            Peer::Group {
                group,
                account: Some(account),
                ..
            } => {
                groups.push(described(json!({"GroupId": group, "UserId": account})));
            }
            Peer::Group {
                group,
                account: None,
                ..
            } => groups.push(described(json!({"GroupId": group}))),
            Peer::PrefixList(list) => lists.push(described(json!({"PrefixListId": list}))),
            Peer::Range(..)
            | Peer::ServiceTag(_)
            | Peer::Tag(_)
            | Peer::ServiceAccount(_)
            | Peer::Other(_) => return None,
        }
    }
    let protocol = match rule.protocol {
        Protocol::Any => "-1".to_owned(),
        protocol => protocol.to_string(),
    };
    let ranges = match rule.ports.as_slice() {
        [] if rule.protocol.has_ports() => vec![Some(PortRange::ALL)],
        ports if rule.protocol.has_ports() => ports.iter().copied().map(Some).collect(),
        _ => vec![None],
    };
    let peers = [
        ("IpRanges", v4),
        ("Ipv6Ranges", v6),
        ("UserIdGroupPairs", groups),
        ("PrefixListIds", lists),
    ];
    let list = ranges.into_iter().map(|ports| {
        let mut entry = serde_json::Map::new();
        entry.insert("IpProtocol".to_owned(), json!(protocol));
        if let Some(ports) = ports {
            entry.insert("FromPort".to_owned(), json!(ports.first()));
            entry.insert("ToPort".to_owned(), json!(ports.last()));
        }
        for (name, list) in peers.iter().filter(|(_, list)| !list.is_empty()) {
            entry.insert((*name).to_owned(), json!(list));
        }
        Value::Object(entry)
    });
    Some(list.collect())
}
