//! Which regions are read, and what follows once some have been.

use std::collections::BTreeSet;

use cachewarden_model::{Gap, Region};
use cachewarden_provider::{Event, Failure, FailureKind, Session};
use futures_util::future::join_all;

use super::RegionData;
use super::caches::Caches;
use super::details::Details;
use super::links;
use super::metrics::Values;
use super::network::{Extras, Network};
use super::scope::Scope;
use crate::client::{Identity, Options, failure};
use crate::operation::Operation;

/// The regions to read in an account, sorted, and why that may not be all.
///
/// If the enabled regions cannot be listed and none was named, the one that
/// is configured is read: better than nothing, and the gap says so. Only the
/// caches of the others are missed: what of their networks matters is read
/// where something leads there.
pub(super) async fn regions(
    session: &Session,
    identity: &Identity,
    options: &Options,
) -> (Vec<Region>, Option<Gap>) {
    if !options.regions.is_empty() {
        let named: BTreeSet<_> = options.regions.iter().map(Region::new).collect();
        return (named.into_iter().collect(), None);
    }
    let configured = identity
        .config
        .region()
        .map(ToString::to_string)
        .unwrap_or_default();
    let scope = Scope::new(identity, &configured);
    let ask = || {
        let request = scope.clients.ec2.describe_regions();
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let names = answer.regions.unwrap_or_default();
            let names: BTreeSet<_> = names
                .into_iter()
                .filter_map(|it| it.region_name)
                .map(Region::from)
                .collect();
            // Every account has regions that are always enabled.
            if names.is_empty() {
                Err(Failure::new(FailureKind::Damaged))
            } else {
                Ok(names)
            }
        }
    };
    match scope.one(session, Operation::DescribeRegions, ask).await {
        Ok(names) => (names.into_iter().collect(), None),
        Err(mut gap) => {
            gap.region = None;
            gap.message = format!(
                "{}; only {configured} was read, other regions can be named with --aws-region",
                gap.message
            );
            (vec![Region::from(configured)], Some(*gap))
        }
    }
}

/// Reads the networks that those with caches lead to, until nothing new
/// turns up; the gaps are of what lies outside the scope.
pub(super) async fn follow(
    session: &Session,
    identities: &[Identity],
    options: &Options,
    regions: &mut Vec<RegionData>,
) -> Vec<Gap> {
    let accounts: BTreeSet<&str> = identities.iter().map(|it| it.account.as_str()).collect();
    loop {
        let relevant = links::relevant(regions);
        let named = links::named(regions, &relevant);
        let read: BTreeSet<_> = regions
            .iter()
            .filter(|region| region.network.is_some())
            .map(|region| region.scope.place.clone())
            .collect();
        let (inside, outside): (Vec<_>, Vec<_>) = named
            .into_iter()
            .filter(|it| !read.contains(&it.place))
            .partition(|it| {
                accounts.contains(it.place.account.as_str())
                    && options.covers(it.place.region.as_str())
            });
        if inside.is_empty() {
            return outside
                .iter()
                .map(|it| links::unread(it, &accounts))
                .collect();
        }
        let places: BTreeSet<_> = inside.into_iter().map(|it| it.place).collect();
        for place in &places {
            let known = regions.iter().any(|region| region.scope.place == *place);
            let identity = identities.iter().find(|it| it.account == place.account);
            if let Some(identity) = identity.filter(|_| !known) {
                regions.push(RegionData {
                    scope: Scope::new(identity, place.region.as_str()),
                    caches: Caches::none(),
                    details: Details::none(),
                    values: Values::default(),
                    network: None,
                });
            }
        }
        let unread = regions
            .iter_mut()
            .filter(|region| places.contains(&region.scope.place));
        join_all(unread.map(|region| async move {
            region.network = Some(Network::read(&region.scope, session).await);
        }))
        .await;
    }
}

/// Asks for what has no list form, now that it is known what matters.
pub(super) async fn finish(session: &Session, regions: &mut [RegionData]) {
    let relevant = &links::relevant(regions);
    join_all(regions.iter_mut().map(|region| async move {
        let RegionData {
            scope,
            network: Some(network),
            ..
        } = region
        else {
            return;
        };
        network.extras = Extras::read(scope, session, network, relevant).await;
        let (account, region) = (&scope.place.account, &scope.place.region);
        session.tell(Event::Read { account, region });
    }))
    .await;
}
