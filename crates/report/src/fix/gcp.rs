//! Changes as commands of the Google Cloud CLI.
//!
//! Source: gcloud CLI reference, `gcloud compute firewall-rules`,
//! `network-firewall-policies rules`, `firewall-policies rules`,
//! `forwarding-rules update`, `instances add-tags`.

#[cfg(test)]
mod tests;

use cachewarden_model::{Action, Direction, Edit, Peer, Rule};
use cachewarden_netset::Protocol;

use super::shell;

/// The commands that make a change; none where the tool has none, or where an
/// id is not one of Google Cloud.
pub(super) fn commands(edit: &Edit) -> Option<Vec<String>> {
    let call = match edit {
        Edit::AddRule { filter, rule } => add(&Filter::of(filter.as_str())?, rule)?,
        Edit::EnableRule { filter, rule } => enable(&Filter::of(filter.as_str())?, rule.as_str()),
        Edit::AllowGlobalAccess { endpoint } => {
            let [
                "projects",
                project,
                "regions",
                region,
                "forwardingRules",
                name,
            ] = parts(endpoint.as_str())[..]
            else {
                return None;
            };
            call(&["compute", "forwarding-rules", "update", name])
                .and("--project", project)
                .and("--region", region)
                .flag("--allow-psc-global-access")
        }
        Edit::AddNetworkTag { interface, tag } => {
            let ["projects", project, "zones", zone, "instances", name, ..] =
                parts(interface.as_str())[..]
            else {
                return None;
            };
            call(&["compute", "instances", "add-tags", name])
                .and("--project", project)
                .and("--zone", zone)
                .and("--tags", tag)
        }
        // `Edit` grows in `model`; what is not worded here has no command.
        _ => return None,
    };
    call.is_plain().then(|| vec![call.line()])
}

fn parts(id: &str) -> Vec<&str> {
    id.split('/').collect()
}

/// Where rules stand.
enum Filter<'f> {
    /// A network's own rules.
    Network { project: &'f str, network: &'f str },
    /// A policy of a network; none for a region where it is global.
    Policy {
        project: &'f str,
        region: Option<&'f str>,
        name: &'f str,
    },
    /// A policy of an organization or a folder.
    Hierarchical(&'f str),
}

impl<'f> Filter<'f> {
    fn of(id: &'f str) -> Option<Self> {
        Some(match parts(id)[..] {
            [
                "projects",
                project,
                "global",
                "networks",
                network,
                "firewalls",
            ] => Self::Network { project, network },
            ["projects", project, "global", "firewallPolicies", name] => Self::Policy {
                project,
                region: None,
                name,
            },
            [
                "projects",
                project,
                "regions",
                region,
                "firewallPolicies",
                name,
            ] => Self::Policy {
                project,
                region: Some(region),
                name,
            },
            ["locations", "global", "firewallPolicies", number] => Self::Hierarchical(number),
            _ => return None,
        })
    }

    /// The command for one of its rules, with what tells where it stands.
    fn rule(&self, verb: &str, id: &str) -> Call {
        match self {
            Self::Network { project, .. } => {
                call(&["compute", "firewall-rules", verb, id]).and("--project", project)
            }
            Self::Policy {
                project,
                region,
                name,
            } => {
                let call = call(&["compute", "network-firewall-policies", "rules", verb, id])
                    .and("--project", project)
                    .and("--firewall-policy", name);
                match region {
                    Some(region) => call.and("--firewall-policy-region", region),
                    None => call.flag("--global-firewall-policy"),
                }
            }
            Self::Hierarchical(number) => {
                call(&["compute", "firewall-policies", "rules", verb, id])
                    .and("--firewall-policy", number)
            }
        }
    }
}

fn enable(filter: &Filter<'_>, rule: &str) -> Call {
    filter.rule("update", rule).flag("--no-disabled")
}

fn add(filter: &Filter<'_>, rule: &Rule) -> Option<Call> {
    if rule.direction != Direction::Egress || rule.protocol != Protocol::TCP {
        return None;
    }
    let ports: Vec<String> = rule.ports.iter().map(|it| format!("tcp:{it}")).collect();
    let ranges = list(&rule.peers, |peer| match peer {
        Peer::Cidr(cidr) => Some(cidr.to_string()),
        _ => None,
    })?;
    let call = filter.rule("create", rule.id.as_str());
    let call = match filter {
        Filter::Network { network, .. } => {
            let action = match rule.action {
                Action::Allow => "ALLOW",
                Action::Deny => "DENY",
                Action::AlwaysAllow | Action::Next => return None,
            };
            call.and("--network", network)
                .and("--direction", "EGRESS")
                .and("--action", action)
                .and("--rules", &ports.join(","))
                .and("--destination-ranges", &ranges)
                .and("--priority", &rule.priority?.to_string())
        }
        Filter::Policy { .. } | Filter::Hierarchical(_) => {
            let action = match rule.action {
                Action::Allow => "allow",
                Action::Deny => "deny",
                Action::Next => "goto_next",
                Action::AlwaysAllow => return None,
            };
            call.and("--direction", "EGRESS")
                .and("--action", action)
                .and("--layer4-configs", &ports.join(","))
                .and("--dest-ip-ranges", &ranges)
        }
    };
    target(filter, call, rule)
}

/// Whose packets a rule judges.
fn target(filter: &Filter<'_>, call: Call, rule: &Rule) -> Option<Call> {
    let gcp = rule.gcp.as_deref().cloned().unwrap_or_default();
    if !gcp.near.is_empty() || gcp.inspects || gcp.off.is_some() {
        return None;
    }
    let call = match (gcp.networks.as_slice(), filter) {
        ([], _) => call,
        (networks, Filter::Hierarchical(_)) => {
            let urls = networks
                .iter()
                .map(|id| format!("https://www.googleapis.com/compute/v1/{id}"));
            call.and("--target-resources", &urls.collect::<Vec<_>>().join(","))
        }
        _ => return None,
    };
    let tags = list(&rule.local, |peer| match peer {
        Peer::Tag(tag) => Some(tag.clone()),
        _ => None,
    });
    let accounts = list(&rule.local, |peer| match peer {
        Peer::ServiceAccount(account) => Some(account.clone()),
        _ => None,
    });
    match (rule.local.is_empty(), tags, accounts, filter) {
        (true, ..) => Some(call),
        (_, Some(tags), _, Filter::Network { .. }) => Some(call.and("--target-tags", &tags)),
        (_, _, Some(accounts), _) => Some(call.and("--target-service-accounts", &accounts)),
        _ => None,
    }
}

/// All peers of one kind as a list of the tool's; none if one is of another
/// kind, or has a comma, which would make it two.
fn list(peers: &[Peer], one: impl Fn(&Peer) -> Option<String>) -> Option<String> {
    let all: Option<Vec<String>> = peers.iter().map(one).collect();
    let all = all.filter(|all| !all.iter().any(|it| it.contains(',')))?;
    Some(all.join(","))
}

/// One command: its words, not yet quoted, and which of them are values.
struct Call {
    words: Vec<String>,
    values: Vec<String>,
}

fn call(words: &[&str]) -> Call {
    let all = std::iter::once(&"gcloud").chain(words);
    Call {
        words: all.map(|it| (*it).to_owned()).collect(),
        values: words
            .last()
            .map(|it| (*it).to_owned())
            .into_iter()
            .collect(),
    }
}

impl Call {
    fn and(mut self, option: &str, value: &str) -> Self {
        self.words.extend([option.to_owned(), value.to_owned()]);
        self.values.push(value.to_owned());
        self
    }

    fn flag(mut self, flag: &str) -> Self {
        self.words.push(flag.to_owned());
        self
    }

    /// Whether all words are ids or names that a cloud gives: a line break in
    /// one would begin a command of its own, a dash at its start an option.
    fn is_plain(&self) -> bool {
        let plain = |it: &String| {
            !it.is_empty() && !it.starts_with('-') && !it.chars().any(char::is_control)
        };
        self.values.iter().all(plain)
    }

    fn line(&self) -> String {
        shell::join(self.words.iter().map(String::as_str))
    }
}
