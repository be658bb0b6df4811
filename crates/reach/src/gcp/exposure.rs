//! Who can open a connection to a cache on Google Cloud, as sets of addresses.
//!
//! What decides here is what joins networks to the cache: peerings,
//! forwarding rules, hubs, VPNs. No firewall stands on the cache's side, and
//! whether a client's own side lets it out is a matter of that client.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use cachewarden_model::{
    Cache, Destination, Endpoint, Gap, GapReason, InterfaceKind, Network, Noun, PolicyRouteNext,
    Provider, Region, ResourceId, Route, RouteOrigin, RouteTarget, Subnet, Zone,
};
use cachewarden_netset::{AddressSet, Cidr, Family, PortRange, PortSet};

use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::exposure::parts;
use crate::gcp::doors::{Door, Kind, doors};
use crate::gcp::flow::Flow;
use crate::gcp::origin;
use crate::gcp::party::{Sender, gap};
use crate::peer::Tri;
use crate::step::{Judged, Recorder, Silent};

/// Addresses by zone, in two readings of what is not known.
#[derive(Default)]
pub(crate) struct Exposed {
    pub(crate) certain: BTreeMap<Zone, AddressSet>,
    pub(crate) possible: BTreeMap<Zone, AddressSet>,
    pub(crate) gaps: BTreeSet<Gap>,
}

impl Exposed {
    fn add(&mut self, zone: &Zone, set: &AddressSet, tri: Tri) {
        let take = |all: &mut BTreeMap<Zone, AddressSet>| {
            let known = all.entry(zone.clone()).or_default();
            *known = known.union(set);
        };
        if set.is_empty() {
            return;
        }
        match tri {
            Tri::No => {}
            Tri::Yes => {
                take(&mut self.certain);
                take(&mut self.possible);
            }
            Tri::Unknown(gap) => {
                take(&mut self.possible);
                self.gaps.insert(*gap);
            }
        }
    }
}

/// The exposure of one endpoint: of its own address, since a client that gets
/// to it has opened a connection.
pub(crate) fn judge<'a>(estate: &Estate<'a>, cache: &'a Cache, endpoint: &Endpoint) -> Exposed {
    let mut exposed = Exposed::default();
    // Names resolve as the network's own machines have them.
    let home = endpoint.network.as_ref().or(cache.network.value());
    let place = match home.and_then(|id| estate.network(id)) {
        Some(network) => Place::Network {
            network: &network.id,
            subnet: None,
        },
        None => Place::OnPremises,
    };
    let nobody = Client {
        addresses: vec![],
        ..Client::at(IpAddr::from([0, 0, 0, 0]), place, Provider::Gcp)
    };
    let mut whole = Through::new(&PortSet::from(PortRange::EPHEMERAL));
    let mut gaps = Gaps::default();
    let found = doors(estate, &nobody, cache, endpoint, &mut whole, &mut gaps);
    exposed.gaps.extend(gaps.0);
    let Some((door, address)) = found.iter().find_map(|it| Some((it, it.address?))) else {
        return exposed;
    };
    let inside = Inside {
        estate,
        cache,
        port: endpoint.port,
        client: &nobody,
        door,
        address,
    };
    inside.judge(&mut exposed);
    exposed
}

/// What was not known of some stages.
#[derive(Default)]
struct Gaps(Vec<Gap>);

impl Recorder for Gaps {
    fn record(&mut self, make: impl FnOnce() -> Judged) {
        self.0.extend(make().gap.map(|gap| *gap));
    }

    fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// One address of a cache, and who may come to it.
struct Inside<'i, 'a> {
    estate: &'i Estate<'a>,
    cache: &'a Cache,
    port: u16,
    client: &'i Client<'a>,
    door: &'i Door<'a>,
    address: IpAddr,
}

impl<'a> Inside<'_, 'a> {
    fn judge(&self, exposed: &mut Exposed) {
        let estate = self.estate;
        let home = self.door.network;
        let mut known = AddressSet::empty();
        match estate.network(home) {
            Some(network) => {
                known = self.network(network, exposed);
            }
            None => {
                let zone = Zone::Network(home.clone());
                let unread = gap(
                    home,
                    GapReason::NotCollected,
                    "the subnets of this network were not read",
                );
                exposed.add(&zone, &AddressSet::private(), Tri::Unknown(unread));
            }
        }
        // Of other networks only those come in question whose routes may lead
        // on.
        for network in &estate.snapshot().networks {
            let other = network.provider == Provider::Gcp && network.id != *home;
            if other && self.may_lead_on(network) {
                known = known.union(&self.network(network, exposed));
            }
        }
        self.outside(&known, exposed);
    }

    /// Whether routes of another network may lead to the cache, by ways that
    /// are not read: those that no table lists, and those to load balancers,
    /// machines, tunnels and peers.
    fn may_lead_on(&self, network: &Network) -> bool {
        let estate = self.estate;
        if crate::gcp::leads_on(estate, &network.id) {
            return true;
        }
        let policies = network
            .gcp
            .as_deref()
            .and_then(|it| it.policy_routes.value());
        let table = estate.table(&format!("{}/routes", network.id).into());
        let routes = table.and_then(|it| it.routes.value());
        let (Some(policies), Some(routes)) = (policies, routes) else {
            return true;
        };
        let mut peerings = estate.peerings_of(&network.id);
        let imports = peerings.any(|it| {
            it.requester.network == network.id && it.requester.imports_routes == Some(true)
        });
        imports
            || policies.iter().any(|it| {
                it.next != PolicyRouteNext::Default && it.destination.contains(self.address)
            })
            || routes.iter().any(|it| self.is_led_on(it))
    }

    fn is_led_on(&self, route: &Route) -> bool {
        let holds = match &route.destination {
            Destination::Cidr(cidr) => cidr.contains(self.address),
            Destination::PrefixList(_) => false,
        };
        let ends = matches!(
            route.target,
            RouteTarget::Local
                | RouteTarget::Internet
                | RouteTarget::InternetGateway(_)
                | RouteTarget::Drop
        );
        holds && !ends && route.origin != RouteOrigin::Local
    }

    /// The machines of one network; all addresses of its subnets.
    fn network(&self, network: &'a Network, exposed: &mut Exposed) -> AddressSet {
        let estate = self.estate;
        let zone = Zone::Network(network.id.clone());
        let cuts = self.cuts(network);
        let mut known = AddressSet::empty();
        for subnet in estate.subnets_of(&network.id) {
            let own: AddressSet = subnet.cidrs.iter().copied().collect();
            known = known.union(&own);
            self.ranges(
                &zone,
                &network.id,
                &subnet.region,
                Some(subnet),
                &own,
                &cuts,
                exposed,
            );
        }
        // A connector may have a range of its own.
        for index in estate.clients_of(network.id.as_str()) {
            let Some(connector) = estate.interface(*index) else {
                continue;
            };
            let own: AddressSet = connector.prefixes.iter().copied().collect();
            let rest = own.difference(&known);
            if connector.kind == InterfaceKind::Connector && !rest.is_empty() {
                known = known.union(&rest);
                self.ranges(
                    &zone,
                    &network.id,
                    &connector.region,
                    None,
                    &rest,
                    &cuts,
                    exposed,
                );
            }
        }
        let account = Some(&network.account);
        if let Some(gap) = estate.hidden(Noun::Subnets, Provider::Gcp, account, None) {
            exposed.gaps.insert(gap);
        }
        known
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a part of a network is all of these"
    )]
    fn ranges(
        &self,
        zone: &Zone,
        network: &'a ResourceId,
        region: &'a Region,
        subnet: Option<&'a Subnet>,
        own: &AddressSet,
        cuts: &[Cidr],
        exposed: &mut Exposed,
    ) {
        let family = Family::from(self.address);
        for (first, last) in parts(&own.family(family), cuts) {
            let Some(set) = AddressSet::range(first, last) else {
                continue;
            };
            let sender = Sender {
                address: first,
                network,
                region,
                subnet,
                interface: None,
            };
            let joined = self
                .flow(first)
                .joined(&sender, self.door, self.address, &mut Silent);
            exposed.add(zone, &set, joined);
        }
    }

    fn flow(&self, source: IpAddr) -> Flow<'_, 'a> {
        Flow {
            estate: self.estate,
            client: self.client,
            cache: self.cache,
            source,
            port: self.port,
        }
    }

    /// Ranges by which what joins them tells addresses of a network apart.
    fn cuts(&self, network: &Network) -> Vec<Cidr> {
        let mut cuts: Vec<Cidr> = origin::inner_range().into_iter().collect();
        if matches!(self.door.kind, Kind::Peered) {
            cuts.extend(AddressSet::internet().cidrs());
        }
        let gcp = network.gcp.as_deref();
        let routes = gcp.and_then(|it| it.policy_routes.value());
        cuts.extend(routes.into_iter().flatten().map(|it| it.source));
        cuts
    }

    /// Those behind VPNs and private lines of the cache's network.
    fn outside(&self, known: &AddressSet, exposed: &mut Exposed) {
        let mut through = Through::new(&PortSet::from(PortRange::EPHEMERAL));
        let mut gaps = Gaps::default();
        let rest = AddressSet::private()
            .family(Family::from(self.address))
            .difference(known);
        let Some(example) = rest.first() else { return };
        self.flow(example)
            .outside(self.door, self.address, &mut through, &mut gaps);
        if through.is_blocked() {
            return;
        }
        let doubt = gaps.0.into_iter().next().map_or_else(
            || {
                gap(
                    "way from elsewhere",
                    GapReason::NotCollected,
                    "what lies beyond the network's VPNs and private lines is not read",
                )
            },
            Box::new,
        );
        exposed.add(&Zone::OnPremises, &rest, Tri::Unknown(doubt));
    }
}
