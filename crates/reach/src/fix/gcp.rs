//! What opens connections on Google Cloud: rules on the way out, a rule that
//! is put in force, a tag, global access of an endpoint.

use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{
    Action, Direction, Edit, Filter, FilterKind, GcpRule, Interface, InterfaceKind, Peer, Provider,
    ResourceId, Rule, RuleId,
};
use cachewarden_netset::{Cidr, PortRange, Protocol};

use crate::estate::Estate;
use crate::fix::Pair;
use crate::remedy::Remedy;
use crate::selector::is_client;

/// Edits for a remedy of Google Cloud; none for any other.
pub(super) fn propose(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    remedy: &Remedy,
) -> Option<Result<Vec<Edit>, String>> {
    let edits = match remedy {
        Remedy::AllowEgress {
            filter,
            before,
            network,
        } => return Some(allow(estate, pair, filter, *before, network)),
        Remedy::EnableRule { filter, rule } => vec![Edit::EnableRule {
            filter: filter.clone(),
            rule: rule.clone(),
        }],
        Remedy::AddTag { interface, tag } => vec![Edit::AddNetworkTag {
            interface: interface.clone(),
            tag: tag.clone(),
        }],
        Remedy::GlobalAccess(endpoint) => vec![Edit::AllowGlobalAccess {
            endpoint: endpoint.clone(),
        }],
        _ => return None,
    };
    Some(Ok(edits))
}

/// A rule before the one that denies: to the cache's addresses alone, on the
/// ports that its clients need, for machines like the client.
fn allow(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    filter: &ResourceId,
    before: u32,
    network: &ResourceId,
) -> Result<Vec<Edit>, String> {
    let found = estate
        .filter(filter)
        .ok_or_else(|| format!("read the rules of {filter} first"))?;
    if found.builtin {
        return Err(format!(
            "{filter} is the cloud's own and cannot be changed: a rule of a policy that is asked \
             before it would have to let the client out"
        ));
    }
    let to = crate::gcp::addresses(pair.cache, pair.endpoint);
    if to.is_empty() {
        return Err("give the endpoint an address first".to_owned());
    }
    let rules = found.rules.value().map_or(&[][..], Vec::as_slice);
    let priority = free(found, rules, before)
        .ok_or_else(|| format!("renumber the rules of {filter}: nothing comes before {before}"))?;
    let own = found.kind == FilterKind::VpcFirewall;
    let id = match own {
        true => name(rules, &format!("allow-redis-{}", pair.cache.name)),
        false => RuleId::new(priority.to_string()),
    };
    let gcp = (!own).then(|| {
        Box::new(GcpRule {
            // A rule of an organization judges all of its networks.
            networks: match filter.as_str().starts_with("locations/") {
                true => vec![network.clone()],
                false => vec![],
            },
            ..GcpRule::default()
        })
    });
    let mut ports = vec![PortRange::single(pair.endpoint.port)];
    ports.extend(&pair.endpoint.node_ports);
    ports.sort();
    Ok(vec![Edit::AddRule {
        filter: filter.clone(),
        rule: Box::new(Rule {
            id,
            direction: Direction::Egress,
            action: Action::Allow,
            priority: Some(priority),
            protocol: Protocol::TCP,
            ports,
            peers: hosts(&to),
            local: target(pair.client.interface, own),
            source_ports: vec![],
            gcp,
            description: String::new(),
        }),
    }])
}

fn hosts(addresses: &[IpAddr]) -> Vec<Peer> {
    let all = addresses.iter().copied().map(Cidr::from);
    all.map(Peer::Cidr).collect()
}

/// The client's service account, else a network tag of it; policies know no
/// network tags. Empty means all machines.
///
/// Source: Cloud Next Generation Firewall, "Firewall policy rules", targets.
fn target(client: Option<&Interface>, own: bool) -> Vec<Peer> {
    let Some(client) = client else {
        return vec![];
    };
    let machine = client.kind == InterfaceKind::Machine;
    let account = client.service_account.clone().filter(|_| machine);
    let tag = client.network_tags.first().cloned().filter(|_| own);
    let target = account.map(Peer::ServiceAccount).or(tag.map(Peer::Tag));
    target.into_iter().collect()
}

/// A priority before the one that denies. In a network's own rules several may
/// have one; in a policy each has its own.
///
/// Source: Compute Engine API, `firewalls`, `priority`, and
/// `firewallPolicies`, `rules[].priority`.
fn free(filter: &Filter, rules: &[Rule], before: u32) -> Option<u32> {
    if filter.kind == FilterKind::VpcFirewall {
        return before.checked_sub(1);
    }
    let taken: BTreeSet<u32> = rules.iter().filter_map(|it| it.priority).collect();
    (0..before).rev().find(|it| !taken.contains(it))
}

/// A name that no rule has yet, of the letters that names may have.
///
/// Source: Compute Engine API, `firewalls`, `name`: up to 63 of lower-case
/// letters, digits and hyphens.
fn name(rules: &[Rule], wanted: &str) -> RuleId {
    let plain: String = wanted
        .to_ascii_lowercase()
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '-' })
        .take(60)
        .collect();
    let plain = plain.trim_end_matches('-').to_owned();
    let taken = |name: &str| rules.iter().any(|it| it.id == *name);
    let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    RuleId::new(names.find(|it| !taken(it)).unwrap_or_default())
}

/// Clients and caches whose connections an edit of something on Google Cloud
/// can touch; none if it is of another cloud.
pub(super) fn touched(estate: &Estate<'_>, edit: &Edit) -> Option<BTreeSet<(u32, u32)>> {
    let mut pairs = BTreeSet::new();
    match edit {
        Edit::AddRule { filter: id, .. }
        | Edit::ReplaceRule { filter: id, .. }
        | Edit::RemoveRule { filter: id, .. }
        | Edit::EnableRule { filter: id, .. } => {
            (estate.filter(id)?.provider == Provider::Gcp).then_some(())?;
            for network in &estate.snapshot().networks {
                let asked = network.gcp.iter().flat_map(|it| it.filters.values());
                if asked
                    .into_iter()
                    .any(|it| it.value().is_none_or(|all| all.contains(id)))
                {
                    clients(estate, &network.id, |_| true, &mut pairs);
                }
            }
        }
        Edit::AllowGlobalAccess { endpoint } => {
            let network = &estate.forwarding_rule(endpoint)?.network;
            clients(estate, network, |_| true, &mut pairs);
        }
        Edit::AddNetworkTag { interface, .. } => {
            let mut all = estate.snapshot().interfaces.iter();
            let network = &all.find(|it| it.id == *interface)?.network;
            clients(estate, network, |it| it.id == *interface, &mut pairs);
        }
        _ => return None,
    }
    Some(pairs)
}

/// Some clients of a network, with every cache of Google Cloud that they may
/// reach.
fn clients(
    estate: &Estate<'_>,
    network: &ResourceId,
    fits: impl Fn(&Interface) -> bool,
    pairs: &mut BTreeSet<(u32, u32)>,
) {
    let all = (0_u32..).zip(&estate.snapshot().caches);
    let caches: Vec<u32> = match estate.entered_from(network) {
        // Those of other networks, where routes may lead there.
        own if crate::gcp::leads_on(estate, network) => all
            .filter(|(_, it)| it.provider == Provider::Gcp)
            .map(|(index, _)| index)
            .chain(own.iter().copied())
            .collect(),
        own => own.to_vec(),
    };
    for index in estate.clients_of(network.as_str()) {
        let Some(interface) = estate.interface(*index) else {
            continue;
        };
        if is_client(interface) && fits(interface) {
            pairs.extend(caches.iter().map(|cache| (*index, *cache)));
        }
    }
}
