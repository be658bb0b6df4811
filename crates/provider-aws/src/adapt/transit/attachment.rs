//! What is attached to a transit gateway.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{
    TransitGatewayAttachment, TransitGatewayVpcAttachment, TransitGatewayVpcAttachmentOptions,
};
use cachewarden_model::{
    AccountId, Fact, Gap, GapReason, LinkState, ResourceId, TransitAttachment, TransitResource,
};

use super::switch;
use crate::adapt::Around;
use crate::adapt::words::ids;
use crate::collect::Links;
use crate::operation::Operation;
use crate::place::Place;

pub(super) const ATTACHMENTS: Operation = Operation::DescribeTransitGatewayAttachments;

pub(super) const VPC_ATTACHMENTS: Operation = Operation::DescribeTransitGatewayVpcAttachments;

/// What attachments of networks have besides: as any account shows them.
pub(super) struct VpcAttachments<'a> {
    by_id: BTreeMap<&'a str, &'a TransitGatewayVpcAttachment>,
    gap: Option<Gap>,
}

impl<'a> VpcAttachments<'a> {
    pub(super) fn find(arounds: &[Around<'a>]) -> Self {
        let links = arounds
            .iter()
            .filter_map(|around| Some(&around.network?.links));
        let listings: Vec<_> = links.map(|links| &links.vpc_attachments).collect();
        let all = listings.iter().flat_map(|listing| &listing.items);
        Self {
            by_id: all
                .filter_map(|it| Some((it.transit_gateway_attachment_id()?, it)))
                .collect(),
            gap: listings.iter().find_map(|listing| listing.gap.clone()),
        }
    }

    fn unlisted<T>(&self, place: &Place, id: &str) -> Fact<T> {
        Fact::unknown(self.gap.clone().unwrap_or_else(|| {
            let message = format!("`{id}` belongs to an account that was not asked");
            place.gap(VPC_ATTACHMENTS.action(), GapReason::NotCollected, message)
        }))
    }
}

pub(super) fn attachments(
    place: &Place,
    details: &VpcAttachments<'_>,
    links: &Links,
    router: &str,
) -> Fact<Vec<TransitAttachment>> {
    if let Some(gap) = &links.attachments.gap {
        return Fact::unknown(gap.clone());
    }
    let its = links.attachments.items.iter();
    let its = its.filter(|it| it.transit_gateway_id() == Some(router));
    let adapted = its.map(|it| {
        let id = it.transit_gateway_attachment_id();
        let id = id.ok_or_else(|| {
            place.broken(ATTACHMENTS, "an attachment", "TransitGatewayAttachmentId")
        })?;
        Ok(attachment(place, details, id, it))
    });
    match adapted.collect::<Result<Vec<_>, _>>() {
        Ok(mut all) => {
            all.sort_by(|one, other| one.id.cmp(&other.id));
            Fact::Known(all)
        }
        Err(gap) => Fact::Unknown(gap),
    }
}

pub(super) fn attachment(
    place: &Place,
    details: &VpcAttachments<'_>,
    id: &str,
    attachment: &TransitGatewayAttachment,
) -> TransitAttachment {
    let kind = attachment
        .resource_type()
        .map_or("not stated", |it| it.as_str());
    let resource = match (kind, attachment.resource_id()) {
        ("vpc", Some(vpc)) => TransitResource::Network(vpc.into()),
        _ => TransitResource::Other(kind.to_owned()),
    };
    let association = attachment.association();
    let in_force = association.filter(|it| it.state().map(|it| it.as_str()) == Some("associated"));
    let table = in_force
        .and_then(|it| it.transit_gateway_route_table_id())
        .map(ResourceId::from);
    let detail = details.by_id.get(id).copied();
    let is_network = matches!(resource, TransitResource::Network(_));
    let options = detail.map(|it| it.options());
    let option = |field: &str,
                  read: fn(&TransitGatewayVpcAttachmentOptions) -> Option<&str>,
                  default: bool| {
        match options {
            // What is no network has no such options.
            None if !is_network => {
                place.not_offered(VPC_ATTACHMENTS, "only attachments of networks have options")
            }
            None => details.unlisted(place, id),
            Some(options) => switch(
                place,
                VPC_ATTACHMENTS,
                field,
                options.and_then(read),
                || Fact::Default(default),
            ),
        }
    };
    TransitAttachment {
        id: id.into(),
        account: attachment.resource_owner_id().map(AccountId::from),
        state: state(attachment.state().map(|it| it.as_str())),
        subnets: match detail {
            Some(it) => Fact::Known(ids(it.subnet_ids().iter().map(String::as_str))),
            None if !is_network => Fact::Known(vec![]),
            None => details.unlisted(place, id),
        },
        table: Fact::Known(table),
        // On by default for attachments; it takes both to hold.
        group_references: option(
            "SecurityGroupReferencingSupport",
            |it| {
                it.security_group_referencing_support()
                    .map(|it| it.as_str())
            },
            true,
        ),
        ipv6: option(
            "Ipv6Support",
            |it| it.ipv6_support().map(|it| it.as_str()),
            false,
        ),
        appliance_mode: option(
            "ApplianceModeSupport",
            |it| it.appliance_mode_support().map(|it| it.as_str()),
            false,
        ),
        resource,
    }
}

/// Only `available` carries traffic, and `modifying` while it lasts.
///
/// Source: AWS Transit Gateway, "VPC attachment lifecycle".
pub(super) fn state(text: Option<&str>) -> LinkState {
    match text {
        Some("available" | "modifying") => LinkState::Active,
        Some(word @ ("deleting" | "deleted" | "failed" | "failing" | "rejected" | "rejecting")) => {
            LinkState::Down(word.to_owned())
        }
        other => LinkState::Pending(other.unwrap_or("not stated").to_owned()),
    }
}
