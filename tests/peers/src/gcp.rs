//! The fake Google Cloud as tests see it: the APIs of caches, Compute and the others, and those who issue tokens.

mod answer;
mod estate;
mod issue;
mod numbers;
mod refusal;
mod request;

use std::sync::Arc;

use self::answer::Backend;
use crate::connection::Server;
use crate::fault::{Fault, FaultKind};

pub use estate::GcpEstate;
pub use request::GcpRequest;

/// The token that a fake takes from the start.
const TOKEN: &str = "canary-token-of-the-fake";

/// The APIs that a fake has: the ends of the variables that lead to it, and the names of the services.
const APIS: [(&str, &str, &str); 11] = [
    ("REDIS", "redis", ""),
    ("MEMORYSTORE", "memorystore", ""),
    ("MEMCACHE", "memcache", ""),
    ("COMPUTE", "compute", "compute/v1/"),
    ("NETWORKCONNECTIVITY", "networkconnectivity", ""),
    ("NETWORKSECURITY", "networksecurity", ""),
    ("DNS", "dns", "dns/v1/"),
    ("VPCACCESS", "vpcaccess", ""),
    ("RUN", "run", ""),
    ("MONITORING", "monitoring", ""),
    ("CLOUDRESOURCEMANAGER", "cloudresourcemanager", ""),
];

/// An HTTP server on 127.0.0.1 that answers as Google's APIs would; it stops when dropped.
///
/// A request without a token that it knows is answered 401. Lists are paged by tokens; places that are not reached
/// stand in `unreachable`, or as Compute writes it. Enums of the APIs of caches are numbers where that is asked
/// for, false and empty fields are left out. What is masked by `fields` is not sent.
///
/// It issues tokens as well: `POST /token` as Google's authorization server does, `GET /computeMetadata/v1/…` as the
/// metadata server does; and it takes tokens that a service account signs itself.
pub struct FakeGcp {
    server: Server,
    backend: Arc<Backend>,
}

impl FakeGcp {
    /// Starts a server.
    #[must_use]
    pub fn start(estate: GcpEstate) -> Self {
        let backend = Arc::new(Backend::new(estate, TOKEN));
        let answering = Arc::clone(&backend);
        let server = Server::start(move |incoming| answering.respond(incoming));
        Self { server, backend }
    }

    /// Its URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Its host and port.
    #[must_use]
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// The variables that lead to it with a token that is ready.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        let token = ("CLOUDSDK_AUTH_ACCESS_TOKEN".to_owned(), TOKEN.to_owned());
        self.env_without_token()
            .into_iter()
            .chain([token])
            .collect()
    }

    /// The variables that lead to it, without credentials.
    #[must_use]
    pub fn env_without_token(&self) -> Vec<(String, String)> {
        APIS.iter()
            .map(|(variable, api, path)| {
                let name = format!("CLOUDSDK_API_ENDPOINT_OVERRIDES_{variable}");
                (name, format!("{}/{api}/{path}", self.endpoint()))
            })
            .collect()
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

    /// Lets every next page be the first one again.
    pub fn circular(&self) -> &Self {
        self.backend.state(|state| state.circular = true);
        self
    }

    /// Keeps the credentials from what a permission allows, in all projects.
    pub fn deny(&self, permission: &str) -> &Self {
        self.backend
            .state(|state| state.denied.push((None, permission.to_owned())));
        self
    }

    /// Keeps the credentials from everything in one project, which they still see.
    pub fn deny_project(&self, project: &str) -> &Self {
        self.backend.state(|state| {
            state
                .denied
                .push((Some(project.to_owned()), "*".to_owned()))
        });
        self
    }

    /// Lets an API (`redis`) be off in a project; `consumer` is who is said to lack it, the project itself if none.
    pub fn off(&self, project: &str, api: &str, consumer: Option<&str>) -> &Self {
        let off = (
            project.to_owned(),
            api.to_owned(),
            consumer.map(str::to_owned),
        );
        self.backend.state(|state| state.off.push(off));
        self
    }

    /// Lets lists that a permission allows leave out one region, and say so.
    pub fn unreachable(&self, permission: &str, region: &str) -> &Self {
        let pair = (permission.to_owned(), region.to_owned());
        self.backend.state(|state| state.unreachable.push(pair));
        self
    }

    /// Adds a failure of the calls that a permission allows (`redis.instances.list`), or of all, behind those added
    /// before. Conditions: [`Fault::account`] is a project.
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
            state.off.clear();
            state.unreachable.clear();
            state.circular = false;
        });
        self
    }

    /// Every request so far, in the order of their answers.
    #[must_use]
    pub fn requests(&self) -> Vec<GcpRequest> {
        self.backend.state(|state| state.requests.clone())
    }

    /// How many requests that a permission allows came so far.
    #[must_use]
    pub fn calls(&self, permission: &str) -> usize {
        let requests = self.requests();
        requests
            .iter()
            .filter(|it| it.permission == permission)
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
