//! Everything that facts are read from, indexed.

mod records;
mod related;
mod users;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use cachewarden_model::{
    Cache, CacheUser, Expectation, ExpectedOutcome, Exposure, Filter, Gap, GapReason, Interface,
    Network, Noun, PrivateEndpoint, Provider, Reachability, ResourceId, RouteTable, RuleUse,
    Snapshot, Subnet, Timestamp, UserGroup,
};

use super::FactValue;
use crate::data::Tables;
use records::Records;
pub(crate) use records::plain;
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
    private: OnceLock<HashMap<&'a str, Vec<&'a PrivateEndpoint>>>,
    assignments: OnceLock<HashMap<&'a str, u64>>,
    records: OnceLock<Records<'a>>,
    unread_zones: OnceLock<Vec<(Provider, &'a Gap)>>,
}

/// Why something is not known.
pub(crate) type Gaps<'a> = Vec<Cow<'a, Gap>>;

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

    /// Why a thing that something refers to is not in the snapshot.
    pub(crate) fn missing(&self, noun: Noun, cache: &Cache, id: &ResourceId) -> Gaps<'a> {
        let mut gaps = self.absent(noun, id.as_str());
        for gap in gaps
            .iter_mut()
            .filter(|gap| gap.account.is_none() && gap.hides.is_empty())
        {
            let gap = gap.to_mut();
            gap.account = Some(cache.account.clone());
            gap.region = Some(cache.region.clone());
        }
        gaps
    }

    /// The gaps of the snapshot that may hide things of a kind.
    pub(crate) fn hidden(&self, noun: Noun) -> Gaps<'a> {
        let hides = |gap: &&Gap| gap.hides.contains(&noun);
        self.snapshot
            .gaps
            .iter()
            .filter(hides)
            .map(Cow::Borrowed)
            .collect()
    }

    /// Those of them that may hide things in a cache's account and region.
    pub(crate) fn hidden_in(&self, noun: Noun, cache: &Cache) -> Gaps<'a> {
        let mut gaps = self.hidden(noun);
        gaps.retain(|gap| {
            gap.provider == cache.provider
                && gap.account.as_ref().is_none_or(|it| *it == cache.account)
                && gap.region.as_ref().is_none_or(|it| *it == cache.region)
        });
        gaps
    }

    /// A fact of a cache that is not in the snapshot.
    pub(crate) fn no_such_cache(&self) -> FactValue<'a> {
        FactValue::Unknown(self.absent(Noun::Caches, "the cache"))
    }

    /// A fact of a filter, or of a rule of it, that is not in the snapshot.
    pub(crate) fn no_such_filter(&self) -> FactValue<'a> {
        FactValue::Unknown(self.absent(Noun::Filters, "the filter or its rule"))
    }

    /// Why a thing is not in the snapshot; never empty.
    fn absent(&self, noun: Noun, what: &str) -> Gaps<'a> {
        let hidden = self.hidden(noun);
        if !hidden.is_empty() {
            return hidden;
        }
        let message = format!("{what} is not in the snapshot");
        vec![Cow::Owned(gap_of(
            self.provider(),
            what,
            GapReason::NotCollected,
            message,
        ))]
    }

    /// The cloud that a gap of this program's own making is put down to.
    pub(crate) fn provider(&self) -> Provider {
        self.snapshot
            .targets
            .first()
            .map_or(Provider::Aws, |target| target.provider)
    }

    /// Why the ranges of a prefix list are not known; none where they are.
    pub(crate) fn unread_prefix_list(&self, id: &ResourceId) -> Option<Gaps<'a>> {
        let lists = self.prefix_lists_unread.get_or_init(|| {
            let entry = |it: &'a cachewarden_model::PrefixList| (it.id.as_str(), it.entries.gap());
            self.snapshot.prefix_lists.iter().map(entry).collect()
        });
        match lists.get(id.as_str()) {
            Some(None) => None,
            Some(Some(gap)) => Some(vec![Cow::Borrowed(*gap)]),
            None => Some(self.absent(Noun::PrefixLists, id.as_str())),
        }
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

/// A gap of this program's own making about a cache. It names what is not
/// known and not the cache, so that caches alike have one gap in common.
pub(crate) fn gap_about(cache: &Cache, what: &str, why: GapReason, message: String) -> Gap {
    Gap {
        account: Some(cache.account.clone()),
        region: Some(cache.region.clone()),
        ..gap_of(cache.provider, what, why, message)
    }
}

/// A gap of this program's own making: something that no cloud was asked.
pub(crate) fn gap_of(provider: Provider, what: &str, why: GapReason, message: String) -> Gap {
    Gap {
        provider,
        account: None,
        region: None,
        what: what.to_owned(),
        why,
        message,
        hides: vec![],
    }
}
