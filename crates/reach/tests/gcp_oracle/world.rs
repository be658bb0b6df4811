//! What the manuals leave open, and all packets that a client needs.

use std::net::IpAddr;

use cachewarden_model::{Cache, Endpoint, EndpointRole, Interface, Outcome, Snapshot};

use crate::packet::Packet;
use crate::worlds::{Truth, World, together};

/// A question that no manual answers, or that only the cloud could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether what only the cloud resolves (a name, a region, a secure tag)
    /// holds here; one question per digit at its end.
    Resolves(u32),
    /// Whether a connector, or a machine that was not read, has a tag; one
    /// question per digit.
    ConnectorTag(u32),
    /// Whether a security profile lets a packet pass.
    Inspection,
    /// Whether an instance behind a peering answers clients of other regions.
    OtherRegion,
    /// Whether a route of the owner's beats a subnet's that permits it.
    Overlap,
    /// Whether a dead next hop is passed over for the next route.
    PassesOverDead,
    /// Which of equal routes is taken.
    Tie,
    /// Which of policy-based routes of one priority is taken.
    PolicyTie,
    /// Whether a policy-based route that is not in force takes packets.
    PolicyDown,
    /// Whether a machine on the way passes packets on to the cache.
    Middlebox,
    /// Whether a learned route leads to the cache.
    Learned,
    /// Whether a hub carries packets to an endpoint of another spoke.
    Hub,
    /// Whether a privately used public address gets answers of an instance
    /// behind a peering of its own.
    PublicSource,
    /// Who sends by a connector, where an instance in a service project
    /// answers Cloud Run alone.
    Behind,
    /// Whether rules for service accounts judge what is no machine, or one that
    /// was not read.
    Identity,
    /// Whether a cache in a state that is not known takes connections.
    State,
    /// Whether a route that a peer offers, and that is not listed, leads to
    /// the cache.
    Imported,
}

impl From<Question> for u32 {
    fn from(question: Question) -> Self {
        match question {
            Question::Resolves(number) => number % 4,
            Question::ConnectorTag(number) => 4 + number % 3,
            Question::Inspection => 7,
            Question::OtherRegion => 8,
            Question::Overlap => 9,
            Question::PassesOverDead => 10,
            Question::Tie => 11,
            Question::PolicyTie => 12,
            Question::Middlebox => 14,
            Question::Learned => 15,
            Question::Hub => 16,
            Question::PublicSource => 17,
            Question::Behind => 18,
            Question::Identity => 19,
            Question::State => 13,
            Question::Imported => 20,
            Question::PolicyDown => 21,
        }
    }
}

/// What becomes of a client's connection to an endpoint, in every world.
pub(crate) fn truth(
    snapshot: &Snapshot,
    client: &Interface,
    cache: &Cache,
    endpoint: &Endpoint,
) -> Truth {
    Truth::of(|world| in_world(snapshot, client, cache, endpoint, world))
}

/// Whether routes and links join an address of a client to an endpoint's own
/// address, whatever the client's side lets out, in every world.
pub(crate) fn joined(
    snapshot: &Snapshot,
    client: &Interface,
    source: IpAddr,
    cache: &Cache,
    endpoint: &Endpoint,
) -> Truth {
    let host = endpoint.host.as_ref().expect("a host");
    Truth::of(|world| {
        let packet = Packet {
            snapshot,
            client,
            source,
            cache,
            address: host.parse().expect("an address"),
            port: endpoint.port,
            network: endpoint.network.as_ref(),
            world,
        };
        together([packet.is_joined()])
    })
}

fn in_world(
    snapshot: &Snapshot,
    client: &Interface,
    cache: &Cache,
    endpoint: &Endpoint,
    world: &World,
) -> Outcome {
    let needed = needed(cache, endpoint).into_iter();
    let packets = needed.flat_map(|(address, port)| {
        let from = move |source| Packet {
            snapshot,
            client,
            source,
            cache,
            address,
            port,
            network: endpoint.network.as_ref(),
            world,
        };
        sources(client).into_iter().map(from)
    });
    together(packets.map(|it| it.arrives()))
}

/// Every address that a client sends from, of ranges some that rules of the
/// random estates tell apart.
pub(crate) fn sources(client: &Interface) -> Vec<IpAddr> {
    let mut all = client.addresses.clone();
    for prefix in &client.prefixes {
        let text = prefix.address().to_string();
        let (base, _) = text.rsplit_once('.').expect("an IPv4 address");
        for last in [1, 9] {
            all.push(format!("{base}.{last}").parse().expect("an address"));
        }
    }
    all
}

/// Where a client of an endpoint has to get through to: the endpoint; of a
/// cluster's discovery endpoint every address in its network, with the ports
/// of nodes. Of the node ports some that rules of the random estates tell
/// apart.
///
/// Source: Memorystore for Redis Cluster, "Networking"; Memorystore for
/// Valkey, "Connect to an instance".
fn needed(cache: &Cache, endpoint: &Endpoint) -> Vec<(IpAddr, u16)> {
    let host = endpoint.host.as_ref().expect("a host");
    let host: IpAddr = host.parse().expect("an address");
    if endpoint.role != EndpointRole::Discovery {
        return vec![(host, endpoint.port)];
    }
    let gcp = cache.gcp.as_ref().expect("a cache of Google Cloud");
    let connections = gcp.connections.value().expect("read").iter();
    let own = connections.filter(|it| Some(&it.network) == endpoint.network.as_ref());
    let mut all = vec![];
    for address in own.map(|it| it.address.expect("an address")) {
        for port in [6379, 11_000, 12_000, 12_001, 13_047] {
            all.push((address, port));
        }
    }
    all
}
