//! The registry of facts: what expressions may name, of which type each is,
//! and how it is read of a subject.
//!
//! A path is the snapshot's own: `cache.pending.node_type` is the field
//! `node_type` of `pending` of a cache. Facts that follow from several fields
//! have a path of their own beside them.

mod access;
mod azure;
mod cache;
mod connection;
mod endpoint;
mod expectation;
mod filter;
mod firewall;
mod gcp;
mod idle;
mod injected;
mod limits;
mod memory;
mod metrics;
mod network;
mod parameters;
mod private;
mod rule;
mod security;
mod subject;
mod tag;
mod upkeep;
mod user;
mod value;
mod waiver;
mod words;
mod world;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use cachewarden_model::cache::Cache;
use cachewarden_model::{CacheUser, Filter, SubjectKind};

pub(crate) use connection::ConnectionItem;
pub(crate) use endpoint::EndpointItem;
pub(crate) use expectation::ExpectationItem;
pub(crate) use private::is_default;
pub(crate) use rule::RuleItem;
pub(crate) use subject::Item;
pub(crate) use value::{FactType, FactValue};
pub(crate) use waiver::WaiverItem;
pub(crate) use world::World;

/// One fact.
#[derive(Debug)]
pub(crate) struct FactDef {
    /// Its path.
    pub(crate) path: &'static str,
    /// What values it takes.
    pub(crate) kind: FactType,
    /// Whether it may be known to be absent.
    pub(crate) nullable: bool,
    /// What it says.
    pub(crate) doc: &'static str,
    read: Reader,
}

type Read<T> = for<'w, 'a> fn(&'w World<'a>, &'a T) -> FactValue<'a>;

/// How a fact is read, by what it is a fact of.
#[derive(Debug, Clone, Copy)]
enum Reader {
    Cache(Read<Cache>),
    Endpoint(for<'w, 'a> fn(&'w World<'a>, &EndpointItem<'a>) -> FactValue<'a>),
    Connection(for<'w, 'a> fn(&'w World<'a>, &ConnectionItem<'a>) -> FactValue<'a>),
    Filter(Read<Filter>),
    Rule(for<'w, 'a> fn(&'w World<'a>, &RuleItem<'a>) -> FactValue<'a>),
    User(Read<CacheUser>),
    Expectation(for<'w, 'a> fn(&'w World<'a>, &ExpectationItem<'a>) -> FactValue<'a>),
    Waiver(for<'w, 'a> fn(&'w World<'a>, &WaiverItem<'a>) -> FactValue<'a>),
}

impl Reader {
    /// The subjects that have such facts.
    fn subjects(self) -> &'static [SubjectKind] {
        match self {
            Self::Cache(_) => &[
                SubjectKind::Cache,
                SubjectKind::Endpoint,
                SubjectKind::Connection,
            ],
            Self::Endpoint(_) => &[SubjectKind::Endpoint],
            Self::Connection(_) => &[SubjectKind::Connection],
            Self::Filter(_) => &[SubjectKind::Filter, SubjectKind::Rule],
            Self::Rule(_) => &[SubjectKind::Rule],
            Self::User(_) => &[SubjectKind::User],
            Self::Expectation(_) => &[SubjectKind::Expectation],
            Self::Waiver(_) => &[SubjectKind::Waiver],
        }
    }
}

impl FactDef {
    const fn new(path: &'static str, kind: FactType, doc: &'static str, read: Reader) -> Self {
        Self {
            path,
            kind,
            nullable: false,
            doc,
            read,
        }
    }

    /// It may be known to be absent.
    const fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The subjects that have it.
    pub(crate) fn subjects(&self) -> &'static [SubjectKind] {
        self.read.subjects()
    }
}

/// A fact of the registry. Ordered and compared by its path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FactId(&'static FactDef);

impl FactId {
    /// The fact.
    pub(crate) fn fact(self) -> &'static FactDef {
        self.0
    }

    /// Its path.
    pub(crate) fn path(self) -> &'static str {
        self.0.path
    }

    /// Its value for a subject; a subject that has no such fact does not know
    /// it.
    pub(crate) fn read<'a>(self, world: &World<'a>, item: &Item<'a>) -> FactValue<'a> {
        match (self.0.read, item) {
            (Reader::Cache(read), _) => match item.cache() {
                Some(cache) => read(world, cache),
                None => world.no_such_cache(),
            },
            (Reader::Filter(read), _) => match item.filter() {
                Some(filter) => read(world, filter),
                None => world.no_such_filter(),
            },
            (Reader::Endpoint(read), Item::Endpoint(item)) => read(world, item),
            (Reader::Connection(read), Item::Connection(item)) => read(world, item),
            (Reader::Rule(read), Item::Rule(item)) => read(world, item),
            (Reader::User(read), Item::User(user)) => read(world, user),
            (Reader::Expectation(read), Item::Expectation(item)) => read(world, item),
            (Reader::Waiver(read), Item::Waiver(item)) => read(world, item),
            _ => FactValue::Unknown(vec![]),
        }
    }
}

impl PartialEq for FactId {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

impl Eq for FactId {}

impl PartialOrd for FactId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FactId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.path().cmp(other.path())
    }
}

impl Hash for FactId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.path().hash(state);
    }
}

/// All facts, sorted by path.
static REGISTRY: LazyLock<Vec<FactId>> = LazyLock::new(|| {
    let parts = [
        access::FACTS,
        azure::FACTS,
        cache::FACTS,
        connection::FACTS,
        endpoint::FACTS,
        expectation::FACTS,
        filter::FACTS,
        firewall::FACTS,
        gcp::FACTS,
        gcp::connections::FACTS,
        gcp::networks::FACTS,
        gcp::policies::FACTS,
        idle::FACTS,
        injected::FACTS,
        limits::FACTS,
        memory::FACTS,
        metrics::FACTS,
        network::FACTS,
        parameters::FACTS,
        private::FACTS,
        rule::FACTS,
        security::FACTS,
        upkeep::FACTS,
        user::FACTS,
        waiver::FACTS,
    ];
    let mut all: Vec<FactId> = parts.into_iter().flatten().map(FactId).collect();
    all.sort();
    all
});

/// All facts, sorted by path.
pub(crate) fn all() -> &'static [FactId] {
    &REGISTRY
}

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// A fact of the subject.
    Fact(FactId),
    /// A fact that another kind of subject has.
    OtherSubject,
    /// Nothing.
    None,
}

/// Looks a path up for a kind of subject.
pub(crate) fn look_up(path: &str, subject: SubjectKind) -> Lookup {
    let found = all().binary_search_by(|id| id.path().cmp(path)).ok();
    match found.and_then(|at| all().get(at)) {
        Some(id) if id.fact().subjects().contains(&subject) => Lookup::Fact(*id),
        Some(_) => Lookup::OtherSubject,
        None => Lookup::None,
    }
}

/// A hint that names the facts of the subject that resemble a path, or that
/// lie below it.
pub(crate) fn near(path: &str, subject: SubjectKind) -> Option<String> {
    let of_subject = || {
        let has = |id: &&FactId| id.fact().subjects().contains(&subject);
        all().iter().filter(has).map(|id| id.path())
    };
    let below = format!("{path}.");
    let inside: Vec<String> = of_subject()
        .filter(|known| known.starts_with(&below))
        .map(|known| format!("`{known}`"))
        .collect();
    if inside.is_empty() {
        return crate::near::hint(path, of_subject());
    }
    Some(format!("it holds the facts {}", inside.join(", ")))
}

#[cfg(test)]
mod tests;
