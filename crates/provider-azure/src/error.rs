//! Why nothing at all could be collected.

use cachewarden_model::Gap;

/// Why nothing at all could be collected from Azure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AzureError {
    /// An endpoint is no URL.
    #[error("the endpoint `{host}` is not a url that begins with `https://`")]
    Endpoint {
        /// Its host, as far as there is one; the rest may hold a password.
        host: String,
    },
    /// An endpoint would be asked in plain text.
    #[error(
        "the endpoint `{host}` would be asked in plain http, which is accepted for loopback addresses only"
    )]
    PlainHttp {
        /// Its host.
        host: String,
    },
    /// No client for https could be made.
    #[error("no https connection can be made from here: {why}")]
    Https {
        /// What is missing.
        why: String,
    },
    /// Credentials are there and make no sense.
    #[error("the credentials in {place} cannot be used: {why}")]
    Credentials {
        /// Variable or file.
        place: &'static str,
        /// In which way; holds no secret.
        why: String,
    },
    /// No credentials were found.
    #[error("no credentials for Azure were found; tried: {}", tried.join(", "))]
    NoCredentials {
        /// What was tried, in order.
        tried: Vec<String>,
    },
    /// What was named is not among what the credentials see.
    #[error("the credentials see no subscription {}", quoted(names))]
    NoSubscription {
        /// As they were given.
        names: Vec<String>,
    },
    /// No subscription could be asked.
    #[error("no subscription could be asked: {}", gaps.first().map(ToString::to_string).unwrap_or_default())]
    NobodyCouldBeAsked {
        /// What each of them failed at.
        gaps: Vec<Gap>,
    },
}

impl AzureError {
    /// What to do about it: one sentence for the reader.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Endpoint { .. } => {
                "correct CACHEWARDEN_AZURE_RESOURCE_MANAGER or AZURE_AUTHORITY_HOST"
            }
            Self::PlainHttp { .. } => "use https, or an address of this machine",
            Self::Https { .. } => "install the certificates of the usual authorities",
            Self::Credentials { .. } => {
                "correct or unset it; `az account get-access-token` shows whether others work"
            }
            Self::NoCredentials { .. } => {
                "log in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
            }
            Self::NoSubscription { .. } => "`az account list` shows what the credentials see",
            Self::NobodyCouldBeAsked { .. } => {
                "check with `az account list`, and what the role allows with `cachewarden permissions azure`"
            }
        }
    }
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|it| format!("`{it}`")).collect();
    quoted.join(", ")
}
