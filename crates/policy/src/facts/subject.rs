//! The things that policies judge.

use cachewarden_model::{Cache, CacheUser, Filter, Provider, Service};

use super::{ConnectionItem, EndpointItem, ExpectationItem, RuleItem, WaiverItem};

/// One thing to judge, with what its facts are read from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item<'a> {
    Cache(&'a Cache),
    Endpoint(EndpointItem<'a>),
    Connection(ConnectionItem<'a>),
    Filter(&'a Filter),
    Rule(RuleItem<'a>),
    User(&'a CacheUser),
    Expectation(ExpectationItem<'a>),
    Waiver(WaiverItem<'a>),
}

impl<'a> Item<'a> {
    /// The cache that it is, or is about.
    pub(crate) fn cache(&self) -> Option<&'a Cache> {
        match self {
            Self::Cache(cache) => Some(cache),
            Self::Endpoint(item) => item.cache,
            Self::Connection(item) => item.cache,
            Self::Filter(_)
            | Self::Rule(_)
            | Self::User(_)
            | Self::Expectation(_)
            | Self::Waiver(_) => None,
        }
    }

    /// The filter that it is, or is a line of.
    pub(crate) fn filter(&self) -> Option<&'a Filter> {
        match self {
            Self::Filter(filter) => Some(filter),
            Self::Rule(item) => item.filter,
            _ => None,
        }
    }

    /// Its cloud; none for what belongs to the configuration.
    pub(crate) fn provider(&self) -> Option<Provider> {
        match self {
            Self::Cache(cache) => Some(cache.provider),
            Self::Endpoint(item) => item.cache.map(|cache| cache.provider),
            Self::Connection(item) => Some(item.connection.cache.provider),
            Self::Filter(filter) => Some(filter.provider),
            Self::Rule(item) => item.filter.map(|filter| filter.provider),
            Self::User(user) => Some(user.provider),
            Self::Expectation(_) | Self::Waiver(_) => None,
        }
    }

    /// The service that it belongs to; none where it belongs to none.
    pub(crate) fn service(&self) -> Option<Service> {
        match self {
            Self::User(user) => Some(user.service),
            _ => self.cache().map(|cache| cache.service),
        }
    }
}
