//! What hangs on the caches of a region: subnet groups, users, parameters,
//! updates, labels. Only what some cache there refers to is asked for.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticache::operation::describe_cache_parameters::DescribeCacheParametersOutput;
use aws_sdk_elasticache::types::{
    CacheSubnetGroup, ServiceUpdateStatus, UpdateAction, UpdateActionStatus, User, UserGroup,
};
use aws_sdk_memorydb::types as memorydb;
use aws_sdk_resourcegroupstagging::types::ResourceTagMapping;
use cachewarden_provider::{Listing, Session};
use futures_util::future::join_all;

use super::caches::Caches;
use super::scope::{Scope, listing, page};
use crate::client::failure;
use crate::operation::Operation;

/// Largest page of the older ElastiCache listings.
const PAGE: i32 = 100;

/// Updates that were applied, or cannot be, are not asked for.
const OPEN_UPDATES: [UpdateActionStatus; 7] = [
    UpdateActionStatus::NotApplied,
    UpdateActionStatus::WaitingToStart,
    UpdateActionStatus::InProgress,
    UpdateActionStatus::Stopping,
    UpdateActionStatus::Stopped,
    UpdateActionStatus::Scheduling,
    UpdateActionStatus::Scheduled,
];

/// One parameter of a parameter group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    /// Values that depend on the node type.
    pub(crate) by_node_type: BTreeMap<String, String>,
}

/// What hangs on the caches of a region.
#[derive(Debug)]
pub(crate) struct Details {
    pub(crate) subnet_groups: Listing<CacheSubnetGroup>,
    pub(crate) users: Listing<User>,
    pub(crate) user_groups: Listing<UserGroup>,
    pub(crate) updates: Listing<UpdateAction>,
    /// By name of the parameter group.
    pub(crate) parameters: BTreeMap<String, Listing<Setting>>,
    pub(crate) memorydb: MemoryDbDetails,
    /// Labels of everything that is or was labelled.
    pub(crate) tags: Listing<ResourceTagMapping>,
}

/// The same of MemoryDB.
#[derive(Debug)]
pub(crate) struct MemoryDbDetails {
    pub(crate) subnet_groups: Listing<memorydb::SubnetGroup>,
    pub(crate) users: Listing<memorydb::User>,
    pub(crate) acls: Listing<memorydb::Acl>,
    pub(crate) updates: Listing<memorydb::ServiceUpdate>,
    /// By name of the parameter group.
    pub(crate) parameters: BTreeMap<String, Listing<Setting>>,
}

impl Details {
    /// What nothing refers to.
    pub(crate) fn none() -> Self {
        Self {
            subnet_groups: Listing::empty(),
            users: Listing::empty(),
            user_groups: Listing::empty(),
            updates: Listing::empty(),
            parameters: BTreeMap::new(),
            memorydb: MemoryDbDetails {
                subnet_groups: Listing::empty(),
                users: Listing::empty(),
                acls: Listing::empty(),
                updates: Listing::empty(),
                parameters: BTreeMap::new(),
            },
            tags: Listing::empty(),
        }
    }

    /// Asks for what the caches refer to.
    pub(super) async fn read(scope: &Scope, session: &Session, caches: &Caches) -> Self {
        let client = &scope.clients.elasticache;
        let nodes = !caches.groups.items.is_empty() || caches.stand_alone().next().is_some();
        let with_users = caches
            .groups
            .items
            .iter()
            .any(|group| !group.user_group_ids().is_empty())
            || caches
                .serverless()
                .any(|cache| cache.user_group_id().is_some());
        let subnet_groups = when(nodes, || {
            listing!(scope, session, DescribeCacheSubnetGroups,
                client.describe_cache_subnet_groups().max_records(PAGE) => cache_subnet_groups by marker)
        });
        let users = when(
            with_users,
            || listing!(scope, session, DescribeElastiCacheUsers, client.describe_users() => users by marker),
        );
        let user_groups = when(with_users, || {
            listing!(scope, session, DescribeUserGroups,
                client.describe_user_groups() => user_groups by marker)
        });
        let updates = when(nodes, || {
            listing!(scope, session, DescribeUpdateActions,
                client.describe_update_actions()
                    .service_update_status(ServiceUpdateStatus::Available)
                    .set_update_action_status(Some(OPEN_UPDATES.to_vec()))
                => update_actions by marker)
        });
        let parameters = parameters(scope, session, caches);
        let memorydb = MemoryDbDetails::read(scope, session, caches);
        let tags = tags(scope, session, caches);
        let (subnet_groups, users, user_groups, updates, parameters, memorydb, tags) = tokio::join!(
            subnet_groups,
            users,
            user_groups,
            updates,
            parameters,
            memorydb,
            tags
        );
        Self {
            subnet_groups,
            users,
            user_groups,
            updates,
            parameters,
            memorydb,
            tags,
        }
    }
}

/// The labels of a region, of the services that have caches there. The
/// services' own calls tell those of one resource each.
///
/// Source: Resource Groups Tagging API Reference, `GetResources`: every
/// resource that is or was labelled, of all types; the last page has an empty
/// token.
async fn tags(scope: &Scope, session: &Session, caches: &Caches) -> Listing<ResourceTagMapping> {
    let elasticache = !caches.groups.items.is_empty()
        || caches.stand_alone().next().is_some()
        || caches.serverless().next().is_some();
    let services = [
        ("elasticache", elasticache),
        ("memorydb", !caches.memorydb.items.is_empty()),
    ];
    let services: Vec<String> = services
        .into_iter()
        .filter(|(_, found)| *found)
        .map(|(name, _)| name.to_owned())
        .collect();
    if services.is_empty() {
        return Listing::empty();
    }
    let services = &services;
    let ask = |token| {
        let request = scope.clients.tagging.get_resources();
        let request = request
            .resources_per_page(PAGE)
            .set_resource_type_filters(Some(services.clone()))
            .set_pagination_token(token);
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let next = answer.pagination_token.filter(|token| !token.is_empty());
            page(answer.resource_tag_mapping_list, next)
        }
    };
    scope.list(session, Operation::GetResources, ask).await
}

impl MemoryDbDetails {
    async fn read(scope: &Scope, session: &Session, caches: &Caches) -> Self {
        let clusters = &caches.memorydb.items;
        if clusters.is_empty() {
            return Details::none().memorydb;
        }
        let client = &scope.clients.memorydb;
        let subnet_groups = listing!(scope, session, DescribeSubnetGroups,
            client.describe_subnet_groups() => subnet_groups by next_token);
        let users = listing!(scope, session, DescribeMemoryDbUsers,
            client.describe_users() => users by next_token);
        let acls = listing!(scope, session, DescribeAcls,
            client.describe_acls() => acls by next_token);
        let updates = listing!(scope, session, DescribeServiceUpdates,
            client.describe_service_updates() => service_updates by next_token);
        let names: BTreeSet<_> = clusters
            .iter()
            .filter_map(|cluster| cluster.parameter_group_name())
            .collect();
        let parameters = join_all(names.into_iter().map(|name| async move {
            let ask = |token| {
                let request = client.describe_parameters().parameter_group_name(name);
                let request = request.set_next_token(token);
                async move {
                    let answer = request.send().await.map_err(|error| failure(&error))?;
                    let settings = answer
                        .parameters
                        .map(|list| list.into_iter().filter_map(plain).collect());
                    page(settings, answer.next_token)
                }
            };
            let listing = scope
                .list(session, Operation::DescribeParameters, ask)
                .await;
            (name.to_owned(), listing)
        }));
        let (subnet_groups, users, acls, updates, parameters) =
            tokio::join!(subnet_groups, users, acls, updates, parameters);
        let parameters = parameters.into_iter().collect();
        Self {
            subnet_groups,
            users,
            acls,
            updates,
            parameters,
        }
    }
}

/// Asks, or takes the list for empty where nothing refers to it.
async fn when<T, F, Fut>(needed: bool, ask: F) -> Listing<T>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Listing<T>>,
{
    if needed {
        ask().await
    } else {
        Listing::empty()
    }
}

/// The parameters of every group that a cache uses: one call per group,
/// since no call lists those of several.
async fn parameters(
    scope: &Scope,
    session: &Session,
    caches: &Caches,
) -> BTreeMap<String, Listing<Setting>> {
    let members = caches
        .clusters
        .items
        .iter()
        .filter(|it| it.replication_group_id().is_some());
    let names: BTreeSet<_> = members
        .chain(caches.stand_alone())
        .filter(|cluster| !super::caches::is_memcached(cluster.engine()))
        .filter_map(|cluster| {
            cluster
                .cache_parameter_group()?
                .cache_parameter_group_name()
        })
        .collect();
    let client = &scope.clients.elasticache;
    let asked = names.into_iter().map(|name| async move {
        let ask = |token| {
            let request = client
                .describe_cache_parameters()
                .cache_parameter_group_name(name);
            let request = request.max_records(PAGE).set_marker(token);
            async move {
                let mut answer = request.send().await.map_err(|error| failure(&error))?;
                let marker = answer.marker.take();
                page(settings(answer), marker)
            }
        };
        let listing = scope
            .list(session, Operation::DescribeCacheParameters, ask)
            .await;
        (name.to_owned(), listing)
    });
    join_all(asked).await.into_iter().collect()
}

/// Both kinds of parameters of an ElastiCache answer; none if it lacks its list.
fn settings(answer: DescribeCacheParametersOutput) -> Option<Vec<Setting>> {
    let plain = answer.parameters?.into_iter().filter_map(|parameter| {
        Some(Setting {
            name: parameter.parameter_name?,
            value: parameter.parameter_value,
            by_node_type: BTreeMap::new(),
        })
    });
    let by_type = answer
        .cache_node_type_specific_parameters
        .unwrap_or_default();
    let by_type = by_type.into_iter().filter_map(|parameter| {
        let values = parameter
            .cache_node_type_specific_values
            .unwrap_or_default();
        let values = values
            .into_iter()
            .filter_map(|each| Some((each.cache_node_type?, each.value?)));
        Some(Setting {
            name: parameter.parameter_name?,
            value: None,
            by_node_type: values.collect(),
        })
    });
    Some(plain.chain(by_type).collect())
}

/// A parameter of MemoryDB.
fn plain(parameter: memorydb::Parameter) -> Option<Setting> {
    Some(Setting {
        name: parameter.name?,
        value: parameter.value,
        by_node_type: BTreeMap::new(),
    })
}
