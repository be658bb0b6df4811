//! The two ends of a connection: an address, and what is known of it.

use std::net::IpAddr;

use cachewarden_model::{
    AccountId, Fact, Gap, Interface, InterfaceKind, Platform, Provider, Region, ResourceId, Subnet,
};
use cachewarden_netset::{PortRange, PortSet};

use crate::estate::Estate;

/// One end of a connection, at one address.
#[derive(Clone, Copy)]
pub(crate) struct End<'a> {
    pub(crate) address: IpAddr,
    /// Filters and groups that it carries.
    pub(crate) carries: Carries<'a>,
    /// None outside every known network.
    pub(crate) network: Option<&'a ResourceId>,
    /// None outside every known subnet.
    pub(crate) subnet: Option<&'a Subnet>,
    pub(crate) account: Option<&'a AccountId>,
    pub(crate) region: Option<&'a Region>,
    /// Whether it, or the other end, is the private endpoint of a service
    /// (ElastiCache Serverless), to which some group references do not hold.
    pub(crate) private_link: bool,
}

/// What an end carries.
#[derive(Clone, Copy)]
pub(crate) enum Carries<'a> {
    /// Exactly these filters, and these groups.
    These(&'a [ResourceId], &'a [ResourceId]),
    /// It is not known.
    Unclear(&'a Gap),
    /// There is no interface: an address outside, or one that nobody has.
    Nothing,
}

impl Carries<'_> {
    /// Filters that are known to be carried.
    pub(crate) fn filters(&self) -> &[ResourceId] {
        match self {
            Self::These(filters, _) => filters,
            Self::Unclear(_) | Self::Nothing => &[],
        }
    }
}

/// Who may connect: an interface, or an address without one.
#[derive(Clone)]
pub(crate) struct Client<'a> {
    pub(crate) interface: Option<&'a Interface>,
    pub(crate) place: Place<'a>,
    pub(crate) addresses: Vec<IpAddr>,
    /// Source ports that it may choose.
    pub(crate) ports: PortSet,
    /// What settles them, in words.
    pub(crate) ports_because: &'static str,
    pub(crate) provider: Provider,
}

/// Where a client sits.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// In a network of the snapshot.
    Network {
        network: &'a ResourceId,
        /// None if no known subnet holds the address.
        subnet: Option<&'a Subnet>,
    },
    /// A private address outside every known network.
    OnPremises,
    /// A public address.
    Internet,
}

impl<'a> Client<'a> {
    /// The client behind an interface.
    pub(crate) fn of(estate: &Estate<'a>, interface: &'a Interface) -> Self {
        let (range, because) = ephemeral_ports(interface);
        Self {
            interface: Some(interface),
            place: Place::Network {
                network: &interface.network,
                subnet: estate.subnet(&interface.subnet),
            },
            addresses: interface.addresses.clone(),
            ports: PortSet::from(range),
            ports_because: because,
            provider: interface.provider,
        }
    }

    /// A client at an address that no known interface has.
    pub(crate) fn at(address: IpAddr, place: Place<'a>, provider: Provider) -> Self {
        Self {
            interface: None,
            place,
            addresses: vec![address],
            ports: PortSet::from(PortRange::EPHEMERAL),
            ports_because: "its kind is not known, so the widest range counts",
            provider,
        }
    }

    /// The same client as another cloud sees it: somebody at a private
    /// address, whose way is not read. None where it is of that cloud, or of
    /// none.
    pub(crate) fn abroad(&self, estate: &Estate<'a>, cloud: Provider) -> Option<Self> {
        let own = match (self.interface, self.place) {
            (Some(interface), _) => Some(interface.provider),
            (None, Place::Network { network, .. }) => estate.network(network).map(|it| it.provider),
            (None, Place::OnPremises | Place::Internet) => None,
        };
        (own.is_some_and(|own| own != cloud)).then(|| Self {
            interface: None,
            place: Place::OnPremises,
            ..self.clone()
        })
    }

    /// The client's end of a connection from one of its addresses.
    pub(crate) fn end(&self, address: IpAddr) -> End<'a> {
        let (network, subnet) = match self.place {
            Place::Network { network, subnet } => (Some(network), subnet),
            Place::OnPremises | Place::Internet => (None, None),
        };
        let carries = match self.interface {
            None => Carries::Nothing,
            Some(interface) => match &interface.filters {
                Fact::Known(filters) | Fact::Default(filters) => {
                    Carries::These(filters, &interface.groups)
                }
                Fact::Unknown(gap) => Carries::Unclear(gap),
            },
        };
        End {
            address,
            carries,
            network,
            subnet,
            account: self.interface.map(|it| &it.account),
            region: self
                .interface
                .map(|it| &it.region)
                .or(subnet.map(|it| &it.region)),
            private_link: false,
        }
    }
}

/// Ports that a client behind an interface chooses its source port from, and
/// what settles them.
///
/// Source: Amazon VPC User Guide, "Ephemeral ports". A kind that is not
/// known has the widest range: what lets that back lets any client's back.
pub(crate) fn ephemeral_ports(interface: &Interface) -> (PortRange, &'static str) {
    let managed = (
        PortRange::EPHEMERAL,
        "a service of the cloud uses 1024-65535",
    );
    match interface.kind {
        InterfaceKind::Function
        | InterfaceKind::LoadBalancer
        | InterfaceKind::NatGateway
        | InterfaceKind::Connector => return managed,
        _ => {}
    }
    let platform = interface
        .attached_to
        .as_ref()
        .and_then(|attachment| attachment.platform.value());
    match platform {
        Some(Platform::Linux) => (PortRange::EPHEMERAL_LINUX, "Linux uses 32768-60999"),
        Some(Platform::Windows) => (PortRange::EPHEMERAL_WINDOWS, "Windows uses 49152-65535"),
        Some(Platform::Managed) => managed,
        None => (
            PortRange::EPHEMERAL,
            "its system is not known, so the widest range counts",
        ),
    }
}
