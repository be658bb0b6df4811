//! To which addresses of a cache a client has to get for one endpoint.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, ClusterMode, Endpoint, EndpointRole, GapReason, Leg, PscConnection, ResourceId, Service,
    Stage,
};

use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::names::{self, Answer};
use crate::gcp::party::gap;
use crate::gcp::sources::Grid;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// One address of an endpoint.
pub(crate) struct Door<'a> {
    /// None where it is missing.
    pub(crate) address: Option<IpAddr>,
    /// The network that it is reached from.
    pub(crate) network: &'a ResourceId,
    pub(crate) kind: Kind<'a>,
}

/// What is behind an address.
#[derive(Clone, Copy)]
pub(crate) enum Kind<'a> {
    /// An instance, by a peering.
    Peered,
    /// A cluster, by a forwarding rule; what the cache says of it.
    Endpoint(Option<&'a PscConnection>),
    /// Nothing: the connection that ought to be there is not.
    Missing,
    /// It was not read which address it is, nor what is there.
    Unread,
}

impl Door<'_> {
    /// The ports on which a client needs it.
    pub(crate) fn ports(&self, grid: &Grid) -> Vec<u16> {
        match self.kind {
            Kind::Missing | Kind::Unread => grid.ports.first().copied().into_iter().collect(),
            Kind::Peered | Kind::Endpoint(_) => grid.ports.clone(),
        }
    }
}

/// Every address that an endpoint's client has to get to.
///
/// Source: Memorystore for Redis Cluster, "Networking", and Memorystore for
/// Valkey, "Connect to an instance": a cluster has two connections in each
/// network, and clients use both on all ports.
pub(crate) fn doors<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    whole: &mut Through,
    record: &mut R,
) -> Vec<Door<'a>> {
    let Some(network) = network_of(cache, endpoint, whole, record) else {
        return vec![];
    };
    let Some(host) = endpoint.host.as_deref() else {
        whole.doubt();
        record.record(|| {
            Judged::new(Leg::Request, Stage::Dns, "cache")
                .resource(&cache.id)
                .unknown(gap(
                    format!("address of {}", cache.name),
                    GapReason::NotOffered,
                    "the cache has not told an address yet",
                ))
        });
        return vec![];
    };
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) => match named(estate, client, cache, host, record) {
            Answer::Addresses(addresses) => addresses,
            Answer::Nothing => {
                whole.stop();
                return vec![];
            }
            Answer::Unknown => {
                whole.doubt();
                return vec![];
            }
        },
    };
    if cache.service == Service::MemorystoreRedis {
        let door = |address| Door {
            address: Some(address),
            network,
            kind: Kind::Peered,
        };
        return addresses.into_iter().map(door).collect();
    }
    connections(cache, endpoint, network, &addresses, whole, record)
}

fn network_of<'a>(
    cache: &'a Cache,
    endpoint: &Endpoint,
    whole: &mut Through,
    record: &mut impl Recorder,
) -> Option<&'a ResourceId> {
    if let Some(own) = &endpoint.network {
        let mut all = cache.endpoints.iter().filter_map(|it| it.network.as_ref());
        return all.find(|it| *it == own);
    }
    match cache.network.get() {
        Ok(network) => Some(network),
        Err(gap) => {
            whole.doubt();
            record.record(|| {
                Judged::new(Leg::Request, Stage::Link, "cache")
                    .resource(&cache.id)
                    .unknown(Box::new(gap.clone()))
            });
            None
        }
    }
}

/// A host that is a name, as the client's network resolves it.
fn named(
    estate: &Estate<'_>,
    client: &Client<'_>,
    cache: &Cache,
    host: &str,
    record: &mut impl Recorder,
) -> Answer {
    let network = match client.place {
        Place::Network { network, .. } => Some(network),
        Place::OnPremises | Place::Internet => None,
    };
    names::ask(estate, cache, network, host, record)
}

/// The connections of an endpoint: its own, and in cluster mode the second
/// one, which has no name.
fn connections<'a>(
    cache: &'a Cache,
    endpoint: &Endpoint,
    network: &'a ResourceId,
    addresses: &[IpAddr],
    whole: &mut Through,
    record: &mut impl Recorder,
) -> Vec<Door<'a>> {
    let known = cache.gcp.as_ref().map(|it| it.connections.get());
    let known = match known {
        Some(Ok(known)) => known.as_slice(),
        Some(Err(gap)) => {
            whole.doubt();
            record.record(|| {
                Judged::new(Leg::Request, Stage::PrivateEndpoint, "cache")
                    .resource(&cache.id)
                    .unknown(Box::new(gap.clone()))
            });
            &[]
        }
        None => {
            whole.doubt();
            record.record(|| {
                Judged::new(Leg::Request, Stage::PrivateEndpoint, "cache")
                    .resource(&cache.id)
                    .unknown(gap(
                        format!("connections of {}", cache.name),
                        GapReason::NotCollected,
                        "what the cache says of its connections was not read",
                    ))
            });
            &[]
        }
    };
    let here = || known.iter().filter(|it| it.network == *network);
    let door = |address: IpAddr| Door {
        address: Some(address),
        network,
        kind: Kind::Endpoint(here().find(|it| it.address == Some(address))),
    };
    let mut doors: Vec<Door<'a>> = addresses.iter().copied().map(door).collect();
    if !is_clustered(cache, endpoint) {
        return doors;
    }
    let second: Vec<Option<IpAddr>> = here()
        .filter(|it| it.part.is_none())
        .map(|it| it.address)
        .collect();
    let further = second.iter().flatten().copied();
    doors.extend(further.filter(|it| !addresses.contains(it)).map(door));
    if second.iter().flatten().next().is_none() {
        let gcp = cache.gcp.as_ref();
        let read = gcp.is_some_and(|it| it.connections.value().is_some());
        doors.push(Door {
            address: None,
            network,
            kind: if read { Kind::Missing } else { Kind::Unread },
        });
    }
    doors
}

/// Whether clients of an endpoint need the nodes behind it.
fn is_clustered(cache: &Cache, endpoint: &Endpoint) -> bool {
    endpoint.role == EndpointRole::Discovery
        || cache.service == Service::MemorystoreCluster
        || cache.cluster_mode.value() == Some(&ClusterMode::Enabled)
}

/// What is said of a connection that is missing.
pub(crate) fn missing(cache: &Cache, network: &ResourceId) -> Judged {
    Judged::new(Leg::Request, Stage::PrivateEndpoint, "cache")
        .resource(&cache.id)
        .deny(Cause::NoPscEndpoint.after(format!(
            "the cache has no second connection in {network}, by which its nodes are reached"
        )))
        .remedy(Remedy::Advice(format!(
            "create an endpoint in {network} for the second service attachment, and register it \
             with {}",
            cache.name
        )))
}

/// Every address that clients of an endpoint need, as far as it is known.
pub(crate) fn addresses(cache: &Cache, endpoint: &Endpoint) -> Vec<IpAddr> {
    let own = endpoint.host.as_deref().and_then(|it| it.parse().ok());
    let mut all: Vec<IpAddr> = own.into_iter().collect();
    let network = endpoint.network.as_ref();
    if let (Some(network), true) = (network, is_clustered(cache, endpoint)) {
        let known = cache.gcp.iter().filter_map(|it| it.connections.value());
        let second = known
            .flatten()
            .filter(|it| it.part.is_none() && it.network == *network);
        all.extend(second.filter_map(|it| it.address));
    }
    all.sort_unstable();
    all.dedup();
    all
}
