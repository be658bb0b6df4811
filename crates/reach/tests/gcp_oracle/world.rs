//! What the manuals leave open, and what becomes of a connection in every
//! case of it.

use std::cell::Cell;
use std::net::IpAddr;

use cachewarden_model::{Cache, Endpoint, EndpointRole, Interface, Outcome, Snapshot};

use crate::packet::Packet;

/// A question that no manual answers, or that only the cloud could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether what only the cloud resolves (a name, a region, a secure tag)
    /// holds here; one question per digit at its end.
    Resolves(u32),
    /// Whether the cloud gave a connector a tag; one question per digit.
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
}

impl Question {
    fn bit(self) -> u32 {
        let place = match self {
            Self::Resolves(number) => number % 4,
            Self::ConnectorTag(number) => 4 + number % 3,
            Self::Inspection => 7,
            Self::OtherRegion => 8,
            Self::Overlap => 9,
            Self::PassesOverDead => 10,
            Self::Tie => 11,
            Self::PolicyTie => 12,
            Self::PolicyDown => 13,
            Self::Middlebox => 14,
            Self::Learned => 15,
            Self::Hub => 16,
            Self::PublicSource => 17,
        };
        1 << place
    }
}

/// Answers to all questions, and which of them were asked.
#[derive(Debug, Default)]
pub(crate) struct World {
    answers: u32,
    asked: Cell<u32>,
}

impl World {
    /// The answer.
    pub(crate) fn holds(&self, question: Question) -> bool {
        let bit = question.bit();
        self.asked.set(self.asked.get() | bit);
        self.answers & bit != 0
    }
}

/// What becomes of a connection.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// Once for each world that differs: whether every packet arrives, or
    /// some, or none.
    pub(crate) outcomes: Vec<Outcome>,
    /// Every question that was asked in one of them, as bits.
    pub(crate) asked: u32,
}

impl Truth {
    /// Whether nothing was left open.
    pub(crate) fn is_settled(&self) -> bool {
        self.asked == 0
    }

    /// Whether it comes to this in every world.
    pub(crate) fn is(&self, outcome: Outcome) -> bool {
        self.outcomes.iter().all(|it| *it == outcome)
    }
}

/// What becomes of a client's connection to an endpoint, in every world.
pub(crate) fn truth(
    snapshot: &Snapshot,
    client: &Interface,
    cache: &Cache,
    endpoint: &Endpoint,
) -> Truth {
    let mut truth = Truth::default();
    // Answers that are settled, and what they are: a world is done when it
    // asked nothing else.
    let mut open = vec![(0_u32, 0_u32)];
    while let Some((settled, answers)) = open.pop() {
        let world = World {
            answers,
            asked: Cell::new(0),
        };
        let outcome = in_world(snapshot, client, cache, endpoint, &world);
        let new = world.asked.get() & !settled;
        truth.asked |= new;
        if new == 0 {
            truth.outcomes.push(outcome);
        } else {
            let next = new & new.wrapping_neg();
            open.push((settled | next, answers));
            open.push((settled | next, answers | next));
        }
    }
    truth
}

fn in_world(
    snapshot: &Snapshot,
    client: &Interface,
    cache: &Cache,
    endpoint: &Endpoint,
    world: &World,
) -> Outcome {
    let mut found = [false; 2];
    for (address, port) in needed(cache, endpoint) {
        for source in sources(client) {
            let packet = Packet {
                snapshot,
                client,
                source,
                cache,
                address,
                port,
                network: endpoint.network.as_ref(),
                world,
            };
            match packet.arrives() {
                true => found[1] = true,
                false => found[0] = true,
            }
        }
    }
    match found {
        [false, true] => Outcome::Open,
        [true, true] => Outcome::Partial,
        [_, false] => Outcome::Blocked,
    }
}

/// Every address that a client sends from, of ranges some that rules of the
/// random estates tell apart.
fn sources(client: &Interface) -> Vec<IpAddr> {
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
