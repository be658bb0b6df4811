//! Which networks matter besides those with caches, and where they are read.
//!
//! Packets reach a cache from its own network, from networks one peering
//! away (a peering of a peering carries nothing), and from what shares a
//! transit gateway with it. Those networks may lie in other regions
//! (peerings) and accounts (all three: a subnet may belong to another
//! account, too). What lies outside the accounts and regions that are asked
//! leaves a gap, so that nobody takes its absence for emptiness.
//!
//! Source: Amazon VPC Peering Guide, "VPC peering limitations"; AWS Transit
//! Gateway, "How transit gateways work"; Amazon VPC User Guide, "Share your
//! VPC subnets with other accounts".

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{
    TransitGatewayAttachmentResourceType as ResourceType, VpcPeeringConnection,
    VpcPeeringConnectionStateReasonCode as PeeringCode,
};
use cachewarden_model::Gap;

use super::RegionData;
use crate::operation::OF_NETWORKS;
use crate::place::Place;

/// Networks and transit gateways that matter, over all regions and accounts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Relevant {
    /// Networks that hold caches.
    pub(crate) with_caches: BTreeSet<String>,
    /// Those, and what is joined to them.
    pub(crate) networks: BTreeSet<String>,
    /// Transit gateways that a network with caches is attached to.
    pub(crate) routers: BTreeSet<String>,
}

/// A place that something leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    pub(crate) place: Place,
    /// What lies there.
    pub(crate) resource: String,
    /// What leads there.
    pub(crate) by: String,
}

/// What matters, as far as has been read.
pub(crate) fn relevant(regions: &[RegionData]) -> Relevant {
    let with_caches: BTreeSet<String> = regions.iter().flat_map(cache_networks).collect();
    let mut networks = with_caches.clone();
    let links = || {
        regions
            .iter()
            .filter_map(|region| Some(&region.network.as_ref()?.links))
    };
    for peering in links().flat_map(|links| &links.peerings.items) {
        let far = far_end(peering, &with_caches);
        networks.extend(far.and_then(|end| end.vpc_id()).map(str::to_owned));
    }
    let attached: Vec<(&str, &str)> = links().flat_map(attachments).collect();
    let routers: BTreeSet<String> = attached
        .iter()
        .filter(|(_, network)| with_caches.contains(*network))
        .map(|(router, _)| (*router).to_owned())
        .collect();
    let joined = attached
        .iter()
        .filter(|(router, _)| routers.contains(*router));
    networks.extend(joined.map(|(_, network)| (*network).to_owned()));
    Relevant {
        with_caches,
        networks,
        routers,
    }
}

/// Transit gateways and the networks attached to them.
fn attachments(links: &super::network::Links) -> impl Iterator<Item = (&str, &str)> {
    let all = links.attachments.items.iter().filter_map(|it| {
        let is_network = it.resource_type() == Some(&ResourceType::Vpc);
        Some((
            it.transit_gateway_id()?,
            it.resource_id().filter(|_| is_network)?,
        ))
    });
    let networks = links.vpc_attachments.items.iter();
    all.chain(networks.filter_map(|it| Some((it.transit_gateway_id()?, it.vpc_id()?))))
}

/// The networks that hold caches of a region.
fn cache_networks(region: &RegionData) -> BTreeSet<String> {
    let details = &region.details;
    let groups = details.subnet_groups.items.iter();
    let groups: BTreeMap<_, _> = groups
        .filter_map(|it| Some((it.cache_subnet_group_name()?, it.vpc_id()?)))
        .collect();
    let nodes = region.caches.clusters.items.iter();
    let nodes = nodes.filter(|it| !super::caches::is_memcached(it.engine()));
    let nodes = nodes.filter_map(|it| groups.get(it.cache_subnet_group_name()?).copied());

    let groups = details.memorydb.subnet_groups.items.iter();
    let groups: BTreeMap<_, _> = groups
        .filter_map(|it| Some((it.name()?, it.vpc_id()?)))
        .collect();
    let clusters = region.caches.memorydb.items.iter();
    let clusters = clusters.filter_map(|it| groups.get(it.subnet_group_name()?).copied());

    let subnets = region
        .network
        .iter()
        .flat_map(|network| &network.subnets.items);
    let subnets: BTreeMap<_, _> = subnets
        .filter_map(|it| Some((it.subnet_id()?, it.vpc_id()?)))
        .collect();
    let serverless = region.caches.serverless().flat_map(|it| it.subnet_ids());
    let serverless = serverless.filter_map(|id| subnets.get(id.as_str()).copied());

    nodes
        .chain(clusters)
        .chain(serverless)
        .map(str::to_owned)
        .collect()
}

/// The other end of a peering that is in force and touches one of the networks.
fn far_end<'a>(
    peering: &'a VpcPeeringConnection,
    networks: &BTreeSet<String>,
) -> Option<&'a aws_sdk_ec2::types::VpcPeeringConnectionVpcInfo> {
    if peering.status()?.code()? != &PeeringCode::Active {
        return None;
    }
    let (one, other) = (peering.requester_vpc_info()?, peering.accepter_vpc_info()?);
    let touches = |end: &aws_sdk_ec2::types::VpcPeeringConnectionVpcInfo| {
        end.vpc_id().is_some_and(|id| networks.contains(id))
    };
    match (touches(one), touches(other)) {
        (true, _) => Some(other),
        (false, true) => Some(one),
        (false, false) => None,
    }
}

/// The places that networks with caches lead to, sorted.
pub(super) fn named(regions: &[RegionData], relevant: &Relevant) -> BTreeSet<Named> {
    let mut found = BTreeSet::new();
    for region in regions {
        let Some(network) = &region.network else {
            continue;
        };
        let here = region.scope.place.region.as_str();
        let mut add = |account: Option<&str>, region: &str, resource: &str, by: &str| {
            // Without an account there is nobody to ask, and no gap to place.
            let Some(account) = account else { return };
            let place = Place::new(account, region);
            found.insert(Named {
                place,
                resource: resource.to_owned(),
                by: by.to_owned(),
            });
        };
        for peering in &network.links.peerings.items {
            let far = far_end(peering, &relevant.with_caches);
            if let (Some(far), Some(by)) = (far, peering.vpc_peering_connection_id())
                && let Some(id) = far.vpc_id()
            {
                add(far.owner_id(), far.region().unwrap_or(here), id, by);
            }
        }
        for vpc in &network.vpcs.items {
            let id = vpc.vpc_id().filter(|id| relevant.with_caches.contains(*id));
            if let Some(id) = id {
                add(vpc.owner_id(), here, id, id);
            }
        }
        for router in &network.links.routers.items {
            let id = router
                .transit_gateway_id()
                .filter(|id| relevant.routers.contains(*id));
            if let Some(id) = id {
                add(router.owner_id(), here, id, id);
            }
        }
        for it in &network.links.attachments.items {
            let router = it
                .transit_gateway_id()
                .filter(|id| relevant.routers.contains(*id));
            let network = it
                .resource_id()
                .filter(|_| it.resource_type() == Some(&ResourceType::Vpc));
            if let (Some(_), Some(network)) = (router, network) {
                let by = it.transit_gateway_attachment_id().unwrap_or(network);
                add(it.resource_owner_id(), here, network, by);
            }
        }
    }
    found
}

/// The gap of a place that something leads to and that was not read.
pub(super) fn unread(named: &Named, accounts: &BTreeSet<&str>) -> Gap {
    let Named {
        place,
        resource,
        by,
    } = named;
    let outside = if accounts.contains(place.account.as_str()) {
        format!("region {} was not among those asked", place.region)
    } else {
        format!("account {} was not among those asked", place.account)
    };
    let message = if by == resource {
        format!("`{resource}` belongs to another account; {outside}")
    } else {
        format!("`{by}` leads to it; {outside}")
    };
    place.not_collected(resource, message, OF_NETWORKS)
}
