//! The cache's side of a flow on Azure: the state of a private endpoint, and
//! the groups that guard it or the subnet of an injected cache.

use std::net::IpAddr;

use cachewarden_model::{
    AzureSubnet, Cache, Direction, Gap, GapReason, Leg, PrivateConnection, PrivateEndpoint,
    PrivateEndpointState, Stage, Subnet, Symptom,
};
use cachewarden_netset::{AddressSet, Family};

use crate::azure::nsg::{Checkpoint, subnet_group};
use crate::azure::party::{Groups, Party, Realm, gap};
use crate::decide::Through;
use crate::estate::Estate;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder, Silent};

/// The subnet in which a private endpoint has an address.
pub(crate) fn holder<'a>(
    estate: &Estate<'a>,
    endpoint: &'a PrivateEndpoint,
    address: IpAddr,
) -> Option<&'a Subnet> {
    let subnets = endpoint.subnets.iter();
    let known: Vec<&Subnet> = subnets.filter_map(|id| estate.subnet(id)).collect();
    let holds = |it: &&&Subnet| it.cidrs.iter().any(|cidr| cidr.contains(address));
    known.iter().find(holds).or(known.first()).copied()
}

/// A private endpoint at one of its addresses.
pub(crate) fn endpoint_party<'a>(
    estate: &Estate<'a>,
    endpoint: &'a PrivateEndpoint,
    address: IpAddr,
) -> Party<'a> {
    Party {
        addresses: AddressSet::from(address),
        realm: Realm::Network(&endpoint.network),
        subnet: holder(estate, endpoint, address),
        groups: Groups::These(&endpoint.groups),
    }
}

/// The nodes of a cache in a subnet of the owner's: any address of it.
pub(crate) fn nodes(subnet: &Subnet) -> Party<'_> {
    let all: AddressSet = subnet.cidrs.iter().copied().collect();
    Party {
        addresses: all.family(Family::V4),
        realm: Realm::Network(&subnet.network),
        subnet: Some(subnet),
        groups: Groups::These(&[]),
    }
}

/// One flow at the door of a cache.
pub(crate) struct Door<'d, 'a> {
    pub(crate) estate: &'d Estate<'a>,
    pub(crate) from: &'d Party<'a>,
    pub(crate) to: &'d Party<'a>,
    pub(crate) port: u16,
}

impl<'a> Door<'_, 'a> {
    fn checkpoint<'c>(
        &'c self,
        far: &'c Party<'a>,
        port: u16,
        endpoint: bool,
    ) -> Checkpoint<'c, 'a> {
        Checkpoint {
            estate: self.estate,
            direction: Direction::Ingress,
            near: self.to,
            far,
            port,
            any_source_port: endpoint,
        }
    }

    /// The group of a private endpoint's subnet, where the subnet's policies
    /// let it judge private endpoints. Rules that name source ports count for
    /// all.
    ///
    /// Source: Azure Private Link, "Manage network policies for private
    /// endpoints".
    pub(crate) fn endpoint<R: Recorder>(
        &self,
        endpoint: &PrivateEndpoint,
        through: &mut Through,
        record: &mut R,
    ) {
        let step = || Judged::new(Leg::Request, Stage::CacheSubnet, "subnet");
        let checkpoint = self.checkpoint(self.from, self.port, true);
        let mut side = Through::new(&through.all);
        match self.to.subnet.and_then(|it| Some((it, it.azure.as_ref()?))) {
            None => {
                side.doubt();
                record.record(|| {
                    step().unknown(gap(
                        endpoint.subnets.first().unwrap_or(&endpoint.id),
                        GapReason::NotCollected,
                        "whether the subnet's network security group judges private endpoints \
                         was not read",
                    ))
                });
            }
            Some((subnet, azure)) if asks(azure).is_ok_and(|it| !it) => {
                record.record(|| {
                    step().resource(&subnet.id).not_applicable(
                        "network policies are off: no network security group judges private \
                         endpoints here",
                    )
                });
            }
            Some((subnet, azure)) => {
                subnet_group(&checkpoint, Stage::CacheSubnet, &mut side, record);
                if let Err(gap) = asks(azure)
                    && side != Through::new(&through.all)
                {
                    side.doubt();
                    side.possible = side.all.clone();
                    record.record(|| step().resource(&subnet.id).unknown(gap));
                }
                if !is_public_cloud(subnet) && side != Through::new(&through.all) {
                    side.doubt();
                    side.possible = side.all.clone();
                    record.record(|| {
                        step().resource(&subnet.id).unknown(gap(
                            &subnet.id,
                            GapReason::NotOffered,
                            "whether this region judges private endpoints by network security \
                             groups is not documented",
                        ))
                    });
                }
            }
        }
        checkpoint.administrators(Stage::CacheSubnet, &mut side, record);
        through.narrow(&side.certain, &side.possible);
    }

    /// The group of an injected cache's subnet.
    pub(crate) fn injected<R: Recorder>(&self, name: &str, through: &mut Through, record: &mut R) {
        let mut side = Through::new(&through.all);
        let own = self.checkpoint(self.from, self.port, false);
        subnet_group(&own, Stage::CacheSubnet, &mut side, record);
        own.administrators(Stage::CacheSubnet, &mut side, record);
        through.narrow(&side.certain, &side.possible);
        let probe = Party::probe();
        let silenced = PROBED.into_iter().find_map(|port| {
            let mut side = Through::new(&through.all);
            let probed = self.checkpoint(&probe, port, false);
            subnet_group(&probed, Stage::CacheSubnet, &mut side, &mut Silent);
            probed.administrators(Stage::CacheSubnet, &mut side, &mut Silent);
            let surely = side.possible.is_empty();
            side.certain.is_empty().then_some((port, surely))
        });
        if let Some((port, surely)) = silenced {
            through.doubt();
            let kept = if surely { "is kept" } else { "may be kept" };
            record.record(|| {
                Judged::new(Leg::Request, Stage::CacheSubnet, "network-security-group").unknown(
                    gap(
                        format!("probes of {name}"),
                        GapReason::NotOffered,
                        format!(
                            "AzureLoadBalancer {kept} from port {port}; whether the cache still \
                         takes new connections without its probes is not documented"
                        ),
                    ),
                )
            });
        }
    }
}

/// Whether a subnet's group is asked of packets to its private endpoints.
fn asks(subnet: &AzureSubnet) -> Result<bool, Box<Gap>> {
    let policies = subnet.private_endpoint_policies.get();
    policies
        .map(|it| it.filters())
        .map_err(|gap| Box::new(gap.clone()))
}

/// Ports that the platform's load balancer probes.
///
/// Source: Azure Cache for Redis, "Configure virtual network support", port
/// requirements, inbound: 8500 and 16001 from AzureLoadBalancer.
const PROBED: [u16; 2] = [8500, 16_001];

/// Whether a subnet is in the public cloud, whose private endpoints network
/// security groups certainly can judge.
fn is_public_cloud(subnet: &Subnet) -> bool {
    let region = subnet.region.as_str();
    !["usgov", "usdod", "china"]
        .iter()
        .any(|it| region.starts_with(it))
}

fn recreate() -> Remedy {
    Remedy::Advice("delete the private endpoint and create it again".to_owned())
}

/// Whether a private endpoint carries traffic, as both ends see it.
///
/// Source: Azure Private Link, "What is a private endpoint", connection
/// states: only an approved one does.
pub(crate) fn approved(
    cache: &Cache,
    endpoint: &PrivateEndpoint,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let step = |kind| Judged::new(Leg::Request, Stage::PrivateEndpoint, kind);
    let connections = cache.azure.as_ref().map(|it| it.connections.get());
    let connections = match connections {
        Some(Ok(connections)) => connections,
        Some(Err(gap)) => {
            through.doubt();
            record.record(|| {
                step("cache")
                    .resource(&cache.id)
                    .unknown(Box::new(gap.clone()))
            });
            return;
        }
        None => {
            through.doubt();
            record.record(|| {
                step("cache").resource(&cache.id).unknown(gap(
                    &cache.id,
                    GapReason::NotCollected,
                    "the connections of the cache's side were not read",
                ))
            });
            return;
        }
    };
    let own = connections
        .iter()
        .find(|it| it.endpoint.as_ref() == Some(&endpoint.id));
    let Some(own) = own else {
        let nameless = |it: &&PrivateConnection| {
            it.endpoint.is_none() && !matches!(it.state, PrivateEndpointState::Down(_))
        };
        if let Some(nameless) = connections.iter().find(nameless) {
            through.doubt();
            record.record(|| {
                step("private-endpoint").resource(&endpoint.id).unknown(gap(
                    &nameless.id,
                    GapReason::NotOffered,
                    "of which private endpoint this connection is was not told",
                ))
            });
            return;
        }
        through.stop();
        record.record(|| {
            step("private-endpoint")
                .resource(&endpoint.id)
                .deny("the cache knows no connection of this private endpoint")
                .remedy(recreate())
        });
        return;
    };
    if own.state == PrivateEndpointState::Approved
        && endpoint.state == PrivateEndpointState::Approved
    {
        record.record(|| {
            step("private-endpoint")
                .resource(&endpoint.id)
                .allow("Approved")
        });
        return;
    }
    through.stop();
    record.record(|| match &own.state {
        PrivateEndpointState::Approved => step("private-endpoint")
            .resource(&endpoint.id)
            .deny(format!(
                "the private endpoint itself is {}",
                word(&endpoint.state)
            ))
            .symptom(Symptom::Timeout)
            .remedy(recreate()),
        PrivateEndpointState::Pending => step("private-endpoint-connection")
            .resource(&own.id)
            .deny(
                "the connection waits to be approved; what a client sees of that is not \
                 documented",
            )
            .symptom(None)
            .remedy(Remedy::Approve {
                cache: cache.id.clone(),
                endpoint: endpoint.id.clone(),
                connection: own.id.clone(),
            }),
        state @ PrivateEndpointState::Down(_) => step("private-endpoint-connection")
            .resource(&own.id)
            .deny(format!("the connection is {}", word(state)))
            .remedy(recreate()),
    });
}

fn word(state: &PrivateEndpointState) -> &str {
    match state {
        PrivateEndpointState::Approved => "Approved",
        PrivateEndpointState::Pending => "Pending",
        PrivateEndpointState::Down(word) => word,
    }
}
