//! VPC endpoints that have interfaces.

use aws_sdk_ec2::types::VpcEndpoint;
use cachewarden_model::{AccountId, Fact, Gap, PrivateEndpoint, PrivateEndpointState, Provider};

use super::placement::CacheInterfaces;
use super::words::{ids, name, tags};
use crate::operation::Operation;
use crate::place::Place;

/// An endpoint; none if it is of a kind without interfaces, which is but an
/// entry of route tables.
///
/// # Errors
///
/// If it has no id or network, or a state that this version does not know.
pub(super) fn private(
    place: &Place,
    interfaces: &CacheInterfaces<'_>,
    endpoint: &VpcEndpoint,
) -> Option<Result<PrivateEndpoint, Box<Gap>>> {
    if endpoint.vpc_endpoint_type().map(|it| it.as_str()) == Some("Gateway") {
        return None;
    }
    Some(with_interfaces(place, interfaces, endpoint))
}

fn with_interfaces(
    place: &Place,
    interfaces: &CacheInterfaces<'_>,
    endpoint: &VpcEndpoint,
) -> Result<PrivateEndpoint, Box<Gap>> {
    let operation = Operation::DescribeVpcEndpoints;
    let id = endpoint.vpc_endpoint_id();
    let id = id.ok_or_else(|| place.broken(operation, "an endpoint", "VpcEndpointId"))?;
    let vpc = endpoint
        .vpc_id()
        .ok_or_else(|| place.broken(operation, &format!("`{id}`"), "VpcId"))?;
    let state = endpoint.state().and_then(|it| state(it.as_str()));
    let state = state.ok_or_else(|| place.broken(operation, &format!("`{id}`"), "State"))?;
    let tags = tags(endpoint.tags());
    let its = endpoint.network_interface_ids();
    Ok(PrivateEndpoint {
        id: id.into(),
        name: name(&tags, id),
        provider: Provider::Aws,
        account: endpoint
            .owner_id()
            .map_or_else(|| place.account.clone(), AccountId::from),
        region: place.region.clone(),
        network: vpc.into(),
        subnets: ids(endpoint.subnet_ids().iter().map(String::as_str)),
        interfaces: ids(its.iter().map(String::as_str)),
        addresses: interfaces.addresses_of(place, its),
        target: endpoint.service_name().unwrap_or("not stated").to_owned(),
        state,
        global_access: None,
        filters: Fact::Known(ids(endpoint.groups().iter().filter_map(|it| it.group_id()))),
        groups: vec![],
        parts: vec![],
        names: vec![],
        zones: Fact::Default(vec![]),
    })
}

/// The manual writes states with a capital, the service often without. None
/// for a word that the manual does not have.
///
/// Source: Amazon EC2 API Reference, "VpcEndpoint", `state`.
fn state(text: &str) -> Option<PrivateEndpointState> {
    match text.to_ascii_lowercase().as_str() {
        "available" => Some(PrivateEndpointState::Approved),
        "pending" | "pendingacceptance" => Some(PrivateEndpointState::Pending),
        "deleting" | "deleted" | "rejected" | "failed" | "expired" => {
            Some(PrivateEndpointState::Down(text.to_owned()))
        }
        _ => None,
    }
}
