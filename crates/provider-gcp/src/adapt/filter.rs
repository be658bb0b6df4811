//! Filters: the rules of each network, firewall policies, and the order in
//! which machines of a region are judged by them.
//!
//! Source: Cloud NGFW, "Firewall policy rule evaluation order".

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{
    AccountId, Discipline, Fact, Filter, FilterKind, FirewallOrder, Gap, GapReason, GcpRule,
    PrefixList, Provider, Region, ResourceId, Rule, Tracking,
};
use cachewarden_netset::{Cidr, Family};
use serde::Deserialize as _;
use serde_json::Value;

use super::addresses::ranges;
use super::{firewalls_of, gap, last, odd, project, read, rule};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::firewall::{AddressGroup, Effective, Firewall, Policy, PolicyRule};

/// The filter with a network's own rules; its rules are unknown as a whole if
/// one of them is.
pub(super) fn own(estate: &Estate, network: &ResourceId) -> Filter {
    let account = AccountId::from(project(network.as_str()));
    let rules = match estate.missing(Operation::Firewalls, &account) {
        Some(gap) => Fact::unknown(gap),
        None => own_rules(estate, &account, network).map_or_else(Fact::Unknown, Fact::Known),
    };
    Filter {
        name: format!("firewalls of {}", last(network.as_str())),
        kind: FilterKind::VpcFirewall,
        network: Some(network.clone()),
        ..filter(
            firewalls_of(network),
            account,
            Region::from("global"),
            rules,
        )
    }
}

fn own_rules(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Result<Vec<Rule>, Box<Gap>> {
    let mut rules = vec![];
    for value in estate.of(Operation::Firewalls, account) {
        let it: Firewall = read(account, Operation::Firewalls, value)?;
        if estate.ids.resource(&it.network, account) == *network {
            rules.extend(rule::own(account, &it)?);
        }
    }
    rules.sort_by(|a: &Rule, b: &Rule| (a.priority, &a.id).cmp(&(b.priority, &b.id)));
    Ok(rules)
}

fn filter(id: ResourceId, account: AccountId, region: Region, rules: Fact<Vec<Rule>>) -> Filter {
    Filter {
        name: last(id.as_str()).to_owned(),
        id,
        provider: Provider::Gcp,
        account,
        region,
        kind: FilterKind::FirewallPolicy,
        network: None,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateful,
        builtin: false,
        rules,
    }
}

/// At which stage a policy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Hierarchical,
    System,
    Global,
    Regional,
}

/// Source: Compute Engine API v1, type of an effective firewall policy.
fn stage(word: &str) -> Option<Stage> {
    match word {
        "HIERARCHY" => Some(Stage::Hierarchical),
        "SYSTEM" | "SYSTEM_GLOBAL" | "SYSTEM_REGIONAL" => Some(Stage::System),
        "NETWORK" => Some(Stage::Global),
        "NETWORK_REGIONAL" => Some(Stage::Regional),
        _ => None,
    }
}

/// The id of a policy. System policies have names as the others have.
fn id(policy: &Policy, network: &str, region: &Region) -> ResourceId {
    let (project, name) = (project(network), last(&policy.name));
    ResourceId::from(match policy.kind.as_str() {
        "HIERARCHY" => format!("locations/global/firewallPolicies/{name}"),
        "NETWORK_REGIONAL" | "SYSTEM_REGIONAL" => {
            format!("projects/{project}/regions/{region}/firewallPolicies/{name}")
        }
        _ => format!("projects/{project}/global/firewallPolicies/{name}"),
    })
}

/// What is in force in a network and region.
fn effective(
    estate: &Estate,
    network: &ResourceId,
    region: &Region,
) -> Result<Effective, Box<Gap>> {
    let account = AccountId::from(project(network.as_str()));
    let operation = Operation::EffectiveFirewalls;
    match estate.effective.get(&(network.to_string(), region.clone())) {
        Some(Ok(value)) => read(&account, operation, value),
        Some(Err(gap)) => Err(gap.clone()),
        None => {
            let message = "there is no client and no cache in this network and region";
            let mut gap = gap(&account, operation, GapReason::NotCollected, message);
            gap.region = Some(region.clone());
            Err(Box::new(gap))
        }
    }
}

/// All filters of a network's machines in a region, in their order.
pub(super) fn order(
    estate: &Estate,
    network: &ResourceId,
    order: FirewallOrder,
    region: &Region,
) -> Fact<Vec<ResourceId>> {
    let effective = match effective(estate, network, region) {
        Ok(effective) => effective,
        Err(gap) => return Fact::Unknown(gap),
    };
    let mut stages: BTreeMap<Stage, Vec<ResourceId>> = BTreeMap::new();
    for policy in &effective.policies {
        let Some(stage) = stage(&policy.kind) else {
            let account = AccountId::from(project(network.as_str()));
            let message = format!(
                "`{}` is no type of a firewall policy that this version knows",
                policy.kind
            );
            return Fact::unknown(odd(&account, Operation::EffectiveFirewalls, &message));
        };
        // Within a stage the order is that of the answer.
        let id = id(policy, network.as_str(), region);
        stages.entry(stage).or_default().push(id);
    }
    let mut take = |stage| stages.remove(&stage).unwrap_or_default();
    let (first, system) = (take(Stage::Hierarchical), take(Stage::System));
    let (global, regional) = (take(Stage::Global), take(Stage::Regional));
    let own = vec![firewalls_of(network)];
    let last = match order {
        FirewallOrder::PoliciesLast => [own, global, regional],
        FirewallOrder::PoliciesFirst => [global, regional, own],
    };
    let mut all = first;
    all.extend(system);
    all.extend(last.into_iter().flatten());
    Fact::Known(all)
}

/// What is known of one policy, from all answers that hold it.
struct Gathered {
    name: String,
    account: AccountId,
    region: Region,
    builtin: bool,
    /// Networks whose answers hold it.
    networks: BTreeSet<String>,
    /// Its rules in the order of the answer, each with the networks whose
    /// answers hold it.
    rules: Vec<(Value, BTreeSet<String>)>,
}

/// Firewall policies, each once.
pub(super) fn policies(estate: &Estate) -> Vec<Filter> {
    let mut all: BTreeMap<ResourceId, Gathered> = BTreeMap::new();
    for ((network, region), answer) in &estate.effective {
        let Some(effective) = answer
            .as_ref()
            .ok()
            .and_then(|it| Effective::deserialize(it).ok())
        else {
            continue;
        };
        for policy in effective.policies {
            let id = id(&policy, network, region);
            let regional = policy.kind.ends_with("REGIONAL");
            let found = all.entry(id).or_insert_with(|| Gathered {
                name: policy
                    .display_name
                    .clone()
                    .unwrap_or_else(|| policy.name.clone()),
                account: AccountId::from(project(network)),
                region: if regional {
                    region.clone()
                } else {
                    Region::from("global")
                },
                builtin: policy.kind.starts_with("SYSTEM"),
                networks: BTreeSet::new(),
                rules: vec![],
            });
            found.add(network, policy.rules);
        }
    }
    all.into_iter()
        .map(|(id, it)| it.filter(estate, id))
        .collect()
}

impl Gathered {
    fn add(&mut self, network: &str, rules: Vec<Value>) {
        self.networks.insert(network.to_owned());
        for rule in rules {
            match self.rules.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, networks)) => {
                    networks.insert(network.to_owned());
                }
                None => self
                    .rules
                    .push((rule, BTreeSet::from([network.to_owned()]))),
            }
        }
    }

    fn filter(self, estate: &Estate, id: ResourceId) -> Filter {
        let (name, builtin) = (self.name.clone(), self.builtin);
        let rules = self.rules(estate).map_or_else(Fact::Unknown, Fact::Known);
        let (account, region) = (self.account, self.region);
        Filter {
            name,
            builtin,
            ..filter(id, account, region, rules)
        }
    }

    fn rules(&self, estate: &Estate) -> Result<Vec<Rule>, Box<Gap>> {
        let mut all = vec![];
        for (value, networks) in &self.rules {
            let it: PolicyRule = read(&self.account, Operation::EffectiveFirewalls, value)?;
            let mut rules = rule::of_policy(estate, &self.account, &it)?;
            // A rule that the answers of some networks lack is for the others.
            if *networks != self.networks {
                for rule in &mut rules {
                    narrow(rule, networks);
                }
            }
            all.extend(rules);
        }
        all.sort_by_key(|it: &Rule| it.priority);
        Ok(all)
    }
}

/// A rule that names no networks judges machines of these alone.
fn narrow(rule: &mut Rule, networks: &BTreeSet<String>) {
    let own: &mut GcpRule = rule.gcp.get_or_insert_default();
    if own.networks.is_empty() {
        own.networks = networks
            .iter()
            .map(|it| ResourceId::from(it.as_str()))
            .collect();
    }
}

/// Address groups that were read.
pub(super) fn groups(estate: &Estate) -> Vec<PrefixList> {
    let lists = estate.groups.iter().map(|(name, answer)| {
        let account = AccountId::from(project(name));
        let entries = match answer {
            Ok(value) => entries(&account, value).map_or_else(Fact::Unknown, Fact::Known),
            Err(gap) => Fact::Unknown(gap.clone()),
        };
        let is_v6 = entries
            .value()
            .and_then(|it| it.first())
            .is_some_and(|it| it.family() == Family::V6);
        PrefixList {
            id: ResourceId::from(name.as_str()),
            name: last(name).to_owned(),
            provider: Provider::Gcp,
            account,
            region: super::region(name),
            family: if is_v6 { Family::V6 } else { Family::V4 },
            version: None,
            entries,
        }
    });
    lists.collect()
}

fn entries(account: &AccountId, value: &Value) -> Result<Vec<Cidr>, Box<Gap>> {
    let it: AddressGroup = read(account, Operation::AddressGroups, value)?;
    ranges(it.items.iter().map(String::as_str)).ok_or_else(|| {
        let kind = it.kind.as_deref().unwrap_or("?");
        let message = format!("an address group (type {kind}) holds what is no range");
        Box::new(odd(account, Operation::AddressGroups, &message))
    })
}
