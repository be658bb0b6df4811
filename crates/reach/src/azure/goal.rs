//! One flow to each kind of goal: a private endpoint, a cache in a subnet of
//! the owner's, a public address.

use std::net::IpAddr;

use cachewarden_model::{
    AzureCache, Cache, Gap, GapReason, Leg, PrivateEndpoint, PrivateEndpointState, PublicAccess,
    Stage, Subnet,
};
use cachewarden_netset::{AddressSet, Family};

use crate::azure::entrance;
use crate::azure::firewall;
use crate::azure::party::{Groups, Party, Realm, gap};
use crate::azure::sides;
use crate::azure::way::{Kind, private, public};
use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// One flow of a client, on its way to a cache.
pub(crate) struct Flow<'f, 'a> {
    pub(crate) estate: &'f Estate<'a>,
    pub(crate) client: &'f Client<'a>,
    pub(crate) cache: &'a Cache,
    pub(crate) source: IpAddr,
    /// The destination port, and whether it is the endpoint's own.
    pub(crate) port: u16,
    pub(crate) front: bool,
}

impl<'a> Flow<'_, 'a> {
    fn from(&self) -> Party<'a> {
        sides::party(self.estate, self.client, self.source)
    }

    /// To a private endpoint of the cache.
    ///
    /// Source: Azure Private Link, "What is a private endpoint" and "Manage
    /// network policies for private endpoints".
    pub(crate) fn to_endpoint<R: Recorder>(
        &self,
        endpoint: &'a PrivateEndpoint,
        address: IpAddr,
        through: &mut Through,
        record: &mut R,
    ) {
        let to = entrance::endpoint_party(self.estate, endpoint, address);
        let from = self.from();
        if self.inside(through, record) {
            sides::leave(
                self.estate,
                self.client,
                &from,
                &to,
                self.port,
                through,
                record,
            );
            through.apply(&private(
                self.estate,
                Leg::Request,
                &from,
                &to,
                Kind::Endpoint,
                record,
            ));
        }
        entrance::approved(self.cache, endpoint, through, record);
        let door = entrance::Door {
            estate: self.estate,
            from: &from,
            to: &to,
            port: self.port,
        };
        door.endpoint(endpoint, through, record);
    }

    /// Whether the client sits in a network of the snapshot; else its way is
    /// not known.
    fn inside(&self, through: &mut Through, record: &mut impl Recorder) -> bool {
        if matches!(self.client.place, Place::Network { .. }) {
            return true;
        }
        through.doubt();
        record.record(|| {
            Judged::new(Leg::Request, Stage::Route, "network").unknown(gap(
                format!("way from {}", self.source),
                GapReason::NotCollected,
                "the way from outside every known network is not read",
            ))
        });
        false
    }

    /// To the cache's public address.
    pub(crate) fn to_public<R: Recorder>(
        &self,
        outward: &Result<AddressSet, Box<Gap>>,
        through: &mut Through,
        record: &mut R,
    ) {
        if matches!(self.client.place, Place::Network { .. }) {
            let from = self.from();
            let to = Party {
                addresses: AddressSet::internet().family(Family::V4),
                realm: Realm::Azure(&self.cache.region),
                subnet: None,
                groups: Groups::These(&[]),
            };
            sides::leave(
                self.estate,
                self.client,
                &from,
                &to,
                self.port,
                through,
                record,
            );
            through.apply(&public(self.estate, &from, &to, record));
            self.exit(through, record);
        } else {
            record.record(|| {
                Judged::new(Leg::Request, Stage::Route, "network")
                    .not_applicable("comes by the internet")
            });
        }
        public_access(self.estate, self.cache, through, record);
        firewall::judge(self.estate, self.cache, outward, through, record);
    }

    /// Whether the client's subnet has a way out at all.
    ///
    /// Source: Azure Virtual Network, "Default outbound access in Azure": a
    /// private subnet has none of its own.
    fn exit(&self, through: &mut Through, record: &mut impl Recorder) {
        let Place::Network {
            subnet: Some(subnet),
            ..
        } = self.client.place
        else {
            return;
        };
        let own = self
            .client
            .interface
            .map_or(&[][..], |it| &it.public_addresses);
        let closed = subnet.azure.as_ref().is_none_or(|it| {
            it.default_outbound == Some(false) && it.nat_gateway.is_none() && own.is_empty()
        });
        if closed {
            through.doubt();
            record.record(|| {
                Judged::new(Leg::Request, Stage::Route, "subnet")
                    .resource(&subnet.id)
                    .unknown(gap(
                        format!("way out of {}", subnet.id),
                        GapReason::NotCollected,
                        "the subnet has no NAT gateway and is private, or may be; whether a load \
                         balancer lets its machines out was not read",
                    ))
            });
        }
    }

    /// To a cache that sits in a subnet of the owner's.
    ///
    /// Source: Azure Cache for Redis, "Configure virtual network support".
    pub(crate) fn to_injected<R: Recorder>(&self, through: &mut Through, record: &mut R) {
        let azure = self.cache.azure.as_ref();
        let id = azure.and_then(|it| it.injected_subnet.as_ref());
        if matches!(self.client.place, Place::Internet) {
            through.stop();
            record.record(|| {
                Judged::new(Leg::Request, Stage::PublicAccess, "cache")
                    .resource(&self.cache.id)
                    .deny("the cache sits in a virtual network and has no address on the internet")
                    .remedy(Remedy::Advice(
                        "connect from inside a network that is joined to the cache's".to_owned(),
                    ))
            });
            return;
        }
        let subnet = id.and_then(|id| self.estate.subnet(id));
        let (Some(azure), Some(subnet)) = (azure, subnet) else {
            through.doubt();
            record.record(|| {
                Judged::new(Leg::Request, Stage::CacheSubnet, "subnet").unknown(gap(
                    id.map_or_else(String::new, ToString::to_string),
                    GapReason::NotCollected,
                    "the cache's subnet was not read",
                ))
            });
            return;
        };
        let nodes = entrance::nodes(subnet);
        let entry = azure.injected_address.filter(|_| self.front);
        let seen = Party {
            addresses: entry.map_or_else(|| nodes.addresses.clone(), AddressSet::from),
            ..nodes.clone()
        };
        let from = self.from();
        if self.inside(through, record) {
            sides::leave(
                self.estate,
                self.client,
                &from,
                &seen,
                self.port,
                through,
                record,
            );
            let way = private(self.estate, Leg::Request, &from, &seen, Kind::Other, record);
            through.apply(&way);
            self.across_regions(azure, subnet, through, record);
            let back = private(self.estate, Leg::Reply, &nodes, &from, Kind::Other, record);
            through.apply(&back);
        }
        let door = entrance::Door {
            estate: self.estate,
            from: &from,
            to: &nodes,
            port: self.port,
        };
        door.injected(&self.cache.name, through, record);
        let source = AddressSet::from(self.source);
        firewall::judge(self.estate, self.cache, &Ok(source), through, record);
    }

    /// Across a peering of two regions the balanced address of a cache
    /// without zones does not answer: its load balancer is a basic one.
    ///
    /// Source: Azure Cache for Redis, "Configure virtual network support",
    /// limitations.
    fn across_regions(
        &self,
        azure: &AzureCache,
        subnet: &Subnet,
        through: &mut Through,
        record: &mut impl Recorder,
    ) {
        let Place::Network {
            subnet: Some(near), ..
        } = self.client.place
        else {
            return;
        };
        let zonal = !azure.zones.is_empty();
        if near.region == subnet.region || zonal || !self.front {
            return;
        }
        let step = || Judged::new(Leg::Request, Stage::Link, "cache").resource(&self.cache.id);
        // Only a cache that tells that it has none surely has none: old
        // versions of the API tell neither zones nor who chose them.
        let none = azure.zone_allocation.as_deref();
        if !none.is_some_and(|it| it.eq_ignore_ascii_case("NoZones")) {
            through.doubt();
            record.record(|| {
                step().unknown(gap(
                    format!("zones of {}", self.cache.name),
                    GapReason::NotOffered,
                    "whether the cache is zonal, and so answers across regions, is not told",
                ))
            });
            return;
        }
        through.stop();
        record.record(|| {
            step()
                .deny(format!(
                    "the cache has no zones, so that its balanced address does not answer to \
                     {} across a global peering",
                    near.region
                ))
                .remedy(Remedy::Advice(
                    "use a cache with zones, or a private endpoint".to_owned(),
                ))
        });
    }

    /// To an address at which nothing of the cache is known to be.
    pub(crate) fn to_stray(
        &self,
        zone: &cachewarden_model::DnsZone,
        address: IpAddr,
        through: &mut Through,
        record: &mut impl Recorder,
    ) {
        through.stop();
        record.record(|| {
            let records = zone.records.value().into_iter().flatten();
            let text = address.to_string();
            let stale = records.filter(|it| it.values.contains(&text)).find(|it| {
                let first = it.name.split('.').next().unwrap_or_default();
                first.eq_ignore_ascii_case(&self.cache.name)
            });
            let name = stale.map(|it| it.name.clone());
            let approved = |it: &&PrivateEndpoint| it.state == PrivateEndpointState::Approved;
            let all = self.estate.endpoints_of(&self.cache.id);
            let mut live: Vec<&PrivateEndpoint> = all.into_iter().filter(approved).collect();
            live.sort_by(|one, other| one.id.cmp(&other.id));
            let judged = Judged::new(Leg::Request, Stage::Dns, "dns-record")
                .resource(&zone.id)
                .rule(name.as_deref().map(Into::into))
                .deny(format!(
                    "the record leads to {address}, where no private endpoint of the cache is"
                ));
            match (name, live.as_slice()) {
                (Some(name), [only]) => judged.remedy(Remedy::ReplaceRecord {
                    zone: zone.id.clone(),
                    name,
                    addresses: only.addresses.value().cloned().unwrap_or_default(),
                }),
                _ => judged.remedy(Remedy::Advice(
                    "let the record lead to a private endpoint of the cache".to_owned(),
                )),
            }
        });
    }
}

/// Whether a cache answers at its public address.
fn public_access(
    estate: &Estate<'_>,
    cache: &Cache,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let step = || Judged::new(Leg::Request, Stage::PublicAccess, "cache").resource(&cache.id);
    match cache.public_access.get() {
        Ok(PublicAccess::Enabled) => {
            record.record(|| step().allow("public network access is on"));
        }
        Ok(PublicAccess::Disabled | PublicAccess::NotOffered) => {
            through.stop();
            record.record(|| {
                let judged = step()
                    .deny(
                        "publicNetworkAccess is off: the cache turns away who comes by its \
                         public address; how that looks to a client is not documented",
                    )
                    .symptom(None);
                match estate.endpoints_of(&cache.id).is_empty() {
                    true if firewall::is_narrow(estate, cache) => {
                        judged.remedy(Remedy::EnablePublicAccess(cache.id.clone()))
                    }
                    true => judged.remedy(Remedy::Advice(
                        "create a private endpoint for the cache, or switch its public network \
                         access on"
                            .to_owned(),
                    )),
                    false => judged,
                }
            });
        }
        Err(gap) => {
            through.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
        }
    }
}
