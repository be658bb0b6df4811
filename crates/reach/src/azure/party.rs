//! The two ends of a flow on Azure, and whether a rule names one of them.

use std::net::IpAddr;

use cachewarden_model::{
    Destination, Gap, GapReason, Network, Noun, Peer, Provider, Region, ResourceId, Route, Rule,
    Subnet,
};
use cachewarden_netset::{AddressSet, Protocol};

use crate::azure::gateway;
use crate::estate::Estate;
use crate::peer::Tri;

/// One end of a flow.
#[derive(Clone)]
pub(crate) struct Party<'a> {
    /// The addresses that it may have: one where it is known.
    pub(crate) addresses: AddressSet,
    pub(crate) realm: Realm<'a>,
    /// None outside every known subnet.
    pub(crate) subnet: Option<&'a Subnet>,
    pub(crate) groups: Groups<'a>,
}

/// Where an end sits.
#[derive(Clone, Copy)]
pub(crate) enum Realm<'a> {
    /// In a virtual network of the snapshot.
    Network(&'a ResourceId),
    /// A private address outside every known network.
    Outside,
    /// A public address of Azure in a region.
    Azure(&'a Region),
    /// Another public address.
    Internet,
    /// What probes a load balancer's members.
    Probe,
}

/// Application security groups of an end.
#[derive(Clone)]
pub(crate) enum Groups<'a> {
    These(&'a [ResourceId]),
    Unclear(Box<Gap>),
}

impl<'a> Party<'a> {
    /// The platform's address from which a load balancer probes.
    ///
    /// Source: Azure Virtual Network, "Virtual network service tags",
    /// AzureLoadBalancer: it translates to the host's virtual address
    /// 168.63.129.16, where health probes come from.
    pub(crate) fn probe() -> Self {
        Self {
            addresses: AddressSet::from(IpAddr::from([168, 63, 129, 16])),
            realm: Realm::Probe,
            subnet: None,
            groups: Groups::These(&[]),
        }
    }

    /// The network that it is in.
    pub(crate) fn network(&self) -> Option<&'a ResourceId> {
        match self.realm {
            Realm::Network(id) => Some(id),
            _ => None,
        }
    }

    /// One of its addresses.
    pub(crate) fn first(&self) -> Option<IpAddr> {
        self.addresses.first()
    }

    /// In words: its address where it has only one.
    pub(crate) fn words(&self) -> String {
        match (self.realm, self.first()) {
            (Realm::Azure(_), _) => "the cache's public address".to_owned(),
            (Realm::Probe, _) => "AzureLoadBalancer".to_owned(),
            (_, Some(address)) if self.addresses.count() == 1 => address.to_string(),
            (_, Some(address)) => format!("{address} and others"),
            (_, None) => "no address".to_owned(),
        }
    }
}

/// What a network security group guards: service tags are seen from there.
#[derive(Clone, Copy)]
pub(crate) struct Home<'a> {
    pub(crate) network: Option<&'a ResourceId>,
    pub(crate) subnet: Option<&'a Subnet>,
    /// Whether VirtualNetwork holds the far end, where that is not known and
    /// both readings are tried.
    pub(crate) assumed: Option<bool>,
}

/// Something that decides and is not known.
pub(crate) fn gap(what: impl ToString, why: GapReason, message: impl Into<String>) -> Box<Gap> {
    Box::new(Gap {
        provider: Provider::Azure,
        account: None,
        region: None,
        what: what.to_string(),
        why,
        message: message.into(),
        hides: vec![],
    })
}

/// Whether a rule judges TCP packets to a port. Unlike elsewhere, a rule for
/// any protocol may name ports.
///
/// Source: Azure Virtual Network, "Network security groups": a rule has
/// protocol and ports, each of which may be `*`.
pub(crate) fn covers_port(rule: &Rule, port: u16) -> bool {
    match rule.protocol {
        Protocol::Any if rule.ports.is_empty() => true,
        protocol if protocol.covers(Protocol::TCP) => {
            rule.ports.iter().any(|range| range.contains(port))
        }
        _ => false,
    }
}

/// Whether one of some peers names an end. One of them is enough; together
/// they may name all addresses that the end may have.
pub(crate) fn named(estate: &Estate<'_>, peers: &[Peer], party: &Party<'_>, home: Home<'_>) -> Tri {
    let mut doubt: Option<Box<Gap>> = None;
    let single = party.first().filter(|_| party.addresses.count() == 1);
    let mut ranges: Vec<AddressSet> = vec![];
    for peer in peers {
        let range = match peer {
            Peer::Cidr(cidr) => (cidr.first(), cidr.last()),
            Peer::Range(first, last) => (*first, *last),
            other => {
                match names(estate, other, party, home) {
                    Tri::Yes => return Tri::Yes,
                    Tri::No => {}
                    Tri::Unknown(gap) => {
                        doubt.get_or_insert(gap);
                    }
                }
                continue;
            }
        };
        match single {
            Some(address) => {
                let inside = address.is_ipv4() == range.0.is_ipv4()
                    && range.0 <= address
                    && address <= range.1;
                if inside {
                    return Tri::Yes;
                }
            }
            None => ranges.extend(AddressSet::range(range.0, range.1)),
        }
    }
    if single.is_none() && !party.addresses.is_empty() {
        let all = ranges
            .iter()
            .fold(AddressSet::empty(), |all, it| all.union(it));
        if party.addresses.is_subset(&all) {
            return Tri::Yes;
        }
        if !party.addresses.is_disjoint(&all) {
            doubt.get_or_insert_with(|| {
                gap(
                    party.words(),
                    GapReason::NotOffered,
                    "rules tell apart addresses that this end may have, and which it has is not \
                     told",
                )
            });
        }
    }
    doubt.map_or(Tri::No, Tri::Unknown)
}

fn names(estate: &Estate<'_>, peer: &Peer, party: &Party<'_>, home: Home<'_>) -> Tri {
    match peer {
        Peer::Group { group, .. } => match &party.groups {
            Groups::These(groups) => Tri::from(groups.contains(group)),
            Groups::Unclear(gap) => Tri::Unknown(gap.clone()),
        },
        Peer::ServiceTag(tag) => tagged(estate, tag, party, home),
        Peer::Cidr(_) | Peer::Range(..) => Tri::No,
        Peer::PrefixList(id) => unmodelled(id.as_str()),
        Peer::Tag(text) | Peer::ServiceAccount(text) | Peer::Other(text) => unmodelled(text),
    }
}

fn unmodelled(what: &str) -> Tri {
    Tri::Unknown(gap(
        what,
        GapReason::Unmodelled,
        "this version cannot tell whom a rule with this peer names",
    ))
}

/// Tags of services that are not the cache's: their ranges hold no cache and
/// no machine of a virtual network. A suffix after a dot is a region.
///
/// Source: Azure Virtual Network, "Virtual network service tags": a tag
/// stands for the prefixes of one service.
const OTHER_SERVICES: [&str; 17] = [
    "apimanagement",
    "azureactivedirectory",
    "azurebackup",
    "azurecontainerregistry",
    "azurecosmosdb",
    "azurefrontdoor",
    "azurekeyvault",
    "azuremonitor",
    "azureplatformdns",
    "azureplatformimds",
    "azureplatformlkm",
    "eventhub",
    "gatewaymanager",
    "servicebus",
    "sql",
    "storage",
    "windowsupdate",
];

/// Whether a service tag names an end.
///
/// Source: Azure Virtual Network, "Virtual network service tags". Tags are
/// compared without regard to case.
fn tagged(estate: &Estate<'_>, tag: &str, party: &Party<'_>, home: Home<'_>) -> Tri {
    let lower = tag.to_ascii_lowercase();
    match lower.as_str() {
        "virtualnetwork" => in_virtual_network(estate, party, home),
        "internet" => match in_virtual_network(estate, party, home) {
            Tri::Yes => Tri::No,
            Tri::Unknown(gap) => Tri::Unknown(gap),
            Tri::No => match party.realm {
                Realm::Azure(_) | Realm::Internet => Tri::Yes,
                Realm::Probe => Tri::No,
                Realm::Network(_) | Realm::Outside => Tri::Unknown(gap(
                    tag,
                    GapReason::Unmodelled,
                    "whether this tag holds private addresses outside the network is not told",
                )),
            },
        },
        "azureloadbalancer" => Tri::from(matches!(party.realm, Realm::Probe)),
        "azurecloud" => match party.realm {
            Realm::Azure(_) => Tri::Yes,
            Realm::Network(_) | Realm::Outside | Realm::Probe => Tri::No,
            Realm::Internet => unmodelled(tag),
        },
        _ => match party.realm {
            Realm::Network(_) | Realm::Outside | Realm::Probe => Tri::No,
            Realm::Azure(region) if lower.strip_prefix("azurecloud.") == Some(region.as_str()) => {
                Tri::Yes
            }
            Realm::Azure(_) | Realm::Internet => {
                let service = lower.split('.').next().unwrap_or_default();
                match OTHER_SERVICES.contains(&service) {
                    true => Tri::No,
                    false => unmodelled(tag),
                }
            }
        },
    }
}

/// Whether the tag VirtualNetwork, seen from where a group guards, holds an
/// end: the network's own space, that of its peers, connected on-premises
/// space, the platform's address, and prefixes of the owner's routes.
///
/// Source: Azure Virtual Network, "Virtual network service tags".
pub(crate) fn in_virtual_network(estate: &Estate<'_>, party: &Party<'_>, home: Home<'_>) -> Tri {
    let Some(own) = home.network else {
        return Tri::Unknown(gap(
            "VirtualNetwork",
            GapReason::NotCollected,
            "the network that this tag is seen from is not known",
        ));
    };
    if matches!(party.realm, Realm::Probe) || party.network() == Some(own) {
        return Tri::Yes;
    }
    if let Some(assumed) = home.assumed {
        return Tri::from(assumed);
    }
    if let Some(other) = party.network() {
        let joins = estate.peerings_of(own).any(|it| {
            (&it.requester.network, &it.accepter.network) == (own, other)
                || (&it.requester.network, &it.accepter.network) == (other, own)
        });
        if joins {
            return Tri::Yes;
        }
    }
    let Some(network) = estate.network(own) else {
        return Tri::Unknown(gap(
            own,
            GapReason::NotCollected,
            "this network was not read",
        ));
    };
    match routed(estate, party, network, home.subnet) {
        Tri::No => {}
        known => return known,
    }
    match party.realm {
        Realm::Network(_) | Realm::Outside => {
            gateway::learned(estate, own).map_or(Tri::No, Tri::Unknown)
        }
        Realm::Azure(_) | Realm::Internet | Realm::Probe => Tri::No,
    }
}

/// Whether a route of the owner's widens the tag VirtualNetwork to an end.
/// One that was not read may.
fn routed(estate: &Estate<'_>, party: &Party<'_>, own: &Network, subnet: Option<&Subnet>) -> Tri {
    let hidden = estate.hidden(Noun::Subnets, Provider::Azure, Some(&own.account), None);
    let mut doubt = hidden.map(Box::new);
    for other in estate.subnets_of(&own.id) {
        let routes = match routes(estate, other) {
            Ok(routes) => routes,
            Err(gap) => {
                doubt.get_or_insert(gap);
                continue;
            }
        };
        for route in routes {
            let Destination::Cidr(cidr) = &route.destination else {
                continue;
            };
            let range = AddressSet::from(*cidr);
            if range.is_disjoint(&party.addresses) {
                continue;
            }
            let here = subnet.is_some_and(|it| it.id == other.id);
            if here && !cidr.is_any() && party.addresses.is_subset(&range) {
                return Tri::Yes;
            }
            doubt.get_or_insert_with(|| {
                gap(
                    "VirtualNetwork",
                    GapReason::NotOffered,
                    format!(
                        "this tag may hold prefixes of user routes, and the route to {cidr} holds {}",
                        party.words()
                    ),
                )
            });
        }
    }
    doubt.map_or(Tri::No, Tri::Unknown)
}

/// The owner's routes of a subnet; empty where it has no table.
fn routes<'a>(estate: &Estate<'a>, subnet: &Subnet) -> Result<&'a [Route], Box<Gap>> {
    let table = subnet.route_table.get();
    let Some(association) = table.map_err(|gap| Box::new(gap.clone()))? else {
        return Ok(&[]);
    };
    let Some(table) = estate.table(&association.table) else {
        return Err(gap(
            &association.table,
            GapReason::NotCollected,
            "this route table was not read",
        ));
    };
    let routes = table.routes.get();
    routes
        .map(Vec::as_slice)
        .map_err(|gap| Box::new(gap.clone()))
}
