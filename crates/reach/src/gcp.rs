//! Who reaches a cache on Google Cloud, and what decides.
//!
//! Only the client's side filters: policies and rules of its network on the
//! way out. Then routes, and what joins the network to the cache: a peering
//! for Memorystore for Redis, forwarding rules of Private Service Connect for
//! Redis Cluster and Valkey. Firewalls are stateful, so that answers pass by
//! themselves.

mod causes;
mod doors;
mod egress;
mod exposure;
mod flow;
mod hub;
mod hybrid;
mod index;
mod intent;
mod names;
mod origin;
mod party;
mod peering;
mod psc;
mod route;
mod sources;
mod status;
mod usage;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::{Cache, Endpoint, Leg, Service, Stage};
use cachewarden_netset::PortSet;

use crate::client::{Client, Place};
use crate::decide::Through;
use crate::endpoint::{Abilities, Change, Judgement, Part, combine, demand, service, tell};
use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::doors::{Door, doors};
use crate::gcp::flow::Flow;
use crate::gcp::sources::Grid;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder, Silent};

pub(crate) use doors::addresses;
pub(crate) use exposure::judge as exposed;
pub(crate) use index::Index;
pub(crate) use intent::{is_meant, named_by_rules};
pub(crate) use usage::uses;

/// Judges one client and one endpoint.
pub(crate) fn judge<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
    steps: impl Fn(R) -> Vec<Judged>,
) -> Judgement {
    let client = &current(estate, client);
    let mut before = R::default();
    let (mut whole, parts) =
        frame_and_parts::<R>(estate, client, cache, endpoint, None, &mut before, &steps);
    let mut after = R::default();
    demand::after(cache, endpoint, abilities, &mut whole, &mut after);
    node_ports(cache, endpoint, &mut after);
    let (outcome, source_ports) = combine(&whole, &parts, 0);
    let (before, after) = (steps(before), steps(after));
    let story = match before.is_empty() && after.is_empty() {
        true => Default::default(),
        false => tell(outcome, before, &parts, after),
    };
    Judgement {
        outcome,
        source_ports,
        story,
    }
}

/// What is said of the node ports of a Valkey instance without cluster mode.
///
/// Source: Memorystore for Valkey, "Connect to an instance": it names the
/// ports of nodes for every endpoint, and does not tell this mode apart.
fn node_ports(cache: &Cache, endpoint: &Endpoint, record: &mut impl Recorder) {
    if cache.service == Service::MemorystoreValkey && endpoint.node_ports.is_empty() {
        record.record(|| {
            Judged::new(Leg::Request, Stage::Port, "cache")
                .resource(&cache.id)
                .not_applicable(
                    "the manual names tcp 11000-13047 for every endpoint; whether an instance \
                     without cluster mode needs them is not documented",
                )
        });
    }
}

/// What holds for the cache as a whole, and every flow that a client may send,
/// from some further addresses too.
fn frame_and_parts<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    grid: Option<&Grid>,
    before: &mut R,
    steps: &impl Fn(R) -> Vec<Judged>,
) -> (Through, Vec<Part<'a>>) {
    let mut whole = Through::new(&client.ports);
    status::status(cache, &mut whole, before);
    if matches!(client.place, Place::Internet) {
        whole.stop();
        before.record(|| no_public_address(cache));
        return (whole, vec![]);
    }
    let doors = doors(estate, client, cache, endpoint, &mut whole, before);
    let own = Grid::new(estate, client, endpoint, &doors);
    let grid = grid.unwrap_or(&own);
    let mut parts = vec![];
    for door in &doors {
        for source in &grid.sources {
            for port in door.ports(grid) {
                if door
                    .address
                    .is_some_and(|it| it.is_ipv4() != source.is_ipv4())
                {
                    continue;
                }
                let mut record = R::default();
                let mut through = Through::new(&client.ports);
                let flow = Flow {
                    estate,
                    client,
                    cache,
                    source: *source,
                    port,
                };
                flow.send(door, &mut through, &mut record);
                parts.push(Part {
                    label: label(door, *source, port, &doors, grid),
                    source: *source,
                    address: door.address,
                    port,
                    through,
                    steps: steps(record),
                });
            }
        }
    }
    if parts.is_empty() && !doors.is_empty() {
        nobody(client, cache, grid, &mut whole, before);
    }
    (whole, parts)
}

/// A client without an address that the cache could answer.
fn nobody(
    client: &Client<'_>,
    cache: &Cache,
    grid: &Grid,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    if !grid.sources.is_empty() {
        whole.stop();
        record.record(|| service::no_family(client, cache));
        return;
    }
    whole.doubt();
    record.record(|| {
        Judged::new(Leg::Request, Stage::ClientFilter, "interface").unknown(party::gap(
            "address of the client",
            cachewarden_model::GapReason::NotCollected,
            "no address of the client is known",
        ))
    });
}

/// No cache of Google Cloud has an address on the internet.
fn no_public_address(cache: &Cache) -> Judged {
    let cause = match cache.service {
        Service::MemorystoreRedis => Cause::InstanceNoExternalIp,
        _ => Cause::ClusterNoExternalIp,
    };
    Judged::new(Leg::Request, Stage::PublicAccess, "cache")
        .resource(&cache.id)
        .deny(cause.after("the cache has no address on the internet"))
        .remedy(Remedy::Advice(
            "connect from inside a network that is joined to the cache's".to_owned(),
        ))
}

fn label(
    door: &Door<'_>,
    source: IpAddr,
    port: u16,
    doors: &[Door<'_>],
    grid: &Grid,
) -> Cow<'static, str> {
    let mut words = vec![];
    if grid.sources.len() > 1 {
        words.push(format!("from {source}"));
    }
    if doors.len() > 1 {
        words.push(match door.address {
            Some(address) => format!("to {address}"),
            None => "to the second connection".to_owned(),
        });
    }
    if grid.ports.len() > 1 {
        words.push(format!("port {port}"));
    }
    Cow::Owned(words.join(" "))
}

/// Judges a client and an endpoint in two estates, flow by flow: what either
/// of them tells apart is taken apart in both.
pub(crate) fn compare<'a>(
    was: &Estate<'a>,
    is: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
) -> Change {
    let grid = |estate: &Estate<'a>| {
        let mut whole = Through::new(&client.ports);
        let doors = doors(estate, client, cache, endpoint, &mut whole, &mut Silent);
        Grid::new(estate, client, endpoint, &doors)
    };
    let both = grid(was).and(grid(is));
    let (old, new) = (
        reached(was, &current(was, client), cache, endpoint, &both),
        reached(is, &current(is, client), cache, endpoint, &both),
    );
    let nothing = (PortSet::empty(), PortSet::empty());
    let mut change = Change::default();
    for key in old.keys().chain(new.keys()) {
        let before = old.get(key).unwrap_or(&nothing);
        let after = new.get(key).unwrap_or(&nothing);
        change = change.and(Change::between(
            (&before.0, &before.1),
            (&after.0, &after.1),
        ));
    }
    change
}

/// A flow of a client: from, to, port.
type Key = (IpAddr, Option<IpAddr>, u16);

/// For each flow the source ports that certainly and possibly get through.
fn reached<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    grid: &Grid,
) -> BTreeMap<Key, (PortSet, PortSet)> {
    let (whole, parts) = frame_and_parts::<Silent>(
        estate,
        client,
        cache,
        endpoint,
        Some(grid),
        &mut Silent,
        &|_| vec![],
    );
    let mut found = BTreeMap::new();
    for part in parts {
        let certain = part.through.certain.intersection(&whole.certain);
        let possible = part.through.possible.intersection(&whole.possible);
        found.insert((part.source, part.address, part.port), (certain, possible));
    }
    found
}

/// A client as the edits of this view leave it.
fn current<'a>(estate: &Estate<'a>, client: &Client<'a>) -> Client<'a> {
    let edited = estate.patch().zip(client.interface);
    let edited = edited.and_then(|(patch, own)| patch.interface(&own.id));
    Client {
        interface: edited.or(client.interface),
        ..client.clone()
    }
}

/// Whether routes that no table lists may lead from a network to others.
pub(crate) fn leads_on(estate: &Estate<'_>, network: &cachewarden_model::ResourceId) -> bool {
    hybrid::learned(estate, network).is_some() || hub::has(estate, network)
}
