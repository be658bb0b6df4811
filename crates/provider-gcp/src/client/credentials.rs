//! Whose credentials are used.
//!
//! A token that is ready (`CLOUDSDK_AUTH_ACCESS_TOKEN`), else the default
//! chain of `google-cloud-auth`: the file that `GOOGLE_APPLICATION_CREDENTIALS`
//! names, the one that `gcloud auth application-default login` writes, the
//! metadata server.

use std::time::Duration;

use google_cloud_auth::credentials::{
    Builder, CacheableResource, Credentials, CredentialsProvider, EntityTag,
};
use google_cloud_auth::errors::CredentialsError;
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap, HeaderValue};
use tokio::time::timeout;

use crate::environment::Environment;
use crate::error::GcpError;

/// What the tokens are asked for; each API checks the permissions besides.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// How long the first token may take: where there is no metadata server,
/// nobody answers.
const PATIENCE: Duration = Duration::from_secs(15);

/// Credentials, and where they come from in a few words.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) credentials: Credentials,
    pub(crate) source: &'static str,
}

/// A token that is ready.
#[derive(Clone)]
struct Ready(HeaderValue);

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ready(***)")
    }
}

impl CredentialsProvider for Ready {
    async fn headers(
        &self,
        _: Extensions,
    ) -> Result<CacheableResource<HeaderMap>, CredentialsError> {
        Ok(CacheableResource::New {
            entity_tag: EntityTag::default(),
            data: HeaderMap::from_iter([(AUTHORIZATION, self.0.clone())]),
        })
    }

    async fn universe_domain(&self) -> Option<String> {
        None
    }
}

/// The credentials of the environment; a first token is asked for, so that
/// their absence is one error and not a hundred gaps.
///
/// # Errors
///
/// If there are none, or they give no token.
pub(crate) async fn find(environment: &Environment) -> Result<Found, GcpError> {
    if let Some(token) = &environment.token {
        let place = "CLOUDSDK_AUTH_ACCESS_TOKEN";
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.reveal().trim()))
            .map_err(|_| GcpError::Credentials {
                place,
                why: "it holds what no header can".to_owned(),
            })?;
        value.set_sensitive(true);
        return Ok(Found {
            credentials: Credentials::from(Ready(value)),
            source: place,
        });
    }
    let source = if environment.credentials_file {
        "GOOGLE_APPLICATION_CREDENTIALS"
    } else {
        "application default credentials"
    };
    let credentials = Builder::default()
        .with_scopes([SCOPE])
        .build()
        .map_err(|error| GcpError::Credentials {
            place: source,
            why: unusable(&error).to_owned(),
        })?;
    let no_token = |why: &str| GcpError::NoToken {
        place: source,
        why: why.to_owned(),
    };
    match timeout(PATIENCE, credentials.headers(Extensions::new())).await {
        Ok(Ok(_)) => Ok(Found {
            credentials,
            source,
        }),
        // What the issuer wrote may hold more than is good to show.
        Ok(Err(error)) if error.is_transient() => Err(no_token(
            "whoever issues it could not be reached, or failed",
        )),
        Ok(Err(_)) => Err(no_token("it was refused")),
        Err(_) => Err(no_token("nobody answered")),
    }
}

/// Why credentials make no sense, without what they hold.
fn unusable(error: &google_cloud_auth::build_errors::Error) -> &'static str {
    if error.is_loading() {
        "the file cannot be read"
    } else if error.is_unknown_type() {
        "they are of a type that is not known"
    } else if error.is_missing_field() {
        "they lack a field"
    } else {
        "they are not in a known form"
    }
}
