//! Changes as commands of the Azure CLI.
//!
//! Source: Azure CLI, reference of `az network` and `az redis`, one page per
//! command.

#[cfg(test)]
mod tests;

use cachewarden_model::{Action, Blame, Direction, Edit, Peer, ResourceId, Rule};
use cachewarden_netset::Protocol;

use super::shell;

/// The commands that make a change, in order; none where the tool has none,
/// or where an id is not one of Azure Resource Manager.
pub(super) fn commands(edit: &Edit, blame: &[Blame]) -> Option<Vec<String>> {
    let calls = match edit {
        Edit::AddRule { filter, rule } => vec![match filter.as_str().strip_suffix(FIREWALL) {
            Some(cache) => firewall_rule(cache, rule)?,
            None => security_rule(filter.as_str(), rule)?,
        }],
        Edit::MoveRule {
            filter,
            rule,
            priority,
        } => {
            let id = Id::of(filter.as_str())?;
            let call = call(&["network", "nsg", "rule", "update"]).at(&id);
            let call = call.and("--nsg-name", id.name).and("--name", rule.as_str());
            vec![call.and("--priority", &priority.to_string())]
        }
        Edit::RemoveRoute { table, .. } => {
            let own = |it: &&Blame| it.resource == *table;
            let name = blame.iter().find(own)?.rule.as_ref()?;
            let id = Id::of(table.as_str())?;
            let call = call(&["network", "route-table", "route", "delete"]);
            vec![
                call.at(&id)
                    .and("--route-table-name", id.name)
                    .and("--name", name.as_str()),
            ]
        }
        Edit::AllowPeerAccess { peering } => vec![
            call(&["network", "vnet", "peering", "update"])
                .and("--ids", peering.as_str())
                .and("--set", "allowVirtualNetworkAccess=true"),
        ],
        Edit::SyncPeering { peering } => {
            vec![call(&["network", "vnet", "peering", "sync"]).and("--ids", peering.as_str())]
        }
        Edit::ApproveConnection { connection, .. } => vec![
            call(&["network", "private-endpoint-connection", "approve"])
                .and("--id", connection.as_str())
                .and("--description", "approved"),
        ],
        Edit::EnablePublicAccess { cache } => vec![public_access(cache)?],
        Edit::LinkZone { zone, network } => vec![link(zone, network)?],
        Edit::SetRecord {
            zone,
            name,
            addresses,
        } => record(zone, name, addresses, blame)?,
        // `Edit` grows in `model`; what is not worded here has no command.
        _ => return None,
    };
    let plain = calls.iter().all(Call::is_plain);
    plain.then(|| calls.iter().map(Call::line).collect())
}

/// Only an Azure Cache for Redis has a firewall that makes it a narrow way.
fn public_access(cache: &ResourceId) -> Option<Call> {
    let id = Id::of(cache.as_str())?;
    let own = cache.as_str().to_lowercase();
    let call = call(&["redis", "update"]).at(&id).and("--name", id.name);
    own.contains("/microsoft.cache/redis/")
        .then(|| call.and("--set", "publicNetworkAccess=Enabled"))
}

/// What the id of a cache's firewall has behind the cache's own.
const FIREWALL: &str = "/firewallRules";

/// An id of Azure Resource Manager, as far as commands name its parts.
struct Id<'i> {
    subscription: &'i str,
    group: &'i str,
    /// The resource's own name; of a child that of the child.
    name: &'i str,
}

impl<'i> Id<'i> {
    fn of(id: &'i str) -> Option<Self> {
        let parts: Vec<&str> = id.split('/').collect();
        let ["", subscriptions, subscription, groups, group, ..] = parts.as_slice() else {
            return None;
        };
        let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
        if !is(subscriptions, "subscriptions") || !is(groups, "resourceGroups") {
            return None;
        }
        Some(Self {
            subscription,
            group,
            name: parts.last()?,
        })
    }
}

/// One command: its words, not yet quoted.
struct Call(Vec<String>);

fn call(words: &[&str]) -> Call {
    let words = std::iter::once(&"az").chain(words);
    Call(words.map(|it| (*it).to_owned()).collect())
}

impl Call {
    fn at(self, id: &Id<'_>) -> Self {
        self.and("--subscription", id.subscription)
            .and("--resource-group", id.group)
    }

    fn and(mut self, option: &str, value: &str) -> Self {
        self.0.extend([option.to_owned(), value.to_owned()]);
        self
    }

    fn all(mut self, option: &str, values: Vec<String>) -> Self {
        self.0.push(option.to_owned());
        self.0.extend(values);
        self
    }

    /// Whether all words are ids or names that a cloud gives: a line break in
    /// one would begin a command of its own, a dash at its start an option.
    fn is_plain(&self) -> bool {
        let option = |it: &str| it.starts_with("--") && !it.contains(' ');
        let values = self.0.windows(2).filter_map(|pair| match pair {
            [before, value] if option(before) => Some(value),
            _ => None,
        });
        let mut dashes = values.filter(|it| it.starts_with('-') && it.as_str() != "--yes");
        dashes.next().is_none() && !self.0.iter().any(|it| it.chars().any(char::is_control))
    }

    fn line(&self) -> String {
        shell::join(self.0.iter().map(String::as_str))
    }
}

fn security_rule(group: &str, rule: &Rule) -> Option<Call> {
    let id = Id::of(group)?;
    let (direction, sources, destinations) = match rule.direction {
        Direction::Ingress => ("Inbound", &rule.peers, &rule.local),
        Direction::Egress => ("Outbound", &rule.local, &rule.peers),
    };
    let access = match rule.action {
        Action::Allow => "Allow",
        Action::Deny => "Deny",
        Action::AlwaysAllow | Action::Next => return None,
    };
    let protocol = match rule.protocol {
        Protocol::TCP => "Tcp",
        Protocol::UDP => "Udp",
        Protocol::Any => "*",
        Protocol::Number(_) => return None,
    };
    let ports = rule
        .ports
        .iter()
        .map(|range| match range.first() == range.last() {
            true => range.first().to_string(),
            false => format!("{}-{}", range.first(), range.last()),
        });
    Some(
        call(&["network", "nsg", "rule", "create"])
            .at(&id)
            .and("--nsg-name", id.name)
            .and("--name", rule.id.as_str())
            .and("--priority", &rule.priority?.to_string())
            .and("--direction", direction)
            .and("--access", access)
            .and("--protocol", protocol)
            .all("--source-address-prefixes", prefixes(sources)?)
            .all("--destination-address-prefixes", prefixes(destinations)?)
            .all("--destination-port-ranges", ports.collect()),
    )
}

fn prefixes(peers: &[Peer]) -> Option<Vec<String>> {
    if peers.is_empty() {
        return Some(vec!["*".to_owned()]);
    }
    let one = |peer: &Peer| match peer {
        Peer::Cidr(cidr) => Some(cidr.to_string()),
        Peer::ServiceTag(tag) => Some(tag.clone()),
        _ => None,
    };
    peers.iter().map(one).collect()
}

fn firewall_rule(cache: &str, rule: &Rule) -> Option<Call> {
    let id = Id::of(cache)?;
    let [Peer::Range(first, last)] = rule.peers.as_slice() else {
        return None;
    };
    Some(
        call(&["redis", "firewall-rules", "create"])
            .at(&id)
            .and("--name", id.name)
            .and("--rule-name", rule.id.as_str())
            .and("--start-ip", &first.to_string())
            .and("--end-ip", &last.to_string()),
    )
}

fn link(zone: &ResourceId, network: &ResourceId) -> Option<Call> {
    let id = Id::of(zone.as_str())?;
    let name = Id::of(network.as_str())?.name;
    Some(
        call(&["network", "private-dns", "link", "vnet", "create"])
            .at(&id)
            .and("--zone-name", id.name)
            .and("--name", name)
            .and("--virtual-network", network.as_str())
            .and("--registration-enabled", "false"),
    )
}

/// A record that leads astray goes first: adding an address keeps the others.
fn record(
    zone: &ResourceId,
    name: &str,
    addresses: &[std::net::IpAddr],
    blame: &[Blame],
) -> Option<Vec<Call>> {
    let id = Id::of(zone.as_str())?;
    let label = name.strip_suffix(id.name)?.strip_suffix('.')?;
    let set = |kind: &str, verb: &str| {
        call(&["network", "private-dns", "record-set", kind, verb])
            .at(&id)
            .and("--zone-name", id.name)
    };
    let mut calls = vec![];
    let stale = |it: &Blame| it.kind == "dns-record" && it.resource == *zone;
    if blame.iter().any(stale) {
        let mut delete = set("a", "delete").and("--name", label);
        delete.0.push("--yes".to_owned());
        calls.push(delete);
    }
    for address in addresses {
        let (kind, option) = match address.is_ipv4() {
            true => ("a", "--ipv4-address"),
            false => ("aaaa", "--ipv6-address"),
        };
        calls.push(
            set(kind, "add-record")
                .and("--record-set-name", label)
                .and(option, &address.to_string()),
        );
    }
    (!addresses.is_empty()).then_some(calls)
}
