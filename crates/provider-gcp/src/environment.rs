//! What the environment says: endpoints and a token that is ready.

use std::collections::BTreeMap;
use std::fmt;

use crate::client::Api;

/// A text that is not to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that sends it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What the environment says, under the names that `gcloud` uses. What the
/// default chain of credentials reads (`GOOGLE_APPLICATION_CREDENTIALS`,
/// `GOOGLE_CLOUD_QUOTA_PROJECT`, `GCE_METADATA_HOST`) it reads itself.
#[derive(Clone, Default)]
pub struct Environment {
    /// `CLOUDSDK_API_ENDPOINT_OVERRIDES_…`: in place of an API's own address.
    pub(crate) overrides: BTreeMap<Api, String>,
    /// `CLOUDSDK_AUTH_ACCESS_TOKEN`: a token that is ready to be used.
    pub(crate) token: Option<Secret>,
    /// Whether `GOOGLE_APPLICATION_CREDENTIALS` names a file.
    pub(crate) credentials_file: bool,
}

impl Environment {
    /// That of this process; empty variables count as absent.
    pub fn of_process() -> Self {
        Self::read(|name| std::env::var(name).ok())
    }

    /// That which `read` knows, by the names of variables.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name: &str| read(name).filter(|it| !it.is_empty());
        let overrides = Api::ALL.iter().filter_map(|api| {
            let name = format!("CLOUDSDK_API_ENDPOINT_OVERRIDES_{}", api.variable());
            Some((*api, read(&name)?))
        });
        Self {
            overrides: overrides.collect(),
            token: read("CLOUDSDK_AUTH_ACCESS_TOKEN").map(Secret::from),
            credentials_file: read("GOOGLE_APPLICATION_CREDENTIALS").is_some(),
        }
    }
}

impl fmt::Debug for Environment {
    /// Says which are set, not what they hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("overrides", &self.overrides.keys())
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let environment = Environment::read(|name| match name {
            "CLOUDSDK_AUTH_ACCESS_TOKEN" => Some("canary-token".to_owned()),
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_REDIS" => {
                Some("https://user:canary-password@host/".to_owned())
            }
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS" => Some(String::new()),
            _ => None,
        });
        let shown = format!("{environment:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("***"), "{shown}");
        assert_eq!(environment.overrides.len(), 1);
    }
}
