//! The peering that joins a network to an instance of Memorystore for Redis.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, GapReason, Leg, LinkState, Noun, Peering, Provider, ResourceId, Stage,
};

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
