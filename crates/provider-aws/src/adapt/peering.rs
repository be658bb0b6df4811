//! Peerings, put together from the views of both ends.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{VpcPeeringConnection, VpcPeeringConnectionVpcInfo};
use cachewarden_model::{AccountId, Gap, LinkState, Peering, PeeringEnd, Provider};

use super::Around;
use super::words::{cidrs, name, tags};
use crate::operation::Operation;
use crate::place::Place;

const OPERATION: Operation = Operation::DescribeVpcPeeringConnections;

/// One peering for all views of it. Each end tells its own options only in
/// its own region and account, so that each is taken from there if it was
/// read.
pub(super) fn merged(arounds: &[Around<'_>]) -> Vec<Result<Peering, Box<Gap>>> {
    let mut adapted = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<(&Place, &VpcPeeringConnection)>> = BTreeMap::new();
    for around in arounds {
        let Some(network) = around.network else {
            continue;
        };
        for peering in &network.links.peerings.items {
            match peering.vpc_peering_connection_id() {
                Some(id) => by_id.entry(id).or_default().push((around.place, peering)),
                None => {
                    let field = "VpcPeeringConnectionId";
                    adapted.push(Err(around.place.broken(OPERATION, "a peering", field)));
                }
            }
        }
    }
    adapted.extend(by_id.iter().filter_map(|(id, views)| peering(id, views)));
    adapted
}

fn peering(
    id: &str,
    views: &[(&Place, &VpcPeeringConnection)],
) -> Option<Result<Peering, Box<Gap>>> {
    let (place, first) = views.first()?;
    let requester = views
        .iter()
        .map(|(place, it)| (*place, it.requester_vpc_info()));
    let accepter = views
        .iter()
        .map(|(place, it)| (*place, it.accepter_vpc_info()));
    let broken = |field| place.broken(OPERATION, &format!("`{id}`"), field);
    let ends = end(requester)
        .ok_or_else(|| broken("RequesterVpcInfo"))
        .and_then(|one| Ok((one, end(accepter).ok_or_else(|| broken("AccepterVpcInfo"))?)));
    let code = first.status().and_then(|it| it.code());
    let state = code
        .and_then(|it| state(it.as_str()))
        .ok_or_else(|| broken("Status.Code"));
    let tags = tags(first.tags());
    Some(ends.and_then(|(requester, accepter)| {
        Ok(Peering {
            id: id.into(),
            name: name(&tags, id),
            provider: Provider::Aws,
            state: state?,
            requester,
            accepter,
            azure: None,
        })
    }))
}

/// Only `active` carries traffic. None for a word that the manual does not
/// have: such a peering may do so too.
///
/// Source: Amazon VPC Peering Guide, "VPC peering connection lifecycle".
fn state(code: &str) -> Option<LinkState> {
    match code {
        "active" => Some(LinkState::Active),
        "deleting" | "deleted" | "rejected" | "failed" | "expired" => {
            Some(LinkState::Down(code.to_owned()))
        }
        "initiating-request" | "pending-acceptance" | "provisioning" => {
            Some(LinkState::Pending(code.to_owned()))
        }
        _ => None,
    }
}

/// One end, as its own side shows it, or else as any does.
fn end<'a>(
    views: impl Iterator<Item = (&'a Place, Option<&'a VpcPeeringConnectionVpcInfo>)>,
) -> Option<PeeringEnd> {
    let views: Vec<_> = views
        .filter_map(|(place, info)| Some((place, info?)))
        .collect();
    let is_own = |(place, info): &&(&Place, &VpcPeeringConnectionVpcInfo)| {
        info.owner_id() == Some(place.account.as_str())
            && info
                .region()
                .is_none_or(|region| region == place.region.as_str())
    };
    let (_, info) = views.iter().find(is_own).or(views.first())?;
    let v4 = info
        .cidr_block_set()
        .iter()
        .filter_map(|it| it.cidr_block());
    let v6 = info
        .ipv6_cidr_block_set()
        .iter()
        .filter_map(|it| it.ipv6_cidr_block());
    Some(PeeringEnd {
        network: info.vpc_id()?.into(),
        account: info.owner_id().map(AccountId::from),
        region: info.region().map(Into::into),
        cidrs: cidrs(info.cidr_block().into_iter().chain(v4).chain(v6)).unwrap_or_default(),
        access: None,
        forwarded: None,
        exports_routes: None,
        imports_routes: None,
        resolves_names: info
            .peering_options()
            .and_then(|it| it.allow_dns_resolution_from_remote_vpc()),
    })
}
