//! Connections of clients and caches by name: what `reach` and `why` show.

use std::collections::BTreeSet;

use cachewarden_model::{
    Cache, CacheRef, ClientKind, ClientRef, Connection, ConnectionCounts, Endpoint, EndpointRef,
    Expectation, Gap, Intent, Outcome, ReachReport,
};

use crate::client::{Client, Place};
use crate::endpoint::story;
use crate::estate::Estate;
use crate::fix::{Workshop, mend};
use crate::intent::{Declared, abilities, intended};
use crate::selector::{is_client, parse_cache, parse_client};

/// Which connections are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'q> {
    /// An interface, its name, what it is attached to, or an address.
    pub client: Option<&'q str>,
    /// A cache's id, name or host name.
    pub cache: Option<&'q str>,
    /// Every pair, not only the intended ones.
    pub all: bool,
}

/// A query names something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// No such client.
    #[error("no client matches `{query}`{}", likely(near))]
    NoClient {
        /// The text that was asked for.
        query: String,
        /// Names that look like it, nearest first.
        near: Vec<String>,
    },
    /// No such cache.
    #[error("no cache matches `{query}`{}", likely(near))]
    NoCache {
        /// The text that was asked for.
        query: String,
        /// Names that look like it, nearest first.
        near: Vec<String>,
    },
}

fn likely(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    format!("; there is {}", quoted.join(", "))
}

/// The connections that a query asks for, worst outcome first, then by
/// client, cache and endpoint.
///
/// # Errors
///
/// If the query names a client or a cache that is not there.
pub fn connections(
    estate: &Estate<'_>,
    expectations: &[Expectation],
    query: &Query<'_>,
) -> Result<ReachReport, QueryError> {
    let snapshot = estate.snapshot();
    let declared = Declared::new(estate, expectations);
    let workshop = match query.client {
        Some(_) => Workshop::thorough(estate),
        None => Workshop::quick(estate),
    };
    let caches = match query.cache {
        None => (0_u32..)
            .zip(&snapshot.caches)
            .map(|(index, _)| index)
            .collect(),
        Some(text) => match parse_cache(estate, text) {
            found if found.is_empty() => return Err(no_cache(estate, text)),
            found => found,
        },
    };
    let named = match query.client {
        None => None,
        Some(text) => match parse_client(estate, text) {
            found if found.is_empty() => return Err(no_client(estate, text)),
            found => Some(found),
        },
    };
    let mut connections = vec![];
    for index in caches {
        let Some(cache) = estate.cache(index) else {
            continue;
        };
        let intended = intended(estate, expectations, &declared, index, cache);
        let mut visit = |client: &Client<'_>, place: Option<u32>, intent: Option<Intent>| {
            if intent.is_none() && !query.all {
                return;
            }
            let able = abilities(expectations, &declared, place, index);
            for endpoint in &cache.endpoints {
                let intent = intent.filter(|_| crate::gcp::is_meant(client, cache, endpoint));
                if intent.is_none() && !query.all {
                    continue;
                }
                connections.push(connect(&workshop, client, cache, endpoint, intent, &able));
            }
        };
        match &named {
            Some(clients) => {
                for client in clients {
                    let place = client.interface.and_then(|it| position(estate, it));
                    let intent = place.and_then(|place| intended.get(&place).copied());
                    visit(client, place, intent);
                }
            }
            None => {
                for (place, interface) in (0_u32..).zip(&snapshot.interfaces) {
                    if !is_client(interface) {
                        continue;
                    }
                    visit(
                        &Client::of(estate, interface),
                        Some(place),
                        intended.get(&place).copied(),
                    );
                }
            }
        }
    }
    connections.sort_by(|one, other| {
        let key = |it: &Connection| {
            (
                worst_first(it.outcome),
                it.client.id.clone(),
                it.cache.id.clone(),
                it.endpoint.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
    let mut counts = ConnectionCounts::default();
    for connection in &connections {
        counts.add(connection.outcome, 1);
    }
    // A gap may sit in a single fact only.
    let mut gaps: BTreeSet<Gap> = snapshot.gaps.iter().cloned().collect();
    gaps.extend(connections.iter().flat_map(|it| &it.gaps).cloned());
    Ok(ReachReport {
        collected_at: snapshot.collected_at,
        targets: snapshot.targets.clone(),
        caches: snapshot.caches.len() as u64,
        clients: snapshot
            .interfaces
            .iter()
            .filter(|it| is_client(it))
            .count() as u64,
        counts,
        connections,
        gaps: gaps.into_iter().collect(),
    })
}

fn position(estate: &Estate<'_>, interface: &cachewarden_model::Interface) -> Option<u32> {
    let list = &estate.snapshot().interfaces;
    let place = list.iter().position(|it| it.id == interface.id)?;
    u32::try_from(place).ok()
}

fn worst_first(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Blocked => 0,
        Outcome::Partial => 1,
        Outcome::Unknown => 2,
        Outcome::Open => 3,
    }
}

/// Judges one client and one endpoint, with all words and a fix that was tried.
pub(crate) fn connect<'a>(
    workshop: &Workshop<'_, 'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    intended: Option<Intent>,
    abilities: &crate::endpoint::Abilities,
) -> Connection {
    let mut judgement = story(workshop.estate, client, cache, endpoint, abilities);
    for blame in &mut judgement.story.blame {
        let place = crate::place::of(workshop.estate, cache, &blame.resource);
        blame.region = place.and_then(|it| it.region);
    }
    let fix = match judgement.outcome {
        Outcome::Blocked | Outcome::Partial => {
            mend(workshop, client, cache, endpoint, abilities, &judgement)
        }
        Outcome::Open | Outcome::Unknown => None,
    };
    Connection {
        client: client_ref(client),
        cache: cache_ref(cache),
        endpoint: EndpointRef {
            role: endpoint.role,
            host: endpoint.host.clone(),
            port: endpoint.port,
        },
        intended,
        outcome: judgement.outcome,
        symptom: judgement.story.symptom,
        source_ports: judgement.source_ports,
        trace: judgement.story.trace,
        blame: judgement.story.blame,
        witness: judgement.story.witness,
        fix,
        gaps: judgement.story.gaps,
    }
}

/// How a client is named: what people call it, else its id.
pub(crate) fn client_name(client: &Client<'_>) -> String {
    match client.interface {
        Some(interface)
            if interface.name != interface.id.as_str() && !interface.name.is_empty() =>
        {
            interface.name.clone()
        }
        Some(interface) => interface
            .attached_to
            .as_ref()
            .map_or_else(|| interface.id.to_string(), |it| it.name.clone()),
        None => client
            .addresses
            .first()
            .map_or_else(String::new, ToString::to_string),
    }
}

fn client_ref(client: &Client<'_>) -> ClientRef {
    let (network, subnet) = match client.place {
        Place::Network { network, subnet } => {
            (Some(network.clone()), subnet.map(|it| it.id.clone()))
        }
        Place::OnPremises | Place::Internet => (None, None),
    };
    let kind = match (client.interface, client.place) {
        (Some(interface), _) => ClientKind::Interface(interface.kind.as_str().to_owned()),
        (None, Place::Network { .. }) => ClientKind::Address,
        (None, Place::OnPremises) => ClientKind::OnPremises,
        (None, Place::Internet) => ClientKind::Internet,
    };
    let name = client_name(client);
    let subnet_of = match client.place {
        Place::Network { subnet, .. } => subnet,
        Place::OnPremises | Place::Internet => None,
    };
    ClientRef {
        id: client
            .interface
            .map_or_else(|| name.as_str().into(), |it| it.id.clone()),
        name,
        kind,
        attached_to: client
            .interface
            .and_then(|it| it.attached_to.as_ref())
            .map(|attachment| attachment.id.clone()),
        state: client
            .interface
            .and_then(|it| it.attached_to.as_ref())
            .and_then(|attachment| attachment.state.value())
            .map(|state| state.as_str().to_owned()),
        addresses: client.addresses.clone(),
        network,
        subnet,
        provider: client.provider,
        account: client
            .interface
            .map(|it| it.account.clone())
            .or(subnet_of.map(|it| it.account.clone())),
        region: client
            .interface
            .map(|it| it.region.clone())
            .or(subnet_of.map(|it| it.region.clone())),
    }
}

fn cache_ref(cache: &Cache) -> CacheRef {
    CacheRef {
        id: cache.id.clone(),
        name: cache.name.clone(),
        provider: cache.provider,
        account: cache.account.clone(),
        region: cache.region.clone(),
    }
}

fn no_client(estate: &Estate<'_>, query: &str) -> QueryError {
    let names = estate
        .snapshot()
        .interfaces
        .iter()
        .filter(|it| is_client(it))
        .flat_map(|it| {
            let attached = it.attached_to.as_ref();
            [
                Some(it.name.as_str()),
                Some(it.id.as_str()),
                attached.map(|it| it.name.as_str()),
            ]
            .into_iter()
            .flatten()
        });
    QueryError::NoClient {
        query: query.to_owned(),
        near: near(query, names),
    }
}

fn no_cache(estate: &Estate<'_>, query: &str) -> QueryError {
    let names = estate
        .snapshot()
        .caches
        .iter()
        .map(|cache| cache.name.as_str());
    QueryError::NoCache {
        query: query.to_owned(),
        near: near(query, names),
    }
}

/// Up to five names that look like a text, nearest first; where none does,
/// the first few there are.
fn near<'n>(query: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    let mut ranked: Vec<(f64, &str)> = names
        .iter()
        .map(|name| (strsim::jaro_winkler(query, name), *name))
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    ranked
        .into_iter()
        .take(5)
        .map(|(_, name)| name.to_owned())
        .collect()
}
