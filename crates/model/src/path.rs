//! What lies between the intended clients of a cache and the cache.

use serde::{Deserialize, Serialize};

use crate::id::{Provider, ResourceId};

/// What the paths of intended clients to one cache have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PathFacts {
    /// Intended client interfaces.
    pub clients: u64,
    /// What remembers the connections of these clients on the way, sorted;
    /// of those that nothing tells apart, one. Empty if nothing does, or
    /// nobody is meant to connect.
    pub trackers: Vec<Tracker>,
}

/// Something that remembers each connection, and forgets one that is quiet
/// for too long: the next packet is then dropped without a word.
///
/// After how many seconds is a matter of the cloud's manual, unless its owner
/// set them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tracker {
    /// What it is.
    pub kind: TrackerKind,
    /// Whether it is on the way for sure; false where what was not read may
    /// hold one.
    pub certain: bool,
    /// Its cloud.
    pub provider: Provider,
    /// Seconds of quiet after which it forgets, where its owner set them.
    pub stated_seconds: Option<u32>,
    /// The type of the machine behind an interface; none if it has no
    /// machine, or its type is not known.
    pub machine_type: Option<String>,
    /// The cloud's id; where it is not certain, that of what was not read.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
}

/// What remembers connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrackerKind {
    /// The stateful filters of a client's interface.
    Interface,
    /// A load balancer.
    LoadBalancer,
    /// A gateway that translates source addresses.
    NatGateway,
    /// A private endpoint of a service.
    PrivateEndpoint,
}

impl TrackerKind {
    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Interface => "connection tracking of",
            Self::LoadBalancer => "load balancer",
            Self::NatGateway => "NAT gateway",
            Self::PrivateEndpoint => "the private endpoint of",
        }
    }
}
