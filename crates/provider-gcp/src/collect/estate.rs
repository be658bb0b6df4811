//! What was read, and what follows of it for what is asked next.

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Gap, Provider as Cloud, Region, Target};
use cachewarden_provider::{Event, Session};
use serde_json::Value;

use super::{Estate, Found, Project, caches};
use crate::adapt;
use crate::error::GcpError;
use crate::operation::Operation;

impl Estate {
    pub(super) fn keep(
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
    pub(super) fn tell_caches(&self, session: &Session) {
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
    pub(super) fn settle(&self, session: &Session) -> Result<(), GcpError> {
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
    pub(super) fn targets(&self) -> Vec<Target> {
        let target = |project: &Project| Target {
            provider: Cloud::Gcp,
            account: project.id.clone(),
            regions: self.regions_of(&project.id).into_keys().collect(),
        };
        self.projects.iter().map(target).collect()
    }
}
