//! Everything that facts are read from, indexed.

mod records;
mod related;
mod unseen;
mod users;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use cachewarden_model::{
    Cache, CacheUser, ConnectionPolicy, Expectation, ExpectedOutcome, Exposure, Filter, Gap,
    Interface, Network, Noun, Peering, PrivateEndpoint, Provider, Reachability, ResourceId,
    RouteTable, RuleUse, Snapshot, Subnet, Timestamp, UserGroup,
};

use crate::data::Tables;
use records::Records;
pub(crate) use records::plain;
pub(crate) use unseen::{Gaps, gap_about, gap_of};
use users::UserKey;

/// Everything that facts are read from.
pub(crate) struct World<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) reachability: &'a Reachability,
    pub(crate) expectations: &'a [Expectation],
    pub(crate) judged_at: Timestamp,
    pub(crate) tables: &'a Tables,
    caches: HashMap<&'a str, &'a Cache>,
    filters: HashMap<&'a str, &'a Filter>,
    subnets: HashMap<&'a str, &'a Subnet>,
    route_tables: HashMap<&'a str, &'a RouteTable>,
    networks: HashMap<&'a str, &'a Network>,
    prefix_lists_unread: OnceLock<HashMap<&'a str, Option<&'a Gap>>>,
    exposures: HashMap<&'a str, Vec<&'a Exposure>>,
    demand: HashMap<&'a str, u64>,
    /// What only few policies ask for is worked out when first asked for.
    users: OnceLock<HashMap<UserKey<'a>, &'a CacheUser>>,
    groups: OnceLock<HashMap<UserKey<'a>, &'a UserGroup>>,
    user_caches: OnceLock<HashMap<UserKey<'a>, u64>>,
    attached: OnceLock<HashMap<&'a str, u64>>,
    guarded: OnceLock<HashMap<&'a str, Vec<&'a str>>>,
    forwarders: OnceLock<Vec<&'a Interface>>,
    siblings: OnceLock<HashMap<&'a str, Vec<&'a Cache>>>,
    rules: OnceLock<HashMap<&'a str, Vec<&'a RuleUse>>>,
    peerings: OnceLock<HashMap<&'a str, u64>>,
    peerings_from: OnceLock<HashMap<&'a str, Vec<&'a Peering>>>,
    policies: OnceLock<HashMap<&'a str, Vec<&'a ConnectionPolicy>>>,
    endpoints: OnceLock<HashMap<&'a str, &'a PrivateEndpoint>>,
    private: OnceLock<HashMap<&'a str, Vec<&'a PrivateEndpoint>>>,
    assignments: OnceLock<HashMap<&'a str, u64>>,
    records: OnceLock<Records<'a>>,
    unread_zones: OnceLock<Vec<(Provider, &'a Gap)>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        reachability: &'a Reachability,
        expectations: &'a [Expectation],
        judged_at: Timestamp,
        tables: &'a Tables,
    ) -> Self {
        let mut exposures: HashMap<&str, Vec<&Exposure>> = HashMap::new();
        for exposure in &reachability.exposures {
            exposures
                .entry(exposure.cache.as_str())
                .or_default()
                .push(exposure);
        }
        Self {
            snapshot,
            reachability,
            expectations,
            judged_at,
            tables,
            caches: by_id(&snapshot.caches, |it| &it.id),
            filters: by_id(&snapshot.filters, |it| &it.id),
            subnets: by_id(&snapshot.subnets, |it| &it.id),
            route_tables: by_id(&snapshot.route_tables, |it| &it.id),
            networks: by_id(&snapshot.networks, |it| &it.id),
            prefix_lists_unread: OnceLock::new(),
            exposures,
            demand: demand(reachability, expectations),
            users: OnceLock::new(),
            groups: OnceLock::new(),
            user_caches: OnceLock::new(),
            attached: OnceLock::new(),
            guarded: OnceLock::new(),
            forwarders: OnceLock::new(),
            siblings: OnceLock::new(),
            rules: OnceLock::new(),
            peerings: OnceLock::new(),
            peerings_from: OnceLock::new(),
            policies: OnceLock::new(),
            endpoints: OnceLock::new(),
            private: OnceLock::new(),
            assignments: OnceLock::new(),
            records: OnceLock::new(),
            unread_zones: OnceLock::new(),
        }
    }

    pub(crate) fn cache(&self, id: &ResourceId) -> Option<&'a Cache> {
        self.caches.get(id.as_str()).copied()
    }

    pub(crate) fn filter(&self, id: &ResourceId) -> Option<&'a Filter> {
        self.filters.get(id.as_str()).copied()
    }

    pub(crate) fn subnet(&self, id: &ResourceId) -> Option<&'a Subnet> {
        self.subnets.get(id.as_str()).copied()
    }

    pub(crate) fn route_table(&self, id: &ResourceId) -> Option<&'a RouteTable> {
        self.route_tables.get(id.as_str()).copied()
    }

    pub(crate) fn network(&self, id: &ResourceId) -> Option<&'a Network> {
        self.networks.get(id.as_str()).copied()
    }

    /// The exposures of a cache's endpoints, in their order.
    pub(crate) fn exposures(&self, cache: &Cache) -> &[&'a Exposure] {
        self.exposures
            .get(cache.id.as_str())
            .map_or(&[], Vec::as_slice)
    }

    /// Connections that the expectations let clients open to a cache; none if
    /// no expectation says how many.
    pub(crate) fn demand(&self, cache: &Cache) -> Option<u64> {
        self.demand.get(cache.id.as_str()).copied()
    }

    /// Every subnet that a node of a cache may be in.
    pub(crate) fn subnets(&self, cache: &'a Cache) -> Result<Vec<&'a Subnet>, Gaps<'a>> {
        let ids = cache
            .subnets
            .get()
            .map_err(|gap| vec![Cow::Borrowed(gap)])?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            match self.subnets.get(id.as_str()) {
                Some(subnet) => found.push(*subnet),
                None => return Err(self.missing(Noun::Subnets, cache, id)),
            }
        }
        Ok(found)
    }

    /// The cloud that a gap of this program's own making is put down to.
    pub(crate) fn provider(&self) -> Provider {
        self.snapshot
            .targets
            .first()
            .map_or(Provider::Aws, |target| target.provider)
    }
}

fn by_id<T>(list: &[T], id: impl Fn(&T) -> &ResourceId) -> HashMap<&str, &T> {
    list.iter().map(|item| (id(item).as_str(), item)).collect()
}

/// Sums the demand of all expectations that want a cache to be reached.
fn demand<'a>(
    reachability: &'a Reachability,
    expectations: &'a [Expectation],
) -> HashMap<&'a str, u64> {
    let mut sums: HashMap<&str, u64> = HashMap::new();
    for result in &reachability.expectations {
        let Some(expectation) = expectations.get(result.expectation) else {
            continue;
        };
        let wanted = expectation.outcome == ExpectedOutcome::Reach;
        let Some(demand) = expectation.demand.filter(|_| wanted) else {
            continue;
        };
        for cache in &result.caches {
            let sum = sums.entry(cache.as_str()).or_default();
            *sum = sum.saturating_add(demand.connections());
        }
    }
    sums
}
