//! All packets of one client to one endpoint that anything could tell apart:
//! every address and port at which some rule, route or list begins or ends.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use cachewarden_model::{
    Cache, Endpoint, Fact, Interface, IpFamilies, Node, Outcome, Platform, ResourceId, Snapshot,
};
use cachewarden_netset::PortRange;

use crate::breaks::Breaks;
use crate::packet::{Packet, decide};
use crate::ruling::{Ruling, Verdict};

/// One packet and what becomes of it.
#[derive(Debug)]
struct Judged {
    source: IpAddr,
    source_port: u16,
    node: IpAddr,
    ruling: Ruling,
}

impl Judged {
    fn verdict(&self) -> Verdict {
        self.ruling.verdict()
    }
}

/// What the oracle says of all packets of one connection.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    rulings: Vec<Judged>,
    in_question: InQuestion,
}

/// Which packets the connection may consist of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum InQuestion {
    /// Those of the sample.
    #[default]
    These,
    /// Those of the sample, but where a node is was gathered from where the
    /// cache is.
    TheseAtLeast,
    /// Some of the sample: which family the cache speaks is not known.
    SomeOfThese,
    /// Others besides: where a node is, is not known at all.
    TheseAndOthers,
}

/// The source ports that a client may use; the widest range where it is not
/// known what it runs.
///
/// Source: Amazon VPC User Guide, "Ephemeral ports".
pub(crate) fn client_ports(client: &Interface) -> PortRange {
    match client
        .attached_to
        .as_ref()
        .and_then(|it| it.platform.value())
    {
        Some(Platform::Linux) => PortRange::EPHEMERAL_LINUX,
        Some(Platform::Windows) => PortRange::EPHEMERAL_WINDOWS,
        Some(Platform::Managed) | None => PortRange::EPHEMERAL,
    }
}

impl Sample {
    /// Judges every packet.
    pub(crate) fn of(
        snapshot: &Snapshot,
        breaks: &Breaks,
        client: &Interface,
        cache: &Cache,
        endpoint: &Endpoint,
    ) -> Self {
        let mut sample = Self {
            in_question: if cache.families.is_unknown() {
                InQuestion::SomeOfThese
            } else {
                InQuestion::These
            },
            ..Self::default()
        };
        let ports = breaks.ports_of(client_ports(client));
        for (subnet, node) in sample.nodes(snapshot, breaks, cache, endpoint) {
            for source in client.addresses.iter().copied() {
                if source.is_ipv4() != node.is_ipv4() {
                    continue;
                }
                for source_port in ports.iter().copied() {
                    let packet = Packet {
                        client,
                        source,
                        source_port,
                        cache,
                        subnet,
                        node,
                        port: endpoint.port,
                    };
                    sample.rulings.push(Judged {
                        source,
                        source_port,
                        node,
                        ruling: decide(snapshot, &packet),
                    });
                }
            }
        }
        sample
    }

    /// Where each of the endpoint's nodes may be.
    fn nodes<'a>(
        &mut self,
        snapshot: &'a Snapshot,
        breaks: &Breaks,
        cache: &'a Cache,
        endpoint: &Endpoint,
    ) -> Vec<(&'a ResourceId, IpAddr)> {
        let speaks = |address: &IpAddr| match cache.families.value() {
            Some(IpFamilies::Ipv4) => address.is_ipv4(),
            Some(IpFamilies::Ipv6) => address.is_ipv6(),
            Some(IpFamilies::DualStack) | None => true,
        };
        let mut places = vec![];
        for node in cache
            .nodes
            .iter()
            .filter(|it| endpoint.nodes.contains(&it.id))
        {
            let Some(ids) = candidates(node, cache) else {
                self.in_question = InQuestion::TheseAndOthers;
                continue;
            };
            if node.subnets.is_unknown() && self.in_question == InQuestion::These {
                self.in_question = InQuestion::TheseAtLeast;
            }
            for id in ids {
                let Some(subnet) = snapshot.subnets.iter().find(|it| it.id == *id) else {
                    self.in_question = InQuestion::TheseAndOthers;
                    continue;
                };
                let possible: BTreeSet<IpAddr> = match node.addresses.value() {
                    Some(known) => {
                        let inside = |it: &&IpAddr| subnet.cidrs.iter().any(|c| c.contains(**it));
                        known.iter().filter(inside).copied().collect()
                    }
                    None => {
                        let blocks = subnet.cidrs.iter();
                        blocks
                            .flat_map(|block| breaks.addresses_of(block))
                            .collect()
                    }
                };
                places.extend(
                    possible
                        .into_iter()
                        .filter(speaks)
                        .map(|address| (id, address)),
                );
            }
        }
        places
    }

    /// What the connection may be said to come to: one outcome if every packet
    /// in question is there.
    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        let any = |wanted| self.rulings.iter().any(|it| it.verdict() == wanted);
        let (allowed, dropped) = (any(Verdict::Allowed), any(Verdict::Dropped));
        let of_these = match (allowed, dropped, any(Verdict::Unknown)) {
            (true, true, _) => Outcome::Partial,
            (_, _, true) => Outcome::Unknown,
            (true, false, false) => Outcome::Open,
            // Without a family in common there is no packet to send.
            (false, _, false) => Outcome::Blocked,
        };
        let doubts = self.rulings.iter().any(|it| it.ruling.has_doubts());
        match (self.in_question, of_these) {
            // Who does not see that the doubts are beside the point may say so.
            (InQuestion::These, _) if doubts => vec![of_these, Outcome::Unknown],
            (InQuestion::These, _) => vec![of_these],
            // Fewer packets may be stopped all the same.
            (InQuestion::SomeOfThese, Outcome::Open | Outcome::Partial) => vec![Outcome::Unknown],
            // Others may get through, and others may not.
            (InQuestion::TheseAndOthers, Outcome::Open) => vec![Outcome::Unknown],
            _ => vec![of_these, Outcome::Unknown],
        }
    }

    /// Judged source ports, and whether they get through wherever any does.
    pub(crate) fn ports(&self) -> impl Iterator<Item = (u16, bool)> {
        let mut pairs: BTreeMap<(IpAddr, IpAddr), BTreeSet<u16>> = BTreeMap::new();
        let allowed = self
            .rulings
            .iter()
            .filter(|it| it.verdict() == Verdict::Allowed);
        for it in allowed {
            let open = pairs.entry((it.source, it.node)).or_default();
            open.insert(it.source_port);
        }
        let ports: BTreeSet<u16> = self.rulings.iter().map(|it| it.source_port).collect();
        ports.into_iter().map(move |port| {
            let everywhere = pairs.values().all(|open| open.contains(&port));
            (port, everywhere && !pairs.is_empty())
        })
    }

    /// What becomes of each packet, and whether somebody might not see it for
    /// want of something; in an order that depends on what is in question
    /// alone.
    pub(crate) fn verdicts(&self) -> impl Iterator<Item = (Verdict, bool)> {
        self.rulings
            .iter()
            .map(|it| (it.verdict(), it.ruling.has_doubts()))
    }

    /// Whether there is a packet that is surely in question.
    pub(crate) fn has_packets(&self) -> bool {
        self.in_question == InQuestion::These && !self.rulings.is_empty()
    }
}

/// What becomes of which packets, those alike together.
impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut alike: BTreeMap<(IpAddr, IpAddr, String), Vec<u16>> = BTreeMap::new();
        for it in &self.rulings {
            let key = (it.source, it.node, it.ruling.to_string());
            alike.entry(key).or_default().push(it.source_port);
        }
        for ((source, node, why), ports) in alike {
            writeln!(f, "  {source} {ports:?} -> {node}: {why}")?;
        }
        Ok(())
    }
}

/// The subnets that a node may be in.
fn candidates<'a>(node: &'a Node, cache: &'a Cache) -> Option<&'a [ResourceId]> {
    let own: &Fact<Vec<ResourceId>> = &node.subnets;
    own.value()
        .or_else(|| cache.subnets.value())
        .map(Vec::as_slice)
}

/// What becomes of one flow, wherever its node may be; none if no node has
/// the address.
pub(crate) fn judge_flow(
    snapshot: &Snapshot,
    client: &Interface,
    cache: &Cache,
    flow: &cachewarden_netset::Flow,
) -> Option<Ruling> {
    let nodes = cache
        .nodes
        .iter()
        .filter_map(|node| candidates(node, cache));
    let subnet = nodes.flatten().find_map(|id| {
        let subnet = snapshot.subnets.iter().find(|it| it.id == *id)?;
        let inside = subnet
            .cidrs
            .iter()
            .any(|block| block.contains(flow.destination));
        inside.then_some(&subnet.id)
    })?;
    Some(decide(
        snapshot,
        &Packet {
            client,
            source: flow.source,
            source_port: flow.source_port,
            cache,
            subnet,
            node: flow.destination,
            port: flow.port,
        },
    ))
}
