//! The header that carries the token, and the places where it may go.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};

use super::credentials::Credentials;
use super::endpoint::is_loopback;

/// Adds the token. Never sent in plain text, but to this machine: the policy
/// of `azure_core` knows no such exception.
pub(super) struct Bearer {
    credentials: Arc<Credentials>,
    scope: String,
}

impl Bearer {
    pub(super) fn new(credentials: Arc<Credentials>, scope: &str) -> Self {
        Self {
            credentials,
            scope: scope.to_owned(),
        }
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(***)")
    }
}

#[async_trait]
impl Policy for Bearer {
    async fn send(
        &self,
        context: &Context,
        request: &mut Request,
        next: &[Arc<dyn Policy>],
    ) -> PolicyResult {
        let url = request.url();
        if url.scheme() != "https" && !is_loopback(url) {
            return Err(Error::with_message(
                ErrorKind::Other,
                "a token is not sent in plain text",
            ));
        }
        let token = self.credentials.token(&self.scope).await?;
        request.insert_header("authorization", format!("Bearer {}", token.secret()));
        match next.split_first() {
            Some((policy, rest)) => policy.send(context, request, rest).await,
            None => Err(Error::with_message(ErrorKind::Other, "nothing sends")),
        }
    }
}
