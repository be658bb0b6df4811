//! The fake AWS as tests see it.

use std::sync::Arc;

use crate::answer::Backend;
use crate::connection::Server;
use crate::estate::Estate;
use crate::fault::Fault;
use crate::record::Request;
use crate::{forward, identity};

/// The account of a fake that names none, which is also moto's.
pub const DEFAULT_ACCOUNT: &str = "123456789012";

/// The region that [`FakeAws::env`] names.
const DEFAULT_REGION: &str = "us-east-1";

/// An HTTP server on 127.0.0.1 that answers as AWS would; it stops when dropped.
///
/// A request's region and service are those of its credential scope, its account that of its access key. What
/// has no `Authorization` header is answered 403, signatures are not looked at. Filters, ids and page sizes are
/// honoured, or refused where the fake cannot honour them. Members that AWS shows only on demand
/// (`ShowCacheNodeInfo`, `ShowShardDetails`, …) are shown only on demand.
///
/// `GetMetricData` takes its series from the estate: an item has `Namespace`, `MetricName`, `Dimensions` (a list
/// of `Name` and `Value`) and `Values`, one for each period up to the end that is asked for unless `Timestamps`
/// are given too.
pub struct FakeAws {
    server: Server,
    backend: Arc<Backend>,
    account: String,
}

impl FakeAws {
    /// Starts a server for [`DEFAULT_ACCOUNT`].
    #[must_use]
    pub fn start(estate: Estate) -> Self {
        Self::start_as(DEFAULT_ACCOUNT, estate)
    }

    /// Starts a server whose own account is `account`: that of the estate's regions, and of [`FakeAws::env`].
    #[must_use]
    pub fn start_as(account: &str, estate: Estate) -> Self {
        let backend = Arc::new(Backend::new(estate, account));
        let answering = Arc::clone(&backend);
        let server = Server::start(move |incoming| answering.respond(incoming));
        let fake = Self {
            server,
            backend,
            account: account.to_owned(),
        };
        fake.account(&identity::access_key(account), account);
        fake
    }

    /// Its URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The variables that make the AWS SDKs and command line talk to it, as a user of its own account.
    ///
    /// Set them in an environment without other `AWS_*` variables.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        self.env_of(&self.account)
    }

    /// As [`FakeAws::env`], as a user of another account.
    #[must_use]
    pub fn env_of(&self, account: &str) -> Vec<(String, String)> {
        let key = identity::access_key(account);
        self.account(&key, account);
        let endpoint = self.endpoint();
        let variables = [
            ("AWS_ACCESS_KEY_ID", key.as_str()),
            // Files that are there and empty: a path to nothing makes the SDK warn.
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL", &endpoint),
            ("AWS_REGION", DEFAULT_REGION),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-a-user"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ];
        variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    /// Makes an access key known, as that of a user in `account`.
    pub fn account(&self, access_key: &str, account: &str) -> &Self {
        self.backend
            .state(|state| state.accounts.add(access_key, account));
        self
    }

    /// Lets no page hold more than `items`, whatever is asked for.
    pub fn page_size(&self, items: usize) -> &Self {
        self.backend.state(|state| state.page_size = Some(items));
        self
    }

    /// Adds a failure, behind those added before.
    pub fn fault(&self, fault: Fault) -> &Self {
        self.backend.state(|state| state.faults.push(fault));
        self
    }

    /// Takes back all failures.
    pub fn clear_faults(&self) -> &Self {
        self.backend.state(|state| state.faults.clear());
        self
    }

    /// Lets a `moto_server` answer for EC2 and STS. Operations that the estate mentions in a place, and those
    /// that moto lacks, are still answered from the estate; faults and the record stay in force.
    pub fn forward_ec2_to(&self, url: &str) -> &Self {
        self.backend
            .state(|state| state.upstream = Some(forward::address(url)));
        self
    }

    /// Every request so far, in the order of their answers.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.backend.state(|state| state.requests.clone())
    }

    /// How many requests of `service:Operation` came so far.
    #[must_use]
    pub fn calls(&self, action: &str) -> usize {
        self.backend.state(|state| {
            state
                .requests
                .iter()
                .filter(|request| request.action() == action)
                .count()
        })
    }
}

#[cfg(test)]
mod tests;
