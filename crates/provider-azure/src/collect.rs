//! Which calls are sent, in which order.
//!
//! 1. Whose credentials, and which subscriptions they see; what they may
//!    read there, since Resource Graph leaves out the rest without a word.
//! 2. Side by side: caches and virtual networks of each subscription from
//!    Resource Manager itself, whose versions are chosen here (an older one
//!    hides `publicNetworkAccess` and the network policies of subnets); the
//!    rest of the networks and the clients in one Resource Graph query per
//!    type, over all subscriptions.
//! 3. What hangs on the caches: firewall rules, databases, assignments,
//!    schedules; links and records of the zones that can answer for a
//!    cache; zone groups of private endpoints of caches; administrator rules.
//! 4. Metrics, fifty caches at a time.

mod ask;
mod caches;
mod graph;
mod managers;
mod metrics;
mod subscriptions;
mod zones;

use std::collections::BTreeMap;
use std::sync::Arc;

use cachewarden_model::{AccountId, Gap, Provider as Cloud, Region, Snapshot, Target};
use cachewarden_provider::{Event, Listing, Provider, Session};
use futures_util::future::join_all;
use serde_json::Value;

use crate::adapt;
use crate::client::{Client, Endpoint, find, issuer, transport};
use crate::cloud::CloudName;
use crate::environment::Environment;
use crate::error::AzureError;
use crate::operation::Operation;

pub(crate) use ask::Ask;
pub(crate) use caches::{Cluster, Redis, admits_identities, is_managed};
pub(crate) use graph::Graph;
pub(crate) use managers::Manager;
pub(crate) use metrics::{DAYS, Measured};
pub(crate) use subscriptions::{Access, Subscription};
pub(crate) use zones::{Zone, leads_to_cache};

/// Which part of Azure is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Ids or names of subscriptions; all that the credentials see if empty.
    pub subscriptions: Vec<String>,
    /// The cloud.
    pub cloud: CloudName,
}

/// Azure, as some credentials see it.
#[derive(Debug, Clone)]
pub struct AzureProvider {
    options: Options,
    environment: Environment,
}

/// All that was read.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    pub(crate) cloud: CloudName,
    pub(crate) subscriptions: Vec<Subscription>,
    /// What each subscription lets the credentials read.
    pub(crate) access: BTreeMap<AccountId, Access>,
    pub(crate) redis: Vec<Redis>,
    pub(crate) clusters: Vec<Cluster>,
    /// Virtual networks, with the subscription that listed them.
    pub(crate) networks: Vec<(AccountId, Value)>,
    pub(crate) graph: Graph,
    /// Zone groups of the private endpoints of caches, by id in lower case.
    pub(crate) zone_groups: BTreeMap<String, Listing<Value>>,
    /// Links and records of the zones that can answer for a cache, by id in
    /// lower case.
    pub(crate) zones: BTreeMap<String, Zone>,
    pub(crate) managers: Vec<Manager>,
    pub(crate) measured: Measured,
    pub(crate) gaps: Vec<Gap>,
}

impl AzureProvider {
    /// Reads with what the environment says of credentials and endpoints.
    pub fn new(options: Options, environment: Environment) -> Self {
        Self {
            options,
            environment,
        }
    }

    /// A client with credentials, and who is told of them.
    async fn client(&self, session: &Session) -> Result<Client, AzureError> {
        let own = self.options.cloud.resource_manager();
        let named = self.environment.resource_manager.as_deref();
        let endpoint = Endpoint::new(named.unwrap_or(own), Some(own))?;
        let issuer = issuer(&self.environment, self.options.cloud.authority())?;
        let transport = transport(endpoint.address(), Some(&issuer))?;
        let scope = endpoint.scope();
        let found = find(&self.environment, issuer.as_str(), &transport, &scope).await?;
        let credentials = Arc::new(found);
        session.tell(Event::Credentials {
            provider: Cloud::Azure,
            source: credentials.source(),
        });
        Ok(Client::new(
            endpoint,
            self.options.cloud,
            &credentials,
            &transport,
        ))
    }
}

impl Provider for AzureProvider {
    type Error = AzureError;

    async fn collect(&self, session: &Session) -> Result<Snapshot, AzureError> {
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
async fn read(ask: &Ask<'_>, options: &Options) -> Result<Estate, AzureError> {
    let mut estate = Estate {
        cloud: options.cloud,
        ..Estate::default()
    };
    (estate.subscriptions, estate.gaps) = subscriptions::list(ask, options).await?;
    estate.ask_access(ask).await;
    let ids: Vec<AccountId> = estate.ids().cloned().collect();
    for account in &ids {
        ask.session.tell(Event::Account {
            account,
            regions: &[],
        });
    }
    let (redis, clusters, networks, graph) = tokio::join!(
        caches::redis(ask, &ids),
        caches::clusters(ask, &ids),
        ask.everywhere(
            Operation::VirtualNetworks,
            "Microsoft.Network/virtualNetworks",
            &ids
        ),
        Graph::read(ask, &ids),
    );
    estate.redis = estate.keep(redis);
    estate.clusters = estate.keep(clusters);
    estate.networks = estate.keep(networks);
    estate.gaps.extend(graph.gaps());
    estate.graph = graph;
    estate.tell_caches(ask.session);
    let (groups, zones, managers, measured) = tokio::join!(
        zones::groups(ask, &estate),
        zones::read(ask, &estate),
        managers::read(ask, &estate),
        metrics::read(ask, &estate),
    );
    estate.zone_groups = groups;
    estate.zones = zones;
    estate.managers = managers;
    estate.measured = measured;
    estate.settle(ask.session)?;
    Ok(estate)
}

impl Estate {
    /// Ids of the subscriptions that are read, sorted.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &AccountId> {
        self.subscriptions.iter().map(|it| &it.id)
    }

    fn keep<T>(&mut self, listing: Gathered<T>) -> Vec<T> {
        self.gaps.extend(listing.gaps);
        listing.items
    }

    async fn ask_access(&mut self, ask: &Ask<'_>) {
        let asked = self.subscriptions.iter().map(|it| async {
            let access = Access::read(ask, &it.id).await;
            (it.id.clone(), access)
        });
        self.access = join_all(asked).await.into_iter().collect();
    }

    /// Tells how many caches were found where.
    fn tell_caches(&self, session: &Session) {
        let mut found: BTreeMap<(AccountId, Region), usize> = BTreeMap::new();
        let redis = self.redis.iter().map(|it| (&it.account, &it.value));
        let clusters = self.clusters.iter().map(|it| (&it.account, &it.value));
        for (account, value) in redis.chain(clusters) {
            let place = (account.clone(), adapt::region(value));
            *found.entry(place).or_default() += 1;
        }
        for ((account, region), caches) in &found {
            session.tell(Event::Searched {
                account,
                region,
                caches: *caches,
            });
        }
    }

    /// Adds what the credentials were kept from without being told so.
    ///
    /// # Errors
    ///
    /// If not a single subscription let itself be asked for caches.
    fn settle(&mut self, session: &Session) -> Result<(), AzureError> {
        let kept: Vec<Gap> = self
            .access
            .iter()
            .flat_map(|(account, access)| access.gaps(account, &self.gaps))
            .collect();
        for gap in &kept {
            session.tell(Event::Gap(gap));
        }
        self.gaps.extend(kept);
        let blind = |account: &&AccountId| {
            let refused = |operation: Operation| {
                let its = |gap: &&Gap| gap.account.as_ref() == Some(*account);
                self.gaps
                    .iter()
                    .filter(its)
                    .any(|gap| gap.what == operation.action())
            };
            refused(Operation::Redis) && refused(Operation::Enterprise)
        };
        let nothing = self.redis.is_empty() && self.clusters.is_empty();
        if nothing && self.ids().all(|it| blind(&it)) {
            let mut gaps = self.gaps.clone();
            gaps.retain(|it| it.what == Operation::Redis.action() || self.subscriptions.is_empty());
            return Err(AzureError::NobodyCouldBeAsked { gaps });
        }
        Ok(())
    }

    /// Gaps of the lists that hang on zones, private endpoints, managers, and
    /// of what was not measured.
    pub(crate) fn further_gaps(&self) -> Vec<Gap> {
        let groups = self.zone_groups.values().filter_map(|it| it.gap.clone());
        let zones = self.zones.values();
        let zones = zones
            .flat_map(|it| it.links.gap.iter().chain(&it.records.gap))
            .cloned();
        let managers = self.managers.iter().filter_map(|it| it.rules.gap.clone());
        let measured = self.measured.gaps().cloned();
        groups
            .chain(zones)
            .chain(managers)
            .chain(measured)
            .collect()
    }

    /// What was asked: each subscription, and the regions of its caches.
    fn targets(&self) -> Vec<Target> {
        let regions = |account: &AccountId| {
            let redis = self.redis.iter().map(|it| (&it.account, &it.value));
            let clusters = self.clusters.iter().map(|it| (&it.account, &it.value));
            let mut regions: Vec<Region> = redis
                .chain(clusters)
                .filter(|(its, _)| *its == account)
                .map(|(_, value)| adapt::region(value))
                .collect();
            regions.sort();
            regions.dedup();
            regions
        };
        self.ids()
            .map(|account| Target {
                provider: Cloud::Azure,
                account: account.clone(),
                regions: regions(account),
            })
            .collect()
    }
}

/// What several subscriptions listed, and why it may not be all.
pub(crate) struct Gathered<T> {
    pub(crate) items: Vec<T>,
    pub(crate) gaps: Vec<Gap>,
}
