//! Service connection policies and policy-based routes.

use cachewarden_model::{
    AccountId, ConnectionPolicy, Fact, Gap, LinkState, PolicyConnection, PolicyRoute,
    PolicyRouteNext, PolicyRouteScope, Provider, ResourceId,
};
use cachewarden_netset::{Cidr, Protocol};
use serde_json::Value;

use super::addresses::{protocol, range};
use super::network::or;
use super::{odd, read, region};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::connectivity;

pub(super) fn policies(estate: &Estate) -> Vec<Result<ConnectionPolicy, Box<Gap>>> {
    let rows = estate.rows(Operation::ConnectionPolicies);
    rows.map(|(account, value)| policy(estate, account, value))
        .collect()
}

fn policy(
    estate: &Estate,
    account: &AccountId,
    value: &Value,
) -> Result<ConnectionPolicy, Box<Gap>> {
    let it: connectivity::ConnectionPolicy = read(account, Operation::ConnectionPolicies, value)?;
    let id = |text: &str| estate.ids.resource(text, account);
    let mut subnets: Vec<ResourceId> = it.psc_config.subnetworks.iter().map(|it| id(it)).collect();
    subnets.sort();
    let text = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
    let connections = it.psc_connections.iter().map(|it| {
        let message = it.error.as_ref().and_then(|it| text(&it.message));
        let reason = it.error_info.as_ref().and_then(|it| text(&it.reason));
        PolicyConnection {
            rule: it
                .consumer_forwarding_rule
                .as_deref()
                .and_then(text)
                .map(|it| id(&it)),
            state: connection_state(it.state.as_deref()).to_owned(),
            error: reason.or(message),
        }
    });
    let mut connections: Vec<PolicyConnection> = connections.collect();
    connections.sort();
    Ok(ConnectionPolicy {
        id: id(&it.name),
        provider: Provider::Gcp,
        account: account.clone(),
        region: region(&it.name),
        network: id(&it.network),
        service_class: it.service_class,
        subnets,
        limit: it.psc_config.limit,
        connections,
    })
}

/// The word of a number, which some answers hold in its stead.
///
/// Source: `cross_network_automation.proto`, "State" of a connection.
fn connection_state(word: Option<&str>) -> &str {
    match word {
        None => "STATE_UNSPECIFIED",
        Some("1") => "ACTIVE",
        Some("2") => "FAILED",
        Some("3") => "CREATING",
        Some("4") => "DELETING",
        Some("5") => "CREATE_REPAIRING",
        Some("6") => "DELETE_REPAIRING",
        Some(word) => word,
    }
}

/// Policy-based routes of a network, by priority.
pub(super) fn routes(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Fact<Vec<PolicyRoute>> {
    or(estate.missing(Operation::PolicyRoutes, account), || {
        let mut all = vec![];
        for value in estate.of(Operation::PolicyRoutes, account) {
            let it: connectivity::PolicyRoute = read(account, Operation::PolicyRoutes, value)?;
            if estate.ids.resource(&it.network, account) == *network {
                all.push(route(estate, account, &it)?);
            }
        }
        all.sort_by(|a: &PolicyRoute, b| (a.priority, &a.id).cmp(&(b.priority, &b.id)));
        Ok(all)
    })
}

/// Source: `policy_based_routing.proto`, "PolicyBasedRoute".
fn route(
    estate: &Estate,
    account: &AccountId,
    it: &connectivity::PolicyRoute,
) -> Result<PolicyRoute, Box<Gap>> {
    let wrong = |what: &str| {
        let message = format!("{what} of a policy-based route cannot be read");
        Box::new(odd(account, Operation::PolicyRoutes, &message))
    };
    // Left out it is everywhere, in the family that the route is for.
    let everywhere = match it.filter.protocol_version.as_deref() {
        None | Some("IPV4" | "1") => Cidr::ANY_V4,
        Some("IPV6" | "2") => Cidr::ANY_V6,
        Some(_) => return Err(wrong("the family")),
    };
    let cidr = |text: &Option<String>| match text.as_deref() {
        None | Some("") => Ok(everywhere),
        Some(text) => range(text).ok_or_else(|| wrong("a range")),
    };
    let protocol = match it.filter.ip_protocol.as_deref() {
        None | Some("" | "ALL") => Protocol::Any,
        Some(word) => protocol(word).ok_or_else(|| wrong("the protocol"))?,
    };
    let tags = it.virtual_machine.as_ref().map(|it| it.tags.clone());
    let scope = match (
        tags.filter(|it| !it.is_empty()),
        &it.interconnect_attachment,
    ) {
        (Some(mut tags), _) => {
            tags.sort();
            PolicyRouteScope::Tags(tags)
        }
        (None, Some(attachment)) => PolicyRouteScope::Interconnect(attachment.region.clone()),
        (None, None) => PolicyRouteScope::All,
    };
    let balancer = it.next_hop_ilb_ip.as_deref().filter(|it| !it.is_empty());
    let next = match (balancer, it.next_hop_other_routes.as_deref()) {
        (Some(address), _) => {
            PolicyRouteNext::LoadBalancer(address.parse().map_err(|_| wrong("the next hop"))?)
        }
        (None, Some("DEFAULT_ROUTING" | "1")) => PolicyRouteNext::Default,
        (None, word) => PolicyRouteNext::Other(word.unwrap_or("not told").to_owned()),
    };
    // Numbers are those of the API's enum; a warning says that it is not in
    // force.
    let warning = it.warnings.iter().find_map(|it| it.code.clone());
    let state = match warning.as_deref() {
        None | Some("WARNING_UNSPECIFIED" | "0") => LinkState::Active,
        Some("RESOURCE_NOT_ACTIVE" | "1") => LinkState::Down("RESOURCE_NOT_ACTIVE".to_owned()),
        Some("RESOURCE_BEING_MODIFIED" | "2") => {
            LinkState::Pending("RESOURCE_BEING_MODIFIED".to_owned())
        }
        Some(word) => LinkState::Pending(word.to_owned()),
    };
    Ok(PolicyRoute {
        id: estate.ids.resource(&it.name, account),
        // Source: as above: 1000 where nothing is said.
        priority: it.priority.unwrap_or(1000),
        source: cidr(&it.filter.src_range)?,
        destination: cidr(&it.filter.dest_range)?,
        protocol,
        scope,
        next,
        state,
    })
}
