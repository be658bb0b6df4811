//! Security groups and their rules: one rule in, one rule out.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{ReferencedSecurityGroup, SecurityGroup, SecurityGroupRule};
use cachewarden_model::{
    AccountId, Action, Direction, Discipline, Fact, Filter, FilterKind, Gap, Peer, PeerLink,
    Provider, Rule, Tracking,
};
use cachewarden_netset::{Cidr, PortRange, Protocol};

use crate::collect::Filters;
use crate::operation::Operation;
use crate::place::Place;

const RULES: Operation = Operation::DescribeSecurityGroupRules;

/// All security groups of a region.
///
/// Their rules come from `DescribeSecurityGroupRules` alone, which gives each
/// its id and one peer. `DescribeSecurityGroups` shows the same rules without
/// ids, several peers put together; where the former is refused the rules are
/// unknown rather than taken from there, since neither blame nor fix could
/// name them.
pub(super) fn filters(
    place: &Place,
    filters: &Filters,
) -> impl Iterator<Item = Result<Filter, Box<Gap>>> {
    let mut by_group: BTreeMap<&str, Vec<&SecurityGroupRule>> = BTreeMap::new();
    for rule in &filters.rules.items {
        by_group
            .entry(rule.group_id().unwrap_or_default())
            .or_default()
            .push(rule);
    }
    filters.groups.items.iter().map(move |group| {
        let id = group.group_id();
        let id = id.ok_or_else(|| {
            place.broken(
                Operation::DescribeSecurityGroups,
                "a security group",
                "GroupId",
            )
        })?;
        let rules = by_group.get(id).map(Vec::as_slice).unwrap_or_default();
        Ok(filter(place, group, id, rules, filters.rules.gap.as_ref()))
    })
}

fn filter(
    place: &Place,
    group: &SecurityGroup,
    id: &str,
    rules: &[&SecurityGroupRule],
    gap: Option<&Gap>,
) -> Filter {
    let owner = group
        .owner_id()
        .map_or_else(|| place.account.clone(), AccountId::from);
    let name = group
        .group_name()
        .filter(|name| !name.is_empty())
        .unwrap_or(id);
    // In an allow-list a rule that was not seen may admit what others do not.
    let rules = match gap {
        Some(gap) => Fact::unknown(gap.clone()),
        None => match rules.iter().map(|it| rule(place, &owner, it)).collect() {
            Ok(rules) => Fact::Known(in_order(rules)),
            Err(gap) => Fact::Unknown(gap),
        },
    };
    Filter {
        id: id.into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        account: owner,
        region: place.region.clone(),
        kind: FilterKind::SecurityGroup,
        network: group.vpc_id().map(Into::into),
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        // The name is reserved for the group that each network begins with.
        builtin: group.group_name() == Some("default"),
        rules,
    }
}

/// Rules have no order in the cloud; ingress first, then by id.
fn in_order(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort_by(|one, other| (one.direction, &one.id).cmp(&(other.direction, &other.id)));
    rules.dedup_by(|one, other| one.id == other.id);
    rules
}

/// A rule. `owner` is the account of its group.
///
/// # Errors
///
/// If it lacks its id or direction, or its protocol cannot be read.
pub(super) fn rule(
    place: &Place,
    owner: &AccountId,
    rule: &SecurityGroupRule,
) -> Result<Rule, Box<Gap>> {
    let id = rule.security_group_rule_id();
    let id = id.ok_or_else(|| place.broken(RULES, "a rule", "SecurityGroupRuleId"))?;
    let broken = |field| place.broken(RULES, &format!("`{id}`"), field);
    let direction = match rule.is_egress() {
        Some(true) => Direction::Egress,
        Some(false) => Direction::Ingress,
        None => return Err(broken("IsEgress")),
    };
    let protocol = rule.ip_protocol().and_then(|text| text.parse().ok());
    let protocol: Protocol = protocol.ok_or_else(|| broken("IpProtocol"))?;
    let ports =
        ports(protocol, rule.from_port(), rule.to_port()).ok_or_else(|| broken("FromPort"))?;
    Ok(Rule {
        gcp: None,
        id: id.into(),
        direction,
        action: Action::Allow,
        priority: None,
        protocol,
        ports,
        peers: vec![peer(owner, rule)],
        local: vec![],
        source_ports: vec![],
        description: rule.description().unwrap_or_default().to_owned(),
    })
}

/// The ports of a rule; none if they make no range.
///
/// Only TCP and UDP have any; for ICMP the same fields hold type and code,
/// and every other protocol takes all ports, whatever they say. -1, or
/// nothing, means all.
/// Source: Amazon EC2 API Reference, `SecurityGroupRule`.
pub(super) fn ports(
    protocol: Protocol,
    from: Option<i32>,
    to: Option<i32>,
) -> Option<Vec<PortRange>> {
    if !protocol.has_ports() {
        return Some(vec![]);
    }
    let (from, to) = match (from.unwrap_or(-1), to.unwrap_or(-1)) {
        (-1, _) | (_, -1) => return Some(vec![PortRange::ALL]),
        bounds => bounds,
    };
    let range = PortRange::new(u16::try_from(from).ok()?, u16::try_from(to).ok()?)?;
    Some(vec![range])
}

/// Whom a rule names; what cannot be read may be anybody.
fn peer(owner: &AccountId, rule: &SecurityGroupRule) -> Peer {
    let range = rule.cidr_ipv4().or(rule.cidr_ipv6());
    match (range, rule.prefix_list_id(), rule.referenced_group_info()) {
        (Some(text), ..) => text
            .parse::<Cidr>()
            .map_or_else(|_| Peer::Other(text.to_owned()), Peer::Cidr),
        (None, Some(list), _) => Peer::PrefixList(list.into()),
        (None, None, Some(group)) => group_peer(owner, group),
        (None, None, None) => Peer::Other("no peer is stated".to_owned()),
    }
}

/// A reference to a group. One that leads over a peering states the peering
/// and, once that has ended, its status; the rule then stays and matches
/// nothing.
///
/// Source: Amazon VPC Peering Guide, "Update your security groups to
/// reference peer security groups".
fn group_peer(owner: &AccountId, group: &ReferencedSecurityGroup) -> Peer {
    let Some(id) = group.group_id() else {
        return Peer::Other("a security group whose id is not stated".to_owned());
    };
    let status = group.peering_status();
    let link = match (group.vpc_peering_connection_id(), status) {
        (Some(peering), _) => Some(PeerLink {
            id: peering.into(),
            status: status.map(str::to_owned),
        }),
        (None, Some(status)) => {
            return Peer::Other(format!(
                "{id} over a peering that is {status} and not named"
            ));
        }
        (None, None) => None,
    };
    Peer::Group {
        group: id.into(),
        account: group
            .user_id()
            .filter(|user| *user != owner.as_str())
            .map(AccountId::from),
        network: group.vpc_id().map(Into::into),
        link,
    }
}
