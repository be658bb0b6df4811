//! The one way to Google Cloud: the typed clients of the three APIs of
//! caches, plain requests for the others, both with the same credentials.
//! Retries and time limits are the caller's ([`cachewarden_provider::call`]).

mod credentials;
mod endpoint;
mod failure;
mod pace;
mod typed;

use std::time::Duration;

use google_cloud_auth::credentials::{CacheableResource, Credentials};
use http::Extensions;
use serde_json::Value;

use cachewarden_provider::{Failure, FailureKind};

use crate::environment::Environment;
use crate::error::GcpError;

pub(crate) use credentials::find;
pub(crate) use endpoint::{Api, Endpoints};
pub(crate) use failure::Refusal;
pub(crate) use pace::Pace;

/// For how long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Sends requests to Google Cloud, with its credentials.
#[derive(Debug)]
pub(crate) struct Client {
    endpoints: Endpoints,
    credentials: Credentials,
    plain: reqwest::Client,
    redis: google_cloud_redis_v1::client::CloudRedis,
    clusters: google_cloud_redis_cluster_v1::client::CloudRedisCluster,
    valkey: google_cloud_memorystore_v1::client::Memorystore,
    pub(crate) pace: Pace,
}

impl Client {
    /// A client that asks where the environment says.
    ///
    /// # Errors
    ///
    /// If an address makes no sense, or this machine lacks what https needs.
    pub(crate) async fn new(
        environment: &Environment,
        credentials: &Credentials,
    ) -> Result<Self, GcpError> {
        let endpoints = Endpoints::new(&environment.overrides)?;
        let https = |why: String| GcpError::Https { why };
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none());
        if endpoints.all_near() {
            // What stays on this machine passes no proxy, which would see the token.
            builder = builder.no_proxy();
        }
        let plain = builder.build().map_err(|error| https(error.to_string()))?;
        let (redis, clusters, valkey) = typed::clients(&endpoints, credentials)
            .await
            .map_err(https)?;
        Ok(Self {
            endpoints,
            credentials: credentials.clone(),
            plain,
            redis,
            clusters,
            valkey,
            pace: Pace::default(),
        })
    }

    /// One answer of an API, a JSON object.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(crate) async fn get(
        &self,
        api: Api,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, Refusal> {
        let rejected = || Failure::new(FailureKind::Rejected);
        let mut url = self.endpoints.url(api, path).ok_or_else(rejected)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let headers = self.credentials.headers(Extensions::new()).await;
        let headers = match headers {
            Ok(CacheableResource::New { data, .. }) => data,
            // Not asked for with what was known before: this does not come.
            Ok(CacheableResource::NotModified) => return Err(rejected().into()),
            Err(error) => return Err(failure::of_credentials(&error).into()),
        };
        let sent = self.plain.get(url).headers(headers).send().await;
        let answer = sent.map_err(|error| failure::of_request(&error))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let body = answer.bytes().await;
        let body = body.map_err(|error| failure::of_request(&error))?;
        if status != 200 {
            return Err(failure::of_answer(status, &headers, &body));
        }
        match serde_json::from_slice(&body) {
            Ok(value @ Value::Object(_)) => Ok(value),
            _ => Err(Failure::new(FailureKind::Damaged).into()),
        }
    }
}

/// Lets TLS be done by ring. Both HTTP clients take the one of the process;
/// whoever set another one first is as welcome.
pub(crate) fn choose_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
