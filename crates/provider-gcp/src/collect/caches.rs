//! The caches of a project: three lists, each of all regions.

use cachewarden_provider::Page;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_cluster_v1::model as cluster;
use google_cloud_redis_v1::model as redis;

use super::Found;
use super::ask::{Ask, Piece};
use super::projects::Project;
use crate::client::Api;
use crate::operation::Operation;

/// The caches of a project.
pub(super) struct Caches {
    pub(super) redis: Found<redis::Instance>,
    pub(super) clusters: Found<cluster::Cluster>,
    pub(super) valkey: Found<valkey::Instance>,
}

pub(super) async fn read(ask: &Ask<'_>, project: &Project) -> Caches {
    let (redis, clusters, valkey) = tokio::join!(
        redis(ask, project),
        clusters(ask, project),
        valkey(ask, project)
    );
    Caches {
        redis,
        clusters,
        valkey,
    }
}

/// A page as pieces. Where a place was not reached, the APIs may also list
/// an item whose name ends in `-` in its stead.
///
/// Source: `google/cloud/redis/v1/cloud_redis.proto`, "ListInstancesResponse".
fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> &str,
    unreachable: Vec<String>,
    next: String,
) -> Page<Piece<T>> {
    let mut pieces: Vec<Piece<T>> = unreachable.into_iter().map(Piece::Unreachable).collect();
    for item in items {
        pieces.push(match place_holder(name(&item)) {
            Some(place) => Piece::Unreachable(place),
            None => Piece::Item(item),
        });
    }
    Page {
        items: pieces,
        next: Some(next),
    }
}

/// The place that a name stands for which names no item.
fn place_holder(name: &str) -> Option<String> {
    let (place, last) = name.rsplit_once('/')?;
    let (place, _) = place.rsplit_once('/')?;
    (last == "-").then(|| place.to_owned())
}

async fn redis(ask: &Ask<'_>, project: &Project) -> Found<redis::Instance> {
    ask.pieces(Operation::Redis, project, |token| async move {
        let answer = ask.client.redis(project.id.as_str(), token).await?;
        Ok(page(
            answer.instances,
            |it| &it.name,
            answer.unreachable,
            answer.next_page_token,
        ))
    })
    .await
}

async fn clusters(ask: &Ask<'_>, project: &Project) -> Found<cluster::Cluster> {
    ask.pieces(Operation::Clusters, project, |token| async move {
        ask.client.pace.wait(Api::Redis, &project.id).await;
        let answer = ask.client.clusters(project.id.as_str(), token).await?;
        Ok(page(
            answer.clusters,
            |it| &it.name,
            answer.unreachable,
            answer.next_page_token,
        ))
    })
    .await
}

async fn valkey(ask: &Ask<'_>, project: &Project) -> Found<valkey::Instance> {
    ask.pieces(Operation::Valkey, project, |token| async move {
        ask.client.pace.wait(Api::Memorystore, &project.id).await;
        let answer = ask.client.valkey(project.id.as_str(), token).await?;
        Ok(page(
            answer.instances,
            |it| &it.name,
            answer.unreachable,
            answer.next_page_token,
        ))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_that_stand_for_places() {
        let place = |name: &str| place_holder(name);
        assert_eq!(
            place("projects/p/locations/us-east1/instances/-").as_deref(),
            Some("projects/p/locations/us-east1")
        );
        assert_eq!(place("projects/p/locations/us-east1/instances/a-"), None);
    }
}
