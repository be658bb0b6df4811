//! One flow of a client on its way to one address of a cache.

use std::net::IpAddr;

use cachewarden_model::{Cache, GapReason, Leg, ResourceId, Stage};
use cachewarden_netset::AddressSet;

use crate::client::Client;
use crate::decide::Through;
use crate::estate::Estate;
use crate::gcp::causes::Cause;
use crate::gcp::doors::{Door, Kind, missing};
use crate::gcp::hybrid::{self, Goal};
use crate::gcp::party::{Origin, Packet, Sender, gap};
use crate::gcp::peering::{self, Mode};
use crate::gcp::route::{self, Want};
use crate::gcp::{egress, hub, origin, psc};
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// One flow of a client, on its way to a cache.
pub(crate) struct Flow<'f, 'a> {
    pub(crate) estate: &'f Estate<'a>,
    pub(crate) client: &'f Client<'a>,
    pub(crate) cache: &'a Cache,
    pub(crate) source: IpAddr,
    pub(crate) port: u16,
}

impl<'a> Flow<'_, 'a> {
    /// Sends it to a door.
    pub(crate) fn send<R: Recorder>(&self, door: &Door<'a>, through: &mut Through, record: &mut R) {
        let Some(address) = door.address else {
            if matches!(door.kind, Kind::Unread) {
                // Said where the connections are asked for.
                through.doubt();
                return;
            }
            through.stop();
            record.record(|| missing(self.cache, door.network));
            return;
        };
        match Origin::of(self.client, self.source) {
            Origin::Machine(sender) => self.machine(&sender, door, address, through, record),
            Origin::Elsewhere(by) => self.elsewhere(by, door, address, through, record),
            Origin::Internet => through.stop(),
        }
    }

    /// From a machine in a network.
    fn machine<R: Recorder>(
        &self,
        sender: &Sender<'a>,
        door: &Door<'a>,
        address: IpAddr,
        through: &mut Through,
        record: &mut R,
    ) {
        through.apply(&origin::connector(sender, record));
        through.apply(&private_ranges(sender, address, record));
        let packet = Packet {
            sender,
            to: address,
            port: self.port,
        };
        egress::leave(self.estate, &packet, through, record);
        through.apply(&self.joined(sender, door, address, record));
    }

    /// Routes, and what joins the client's network to the cache: all but the
    /// filters on the way out.
    pub(crate) fn joined<R: Recorder>(
        &self,
        sender: &Sender<'a>,
        door: &Door<'a>,
        address: IpAddr,
        record: &mut R,
    ) -> Tri {
        let home = sender.network == door.network;
        let peerings = peering::peerings(self.estate, self.cache, door.network);
        let ids: Vec<&ResourceId> = peerings.iter().map(|it| &it.id).collect();
        let want = match door.kind {
            Kind::Peered if !home => Want::Foreign(door.network, None),
            _ if !home => Want::Foreign(door.network, Some(address)),
            Kind::Peered => Want::Peering(&ids),
            Kind::Endpoint(_) | Kind::Missing | Kind::Unread => Want::Subnet,
        };
        let way = route::send(self.estate, sender, address, want, record);
        let link = self.link(sender, door, address, &way, record);
        both(way, link)
    }

    /// What joins the client's network to the cache.
    fn link<R: Recorder>(
        &self,
        sender: &Sender<'a>,
        door: &Door<'a>,
        address: IpAddr,
        way: &Tri,
        record: &mut R,
    ) -> Tri {
        let home = sender.network == door.network;
        let (estate, cache) = (self.estate, self.cache);
        match door.kind {
            Kind::Peered if home => {
                let carries = peering::carries(estate, cache, door.network, address, record);
                let source = origin::source(cache, sender, door.network, record);
                both(carries, source)
            }
            Kind::Peered => {
                let joined = peering::elsewhere(estate, cache, sender, door.network, way, record);
                let carries = peering::carries(estate, cache, door.network, address, record);
                both(joined, carries)
            }
            Kind::Endpoint(connection) => {
                let own = psc::Door {
                    network: door.network,
                    address,
                    connection,
                };
                let joined = match home {
                    true => psc::serves_region(estate, cache, &own, sender.region, record),
                    false => psc::elsewhere(estate, cache, sender, &own, way, record),
                };
                let serves = psc::serves(estate, cache, &own, record);
                both(joined, serves)
            }
            Kind::Missing | Kind::Unread => Tri::No,
        }
    }

    /// From behind a VPN or a private line.
    fn elsewhere<R: Recorder>(
        &self,
        by: Option<&'a ResourceId>,
        door: &Door<'a>,
        address: IpAddr,
        through: &mut Through,
        record: &mut R,
    ) {
        record.record(|| {
            Judged::new(Leg::Request, Stage::ClientFilter, "vpc-firewall")
                .not_applicable("rules on the way out judge what leaves machines of the network")
        });
        through.apply(&self.enter(by, door, address, record));
        self.door(door, address, through, record);
    }

    /// From behind the VPNs and private lines of the door's own network, with
    /// no say of any firewall.
    pub(crate) fn outside<R: Recorder>(
        &self,
        door: &Door<'a>,
        address: IpAddr,
        through: &mut Through,
        record: &mut R,
    ) {
        through.apply(&self.enter(None, door, address, record));
        self.door(door, address, through, record);
    }

    /// The cache's door, for somebody who comes from outside.
    fn door<R: Recorder>(
        &self,
        door: &Door<'a>,
        address: IpAddr,
        through: &mut Through,
        record: &mut R,
    ) {
        if let Kind::Endpoint(connection) = door.kind {
            let own = psc::Door {
                network: door.network,
                address,
                connection,
            };
            through.apply(&self.gateways(&own, record));
            through.apply(&psc::serves(self.estate, self.cache, &own, record));
        } else {
            let carries = peering::carries(self.estate, self.cache, door.network, address, record);
            through.apply(&carries);
        }
    }

    /// Whether a network's VPNs and private lines lead to a door.
    fn enter<R: Recorder>(
        &self,
        by: Option<&ResourceId>,
        door: &Door<'a>,
        address: IpAddr,
        record: &mut R,
    ) -> Tri {
        let (estate, cache) = (self.estate, self.cache);
        if let Some(by) = by.filter(|by| *by != door.network) {
            return by_another(estate, by, door, record);
        }
        let found = peering::peerings(estate, cache, door.network);
        let peering = peering::leading(&found, address);
        let goal = match (door.kind, peering, Mode::of(cache)) {
            (Kind::Endpoint(_) | Kind::Missing | Kind::Unread, ..) => Goal::Endpoint(&cache.region),
            (Kind::Peered, Some(peering), Mode::Services | Mode::Either) => Goal::Services(peering),
            // Without the peering nothing gets there; that is said elsewhere.
            (Kind::Peered, peering, _) => Goal::Direct(peering),
        };
        hybrid::enter(
            estate,
            door.network,
            Some(self.source),
            address,
            goal,
            record,
        )
    }

    /// An endpoint without global access serves tunnels and lines of its own
    /// region alone.
    ///
    /// Source: Compute Engine API, `forwardingRules`, `allowPscGlobalAccess`.
    fn gateways<R: Recorder>(&self, door: &psc::Door<'a>, record: &mut R) -> Tri {
        let found = psc::rule(self.estate, door);
        let Some(found) = found.filter(|it| it.global_access == Some(false)) else {
            return Tri::Yes;
        };
        let gcp = self
            .estate
            .network(door.network)
            .and_then(|it| it.gcp.as_deref());
        let links = gcp.and_then(|it| it.hybrid.value());
        let Some(links) = links.filter(|it| !it.is_empty()) else {
            return Tri::Yes;
        };
        if links.iter().any(|it| it.region == found.region) {
            return Tri::Yes;
        }
        record.record(|| {
            Judged::new(Leg::Request, Stage::PrivateEndpoint, "forwarding-rule")
                .resource(&found.id)
                .deny(Cause::RegionMismatch.after(format!(
                    "it is in {} without global access, and no tunnel or line is there",
                    found.region
                )))
                .remedy(Remedy::GlobalAccess(found.id.clone()))
        });
        Tri::No
    }
}

/// Somebody behind the VPNs of another network than the door's.
fn by_another(
    estate: &Estate<'_>,
    by: &ResourceId,
    door: &Door<'_>,
    record: &mut impl Recorder,
) -> Tri {
    let step = || Judged::new(Leg::Request, Stage::Link, "network").resource(by);
    let read = |id: &ResourceId| estate.network(id).is_some_and(|it| it.gcp.is_some());
    let hybrid = |id: &ResourceId| {
        let gcp = estate.network(id).and_then(|it| it.gcp.as_deref());
        gcp.is_none_or(|it| it.hybrid.value().is_none_or(|all| !all.is_empty()))
    };
    let may = !read(by) || !read(door.network) || hub::has(estate, by) || hybrid(door.network);
    if may {
        let gap = gap(
            format!("way from {by} to {}", door.network),
            GapReason::NotCollected,
            "whether packets from outside come on from one network to the other is not read",
        );
        record.record(|| step().unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    record.record(|| {
        step()
            .deny(Cause::NoRouteFromPeer.after(format!(
                "the client comes in by {by}, and nothing leads on to {}",
                door.network
            )))
            .remedy(Remedy::Advice(format!(
                "join the client's network to {} by Cloud VPN or Interconnect",
                door.network
            )))
    });
    Tri::No
}

/// Both have to hold.
fn both(one: Tri, other: Tri) -> Tri {
    match (one, other) {
        (Tri::No, _) | (_, Tri::No) => Tri::No,
        (Tri::Unknown(gap), _) | (_, Tri::Unknown(gap)) => Tri::Unknown(gap),
        (Tri::Yes, Tri::Yes) => Tri::Yes,
    }
}

/// What a serverless service sends into the network: private ranges alone, or
/// all.
///
/// Source: Cloud Run API, `VpcAccess.VpcEgress`.
fn private_ranges(sender: &Sender<'_>, to: IpAddr, record: &mut impl Recorder) -> Tri {
    let egress = sender
        .interface
        .and_then(|it| it.gcp.as_ref())
        .and_then(|it| it.egress.as_deref());
    let public = AddressSet::internet().contains(to);
    let (Some("PRIVATE_RANGES_ONLY"), true, Some(interface)) = (egress, public, sender.interface)
    else {
        return Tri::Yes;
    };
    record.record(|| {
        Judged::new(Leg::Request, Stage::ClientFilter, "service")
            .resource(&interface.id)
            .deny(Cause::RouteWrongNetwork.after(format!(
                "egress is PRIVATE_RANGES_ONLY, and {to} is no private address"
            )))
            .remedy(Remedy::Advice(
                "send all traffic through the network".to_owned(),
            ))
    });
    Tri::No
}
