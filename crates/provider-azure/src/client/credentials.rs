//! Whose credentials are used, and their tokens.
//!
//! In this order: a token that is ready, a client's secret or certificate, a
//! workload identity, a managed identity, the command lines of Azure. What is
//! configured and refused is an error, not a reason to try the next one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{AccessToken, Secret, TokenCredential};
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport, Url};
use azure_core::time::OffsetDateTime;
use azure_identity::{
    AzureCliCredential, AzureDeveloperCliCredential, ClientAssertionCredential,
    ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId,
    WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use tokio::sync::Mutex;

use super::certificate::Certificate;
use super::endpoint::checked;
use crate::environment::Environment;
use crate::error::AzureError;

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(300);

/// How long the address of a machine's identity may take to answer: it does
/// at once, or there is none.
const NEARBY: Duration = Duration::from_secs(1);

/// How long a token may take that nobody configured.
const PATIENCE: Duration = Duration::from_secs(15);

/// Credentials, and the tokens that they gave so far, by scope.
pub(crate) struct Credentials {
    source: &'static str,
    way: Way,
    tokens: Mutex<BTreeMap<String, AccessToken>>,
}

enum Way {
    Ready(Secret),
    Asked(Arc<dyn TokenCredential>),
}

impl Credentials {
    fn new(source: &'static str, way: Way) -> Self {
        Self {
            source,
            way,
            tokens: Mutex::default(),
        }
    }

    /// Where they come from, in a few words.
    pub(crate) fn source(&self) -> &'static str {
        self.source
    }

    /// Whether they can get tokens for other audiences and times.
    pub(crate) fn is_renewable(&self) -> bool {
        matches!(self.way, Way::Asked(_))
    }

    /// A token that is valid for some minutes more. The credentials of the
    /// command lines start a program for each token: it is kept here.
    ///
    /// # Errors
    ///
    /// If none can be had.
    pub(super) async fn token(&self, scope: &str) -> azure_core::Result<Secret> {
        let credential = match &self.way {
            Way::Ready(token) => return Ok(token.clone()),
            Way::Asked(credential) => credential,
        };
        let mut tokens = self.tokens.lock().await;
        let fresh = OffsetDateTime::now_utc() + MARGIN;
        if let Some(known) = tokens.get(scope).filter(|it| it.expires_on > fresh) {
            return Ok(known.token.clone());
        }
        let token = credential.get_token(&[scope], None).await?;
        let secret = token.token.clone();
        tokens.insert(scope.to_owned(), token);
        Ok(secret)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, ***)", self.source)
    }
}

/// The credentials to use for `scope`.
///
/// # Errors
///
/// If there are none, or those that are configured make no sense.
pub(crate) async fn find(
    environment: &Environment,
    issuer: &str,
    transport: &Transport,
    scope: &str,
) -> Result<Credentials, AzureError> {
    if let Some(token) = &environment.token {
        let way = Way::Ready(token.clone());
        return Ok(Credentials::new("CACHEWARDEN_AZURE_TOKEN", way));
    }
    let options = options(issuer, transport)?;
    if let Some(found) = configured(environment, &options)? {
        return Ok(found);
    }
    unconfigured(environment, &options, scope).await
}

/// Options for the pipelines of credentials: their retries are bounded by the
/// time of the call that waits for them.
fn options(issuer: &str, transport: &Transport) -> Result<ClientOptions, AzureError> {
    let mut cloud = CustomConfiguration::default();
    let mut url = checked(issuer)?;
    // The credentials accept https alone; the transport knows better.
    if url.scheme() == "http" {
        let _ = url.set_scheme("https");
    }
    cloud.authority_host = url.as_str().trim_end_matches('/').to_owned();
    Ok(ClientOptions {
        cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
        transport: Some(transport.clone()),
        retry: RetryOptions::exponential(ExponentialRetryOptions {
            max_retries: 3,
            ..ExponentialRetryOptions::default()
        }),
        ..ClientOptions::default()
    })
}

/// The credentials that the environment spells out; none if it names none.
fn configured(
    environment: &Environment,
    options: &ClientOptions,
) -> Result<Option<Credentials>, AzureError> {
    let (Some(tenant), Some(client)) = (&environment.tenant, &environment.client) else {
        // Half of it is a mistake, not a wish for other credentials.
        return match incomplete(environment) {
            Some(place) => Err(AzureError::Credentials {
                place,
                why: "AZURE_TENANT_ID and AZURE_CLIENT_ID must be set as well".to_owned(),
            }),
            None => Ok(None),
        };
    };
    let asked = |source, credential: Arc<dyn TokenCredential>| {
        Some(Credentials::new(source, Way::Asked(credential)))
    };
    if let Some(secret) = &environment.client_secret {
        let its = ClientSecretCredentialOptions {
            client_options: options.clone(),
        };
        let made = ClientSecretCredential::new(tenant, client.clone(), secret.clone(), Some(its));
        let made = made.map_err(|error| unusable("AZURE_CLIENT_SECRET", &error))?;
        return Ok(asked("a client secret (AZURE_CLIENT_SECRET)", made));
    }
    let assertion = || ClientAssertionCredentialOptions {
        client_options: options.clone(),
    };
    if let Some(path) = &environment.client_certificate {
        let audience = format!("{}/{tenant}/oauth2/v2.0/token", authority(options));
        let certificate = Certificate::read(path, client, &audience)?;
        let made = ClientAssertionCredential::new(
            tenant.clone(),
            client.clone(),
            certificate,
            Some(assertion()),
        );
        let made = made.map_err(|error| unusable("AZURE_CLIENT_CERTIFICATE_PATH", &error))?;
        return Ok(asked(
            "a client certificate (AZURE_CLIENT_CERTIFICATE_PATH)",
            made,
        ));
    }
    if let Some(file) = &environment.federated_token_file {
        let its = WorkloadIdentityCredentialOptions {
            credential_options: assertion(),
            client_id: Some(client.clone()),
            tenant_id: Some(tenant.clone()),
            token_file_path: Some(file.into()),
        };
        let made = WorkloadIdentityCredential::new(Some(its));
        let made = made.map_err(|error| unusable("AZURE_FEDERATED_TOKEN_FILE", &error))?;
        return Ok(asked(
            "a workload identity (AZURE_FEDERATED_TOKEN_FILE)",
            made,
        ));
    }
    Ok(None)
}

/// The variable that makes no sense without tenant and client; none if none
/// of them is set.
fn incomplete(environment: &Environment) -> Option<&'static str> {
    let secret = environment.client_secret.as_ref();
    let certificate = environment.client_certificate.as_ref();
    secret
        .map(|_| "AZURE_CLIENT_SECRET")
        .or_else(|| certificate.map(|_| "AZURE_CLIENT_CERTIFICATE_PATH"))
}

fn authority(options: &ClientOptions) -> String {
    match options.cloud.as_deref() {
        Some(CloudConfiguration::Custom(cloud)) => cloud.authority_host.clone(),
        _ => String::new(),
    }
}

/// The credentials' own text names what was wrong with them, never the secret;
/// of it only the first line is kept.
fn unusable(place: &'static str, error: &azure_core::Error) -> AzureError {
    let text = error.to_string();
    AzureError::Credentials {
        place,
        why: text.lines().next().unwrap_or_default().to_owned(),
    }
}

/// The credentials that are there without anybody having said so: of the
/// machine, else of the command lines.
async fn unconfigured(
    environment: &Environment,
    options: &ClientOptions,
    scope: &str,
) -> Result<Credentials, AzureError> {
    let mut tried = vec!["AZURE_TENANT_ID with AZURE_CLIENT_ID".to_owned()];
    let identity = || {
        ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
            user_assigned_id: environment.client.clone().map(UserAssignedId::ClientId),
            client_options: options.clone(),
        }))
    };
    if environment.identity_endpoint {
        let made = identity().map_err(|error| unusable("IDENTITY_ENDPOINT", &error))?;
        let source = "a managed identity (IDENTITY_ENDPOINT)";
        return Ok(Credentials::new(source, Way::Asked(made)));
    }
    let mut candidates: Vec<(&'static str, Arc<dyn TokenCredential>)> = vec![];
    if is_nearby().await
        && let Ok(made) = identity()
    {
        candidates.push(("a managed identity of this machine", made));
    }
    if let Ok(made) = AzureCliCredential::new(None) {
        candidates.push(("the Azure CLI (az)", made));
    }
    if let Ok(made) = AzureDeveloperCliCredential::new(None) {
        candidates.push(("the Azure Developer CLI (azd)", made));
    }
    for (source, credential) in candidates {
        let credentials = Credentials::new(source, Way::Asked(credential));
        let token = tokio::time::timeout(PATIENCE, credentials.token(scope)).await;
        if matches!(token, Ok(Ok(_))) {
            return Ok(credentials);
        }
        tried.push(source.to_owned());
    }
    Err(AzureError::NoCredentials { tried })
}

/// Whether something answers at the address that machines of Azure learn
/// their identity from.
///
/// Source: Azure Virtual Machines, "Azure Instance Metadata Service".
async fn is_nearby() -> bool {
    let address = ("169.254.169.254", 80);
    let asked = tokio::time::timeout(NEARBY, tokio::net::TcpStream::connect(address)).await;
    matches!(asked, Ok(Ok(_)))
}

/// Where tokens are issued: what the environment says, else the cloud's own.
///
/// # Errors
///
/// If it is no address that may be asked.
pub(crate) fn issuer(environment: &Environment, own: &str) -> Result<Url, AzureError> {
    let text = environment.authority.as_deref().unwrap_or(own);
    // As other tools take it: the scheme may be left out.
    if text.contains("://") {
        checked(text)
    } else {
        checked(&format!("https://{text}"))
    }
}
