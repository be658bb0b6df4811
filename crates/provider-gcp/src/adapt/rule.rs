//! Rules: one of the cloud's becomes one for each protocol that it names.

use cachewarden_model::{
    AccountId, Action, Direction, Gap, GcpRule, Peer, ResourceId, Rule, RuleId,
};
use cachewarden_netset::{Cidr, PortRange, Protocol};

use super::addresses::{ports, protocol, range};
use super::odd;
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::firewall::{Firewall, Matcher, PolicyRule, SecureTag, Traffic};

/// Priority of rules that name none.
///
/// Source: Compute Engine API v1, "Firewall".
const USUAL: u32 = 1000;

/// A rule of a network.
///
/// # Errors
///
/// If it is in no known form.
pub(super) fn own(account: &AccountId, it: &Firewall) -> Result<Vec<Rule>, Box<Gap>> {
    let wrong = |what: &str| {
        let message = format!(
            "the rule {} has {what} that this version does not know",
            it.name
        );
        Box::new(odd(account, Operation::Firewalls, &message))
    };
    let direction = match it.direction.as_deref() {
        None | Some("INGRESS") => Direction::Ingress,
        Some("EGRESS") => Direction::Egress,
        Some(_) => return Err(wrong("a direction")),
    };
    // The list that is there says what is done.
    let (action, traffic) = match (it.allowed.is_empty(), it.denied.is_empty()) {
        (false, true) => (Action::Allow, &it.allowed),
        (true, false) => (Action::Deny, &it.denied),
        _ => return Err(wrong("an action")),
    };
    let cidrs = |texts: &[String]| -> Result<Vec<Peer>, Box<Gap>> {
        let peers = texts.iter().map(|text| range(text).map(Peer::Cidr));
        peers.collect::<Option<_>>().ok_or_else(|| wrong("a range"))
    };
    let (far, near) = match direction {
        Direction::Egress => (cidrs(&it.destination_ranges)?, cidrs(&it.source_ranges)?),
        Direction::Ingress => {
            let mut far = cidrs(&it.source_ranges)?;
            far.extend(it.source_tags.iter().cloned().map(Peer::Tag));
            far.extend(it.source_service_accounts.iter().map(|it| account_of(it)));
            (far, cidrs(&it.destination_ranges)?)
        }
    };
    let mut local: Vec<Peer> = it.target_tags.iter().cloned().map(Peer::Tag).collect();
    local.extend(it.target_service_accounts.iter().map(|it| account_of(it)));
    let off = it.disabled.then(|| "disabled".to_owned());
    let extra = GcpRule {
        near,
        off,
        ..GcpRule::default()
    };
    let rule = Rule {
        id: RuleId::from(it.name.as_str()),
        direction,
        action,
        priority: Some(it.priority.unwrap_or(USUAL)),
        protocol: Protocol::Any,
        ports: vec![],
        // Source: Compute Engine API v1, `destinationRanges`: IPv4 alone.
        peers: or_all(far, &[Cidr::ANY_V4]),
        local,
        source_ports: vec![],
        gcp: Some(extra)
            .filter(|it| *it != GcpRule::default())
            .map(Box::new),
        description: it.description.clone().unwrap_or_default(),
    };
    for_each(&rule, traffic).ok_or_else(|| wrong("a protocol or port"))
}

/// A rule of a policy; none of those for load balancers, which judge no
/// machines.
///
/// # Errors
///
/// If it is in no known form.
pub(super) fn of_policy(
    estate: &Estate,
    account: &AccountId,
    it: &PolicyRule,
) -> Result<Vec<Rule>, Box<Gap>> {
    let wrong = |what: &str| {
        let message = format!(
            "the rule {} of a policy has {what} that this version does not know",
            it.priority
        );
        Box::new(odd(account, Operation::EffectiveFirewalls, &message))
    };
    match it.target_type.as_deref() {
        None | Some("" | "INSTANCES" | "TARGET_TYPE_UNSPECIFIED") => {}
        Some("INTERNAL_MANAGED_LB") => return Ok(vec![]),
        Some(_) => return Err(wrong("a type of targets")),
    }
    let direction = match it.direction.as_str() {
        "INGRESS" => Direction::Ingress,
        "EGRESS" => Direction::Egress,
        _ => return Err(wrong("a direction")),
    };
    let (action, inspects) = match it.action.as_str() {
        "allow" => (Action::Allow, false),
        "deny" => (Action::Deny, false),
        "goto_next" => (Action::Next, false),
        "apply_security_profile_group" => (Action::Allow, true),
        _ => return Err(wrong("an action")),
    };
    let sides = Sides {
        estate,
        account,
        matcher: &it.matcher,
    };
    let (far, near) = match direction {
        Direction::Egress => (sides.destinations(), sides.sources()),
        Direction::Ingress => (sides.sources(), sides.destinations()),
    };
    let (far, near) = far.zip(near).ok_or_else(|| wrong("a range"))?;
    let mut local: Vec<Peer> = it
        .target_service_accounts
        .iter()
        .map(|it| account_of(it))
        .collect();
    local.extend(
        it.target_secure_tags
            .iter()
            .filter(in_force)
            .map(secure_tag),
    );
    let mut networks: Vec<ResourceId> = it
        .target_resources
        .iter()
        .map(|it| estate.ids.resource(it, account))
        .collect();
    networks.sort();
    let dead = !it.target_secure_tags.is_empty() && local.is_empty();
    let off = if it.disabled {
        Some("disabled".to_owned())
    } else {
        dead.then(|| "no effective tag".to_owned())
    };
    let extra = GcpRule {
        networks,
        near,
        off,
        inspects,
    };
    let words = it.rule_name.clone().filter(|it| !it.is_empty());
    let rule = Rule {
        id: RuleId::from(it.priority.to_string()),
        direction,
        action,
        priority: Some(it.priority),
        protocol: Protocol::Any,
        ports: vec![],
        peers: or_all(far, &[Cidr::ANY_V4, Cidr::ANY_V6]),
        local,
        source_ports: vec![],
        gcp: Some(extra)
            .filter(|it| *it != GcpRule::default())
            .map(Box::new),
        description: words.or_else(|| it.description.clone()).unwrap_or_default(),
    };
    let traffic = &it.matcher.layer4_configs;
    for_each(&rule, traffic).ok_or_else(|| wrong("a protocol or port"))
}

/// The two sides of a rule of a policy. Kinds of one side are alternatives.
///
/// Source: Cloud NGFW, "Firewall policy rule details".
struct Sides<'a> {
    estate: &'a Estate,
    account: &'a AccountId,
    matcher: &'a Matcher,
}

impl Sides<'_> {
    fn destinations(&self) -> Option<Vec<Peer>> {
        let it = self.matcher;
        let mut peers = cidrs(&it.dest_ip_ranges)?;
        peers.extend(self.groups(&it.dest_address_groups));
        peers.extend(words("fqdn", &it.dest_fqdns));
        peers.extend(words("region", &it.dest_region_codes));
        peers.extend(words("threat list", &it.dest_threat_intelligences));
        Some(with_type(peers, it.dest_network_type.as_deref()))
    }

    fn sources(&self) -> Option<Vec<Peer>> {
        let it = self.matcher;
        let mut peers = cidrs(&it.src_ip_ranges)?;
        peers.extend(self.groups(&it.src_address_groups));
        peers.extend(words("fqdn", &it.src_fqdns));
        peers.extend(words("region", &it.src_region_codes));
        peers.extend(words("threat list", &it.src_threat_intelligences));
        peers.extend(it.src_secure_tags.iter().filter(in_force).map(secure_tag));
        // Networks are a part of the type, which cannot be told of addresses.
        let kind = it.src_network_type.as_deref();
        let kind = kind.or_else(|| (!it.src_networks.is_empty()).then_some("VPC_NETWORKS"));
        Some(with_type(peers, kind))
    }

    /// Groups that were read are lists; others may hold anything.
    fn groups(&self, names: &[String]) -> Vec<Peer> {
        let peers = names.iter().map(|it| {
            let name = self.estate.ids.relative(it, self.account);
            match self.estate.groups.get(&name) {
                Some(Ok(_)) => Peer::PrefixList(ResourceId::from(name)),
                _ => Peer::Other(format!("address group {name}")),
            }
        });
        peers.collect()
    }
}

/// A type of network narrows the side. Which addresses are of it cannot be
/// told from here: the whole side may match, or not.
fn with_type(peers: Vec<Peer>, kind: Option<&str>) -> Vec<Peer> {
    match kind {
        None | Some("" | "UNSPECIFIED") => peers,
        Some(kind) if peers.is_empty() => vec![Peer::Other(format!("network type {kind}"))],
        Some(kind) => {
            let which: Vec<String> = peers.iter().map(word).collect();
            vec![Peer::Other(format!(
                "network type {kind} of {}",
                which.join(", ")
            ))]
        }
    }
}

/// A peer in words, for what cannot be resolved.
fn word(peer: &Peer) -> String {
    match peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::PrefixList(id) => id.to_string(),
        Peer::Other(text) | Peer::Tag(text) | Peer::ServiceAccount(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn cidrs(texts: &[String]) -> Option<Vec<Peer>> {
    texts
        .iter()
        .map(|text| range(text).map(Peer::Cidr))
        .collect()
}

fn words<'a>(kind: &'a str, names: &'a [String]) -> impl Iterator<Item = Peer> + 'a {
    names
        .iter()
        .map(move |it| Peer::Other(format!("{kind} {it}")))
}

/// A tag that is not known to be without effect.
fn in_force(tag: &&SecureTag) -> bool {
    tag.state.as_deref() != Some("INEFFECTIVE")
}

fn secure_tag(tag: &SecureTag) -> Peer {
    Peer::Other(format!("secure tag {}", tag.name))
}

/// The email of `projects/P/serviceAccounts/EMAIL`, or as it is.
fn account_of(text: &str) -> Peer {
    Peer::ServiceAccount(super::last(text).to_owned())
}

/// A side that names nobody is everybody.
fn or_all(peers: Vec<Peer>, all: &[Cidr]) -> Vec<Peer> {
    if peers.is_empty() {
        all.iter().copied().map(Peer::Cidr).collect()
    } else {
        peers
    }
}

/// The rule once for each protocol; none if one cannot be read. Without any
/// it is for all.
fn for_each(rule: &Rule, traffic: &[Traffic]) -> Option<Vec<Rule>> {
    let all = PortRange::ALL;
    if traffic.is_empty() {
        let rule = Rule {
            ports: vec![all],
            ..rule.clone()
        };
        return Some(vec![rule]);
    }
    let one = |it: &Traffic| {
        let mut ranges: Vec<PortRange> = it
            .ports
            .iter()
            .map(|text| ports(text))
            .collect::<Option<_>>()?;
        ranges.sort();
        if ranges.is_empty() {
            ranges.push(all);
        }
        Some(Rule {
            protocol: protocol(&it.protocol)?,
            ports: ranges,
            ..rule.clone()
        })
    };
    traffic.iter().map(one).collect()
}
