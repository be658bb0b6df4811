//! Which calls are sent, in which order.
//!
//! First the lists of each project, all at once; then what hangs on them:
//! firewalls in force where there are clients or caches, routes of peerings,
//! records of private zones, certificate authorities, measured values.

mod ask;
mod authorities;
mod caches;
mod dns;
mod estate;
mod lists;
mod metrics;
mod networks;
mod projects;
mod shape;

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Gap, Provider as Cloud, Region, Snapshot};
use cachewarden_provider::{Event, Provider, Session};
use futures_util::future::join_all;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_cluster_v1::model as cluster;
use google_cloud_redis_v1::model as redis;
use serde_json::Value;

use crate::adapt;
use crate::adapt::ids::Ids;
use crate::client::{Api, Client, choose_tls, find};
use crate::environment::Environment;
use crate::error::GcpError;
use crate::operation::Operation;

use ask::Ask;

pub(crate) use metrics::{DAYS, Measured, metric};
pub(crate) use projects::Project;

/// What is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Projects by their ids or numbers; empty for all that are seen.
    pub projects: Vec<String>,
    /// An organization by its number: all projects below it.
    pub organization: Option<String>,
}

/// Reads Google Cloud.
#[derive(Debug)]
pub struct GcpProvider {
    options: Options,
    environment: Environment,
}

/// A list of a project, as far as it could be read.
#[derive(Debug, Clone)]
pub(crate) struct Found<T> {
    pub(crate) items: Vec<T>,
    /// Why some may be missing; empty if the list is whole.
    pub(crate) gaps: Vec<Gap>,
    /// Whether the API is off in the project, which thus has none.
    pub(crate) off: bool,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            items: vec![],
            gaps: vec![],
            off: false,
        }
    }
}

/// An answer, or why there is none.
pub(crate) type Answer<T> = Result<T, Box<Gap>>;

/// All that was read.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    pub(crate) projects: Vec<Project>,
    pub(crate) ids: Ids,
    pub(crate) redis: Vec<(AccountId, redis::Instance)>,
    pub(crate) clusters: Vec<(AccountId, cluster::Cluster)>,
    pub(crate) valkey: Vec<(AccountId, valkey::Instance)>,
    /// Lists of plain requests, by call and project.
    pub(crate) lists: BTreeMap<(Operation, AccountId), Found<Value>>,
    /// Firewalls in force, by network and region.
    pub(crate) effective: BTreeMap<(String, Region), Answer<Value>>,
    /// Routes that peerings brought, by the id of the peering.
    pub(crate) peering_routes: BTreeMap<String, Found<Value>>,
    /// Address groups that rules name.
    pub(crate) groups: BTreeMap<String, Answer<Value>>,
    /// Service projects of each project, if it is a host.
    pub(crate) shared: BTreeMap<AccountId, Answer<Vec<AccountId>>>,
    /// Records of private zones, and rules of response policies, by id.
    pub(crate) records: BTreeMap<String, Found<Value>>,
    /// Certificates as PEM, by the id of the cache.
    pub(crate) authorities: BTreeMap<String, Answer<Vec<String>>>,
    pub(crate) measured: Measured,
    /// APIs that are off, by project.
    pub(crate) off: BTreeMap<AccountId, Vec<Api>>,
    pub(crate) gaps: Vec<Gap>,
}

impl GcpProvider {
    /// Reads with what the environment says of credentials and endpoints.
    pub fn new(options: Options, environment: Environment) -> Self {
        Self {
            options,
            environment,
        }
    }

    /// A client with credentials, and who is told of them.
    async fn client(&self, session: &Session) -> Result<Client, GcpError> {
        choose_tls();
        // Before anybody is asked for a token.
        crate::client::Endpoints::new(&self.environment.overrides)?;
        let found = find(&self.environment).await?;
        session.tell(Event::Credentials {
            provider: Cloud::Gcp,
            source: found.source,
        });
        Client::new(&self.environment, &found.credentials).await
    }
}

impl Provider for GcpProvider {
    type Error = GcpError;

    async fn collect(&self, session: &Session) -> Result<Snapshot, GcpError> {
        let client = self.client(session).await?;
        let ask = Ask {
            session,
            client: &client,
        };
        let estate = read(&ask, &self.options).await?;
        let mut snapshot = Snapshot::new(session.now, &session.version);
        snapshot.targets = estate.targets();
        adapt::fill(&mut snapshot, &estate);
        snapshot.sort();
        Ok(snapshot)
    }
}

/// Reads all that the options name.
async fn read(ask: &Ask<'_>, options: &Options) -> Result<Estate, GcpError> {
    let projects = projects::list(ask, options).await?;
    let mut estate = Estate {
        ids: Ids::new(projects.numbers),
        projects: projects.chosen,
        gaps: projects.gaps,
        ..Estate::default()
    };
    for project in &estate.projects {
        ask.session.tell(Event::Account {
            account: &project.id,
            regions: &[],
        });
    }
    let projects = estate.projects.clone();
    let read = projects.iter().map(|project| async move {
        tokio::join!(caches::read(ask, project), lists::read(ask, project))
    });
    for (project, (caches, lists)) in projects.iter().zip(join_all(read).await) {
        estate.keep(&project.id, caches, lists);
    }
    estate.tell_caches(ask.session);
    let (effective, routes, shared, records, authorities, measured) = tokio::join!(
        networks::effective(ask, &estate),
        networks::peering_routes(ask, &estate),
        networks::shared(ask, &estate),
        dns::records(ask, &estate),
        authorities::read(ask, &estate),
        metrics::read(ask, &estate),
    );
    estate.effective = effective;
    estate.peering_routes = routes;
    estate.shared = shared;
    estate.records = records;
    estate.authorities = authorities;
    estate.measured = measured;
    estate.groups = networks::groups(ask, &estate).await;
    estate.settle(ask.session)?;
    Ok(estate)
}
