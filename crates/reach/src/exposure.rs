//! Who can open a connection to an endpoint, as sets of addresses.
//!
//! What decides here is the cache's side: its filters, the edges of its
//! subnets, the way back. Whether a client's own side lets it out is a matter
//! of that client, not of the exposure.

use std::collections::{BTreeSet, HashMap};

use cachewarden_model::{
    AccountId, Cache, Endpoint, Exposure, Gap, IpFamilies, Provider, PublicAccess, Region,
    ResourceId, Service, SourceSet, Zone,
};
use cachewarden_netset::AddressSet;

mod admitted;
mod ranges;
mod sources;
mod visitor;
mod ways;

use crate::audit::Pace;
use crate::cores::on_all_cores;
use crate::estate::Estate;
use crate::seats::Seats;

pub(crate) use ranges::parts;

use admitted::{admitted, unread_peer};
use sources::Sources;
use visitor::Visitor;
use ways::{Ways, strangers};

/// What makes two endpoints alike for everyone who may come: one side, behind
/// the same filters.
#[derive(PartialEq, Eq, Hash)]
struct Class<'a> {
    side: Side<'a>,
    /// Where they are not known, a cache is a class of its own.
    filters: Result<&'a [ResourceId], &'a ResourceId>,
}

/// What is alike but for the filters: caches of one service and owner in one
/// network, in the same subnets, on one port.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Side<'a> {
    network: Option<&'a ResourceId>,
    account: &'a AccountId,
    region: &'a Region,
    service: Service,
    subnets: BTreeSet<&'a ResourceId>,
    port: u16,
    families: Option<IpFamilies>,
    /// The endpoint's own address, where each has one (Google Cloud).
    host: Option<&'a str>,
    public_access: Option<PublicAccess>,
}

/// An endpoint that stands for its class.
struct Example<'a> {
    cache: &'a Cache,
    endpoint: &'a Endpoint,
    side: Side<'a>,
}

/// What came of one class.
struct Shared {
    certain: SourceSet,
    possible: SourceSet,
    admitted: AddressSet,
    gaps: Vec<Gap>,
}

/// The exposure of every endpoint, in the order of the snapshot.
pub(crate) fn exposures(estate: &Estate<'_>, seats: &Seats, pace: Pace) -> Vec<Exposure> {
    let mut classes: HashMap<Class<'_>, usize> = HashMap::new();
    let mut examples: Vec<Example<'_>> = vec![];
    let mut places = vec![];
    for cache in &estate.snapshot().caches {
        for (place, endpoint) in cache.endpoints.iter().enumerate() {
            let side = side(cache, endpoint);
            let class = Class {
                side: side.clone(),
                filters: filters_of(cache),
            };
            let class = *classes.entry(class).or_insert_with(|| {
                examples.push(Example {
                    cache,
                    endpoint,
                    side,
                });
                examples.len() - 1
            });
            places.push((cache, place, class));
        }
    }
    let shared = on_all_cores(
        &examples,
        HashMap::new,
        |ways: &mut HashMap<Side<'_>, Ways<'_>>, example| judge(estate, seats, pace, example, ways),
    );
    let exposure = |(cache, endpoint, class): (&Cache, usize, usize)| {
        let shared: &Shared = shared.get(class)?;
        Some(Exposure {
            cache: cache.id.clone(),
            endpoint,
            certain: shared.certain.clone(),
            possible: shared.possible.clone(),
            admitted: shared.admitted.clone(),
            gaps: shared.gaps.clone(),
        })
    };
    places.into_iter().filter_map(exposure).collect()
}

/// Caches of Azure and Google Cloud differ in more than their filters: each is
/// a class.
fn filters_of(cache: &Cache) -> Result<&[ResourceId], &ResourceId> {
    let known = cache.filters.value().map(Vec::as_slice);
    known
        .filter(|_| cache.provider == Provider::Aws)
        .ok_or(&cache.id)
}

fn side<'a>(cache: &'a Cache, endpoint: &'a Endpoint) -> Side<'a> {
    let nodes = cache
        .nodes
        .iter()
        .filter(|node| endpoint.nodes.contains(&node.id));
    Side {
        network: endpoint.network.as_ref().or(cache.network.value()),
        account: &cache.account,
        region: &cache.region,
        service: cache.service,
        subnets: nodes
            .filter_map(|node| node.subnets.value())
            .flatten()
            .collect(),
        port: endpoint.port,
        families: cache.families.value().copied(),
        host: (cache.provider == Provider::Gcp)
            .then_some(endpoint.host.as_deref())
            .flatten(),
        public_access: cache.public_access.value().copied(),
    }
}

fn judge<'a>(
    estate: &Estate<'a>,
    seats: &Seats,
    pace: Pace,
    example: &Example<'a>,
    ways: &mut HashMap<Side<'a>, Ways<'a>>,
) -> Shared {
    let Example {
        cache,
        endpoint,
        side,
    } = example;
    if cache.provider == Provider::Azure {
        let exposed = crate::azure::exposed(estate, cache, endpoint);
        return Shared {
            certain: exposed.certain.into_iter().collect(),
            possible: exposed.possible.into_iter().collect(),
            admitted: exposed.admitted,
            gaps: exposed.gaps.into_iter().collect(),
        };
    }
    if cache.provider == Provider::Gcp {
        let exposed = crate::gcp::exposed(estate, cache, endpoint);
        return Shared {
            certain: exposed.certain.into_iter().collect(),
            possible: exposed.possible.into_iter().collect(),
            admitted: AddressSet::empty(),
            gaps: exposed.gaps.into_iter().collect(),
        };
    }
    let mut gaps = BTreeSet::new();
    let admitted = admitted(estate, cache, endpoint.port, &mut gaps);
    let mut sources = Sources::default();
    let visitor = Visitor {
        estate,
        cache,
        endpoint,
        subnets: &side.subnets,
    };
    // By sets only where the filter on the cache is an allow-list.
    if pace == Pace::Crowds && cache.provider == Provider::Aws {
        let ways = ways
            .entry(side.clone())
            .or_insert_with(|| Ways::new(&visitor));
        strangers(&visitor, ways, &mut sources);
        visitor.members(Some((seats, ways)), &mut sources, &mut gaps);
    } else {
        for (zone, ranges) in visitor.places_of_strangers() {
            visitor.ranges(&zone, &ranges, &mut sources);
        }
        visitor.members(None, &mut sources, &mut gaps);
    }
    let (certain, mut possible) = sources.finish();
    if cache.public_access.value() == Some(&PublicAccess::Enabled) {
        possible.insert(Zone::Internet, AddressSet::internet().clone());
        gaps.insert(unread_peer(cache, "access from the internet"));
    }
    if certain != possible {
        gaps.extend(visitor.doubts());
    }
    Shared {
        certain: certain.into_iter().collect(),
        possible: possible.into_iter().collect(),
        admitted,
        gaps: gaps.into_iter().collect(),
    }
}
