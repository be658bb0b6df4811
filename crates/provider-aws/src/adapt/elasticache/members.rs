//! The cache clusters behind a cache, and what is learned from them.

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};
use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{Fact, Gap, ParameterGroup, PendingChanges, ResourceId, Status, Version};

use super::aws_of;
use super::facts::worst;
use super::nodes::subnets;
use crate::adapt::Around;
use crate::adapt::cache::not_listed;
use crate::adapt::upkeep::add_of_cluster;
use crate::adapt::words::ids;
use crate::operation::Operation;
use crate::place::Place;

pub(super) const OPERATION: Operation = Operation::DescribeCacheClusters;

/// The cache clusters behind a cache.
pub(super) struct Members<'a> {
    /// Their ids, sorted, whether they were listed or not.
    pub(super) names: Vec<&'a str>,
    /// Those that were listed, in the order of their ids.
    pub(super) listed: Vec<&'a CacheCluster>,
    /// Why some may not be listed.
    gap: Option<&'a Gap>,
}

impl<'a> Members<'a> {
    pub(super) fn of_group(around: &Around<'a>, name: &str, group: &'a ReplicationGroup) -> Self {
        let clusters = &around.caches.clusters;
        let its = clusters
            .items
            .iter()
            .filter(|it| it.replication_group_id() == Some(name));
        let mut listed: Vec<_> = its.filter(|it| it.cache_cluster_id().is_some()).collect();
        listed.sort_by_key(|it| it.cache_cluster_id());
        // No cursor is stable while clusters come and go.
        listed.dedup_by_key(|it| it.cache_cluster_id());
        let mut names: Vec<&str> = group.member_clusters().iter().map(String::as_str).collect();
        names.extend(listed.iter().filter_map(|it| it.cache_cluster_id()));
        names.sort_unstable();
        names.dedup();
        Self {
            names,
            listed,
            gap: clusters.gap.as_ref(),
        }
    }

    pub(super) fn alone(name: &'a str, cluster: &'a CacheCluster) -> Self {
        Self {
            names: vec![name],
            listed: vec![cluster],
            gap: None,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().copied()
    }

    pub(super) fn cluster(&self, name: &str) -> Option<&'a CacheCluster> {
        self.listed
            .iter()
            .find(|it| it.cache_cluster_id() == Some(name))
            .copied()
    }

    /// The id of the only node of a cluster.
    pub(super) fn node_id(&self, name: &str) -> String {
        let nodes = self
            .cluster(name)
            .map(|it| it.cache_nodes())
            .unwrap_or_default();
        let node = nodes
            .first()
            .and_then(|node| node.cache_node_id())
            .unwrap_or("0001");
        format!("{name}/{node}")
    }

    /// What any member says; all share it.
    pub(super) fn fact<T>(
        &self,
        place: &Place,
        field: &str,
        of: impl Fn(&CacheCluster) -> Option<T>,
    ) -> Fact<T> {
        match self.listed.iter().find_map(|it| of(it)) {
            Some(value) => Fact::Known(value),
            None if self.listed.is_empty() => self.unlisted(place),
            None => place.unstated(OPERATION, field),
        }
    }

    pub(super) fn unlisted<T>(&self, place: &Place) -> Fact<T> {
        let first = self.names.first().copied().unwrap_or("the members");
        not_listed(place, OPERATION, self.gap, first)
    }

    /// The oldest version that a member runs; they differ during an upgrade.
    pub(super) fn engine_version(&self, place: &Place) -> Fact<Version> {
        let versions = self.listed.iter().filter_map(|it| it.engine_version());
        match versions.map(|it| Version(it.to_owned())).min() {
            Some(version) => Fact::Known(version),
            None => self.fact(place, "EngineVersion", |_| None),
        }
    }

    pub(super) fn engine(&self) -> Option<&'a str> {
        self.listed.iter().find_map(|it| it.engine())
    }

    pub(super) fn network_type(&self) -> Option<&'a str> {
        self.listed
            .iter()
            .find_map(|it| Some(it.network_type()?.as_str()))
    }

    pub(super) fn tls(&self) -> Option<bool> {
        self.listed
            .iter()
            .find_map(|it| it.transit_encryption_enabled())
    }

    pub(super) fn tls_mode(&self) -> Option<&'a str> {
        self.listed
            .iter()
            .find_map(|it| Some(it.transit_encryption_mode()?.as_str()))
    }

    pub(super) fn token(&self) -> Option<bool> {
        self.listed.iter().find_map(|it| it.auth_token_enabled())
    }

    pub(super) fn minor_upgrades(&self) -> Option<bool> {
        self.listed
            .iter()
            .find_map(|it| it.auto_minor_version_upgrade())
    }

    pub(super) fn status(&self, of_group: Fact<Status>) -> Fact<Status> {
        worst(of_group, &self.listed)
    }

    /// The union of the groups on all members. A cache in a VPC always has
    /// one; an answer without any does not tell.
    pub(super) fn filters(&self, place: &Place) -> Fact<Vec<ResourceId>> {
        let groups = self.listed.iter().flat_map(|it| it.security_groups());
        let groups = ids(groups.filter_map(|it| it.security_group_id()));
        if groups.is_empty() {
            return self.fact(place, "SecurityGroups", |_| None);
        }
        Fact::Known(groups)
    }

    pub(super) fn parameter_group(&self, place: &Place) -> Fact<Option<ParameterGroup>> {
        self.fact(place, "CacheParameterGroup", |it| {
            let group = it.cache_parameter_group()?;
            Some(Some(ParameterGroup {
                name: group.cache_parameter_group_name()?.to_owned(),
                status: group
                    .parameter_apply_status()
                    .unwrap_or("not-stated")
                    .to_owned(),
            }))
        })
    }

    pub(super) fn subnet_group(&self) -> Option<&'a str> {
        self.listed
            .iter()
            .find_map(|it| it.cache_subnet_group_name())
    }

    /// The network, and every subnet that a node may be in.
    pub(super) fn network(&self, around: &Around<'_>) -> (Fact<ResourceId>, Fact<Vec<ResourceId>>) {
        if self.listed.is_empty() {
            return (self.unlisted(around.place), self.unlisted(around.place));
        }
        let name = self.subnet_group();
        let groups = &around.details.subnet_groups;
        let group = groups
            .items
            .iter()
            .find(|it| it.cache_subnet_group_name() == name);
        let network = match (name, group) {
            (None, _) => around.place.unstated(OPERATION, "CacheSubnetGroupName"),
            (Some(_), Some(group)) => group.vpc_id().map_or_else(
                || {
                    around
                        .place
                        .unstated(Operation::DescribeCacheSubnetGroups, "VpcId")
                },
                |id| Fact::Known(id.into()),
            ),
            (Some(name), None) => {
                let operation = Operation::DescribeCacheSubnetGroups;
                not_listed(around.place, operation, groups.gap.as_ref(), name)
            }
        };
        let subnets = subnets(around, name);
        (
            network,
            subnets.map(|list| ids(list.iter().map(|(id, _)| id.as_str()))),
        )
    }

    /// Coming changes of the group and of its members, together; there may
    /// be more where a member was not listed.
    pub(super) fn pending(
        &self,
        place: &Place,
        of_group: Option<PendingChanges>,
    ) -> PendingChanges {
        let mut changes = of_group.unwrap_or_default();
        changes.unread = self.unread(place);
        for cluster in &self.listed {
            if let (Some(name), Some(pending)) = (
                cluster.cache_cluster_id(),
                cluster.pending_modified_values(),
            ) {
                add_of_cluster(&mut changes, name, pending);
            }
        }
        changes
    }

    /// Why a member was not listed; none if all were.
    fn unread(&self, place: &Place) -> Option<Box<Gap>> {
        let unlisted = self.names().find(|name| self.cluster(name).is_none())?;
        match not_listed::<()>(place, OPERATION, self.gap, unlisted) {
            Fact::Unknown(gap) => Some(gap),
            Fact::Known(()) | Fact::Default(()) => None,
        }
    }

    /// What the members share, which any of them tells.
    pub(super) fn aws(&self, place: &Place) -> AwsCache {
        let first = self.listed.first().map(|it| aws_of(it));
        let unread = first.is_none().then(|| self.unread(place)).flatten();
        AwsCache {
            members: self.names().map(str::to_owned).collect(),
            unread,
            ..first.unwrap_or_default()
        }
    }
}
