//! A change as one sentence, for any cloud.

use cachewarden_model::{
    Action, Blame, Destination, Direction, Edit, FilterKind, LinkState, Narrowing, Peer, Route,
    RouteTarget, Rule, TransitRoute,
};

/// One change as a sentence.
pub(super) fn word(edit: &Edit, blame: &[Blame]) -> String {
    let named = |kind: &str| {
        let id = edit.resource();
        let known = blame
            .iter()
            .find(|it| it.resource == *id)
            .map(|it| it.kind.as_str());
        format!("{} `{id}`", known.unwrap_or(kind))
    };
    match edit {
        Edit::AddRule { rule, .. } => {
            let at = rule
                .priority
                .map(|_| format!(" as `{}`", rule.id))
                .unwrap_or_default();
            format!(
                "Add to {}{at}: {}.",
                named(filter_word(edit, rule)),
                rule_text(rule)
            )
        }
        Edit::ReplaceRule { rule, with, .. } => {
            let new: Vec<String> = with.iter().map(rule_text).collect();
            format!(
                "In {}, replace `{rule}` by: {}.",
                named(
                    with.first()
                        .map_or("filter", |rule| filter_word(edit, rule))
                ),
                new.join("; ")
            )
        }
        Edit::RemoveRule { rule, .. } => format!("Remove `{rule}` from {}.", named("filter")),
        Edit::AddRoute { route, .. } => {
            format!(
                "Add to {} the route {}.",
                named("route-table"),
                route_text(route)
            )
        }
        Edit::ReplaceRoute { route, .. } => format!(
            "In {}, send {} to {}.",
            named("route-table"),
            destination_text(&route.destination),
            target_text(&route.target)
        ),
        Edit::RemoveRoute { destination, .. } => {
            format!(
                "Remove from {} the route {}.",
                named("route-table"),
                destination_text(destination)
            )
        }
        Edit::SetPeeringState { state, .. } => match state {
            LinkState::Active => format!("Accept {}.", named("peering")),
            LinkState::Pending(word) => format!("Bring {} to `{word}`.", named("peering")),
            LinkState::Down(_) => format!("Delete {}.", named("peering")),
        },
        Edit::AddTransitSubnet { subnet, .. } => {
            format!(
                "Give {} an interface in subnet `{subnet}`.",
                named("transit attachment")
            )
        }
        Edit::AssociateTransitTable { table, .. } => {
            format!(
                "Associate {} with table `{table}`.",
                named("transit attachment")
            )
        }
        Edit::AddTransitRoute { route, .. } => {
            format!(
                "Add to {} the route {}.",
                named("transit table"),
                transit_route_text(route)
            )
        }
        Edit::RemoveTransitRoute { destination, .. } => {
            format!(
                "Remove from {} the route {}.",
                named("transit table"),
                destination_text(destination)
            )
        }
        Edit::EnableTransitIpv6 { .. } => {
            format!("Let {} carry IPv6.", named("transit attachment"))
        }
        Edit::EnableResolver { .. } => {
            format!("Let the cloud's resolver answer in {}.", named("network"))
        }
        Edit::ApproveConnection { .. } => {
            format!("Approve {}.", named("private endpoint connection"))
        }
        Edit::EnablePublicAccess { .. } => format!(
            "Let {} answer at its public address, to whom its firewall admits.",
            named("cache")
        ),
        Edit::LinkZone { network, .. } => {
            format!("Link {} to network `{network}`.", named("dns-zone"))
        }
        Edit::SetRecord {
            zone,
            name,
            addresses,
        } => {
            let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            format!("In zone `{zone}`, let `{name}` be {}.", all.join(", "))
        }
        Edit::AllowPeerAccess { .. } => {
            format!(
                "Let {} allow access between the networks.",
                named("peering")
            )
        }
        Edit::SyncPeering { .. } => {
            format!("Let {} learn the other network's ranges.", named("peering"))
        }
        Edit::MoveRule {
            filter,
            rule,
            priority,
        } => {
            format!("In filter `{filter}`, give rule `{rule}` the priority {priority}.")
        }
        Edit::EnableRule { filter, rule } => {
            format!("Enable the rule `{rule}` of `{filter}`.")
        }
        Edit::AllowGlobalAccess { .. } => format!(
            "Let {} serve clients of all regions.",
            named("forwarding-rule")
        ),
        Edit::AddNetworkTag { interface, tag } => {
            format!("Give the machine of `{interface}` the network tag `{tag}`.")
        }
        // `Edit` grows in `model`; until it is worded here it names its resource.
        _ => format!("Change {}.", named("resource")),
    }
}

/// What narrowing a rule does, as it was found.
pub(super) fn narrows(narrowing: Narrowing) -> String {
    let Narrowing {
        keeps,
        closes_addresses,
        closes_ports,
    } = narrowing;
    let mut closes = vec![];
    match closes_addresses {
        0 => {}
        1 => closes.push("1 address at which no client is known".to_owned()),
        u64::MAX => closes.push("all other addresses, at which no client is known".to_owned()),
        many => closes.push(format!("{many} addresses at which no client is known")),
    }
    if closes_ports {
        closes.push("those of its ports that no cache behind it uses".to_owned());
    }
    let kept = match keeps {
        0 => "No known connection gets through it today".to_owned(),
        1 => "This keeps the 1 connection that gets through it today".to_owned(),
        many => format!("This keeps all {many} connections that get through it today"),
    };
    format!(
        "{kept}; it closes {}, and opens nothing (tried on a copy).",
        closes.join(" and ")
    )
}

fn filter_word(edit: &Edit, rule: &Rule) -> &'static str {
    let id = edit.resource().as_str();
    if id.contains("/networkSecurityGroups/") {
        FilterKind::NetworkSecurityGroup.as_str()
    } else if id.ends_with("/firewallRules") {
        FilterKind::ServiceFirewall.as_str()
    } else if id.ends_with("/firewalls") {
        FilterKind::VpcFirewall.as_str()
    } else if id.contains("firewallPolicies/") {
        FilterKind::FirewallPolicy.as_str()
    } else if rule.priority.is_some() {
        FilterKind::NetworkAcl.as_str()
    } else {
        FilterKind::SecurityGroup.as_str()
    }
}

/// A rule in words: `allow ingress tcp 6379 from sg-app`.
fn rule_text(rule: &Rule) -> String {
    let action = match rule.action {
        Action::Allow => "allow",
        Action::Deny => "deny",
        Action::AlwaysAllow => "always allow",
        Action::Next => "pass on",
    };
    let way = match rule.direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    let ports: Vec<String> = if rule.protocol.has_ports() {
        rule.ports.iter().map(ToString::to_string).collect()
    } else {
        vec![]
    };
    let ports = if ports.is_empty() {
        String::new()
    } else {
        format!(" {}", ports.join(", "))
    };
    let peers: Vec<String> = rule.peers.iter().map(peer_text).collect();
    let direction = rule.direction.as_str();
    // Ranges on the near side are told by their group; machines are not.
    let named = |it: &&Peer| matches!(it, Peer::Tag(_) | Peer::ServiceAccount(_));
    let local: Vec<String> = rule.local.iter().filter(named).map(peer_text).collect();
    let whose = match local.is_empty() {
        true => String::new(),
        false => format!(" for {}", local.join(", ")),
    };
    format!(
        "{action} {direction} {}{ports} {way} {}{whose}",
        rule.protocol,
        peers.join(", ")
    )
}

fn peer_text(peer: &Peer) -> String {
    match peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::Range(first, last) => format!("{first}-{last}"),
        Peer::Group {
            group,
            account: Some(account),
            ..
        } => format!("{group} of {account}"),
        Peer::Group {
            group,
            account: None,
            ..
        } => group.to_string(),
        Peer::PrefixList(list) => list.to_string(),
        Peer::ServiceTag(text)
        | Peer::Tag(text)
        | Peer::ServiceAccount(text)
        | Peer::Other(text) => text.clone(),
    }
}

fn route_text(route: &Route) -> String {
    format!(
        "{} to {}",
        destination_text(&route.destination),
        target_text(&route.target)
    )
}

fn transit_route_text(route: &TransitRoute) -> String {
    let to: Vec<String> = route
        .attachments
        .iter()
        .map(|id| format!("`{id}`"))
        .collect();
    let destination = destination_text(&route.destination);
    if to.is_empty() {
        format!("{destination} to nowhere")
    } else {
        format!("{destination} to {}", to.join(", "))
    }
}

fn destination_text(destination: &Destination) -> String {
    match destination {
        Destination::Cidr(cidr) => format!("`{cidr}`"),
        Destination::PrefixList(list) => format!("`{list}`"),
    }
}

fn target_text(target: &RouteTarget) -> String {
    match target {
        RouteTarget::Local => "the network itself".to_owned(),
        RouteTarget::Internet => "the internet".to_owned(),
        RouteTarget::Drop => "nowhere".to_owned(),
        RouteTarget::Appliance(address) => format!("`{address}`"),
        RouteTarget::Other(word) => format!("`{word}`"),
        RouteTarget::InternetGateway(id)
        | RouteTarget::EgressOnlyGateway(id)
        | RouteTarget::NatGateway(id)
        | RouteTarget::Peering(id)
        | RouteTarget::TransitRouter(id)
        | RouteTarget::VpnGateway(id)
        | RouteTarget::Endpoint(id)
        | RouteTarget::Interface(id) => format!("`{id}`"),
    }
}
