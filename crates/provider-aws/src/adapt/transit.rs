//! Transit gateways, put together from the views of all accounts that take
//! part: the owner sees every attachment and the tables, the others only
//! what is theirs.

mod attachment;
mod table;

use std::collections::BTreeMap;

use aws_sdk_ec2::types::TransitGateway;
use cachewarden_model::{AccountId, Fact, Gap, GapReason, Provider, TransitRouter};

use self::attachment::{ATTACHMENTS, VpcAttachments, attachments};
use self::table::{ROUTES, tables};
use super::Around;
use super::cache::word;
use super::words::{name, tags};
use crate::operation::Operation;
use crate::place::Place;

/// All transit gateways, each once.
pub(super) fn routers(arounds: &[Around<'_>]) -> Vec<Result<TransitRouter, Box<Gap>>> {
    let mut adapted = Vec::new();
    // By id; the owner's view takes the place of any other.
    let mut seen: BTreeMap<&str, (&Around<'_>, &TransitGateway)> = BTreeMap::new();
    for around in arounds {
        let Some(network) = around.network else {
            continue;
        };
        for router in &network.links.routers.items {
            let Some(id) = router.transit_gateway_id() else {
                let operation = Operation::DescribeTransitGateways;
                adapted.push(Err(around.place.broken(
                    operation,
                    "a transit gateway",
                    "TransitGatewayId",
                )));
                continue;
            };
            let is_gone = router.state().map(|it| it.as_str()) == Some("deleted");
            if !is_gone && (is_owner(around.place, router) || !seen.contains_key(id)) {
                seen.insert(id, (around, router));
            }
        }
    }
    let details = VpcAttachments::find(arounds);
    adapted.extend(
        seen.iter()
            .map(|(id, (around, it))| Ok(router(around, &details, id, it))),
    );
    adapted
}

fn is_owner(place: &Place, router: &TransitGateway) -> bool {
    router.owner_id() == Some(place.account.as_str())
}

fn router(
    around: &Around<'_>,
    details: &VpcAttachments<'_>,
    id: &str,
    router: &TransitGateway,
) -> TransitRouter {
    let place = around.place;
    let tags = tags(router.tags());
    let support = router
        .options()
        .and_then(|it| it.security_group_referencing_support());
    let (attachments, tables) = match around.network.filter(|_| is_owner(place, router)) {
        Some(network) => (
            attachments(place, details, &network.links, id),
            tables(around, &network.links, id),
        ),
        None => (
            not_the_owners(place, ATTACHMENTS, router),
            not_the_owners(place, ROUTES, router),
        ),
    };
    TransitRouter {
        id: id.into(),
        name: name(&tags, id),
        provider: Provider::Aws,
        account: router
            .owner_id()
            .map_or_else(|| place.account.clone(), AccountId::from),
        region: place.region.clone(),
        // Off unless it was switched on.
        // Source: AWS Transit Gateway, "Security group referencing".
        group_references: switch(
            place,
            Operation::DescribeTransitGateways,
            "SecurityGroupReferencingSupport",
            support.map(|it| it.as_str()),
            || Fact::Default(false),
        ),
        attachments,
        tables,
    }
}

fn not_the_owners<T>(place: &Place, operation: Operation, router: &TransitGateway) -> Fact<T> {
    let owner = router.owner_id().unwrap_or("another account");
    let message = format!("only {owner}, which owns the transit gateway, can see all of it");
    Fact::unknown(place.gap(operation.action(), GapReason::NotCollected, message))
}

/// `enable` or `disable`.
fn switch(
    place: &Place,
    operation: Operation,
    field: &str,
    text: Option<&str>,
    absent: impl FnOnce() -> Fact<bool>,
) -> Fact<bool> {
    word(place, operation, field, text, absent, |text| match text {
        "enable" => Some(true),
        "disable" => Some(false),
        _ => None,
    })
}
