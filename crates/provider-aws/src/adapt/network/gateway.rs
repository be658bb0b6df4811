//! The internet gateways of a network.

use aws_sdk_ec2::types::{InternetGatewayAttachment, Vpc};
use cachewarden_model::{Fact, GapReason, InternetGateway, LinkState};

use crate::collect::Network;
use crate::operation::Operation;
use crate::place::Place;

const OPERATION: Operation = Operation::DescribeInternetGateways;

/// What is attached to a network. Unknown where the list was not read to its
/// end, and for networks of another account: a gateway shows to its owner
/// alone, who is the network's.
///
/// Source: Amazon EC2 API Reference, `DescribeInternetGateways`; Amazon VPC
/// User Guide, "Share your VPC subnets with other accounts".
pub(super) fn internet_gateways(
    place: &Place,
    data: &Network,
    vpc: &Vpc,
) -> Fact<Vec<InternetGateway>> {
    if let Some(gap) = &data.internet_gateways.gap {
        return Fact::unknown(gap.clone());
    }
    if vpc
        .owner_id()
        .is_some_and(|it| it != place.account.as_str())
    {
        return Fact::unknown(place.gap(
            OPERATION.action(),
            GapReason::NotOffered,
            "gateways of shared networks show to their owner alone",
        ));
    }
    let mut found = Vec::new();
    for gateway in &data.internet_gateways.items {
        let here =
            |it: &&InternetGatewayAttachment| it.vpc_id().is_some() && it.vpc_id() == vpc.vpc_id();
        for attachment in gateway.attachments().iter().filter(here) {
            let Some(id) = gateway.internet_gateway_id() else {
                return place.unstated(OPERATION, "InternetGatewayId");
            };
            let state = match attachment.state().map(|it| it.as_str()) {
                Some("available" | "attached") => LinkState::Active,
                Some(word @ ("attaching" | "detaching")) => LinkState::Pending(word.to_owned()),
                Some(word @ "detached") => LinkState::Down(word.to_owned()),
                Some(word) => return place.unmodelled(OPERATION, "Attachments.State", word),
                None => return place.unstated(OPERATION, "Attachments.State"),
            };
            let id = id.into();
            found.push(InternetGateway { id, state });
        }
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    Fact::Known(found)
}
