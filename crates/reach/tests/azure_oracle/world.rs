//! What the manuals leave open, and all packets of a connection.

use std::net::IpAddr;

use cachewarden_model::{Cache, Direction, Interface, IpFamilies, Snapshot};

use crate::names::Led;
use crate::packet::Packet;
use crate::worlds::{Truth, together};

/// A question that no manual answers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question {
    /// Whether VirtualNetwork holds the prefixes of user routes.
    RoutesWiden,
    /// Whether a cache whose private endpoints all wait has its public name
    /// bent to the private one.
    PendingBends,
    /// Whether the firewall still has a say while there is a private endpoint.
    FirewallStays,
    /// Where a machine without a NAT gateway or address is seen from.
    SeenFromElsewhere,
    /// Which public address a cache has.
    OtherAddress,
    /// Whether Internet holds private addresses outside the network.
    InternetIsAll,
    /// Whether a cache without its probes takes new connections.
    ProbesNeedless,
    /// Whether a peering that tells no ranges knows all of them.
    Synced,
    /// Whether administrator rules of a network, by its number, are deployed
    /// for one direction.
    Deployed(u32, Direction),
}

impl From<Question> for u32 {
    fn from(question: Question) -> Self {
        match question {
            Question::RoutesWiden => 0,
            Question::PendingBends => 1,
            Question::FirewallStays => 2,
            Question::SeenFromElsewhere => 3,
            Question::OtherAddress => 4,
            Question::InternetIsAll => 5,
            Question::ProbesNeedless => 6,
            Question::Synced => 7,
            Question::Deployed(network, Direction::Ingress) => 8 + network % 3,
            Question::Deployed(network, Direction::Egress) => 11 + network % 3,
        }
    }
}

/// What becomes of a client's connection to a cache, in every world.
pub(crate) fn truth(snapshot: &Snapshot, client: &Interface, cache: &Cache) -> Truth {
    let endpoint = cache.endpoints.first().expect("an endpoint");
    let mut ports = vec![endpoint.port];
    for range in &endpoint.node_ports {
        ports.extend(range.first()..=range.last());
    }
    Truth::of(|world| {
        let packet = |source: IpAddr, port: u16| Packet {
            snapshot,
            client,
            source,
            cache,
            port,
            world,
        };
        let anywhere = packet([0, 0, 0, 0].into(), endpoint.port);
        let mut arrive = vec![];
        for led in anywhere.look_up() {
            for source in sources(client) {
                if !fits(cache, source, &led) {
                    continue;
                }
                for port in &ports {
                    arrive.push(packet(source, *port).arrives(&led));
                }
            }
        }
        together(arrive)
    })
}

/// Whether packets from an address can go to where a name leads: the cache
/// has to listen on their family, and only private endpoints have addresses
/// of both.
fn fits(cache: &Cache, source: IpAddr, led: &Led<'_>) -> bool {
    let listens = match cache.families.value().expect("read") {
        IpFamilies::Ipv4 => source.is_ipv4(),
        IpFamilies::Ipv6 => source.is_ipv6(),
        IpFamilies::DualStack => true,
    };
    let leads = match led {
        Led::Endpoint(_, address) | Led::Stray(address) => address.is_ipv4(),
        Led::Injected(_) | Led::Public | Led::Nowhere => true,
    };
    listens && source.is_ipv4() == leads
}

/// Every address that a client sends from, of ranges some that rules of the
/// random estates tell apart.
fn sources(client: &Interface) -> Vec<IpAddr> {
    let mut all = client.addresses.clone();
    for prefix in &client.prefixes {
        for last in [4_u8, 5, 77, 254] {
            all.push(match prefix.address() {
                IpAddr::V4(base) => IpAddr::V4((u32::from(base) | u32::from(last)).into()),
                IpAddr::V6(base) => IpAddr::V6((u128::from(base) | u128::from(last)).into()),
            });
        }
    }
    all
}
