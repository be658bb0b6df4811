//! The firewall of an Azure Cache for Redis, and from which address it sees
//! a client.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, Direction, Filter, FilterKind, Gap, GapReason, Leg, Peer, PrivateEndpointState,
    ResourceId, RuleId, Stage,
};
use cachewarden_netset::{AddressSet, Family};

use crate::azure::party::gap;
use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// How many addresses a fix names at most, each by a rule of its own.
const NAMED: u128 = 16;

/// What a cache's firewall admits.
pub(crate) enum Admitted<'a> {
    /// There is no filter: an empty list admits everybody.
    All,
    /// These ranges, each by a rule.
    Only(&'a Filter, Vec<(&'a RuleId, AddressSet)>),
}

impl Admitted<'_> {
    /// All admitted addresses.
    pub(crate) fn addresses(&self) -> AddressSet {
        match self {
            Self::All => AddressSet::full(),
            Self::Only(_, rules) => rules
                .iter()
                .fold(AddressSet::empty(), |all, (_, range)| all.union(range)),
        }
    }
}

/// The filter that is a cache's own firewall.
pub(crate) fn firewall_of<'a>(estate: &Estate<'a>, cache: &'a Cache) -> Option<&'a ResourceId> {
    let ids = cache.filters.value().into_iter().flatten();
    let mut own = ids.filter(|id| {
        estate
            .filter(id)
            .is_none_or(|it| it.kind == FilterKind::ServiceFirewall)
    });
    own.next()
}

/// What a cache's firewall admits.
///
/// Source: Azure Cache for Redis, "How to configure", Firewall: clients in
/// one of the ranges may connect. Without rules nothing is filtered.
///
/// # Errors
///
/// The gap, where the rules were not read.
pub(crate) fn admitted<'a>(
    estate: &Estate<'a>,
    cache: &'a Cache,
) -> Result<Admitted<'a>, Box<Gap>> {
    if let Some(gap) = cache.filters.gap() {
        return Err(Box::new(gap.clone()));
    }
    let Some(id) = firewall_of(estate, cache) else {
        return Ok(Admitted::All);
    };
    let unread = || {
        gap(
            id,
            GapReason::NotCollected,
            "the firewall's rules were not read",
        )
    };
    let filter = estate.filter(id).ok_or_else(unread)?;
    let rules = filter.rules.get().map_err(|gap| Box::new(gap.clone()))?;
    let mut ranges = vec![];
    for rule in rules.iter().filter(|it| it.direction == Direction::Ingress) {
        let mut range = AddressSet::empty();
        for peer in &rule.peers {
            let more = match peer {
                Peer::Cidr(cidr) => Some(AddressSet::from(*cidr)),
                // A range that is the wrong way round holds nothing.
                Peer::Range(first, last) => {
                    Some(AddressSet::range(*first, *last).unwrap_or_default())
                }
                _ => None,
            };
            range = range.union(&more.ok_or_else(unread)?);
        }
        ranges.push((&rule.id, range));
    }
    Ok(match ranges.is_empty() {
        true => Admitted::All,
        false => Admitted::Only(filter, ranges),
    })
}

/// How many addresses a firewall admits at most that is a narrow way in.
const NARROW: u128 = 256;

/// Whether a cache's firewall keeps out all but few addresses, so that public
/// access opens the cache to those its owner named and to nobody else.
pub(crate) fn is_narrow(estate: &Estate<'_>, cache: &Cache) -> bool {
    match admitted(estate, cache) {
        Ok(admitted @ Admitted::Only(..)) => admitted.addresses().count() <= NARROW,
        Ok(Admitted::All) | Err(_) => false,
    }
}

/// Addresses from which a public cache sees a client; any of them.
///
/// Source: Azure NAT Gateway, "Design virtual networks with NAT gateway": a
/// NAT gateway goes before instance public addresses, these before load
/// balancers and default outbound access.
///
/// # Errors
///
/// The gap, where the cloud chooses the address.
pub(crate) fn outward(estate: &Estate<'_>, client: &Client<'_>) -> Result<AddressSet, Box<Gap>> {
    let subnet = match client.place {
        Place::Internet => return Ok(set(&client.addresses)),
        Place::OnPremises => {
            return Err(gap(
                "outward address",
                GapReason::NotOffered,
                "from which public address an on-premises client comes is not told",
            ));
        }
        Place::Network { subnet, .. } => subnet,
    };
    let gateway = subnet
        .and_then(|it| it.azure.as_ref())
        .and_then(|it| it.nat_gateway.as_ref());
    if let Some(id) = gateway {
        return translated(estate, id);
    }
    let own = client.interface.map_or(&[][..], |it| &it.public_addresses);
    let own = set(own).family(Family::V4);
    if !own.is_empty() && subnet.is_some_and(|it| it.azure.is_some()) {
        return Ok(own);
    }
    Err(gap(
        format!(
            "outward address of {}",
            client.interface.map_or("the client", |it| it.id.as_str())
        ),
        GapReason::NotOffered,
        "it has neither a NAT gateway nor a public address of its own; a load balancer or the \
         cloud chooses the address that the cache sees",
    ))
}

fn translated(estate: &Estate<'_>, id: &ResourceId) -> Result<AddressSet, Box<Gap>> {
    let unread = || gap(id, GapReason::NotCollected, "this NAT gateway was not read");
    let gateway = estate.nat_gateway(id).ok_or_else(unread)?;
    let addresses = gateway.addresses.get();
    let addresses = addresses.map_err(|gap| Box::new(gap.clone()))?;
    let ranges = gateway.ranges.get().map_err(|gap| Box::new(gap.clone()))?;
    let all = set(addresses).union(&ranges.iter().copied().collect());
    let all = all.family(Family::V4);
    if all.is_empty() {
        return Err(gap(
            id,
            GapReason::NotOffered,
            "this NAT gateway has no public address, and what leaves by it is not told",
        ));
    }
    Ok(all)
}

fn set(addresses: &[IpAddr]) -> AddressSet {
    addresses
        .iter()
        .copied()
        .map(AddressSet::from)
        .fold(AddressSet::empty(), |all, one| all.union(&one))
}

/// Addresses that a client may come from, taken apart where the firewall
/// tells them apart; one unknown one where the cloud chooses.
pub(crate) fn apart<'a>(
    estate: &Estate<'a>,
    client: &Client<'_>,
    cache: &'a Cache,
) -> Vec<Result<AddressSet, Box<Gap>>> {
    let outward = match outward(estate, client) {
        Ok(outward) => outward,
        Err(gap) => return vec![Err(gap)],
    };
    let Ok(admitted) = admitted(estate, cache).map(|it| it.addresses()) else {
        return vec![Ok(outward)];
    };
    let parts = [
        outward.intersection(&admitted),
        outward.difference(&admitted),
    ];
    let parts = parts.into_iter().filter(|it| !it.is_empty());
    parts.map(Ok).collect()
}

/// Judges a client that comes from one of some addresses.
pub(crate) fn judge<'a>(
    estate: &Estate<'a>,
    cache: &'a Cache,
    from: &Result<AddressSet, Box<Gap>>,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let step = || Judged::new(Leg::Request, Stage::ServiceFirewall, "service-firewall");
    let admitted = match admitted(estate, cache) {
        Ok(admitted) => admitted,
        Err(gap) => {
            through.doubt();
            record.record(|| step().resource(&cache.id).unknown(gap));
            return;
        }
    };
    let Admitted::Only(filter, rules) = &admitted else {
        record.record(|| {
            step()
                .resource(firewall_of(estate, cache).unwrap_or(&cache.id))
                .not_applicable("no rule, so that no address is kept out")
        });
        return;
    };
    let step = || step().resource(&filter.id);
    let all = admitted.addresses();
    match verdict(&all, from) {
        Tri::Yes => record.record(|| {
            let rule = rules.iter().find(|(_, range)| match from {
                Ok(from) => from.first().is_some_and(|it| range.contains(it)),
                Err(_) => true,
            });
            let who = from.as_ref().map_or("every address".to_owned(), words);
            step()
                .rule(rule.map(|(id, _)| (*id).clone()))
                .allow(format!("admits {who}"))
        }),
        Tri::Unknown(gap) => {
            through.doubt();
            record.record(|| step().unknown(gap));
        }
        Tri::No if has_private_endpoint(cache) => {
            through.doubt();
            record.record(|| {
                step().unknown(gap(
                    &filter.id,
                    GapReason::NotOffered,
                    "no rule admits the client; whether the rules still keep anybody out while \
                     the cache has a private endpoint is not documented",
                ))
            });
        }
        Tri::No => {
            through.stop();
            record.record(|| refused(step(), filter, from));
        }
    }
}

fn refused(step: Judged, filter: &Filter, from: &Result<AddressSet, Box<Gap>>) -> Judged {
    let who = match from {
        Ok(from) => format!("{}, the address that the client is seen from", words(from)),
        Err(_) => "any public address".to_owned(),
    };
    let judged = step
        .deny(format!(
            "no rule admits {who}; how the refusal looks to a client is not documented"
        ))
        .symptom(None);
    match from {
        Ok(from) if from.count() <= NAMED => judged.remedy(Remedy::AdmitOutward {
            filter: filter.id.clone(),
            addresses: from.clone(),
        }),
        Ok(from) => judged.remedy(Remedy::Advice(format!(
            "add firewall rules for {} to {}",
            words(from),
            filter.name
        ))),
        Err(_) => judged.remedy(Remedy::Advice(format!(
            "give the client's subnet a NAT gateway, and add a firewall rule for its address to {}",
            filter.name
        ))),
    }
}

fn verdict(admitted: &AddressSet, from: &Result<AddressSet, Box<Gap>>) -> Tri {
    match from {
        Ok(from) if from.is_empty() => Tri::Unknown(gap(
            "outward address",
            GapReason::NotCollected,
            "no address of the client is known",
        )),
        Ok(from) if from.is_subset(admitted) => Tri::Yes,
        Ok(from) if from.is_disjoint(admitted) => Tri::No,
        Ok(_) => Tri::Unknown(gap(
            "outward address",
            GapReason::NotOffered,
            "the firewall admits some of the addresses that the client may come from",
        )),
        Err(gap) => {
            let public = AddressSet::internet().family(Family::V4);
            if public.is_subset(admitted) {
                Tri::Yes
            } else if public.is_disjoint(admitted) {
                Tri::No
            } else {
                Tri::Unknown(gap.clone())
            }
        }
    }
}

/// Addresses in words.
fn words(set: &AddressSet) -> String {
    let all: Vec<String> = set
        .ranges()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        })
        .collect();
    all.join(", ")
}

/// Whether a cache has a private endpoint that carries traffic, or may have.
fn has_private_endpoint(cache: &Cache) -> bool {
    let azure = cache.azure.as_ref();
    let connections = azure.and_then(|it| it.connections.value());
    connections.is_none_or(|all| {
        all.iter()
            .any(|it| it.state == PrivateEndpointState::Approved)
    })
}
