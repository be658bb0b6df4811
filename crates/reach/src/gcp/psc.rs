//! Endpoints of Private Service Connect: forwarding rules in a network that
//! lead to a cache.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, GapReason, Leg, Noun, PrivateEndpoint, PrivateEndpointState, Provider, PscConnection,
    Region, ResourceId, Stage,
};

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::hub::{self, Hub};
use crate::gcp::party::{Sender, gap};
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// One address of a cache in a network.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    pub(crate) network: &'a ResourceId,
    pub(crate) address: IpAddr,
    /// What the cache says of it; none if it says nothing.
    pub(crate) connection: Option<&'a PscConnection>,
}

/// The forwarding rule of a door, where it was read.
pub(crate) fn rule<'a>(estate: &Estate<'a>, door: &Door<'a>) -> Option<&'a PrivateEndpoint> {
    let named = door
        .connection
        .and_then(|it| it.rule.as_ref())
        .and_then(|id| estate.forwarding_rule(id));
    named.or_else(|| estate.forwarding_rule_at(door.network, door.address))
}

/// Whether a door carries traffic. The forwarding rule itself tells; where its
/// project was not read, what the cache saw last.
///
/// Source: Compute Engine API, `forwardingRules`, `pscConnectionStatus`: any
/// but ACCEPTED does not serve.
pub(crate) fn serves<'a>(
    estate: &Estate<'a>,
    cache: &Cache,
    door: &Door<'a>,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::PrivateEndpoint, kind);
    let Some(found) = rule(estate, door) else {
        return unseen(estate, cache, door, record);
    };
    if !leads_to(cache, door, found) {
        record.record(|| {
            step("forwarding-rule")
                .resource(&found.id)
                .deny(Cause::ForwardingRuleMismatch.after(format!(
                    "it leads to {}, which is not the cache's",
                    found.target
                )))
                .remedy(create(cache))
        });
        return Tri::No;
    }
    match &found.state {
        PrivateEndpointState::Approved => {
            record.record(|| {
                step("forwarding-rule")
                    .resource(&found.id)
                    .allow("ACCEPTED")
            });
            Tri::Yes
        }
        PrivateEndpointState::Pending => {
            record.record(|| {
                refused(step("forwarding-rule").resource(&found.id), "PENDING").remedy(
                    Remedy::Advice(
                        "register the connection with the cache, or create it again".to_owned(),
                    ),
                )
            });
            Tri::No
        }
        PrivateEndpointState::Down(word) => {
            let advice = match word.as_str() {
                "NEEDS_ATTENTION" => {
                    Remedy::Advice("ask Google: the service's side has to act".to_owned())
                }
                _ => create(cache),
            };
            record.record(|| {
                refused(step("forwarding-rule").resource(&found.id), word).remedy(advice)
            });
            Tri::No
        }
    }
}

fn refused(step: Judged, word: &str) -> Judged {
    step.deny(Cause::NotAccepted.after(format!(
        "the connection is {word}; what a client sees of that is not documented"
    )))
    .symptom(None)
}

fn create(cache: &Cache) -> Remedy {
    Remedy::Advice(format!(
        "delete the endpoint, create it again, and register it with {}",
        cache.name
    ))
}

/// Whether a forwarding rule leads to a cache, by the last part of the service
/// attachment: projects stand in them by id or by number.
fn leads_to(cache: &Cache, door: &Door<'_>, found: &PrivateEndpoint) -> bool {
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    let own = door.connection.and_then(|it| it.attachment.as_deref());
    let known: Vec<String> = match own {
        Some(own) => vec![last(own)],
        None => {
            let all = cache.gcp.iter().flat_map(|it| &it.attachments);
            all.map(|it| last(it)).collect()
        }
    };
    known.is_empty() || known.contains(&last(&found.target))
}

/// A door whose forwarding rule is not in the snapshot.
fn unseen<'a>(
    estate: &Estate<'a>,
    cache: &Cache,
    door: &Door<'a>,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::PrivateEndpoint, kind);
    let network = estate.network(door.network);
    let own = door.connection.and_then(|it| it.project.as_ref());
    let project = own.or(network.map(|it| &it.account));
    let status = door.connection.and_then(|it| it.status.as_deref());
    let hidden = estate.hidden(Noun::PrivateEndpoints, Provider::Gcp, project, None);
    // A network that was not read, and a cache that does not tell whose it is.
    let hidden = hidden.or_else(|| {
        project.is_none().then(|| {
            *gap(
                door.network,
                GapReason::NotCollected,
                "the forwarding rules of this network were not read",
            )
        })
    });
    let id = door.connection.and_then(|it| it.rule.as_ref());
    let at = |judged: Judged| judged.resource(id.unwrap_or(&cache.id));
    let kind = if id.is_some() {
        "forwarding-rule"
    } else {
        "cache"
    };
    match (status, hidden) {
        (Some("NOT_FOUND"), _) | (_, None) => {
            record.record(|| {
                at(step(kind))
                    .deny(Cause::NoPscEndpoint.after(format!(
                        "no forwarding rule has the address {}",
                        door.address
                    )))
                    .remedy(create(cache))
            });
            Tri::No
        }
        // What the cache saw last is believed where nobody was to read the
        // rule, not where the rule was asked for and did not come.
        (Some("ACTIVE"), Some(gap)) if gap.why == GapReason::NotCollected => {
            record.record(|| {
                at(step(kind)).allow("ACTIVE, as the cache saw it last; its project was not read")
            });
            Tri::Yes
        }
        (_, Some(gap)) => {
            record.record(|| at(step(kind)).unknown(Box::new(gap.clone())));
            Tri::unknown(&gap)
        }
    }
}

/// Whether a door serves clients of a region. An endpoint has the region of
/// the cache that it leads to.
///
/// Source: Compute Engine API, `forwardingRules`, `allowPscGlobalAccess`;
/// Memorystore for Redis Cluster and for Valkey, "Connect": clients of other
/// regions reach the endpoints that the service made.
pub(crate) fn serves_region<'a>(
    estate: &Estate<'a>,
    cache: &'a Cache,
    door: &Door<'a>,
    region: &Region,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::PrivateEndpoint, kind);
    let found = rule(estate, door);
    let home = found.map_or(&cache.region, |it| &it.region);
    if home == region {
        return Tri::Yes;
    }
    match found {
        Some(found) if found.global_access == Some(false) => {
            record.record(|| {
                step("forwarding-rule")
                    .resource(&found.id)
                    .deny(Cause::RegionMismatch.after(format!(
                        "it is in {home} without global access, and the client is in {region}"
                    )))
                    .remedy(Remedy::GlobalAccess(found.id.clone()))
            });
            Tri::No
        }
        Some(found) => {
            record.record(|| {
                step("forwarding-rule")
                    .resource(&found.id)
                    .allow("global access: clients of all regions")
            });
            Tri::Yes
        }
        None if door.connection.is_some_and(|it| it.automatic) => {
            record.record(|| {
                step("cache")
                    .resource(&cache.id)
                    .allow("made by the service: clients of all regions")
            });
            Tri::Yes
        }
        None => {
            let gap = gap(
                format!("global access of {}", door.address),
                GapReason::NotCollected,
                format!("whether clients of {region} may use this endpoint was not read"),
            );
            record.record(|| step("cache").resource(&cache.id).unknown(gap.clone()));
            Tri::Unknown(gap)
        }
    }
}

/// Clients of another network than the endpoint's. Where it is not known what
/// becomes of their packets on the way, they may come round by VPNs, private
/// lines or machines.
pub(crate) fn elsewhere<'a>(
    estate: &Estate<'a>,
    cache: &'a Cache,
    sender: &Sender<'a>,
    door: &Door<'a>,
    way: &Tri,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::Link, kind);
    // A route of its own into the other network is that of a peering.
    let hub = match way {
        Tri::Yes => Hub::None,
        _ => hub::between(estate, sender.network, door.network, Some(door.address)),
    };
    if let Hub::May(gap) = &hub {
        record.record(|| step("hub").resource(door.network).unknown(gap.clone()));
        return Tri::Unknown(gap.clone());
    }
    if let Tri::Unknown(gap) = way {
        record.record(|| step("network").resource(door.network).unknown(gap.clone()));
        return Tri::Unknown(gap.clone());
    }
    if let Hub::No(id, why) = hub {
        record.record(|| {
            step("hub")
                .resource(id)
                .deny(Cause::NotPropagated.after(why))
                .remedy(own_endpoint(cache, sender))
        });
        return Tri::No;
    }
    let peering = estate
        .peerings_of(sender.network)
        .find(|it| it.requester.network == *sender.network && it.accepter.network == *door.network);
    record.record(|| match peering {
        Some(peering) => step("peering")
            .resource(&peering.id)
            .deny(Cause::PscFromPeeredNetwork.after(format!(
                "the endpoint is in {}, and no endpoint is reached across a peering",
                door.network
            )))
            .remedy(own_endpoint(cache, sender)),
        None => step("network")
            .resource(sender.network)
            .deny(Cause::NoPscEndpoint.after(format!("the endpoint is in {}", door.network)))
            .remedy(own_endpoint(cache, sender)),
    });
    Tri::No
}

/// What lets a client of another network in.
fn own_endpoint(cache: &Cache, sender: &Sender<'_>) -> Remedy {
    let own = cache.endpoints.iter().find(|it| {
        it.network
            .as_ref()
            .is_some_and(|network| network == sender.network)
    });
    Remedy::Advice(match own.and_then(|it| it.host.as_deref()) {
        Some(host) => format!("use {host}, the endpoint in the client's own network"),
        None => format!(
            "create endpoints in {} for each service attachment, and register them with {}",
            sender.network, cache.name
        ),
    })
}
