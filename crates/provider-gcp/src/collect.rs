//! Which calls are sent, in which order.
//!
//! First the lists of each project, all at once; then what hangs on them:
//! firewalls in force where there are clients or caches, routes of peerings,
//! records of private zones, certificate authorities, measured values.

mod ask;
mod authorities;
mod caches;
mod dns;
mod lists;
mod metrics;
mod networks;
mod projects;

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Gap, Provider as Cloud, Region, Snapshot, Target};
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

impl Estate {
    fn keep(
        &mut self,
        account: &AccountId,
        caches: caches::Caches,
        lists: Vec<(Operation, Found<Value>)>,
    ) {
        let mut off = vec![];
        let mut note = |operation: Operation, is_off: bool| {
            if is_off && !off.contains(&operation.api()) {
                off.push(operation.api());
            }
        };
        note(Operation::Redis, caches.redis.off || caches.clusters.off);
        note(Operation::Valkey, caches.valkey.off);
        let owned = |account: &AccountId| account.clone();
        self.gaps.extend(caches.redis.gaps);
        self.gaps.extend(caches.clusters.gaps);
        self.gaps.extend(caches.valkey.gaps);
        let redis = caches.redis.items.into_iter();
        self.redis.extend(redis.map(|it| (owned(account), it)));
        let clusters = caches.clusters.items.into_iter();
        self.clusters
            .extend(clusters.map(|it| (owned(account), it)));
        let valkey = caches.valkey.items.into_iter();
        self.valkey.extend(valkey.map(|it| (owned(account), it)));
        for (operation, found) in lists {
            note(operation, found.off);
            self.gaps.extend(found.gaps.iter().cloned());
            self.lists.insert((operation, account.clone()), found);
        }
        if !off.is_empty() {
            self.off.insert(account.clone(), off);
        }
    }

    /// Items of one list, of all projects.
    pub(crate) fn rows(&self, operation: Operation) -> impl Iterator<Item = (&AccountId, &Value)> {
        let lists = self
            .lists
            .iter()
            .filter(move |((its, _), _)| *its == operation);
        lists.flat_map(|((_, account), found)| found.items.iter().map(move |it| (account, it)))
    }

    /// Items of one list of one project.
    pub(crate) fn of(&self, operation: Operation, account: &AccountId) -> &[Value] {
        let found = self.lists.get(&(operation, account.clone()));
        found.map_or(&[], |it| it.items.as_slice())
    }

    /// Why a list of a project may lack something; none if it is whole.
    pub(crate) fn missing(&self, operation: Operation, account: &AccountId) -> Option<Gap> {
        match self.lists.get(&(operation, account.clone())) {
            Some(found) => found.gaps.first().cloned(),
            None => Some(adapt::outside(account, operation)),
        }
    }

    /// Tells how many caches were found where, and once which APIs are off.
    fn tell_caches(&self, session: &Session) {
        let mut found: BTreeMap<(&AccountId, Region), usize> = BTreeMap::new();
        let redis = self.redis.iter().map(|(account, it)| (account, &it.name));
        let clusters = self
            .clusters
            .iter()
            .map(|(account, it)| (account, &it.name));
        let valkey = self.valkey.iter().map(|(account, it)| (account, &it.name));
        for (account, name) in redis.chain(clusters).chain(valkey) {
            *found.entry((account, adapt::region(name))).or_default() += 1;
        }
        for ((account, region), caches) in &found {
            session.tell(Event::Searched {
                account,
                region,
                caches: *caches,
            });
        }
        for (account, apis) in &self.off {
            let services: Vec<_> = apis.iter().map(|it| it.service()).collect();
            session.tell(Event::Off {
                account,
                services: &services,
            });
        }
    }

    /// # Errors
    ///
    /// If not a single project let itself be asked for caches.
    fn settle(&self, session: &Session) -> Result<(), GcpError> {
        for project in &self.projects {
            for (region, _) in self.regions_of(&project.id) {
                session.tell(Event::Read {
                    account: &project.id,
                    region: &region,
                });
            }
        }
        let caches = [Operation::Redis, Operation::Clusters, Operation::Valkey];
        let blind = |account: &AccountId| {
            caches.iter().all(|operation| {
                self.gaps.iter().any(|gap| {
                    gap.what == operation.permission()
                        && gap.account.as_ref() == Some(account)
                        && gap.region.is_none()
                })
            })
        };
        let nothing = self.redis.is_empty() && self.clusters.is_empty() && self.valkey.is_empty();
        if nothing && self.projects.iter().all(|it| blind(&it.id)) {
            let mut gaps = self.gaps.clone();
            gaps.retain(|it| it.what == Operation::Redis.permission());
            return Err(GcpError::NobodyCouldBeAsked { gaps });
        }
        Ok(())
    }

    /// Regions of the caches of a project, with their number.
    fn regions_of(&self, account: &AccountId) -> BTreeMap<Region, usize> {
        let redis = self.redis.iter().map(|(its, it)| (its, &it.name));
        let clusters = self.clusters.iter().map(|(its, it)| (its, &it.name));
        let valkey = self.valkey.iter().map(|(its, it)| (its, &it.name));
        let mut regions = BTreeMap::new();
        for (its, name) in redis.chain(clusters).chain(valkey) {
            if its == account {
                *regions.entry(adapt::region(name)).or_default() += 1;
            }
        }
        regions
    }

    /// What was asked: each project, and the regions of its caches.
    fn targets(&self) -> Vec<Target> {
        let target = |project: &Project| Target {
            provider: Cloud::Gcp,
            account: project.id.clone(),
            regions: self.regions_of(&project.id).into_keys().collect(),
        };
        self.projects.iter().map(target).collect()
    }
}
