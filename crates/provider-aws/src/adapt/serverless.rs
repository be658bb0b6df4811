//! Serverless caches.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::ServerlessCache;
use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    AtRestEncryption, Cache, ClusterMode, EndpointRole, Fact, Failover, Gap, GapReason, Node,
    PublicAccess, ResourceId, Service, TransitEncryption, Version,
};

use super::cache::{blank, endpoint, engine, families, missing, not_listed, status, tls_min, word};
use super::elasticache::backup_days;
use super::metric::metrics;
use super::placement::CacheInterfaces;
use super::words::ids;
use super::{Around, admission};
use crate::collect::Measured;
use crate::operation::Operation;

const OPERATION: Operation = Operation::DescribeServerlessCaches;

/// A serverless cache.
///
/// What its service fixes and no field states is a default: encryption on
/// the way and on disk, several zones, updates, `timeout` and `maxclients`.
/// Source: Amazon ElastiCache User Guide, "Getting started", "In-transit
/// encryption", "Quotas".
///
/// # Errors
///
/// If it has no name.
pub(super) fn cache(
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    cache: &ServerlessCache,
) -> Result<Cache, Box<Gap>> {
    let place = around.place;
    let name = cache.serverless_cache_name();
    let name =
        name.ok_or_else(|| place.broken(OPERATION, "a serverless cache", "ServerlessCacheName"))?;
    let mut adapted = blank(
        place,
        OPERATION,
        Service::ElastiCacheServerless,
        cache.arn().unwrap_or(name),
        name,
    );
    adapted.engine = engine(place, OPERATION, cache.engine());
    let version = cache.full_engine_version().or(cache.major_engine_version());
    adapted.engine_version = match version {
        Some(version) => Fact::Known(Version(version.to_owned())),
        None => place.unstated(OPERATION, "MajorEngineVersion"),
    };
    adapted.status = status(place, OPERATION, "Status", cache.status());
    adapted.network = network(around, cache);
    adapted.subnets = subnets(around, cache);
    adapted.filters = filters(around, cache, &adapted.network);
    adapted.families = families(place, OPERATION, cache.network_type().map(|it| it.as_str()));
    adapted.nodes = nodes(around, interfaces, cache);
    let ids: Vec<String> = adapted.nodes.iter().map(|node| node.id.clone()).collect();
    let (primary, reader) = (cache.endpoint(), cache.reader_endpoint());
    let primary =
        primary.and_then(|it| endpoint(EndpointRole::Primary, it.address(), it.port(), &ids));
    let reader =
        reader.and_then(|it| endpoint(EndpointRole::Reader, it.address(), it.port(), &ids));
    adapted.endpoints = primary.into_iter().chain(reader).collect();
    adapted.cluster_mode = Fact::Default(ClusterMode::Enabled);
    adapted.transit_encryption = Fact::Default(TransitEncryption::Required);
    adapted.tls_min = tls_min(around, OPERATION, &adapted.engine, &adapted.engine_version);
    adapted.at_rest_encryption = match cache.kms_key_id().filter(|key| !key.is_empty()) {
        Some(key) => Fact::Known(AtRestEncryption::CustomerKey(key.into())),
        None => Fact::Default(AtRestEncryption::ServiceKey),
    };
    let admission = admission::of_serverless(around, cache.user_group_id(), &adapted.engine);
    adapted.authentication = admission.authentication;
    adapted.anonymous_access = admission.anonymous;
    adapted.public_access = public_access(around, cache);
    adapted.automatic_failover = Fact::Default(Failover::Enabled);
    adapted.multi_zone = Fact::Default(true);
    adapted.backup_days = backup_days(place, OPERATION, cache.snapshot_retention_limit());
    adapted.minor_upgrades = Fact::Default(true);
    adapted.parameter_group = Fact::Default(None);
    adapted.parameters = Fact::Default(fixed_parameters());
    adapted.updates = Fact::Default(vec![]);
    adapted.metrics = metrics(around, &[(Measured::Serverless(name.to_owned()), None)]);
    adapted.aws = Some(AwsCache::default());
    Ok(adapted)
}

/// What cannot be set.
fn fixed_parameters() -> BTreeMap<String, String> {
    let pairs = [("maxclients", "65000"), ("timeout", "0")];
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// Whether it has an address on the internet: in a VPC by default.
///
/// Source: ElastiCache API Reference, `ServerlessCache`, `ConnectionType`.
fn public_access(around: &Around<'_>, cache: &ServerlessCache) -> Fact<PublicAccess> {
    word(
        around.place,
        OPERATION,
        "ConnectionType",
        cache.connection_type().map(|it| it.as_str()),
        || Fact::Default(PublicAccess::Disabled),
        |text| match text {
            "vpc" => Some(PublicAccess::Disabled),
            "public" => Some(PublicAccess::Enabled),
            _ => None,
        },
    )
}

fn subnets(around: &Around<'_>, cache: &ServerlessCache) -> Fact<Vec<ResourceId>> {
    let subnets = ids(cache.subnet_ids().iter().map(String::as_str));
    if subnets.is_empty() {
        return around.place.unstated(OPERATION, "SubnetIds");
    }
    Fact::Known(subnets)
}

/// The network of its subnets; the cache itself does not tell.
fn network(around: &Around<'_>, cache: &ServerlessCache) -> Fact<ResourceId> {
    let Some(id) = cache.subnet_ids().first() else {
        return around.place.unstated(OPERATION, "SubnetIds");
    };
    let listing = around.network.map(|network| &network.subnets);
    let subnets = listing.iter().flat_map(|listing| &listing.items);
    let of_any = |it: &&aws_sdk_ec2::types::Subnet| {
        it.subnet_id()
            .is_some_and(|id| cache.subnet_ids().iter().any(|each| each == id))
    };
    match subnets.into_iter().find(of_any).and_then(|it| it.vpc_id()) {
        Some(vpc) => Fact::Known(vpc.into()),
        None => {
            let gap = listing.and_then(|listing| listing.gap.as_ref());
            not_listed(around.place, Operation::DescribeSubnets, gap, id)
        }
    }
}

/// Its groups; where none is named, the default group of its network.
///
/// Source: ElastiCache API Reference, "CreateServerlessCache",
/// `SecurityGroupIds`.
fn filters(
    around: &Around<'_>,
    cache: &ServerlessCache,
    network: &Fact<ResourceId>,
) -> Fact<Vec<ResourceId>> {
    let named = ids(cache.security_group_ids().iter().map(String::as_str));
    if !named.is_empty() {
        return Fact::Known(named);
    }
    let vpc = match network.get() {
        Ok(vpc) => vpc.as_str(),
        Err(gap) => return Fact::unknown(gap.clone()),
    };
    let listing = around.network.map(|network| &network.filters.groups);
    let groups = listing.iter().flat_map(|listing| &listing.items);
    let default = groups
        .into_iter()
        .find(|group| group.vpc_id() == Some(vpc) && group.group_name() == Some("default"));
    match default.and_then(|group| group.group_id()) {
        Some(id) => Fact::Default(ids([id])),
        None => {
            let gap = listing.and_then(|listing| listing.gap.as_ref());
            let what = format!("the default group of `{vpc}`");
            missing(around.place, Operation::DescribeSecurityGroups, gap, &what)
        }
    }
}

/// One node for each subnet: the interface of the cache's endpoint there.
/// The name resolves to all of them.
fn nodes(
    around: &Around<'_>,
    interfaces: &CacheInterfaces<'_>,
    cache: &ServerlessCache,
) -> Vec<Node> {
    let addresses = interfaces.serverless(cache);
    let listed = around
        .network
        .iter()
        .flat_map(|network| &network.subnets.items);
    let zones: BTreeMap<&str, &str> = listed
        .filter_map(|it| Some((it.subnet_id()?, it.availability_zone()?)))
        .collect();
    let mut nodes: Vec<_> = cache
        .subnet_ids()
        .iter()
        .map(|subnet| {
            let unknown = || {
                Fact::unknown(interfaces.gap().cloned().unwrap_or_else(|| {
                    around.place.gap(
                        Operation::DescribeVpcEndpoints.action(),
                        GapReason::NotOffered,
                        format!("no endpoint is certainly the one of the cache in `{subnet}`"),
                    )
                }))
            };
            Node {
                id: subnet.clone(),
                shard: None,
                zone: zones.get(subnet.as_str()).map(|zone| (*zone).to_owned()),
                subnets: Fact::Known(ids([subnet.as_str()])),
                addresses: addresses
                    .get(subnet.as_str())
                    .map_or_else(unknown, |found| {
                        let mut found = found.clone();
                        found.sort();
                        Fact::Known(found)
                    }),
                host: None,
                status: None,
            }
        })
        .collect();
    nodes.sort_by(|one, other| one.id.cmp(&other.id));
    nodes
}
