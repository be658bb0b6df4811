//! The caches of a region.

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup, ServerlessCache};
use aws_sdk_memorydb::types::Cluster;
use cachewarden_provider::{Failure, FailureKind, Listing, Session};

use super::scope::{Scope, listing, page};
use crate::client::failure;
use crate::operation::Operation;

/// Largest page of the older ElastiCache listings.
const PAGE: i32 = 100;

/// Regions in which MemoryDB is known to be offered.
///
/// A region that is not among them is asked all the same; if there its name
/// does not resolve, or the service does not know the call, then MemoryDB is
/// not offered there, and nothing is missing. In the regions of this list
/// the same answer is a gap.
/// Source: botocore `endpoints.json`, service `memory-db`.
const MEMORYDB_REGIONS: [&str; 23] = [
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// What the listings of caches answered.
#[derive(Debug)]
pub(crate) struct Caches {
    pub(crate) groups: Listing<ReplicationGroup>,
    /// Members of replication groups, stand-alone nodes, and Memcached.
    pub(crate) clusters: Listing<CacheCluster>,
    pub(crate) serverless: Listing<ServerlessCache>,
    pub(crate) memorydb: Listing<Cluster>,
}

impl Caches {
    /// Asks the four listings side by side.
    pub(super) async fn find(scope: &Scope, session: &Session) -> Self {
        let elasticache = &scope.clients.elasticache;
        let groups = listing!(scope, session, DescribeReplicationGroups,
            elasticache.describe_replication_groups().max_records(PAGE) => replication_groups by marker);
        let clusters = listing!(scope, session, DescribeCacheClusters,
            elasticache.describe_cache_clusters().max_records(PAGE).show_cache_node_info(true)
            => cache_clusters by marker);
        let serverless = listing!(scope, session, DescribeServerlessCaches,
            elasticache.describe_serverless_caches() => serverless_caches by next_token);
        let (groups, clusters, serverless, memorydb) =
            tokio::join!(groups, clusters, serverless, memorydb(scope, session));
        Self {
            groups,
            clusters,
            serverless,
            memorydb,
        }
    }

    /// Where nobody looked for any, since nothing is to be read there but
    /// networks.
    pub(crate) fn none() -> Self {
        Self {
            groups: Listing::empty(),
            clusters: Listing::empty(),
            serverless: Listing::empty(),
            memorydb: Listing::empty(),
        }
    }

    /// Nodes on their own, Memcached left out.
    pub(crate) fn stand_alone(&self) -> impl Iterator<Item = &CacheCluster> {
        let alone = |cluster: &&CacheCluster| cluster.replication_group_id().is_none();
        self.clusters
            .items
            .iter()
            .filter(alone)
            .filter(|cluster| !is_memcached(cluster.engine()))
    }

    /// Serverless caches, Memcached left out.
    pub(crate) fn serverless(&self) -> impl Iterator<Item = &ServerlessCache> {
        self.serverless
            .items
            .iter()
            .filter(|cache| !is_memcached(cache.engine()))
    }

    /// How many caches were found.
    pub(super) fn count(&self) -> usize {
        self.groups.items.len()
            + self.stand_alone().count()
            + self.serverless().count()
            + self.memorydb.items.len()
    }
}

/// Whether an engine is the one that is not read.
pub(crate) fn is_memcached(engine: Option<&str>) -> bool {
    engine == Some("memcached")
}

/// Whether a failure says that the service is not there at all.
fn is_absent(failure: &Failure) -> bool {
    failure.kind == FailureKind::Unresolved || failure.code() == Some("UnknownOperationException")
}

/// MemoryDB's clusters; none, and no gap, where it is not offered.
async fn memorydb(scope: &Scope, session: &Session) -> Listing<Cluster> {
    let offered = MEMORYDB_REGIONS.contains(&scope.place.region.as_str());
    let client = &scope.clients.memorydb;
    let ask = |token| {
        let request = client
            .describe_clusters()
            .show_shard_details(true)
            .set_next_token(token);
        async move {
            match request.send().await.map_err(|error| failure(&error)) {
                Ok(answer) => page(answer.clusters, answer.next_token),
                Err(failure) if !offered && is_absent(&failure) => page(Some(vec![]), None),
                Err(failure) => Err(failure),
            }
        }
    };
    scope.list(session, Operation::DescribeClusters, ask).await
}
