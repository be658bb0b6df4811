//! The HTTP client below the pipelines: rustls with ring, no redirects.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::http::{AsyncRawResponse, HttpClient, Request, Transport, Url};

use super::endpoint::is_loopback;
use crate::error::AzureError;

/// For how long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// A transport for all requests. `issuer` is where tokens are issued: if that
/// is on this machine and speaks plain http, requests of the credentials,
/// which know https alone, are sent there as it wants them.
///
/// # Errors
///
/// If this machine lacks what https needs.
pub(crate) fn transport(manager: &Url, issuer: Option<&Url>) -> Result<Transport, AzureError> {
    // Reqwest takes the one of the process; whoever set another one first is
    // as welcome.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback(manager) {
        // What stays on this machine passes no proxy, which would see the token.
        builder = builder.no_proxy();
    }
    let client = builder.build().map_err(|error| AzureError::Https {
        why: error.to_string(),
    })?;
    let plain = issuer.filter(|it| it.scheme() == "http" && is_loopback(it));
    Ok(Transport::new(match plain {
        Some(issuer) => Arc::new(Nearby {
            client,
            issuer: issuer.clone(),
        }),
        None => Arc::new(client),
    }))
}

/// Sends what is meant for one address of this machine in plain http.
#[derive(Debug)]
struct Nearby {
    client: reqwest::Client,
    issuer: Url,
}

#[async_trait]
impl HttpClient for Nearby {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let url = request.url();
        let same = url.host() == self.issuer.host() && url.port() == self.issuer.port();
        if !same || url.scheme() != "https" {
            return self.client.execute_request(request).await;
        }
        let mut near = request.clone();
        // From https to http, and with a host: this cannot fail.
        if near.url_mut().set_scheme("http").is_err() {
            return self.client.execute_request(request).await;
        }
        self.client.execute_request(&near).await
    }
}
