//! The peering that joins a network to an instance of Memorystore for Redis.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, GapReason, InterfaceKind, Leg, LinkState, Noun, Peering, Provider, ResourceId, RunState,
    Stage,
};
use cachewarden_netset::{AddressSet, Cidr};

use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::party::{Sender, gap};
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// The peering of private services access.
///
/// Source: Memorystore for Redis, "Networking".
const SERVICES: &str = "servicenetworking-googleapis-com";

/// How peerings of instances' own are named.
const DIRECT: &str = "redis-peer-";

/// Whether the cloud's services made a peering.
pub(crate) fn is_of_the_cloud(name: &str) -> bool {
    name == SERVICES || name.starts_with(DIRECT)
}

/// How an instance is joined to its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Direct,
    Services,
    /// Not told.
    Either,
}

impl Mode {
    pub(crate) fn of(cache: &Cache) -> Self {
        let mode = cache.gcp.as_ref().and_then(|it| it.connect_mode.as_deref());
        match mode {
            Some("DIRECT_PEERING") => Self::Direct,
            Some("PRIVATE_SERVICE_ACCESS") => Self::Services,
            _ => Self::Either,
        }
    }

    fn fits(self, name: &str) -> bool {
        let (direct, services) = (name.starts_with(DIRECT), name == SERVICES);
        match self {
            Self::Direct => direct,
            Self::Services => services,
            Self::Either => direct || services,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Direct => "redis-peer-…",
            Self::Services => SERVICES,
            Self::Either => "of the service",
        }
    }
}

/// The peerings of a network that may lead to an instance, sorted by id.
pub(crate) fn peerings<'a>(
    estate: &Estate<'a>,
    cache: &Cache,
    home: &ResourceId,
) -> Vec<&'a Peering> {
    let mode = Mode::of(cache);
    let mut found: Vec<&Peering> = estate
        .peerings_of(home)
        .filter(|it| {
            it.provider == Provider::Gcp && it.requester.network == *home && mode.fits(&it.name)
        })
        .collect();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    found
}

/// The peering that leads to an address, as far as its ranges tell.
pub(crate) fn leading<'a>(found: &[&'a Peering], to: IpAddr) -> Option<&'a Peering> {
    let holding = found
        .iter()
        .find(|it| it.accepter.cidrs.iter().any(|cidr| cidr.contains(to)));
    holding.or(found.first()).copied()
}

/// Whether a network's peering carries traffic to an instance.
pub(crate) fn carries(
    estate: &Estate<'_>,
    cache: &Cache,
    home: &ResourceId,
    to: IpAddr,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::Link, kind);
    if estate.network(home).is_none() {
        let gap = gap(
            home,
            GapReason::NotCollected,
            "the peerings of this network were not read",
        );
        record.record(|| step("network").resource(home).unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    let found = peerings(estate, cache, home);
    let mode = Mode::of(cache);
    let Some(peering) = leading(&found, to) else {
        let account = estate.network(home).map(|it| &it.account);
        if let Some(gap) = estate.hidden(Noun::Peerings, Provider::Gcp, account, None) {
            record.record(|| {
                step("network")
                    .resource(home)
                    .unknown(Box::new(gap.clone()))
            });
            return Tri::unknown(&gap);
        }
        record.record(|| {
            step("network")
                .resource(home)
                .deny(Cause::NoPeering.after(format!(
                    "the network has no peering {} to the instance",
                    mode.name()
                )))
                .remedy(again(mode))
        });
        return Tri::No;
    };
    match &peering.state {
        LinkState::Active => {
            record.record(|| step("peering").resource(&peering.id).allow("ACTIVE"));
            Tri::Yes
        }
        LinkState::Pending(word) | LinkState::Down(word) => {
            record.record(|| {
                step("peering")
                    .resource(&peering.id)
                    .deny(Cause::NoPeering.after(format!("the peering is {word}")))
                    .remedy(again(mode))
            });
            Tri::No
        }
    }
}

/// How a peering of the service comes back.
///
/// Source: Memorystore for Redis, "Troubleshoot issues".
fn again(mode: Mode) -> Remedy {
    Remedy::Advice(match mode {
        Mode::Services => "run `gcloud services vpc-peerings connect` for \
                           servicenetworking.googleapis.com and the network"
            .to_owned(),
        Mode::Direct | Mode::Either => "create and delete a further instance in the network: this \
                                        makes the peering again"
            .to_owned(),
    })
}

/// Clients of another network than the instance's own. Where it is not known
/// what becomes of their packets on the way, they may come round by VPNs,
/// private lines or machines.
pub(crate) fn elsewhere(
    estate: &Estate<'_>,
    cache: &Cache,
    sender: &Sender<'_>,
    home: &ResourceId,
    way: &Tri,
    record: &mut impl Recorder,
) -> Tri {
    let step = |kind| Judged::new(Leg::Request, Stage::Link, kind);
    if let Tri::Unknown(gap) = way {
        record.record(|| step("network").resource(home).unknown(gap.clone()));
        return Tri::Unknown(gap.clone());
    }
    let own = estate
        .peerings_of(sender.network)
        .find(|it| it.requester.network == *sender.network && it.accepter.network == *home);
    record.record(|| match own {
        Some(peering) => step("peering")
            .resource(&peering.id)
            .deny(Cause::NoRouteFromPeer.after(format!(
                "peering is not transitive: {} offers no way on to the instance",
                home
            )))
            .remedy(Remedy::Advice(format!(
                "let the client run in {home}, or serve it from a cache behind Private Service \
                 Connect with an endpoint in {}",
                sender.network
            ))),
        None => step("cache")
            .resource(&cache.id)
            .deny(Cause::NoPeering.after(format!(
                "its authorized network is {home}, and the client is in {}",
                sender.network
            )))
            .remedy(Remedy::Advice(format!(
                "let the client run in {home}, or create the instance again for {}",
                sender.network
            ))),
    });
    Tri::No
}

/// The range that machines cannot come from: the service uses it inside.
///
/// Source: Memorystore for Redis, "Troubleshoot issues".
pub(crate) fn inner_range() -> Option<Cidr> {
    "172.17.0.0/16".parse().ok()
}

/// Where a sender's address or place keeps an instance from answering.
pub(crate) fn source(
    cache: &Cache,
    sender: &Sender<'_>,
    home: &ResourceId,
    record: &mut impl Recorder,
) -> Tri {
    let step = || {
        let judged = Judged::new(Leg::Reply, Stage::Link, "subnet");
        match sender.subnet {
            Some(subnet) => judged.resource(&subnet.id),
            None => judged.resource(sender.network),
        }
    };
    if inner_range().is_some_and(|range| range.contains(sender.address)) {
        record.record(|| {
            step()
                .deny(
                    Cause::NoRouteBack
                        .after("the service uses 172.17.0.0/16 itself, and does not answer to it"),
                )
                .remedy(Remedy::Advice(
                    "give the client an address outside 172.17.0.0/16".to_owned(),
                ))
        });
        return Tri::No;
    }
    if AddressSet::internet().contains(sender.address) {
        if Mode::of(cache) == Mode::Services {
            record.record(|| {
                step()
                    .deny(Cause::PupiSource.after(
                        "the client has a public address for private use, to which private \
                         services access does not answer",
                    ))
                    .remedy(Remedy::Advice(
                        "give the client a private address".to_owned(),
                    ))
            });
            return Tri::No;
        }
        let gap = gap(
            format!("answers to {}", sender.address),
            GapReason::NotOffered,
            "whether an instance answers to public addresses for private use by its own peering \
             is not documented",
        );
        record.record(|| step().unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    if *sender.region != cache.region {
        let gap = gap(
            format!("{} from {}", cache.name, sender.region),
            GapReason::NotOffered,
            format!(
                "the client is in {} and the instance in {}: peering routes hold in all regions, \
                 and yet the service's manual counts this among the causes of timeouts",
                sender.region, cache.region
            ),
        );
        record.record(|| step().unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    shared(cache, sender, home, record)
}

/// A connector of a service project: functions behind it do not reach an
/// instance of a service project, Cloud Run does.
///
/// Source: Memorystore for Redis, "Supported environments", Shared VPC.
fn shared(
    cache: &Cache,
    sender: &Sender<'_>,
    home: &ResourceId,
    record: &mut impl Recorder,
) -> Tri {
    let interface = sender.interface;
    let connector = interface.filter(|it| it.kind == InterfaceKind::Connector);
    let host = home.as_str().split('/').nth(1).unwrap_or_default();
    // In a Shared VPC there is no other way than private services access.
    let apart = cache.account.as_str() != host && Mode::of(cache) != Mode::Direct;
    let Some(connector) = connector.filter(|_| apart) else {
        return Tri::Yes;
    };
    let gap = gap(
        format!("who sends by {}", connector.name),
        GapReason::NotOffered,
        "the instance is in a service project of a Shared VPC: Cloud Run reaches it by a \
         connector, functions and App Engine do not, and which of them sends is not told",
    );
    record.record(|| {
        Judged::new(Leg::Request, Stage::Link, "connector")
            .resource(&connector.id)
            .unknown(gap.clone())
    });
    Tri::Unknown(gap)
}

/// Whether what sends is up: a connector that is not carries nothing.
///
/// Source: Serverless VPC Access API, `Connector.State`.
pub(crate) fn connector(sender: &Sender<'_>, record: &mut impl Recorder) -> Tri {
    let interface = sender.interface;
    let Some(connector) = interface.filter(|it| it.kind == InterfaceKind::Connector) else {
        return Tri::Yes;
    };
    let step =
        || Judged::new(Leg::Request, Stage::ClientFilter, "connector").resource(&connector.id);
    let state = connector.attached_to.as_ref().map(|it| it.state.get());
    match state {
        Some(Ok(RunState::Running)) => {
            record.record(|| step().allow("READY"));
            Tri::Yes
        }
        Some(Ok(RunState::Other(word))) if word == "UPDATING" => {
            let gap = gap(
                &connector.id,
                GapReason::NotOffered,
                "whether a connector carries traffic while it is UPDATING is not told",
            );
            record.record(|| step().unknown(gap.clone()));
            Tri::Unknown(gap)
        }
        Some(Ok(state)) => {
            record.record(|| {
                step()
                    .deny(
                        Cause::ConnectorNotRunning
                            .after(format!("the connector is {}", state.as_str())),
                    )
                    .remedy(Remedy::Advice(
                        "repair the connector, or create it again".to_owned(),
                    ))
            });
            Tri::No
        }
        Some(Err(gap)) => {
            record.record(|| step().unknown(Box::new(gap.clone())));
            Tri::unknown(gap)
        }
        None => Tri::Yes,
    }
}
