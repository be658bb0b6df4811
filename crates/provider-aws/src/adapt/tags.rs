//! The labels of caches, which a service of their own tells.

use std::collections::BTreeMap;

use aws_sdk_resourcegroupstagging::types::ResourceTagMapping;
use cachewarden_model::{Cache, Fact, Gap};
use cachewarden_provider::Listing;

use crate::operation::Operation;
use crate::place::Place;

const OPERATION: Operation = Operation::GetResources;

/// The labels of a region, by resource.
pub(super) struct Labels<'a> {
    place: &'a Place,
    by_arn: BTreeMap<&'a str, &'a ResourceTagMapping>,
    /// Why there may be more.
    gap: Option<&'a Gap>,
    /// Whether a resource was listed that cannot be told which it is.
    nameless: bool,
}

impl<'a> Labels<'a> {
    pub(super) fn new(place: &'a Place, listing: &'a Listing<ResourceTagMapping>) -> Self {
        let items = listing.items.iter();
        Self {
            place,
            by_arn: items
                .filter_map(|it| Some((it.resource_arn()?, it)))
                .collect(),
            gap: listing.gap.as_ref(),
            nameless: listing.items.iter().any(|it| it.resource_arn().is_none()),
        }
    }

    /// The cache with its labels.
    pub(super) fn label(&self, mut cache: Cache) -> Cache {
        cache.tags = self.of(cache.id.as_str());
        cache
    }

    /// What is not in the whole list has no label and never had one.
    ///
    /// Source: Resource Groups Tagging API Reference, `GetResources`.
    fn of(&self, id: &str) -> Fact<BTreeMap<String, String>> {
        if let Some(mapping) = self.by_arn.get(id) {
            let pairs = mapping.tags().iter();
            let pairs = pairs.map(|tag| (tag.key().to_owned(), tag.value().to_owned()));
            return Fact::Known(pairs.collect());
        }
        if let Some(gap) = self.gap {
            return Fact::unknown(gap.clone());
        }
        // Without its ARN a cache cannot be looked up.
        if self.nameless || !id.starts_with("arn:") {
            return self.place.unstated(OPERATION, "ResourceARN");
        }
        Fact::Default(BTreeMap::new())
    }
}
