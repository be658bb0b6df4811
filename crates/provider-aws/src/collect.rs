//! Which calls are sent, in which order.
//!
//! 1. Who asks, and which regions are enabled.
//! 2. The caches of every region: four listings, side by side.
//! 3. Where there are caches, what hangs on them (users, parameters,
//!    updates, metrics) and all networks of the region. Whole listings are
//!    cheaper and more certain than filtered ones: which networks matter is
//!    known only once peerings and attachments are.
//! 4. The networks of other regions and accounts that those lead to
//!    ([`links`]). A region without caches that nothing leads to costs four
//!    calls and no more.
//! 5. What has no list form: attributes of the networks that matter, entries
//!    of the prefix lists that are named, routes of transit gateways.

mod caches;
mod details;
mod links;
mod metrics;
mod network;
mod rounds;
mod scope;

use aws_config::SdkConfig;
use cachewarden_model::{Provider as Cloud, Snapshot, Target};
use cachewarden_provider::{Event, Provider, Session};
use futures_util::future::join_all;

use self::rounds::{finish, follow, regions};
use crate::adapt;
use crate::client::{Base, Options, identities, load, prepared};
use crate::error::AwsError;

pub(crate) use caches::Caches;
pub(crate) use details::{Details, Setting};
pub(crate) use metrics::{DAYS, Measured, Values};
pub(crate) use network::{Clients, Filters, Links, Network, VpcAttribute};
pub(crate) use scope::Scope;

/// AWS, as some credentials see it.
#[derive(Clone)]
pub struct AwsProvider {
    options: Options,
    /// In place of what environment and files say.
    config: Option<SdkConfig>,
}

/// All that was read of one region of one account.
#[derive(Debug)]
pub(crate) struct RegionData {
    pub(crate) scope: Scope,
    pub(crate) caches: Caches,
    pub(crate) details: Details,
    pub(crate) values: Values,
    /// None if it was not read: there are no caches, and nothing leads there.
    pub(crate) network: Option<Network>,
}

impl AwsProvider {
    /// Takes credentials, endpoints and the usual region from the
    /// environment and the files of AWS, by the SDK's default chain.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            config: None,
        }
    }

    /// Takes credentials, endpoints and the usual region from a
    /// configuration of the caller's; profiles are then not looked at.
    pub fn with_config(options: Options, config: SdkConfig) -> Self {
        Self {
            options,
            config: Some(config),
        }
    }

    /// The first credentials, one for each profile.
    async fn bases(&self) -> Result<Vec<Base>, AwsError> {
        let base = |profile: Option<&String>, config: &SdkConfig| {
            Ok(Base {
                profile: profile.cloned(),
                config: prepared(config)?,
            })
        };
        if let Some(config) = &self.config {
            return Ok(vec![base(None, config)?]);
        }
        let mut bases = Vec::new();
        for profile in &self.options.profiles {
            let config = load(Some(profile), &self.options).await;
            bases.push(base(Some(profile), &config)?);
        }
        if bases.is_empty() {
            bases.push(base(None, &load(None, &self.options).await)?);
        }
        Ok(bases)
    }
}

impl std::fmt::Debug for AwsProvider {
    /// Without the configuration: it holds the credentials' provider.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AwsProvider")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Provider for AwsProvider {
    type Error = AwsError;

    async fn collect(&self, session: &Session) -> Result<Snapshot, AwsError> {
        self.options.check()?;
        let bases = self.bases().await?;
        let (identities, mut gaps) = identities(session, &self.options, &bases).await?;
        let mut targets = Vec::new();
        let mut scopes = Vec::new();
        let asked = identities
            .iter()
            .map(|identity| regions(session, identity, &self.options));
        for (identity, (regions, gap)) in identities.iter().zip(join_all(asked).await) {
            gaps.extend(gap);
            session.tell(Event::Account {
                account: &identity.account,
                regions: &regions,
            });
            scopes.extend(
                regions
                    .iter()
                    .map(|region| Scope::new(identity, region.as_str())),
            );
            let account = identity.account.clone();
            targets.push(Target {
                provider: Cloud::Aws,
                account,
                regions,
            });
        }
        let mut regions = join_all(
            scopes
                .into_iter()
                .map(|scope| RegionData::read(session, scope)),
        )
        .await;
        gaps.extend(follow(session, &identities, &self.options, &mut regions).await);
        finish(session, &mut regions).await;

        let mut snapshot = Snapshot::new(session.now, &session.version);
        snapshot.targets = targets;
        snapshot.gaps = gaps;
        adapt::fill(&mut snapshot, &regions);
        snapshot.sort();
        Ok(snapshot)
    }
}

impl RegionData {
    /// Reads the caches of a region and, if there are any, all around them.
    async fn read(session: &Session, scope: Scope) -> Self {
        let caches = Caches::find(&scope, session).await;
        let place = &scope.place;
        let count = caches.count();
        session.tell(Event::Searched {
            account: &place.account,
            region: &place.region,
            caches: count,
        });
        if count == 0 {
            let details = Details::none();
            return Self {
                scope,
                caches,
                details,
                values: Values::default(),
                network: None,
            };
        }
        let (details, values, network) = tokio::join!(
            Details::read(&scope, session, &caches),
            metrics::read(&scope, session, &caches),
            Network::read(&scope, session),
        );
        Self {
            scope,
            caches,
            details,
            values,
            network: Some(network),
        }
    }
}
