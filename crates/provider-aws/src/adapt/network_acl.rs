//! Network ACLs and their entries: one entry in, one rule out.

#[cfg(test)]
mod tests;

use aws_sdk_ec2::types::{NetworkAcl, NetworkAclEntry};
use cachewarden_model::{
    AccountId, Action, Direction, Discipline, Fact, Filter, FilterKind, Gap, GapReason, Peer,
    Provider, Rule, Tracking,
};
use cachewarden_netset::{Cidr, Protocol};

use super::security_group::ports;
use super::words::{name, tags};
use crate::operation::Operation;
use crate::place::Place;

const OPERATION: Operation = Operation::DescribeNetworkAcls;

/// A network ACL.
///
/// # Errors
///
/// If it has no id.
pub(super) fn filter(place: &Place, acl: &NetworkAcl) -> Result<Filter, Box<Gap>> {
    let id = acl.network_acl_id();
    let id = id.ok_or_else(|| place.broken(OPERATION, "a network acl", "NetworkAclId"))?;
    Ok(Filter {
        id: id.into(),
        name: name(&tags(acl.tags()), id),
        provider: Provider::Aws,
        account: acl
            .owner_id()
            .map_or_else(|| place.account.clone(), AccountId::from),
        region: place.region.clone(),
        kind: FilterKind::NetworkAcl,
        network: acl.vpc_id().map(Into::into),
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateless,
        builtin: acl.is_default() == Some(true),
        rules: rules(place, acl),
    })
}

/// All entries, ingress first, in the order in which they are read; or why
/// they are not known: a single one that cannot be read may be the first
/// that matches. The last ones, which show as `*` in the console, are
/// entries like all others.
fn rules(place: &Place, acl: &NetworkAcl) -> Fact<Vec<Rule>> {
    let Some(entries) = &acl.entries else {
        return place.unstated(OPERATION, "Entries");
    };
    match entries
        .iter()
        .map(|it| rule(place, it))
        .collect::<Result<Vec<_>, _>>()
    {
        Ok(mut rules) => {
            rules.sort_by_key(|rule| (rule.direction, rule.priority));
            Fact::Known(rules)
        }
        Err(gap) => Fact::Unknown(gap),
    }
}

/// An entry. Numbers are unique per direction, so number and direction are
/// its id.
///
/// # Errors
///
/// If something that decides is missing or not known.
fn rule(place: &Place, entry: &NetworkAclEntry) -> Result<Rule, Box<Gap>> {
    let broken = |field: &str| {
        let message = format!("an entry lacks a readable `{field}`");
        Box::new(place.gap(OPERATION.action(), GapReason::Damaged, message))
    };
    let number = entry
        .rule_number()
        .and_then(|number| u32::try_from(number).ok());
    let number = number.ok_or_else(|| broken("RuleNumber"))?;
    let direction = match entry.egress() {
        Some(true) => Direction::Egress,
        Some(false) => Direction::Ingress,
        None => return Err(broken("Egress")),
    };
    let action = match entry.rule_action().map(|it| it.as_str()) {
        Some("allow") => Action::Allow,
        Some("deny") => Action::Deny,
        _ => return Err(broken("RuleAction")),
    };
    let protocol = entry.protocol().and_then(|text| text.parse().ok());
    let protocol: Protocol = protocol.ok_or_else(|| broken("Protocol"))?;
    let range = entry.port_range();
    let bounds = (range.and_then(|it| it.from()), range.and_then(|it| it.to()));
    let ports = ports(protocol, bounds.0, bounds.1).ok_or_else(|| broken("PortRange"))?;
    let peer = entry.cidr_block().or(entry.ipv6_cidr_block());
    let peer = peer.and_then(|text| text.parse::<Cidr>().ok());
    let peer = peer.ok_or_else(|| broken("CidrBlock"))?;
    Ok(Rule {
        gcp: None,
        id: format!("{number} {}", direction.as_str()).into(),
        direction,
        action,
        priority: Some(number),
        protocol,
        ports,
        peers: vec![Peer::Cidr(peer)],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    })
}
