//! What holds for a cache as a whole: its status and name before a packet is
//! sent, what it asks of the client once a connection stands.

use cachewarden_model::{
    Cache, DnsServers, EncryptionControl, Endpoint, Fact, Gap, GapReason, IpFamilies, Leg, Phase,
    PublicAccess, ResourceId, Stage, Subnet, Symptom, TlsAbility, TransitEncryption,
};

use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// What a client is declared to be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Abilities {
    pub(crate) tls: Option<TlsAbility>,
}

/// Status and name resolution.
pub(super) fn before(
    estate: &Estate<'_>,
    client: &Client<'_>,
    cache: &Cache,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    status(cache, whole, record);
    names(estate, client, cache, whole, record);
    public_access(client, cache, whole, record);
    encryption_control(estate, client, cache, whole, record);
}

/// Whether the internet gets to the cache at all. Nodes have no public
/// address; a serverless cache may be made public, and what the service then
/// admits is not told.
///
/// Source: Amazon ElastiCache User Guide, "Access patterns for accessing a
/// cache in a VPC"; ElastiCache API, `ServerlessCache`.
fn public_access(
    client: &Client<'_>,
    cache: &Cache,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    if !matches!(client.place, Place::Internet) {
        return;
    }
    let step = || Judged::new(Leg::Request, Stage::PublicAccess, "cache").resource(&cache.id);
    match cache.public_access.get() {
        Ok(PublicAccess::NotOffered | PublicAccess::Disabled) => {
            whole.stop();
            record.record(|| {
                step()
                    .deny("the cache has no address on the internet")
                    .remedy(Remedy::Advice(
                        "connect from inside a network that is joined to the cache's".to_owned(),
                    ))
            });
        }
        Ok(PublicAccess::Enabled) => {
            whole.doubt();
            record.record(|| {
                step().unknown(Box::new(Gap {
                    provider: cache.provider,
                    account: Some(cache.account.clone()),
                    region: Some(cache.region.clone()),
                    what: format!("public access of {}", cache.name),
                    why: GapReason::Unmodelled,
                    message: "the cache is open to the internet, and whom the service admits \
                              there is not told"
                        .to_owned(),
                    hides: vec![],
                }))
            });
        }
        Err(gap) => {
            whole.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
        }
    }
}

/// A network on the way that is not in the snapshot.
fn unread_network(cache: &Cache, id: &ResourceId) -> Gap {
    Gap {
        provider: cache.provider,
        account: None,
        region: None,
        what: id.to_string(),
        why: GapReason::NotCollected,
        message: "this network was not read".to_owned(),
        hides: vec![],
    }
}

/// Source: Amazon VPC User Guide, "VPC encryption controls": in mode enforce,
/// traffic that is encrypted neither by the hardware nor by the application
/// is dropped, and a peering needs an exclusion. Which hardware encrypts is
/// not told, nor are exclusions.
fn encryption_control(
    estate: &Estate<'_>,
    client: &Client<'_>,
    cache: &Cache,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    let Place::Network { network: near, .. } = client.place else {
        return;
    };
    let far = cache.network.value();
    let control = |id: &ResourceId| estate.network(id).map(|it| &it.encryption_control);
    let harmless = |id: &&ResourceId| {
        matches!(
            control(id).map(|it| it.get()),
            Some(Ok(EncryptionControl::Off | EncryptionControl::Monitor))
        )
    };
    let Some(network) = [Some(near), far]
        .into_iter()
        .flatten()
        .find(|id| !harmless(id))
    else {
        return;
    };
    let encrypted = cache.transit_encryption.value() == Some(&TransitEncryption::Required);
    if encrypted && far == Some(near) {
        return;
    }
    let unread = unread_network(cache, network);
    let own = control(network);
    if let Some(gap) = own.map_or(Some(&unread), Fact::gap) {
        whole.doubt();
        record.record(|| {
            Judged::new(Leg::Request, Stage::Tls, "network")
                .resource(network)
                .unknown(Box::new(gap.clone()))
        });
        return;
    }
    whole.doubt();
    record.record(|| {
        Judged::new(Leg::Request, Stage::Tls, "network")
            .resource(network)
            .unknown(Box::new(Gap {
                provider: cache.provider,
                account: Some(cache.account.clone()),
                region: Some(cache.region.clone()),
                what: format!("encryption controls of {network}"),
                why: GapReason::NotOffered,
                message: "the network drops traffic that is not encrypted, and which of this \
                          traffic is exempt is not told"
                    .to_owned(),
                hides: vec![],
            }))
    });
}

fn status(cache: &Cache, whole: &mut Through, record: &mut impl Recorder) {
    let step = || Judged::new(Leg::Request, Stage::Status, "cache").resource(&cache.id);
    let status = match cache.status.get() {
        Ok(status) => status,
        Err(gap) => {
            whole.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
            return;
        }
    };
    match status.phase {
        Phase::Serving => record.record(|| step().allow(status.text.clone())),
        Phase::Changing => record.record(|| {
            step().allow(format!(
                "{}: short interruptions while it lasts",
                status.text
            ))
        }),
        Phase::Impaired => record.record(|| {
            step().allow(format!(
                "{}: nodes that fail cannot be replaced",
                status.text
            ))
        }),
        Phase::Creating => {
            whole.stop();
            record.record(|| {
                step()
                    .deny(format!(
                        "the cache is {}: its name does not resolve yet",
                        status.text
                    ))
                    .symptom(Symptom::Dns)
                    .remedy(Remedy::Advice(
                        "wait until the cache is available".to_owned(),
                    ))
            });
        }
        Phase::Gone => {
            whole.stop();
            record.record(|| {
                step()
                    .deny(format!(
                        "the cache is {}: there is nothing to connect to",
                        status.text
                    ))
                    .symptom(Symptom::Dns)
                    .remedy(Remedy::Advice(
                        "point the client to another cache".to_owned(),
                    ))
            });
        }
        Phase::Unclear => {
            whole.doubt();
            record.record(|| {
                step().unknown(Box::new(Gap {
                    provider: cache.provider,
                    account: Some(cache.account.clone()),
                    region: Some(cache.region.clone()),
                    what: "status".to_owned(),
                    why: GapReason::Unmodelled,
                    message: format!(
                        "what the status `{}` means for clients is not known",
                        status.text
                    ),
                    hides: vec![],
                }))
            });
        }
    }
}

/// Source: Amazon VPC User Guide, "DNS attributes for your VPC": without DNS
/// support the resolver of the network is silent; servers of the owner's, set
/// by DHCP options, are asked in its place. Amazon ElastiCache User
/// Guide, "Access patterns for accessing a cache in a VPC": across networks,
/// DNS support and host names are to be on in both.
fn names(
    estate: &Estate<'_>,
    client: &Client<'_>,
    cache: &Cache,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    let step = || Judged::new(Leg::Request, Stage::Dns, "network");
    let Place::Network { network: id, .. } = client.place else {
        record.record(|| step().not_applicable("the client's resolver is outside every network"));
        return;
    };
    let Some(network) = estate.network(id) else {
        whole.doubt();
        record.record(|| {
            step().resource(id).unknown(Box::new(Gap {
                provider: client.provider,
                account: None,
                region: None,
                what: id.to_string(),
                why: GapReason::NotCollected,
                message: "the client's network was not read".to_owned(),
                hides: vec![],
            }))
        });
        return;
    };
    let doubt = |what: String, message: String| {
        Box::new(Gap {
            provider: network.provider,
            account: Some(network.account.clone()),
            region: Some(network.region.clone()),
            what,
            why: GapReason::NotOffered,
            message,
            hides: vec![],
        })
    };
    match network.dns_servers.get() {
        Ok(DnsServers::Provider) => {}
        Ok(DnsServers::Custom(servers)) => {
            whole.doubt();
            let servers: Vec<String> = servers.iter().map(ToString::to_string).collect();
            record.record(|| {
                step().resource(id).unknown(doubt(
                    format!("name servers of {id}"),
                    format!(
                        "machines ask {}; whether these resolve the cache's name is not visible",
                        servers.join(", ")
                    ),
                ))
            });
            return;
        }
        Err(gap) => {
            whole.doubt();
            record.record(|| step().resource(id).unknown(Box::new(gap.clone())));
            return;
        }
    }
    match &network.dns_resolution {
        Fact::Known(true) | Fact::Default(true) => {}
        Fact::Known(false) | Fact::Default(false) => {
            whole.stop();
            record.record(|| {
                step()
                    .resource(id)
                    .deny("DNS support of the client's network is off: names do not resolve")
                    .symptom(Symptom::Dns)
                    .remedy(Remedy::EnableResolver(id.clone()))
            });
            return;
        }
        Fact::Unknown(gap) => {
            whole.doubt();
            record.record(|| step().resource(id).unknown(gap.clone()));
            return;
        }
    }
    if let Some(there) = cache.network.value().filter(|there| *there != id) {
        let Some(far) = estate.network(there) else {
            whole.doubt();
            record.record(|| {
                let gap = unread_network(cache, there);
                step().resource(there).unknown(Box::new(gap))
            });
            return;
        };
        for end in [network, far] {
            let gap = match &end.dns_host_names {
                Fact::Known(true) | Fact::Default(true) => continue,
                Fact::Unknown(gap) => gap.clone(),
                Fact::Known(false) | Fact::Default(false) => doubt(
                    format!("DNS host names of {}", end.id),
                    "across networks the service asks for DNS host names in both, and they are \
                     off here: the name may not resolve"
                        .to_owned(),
                ),
            };
            whole.doubt();
            record.record(|| step().resource(&end.id).unknown(gap));
            return;
        }
    }
    record.record(|| step().resource(id).allow("the network's resolver answers"));
}

/// No address family that both sides have.
pub(crate) fn no_family(client: &Client<'_>, cache: &Cache) -> Judged {
    let listens = match cache.families.value() {
        Some(IpFamilies::Ipv4) => "IPv4",
        Some(IpFamilies::Ipv6) => "IPv6",
        Some(IpFamilies::DualStack) | None => "IPv4 and IPv6",
    };
    let has = if client.addresses.iter().any(std::net::IpAddr::is_ipv6) {
        "IPv6"
    } else if client.addresses.is_empty() {
        "no"
    } else {
        "IPv4"
    };
    Judged::new(Leg::Request, Stage::Dns, "cache")
        .resource(&cache.id)
        .deny(format!(
            "the cache listens on {listens} only and the client has {has} addresses only: its \
             name resolves to nothing that the client can use"
        ))
        .symptom(Symptom::Dns)
        .remedy(Remedy::Advice(
            "give the client an address of the cache's family, or make a dual-stack cache; the \
             network type of a cache is fixed when it is created"
                .to_owned(),
        ))
}

/// A node whose subnets have no range of a family that the client has.
pub(super) fn no_address(cache: &Cache, node: &str) -> Judged {
    Judged::new(Leg::Request, Stage::Dns, "cache")
        .resource(&cache.id)
        .deny(format!(
            "{node} has no address of a family that the client has"
        ))
        .symptom(Symptom::Dns)
        .remedy(Remedy::Advice(format!(
            "give the subnets of {node} a range of the client's address family"
        )))
}

/// Further ports of the nodes that a client needs, one for each part of
/// their ranges that the rules on the way tell apart.
pub(super) fn port_representatives(
    estate: &Estate<'_>,
    client: &Client<'_>,
    cache: &Cache,
    endpoint: &Endpoint,
) -> Vec<u16> {
    let mut ports = vec![];
    for range in &endpoint.node_ports {
        ports.push(range.first());
    }
    if ports.is_empty() {
        return ports;
    }
    fn edges(subnet: Option<&Subnet>) -> Option<&ResourceId> {
        subnet
            .and_then(|it| it.filter.value())
            .and_then(Option::as_ref)
    }
    let near = match client.place {
        Place::Network { subnet, .. } => subnet,
        Place::OnPremises | Place::Internet => None,
    };
    let own = client
        .interface
        .and_then(|it| it.filters.value())
        .into_iter()
        .flatten();
    let guards = cache.filters.value().into_iter().flatten();
    let subnets = cache.subnets.value().into_iter().flatten();
    let far = subnets.flat_map(|id| edges(estate.subnet(id)));
    for filter in own.chain(guards).chain(edges(near)).chain(far) {
        let rules = estate.filter(filter).and_then(|it| it.rules.value());
        for cut in rules.into_iter().flatten().flat_map(|rule| &rule.ports) {
            ports.push(cut.first());
            ports.extend(cut.last().checked_add(1));
        }
    }
    ports.retain(|port| {
        endpoint
            .node_ports
            .iter()
            .any(|range| range.contains(*port))
    });
    ports.sort_unstable();
    ports.dedup();
    ports
}
