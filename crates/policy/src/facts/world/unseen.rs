//! Why something is not known: gaps of the snapshot, and gaps of this
//! program's own making.

use std::borrow::Cow;

use cachewarden_model::{Cache, Gap, GapReason, Noun, Provider, Region, ResourceId};

use super::World;
use crate::facts::FactValue;

/// Why something is not known.
pub(crate) type Gaps<'a> = Vec<Cow<'a, Gap>>;

impl<'a> World<'a> {
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

    /// Those of them that may hide things of Google Cloud in a project and
    /// region, as far as these are known.
    pub(crate) fn hidden_at(
        &self,
        noun: Noun,
        project: Option<&str>,
        region: Option<&Region>,
    ) -> Gaps<'a> {
        let mut gaps = self.hidden(noun);
        gaps.retain(|gap| {
            let other = |of: &str| project.is_some_and(|it| it != of);
            let elsewhere = |of: &Region| region.is_some_and(|it| it != of);
            gap.provider == Provider::Gcp
                && !gap.account.as_ref().is_some_and(|it| other(it.as_str()))
                && !gap.region.as_ref().is_some_and(elsewhere)
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
