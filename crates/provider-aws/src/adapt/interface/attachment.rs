//! What is behind an interface.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{Instance, NetworkInterface};
use cachewarden_model::{
    Attachment, Fact, GapReason, InterfaceKind, Platform, ResourceId, RunState,
};

use super::{Behind, OPERATION, word_with};
use crate::adapt::words::{name, tags};
use crate::operation::Operation;
use crate::place::Place;

/// The thing behind an interface; none if it is not attached.
pub(super) fn attached_to(
    place: &Place,
    behind: &Behind<'_>,
    id: &str,
    interface: &NetworkInterface,
    kind: &InterfaceKind,
    own_tags: &BTreeMap<String, String>,
) -> Option<Attachment> {
    if let Some(instance) = interface.attachment().and_then(|it| it.instance_id()) {
        return Some(machine(place, behind, instance));
    }
    let status = interface.status().map(|it| it.as_str());
    if status == Some("available") {
        return None;
    }
    let (resource, name) = service(behind, id, interface, kind, own_tags);
    Some(Attachment {
        id: ResourceId::from(resource),
        name,
        state: match status {
            Some("in-use" | "associated") => Fact::Known(RunState::Running),
            Some(word) => Fact::Known(RunState::Other(word.to_owned())),
            None => place.unstated(OPERATION, "Status"),
        },
        platform: match kind {
            InterfaceKind::Function | InterfaceKind::LoadBalancer | InterfaceKind::NatGateway => {
                Fact::Known(Platform::Managed)
            }
            _ => place.not_offered(
                OPERATION,
                "the operating system behind a service is not told",
            ),
        },
        machine_type: None,
    })
}

/// A machine of the owner's, as far as it was listed.
fn machine(place: &Place, behind: &Behind<'_>, id: &str) -> Attachment {
    let operation = Operation::DescribeInstances;
    let Some(instance) = behind.instances.get(id) else {
        let gap = behind.instance_gap.cloned().unwrap_or_else(|| {
            let message = format!("`{id}` is not among the machines of this account");
            place.gap(operation.action(), GapReason::NotCollected, message)
        });
        return Attachment {
            id: id.into(),
            name: id.to_owned(),
            state: Fact::unknown(gap.clone()),
            platform: Fact::unknown(gap),
            machine_type: None,
        };
    };
    Attachment {
        id: id.into(),
        name: name(&tags(instance.tags()), id),
        state: match instance
            .state()
            .and_then(|it| it.name())
            .map(|it| it.as_str())
        {
            Some("running") => Fact::Known(RunState::Running),
            Some("stopped") => Fact::Known(RunState::Stopped),
            Some(word) => Fact::Known(RunState::Other(word.to_owned())),
            None => place.unstated(operation, "State"),
        },
        platform: platform(place, instance),
        machine_type: instance.instance_type().map(|it| it.as_str().to_owned()),
    }
}

/// The operating system, as far as it settles source ports: Windows is
/// stated, and what is not Windows is Linux but for machines that run macOS,
/// whose ports are not documented.
///
/// Source: Amazon EC2 API Reference, `Instance`, `Platform`.
fn platform(place: &Place, instance: &Instance) -> Fact<Platform> {
    let details = instance.platform_details();
    let windows = |text: &str| text.to_ascii_lowercase().starts_with("windows");
    let stated = instance.platform().map(|it| it.as_str());
    let kind = instance
        .instance_type()
        .map(|it| it.as_str())
        .unwrap_or_default();
    match (stated, details) {
        (Some(text), _) if windows(text) => Fact::Known(Platform::Windows),
        (_, Some(text)) if windows(text) => Fact::Known(Platform::Windows),
        (Some(text), _) => place.unmodelled(Operation::DescribeInstances, "Platform", text),
        _ if kind.starts_with("mac") => place.not_offered(
            Operation::DescribeInstances,
            "the source ports of macOS are not documented",
        ),
        (None, Some(_)) => Fact::Known(Platform::Linux),
        (None, None) => Fact::Default(Platform::Linux),
    }
}

/// Id and name of a service behind an interface, as the service calls
/// itself: from its own listing where there is one, else by the description
/// that it gave the interface.
fn service(
    behind: &Behind<'_>,
    id: &str,
    interface: &NetworkInterface,
    kind: &InterfaceKind,
    own_tags: &BTreeMap<String, String>,
) -> (String, String) {
    let description = interface.description().unwrap_or_default();
    let same = |text: &str| (text.to_owned(), text.to_owned());
    if let Some(node) = behind.nodes.node_of(id) {
        return same(node);
    }
    if let Some(gateway) = behind.nat_gateways.get(id)
        && let Some(gateway_id) = gateway.nat_gateway_id()
    {
        return (
            gateway_id.to_owned(),
            name(&tags(gateway.tags()), gateway_id),
        );
    }
    if let Some(endpoint) = behind.endpoints.get(id)
        && let Some(endpoint_id) = endpoint.vpc_endpoint_id()
    {
        return (
            endpoint_id.to_owned(),
            name(&tags(endpoint.tags()), endpoint_id),
        );
    }
    let by_word = match kind {
        InterfaceKind::NatGateway => word_with(description, "nat-"),
        InterfaceKind::PrivateEndpoint => word_with(description, "vpce-"),
        InterfaceKind::TransitRouter => word_with(description, "tgw-attach-"),
        _ => None,
    };
    if let Some(word) = by_word {
        return same(word);
    }
    // "AWS Lambda VPC ENI-NAME-UUID"; the functions of one subnet and set of
    // groups share it, and the name is of the first.
    // Source: AWS Lambda Developer Guide, "Giving Lambda functions access to
    // resources in an Amazon VPC".
    if let Some(function) = description.strip_prefix("AWS Lambda VPC ENI-") {
        return (function.to_owned(), without_uuid(function).to_owned());
    }
    if let Some(balancer) = description.strip_prefix("ELB ") {
        let short = balancer.split('/').nth(1).unwrap_or(balancer);
        return (balancer.to_owned(), short.to_owned());
    }
    let label = own_tags.get("aws:ecs:serviceName").or(own_tags.get("Name"));
    // All pods' interfaces have the same description.
    let text = match kind {
        InterfaceKind::Pod => id,
        _ if description.is_empty() => id,
        _ => description,
    };
    (
        text.to_owned(),
        label.map_or_else(|| text.to_owned(), Clone::clone),
    )
}

/// `name-01234567-89ab-cdef-0123-456789abcdef` without its last part.
fn without_uuid(text: &str) -> &str {
    const UUID: usize = 36;
    let at = text.len().checked_sub(UUID + 1);
    let split = at.and_then(|at| text.split_at_checked(at));
    match split {
        Some((name, rest)) if !name.is_empty() && rest.starts_with('-') && is_uuid(&rest[1..]) => {
            name
        }
        _ => text,
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    let hex = |part: &&str| part.bytes().all(|each| each.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq(lengths) && parts.iter().all(hex)
}

/// The words of a description: runs of letters, digits and hyphens.
pub(super) fn description_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|each: char| !(each.is_ascii_alphanumeric() || each == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_called_by_its_name() {
        let uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
        assert_eq!(without_uuid(&format!("checkout-{uuid}")), "checkout");
        assert_eq!(
            without_uuid(&format!("checkout-api-{uuid}")),
            "checkout-api"
        );
        assert_eq!(without_uuid(uuid), uuid);
        assert_eq!(without_uuid("checkout"), "checkout");
    }
}
