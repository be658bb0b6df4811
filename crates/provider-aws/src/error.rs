//! Why nothing at all could be collected.

use cachewarden_model::Gap;

/// Why nothing at all could be collected from AWS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AwsError {
    /// A region is none by its form.
    #[error("`{region}` is not the name of a region such as `eu-west-1`")]
    Region {
        /// As it was given.
        region: String,
    },
    /// A role is none by its form.
    #[error("`{arn}` is not the name of a role such as `arn:aws:iam::123456789012:role/auditor`")]
    RoleArn {
        /// As it was given.
        arn: String,
    },
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
    /// No credentials could be used.
    #[error("no account could be asked: {}", gaps.first().map(ToString::to_string).unwrap_or_default())]
    NobodyCouldBeAsked {
        /// What each of them failed at.
        gaps: Vec<Gap>,
    },
}

impl AwsError {
    /// What to do about it: one sentence for the reader.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Region { .. } => "name a region as `aws ec2 describe-regions` does",
            Self::RoleArn { .. } => "give the role's whole arn",
            Self::Endpoint { .. } => {
                "correct AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE> or the profile's endpoint_url"
            }
            Self::PlainHttp { .. } => "use https, or an address of this machine",
            Self::NobodyCouldBeAsked { .. } => {
                "check with `aws sts get-caller-identity`, or choose credentials with --aws-profile"
            }
        }
    }
}
