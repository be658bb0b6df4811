//! Why nothing at all could be collected.

use cachewarden_model::Gap;

/// Why nothing at all could be collected from Google Cloud.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GcpError {
    /// An endpoint is no URL.
    #[error("the endpoint `{host}` in {variable} is not a url that begins with `https://`")]
    Endpoint {
        /// The variable that names it.
        variable: String,
        /// Its host, as far as there is one; the rest may hold a password.
        host: String,
    },
    /// An endpoint would be asked in plain text.
    #[error(
        "the endpoint `{host}` in {variable} would be asked in plain http, which is accepted for loopback addresses only"
    )]
    PlainHttp {
        /// The variable that names it.
        variable: String,
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
    /// No token could be had.
    #[error("no token for Google Cloud could be had from {place}: {why}")]
    NoToken {
        /// Where the credentials come from.
        place: &'static str,
        /// In which way; holds no secret.
        why: String,
    },
    /// What was named is not among what the credentials see.
    #[error("the credentials see no project {}", quoted(names))]
    NoProject {
        /// As they were given.
        names: Vec<String>,
    },
    /// A scope is no number and no id.
    #[error("`{text}` is no {what}")]
    Scope {
        /// As it was given.
        text: String,
        /// What it should be, with an example.
        what: &'static str,
    },
    /// No project could be asked.
    #[error("no project could be asked: {}", gaps.first().map(ToString::to_string).unwrap_or_default())]
    NobodyCouldBeAsked {
        /// What each of them failed at.
        gaps: Vec<Gap>,
    },
}

impl GcpError {
    /// What to do about it: one sentence for the reader.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Endpoint { .. } => "correct or unset it",
            Self::PlainHttp { .. } => "use https, or an address of this machine",
            Self::Https { .. } => "install the certificates of the usual authorities",
            Self::Credentials { .. } | Self::NoToken { .. } => {
                "log in with `gcloud auth application-default login`, or let GOOGLE_APPLICATION_CREDENTIALS name a file of credentials"
            }
            Self::NoProject { .. } => "`gcloud projects list` shows what the credentials see",
            Self::Scope { .. } => {
                "`gcloud projects list` and `gcloud organizations list` show ids and numbers"
            }
            Self::NobodyCouldBeAsked { .. } => {
                "check with `gcloud projects list`, and what the role allows with `cachewarden permissions gcp`"
            }
        }
    }
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|it| format!("`{it}`")).collect();
    quoted.join(", ")
}
