//! The fake Azure as tests see it: Resource Manager, Resource Graph, metrics, and those who issue tokens.

mod answer;
mod estate;
mod graph;
mod issue;
mod refusal;
mod request;
mod version;

use std::sync::Arc;

use self::answer::Backend;
use crate::connection::Server;
use crate::fault::{Fault, FaultKind};

pub use estate::AzureEstate;
pub use request::AzureRequest;

/// The token that a fake takes from the start.
const TOKEN: &str = "canary-token-of-the-fake";

/// An HTTP server on 127.0.0.1 that answers as Azure Resource Manager would; it stops when dropped.
///
/// A request without a token that it knows is answered 401, one without an `api-version` that its type has 400.
/// Lists are paged by `nextLink`. Resource Graph answers queries of the form
/// `resources | where type =~ '…' | project … | order by id asc`, and, as the real one does, leaves out what may
/// not be read without a word. Metrics are answered for one resource and for many at once.
///
/// It issues tokens as well: `POST /TENANT/oauth2/v2.0/token` as Microsoft Entra does, `GET /identity` as the
/// identity endpoint of App Service does.
pub struct FakeAzure {
    server: Server,
    backend: Arc<Backend>,
}

impl FakeAzure {
    /// Starts a server.
    #[must_use]
    pub fn start(estate: AzureEstate) -> Self {
        let backend = Arc::new(Backend::new(estate, TOKEN));
        let answering = Arc::clone(&backend);
        let server = Server::start(move |incoming| answering.respond(incoming));
        backend.state(|state| state.base = format!("http://{}", server.address()));
        Self { server, backend }
    }

    /// Its URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The variables that lead to it with a token that is ready.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        let token = ("CACHEWARDEN_AZURE_TOKEN".to_owned(), TOKEN.to_owned());
        self.env_without_token()
            .into_iter()
            .chain([token])
            .collect()
    }

    /// The variables that lead to it, without credentials; tokens are issued by it as well.
    #[must_use]
    pub fn env_without_token(&self) -> Vec<(String, String)> {
        ["CACHEWARDEN_AZURE_RESOURCE_MANAGER", "AZURE_AUTHORITY_HOST"]
            .map(|name| (name.to_owned(), self.endpoint()))
            .into()
    }

    /// A token that it takes.
    #[must_use]
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// Lets no page hold more than `items`.
    pub fn page_size(&self, items: usize) -> &Self {
        self.backend.state(|state| state.page_size = Some(items));
        self
    }

    /// Keeps the credentials from an action, in all subscriptions: what is asked for is refused, what Resource
    /// Graph lists is left out, and the permissions say so.
    pub fn deny(&self, action: &str) -> &Self {
        self.backend
            .state(|state| state.denied.push((None, action.to_lowercase())));
        self
    }

    /// Keeps the credentials from everything in one subscription, which they still see.
    pub fn deny_subscription(&self, subscription: &str) -> &Self {
        self.backend.state(|state| {
            state
                .denied
                .push((Some(subscription.to_lowercase()), "*".to_owned()))
        });
        self
    }

    /// Lets a service be one that a subscription never registered: lists of its types are refused as Azure does.
    pub fn unregistered(&self, subscription: &str, namespace: &str) -> &Self {
        let pair = (subscription.to_lowercase(), namespace.to_lowercase());
        self.backend.state(|state| state.unregistered.push(pair));
        self
    }

    /// Leads the next pages of lists elsewhere: `nextLink` begins with this in place of the fake's own address.
    pub fn next_links_at(&self, base: &str) -> &Self {
        self.backend
            .state(|state| state.link_base = Some(base.to_owned()));
        self
    }

    /// Adds a failure of the calls that an action allows (`Microsoft.Cache/redis/read`), or of all, behind
    /// those added before. Conditions: [`Fault::account`] is a subscription.
    pub fn fault(&self, fault: Fault) -> &Self {
        let fault = fault.in_lower_case();
        self.backend.state(|state| state.faults.push(fault));
        self
    }

    /// Takes back all failures and refusals.
    pub fn clear(&self) -> &Self {
        self.backend.state(|state| {
            state.faults.clear();
            state.denied.clear();
            state.unregistered.clear();
            state.link_base = None;
        });
        self
    }

    /// Every request so far, in the order of their answers.
    #[must_use]
    pub fn requests(&self) -> Vec<AzureRequest> {
        self.backend.state(|state| state.requests.clone())
    }

    /// How many requests that an action allows came so far.
    #[must_use]
    pub fn calls(&self, action: &str) -> usize {
        let requests = self.requests();
        requests
            .iter()
            .filter(|it| it.action.eq_ignore_ascii_case(action))
            .count()
    }

    /// How many requests met this failure.
    #[must_use]
    pub fn faulted(&self, kind: FaultKind) -> usize {
        let requests = self.requests();
        requests.iter().filter(|it| it.fault == Some(kind)).count()
    }
}

#[cfg(test)]
mod tests;
