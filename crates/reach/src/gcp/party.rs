//! Who sends a packet on Google Cloud, and whom its rules name.

use std::net::IpAddr;

use cachewarden_model::{
    Fact, Gap, GapReason, Interface, InterfaceKind, Peer, Provider, Region, ResourceId, Rule,
    Subnet,
};
use cachewarden_netset::Protocol;

use crate::client::{Client, Place};
use crate::estate::Estate;
use crate::peer::Tri;

/// Something that decides and is not known.
pub(crate) fn gap(what: impl ToString, why: GapReason, message: impl Into<String>) -> Box<Gap> {
    Box::new(Gap {
        provider: Provider::Gcp,
        account: None,
        region: None,
        what: what.to_string(),
        why,
        message: message.into(),
        hides: vec![],
    })
}

/// A machine, or an address at which one may be, that sends into a network of
/// the snapshot.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    pub(crate) address: IpAddr,
    pub(crate) network: &'a ResourceId,
    pub(crate) region: &'a Region,
    /// None where no known subnet holds it, as with a connector's own range.
    pub(crate) subnet: Option<&'a Subnet>,
    /// None where no known machine has the address.
    pub(crate) interface: Option<&'a Interface>,
}

/// Where the packets of a client come from.
pub(crate) enum Origin<'a> {
    /// A machine in a network.
    Machine(Sender<'a>),
    /// Somewhere behind a VPN or a private line; the network by which it
    /// comes in, where that was said.
    Elsewhere(Option<&'a ResourceId>),
    Internet,
}

impl<'a> Origin<'a> {
    /// Where the packets of a client come from at one of its addresses.
    pub(crate) fn of(client: &Client<'a>, address: IpAddr) -> Self {
        match client.place {
            Place::Internet => Self::Internet,
            Place::OnPremises => Self::Elsewhere(None),
            Place::Network { network, subnet } => {
                let region = client.interface.map(|it| &it.region);
                match region.or(subnet.map(|it| &it.region)) {
                    Some(region) => Self::Machine(Sender {
                        address,
                        network,
                        region,
                        subnet,
                        interface: client.interface,
                    }),
                    None => Self::Elsewhere(Some(network)),
                }
            }
        }
    }
}

impl Sender<'_> {
    /// Whether it carries a network tag.
    pub(crate) fn has_tag(&self, tag: &str) -> Tri {
        let Some(interface) = self.interface else {
            return Tri::Unknown(gap(
                format!("tags of {}", self.address),
                GapReason::NotCollected,
                "no known machine has this address, so that its network tags are not known",
            ));
        };
        if interface.network_tags.iter().any(|own| own == tag) {
            return Tri::Yes;
        }
        let unread = interface
            .gcp
            .as_ref()
            .and_then(|it| it.tags_unread.as_ref());
        unread.map_or(Tri::No, |gap| Tri::Unknown(gap.clone()))
    }

    /// Whether it runs as a service account. Of connectors and Cloud Run no
    /// manual says that rules on the way out name their identity, nor that
    /// they do not.
    ///
    /// Source: Cloud Run, "Direct VPC egress with a VPC network": network tags
    /// are what rules on the way out name.
    fn runs_as(&self, account: &str) -> Tri {
        let Some(interface) = self.interface else {
            return Tri::Unknown(gap(
                format!("identity of {}", self.address),
                GapReason::NotCollected,
                "no known machine has this address, so that its service account is not known",
            ));
        };
        let own = interface.service_account.as_deref();
        let is_it = own.is_some_and(|own| own == email(account));
        match interface.kind {
            InterfaceKind::Function | InterfaceKind::Connector if is_it || own.is_none() => {
                Tri::Unknown(gap(
                    format!("identity of {}", interface.name),
                    GapReason::NotOffered,
                    "whether rules for service accounts judge what is no machine is not told",
                ))
            }
            _ => Tri::from(is_it),
        }
    }

    /// Whether a rule's target names it.
    ///
    /// Source: Cloud Next Generation Firewall, "Firewall policy rules",
    /// targets; Cloud Run, "Direct VPC egress with a VPC network": Resource
    /// Manager tags do not match it.
    fn is_target(&self, peer: &Peer) -> Tri {
        match peer {
            Peer::Tag(tag) => self.has_tag(tag),
            Peer::ServiceAccount(account) => self.runs_as(account),
            Peer::Other(text) if text.starts_with(SECURE_TAG) => {
                let run = self
                    .interface
                    .is_some_and(|it| it.kind == InterfaceKind::Function);
                match run {
                    true => Tri::No,
                    false => Tri::Unknown(gap(
                        text,
                        GapReason::NotOffered,
                        "which machines carry a secure tag is not read",
                    )),
                }
            }
            other => unmodelled(&crate::rules::peer(other)),
        }
    }
}

/// How a rule's peer begins that names a Resource Manager tag.
pub(crate) const SECURE_TAG: &str = "secure tag ";

/// The address of a service account, which may be written as a path.
fn email(account: &str) -> &str {
    account.rsplit('/').next().unwrap_or(account)
}

fn unmodelled(what: &str) -> Tri {
    Tri::Unknown(gap(
        what,
        GapReason::Unmodelled,
        "this version cannot tell whom a rule with this peer names",
    ))
}

/// Whether a peer holds an address.
pub(crate) fn holds(estate: &Estate<'_>, peer: &Peer, address: IpAddr) -> Tri {
    match peer {
        Peer::Cidr(cidr) => Tri::from(cidr.contains(address)),
        Peer::Range(first, last) => {
            Tri::from(first.is_ipv4() == address.is_ipv4() && *first <= address && address <= *last)
        }
        Peer::PrefixList(id) => match estate.list(id).map(|it| &it.entries) {
            Some(Fact::Known(entries) | Fact::Default(entries)) => {
                Tri::from(entries.iter().any(|cidr| cidr.contains(address)))
            }
            Some(Fact::Unknown(gap)) => Tri::Unknown(gap.clone()),
            None => Tri::Unknown(gap(
                id,
                GapReason::NotCollected,
                "the addresses of this group were not read",
            )),
        },
        Peer::Group { .. } => Tri::No,
        Peer::Other(text) => Tri::Unknown(gap(
            text,
            GapReason::NotOffered,
            "which addresses this stands for is not told",
        )),
        Peer::ServiceTag(text) | Peer::Tag(text) | Peer::ServiceAccount(text) => unmodelled(text),
    }
}

/// One of several is enough; none of none.
pub(crate) fn any<T>(all: &[T], test: impl Fn(&T) -> Tri) -> Tri {
    let mut doubt = None;
    for one in all {
        match test(one) {
            Tri::Yes => return Tri::Yes,
            Tri::No => {}
            Tri::Unknown(gap) => {
                doubt.get_or_insert(gap);
            }
        }
    }
    doubt.map_or(Tri::No, Tri::Unknown)
}

/// A packet of the first leg, as firewall rules on the way out see it.
#[derive(Clone, Copy)]
pub(crate) struct Packet<'p, 'a> {
    pub(crate) sender: &'p Sender<'a>,
    pub(crate) to: IpAddr,
    pub(crate) port: u16,
}

impl Packet<'_, '_> {
    /// Each of the things by which a rule can miss it, and whether it does.
    pub(crate) fn parts(&self, estate: &Estate<'_>, rule: &Rule) -> [(&'static str, Tri); 6] {
        let gcp = rule.gcp.as_deref();
        let networks = gcp.map_or(&[][..], |it| &it.networks);
        let near = gcp.map_or(&[][..], |it| &it.near);
        let whole = |list: bool, tri: Tri| if list { Tri::Yes } else { tri };
        [
            ("network", {
                let own = networks.contains(self.sender.network);
                Tri::from(networks.is_empty() || own)
            }),
            ("protocol", Tri::from(rule.protocol.covers(Protocol::TCP))),
            (
                "port",
                Tri::from(
                    rule.protocol == Protocol::Any
                        || rule.ports.is_empty()
                        || rule.ports.iter().any(|it| it.contains(self.port)),
                ),
            ),
            (
                "peer",
                whole(false, any(&rule.peers, |peer| holds(estate, peer, self.to))),
            ),
            (
                "target",
                whole(
                    rule.local.is_empty(),
                    any(&rule.local, |peer| self.sender.is_target(peer)),
                ),
            ),
            (
                "source",
                whole(
                    near.is_empty(),
                    any(near, |peer| holds(estate, peer, self.sender.address)),
                ),
            ),
        ]
    }

    /// Whether a rule judges it. All parts must match.
    pub(crate) fn matches(&self, estate: &Estate<'_>, rule: &Rule) -> Tri {
        if is_off(rule) {
            return Tri::No;
        }
        let mut doubt = None;
        for (_, part) in self.parts(estate, rule) {
            match part {
                Tri::Yes => {}
                Tri::No => return Tri::No,
                Tri::Unknown(gap) => {
                    doubt.get_or_insert(gap);
                }
            }
        }
        doubt.map_or(Tri::Yes, Tri::Unknown)
    }
}

/// Whether a rule is as if it were absent.
pub(crate) fn is_off(rule: &Rule) -> bool {
    rule.gcp.as_ref().is_some_and(|it| it.off.is_some())
}
