//! The APIs of caches, by the crates that Google makes for them. Pages are
//! asked for one by one, so that what a page says of places that were not
//! reached is not lost.

use google_cloud_auth::credentials::Credentials;
use google_cloud_gax::error::Error;
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::NeverRetry;
use google_cloud_memorystore_v1::client::Memorystore;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_cluster_v1::client::CloudRedisCluster;
use google_cloud_redis_cluster_v1::model as cluster;
use google_cloud_redis_v1::client::CloudRedis;
use google_cloud_redis_v1::model as redis;

use super::failure::of_client;
use super::{Api, Client, Endpoints, Refusal};

/// Most items of a page; both APIs take no more.
const PAGE: i32 = 1000;

/// Clients that ask where the endpoints say, and never by themselves again.
pub(super) async fn clients(
    endpoints: &Endpoints,
    credentials: &Credentials,
) -> Result<(CloudRedis, CloudRedisCluster, Memorystore), String> {
    let words = |error: google_cloud_gax::client_builder::Error| error.to_string();
    let redis = CloudRedis::builder()
        .with_endpoint(endpoints.of(Api::Redis))
        .with_credentials(credentials.clone())
        .with_retry_policy(NeverRetry)
        .build()
        .await
        .map_err(words)?;
    let clusters = CloudRedisCluster::builder()
        .with_endpoint(endpoints.of(Api::Redis))
        .with_credentials(credentials.clone())
        .with_retry_policy(NeverRetry)
        .build()
        .await
        .map_err(words)?;
    let valkey = Memorystore::builder()
        .with_endpoint(endpoints.of(Api::Memorystore))
        .with_credentials(credentials.clone())
        .with_retry_policy(NeverRetry)
        .build()
        .await
        .map_err(words)?;
    Ok((redis, clusters, valkey))
}

fn refused(error: Error) -> Refusal {
    of_client(&error)
}

fn everywhere(project: &str) -> String {
    format!("projects/{project}/locations/-")
}

impl Client {
    /// A page of the instances of Memorystore for Redis, of all regions.
    pub(crate) async fn redis(
        &self,
        project: &str,
        token: Option<String>,
    ) -> Result<redis::ListInstancesResponse, Refusal> {
        self.redis
            .list_instances()
            .set_parent(everywhere(project))
            .set_page_size(PAGE)
            .set_page_token(token.unwrap_or_default())
            .with_idempotency(true)
            .send()
            .await
            .map_err(refused)
    }

    /// A page of the clusters of Memorystore for Redis Cluster.
    pub(crate) async fn clusters(
        &self,
        project: &str,
        token: Option<String>,
    ) -> Result<cluster::ListClustersResponse, Refusal> {
        self.clusters
            .list_clusters()
            .set_parent(everywhere(project))
            .set_page_size(PAGE)
            .set_page_token(token.unwrap_or_default())
            .send()
            .await
            .map_err(refused)
    }

    /// A page of the instances of Memorystore for Valkey.
    pub(crate) async fn valkey(
        &self,
        project: &str,
        token: Option<String>,
    ) -> Result<valkey::ListInstancesResponse, Refusal> {
        self.valkey
            .list_instances()
            .set_parent(everywhere(project))
            .set_page_size(PAGE)
            .set_page_token(token.unwrap_or_default())
            .send()
            .await
            .map_err(refused)
    }

    /// The certificates, as PEM, that sign those of one cluster.
    pub(crate) async fn cluster_authority(&self, name: &str) -> Result<Vec<String>, Refusal> {
        let answer = self
            .clusters
            .get_cluster_certificate_authority()
            .set_name(format!("{name}/certificateAuthority"))
            .send()
            .await
            .map_err(refused)?;
        let managed = answer.managed_server_ca();
        let chains = managed.map(|it| it.ca_certs.iter().map(|it| it.certificates.clone()));
        Ok(chains.into_iter().flatten().flatten().collect())
    }

    /// The certificates, as PEM, that sign those of one instance of Valkey.
    pub(crate) async fn valkey_authority(&self, name: &str) -> Result<Vec<String>, Refusal> {
        let answer = self
            .valkey
            .get_certificate_authority()
            .set_name(name)
            .send()
            .await
            .map_err(refused)?;
        let managed = answer.managed_server_ca();
        let chains = managed.map(|it| it.ca_certs.iter().map(|it| it.certificates.clone()));
        Ok(chains.into_iter().flatten().flatten().collect())
    }

    /// The certificates, as PEM, that the clusters of a region share.
    pub(crate) async fn shared_cluster_authority(
        &self,
        location: &str,
    ) -> Result<Vec<String>, Refusal> {
        let answer = self
            .clusters
            .get_shared_regional_certificate_authority()
            .set_name(format!("{location}/sharedRegionalCertificateAuthority"))
            .send()
            .await
            .map_err(refused)?;
        let managed = answer.managed_server_ca();
        let chains = managed.map(|it| it.ca_certs.iter().map(|it| it.certificates.clone()));
        Ok(chains.into_iter().flatten().flatten().collect())
    }

    /// The certificates, as PEM, that the instances of Valkey of a region share.
    pub(crate) async fn shared_valkey_authority(
        &self,
        location: &str,
    ) -> Result<Vec<String>, Refusal> {
        let answer = self
            .valkey
            .get_shared_regional_certificate_authority()
            .set_name(format!("{location}/sharedRegionalCertificateAuthority"))
            .send()
            .await
            .map_err(refused)?;
        let managed = answer.managed_server_ca();
        let chains = managed.map(|it| it.ca_certs.iter().map(|it| it.certificates.clone()));
        Ok(chains.into_iter().flatten().flatten().collect())
    }
}
