//! Network security groups.

use cachewarden_model::{
    Action, Direction, Discipline, Fact, Filter, FilterKind, Gap, GapReason, Peer, Provider, Rule,
    RuleId, Tracking,
};
use cachewarden_netset::{Cidr, PortRange, Protocol};
use serde_json::Value;

use super::rule::security_rule;
use super::{View, gap, name, normalised, row};
use crate::operation::Operation;
use crate::wire::Properties;
use crate::wire::network::SecurityGroup;

const WHAT: Operation = Operation::SecurityGroups;

/// A network security group, its default rules included.
///
/// One rule that is not understood makes all of them unknown: any of them may
/// decide before the others.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn security_group(view: View<'_>, value: &Value) -> Result<Filter, Box<Gap>> {
    let (account, group) = row::<Properties<SecurityGroup>>(WHAT, value)?;
    let wire = &group.own.properties;
    let unclear = |why: &str| {
        let message = format!("{why} of {}", group.id);
        Fact::unknown(gap(&account, WHAT, GapReason::Unmodelled, message))
    };
    let adapted = wire.security_rules.as_ref().map(|own| {
        let listed = own.iter().chain(&wire.default_security_rules);
        listed
            .map(|it| security_rule(view, it))
            .collect::<Option<Vec<Rule>>>()
    });
    let rules = match adapted {
        Some(Some(mut rules)) => {
            if wire.default_security_rules.is_empty() {
                rules.extend(defaults());
            }
            rules.sort_by_key(|it| (it.direction, it.priority));
            Fact::Known(rules)
        }
        Some(None) => unclear("this version does not understand a rule"),
        None => unclear("the answer lacks the rules"),
    };
    Ok(Filter {
        id: view.ids.id(&group.id),
        name: name(&group),
        provider: Provider::Azure,
        account,
        region: normalised(group.location.as_deref()),
        kind: FilterKind::NetworkSecurityGroup,
        network: None,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateful,
        builtin: false,
        rules,
    })
}

/// The rules that every group has and that cannot be removed.
///
/// Source: Azure Virtual Network, "Network security groups", default
/// security rules.
pub(super) fn defaults() -> Vec<Rule> {
    let tag = |it: &str| vec![Peer::ServiceTag(it.to_owned())];
    let any = || vec![Peer::Cidr(Cidr::ANY_V4), Peer::Cidr(Cidr::ANY_V6)];
    let rule = |name: &str, direction, action, priority, peers, local| Rule {
        gcp: None,
        id: RuleId::from(name),
        direction,
        action,
        priority: Some(priority),
        protocol: Protocol::Any,
        ports: vec![PortRange::ALL],
        peers,
        local,
        source_ports: vec![],
        description: String::new(),
    };
    use Action::{Allow, Deny};
    use Direction::{Egress, Ingress};
    let network = || tag("VirtualNetwork");
    vec![
        rule(
            "AllowVnetInBound",
            Ingress,
            Allow,
            65_000,
            network(),
            network(),
        ),
        rule(
            "AllowAzureLoadBalancerInBound",
            Ingress,
            Allow,
            65_001,
            tag("AzureLoadBalancer"),
            any(),
        ),
        rule("DenyAllInBound", Ingress, Deny, 65_500, any(), any()),
        rule(
            "AllowVnetOutBound",
            Egress,
            Allow,
            65_000,
            network(),
            network(),
        ),
        rule(
            "AllowInternetOutBound",
            Egress,
            Allow,
            65_001,
            tag("Internet"),
            any(),
        ),
        rule("DenyAllOutBound", Egress, Deny, 65_500, any(), any()),
    ]
}
