//! Users of caches and their groups, found by what refers to them.

use std::borrow::Cow;
use std::collections::HashMap;

use cachewarden_model::{Cache, CacheUser, Noun, Provider, ResourceId, Service, UserGroup};

use super::{Gaps, World};

/// Users and groups are unique within account, region and service.
pub(super) type UserKey<'a> = (&'a str, &'a str, UserService, &'a str);

/// Serverless caches share the users of ElastiCache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum UserService {
    ElastiCache,
    MemoryDb,
    Other,
}

impl UserService {
    fn of(service: Service) -> Self {
        match service {
            Service::ElastiCache | Service::ElastiCacheServerless => Self::ElastiCache,
            Service::MemoryDb => Self::MemoryDb,
            _ => Self::Other,
        }
    }
}

impl<'a> World<'a> {
    /// The groups of users that a cache admits.
    pub(crate) fn user_groups(&self, cache: &'a Cache) -> Result<Vec<&'a UserGroup>, Gaps<'a>> {
        let authentication = cache
            .authentication
            .get()
            .map_err(|gap| vec![Cow::Borrowed(gap)])?;
        let groups = self.groups.get_or_init(|| {
            let key = |it: &'a UserGroup| {
                user_key(
                    it.account.as_str(),
                    it.region.as_str(),
                    it.service,
                    it.id.as_str(),
                )
            };
            self.snapshot
                .user_groups
                .iter()
                .map(|it| (key(it), it))
                .collect()
        });
        let mut found = vec![];
        for id in &authentication.groups {
            let key = key_of(cache, id);
            match groups.get(&key) {
                Some(group) => found.push(*group),
                None => return Err(self.missing(Noun::Users, cache, id)),
            }
        }
        Ok(found)
    }

    /// The users that may log in to a cache, by the order of its groups.
    pub(crate) fn cache_users(&self, cache: &'a Cache) -> Result<Vec<&'a CacheUser>, Gaps<'a>> {
        let groups = self.user_groups(cache)?;
        let users = self.users.get_or_init(|| {
            let key = |it: &'a CacheUser| {
                user_key(
                    it.account.as_str(),
                    it.region.as_str(),
                    it.service,
                    it.id.as_str(),
                )
            };
            self.snapshot.users.iter().map(|it| (key(it), it)).collect()
        });
        let mut found = vec![];
        for id in groups.iter().flat_map(|group| &group.users) {
            match users.get(&key_of(cache, id)) {
                Some(user) => found.push(*user),
                None => return Err(self.missing(Noun::Users, cache, id)),
            }
        }
        Ok(found)
    }

    /// How many access policies are assigned on a cache (Azure). The id of an
    /// assignment begins with that of the cache.
    pub(crate) fn assignments(&self, cache: &ResourceId) -> u64 {
        let counts = self.assignments.get_or_init(|| {
            let mut counts = HashMap::new();
            let users = self.snapshot.users.iter();
            for id in users.filter_map(|user| self.cache_of(user)) {
                *counts.entry(id).or_default() += 1;
            }
            counts
        });
        counts.get(cache.as_str()).copied().unwrap_or_default()
    }

    /// The cache that an assignment belongs to: the one whose id is a path
    /// above its own.
    fn cache_of(&self, user: &'a CacheUser) -> Option<&'a str> {
        if user.provider != Provider::Azure {
            return None;
        }
        let mut path = user.id.as_str();
        while let Some((above, _)) = path.rsplit_once('/') {
            if self.caches.contains_key(above) {
                return Some(above);
            }
            path = above;
        }
        None
    }

    /// Why a user may log in to caches that are not counted: caches of its
    /// account and region that were not read, or whose groups were not.
    pub(crate) fn unclear_logins(&self, user: &CacheUser) -> Gaps<'a> {
        let mut unknown = self.hidden(Noun::Caches);
        unknown.retain(|gap| {
            gap.provider == user.provider
                && gap.account.as_ref().is_none_or(|it| *it == user.account)
                && gap.region.as_ref().is_none_or(|it| *it == user.region)
        });
        let beside = self.snapshot.caches.iter().filter(|it| {
            it.provider == user.provider && it.account == user.account && it.region == user.region
        });
        if user.provider != Provider::Azure {
            unknown.extend(beside.filter_map(|it| self.user_groups(it).err()).flatten());
        }
        unknown
    }

    /// How many caches a user may log in to, as far as they are known.
    pub(crate) fn user_caches(&self, user: &'a CacheUser) -> u64 {
        if user.provider == Provider::Azure {
            return u64::from(self.cache_of(user).is_some());
        }
        let counts = self.user_caches.get_or_init(|| {
            let mut counts = HashMap::new();
            for cache in &self.snapshot.caches {
                for group in self.user_groups(cache).unwrap_or_default() {
                    for id in &group.users {
                        *counts.entry(key_of(cache, id)).or_default() += 1;
                    }
                }
            }
            counts
        });
        let (account, region) = (user.account.as_str(), user.region.as_str());
        let key = user_key(account, region, user.service, user.id.as_str());
        counts.get(&key).copied().unwrap_or_default()
    }
}

fn user_key<'a>(account: &'a str, region: &'a str, service: Service, id: &'a str) -> UserKey<'a> {
    (account, region, UserService::of(service), id)
}

/// The key of a user or group that a cache refers to.
fn key_of<'a>(cache: &'a Cache, id: &'a ResourceId) -> UserKey<'a> {
    user_key(
        cache.account.as_str(),
        cache.region.as_str(),
        cache.service,
        id.as_str(),
    )
}
