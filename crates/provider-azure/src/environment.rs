//! What the environment says: endpoints and credentials.

use std::fmt;

use azure_core::credentials::Secret;

/// What the environment says, under the names that Azure's own tools use.
#[derive(Clone, Default)]
pub struct Environment {
    /// `CACHEWARDEN_AZURE_RESOURCE_MANAGER`: in place of the cloud's own.
    pub resource_manager: Option<String>,
    /// `AZURE_AUTHORITY_HOST`: where tokens are issued.
    pub authority: Option<String>,
    /// `CACHEWARDEN_AZURE_TOKEN`: a token that is ready to be used.
    pub token: Option<Secret>,
    /// `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// `AZURE_CLIENT_ID`.
    pub client: Option<String>,
    /// `AZURE_CLIENT_SECRET`.
    pub client_secret: Option<Secret>,
    /// `AZURE_CLIENT_CERTIFICATE_PATH`.
    pub client_certificate: Option<String>,
    /// `AZURE_FEDERATED_TOKEN_FILE`.
    pub federated_token_file: Option<String>,
    /// Whether `IDENTITY_ENDPOINT` is set: a managed identity is offered.
    pub identity_endpoint: bool,
}

impl Environment {
    /// That of this process; empty variables count as absent.
    pub fn of_process() -> Self {
        let read = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
        Self {
            resource_manager: read("CACHEWARDEN_AZURE_RESOURCE_MANAGER"),
            authority: read("AZURE_AUTHORITY_HOST"),
            token: read("CACHEWARDEN_AZURE_TOKEN").map(Secret::from),
            tenant: read("AZURE_TENANT_ID"),
            client: read("AZURE_CLIENT_ID"),
            client_secret: read("AZURE_CLIENT_SECRET").map(Secret::from),
            client_certificate: read("AZURE_CLIENT_CERTIFICATE_PATH"),
            federated_token_file: read("AZURE_FEDERATED_TOKEN_FILE"),
            identity_endpoint: read("IDENTITY_ENDPOINT").is_some(),
        }
    }
}

impl fmt::Debug for Environment {
    /// Says which are set, not what they hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |it: bool| if it { "***" } else { "-" };
        f.debug_struct("Environment")
            .field("resource_manager", &self.resource_manager.is_some())
            .field("token", &shown(self.token.is_some()))
            .field("client_secret", &shown(self.client_secret.is_some()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let environment = Environment {
            token: Some(Secret::from("canary-token")),
            client_secret: Some(Secret::from("canary-secret")),
            resource_manager: Some("https://user:canary-password@host".to_owned()),
            ..Environment::default()
        };
        let shown = format!("{environment:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("***"), "{shown}");
    }
}
